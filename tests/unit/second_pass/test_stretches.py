"""What of a recording is heard again, in which pieces, as the answer to what."""

from dataclasses import replace

import pytest

from agent.model.record import StoredTurn
from agent.model.turn import AudioSpan, Reply, TurnKind
from agent.second_pass.stretches import LONGEST_SECONDS, cut, stretches
from tests.fakes.rows import outcome, turn


def stored(seq: int, audio: AudioSpan | None, says: str, began: float | None = None) -> StoredTurn:
    made = outcome(seq).stored
    return replace(made, turn=turn(seq, audio=audio), reply=Reply((says,)), reply_audio_start=began)


TURNS = (
    stored(1, None, "您是本人吗？", 0.2),
    stored(2, AudioSpan(3, 4), "喘不喘？", 4.5),
    stored(3, AudioSpan(7, 8.5), "再见。", 9.0),
)


def test_each_turn_s_span_with_what_it_answered() -> None:
    spoken = [AudioSpan(3.05, 3.9), AudioSpan(7.1, 8.4)]
    found = stretches(TURNS, spoken)
    told = [(each.audio, each.turn and each.turn.seq, each.reply and each.reply.text) for each in found]
    assert told == [(AudioSpan(3, 4), 2, "您是本人吗？"), (AudioSpan(7, 8.5), 3, "喘不喘？")]


def test_speech_no_turn_took_is_heard_as_said_to_the_last_sentence_begun() -> None:
    spoken = [AudioSpan(3.05, 3.9), AudioSpan(5.0, 5.4), AudioSpan(5.9, 6.4), AudioSpan(6.8, 8.4), AudioSpan(10, 10.1)]
    found = stretches(TURNS, spoken)
    assert [(each.audio, each.turn is None) for each in found] == [
        (AudioSpan(3, 4), False),
        (AudioSpan(5.0, 6.4), True),  # two pieces with a breath between; a tenth of a second is no speech
        (AudioSpan(7, 8.5), False),
    ]
    assert found[1].reply == TURNS[1].reply


def test_what_is_heard_before_the_robot_spoke_is_nobody_s() -> None:
    assert stretches((), [AudioSpan(0, 9)]) == []
    assert [each.audio.start for each in stretches(TURNS[:1], [AudioSpan(0.0, 0.15), AudioSpan(1.0, 2.0)])] == [1.0]


def test_a_machine_s_words_are_not_heard_again() -> None:
    machine = stored(1, AudioSpan(1, 6), "")
    machine = replace(machine, turn=replace(machine.turn, kind=TurnKind.MACHINE))
    assert stretches((machine, TURNS[1]), [AudioSpan(1.2, 5.8)])[0].turn == TURNS[1]


@pytest.mark.parametrize("spoken", [[], [AudioSpan(0, 20), AudioSpan(21, 45), AudioSpan(46, 70)]])
def test_a_long_turn_is_cut_where_somebody_pauses(spoken: list[AudioSpan]) -> None:
    (only,) = stretches((stored(1, AudioSpan(0, 70), "？"),), spoken)
    assert all(piece.end - piece.start <= LONGEST_SECONDS for piece in only.pieces)
    assert only.audio == AudioSpan(0, 70)
    if spoken:
        assert only.pieces == (AudioSpan(0, 20), AudioSpan(21, 45), AudioSpan(46, 70))


def test_a_little_is_heard_around_a_span() -> None:
    pcm = bytes(range(200)) * 200  # 200 seconds of 100 samples
    assert cut(pcm, AudioSpan(100, 101), 100) == pcm[2 * 9_965 : 2 * 10_130]
    assert cut(pcm, AudioSpan(0, 1), 100) == pcm[: 2 * 130]
