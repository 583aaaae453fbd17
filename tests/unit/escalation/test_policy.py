"""When a nurse is told, and when she already knows."""

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from agent.escalation.policy import (
    Occasion,
    announce,
    raise_for,
    request,
    technical,
    unanswered_question,
    unclear,
)
from agent.escalation.states import snooze, take
from agent.model.clock import NewId
from agent.model.escalation import (
    TECHNICAL_REASONS,
    Escalation,
    EscalationKind,
    EscalationStatus,
    TechnicalCause,
)
from agent.model.finding import Alarm, Level, Measurement, Reading
from agent.model.record import Event, OutboxKind
from agent.model.turn import AudioSpan
from tests.fakes.rows import NOON, turn


@pytest.fixture
def new_id() -> NewId:
    numbers = count(1)
    return lambda: f"e{next(numbers)}"


def alarm(rule: str = "chest_pain", level: Level = Level.RED, **changes: Any) -> Alarm:
    return replace(Alarm(rule, level, "说有胸痛", (rule,), "心口疼", (2, 5), 0.9), **changes)


def heard(*alarms: Alarm, text: str = "我的心口疼得厉害") -> Reading:
    return Reading(text=text, alarms=alarms)


SAID = turn(1, text="我的心口疼得厉害", audio=AudioSpan(12.0, 14.5), confidence=0.8)


SYSTOLIC = Measurement("systolic", 210, "mmHg", "两百一", (0, 3))


def one(raised: list[Escalation]) -> Escalation:
    (only,) = raised
    return only


def test_an_alarm_becomes_a_card_with_its_evidence(new_id: NewId) -> None:
    card = one(raise_for(heard(alarm(by_sound=True)), SAID, "p0001", [], new_id))
    assert (card.patient_id, card.contact_id, card.rule, card.reason) == ("p0001", "c0001-3", "chest_pain", "说有胸痛")
    assert (card.kind, card.level, card.status) == (EscalationKind.RED_FLAG, Level.RED, EscalationStatus.OPEN)
    assert card.created_at == SAID.at
    evidence = card.evidence
    assert evidence.words[slice(*evidence.span)] == "心口疼"
    assert (evidence.turn_id, evidence.attempt_id, evidence.audio) == (SAID.id, SAID.attempt_id, SAID.audio)
    assert (evidence.confidence, evidence.by_sound) == (0.8, True)  # no surer than the hearing


def test_a_value_over_its_limit_is_a_threshold(new_id: NewId) -> None:
    reading = replace(heard(alarm("systolic_high", concepts=("systolic",)), alarm()), measurements=(SYSTOLIC,))
    cards = raise_for(reading, SAID, "p0001", [], new_id)
    kinds = {card.rule: card.kind for card in cards}
    assert kinds == {"systolic_high": EscalationKind.THRESHOLD, "chest_pain": EscalationKind.RED_FLAG}


def test_suppressed_alarms_and_level_none_raise_nothing(new_id: NewId) -> None:
    assert raise_for(heard(alarm(suppressed=True), alarm("x", Level.NONE)), SAID, "p0001", [], new_id) == []


def test_each_rule_is_a_card_red_first(new_id: NewId) -> None:
    cards = raise_for(heard(alarm("fever", Level.YELLOW), alarm()), SAID, "p0001", [], new_id)
    assert [card.rule for card in cards] == ["chest_pain", "fever"]


def test_one_rule_twice_in_one_utterance_is_one_card_of_the_higher_level(new_id: NewId) -> None:
    card = one(raise_for(heard(alarm(level=Level.YELLOW), alarm()), SAID, "p0001", [], new_id))
    assert (card.level, card.also) == (Level.RED, ())


def test_the_same_words_again_are_not_shown_again(new_id: NewId) -> None:
    standing = raise_for(heard(alarm()), SAID, "p0001", [], new_id)
    assert raise_for(heard(alarm()), turn(2), "p0001", standing, new_id) == []


def test_new_words_join_the_card_and_leave_its_owner(new_id: NewId) -> None:
    standing = one(raise_for(heard(alarm()), SAID, "p0001", [], new_id))
    taken = replace(take(standing, "lihua", NOON)[0], version=2)
    card = one(raise_for(heard(alarm(), text="还是疼，出冷汗"), turn(2), "p0001", [taken], new_id))
    assert (card.id, card.owner, card.version, card.evidence) == (standing.id, "lihua", 2, standing.evidence)
    assert [evidence.words for evidence in card.also] == ["还是疼，出冷汗"]


def test_what_was_put_off_comes_back_when_the_patient_says_it_again(new_id: NewId) -> None:
    standing = one(raise_for(heard(alarm()), SAID, "p0001", [], new_id))
    away, _ = snooze(standing, "lihua", NOON, NOON + timedelta(minutes=30))
    card = one(raise_for(heard(alarm(), text="还是疼，出冷汗"), turn(2), "p0001", [away], new_id))
    assert (card.status, card.owner, card.snoozed_until) == (EscalationStatus.OPEN, None, None)
    assert card.touched_at == turn(2).at


