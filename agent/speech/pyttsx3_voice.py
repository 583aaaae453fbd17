"""The voice that is always there: pyttsx3 over espeak-ng, one child process a sentence."""

import subprocess
import sys
import tempfile
from pathlib import Path

import soundfile

from agent.speech.loudness import for_telephone
from agent.speech.ports import VoiceFailed
from agent.speech.spoken import spoken

_CHILD = Path(__file__).with_name("pyttsx3_child.py")
_MANDARIN = "sit/cmn-latn-pinyin"  # `sit/cmn` spells letters and digits on espeak-ng 1.51
_WORDS_PER_MINUTE = 150
_FAILURES = {3: "voice_not_installed", 4: "no_engine"}


class Pyttsx3Voice:
    """Robotic but understood. `speed` 1.0 is the usual pace; 0.85 suits old ears."""

    def __init__(self, speed: float = 1.0, timeout_seconds: float = 30.0) -> None:
        self.id = f"pyttsx3:{_MANDARIN}:{speed:g}"
        self._rate = round(_WORDS_PER_MINUTE * speed)
        self._timeout_seconds = timeout_seconds

    def render(self, text: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="suifang-voice-") as folder:
            path = Path(folder) / "sentence.wav"
            self._speak(spoken(text), path)
            try:
                sound, rate_hz = soundfile.read(path, dtype="float32")
            except (soundfile.LibsndfileError, OSError) as problem:
                raise VoiceFailed("no_sound") from problem
        return for_telephone(sound if sound.ndim == 1 else sound[:, 0], rate_hz)

    def _speak(self, text: str, path: Path) -> None:
        command = [sys.executable, "-P", str(_CHILD), str(path), _MANDARIN, str(self._rate)]
        try:
            done = subprocess.run(
                command, input=text.encode(), capture_output=True, timeout=self._timeout_seconds, check=False
            )
        except subprocess.TimeoutExpired:
            raise VoiceFailed("too_late") from None  # the cause would quote the sentence
        except OSError as problem:
            raise VoiceFailed("no_process") from problem
        if done.returncode:
            raise VoiceFailed(_FAILURES.get(done.returncode, "engine_failed"))
