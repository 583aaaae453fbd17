"""Run as a process of its own: speaks one sentence (standard input) into a WAV file (argument 1).

pyttsx3 keeps one engine a process and loses files when used twice, so each sentence gets its own process. Arguments:
file, voice id, words a minute. Exit codes: 0 done, 3 the voice is not installed, 4 no engine.
"""

import sys
import time
import wave
from pathlib import Path

import pyttsx3

_FILE_SECONDS = 10.0


def _frames(path: Path) -> int:
    try:
        with wave.open(str(path)) as file:
            return int(file.getnframes())
    except (OSError, EOFError, wave.Error):
        return 0


def main(path: Path, voice: str, words_per_minute: int) -> int:
    try:
        engine = pyttsx3.init("espeak")
    except (RuntimeError, OSError, ImportError, KeyError):
        return 4
    if voice not in {installed.id for installed in engine.getProperty("voices")}:
        return 3
    engine.setProperty("voice", voice)
    engine.setProperty("rate", words_per_minute)
    finished: list[bool] = []
    engine.connect("finished-utterance", lambda name, completed: finished.append(completed))
    engine.save_to_file(sys.stdin.read(), str(path))
    engine.runAndWait()
    until = time.monotonic() + _FILE_SECONDS
    while time.monotonic() < until and not (finished and _frames(path)):
        time.sleep(0.02)
    return 0 if _frames(path) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
