"""A nurse takes a call over: at any hour, in any phase, and what follows when her telephone is not answered."""

from agent.model.contact import AttemptOutcome
from agent.model.finding import Reading
from agent.model.move import Move, MoveKind
from agent.model.session import Phase
from agent.model.step import TransferState
from agent.model.turn import TRANSFER_NOT_TAKEN, TRANSFER_TAKEN, TurnKind
from tests.unit.dialog.talk import YES, Talk, red


class Wanted(Talk):
    def nurse(self) -> "Wanted":
        self.send(Move(MoveKind.TAKE_OVER), Reading(""), self._turn(TurnKind.TAKE_OVER, ""))
        return self

    def carrier(self, word: str) -> "Wanted":
        self.send(Move(MoveKind.TRANSFER), Reading(word), self._turn(TurnKind.TRANSFER, word))
        return self


def asked() -> Wanted:
    talk = Wanted()
    talk.identified()
    return talk


def test_the_robot_says_one_sentence_and_connects_though_no_ward_line_is_staffed() -> None:
    talk = asked().nurse()
    reply = talk.last.reply
    assert len(reply.sentences) == 1 and "接通护士" in reply.text and not reply.interruptible
    assert reply.transfer is not None and reply.transfer.reason == "take_over"
    assert talk.last.transfer is TransferState.RINGING and talk.last.requests == ()


def test_it_is_obeyed_before_the_patient_has_said_who_he_is() -> None:
    talk = Wanted().nurse()
    assert talk.last.reply.transfer is not None
    talk.carrier(TRANSFER_NOT_TAKEN)
    assert talk.last.end is not None and "回电" in talk.said


def test_a_nurse_who_takes_it_has_ended_the_robots_part() -> None:
    talk = asked().nurse().carrier(TRANSFER_TAKEN)
    assert talk.last.end is not None and talk.last.end.outcome is AttemptOutcome.TRANSFERRED
    assert talk.last.requests == ()


def test_the_callback_that_is_promised_when_nobody_answers_is_a_card() -> None:
    talk = asked().nurse().carrier(TRANSFER_NOT_TAKEN)
    assert "回电" in talk.said and talk.last.end is None
    assert [request.rule for request in talk.last.requests] == ["take_over"]
    talk.turn("好", MoveKind.AFFIRM, YES)
    assert talk.session.phase is Phase.QUESTIONS
    talk.nurse()
    assert talk.last.reply.transfer is not None  # she may try again
    talk.carrier(TRANSFER_NOT_TAKEN)
    assert talk.last.requests == ()  # one card is enough


def test_a_danger_is_taken_over_too_and_goes_on_when_nobody_answers() -> None:
    talk = asked()
    talk.turn("胸口疼", read=red("胸口疼", "chest_pain"))
    talk.nurse()
    assert talk.last.reply.transfer is not None
    talk.carrier(TRANSFER_NOT_TAKEN)
    assert talk.session.phase is Phase.RED_FLAG and "回电" in talk.said


def test_while_a_nurses_telephone_rings_already_and_after_the_end_nothing_happens() -> None:
    talk = asked().nurse().nurse()
    assert talk.said == "" and talk.last.transfer is None
    talk.carrier(TRANSFER_TAKEN).nurse()
    assert talk.last.reply.end and talk.last.reply.transfer is None
