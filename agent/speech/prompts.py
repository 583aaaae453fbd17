"""The robot's sentences as sound: rendered once, kept on disk by voice and text, ready before the call needs them."""

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from agent.speech.low_priority import step_back
from agent.speech.pack import Pack, line_key
from agent.speech.ports import Voice, VoiceFailed

log = logging.getLogger("suifang.prompts")

SEED_PACK = Path(__file__).with_name("pack")


class PackedVoice:
    """Stands in for a voice whose model is not installed: it says what the seed pack holds, nothing else."""

    def __init__(self, voice_id: str) -> None:
        self.id = voice_id

    def render(self, text: str) -> bytes:
        raise VoiceFailed("not_in_pack")


class PromptCache:
    """mu-law files below `folder`, filled from the seed pack, then by `voice`, then by `fallback`.

    One rendering at a time; two callers of one text share it. What a call needs now is rendered at the process's own
    priority, what is rendered ahead yields to calls in progress.
    """

    def __init__(self, folder: Path, voice: Voice, fallback: Voice | None = None, pack: Path = SEED_PACK) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.voice = voice
        self._voices = [voice, *([fallback] if fallback else [])]
        self._folder = folder
        self._pack = Pack(pack)
        self._now = ThreadPoolExecutor(1, thread_name_prefix="voice")
        self._in_advance = ThreadPoolExecutor(1, thread_name_prefix="voice ahead", initializer=step_back)
        self._rendering = threading.Lock()
        self._under_way: dict[str, asyncio.Future[bytes]] = {}
        self._ahead = asyncio.Lock()
        self._closed = False

    def stored(self, text: str) -> bytes | None:
        """The sentence in the first voice, if it was rendered before. Reads the disk."""
        return self._stored(self.voice.id, text)

    def has(self, text: str) -> bool:
        """The sentence can be played at once in the first voice."""
        key = line_key(self.voice.id, text)
        return self._path(key).is_file() or key in self._pack.entries

    async def ulaw(self, text: str) -> bytes:
        """The sentence as 8 kHz mu-law; raises VoiceFailed when no voice can say it."""
        return await self._ulaw(text, self._now)

    async def _ulaw(self, text: str, renderer: ThreadPoolExecutor) -> bytes:
        ready = await asyncio.to_thread(self._stored, self.voice.id, text)
        if ready is not None:
            return ready
        rendering = self._under_way.get(text)
        if rendering is None and self._closed:
            raise VoiceFailed("closed")
        if rendering is None:
            loop = asyncio.get_running_loop()
            rendering = loop.run_in_executor(renderer, self._render, text)
            self._under_way[text] = rendering
            rendering.add_done_callback(lambda _: self._under_way.pop(text, None))
        return await asyncio.shield(rendering)  # one caller's hang-up does not take the sound from another

    async def render_all(
        self, texts: Iterable[str], progress: Callable[[int, int], None] = lambda done, total: None
    ) -> list[str]:
        """Makes every sentence ready; tells (done, total) after each. Returns the sentences that no voice could say."""
        wanted = list(dict.fromkeys(texts))
        failed = []
        for done, text in enumerate(wanted, 1):
            try:
                async with self._ahead:  # a call that needs a sentence now waits for one rendering ahead, not for all
                    if not self.has(text):
                        await self._ulaw(text, self._in_advance)
            except VoiceFailed:
                failed.append(text)
            progress(done, len(wanted))
        return failed

    async def close(self) -> None:
        """What is being rendered is finished, nothing more is begun."""
        self._closed = True
        for renderer in (self._now, self._in_advance):
            await asyncio.to_thread(renderer.shutdown, wait=True, cancel_futures=True)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.ulaw"

    def _stored(self, voice_id: str, text: str) -> bytes | None:
        key = line_key(voice_id, text)
        try:
            return self._path(key).read_bytes()
        except OSError:
            return self._pack.ulaw(key)

    def _render(self, text: str) -> bytes:
        failure = VoiceFailed("no_voice")
        for voice in self._voices:
            stored = self._stored(voice.id, text)
            if stored is not None:
                return stored
            try:
                with self._rendering:
                    ulaw = voice.render(text)
            except VoiceFailed as problem:
                failure = problem
                continue
            self._store(line_key(voice.id, text), ulaw)
            return ulaw
        raise failure

    def _store(self, key: str, ulaw: bytes) -> None:
        """What a full disk does not keep is said all the same, and rendered again the next time."""
        path = self._path(key)
        temporary = path.with_suffix(f".{os.getpid()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(ulaw)
            temporary.replace(path)
        except OSError as problem:
            log.error("prompt not kept: key=%s errno=%s", key[:8], problem.errno)
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
