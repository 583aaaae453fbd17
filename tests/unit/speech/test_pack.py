from pathlib import Path

import numpy as np
import pytest

from agent.speech.pack import SOUND, Pack, line_key, read_pack, write_pack
from agent.speech.ulaw import decode
from tests.fakes.speech import ToneVoice

LINES = [("tone", "您好。"), ("tone", "请问是王秀兰本人吗？"), ("tone", "再见。")]


def alike(one: bytes, other: bytes) -> bool:
    a, b = decode(one).astype(float), decode(other).astype(float)
    return len(a) == len(b) and float(np.corrcoef(a, b)[0, 1]) > 0.9


def render(voice: str, text: str) -> bytes:
    return ToneVoice().render(text)


def test_what_was_packed_comes_back_at_its_length(tmp_path: Path) -> None:
    assert write_pack(LINES, tmp_path, render) == 3
    pack = Pack(tmp_path)
    for voice, text in LINES:
        back = pack.ulaw(line_key(voice, text))
        assert back is not None and alike(back, render(voice, text))
    assert pack.ulaw(line_key("another voice", "您好。")) is None


def test_packing_again_renders_only_what_is_new_and_drops_what_is_gone(tmp_path: Path) -> None:
    write_pack(LINES, tmp_path, render)
    before = Pack(tmp_path).ulaw(line_key(*LINES[2]))
    assert write_pack([LINES[2], ("tone", "新的一句。")], tmp_path, render) == 1
    pack = Pack(tmp_path)
    assert pack.ulaw(line_key(*LINES[2])) == before
    assert len(pack.entries) == 2 and pack.ulaw(line_key(*LINES[0])) is None


def test_a_damaged_pack_is_as_good_as_none(tmp_path: Path) -> None:
    write_pack(LINES, tmp_path, render)
    (tmp_path / SOUND).write_bytes(b"not sound" * 20)
    assert Pack(tmp_path).ulaw(line_key(*LINES[0])) is None
    (tmp_path / "index.json").write_text("{", encoding="utf-8")
    assert Pack(tmp_path).entries == {}
    assert Pack(tmp_path / "nowhere").entries == {}


def test_a_pack_is_read_whole(tmp_path: Path) -> None:
    write_pack(LINES, tmp_path, render)
    found = read_pack(tmp_path)
    assert list(found) == LINES
    assert all(alike(ulaw, render(*line)) for line, ulaw in found.items())


@pytest.mark.parametrize("voice", ["a", "b"])
def test_the_key_is_the_voice_s_and_the_text_s(voice: str) -> None:
    assert line_key(voice, "x") != line_key(voice + "x", "") and len(line_key(voice, "x")) == 64
