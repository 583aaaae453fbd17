"""The patient makes a sound while the robot speaks: what stops it, what does not, and how it goes on."""

from dataclasses import replace

import pytest

from agent.model.turn import Expect, Reply, TurnKind
from tests.fakes.one_call import PROMPT_SECONDS, QUESTION, Talk, Tape, call
from tests.fakes.phone import Says, ScriptedLine

LONG = Reply(("第一，第二，第三，第四。", "您胸口疼吗，还是不疼？"), Expect.YES_NO, "q1", patience_seconds=6.0)
ALL_SAID = 8000 * PROMPT_SECONDS * 3 - 960 * 6  # both sentences and the goodbye, the breaths left out


def cleared(line: ScriptedLine) -> list[float]:
    return [at for at, what in line.log if what == "clear"]


@pytest.mark.parametrize("text", ["嗯", "好的", ""])
def test_a_murmur_lowers_the_voice_for_a_moment_and_stops_nothing(text: str) -> None:
    line, talk, tape = ScriptedLine([Says(0.8, 0.4, text), Says(4.6, 0.8, "没有")]), Talk([LONG]), Tape()
    call(line, talk, tape)
    assert tape.robot_bytes == pytest.approx(ALL_SAID, abs=100)
    assert len(cleared(line)) == 2  # lowered, and as before
    assert [turn[1:] for turn in talk.turns] == [(TurnKind.START, ""), (TurnKind.SPEECH, "没有")]


def test_sustained_speech_lowers_the_voice_within_350_ms_and_then_stops_it() -> None:
    line, talk, tape = ScriptedLine([Says(0.8, 2.0, "我想问一下")]), Talk([LONG]), Tape()
    call(line, talk, tape)
    lowered, stopped = cleared(line)
    assert lowered - 0.8 <= 0.35 and stopped - 0.8 <= 0.8
    assert talk.turns[1][2] == "我想问一下" and not talk.heard_question[1]


def test_a_notice_that_may_not_be_interrupted_is_not_even_lowered() -> None:
    line, talk = ScriptedLine([Says(0.8, 2.0, "喂喂")]), Talk([replace(LONG, interruptible=False)])
    call(line, talk)
    assert cleared(line) == []


def test_a_short_word_stops_the_robot_as_soon_as_it_is_understood() -> None:
    line, talk, tape = ScriptedLine([Says(0.8, 0.4, "等一下")]), Talk([LONG]), Tape()
    call(line, talk, tape)
    assert talk.turns[1][1:] == (TurnKind.SPEECH, "等一下") and talk.turns[1][0] < 2.5
    assert tape.robot_bytes < ALL_SAID - 8000


def test_stopped_for_nothing_it_goes_on_from_the_phrase_that_was_cut() -> None:
    line, talk, tape = ScriptedLine([Says(1.2, 0.9, ""), Says(7.0, 0.8, "没有")]), Talk([LONG]), Tape()
    call(line, talk, tape)
    said_again = tape.robot_bytes - ALL_SAID
    assert 0 < said_again <= 0.5 * 8000  # the cut phrase, not what came before it
    assert [turn[1:] for turn in talk.turns] == [(TurnKind.START, ""), (TurnKind.SPEECH, "没有")]
    assert talk.heard_question[1]


def test_after_two_false_alarms_only_words_stop_it() -> None:
    noises = [Says(at, 0.9, "") for at in (0.5, 2.9, 5.3)]
    line, talk = ScriptedLine(noises), Talk([LONG])
    call(line, talk)
    again = [at for at, what in line.log if what == "play"]
    stops = [at for at in cleared(line) if at not in again]
    assert len(stops) == 2 and len([at for at in cleared(line) if at > 5.3]) == 2  # the third time lowered and raised
    assert talk.kinds[1] is TurnKind.SILENCE


def test_words_that_turn_out_to_be_in_mid_air_are_waited_for() -> None:
    """The recogniser tells them only at the end of speech: then the pause they are allowed is still given."""
    line, talk = ScriptedLine([Says(2.5, 1.0, "没有，就是"), Says(4.9, 1.0, "有点头晕")]), Talk([QUESTION])
    call(line, talk)
    assert [turn[2] for turn in talk.turns if turn[2]] == ["没有，就是，有点头晕"]


def test_the_robot_s_own_echo_neither_stops_nor_answers_it() -> None:
    line, talk, tape = ScriptedLine([Says(5.2, 0.8, "没有")], echo=True), Talk([LONG]), Tape()
    call(line, talk, tape)
    assert cleared(line) == [] and tape.robot_bytes == pytest.approx(ALL_SAID, abs=100)
    assert [turn[2] for turn in talk.turns] == ["", "没有"]


def test_a_patient_is_heard_through_the_echo() -> None:
    line, talk = ScriptedLine([Says(1.0, 2.0, "我胸口疼")], echo=True), Talk([LONG])
    call(line, talk)
    assert cleared(line) and talk.turns[1][2].startswith("我胸口疼")


def test_words_from_before_the_question_are_told_so() -> None:
    notice = replace(LONG, interruptible=False)
    line, talk = ScriptedLine([Says(0.5, 0.8, "没有啊")]), Talk([notice])
    call(line, talk)
    assert talk.turns[1][1:] == (TurnKind.SPEECH, "没有啊") and talk.heard_question[1] is False


def test_an_answer_to_the_end_of_the_question_is_an_answer() -> None:
    line, talk = ScriptedLine([Says(3.4, 1.0, "没有啊")]), Talk([LONG])
    call(line, talk)
    assert talk.turns[1][1:] == (TurnKind.SPEECH, "没有啊") and talk.heard_question[1]


def test_a_greeting_during_the_notice_is_joined_with_the_answer_that_follows() -> None:
    notice = replace(LONG, interruptible=False)
    line, talk = ScriptedLine([Says(0.5, 0.8, "喂你好"), Says(4.5, 0.8, "没有")]), Talk([notice])
    call(line, talk)
    assert [turn[2] for turn in talk.turns[:2]] == ["", "喂你好，没有"] and talk.heard_question[1]


def test_a_murmur_during_the_question_is_no_yes() -> None:
    line, talk = ScriptedLine([Says(1.0, 0.3, "嗯")]), Talk([LONG])
    call(line, talk)
    assert talk.kinds[:2] == [TurnKind.START, TurnKind.SILENCE]
    line, talk = ScriptedLine([Says(4.3, 0.3, "嗯")]), Talk([LONG])
    call(line, talk)
    assert talk.turns[1][1:] == (TurnKind.SPEECH, "嗯")


def test_words_after_the_answer_hold_the_next_prompt_back() -> None:
    script = [Says(2.5, 0.8, "没有"), Says(4.5, 1.0, "就是有点头晕")]
    line, talk = ScriptedLine(script), Talk([QUESTION, LONG], thinks_seconds=0.6)
    call(line, talk)
    plays = [at for at, what in line.log if what == "play"]
    assert plays[1] > 5.5 + 0.6  # the reply was there at 4.9, while the patient was speaking
    assert talk.turns[2][1:] == (TurnKind.SPEECH, "就是有点头晕") and talk.heard_question[2] is False
