"""Weights joined from parts, models fetched, and what is chosen when."""

import hashlib
import http.server
import io
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.speech.choose import choose_recogniser, plan_recogniser, plan_voice
from agent.speech.downloads import Download, DownloadFailed, fetch, remembered_hash
from agent.speech.weights import JoinedModel, ModelFile, ModelMissing, complete, ensure, obtainable, verify


@pytest.fixture
def parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JoinedModel:
    """A model in two installed packages."""
    for number, content in ((1, b"hello "), (2, b"world")):
        package = tmp_path / "site" / f"toy_part_{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "part.bin").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path / "site")
    digest = hashlib.sha256(b"hello world").hexdigest()
    pieces = (("toy_part_1", "part.bin"), ("toy_part_2", "part.bin"))
    return JoinedModel("toy", "none", (ModelFile("model.bin", digest, 11, pieces),))


def test_parts_are_joined_once_and_held_to_their_hash(parts: JoinedModel, tmp_path: Path) -> None:
    assert obtainable(parts, tmp_path)
    folder = ensure(parts, tmp_path)
    assert (folder / "model.bin").read_bytes() == b"hello world"
    assert complete(parts, folder) and verify(parts, folder) == []
    assert "toy_part_1" not in sys.modules  # found without running its code
    (folder / "model.bin").write_bytes(b"hello w0rld")
    assert verify(parts, folder) == ["model.bin"]


def test_a_tampered_part_never_becomes_a_model(parts: JoinedModel, tmp_path: Path) -> None:
    (tmp_path / "site" / "toy_part_2" / "part.bin").write_bytes(b"w0rld")
    with pytest.raises(ModelMissing, match="SHA-256"):
        ensure(parts, tmp_path)
    assert not any((tmp_path / "models" / "toy").iterdir())


def test_a_missing_package_is_named(tmp_path: Path) -> None:
    absent = JoinedModel("toy", "none", (ModelFile("model.bin", "0", 1, (("toy_not_there", "part.bin"),)),))
    assert not obtainable(absent, tmp_path)
    with pytest.raises(ModelMissing, match="toy-not-there"):
        ensure(absent, tmp_path)


def archive(inside: str = "vosk-toy/am/final.mdl") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr(inside, "model")
    return file.getvalue()


class Maker:
    """A model maker's site on loopback."""

    def __init__(self) -> None:
        maker = self
        self.body, self.length = archive(), None

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(maker.length or len(maker.body)))
                self.end_headers()
                self.wfile.write(maker.body)

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def download(self, sha256: str | None = None) -> Download:
        url = f"http://127.0.0.1:{self.server.server_port}/toy.zip"
        return Download("toy", "vosk-toy", url, 1, "none", "a toy", sha256)


@pytest.fixture
def maker() -> Iterator[Maker]:
    site = Maker()
    yield site
    site.server.shutdown()
    site.server.server_close()


def quiet(done: int, total: int) -> None:
    return


def leftovers(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "models").iterdir() if path.name.startswith("."))


