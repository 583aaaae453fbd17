"""`./suifang bench call` runs: a taste of each part, so that a change of the call does not leave it behind."""

import pytest

from agent.speech.none import NoRecogniser
from bench import call, call_bargein, call_cutoffs, call_response, call_voices
from bench.hesitant import hesitant


def test_the_sixty_are_sixty_with_pauses_up_to_a_second_and_a_half() -> None:
    answers = hesitant()
    pauses = [pause for answer in answers for pause in answer.pauses]
    assert len(answers) == 60 and len({answer.text for answer in answers}) == 60
    assert max(pauses) == 1.5 and all(answer.pauses for answer in answers)


def test_with_words_few_are_cut_off_and_nobody_waits_long() -> None:
    ours = call_cutoffs.measure()["scripted"]["streaming_words"]["hesitant"]
    assert ours["cut_off_percent"] <= 5 and ours["added_delay_mean_ms"] <= 700


def test_an_interruption_is_given_way_to_and_a_cough_is_not() -> None:
    say = call_voices.voices()
    spoken = call_bargein.Trial(say(call_voices.STYLES[1], call_voices.INTERRUPTIONS[0]))
    track, _ = call_bargein.run(spoken, 1, NoRecogniser())
    assert track.clears()[0] - spoken.onset <= 0.35 and track.stops()
    track, _ = call_bargein.run(call_bargein.Trial(call_voices.cough(3)), 2, NoRecogniser())
    assert not track.stops()


def test_the_wide_bench_has_every_voice_and_body_and_a_throat_stops_nothing() -> None:
    speech, others = call_bargein.kinds(call_voices.voices(), wide=True)
    assert sum(map(len, speech.values())) == 70 and sum(map(len, others.values())) == 196
    track, _ = call_bargein.run(others["throats"][0], 3, NoRecogniser())
    assert not track.stops()


async def test_a_whole_call_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call_response, "CALLS", 1)
    found = await call_response.measure(rasa=False)
    assert found["decision_to_first_audio"]["n"] >= 5


def test_a_pack_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(call_voices, "PACK", tmp_path)
    with pytest.raises(call_voices.VoicesMissing, match="--render"):
        call_voices.voices()
    assert "missing" in call.run(["--only", "bargein", "--share", "0.02"])["bargein"]


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(SystemExit):
        call.run(["--only", "dancing"])
