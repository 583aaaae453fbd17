"""One phone call on virtual time: who speaks when, and what the conversation is told."""

from dataclasses import replace

import pytest

from agent.model.escalation import TechnicalCause
from agent.model.turn import Expect, Reply, TurnKind
from tests.fakes.one_call import GOODBYE, PROMPT_SECONDS, QUESTION, Prompts, Talk, Tape, call
from tests.fakes.phone import Says, ScriptedLine


def test_an_answer_after_the_question_is_heard_and_answered() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "没有")]), Talk([QUESTION])
    call(line, talk)
    assert [(kind, text) for _, kind, text in talk.turns] == [(TurnKind.START, ""), (TurnKind.SPEECH, "没有")]
    assert line.log[-1][1] == "hang_up"
    assert talk.recordings[0] == 0.0 and talk.recordings[-1] > 5


def test_words_said_during_a_notice_that_may_not_be_interrupted_are_not_lost() -> None:
    notice = Reply(("本次通话会录音。",), interruptible=False, patience_seconds=4)
    line, talk = ScriptedLine([Says(0.5, 1.0, "我心口疼")]), Talk([notice])
    call(line, talk)
    assert (TurnKind.SPEECH, "我心口疼") in [(kind, text) for _, kind, text in talk.turns]
    assert "clear" not in [what for _, what in line.log]
    assert talk.turns[1][0] >= PROMPT_SECONDS  # taken after the notice was heard to its end


def test_words_over_the_goodbye_are_told() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "没有"), Says(6.3, 1.2, "我胸口疼")]), Talk([QUESTION])
    call(line, talk)
    said = [(kind, text) for _, kind, text in talk.turns]
    assert said == [(TurnKind.START, ""), (TurnKind.SPEECH, "没有"), (TurnKind.SPEECH, "我胸口疼")]
    assert line.log[-1][1] == "hang_up"


def test_speaking_over_the_robot_stops_it_within_half_a_second() -> None:
    line, talk = ScriptedLine([Says(0.8, 1.5, "我想问一下")]), Talk([QUESTION])
    call(line, talk)
    cleared = [at for at, what in line.log if what == "clear"]
    assert cleared and 0.8 < cleared[0] <= 1.3


def test_a_cough_over_the_robot_does_not_stop_it() -> None:
    line, talk, tape = ScriptedLine([Says(0.8, 0.2, ""), Says(2.8, 0.8, "没有")]), Talk([QUESTION]), Tape()
    call(line, talk, tape)
    assert tape.robot_bytes == 2 * PROMPT_SECONDS * 8000  # question and goodbye, every byte of them
    assert talk.kinds == [TurnKind.START, TurnKind.SPEECH]


def test_silence_is_told_only_after_the_patience_of_the_question() -> None:
    line, talk = ScriptedLine([]), Talk([QUESTION])
    call(line, talk)
    at, kind, _ = talk.turns[1]
    assert kind is TurnKind.SILENCE and abs(at - (PROMPT_SECONDS + 6.0)) < 0.3


def test_a_short_answer_that_was_not_understood_is_no_silence() -> None:
    line, talk = ScriptedLine([Says(3.0, 0.4, "")]), Talk([QUESTION])
    call(line, talk)
    at, kind, _ = talk.turns[1]
    assert kind is TurnKind.UNHEARD and at <= 7.2  # its pause, then the time given for more; not six seconds
    assert talk.spans[1] is not None


def test_a_cough_before_the_answer_asks_nothing_again() -> None:
    line, talk = ScriptedLine([Says(3.0, 0.4, ""), Says(5.0, 0.8, "没有")]), Talk([QUESTION])
    call(line, talk)
    assert talk.kinds == [TurnKind.START, TurnKind.SPEECH]


def test_a_patient_who_goes_on_after_a_pause_is_not_answered_in_between() -> None:
    script = [Says(2.5, 1.0, "高压一百五"), Says(4.4, 1.0, "低压九十")]
    line, talk = ScriptedLine(script), Talk([QUESTION])
    call(line, talk)
    assert [text for _, kind, text in talk.turns if kind is TurnKind.SPEECH] == ["高压一百五，低压九十"]


def test_hanging_up_in_mid_sentence_keeps_the_last_words() -> None:
    line, talk = ScriptedLine([Says(2.5, 5.0, "我胸口疼得厉害")], hangs_up_at=4.0), Talk([QUESTION])
    call(line, talk)
    assert talk.turns[-2][1:] == (TurnKind.SPEECH, "我胸口疼得厉害")
    assert talk.kinds[-1] is TurnKind.HANGUP


def test_a_failing_recogniser_hands_the_contact_over_and_says_so() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, None)]), Talk([QUESTION])
    call(line, talk)
    assert talk.failures == [""] and line.log[-1][1] == "hang_up"