def test_a_model_is_fetched_unpacked_and_then_chosen(maker: Maker, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    folder = fetch(maker.download(), tmp_path, lambda *at: told.append(at))
    assert (folder / "am" / "final.mdl").is_file() and leftovers(tmp_path) == []
    assert told[-1] == (len(maker.body), len(maker.body))
    assert remembered_hash("toy", tmp_path) == hashlib.sha256(maker.body).hexdigest()
    assert plan_recogniser(tmp_path).folder == folder


def test_a_tar_archive_is_unpacked_too_and_keeps_to_its_folder(maker: Maker, tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:bz2") as tarred:
        for name in ("vosk-toy/tokens.txt", "vosk-toy/model.onnx", "../outside"):
            tarred.addfile(tarfile.TarInfo(name))
    maker.body = file.getvalue()
    with pytest.raises(DownloadFailed, match="no zip or tar"):
        fetch(replace(maker.download(), holds="tokens.txt"), tmp_path, quiet)
    assert not (tmp_path / "models" / "outside").exists() and leftovers(tmp_path) == []
    with tarfile.open(fileobj=(file := io.BytesIO()), mode="w:bz2") as tarred:
        tarred.addfile(tarfile.TarInfo("vosk-toy/tokens.txt"))
    maker.body = file.getvalue()
    assert (fetch(replace(maker.download(), holds="tokens.txt"), tmp_path / "new", quiet) / "tokens.txt").is_file()


def test_another_archive_the_second_time_is_refused(maker: Maker, tmp_path: Path) -> None:
    fetch(maker.download(), tmp_path, quiet)
    maker.body = archive("vosk-toy/am/other.mdl")
    with pytest.raises(DownloadFailed, match="SHA-256"):
        fetch(maker.download(), tmp_path, quiet)
    assert (tmp_path / "models" / "vosk-toy" / "am" / "final.mdl").is_file() and leftovers(tmp_path) == []


def test_a_pinned_hash_is_held(maker: Maker, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match="SHA-256"):
        fetch(maker.download("0" * 64), tmp_path, quiet)
    assert not (tmp_path / "models" / "vosk-toy").exists()


def test_a_proxy_s_page_a_cut_connection_and_another_archive(maker: Maker, tmp_path: Path) -> None:
    maker.body = b"<html>please log in</html>"
    with pytest.raises(DownloadFailed, match="no zip"):
        fetch(maker.download(), tmp_path, quiet)
    maker.body, maker.length = archive(), 10_000_000
    with pytest.raises(DownloadFailed):
        fetch(maker.download(), tmp_path / "cut", quiet)
    maker.body, maker.length = archive("elsewhere/file"), None
    with pytest.raises(DownloadFailed, match="holds no vosk-toy"):
        fetch(maker.download(), tmp_path / "other", quiet)
    assert leftovers(tmp_path) == []


def test_a_network_that_forbids_it_is_told_with_a_way_out(tmp_path: Path) -> None:
    shut = Download("toy", "vosk-toy", "http://127.0.0.1:9/toy.zip", 1, "none", "a toy")
    with pytest.raises(DownloadFailed, match="SUIFANG_VOSK_MODEL"):
        fetch(shut, tmp_path, quiet)


def test_a_wrong_vosk_folder_is_told_and_not_loaded(tmp_path: Path) -> None:
    choice = plan_recogniser(tmp_path, vosk_model=str(tmp_path / "nothing"))
    assert choice.name != "vosk" and "holds no Vosk model" in choice.why


def test_without_any_model_calls_go_on_by_keypad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "modules", {k: v for k, v in sys.modules.items() if k not in ("faster_whisper", "vosk")})
    choice = plan_recogniser(tmp_path)
    assert choice.name == "none" and "keypad" in choice.why
    recogniser, _ = choose_recogniser(tmp_path)
    assert recogniser.name == "none"
    assert plan_voice(tmp_path).name in ("packed", "pyttsx3")


@pytest.mark.parametrize("wanted", ["none", "vosk"])
def test_a_setting_overrides_what_is_installed(tmp_path: Path, wanted: str) -> None:
    choice = plan_recogniser(tmp_path, wanted=wanted)
    assert choice.name == "none" and "keypad" in choice.why
    assert plan_voice(tmp_path, "pyttsx3").name == "pyttsx3"


def test_a_vosk_model_that_does_not_load_gives_way(tmp_path: Path) -> None:
    broken = tmp_path / "models" / "vosk-broken" / "am"
    broken.mkdir(parents=True)
    assert plan_recogniser(tmp_path).name == "vosk"
    recogniser, choice = choose_recogniser(tmp_path, whisper_model=str(tmp_path))
    assert recogniser.name == "none"
    assert "vosk did not load (model_unreadable)" in choice.why and "holds no whisper model" in choice.why
