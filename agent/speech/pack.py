"""Rendered sentences as compressed files that travel with the code: Ogg/Opus at 8 kHz, with an index in JSON."""

import hashlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import soundfile

from agent.speech.ulaw import ULAW_RATE_HZ, ULAW_SILENCE, decode, encode

INDEX = "index.json"
SOUND = "prompts.opus"  # Ogg streams one after the other: a chained file that players play through

_COMPRESSION = 0.94  # about 25 kbit/s, noise 20 dB below the speech: a telephone adds as much

Line = tuple[str, str]  # voice, text
Render = Callable[[str, str], bytes]  # voice, text -> mu-law
Progress = Callable[[int, int], None]  # done, total


def line_key(voice: str, text: str) -> str:
    """SHA-256, the name of a sentence in caches and packs."""
    return hashlib.sha256(f"{voice}\n{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one sentence's sound lies, and its true length: Opus pads."""

    key: str
    voice: str
    text: str
    offset: int
    size: int
    samples: int


def _compress(ulaw: bytes) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, decode(ulaw), ULAW_RATE_HZ, format="OGG", subtype="OPUS", compression_level=_COMPRESSION)
    return file.getvalue()


def _expand(compressed: bytes, samples: int) -> bytes:
    sound, _ = soundfile.read(io.BytesIO(compressed), dtype="int16")
    return encode(sound[:samples]).ljust(samples, bytes([ULAW_SILENCE]))


class Pack:
    """Reads a pack; an absent or unreadable one is empty, since everything in it can be rendered anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.entries: dict[str, Entry] = {}
        try:
            rows = json.loads((folder / INDEX).read_text(encoding="utf-8"))["entries"]
            self.entries = {row["key"]: Entry(**row) for row in rows}
        except (OSError, ValueError, KeyError, TypeError):
            return

    def compressed(self, key: str) -> bytes | None:
        entry = self.entries.get(key)
        if entry is None:
            return None
        try:
            with (self._folder / SOUND).open("rb") as file:
                file.seek(entry.offset)
                found = file.read(entry.size)
        except OSError:
            return None
        return found if len(found) == entry.size else None

    def ulaw(self, key: str) -> bytes | None:
        """The sentence, or None when it is not in the pack or cannot be read."""
        compressed = self.compressed(key)
        try:
            return None if compressed is None else _expand(compressed, self.entries[key].samples)
        except soundfile.LibsndfileError:
            return None


def write_pack(
    lines: Iterable[Line], folder: Path, render: Render, progress: Progress = lambda done, total: None
) -> int:
    """Makes the pack hold exactly these lines; renders only those that it lacks and returns how many."""
    wanted = list(dict.fromkeys(lines))
    old = Pack(folder)
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[Entry] = []
    sound = bytearray()
    rendered = 0
    for done, (voice, text) in enumerate(wanted, 1):
        key = line_key(voice, text)
        compressed, samples = old.compressed(key), old.entries[key].samples if key in old.entries else 0
        if compressed is None:
            ulaw = render(voice, text)
            compressed, samples, rendered = _compress(ulaw), len(ulaw), rendered + 1
        entries.append(Entry(key, voice, text, len(sound), len(compressed), samples))
        sound += compressed
        progress(done, len(wanted))
    (folder / SOUND).write_bytes(sound)
    rows = ",\n".join(json.dumps(asdict(entry), ensure_ascii=False) for entry in entries)
    (folder / INDEX).write_text(f'{{"entries": [\n{rows}\n]}}\n', encoding="utf-8")
    return rendered


def read_pack(folder: Path) -> dict[Line, bytes]:
    """{(voice, text): mu-law} of every line that can be read."""
    pack = Pack(folder)
    found = {(entry.voice, entry.text): pack.ulaw(key) for key, entry in pack.entries.items()}
    return {line: ulaw for line, ulaw in found.items() if ulaw is not None}