def test_the_same_words_in_another_call_join_the_card(new_id: NewId) -> None:
    standing = raise_for(heard(alarm()), SAID, "p0001", [], new_id)
    again = turn(2, attempt_id="a0001-7", contact_id="c0001-7")
    card = one(raise_for(heard(alarm()), again, "p0001", standing, new_id))
    assert card.also[0].attempt_id == "a0001-7"


def test_a_higher_level_comes_to_the_front_and_back_to_everybody(new_id: NewId) -> None:
    yellow = one(raise_for(heard(alarm(level=Level.YELLOW), text="有点闷"), SAID, "p0001", [], new_id))
    taken, _ = take(yellow, "lihua", NOON)
    red = alarm(reason="胸痛加重")
    card = one(raise_for(heard(red), turn(2), "p0001", [taken], new_id))
    assert (card.id, card.level, card.reason) == (yellow.id, Level.RED, "胸痛加重")
    assert (card.status, card.owner, card.taken_at) == (EscalationStatus.OPEN, None, None)
    assert card.evidence.words == "我的心口疼得厉害"
    assert [evidence.words for evidence in card.also] == ["有点闷"]
    assert card.created_at == yellow.created_at


def test_a_lower_level_never_calms_a_card(new_id: NewId) -> None:
    standing = raise_for(heard(alarm()), SAID, "p0001", [], new_id)
    mild = heard(alarm(level=Level.YELLOW), text="好一点了还有点疼")
    assert one(raise_for(mild, turn(2), "p0001", standing, new_id)).level is Level.RED


def test_a_resolved_card_another_patient_and_another_rule_do_not_count(new_id: NewId) -> None:
    standing = one(raise_for(heard(alarm()), SAID, "p0001", [], new_id))
    for other in (
        replace(standing, status=EscalationStatus.RESOLVED),
        replace(standing, patient_id="p0002"),
        replace(standing, rule="fever"),
    ):
        assert one(raise_for(heard(alarm()), turn(2), "p0001", [other], new_id)).id != standing.id


def test_our_own_failures_ask_for_a_person_once_for_each_contact(new_id: NewId) -> None:
    occasion = Occasion("p0001", "c0001-3", NOON)
    card = technical(occasion, TechnicalCause.DIALOGUE_DOWN, [], new_id)
    assert card is not None
    assert (card.kind, card.level, card.rule) == (EscalationKind.TECHNICAL, Level.YELLOW, "dialogue_down")
    assert technical(occasion, TechnicalCause.DIALOGUE_DOWN, [card], new_id) is None
    assert technical(replace(occasion, contact_id="c0001-7"), TechnicalCause.DIALOGUE_DOWN, [card], new_id)
    assert technical(occasion, TechnicalCause.VOICE_DOWN, [card], new_id)
    assert set(TECHNICAL_REASONS) == set(TechnicalCause)


def test_questions_without_an_answer_gather_on_one_card(new_id: NewId) -> None:
    first = unanswered_question(Occasion.of(turn(1, text="能吃柚子吗"), "p0001"), [], new_id)
    assert first is not None
    both = unanswered_question(Occasion.of(turn(2, text="能坐飞机吗"), "p0001"), [first], new_id)
    assert both is not None
    assert (both.id, both.evidence.words, both.also[0].words) == (first.id, "能吃柚子吗", "能坐飞机吗")


def test_a_wish_for_a_person_and_an_unsettled_danger(new_id: NewId) -> None:
    occasion = Occasion.of(SAID, "p0001")
    asked = request(occasion, [], new_id)
    hidden = unclear(occasion, "chest_pain", "可能在说胸痛，两次没有问清", [], new_id)
    assert asked is not None and hidden is not None
    assert (asked.kind, hidden.kind, hidden.rule) == (EscalationKind.REQUEST, EscalationKind.UNCLEAR, "chest_pain")
    assert hidden.evidence.span == (0, len(SAID.text))


def test_each_change_is_announced(new_id: NewId) -> None:
    yellow = one(raise_for(heard(alarm(level=Level.YELLOW), text="有点闷"), SAID, "p0001", [], new_id))
    taken, _ = take(yellow, "lihua", NOON)
    raised = raise_for(heard(alarm(), alarm("fever")), turn(2), "p0001", [taken], new_id)
    events, messages = announce(raised, [taken], NOON, new_id)
    assert events == [
        Event("escalation", yellow.id, "taken", "open", NOON, "robot", "climbed"),
        Event("escalation", raised[1].id, None, "open", NOON, "robot", "fever"),
    ]
    assert [(m.kind, m.subject) for m in messages] == [
        (OutboxKind.ESCALATION_CHANGED, yellow.id),
        (OutboxKind.ESCALATION_RAISED, raised[1].id),
    ]
    more = raise_for(heard(alarm(), text="还疼"), turn(3), "p0001", raised, new_id)
    assert announce(more, raised, NOON, new_id)[0][0].reason == "said_again"
