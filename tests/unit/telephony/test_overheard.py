"""Words of an utterance under way, on virtual time: what the conversation is told of them, and when."""

from agent.model.turn import Expect, Reply, TurnKind
from tests.fakes.one_call import QUESTION, Talk, call
from tests.fakes.phone import Says, ScriptedLine

LISTING = Reply(("说说看。",), Expect.FREE_TEXT, "q1", patience_seconds=6.0)
PAUSES = [
    Says(2.6, 1.0, "胸口疼，倒是没有", so_far=((1.0, "胸口疼"), (2.2, "胸口疼倒是没有"))),
    Says(4.2, 0.8),
]


def test_words_known_in_a_pause_are_told_at_once_under_the_id_of_the_turn_that_brings_them_all() -> None:
    line, talk = ScriptedLine(PAUSES), Talk([LISTING])
    call(line, talk)
    (first_at, turn_id, words), (_, same, more) = talk.overheard
    assert words == "胸口疼" and 3.7 <= first_at <= 3.9
    assert (same, more) == (turn_id, "胸口疼倒是没有")
    spoken = [number for number, kind in enumerate(talk.kinds) if kind is TurnKind.SPEECH]
    assert [talk.ids[number] for number in spoken] == [turn_id]
    assert talk.turns[spoken[0]][2] == "胸口疼，倒是没有"


def test_words_in_running_speech_wait_for_a_pause() -> None:
    line = ScriptedLine([Says(2.6, 2.0, "胸口疼倒是没有", so_far=((0.5, "胸口疼"), (1.5, "胸口疼倒是没有")))])
    talk = Talk([LISTING])
    call(line, talk)
    assert [words for _, _, words in talk.overheard] == ["胸口疼倒是没有"]


def test_words_that_come_late_in_a_pause_are_told_when_they_come() -> None:
    line, talk = ScriptedLine([Says(2.6, 1.0, "我胸口疼", so_far=((1.6, "我胸口疼"),))]), Talk([LISTING])
    call(line, talk)
    ((at, _, words),) = talk.overheard
    assert words == "我胸口疼" and at < talk.turns[1][0]


def test_every_turn_s_words_have_an_id_of_their_own() -> None:
    says = [
        Says(2.6, 1.0, "没有", so_far=((1.0, "没有"),)),
        Says(8.0, 1.0, "我胸口疼", so_far=((1.0, "我胸口疼"),)),
    ]
    talk = Talk([QUESTION, QUESTION])
    call(ScriptedLine(says), talk)
    assert [turn_id for _, turn_id, _ in talk.overheard] == [
        turn_id for turn_id, kind in zip(talk.ids, talk.kinds, strict=True) if kind is TurnKind.SPEECH
    ]
    assert len({turn_id for _, turn_id, _ in talk.overheard}) == 2


def test_a_key_pressed_meanwhile_does_not_take_the_words_id() -> None:
    says = [Says(2.6, 1.0, "我胸口疼", so_far=((1.0, "我胸口疼"),)), Says(4.2, 0.8)]
    talk = Talk([LISTING, LISTING])
    call(ScriptedLine(says, digits={3.9: "1"}), talk)
    ids = dict(zip(talk.kinds, talk.ids, strict=True))
    assert ids[TurnKind.SPEECH] == talk.overheard[0][1] != ids[TurnKind.DIGITS]


def test_hanging_up_in_mid_sentence_brings_the_words_under_the_same_id() -> None:
    says = [Says(2.6, 1.0, "我胸口疼", so_far=((1.0, "我胸口疼"),)), Says(4.0, 3.0)]
    talk = Talk([LISTING])
    call(ScriptedLine(says, hangs_up_at=4.6), talk)
    ids = dict(zip(talk.kinds, talk.ids, strict=True))
    assert ids[TurnKind.SPEECH] == talk.overheard[0][1]


def test_nothing_is_told_of_the_robot_s_own_echo() -> None:
    long = Reply(("".join("请您说说这几天的情况，" for _ in range(4)),), Expect.FREE_TEXT, "q1", patience_seconds=4.0)
    talk = Talk([long])
    call(ScriptedLine([Says(60.0, 0.1, "胸口疼", so_far=((0.1, "胸口疼"),))], echo=True), talk)
    assert talk.overheard == []


def test_words_before_the_question_was_out_are_told_as_no_answer_to_it() -> None:
    notice = Reply(("本次通话会录音。", "您胸口疼吗？"), interruptible=False, patience_seconds=4)
    talk = Talk([notice])
    call(ScriptedLine([Says(0.5, 1.0, "我心口疼", so_far=((1.0, "我心口疼"),))]), talk)
    assert [words for _, _, words in talk.overheard] == ["我心口疼"]
    assert talk.overheard[0][0] < 2.0 < talk.turns[1][0]


def test_telling_changes_nothing_of_the_call_not_even_when_it_fails() -> None:
    class Deaf(Talk):
        async def overhear(self, turn: object) -> None:
            raise RuntimeError("database is gone")

    told, deaf = Talk([LISTING]), Deaf([LISTING])
    call(ScriptedLine(PAUSES), told)
    call(ScriptedLine(PAUSES), deaf)
    assert told.turns == deaf.turns and told.overheard


def test_words_overheard_in_the_goodbye_and_not_made_out_are_settled_all_the_same() -> None:
    talk = Talk([Reply(("再见。",), end=True, interruptible=False)])
    call(ScriptedLine([Says(0.4, 0.8, "", so_far=((0.8, "我胸口疼"),))]), talk)
    assert [words for _, _, words in talk.overheard] == ["我胸口疼"]
    assert (talk.kinds[-1], talk.ids[-1]) == (TurnKind.UNHEARD, talk.overheard[0][1])