def test_a_broken_conversation_ends_with_an_approved_sentence_not_with_dead_air() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "没有")]), Talk([QUESTION], breaks=True)
    call(line, talk)
    assert [what for _, what in line.log] == ["play", "play", "hang_up"]


def test_keys_answer_a_closed_question_at_once() -> None:
    line, talk = ScriptedLine([], digits={3.0: "1"}), Talk([QUESTION])
    call(line, talk)
    assert talk.turns[1][1:] == (TurnKind.DIGITS, "1")


def test_a_number_on_the_keypad_ends_with_the_hash_key() -> None:
    asks = Reply(("多少？",), Expect.NUMBER, "q", patience_seconds=6)
    line, talk = ScriptedLine([], digits={3.0: "1", 3.4: "5", 3.8: "0", 4.0: "#"}), Talk([asks])
    call(line, talk)
    assert talk.turns[1][1:] == (TurnKind.DIGITS, "150")


def test_the_recording_holds_what_the_patient_heard_of_the_robot() -> None:
    tape = Tape()
    line, talk = ScriptedLine([Says(0.8, 1.5, "我想问一下")]), Talk([QUESTION])
    call(line, talk, tape)
    heard = tape.robot_bytes / 8000
    assert 2.8 < heard < 3.6  # about 1.2 s of the stopped question and the two seconds of goodbye


def test_a_patient_who_asked_for_it_hears_the_robot_slower() -> None:
    usual, slower = ScriptedLine([]), ScriptedLine([])
    call(usual, Talk([GOODBYE]))
    call(slower, Talk([replace(GOODBYE, slower=True)]))
    assert slower.robot_until - usual.robot_until == pytest.approx(0.25 * PROMPT_SECONDS, abs=0.1)


def test_words_that_could_not_be_taken_are_handed_to_a_nurse_after_the_apology() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "我胸口疼")]), Talk([QUESTION], breaks=True, still_down=2)
    call(line, talk)
    assert talk.broken == ["我胸口疼"] * 3 and talk.recordings[-1] > 5


def test_words_that_nobody_can_read_still_bring_the_contact_before_a_nurse() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "没有")]), Talk([QUESTION], breaks=True, still_down=4)
    call(line, talk)
    assert talk.broken == ["没有"] * 4 + [""]


def test_a_store_that_fails_as_the_patient_answers_is_apologised_for() -> None:
    line, talk, tape = ScriptedLine([]), Talk([QUESTION], unknown=1), Tape()
    call(line, talk, tape)
    assert [what for _, what in line.log] == ["play", "hang_up"]
    assert tape.robot_bytes == PROMPT_SECONDS * 8000 and talk.recordings[-1] > 1


def test_words_over_that_apology_are_read_once_the_store_is_back() -> None:
    line, talk = ScriptedLine([Says(0.6, 1.0, "我胸口疼")]), Talk([QUESTION], unknown=1)
    call(line, talk)
    assert (TurnKind.SPEECH, "我胸口疼") in [(kind, text) for _, kind, text in talk.turns]


def test_a_recording_that_cannot_be_noted_at_the_beginning_costs_no_call() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "没有")]), Talk([QUESTION], notes_fail=1)
    call(line, talk)
    assert talk.kinds == [TurnKind.START, TurnKind.SPEECH] and talk.recordings[0] > 5


def test_a_question_no_voice_can_say_is_not_waited_for() -> None:
    line, talk = ScriptedLine([]), Talk([QUESTION])
    call(line, talk, prompts=Prompts(unsayable="问一"))
    assert talk.kinds == [TurnKind.START] and talk.causes == [TechnicalCause.VOICE_DOWN]
    assert line.log[-1][1] == "hang_up"
    assert line.robot_until == PROMPT_SECONDS and line.log[-1][0] < 3  # the apology, and no waiting in silence


def test_without_any_voice_a_nurse_is_told_and_the_line_is_not_left_open() -> None:
    line, talk = ScriptedLine([Says(0.0, 1.0, "喂"), Says(1.2, 1.0, "我胸口疼")]), Talk([QUESTION])
    call(line, talk, prompts=Prompts(unsayable=""))
    assert talk.causes[0] is TechnicalCause.VOICE_DOWN and line.log[-1][1] == "hang_up"
    assert line.log[-1][0] < 1


def test_advice_that_could_not_be_said_is_told_before_the_line_closes() -> None:
    advice = Reply(("请马上打120。",), end=True)
    line, talk = ScriptedLine([Says(2.6, 1.0, "我胸口疼")]), Talk([QUESTION, advice])
    call(line, talk, prompts=Prompts(unsayable="120"))
    assert talk.kinds == [TurnKind.START, TurnKind.SPEECH] and talk.causes == [TechnicalCause.VOICE_DOWN]
