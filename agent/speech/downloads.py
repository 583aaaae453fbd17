"""Models that are fetched from their makers: with progress, held to a hash, unpacked beside the others."""

import http.client
import json
import shutil
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from agent.speech.weights import sha256_of

_BLOCK = 1 << 18
_HASHES = "downloaded.json"  # in <data>/models: what was trusted at the first download
_TIMEOUT_SECONDS = 30.0

Progress = Callable[[int, int], None]  # bytes so far, bytes in all (0: not told)


class DownloadFailed(Exception):
    """The message says in plain words what happened and what to do instead."""


@dataclass(frozen=True, slots=True)
class Download:
    """`sha256` None: none is known, so the first download is trusted and remembered. `holds` is found in every such
    folder; `setting` names the folder where it lies elsewhere."""

    key: str
    folder: str  # inside the archive, and below <data>/models
    url: str
    megabytes: int
    licence: str
    note: str
    sha256: str | None = None
    holds: str = "am"
    setting: str = "SUIFANG_VOSK_MODEL"


def _sherpa(key: str, folder: str, megabytes: int, note: str, sha256: str | None = None) -> Download:
    licence = "Apache-2.0" if "zipformer" in folder else "FunASR Model Open Source License 1.1"
    url = f"https://github.com/k2-fsa/sherpa-onnx/releases/download/asr-models/{folder}.tar.bz2"
    return Download(key, folder, url, megabytes, licence, note, sha256, "tokens.txt", "SUIFANG_SHERPA_MODEL")


DOWNLOADS = (
    Download(
        "vosk-cn",
        "vosk-model-small-cn-0.22",
        "https://alphacephei.com/vosk/models/vosk-model-small-cn-0.22.zip",
        44,
        "Apache-2.0",
        "Mandarin, streaming: the first choice for calls",
        # Not published by the maker; ten independent public projects pin the same.
        "3af8b0e7e0f835ae9d414ce5df580237a3cfb08d586c9fbbb0f7ff29ad5b14ba",
    ),
    Download(
        "vosk-cn-large",
        "vosk-model-cn-0.22",
        "https://alphacephei.com/vosk/models/vosk-model-cn-0.22.zip",
        1_300,
        "Apache-2.0",
        "Mandarin, more exact, needs about 6 GB of memory",
    ),
    _sherpa(
        "sense-voice", "sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17", 163,
        "whole utterances: for SUIFANG_SECOND_PASS=sherpa; group sherpa",
        # Not published by the maker; ten independent public projects pin the same.
        "7d1efa2138a65b0b488df37f8b89e3d91a60676e416f515b952358d83dfd347e",
    ),
    _sherpa(
        "zipformer-cn", "sherpa-onnx-streaming-zipformer-zh-int8-2025-06-30", 133,
        "Mandarin, streaming: for SUIFANG_RECOGNISER=sherpa; group sherpa",
    ),
    _sherpa(
        "paraformer-cn", "sherpa-onnx-streaming-paraformer-bilingual-zh-en", 1_000,
        "Mandarin and English, streaming: for SUIFANG_RECOGNISER=sherpa; group sherpa",
    ),
)  # fmt: skip


def fetch(download: Download, data_folder: Path, progress: Progress) -> Path:
    """The unpacked model's folder; raises DownloadFailed. Nothing half-fetched stays behind."""
    models = data_folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    archive = models / f".{download.key}.archive"
    try:
        _receive(download, archive, progress)
        _hold_to_hash(download, archive, models / _HASHES)
        return _unpack(download, archive, models)
    finally:
        archive.unlink(missing_ok=True)


def _receive(download: Download, archive: Path, progress: Progress) -> None:
    try:
        with urllib.request.urlopen(download.url, timeout=_TIMEOUT_SECONDS) as answer, archive.open("wb") as file:
            total = int(answer.headers.get("Content-Length") or 0)
            done = 0
            while block := answer.read(_BLOCK):
                file.write(block)
                done += len(block)
                progress(done, total)
    except (urllib.error.URLError, http.client.HTTPException, OSError) as problem:
        reason = getattr(problem, "reason", problem)
        raise DownloadFailed(
            f"this network does not let {download.url} through ({reason}).\n"
            f"On a machine that may, download it, unpack it, and either copy the folder {download.folder} to "
            f"{archive.parent} or set {download.setting} to where it lies."
        ) from problem
    if total and done != total:
        raise DownloadFailed(f"the connection ended after {done:,} of {total:,} bytes: run the command again")


def _hold_to_hash(download: Download, archive: Path, remembered: Path) -> None:
    found = sha256_of(archive)
    known: dict[str, str] = json.loads(remembered.read_text(encoding="utf-8")) if remembered.exists() else {}
    expected = download.sha256 or known.get(download.key)
    if expected and found != expected:
        raise DownloadFailed(f"SHA-256 of the archive is {found}, expected {expected}: it was not unpacked")
    known[download.key] = found
    remembered.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def remembered_hash(key: str, data_folder: Path) -> str | None:
    """SHA-256 of the archive as it was first downloaded here."""
    path = data_folder / "models" / _HASHES
    return json.loads(path.read_text(encoding="utf-8")).get(key) if path.exists() else None


def _unpack(download: Download, archive: Path, models: Path) -> Path:
    unpacked = models / f".{download.key}.unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        _extract(archive, unpacked)
        if not (unpacked / download.folder / download.holds).exists():
            raise DownloadFailed(f"the archive holds no {download.folder}")
        target = models / download.folder
        shutil.rmtree(target, ignore_errors=True)
        (unpacked / download.folder).rename(target)
        return target
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def _extract(archive: Path, into: Path) -> None:
    """Names that lead out of the folder are refused or made harmless by either library."""
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as zipped:
                zipped.extractall(into)
        else:
            with tarfile.open(archive) as tarred:
                tarred.extractall(into, filter="data")
    except (zipfile.BadZipFile, tarfile.TarError, EOFError) as problem:
        raise DownloadFailed("what arrived is no zip or tar archive (a proxy's page perhaps)") from problem
