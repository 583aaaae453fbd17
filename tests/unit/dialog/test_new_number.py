"""Another telephone number: told in pieces, read back, handed to the coordinator, and never changed by the robot."""

import pytest

from agent.dialog.telephone_numbers import spoken_in_groups, told_digits, whole
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from tests.unit.dialog.talk import NO, YES, Talk

CHANGED = MoveKind.NUMBER_CHANGED


def reason(talk: Talk) -> str:
    assert [(one.kind, one.rule) for one in talk.last.requests] == [(EscalationKind.REQUEST, "number_changed")]
    return talk.last.requests[0].reason


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("13800138000", "13800138000"),
        ("138-0013-8000", "13800138000"),
        ("一三八零零一三八零零零", "13800138000"),
        ("幺三八，零零幺三，八，三个零", "13800138000"),
        ("我的新号码是一个 139 开头的", "139"),
        ("换了一个号", ""),
        ("零五七一八八六六五五四四", "057188665544"),
    ],
)
def test_digits_as_they_are_told(words: str, digits: str) -> None:
    assert told_digits(words) == digits


def test_which_numbers_are_whole() -> None:
    assert all(map(whole, ("13800138000", "057188665544", "01066668888", "88665544")))
    assert not any(map(whole, ("1380013", "138001380001", "10086", "")))


def test_said_back_in_groups() -> None:
    assert spoken_in_groups("13800138000") == "幺三八，零零幺三，八零零零，"
    assert spoken_in_groups("057188665544") == "零五七幺，八八六六，五五四四，"


def test_a_relative_tells_the_number_in_two_breaths() -> None:
    talk = Talk().turn("他换号了", CHANGED)
    assert "报一下新的号码" in talk.said and talk.last.requests == ()
    assert "接着报" in talk.turn("一三八零零").said
    assert talk.turn("一三八零零零").said == "您说的是幺三八，零零幺三，八零零零，对吗？"
    talk.turn("对", MoveKind.AFFIRM, YES)
    assert "13800138000" in reason(talk)
    assert talk.last.end is not None and talk.last.end.resume_at is None  # nobody is dialled before a person looked
    assert (talk.last.end.contact_status, talk.last.end.outcome) == (
        ContactStatus.UNREACHABLE,
        AttemptOutcome.WRONG_PERSON,
    )


def test_the_number_said_at_once_is_read_back_at_once() -> None:
    talk = Talk().turn("他换号了，打13800138000", CHANGED)
    assert "幺三八" in talk.said
    assert "13900139000" not in talk.turn("不对", MoveKind.DENY, NO).said
    talk.turn("13900139000")
    talk.turn("对的", MoveKind.AFFIRM, YES)
    assert "13900139000" in reason(talk)


def test_a_slip_is_put_right() -> None:
    talk = Talk().turn("他换号了", CHANGED).turn("13800138000").turn("不是，是13800138001", MoveKind.CORRECT, NO)
    assert "八零零幺" in talk.said
    assert "13800138001" in reason(talk.turn("对", MoveKind.AFFIRM, YES))


def test_keys_do_too() -> None:
    talk = Talk().turn("他换号了", CHANGED).digits("13800138000").digits("1")
    assert "13800138000" in reason(talk)


@pytest.mark.parametrize(
    ("words", "kind"), [("不知道", MoveKind.DENY), ("不想说", MoveKind.REFUSE), ("挂了", MoveKind.GOODBYE)]
)
def test_who_does_not_tell_it_is_let_go(words: str, kind: MoveKind) -> None:
    talk = Talk().turn("他换号了", CHANGED).turn(words, kind)
    assert "没有问到" in reason(talk) and talk.last.end is not None


def test_hanging_up_in_the_middle_is_told_too() -> None:
    talk = Talk().turn("他换号了", CHANGED).turn("一三八").hang_up()
    assert "没有问到" in reason(talk)


def test_it_never_goes_on_for_ever() -> None:
    talk = Talk().turn("他换号了", CHANGED)
    for _ in range(12):
        if talk.last.end is not None:
            break
        talk.turn("一三八", MoveKind.REPEAT)
    assert talk.last.end is not None


def test_a_known_patient_goes_on_with_the_questions() -> None:
    talk = Talk().identified().turn("我换号了，记一下", CHANGED).turn("13800138000").turn("对", MoveKind.AFFIRM, YES)
    assert "13800138000" in reason(talk)
    assert talk.last.end is None and "喘不喘" in talk.said


def test_he_has_died_goes_before_his_number() -> None:
    talk = Talk().turn("他不用这个号了", CHANGED).turn("他已经去世了", MoveKind.DECEASED)
    assert "不在了吗" in talk.said


def test_a_death_told_time_and_again_beside_a_number_is_sure() -> None:
    """The two asked for each other in turn and never came to an end."""
    talk = Talk().identified()
    for _ in range(12):
        if talk.last.end is not None:
            break
        talk.turn("他不用这个号了", CHANGED).turn("他已经去世了", MoveKind.DECEASED)
    assert talk.last.end is not None and talk.last.end.contact_status is ContactStatus.WAIVED
