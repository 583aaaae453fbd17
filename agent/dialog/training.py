"""Trains the dialogue model when its sources changed; models are kept by a hash of everything that matters."""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from agent.content_yaml import read_source
from agent.dialog.faq import load_faq
from agent.dialog.spelling import normalise

ROOT = Path(__file__).resolve().parents[2]
DIALOGS = ROOT / "dialogs"
NLU_DATA = ROOT / "nlu_data"
RASA_PYTHON = DIALOGS / ".venv" / "bin" / "python"
MODELS = DIALOGS / "models"
MODELS_KEPT = 3

Progress = Callable[[str], None]


class TrainingFailed(Exception):
    """No model came out; the text says what to look at."""


def rasa_environment() -> dict[str, str]:
    """The variables the Rasa interpreter runs with: no telemetry, quiet, bytecode kept (a third of the start time)."""
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH")}
    return env | {
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",  # models are cached whole, by their words
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": "1",
    }


def intent_examples(folder: Path) -> dict[str, list[str]]:
    """Training sentences by intent, as written. Raises ContentError."""
    examples: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        for item in read_source(path).data["nlu"]:
            lines = str(item["examples"]).splitlines()
            examples.setdefault(item["intent"], []).extend(line.removeprefix("- ").strip() for line in lines if line)
    return examples


@dataclass(frozen=True, slots=True)
class Trainer:
    """One folder of words, and where its models go. `python` is the interpreter that has Rasa."""

    nlu_data: Path = NLU_DATA
    models: Path = MODELS
    python: Path = RASA_PYTHON

    def data(self) -> str:
        """All sentences in one spelling, as Rasa reads them: intents, and FAQ questions as intents `faq/<entry>`."""
        by_intent = intent_examples(self.nlu_data / "intents")
        for entry in load_faq(self.nlu_data / "faq"):
            by_intent[f"faq/{entry.id}"] = list(entry.questions)
        items = []
        for intent, sentences in by_intent.items():
            unique = dict.fromkeys(normalise(sentence) for sentence in sentences)
            items.append({"intent": intent, "examples": "".join(f"- {sentence}\n" for sentence in unique if sentence)})
        return yaml.safe_dump({"version": "3.1", "nlu": items}, allow_unicode=True, sort_keys=False)

    def model_path(self) -> Path:
        """Where the model of today's sources is, or would be. Answers' wording and approvals do not count."""
        digest = hashlib.sha256(self.data().encode())
        for path in _sources():
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        return self.models / f"{digest.hexdigest()[:16]}.tar.gz"

    def train(self, progress: Progress, *, force: bool = False) -> Path:
        """The path of the model of today's sources, trained now if there is none. Raises TrainingFailed."""
        path = self.model_path()
        if path.exists() and not force:
            progress(f"model {path.name} is up to date")
            return path
        if not self.python.exists():
            raise TrainingFailed("the dialogue environment is missing: `./suifang demo` sets it up")
        progress(f"training {path.name}")
        self._run_rasa(path)
        self._forget_old_models(keep=path)
        return path

    def _run_rasa(self, path: Path) -> None:
        """Trains beside the others and moves the model into place whole: a killed training leaves none."""
        self.models.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=self.models) as work:
            data = Path(work) / "nlu.yml"
            data.write_text(self.data(), encoding="utf-8")
            command = [str(self.python), "train_rasa.py", "--data", str(data), "--out", work, "--name", "model"]
            done = subprocess.run(
                command, cwd=DIALOGS, env=rasa_environment(), capture_output=True, text=True, check=False, timeout=600
            )
            model = Path(work) / "model.tar.gz"
            if done.returncode != 0 or not model.exists():
                raise TrainingFailed(f"training ended with code {done.returncode}\n{done.stderr[-2000:]}")
            model.replace(path)

    def _forget_old_models(self, *, keep: Path) -> None:
        models = sorted(self.models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in models[MODELS_KEPT:]:
            if path != keep:
                path.unlink(missing_ok=True)


def model_path() -> Path:
    """Where the model of today's words is, or would be."""
    return Trainer().model_path()


def model_is_stale() -> bool:
    """True when today's words have no trained model."""
    return not model_path().exists()


def train(progress: Progress = lambda line: None, *, force: bool = False) -> Path:
    """The path of the model of today's words, trained now if there is none. Raises TrainingFailed."""
    return Trainer().train(progress, force=force)


def _sources() -> Iterator[Path]:
    """What beside the words makes another model."""
    for name in ("config.yml", "rules.yml", "train_rasa.py", "requirements.lock"):
        yield DIALOGS / name
    yield from sorted((DIALOGS / "domain").glob("*.yml"))
    yield from sorted((DIALOGS / "components").glob("*.py"))
