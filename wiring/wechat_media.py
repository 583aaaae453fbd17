"""Voice messages and photos of WeChat, kept below the data folder: sound as WAV, so that a nurse's browser plays it."""

import asyncio
import hashlib
import io
import wave
from pathlib import Path

from agent.speech.ports import PCM_RATE_HZ
from agent.speech.voice_note import NoSound, decode
from agent.wechat.parts import KeepMedia, MediaGone, MediaLater
from telephony.wechat.api import WechatApi
from telephony.wechat.failures import WechatDown, WechatRefused

FOLDER = "media/wechat"
_PICTURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG": ".png", b"GIF8": ".gif"}


def keeper(api: WechatApi, data: Path) -> KeepMedia:
    async def keep(media_id: str, name: str) -> str:
        """The same name gives the same file."""
        try:
            media = await api.media(media_id)
        except WechatDown:
            raise MediaLater from None
        except WechatRefused as refusal:
            if refusal.as_send_failed().retryable:
                raise MediaLater from None
            raise MediaGone from None
        return await asyncio.to_thread(_keep, data, name, media.content)

    return keep


def _keep(data: Path, name: str, content: bytes) -> str:
    """The path below `data`; readable by the server's user only. Raises MediaGone."""
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = hashlib.sha256(name.encode()).hexdigest()[:32]
    ending = next((ending for head, ending in _PICTURES.items() if content.startswith(head)), ".amr")
    file = folder / f"{stem}{ending}"
    file.touch(mode=0o600)
    file.write_bytes(content)
    if ending == ".amr":
        file = _as_wav(file)
    return str(file.relative_to(data))


def _as_wav(file: Path) -> Path:
    try:
        pcm = decode(file)
    except NoSound:
        raise MediaGone from None
    finally:
        file.unlink()
    sound = io.BytesIO()
    with wave.open(sound, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(PCM_RATE_HZ)
        out.writeframes(pcm)
    made = file.with_suffix(".wav")
    made.touch(mode=0o600)
    made.write_bytes(sound.getvalue())
    return made
