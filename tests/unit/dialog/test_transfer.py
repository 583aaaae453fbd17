"""A living call handed to a nurse: when it is offered, what is said, and what follows when nobody takes it."""

from dataclasses import replace

import pytest

from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.finding import Reading
from agent.model.move import Move, MoveKind
from agent.model.session import Phase
from agent.model.step import TransferState
from agent.model.turn import TRANSFER_NOT_TAKEN, TRANSFER_TAKEN, TurnKind
from tests.unit.dialog.talk import NO, OPENING, YES, Talk, opening_of, red

STAFFED = opening_of(nurse_from=8, nurse_until=17)  # it is ten o'clock
NOT_NOW = opening_of(nurse_from=13, nurse_until=17)


class Transferred(Talk):
    def carrier(self, word: str) -> "Transferred":
        self.send(Move(MoveKind.TRANSFER), Reading(word), self._turn(TurnKind.TRANSFER, word))
        return self


def asking_for_a_person(opening=STAFFED) -> Transferred:  # type: ignore[no-untyped-def]
    talk = Transferred(opening)
    talk.identified()
    talk.turn("我要跟护士说", MoveKind.WANT_HUMAN)
    return talk


def test_who_asks_for_a_person_is_connected_while_a_nurse_is_there() -> None:
    talk = asking_for_a_person()
    reply = talk.last.reply
    assert reply.transfer is not None and reply.transfer.reason == "want_human"
    assert "接通护士" in reply.text and not reply.interruptible and not reply.end
    assert [request.rule for request in talk.last.requests] == ["want_human"]
    assert talk.last.transfer is TransferState.RINGING


@pytest.mark.parametrize("opening", [OPENING, NOT_NOW, replace(STAFFED, channel=Channel.WEBCHAT)])
def test_without_a_staffed_line_a_callback_is_promised(opening) -> None:  # type: ignore[no-untyped-def]
    talk = asking_for_a_person(opening)
    assert talk.last.reply.transfer is None and talk.last.transfer is None
    assert [request.rule for request in talk.last.requests] == ["want_human"]


def test_a_taken_transfer_ends_the_attempt_and_leaves_the_rest_to_the_nurse() -> None:
    talk = asking_for_a_person().carrier(TRANSFER_TAKEN)
    end = talk.last.end
    assert end is not None and (end.contact_status, end.outcome) == (ContactStatus.PARTIAL, AttemptOutcome.TRANSFERRED)
    assert talk.last.transfer is TransferState.TAKEN and talk.said == ""
    again = talk.carrier(TRANSFER_TAKEN)  # the carrier says it twice
    assert again.last.end is None and again.last.transfer is None


def test_nobody_takes_it_a_callback_is_promised_and_the_questions_may_go_on() -> None:
    talk = asking_for_a_person()
    open_question = talk.session.current
    talk.carrier(TRANSFER_NOT_TAKEN)
    assert "回电" in talk.said and "继续" in talk.said
    assert talk.last.transfer is TransferState.NOT_TAKEN and talk.last.end is None
    talk.turn("好", MoveKind.AFFIRM, YES)
    assert talk.session.current == open_question
    talk.turn("还是找护士", MoveKind.WANT_HUMAN)
    assert talk.last.reply.transfer is None and talk.last.end is not None  # not rung in vain twice


def test_before_the_identity_a_transfer_in_vain_ends_the_call() -> None:
    talk = Transferred(STAFFED)
    talk.turn("转人工", MoveKind.WANT_HUMAN)
    talk.carrier(TRANSFER_NOT_TAKEN)
    assert talk.last.end is not None and talk.last.end.reason == "transfer_not_taken"
    assert "回电" in talk.said


def test_a_red_flag_that_asks_for_it_is_connected_after_the_advice() -> None:
    talk = Transferred(STAFFED)
    talk.identified()
    talk.turn("我不想活了", read=red("我不想活了", "suicidal"))
    assert talk.last.reply.transfer is not None and talk.last.reply.transfer.reason == "family_suicide"
    assert talk.said.endswith("请不要挂断。") and len(talk.last.reply.sentences) > 1
    talk.carrier(TRANSFER_NOT_TAKEN)
    assert "回电" in talk.said and "身边有人" in talk.said  # the closing question
    talk.turn("有", MoveKind.AFFIRM, YES)
    assert talk.last.end is not None and talk.last.end.outcome is AttemptOutcome.RED_FLAG


def test_a_red_flag_that_does_not_ask_for_it_is_not() -> None:
    talk = Transferred(STAFFED)
    talk.identified()
    talk.turn("胸口疼", read=red("胸口疼", "chest_pain"))
    assert talk.last.reply.transfer is None and talk.session.phase is Phase.RED_FLAG
    talk.turn("我要找护士", MoveKind.WANT_HUMAN)
    assert talk.last.reply.transfer is not None  # but the patient may


def test_what_is_said_while_the_nurses_telephone_rings_is_not_answered() -> None:
    talk = asking_for_a_person()
    session = talk.session
    talk.turn("好的谢谢", MoveKind.THANKS)
    assert talk.said == "" and talk.last.end is None
    assert talk.session.transferring == "want_human" and talk.session.answers == session.answers


def test_who_does_not_wait_for_the_nurse_is_on_record() -> None:
    talk = asking_for_a_person()
    talk.hang_up()
    end = talk.last.end
    assert end is not None and (end.contact_status, end.reason) == (ContactStatus.PARTIAL, "transfer_left")
    assert talk.last.transfer is TransferState.LEFT


def test_the_answers_of_a_transferred_talk_are_kept() -> None:
    talk = Transferred(STAFFED)
    talk.identified().turn("不喘", MoveKind.DENY, NO)
    talk.turn("找护士", MoveKind.WANT_HUMAN)
    talk.carrier(TRANSFER_TAKEN)
    assert [answer.value for answer in talk.session.answers] == [False]
