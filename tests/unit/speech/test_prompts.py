import asyncio
import os
import threading
from pathlib import Path

import pytest

from agent.speech.low_priority import NICENESS
from agent.speech.pack import write_pack
from agent.speech.ports import VoiceFailed
from agent.speech.prompts import PackedVoice, PromptCache
from tests.fakes.speech import MuteVoice, ToneVoice


def cache(tmp_path: Path, voice: ToneVoice | MuteVoice | PackedVoice, fallback: ToneVoice | None = None) -> PromptCache:
    return PromptCache(tmp_path / "prompts", voice, fallback, pack=tmp_path / "pack")


async def test_a_sentence_is_rendered_once_and_survives_a_restart(tmp_path: Path) -> None:
    voice = ToneVoice()
    first = await cache(tmp_path, voice).ulaw("您好。")
    again = cache(tmp_path, voice)
    assert again.has("您好。") and not again.has("再见。")
    assert await again.ulaw("您好。") == first == ToneVoice().render("您好。")
    assert voice.rendered == ["您好。"]


async def test_two_callers_share_one_rendering(tmp_path: Path) -> None:
    voice = ToneVoice()
    prompts = cache(tmp_path, voice)
    one, other = await asyncio.gather(prompts.ulaw("您好。"), prompts.ulaw("您好。"))
    assert one == other and voice.rendered == ["您好。"]


async def test_what_is_rendered_ahead_yields_and_what_is_needed_now_does_not(tmp_path: Path) -> None:
    niceness: dict[str, int] = {}

    class WatchedVoice(ToneVoice):
        def render(self, text: str) -> bytes:
            niceness[text] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
            return super().render(text)

    prompts = cache(tmp_path, WatchedVoice())
    await prompts.render_all(["再见。"])
    await prompts.ulaw("您好。")
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert niceness == {"再见。": max(own, NICENESS), "您好。": own}


async def test_a_caller_who_hangs_up_does_not_take_the_sound_from_another(tmp_path: Path) -> None:
    gate, begun = threading.Event(), threading.Event()

    class SlowVoice(ToneVoice):
        def render(self, text: str) -> bytes:
            begun.set()
            gate.wait(10)
            return super().render(text)

    prompts = cache(tmp_path, SlowVoice())
    gone = asyncio.ensure_future(prompts.ulaw("您好。"))
    await asyncio.to_thread(begun.wait, 10)
    staying = asyncio.ensure_future(prompts.ulaw("您好。"))
    await asyncio.sleep(0.05)  # both wait for the one rendering
    gone.cancel()
    gate.set()
    assert await staying == ToneVoice().render("您好。")


async def test_a_failing_voice_gives_way_to_the_other(tmp_path: Path) -> None:
    mute, fallback = MuteVoice(), ToneVoice("fallback")
    prompts = cache(tmp_path, mute, fallback)
    assert await prompts.ulaw("您好。") == ToneVoice().render("您好。")
    await prompts.ulaw("您好。")
    assert (
        fallback.rendered == ["您好。"] and mute.asked == 2
    )  # kept in the fallback's name, the better voice asked again


async def test_a_cache_that_takes_nothing_silences_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    prompts = cache(tmp_path, ToneVoice())
    (tmp_path / "prompts").rmdir()
    (tmp_path / "prompts").write_bytes(b"in the way")
    assert await prompts.ulaw("您好。") == ToneVoice().render("您好。")
    assert "prompt not kept" in caplog.text and "您好" not in caplog.text


async def test_a_cache_removed_in_mid_work_is_made_again(tmp_path: Path) -> None:
    prompts = cache(tmp_path, ToneVoice())
    (tmp_path / "prompts").rmdir()
    await prompts.ulaw("您好。")
    assert prompts.has("您好。")


async def test_no_voice_at_all_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(VoiceFailed):
        await cache(tmp_path, MuteVoice()).ulaw("您好。")


async def test_the_pack_is_read_for_its_own_voice_only(tmp_path: Path) -> None:
    write_pack([("natural", "您好。")], tmp_path / "pack", lambda _, text: ToneVoice().render(text))
    packed = cache(tmp_path, PackedVoice("natural"), ToneVoice("fallback"))
    assert packed.has("您好。") and not packed.has("再见。")
    assert len(await packed.ulaw("您好。")) == len(ToneVoice().render("您好。"))
    assert await packed.ulaw("再见。") == ToneVoice().render("再见。")
    assert not cache(tmp_path, ToneVoice("another")).has("您好。")


async def test_render_all_tells_its_progress_and_what_failed(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    failed = await cache(tmp_path, MuteVoice()).render_all(["一", "二", "一"], lambda *at: told.append(at))
    assert failed == ["一", "二"] and told == [(1, 2), (2, 2)]


async def test_no_name_of_a_cached_file_tells_the_sentence(tmp_path: Path) -> None:
    await cache(tmp_path, ToneVoice()).ulaw("王秀兰")
    names = [path.name for path in (tmp_path / "prompts").rglob("*") if path.is_file()]
    assert len(names) == 1 and "王" not in names[0] and names[0].endswith(".ulaw")


async def test_closed_it_begins_no_rendering_and_what_was_to_come_ends_quietly(tmp_path: Path) -> None:
    prompts = cache(tmp_path, ToneVoice())
    ready = await prompts.ulaw("您好。")
    await prompts.close()
    assert await prompts.render_all(["您好。", "再见。"]) == ["再见。"]
    assert await prompts.ulaw("您好。") == ready
