"""Loads a sherpa-onnx model in a process of its own: the library ends its process on a model it cannot use."""

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 120.0


def loads(folder: Path) -> bool:
    """True when the model can be loaded without ending this process. Blocks as long as loading takes."""
    command = [sys.executable, "-m", "agent.speech.sherpa_probe", str(folder.resolve())]
    try:
        tried = subprocess.run(command, cwd=_ROOT, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return tried.returncode == 0


if __name__ == "__main__":
    from agent.speech.sherpa_adapter import engine_of, inspect

    model = inspect(Path(sys.argv[1]))
    sys.exit(1 if model is None or engine_of(model, 1) is None else 0)
