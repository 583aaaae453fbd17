"""A danger in words whose turn is not over yet: the card at once, and what the whole turn makes of it. Pure.

The evidence of an early card carries the id of the turn that is still being said. As long as that turn is not stored
nobody else can know its id, so whatever bears it then was early."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.escalation import policy
from agent.escalation.states import joined
from agent.model.clock import NewId
from agent.model.escalation import Escalation, EscalationKind, EscalationStatus, Evidence
from agent.model.finding import Alarm, Level, Reading, Status
from agent.model.turn import Turn, TurnKind

UNDER_WAY = "（患者还在说，这是说到一半的话）"
CUT_OFF = "（后面的话没有听清，请听录音核实）"
HAD_ALARMED = "话没说完时报过警"
AFTER_THE_WHOLE = "听完整句后"
NOT_AGAIN = "没有再听到，请听录音核对"
TAKEN_BACK = {
    Status.DENIED: "患者否认",
    Status.PAST: "是以前的事",
    Status.HYPOTHETICAL: "只是假设",
    Status.OTHER_PERSON: "说的是别人",
    Status.NOT_ASSERTED: "不是在说自己的症状",
    Status.UNCERTAIN: "患者不确定",
}


def raise_early(
    reading: Reading, turn: Turn, patient_id: str, open_now: Sequence[Escalation], new_id: NewId
) -> list[Escalation]:
    """The cards of a half sentence's alarms, new ones and those they join; empty where they stand already."""
    alarms = tuple(replace(alarm, reason=alarm.reason + UNDER_WAY) for alarm in reading.alarms)
    return policy.raise_for(replace(reading, alarms=alarms), turn, patient_id, open_now, new_id)


def heard_whole(reading: Reading, turn: Turn, open_now: Sequence[Escalation]) -> list[Escalation]:
    """The early cards of this turn, which is not stored yet, as its whole words leave them: the same danger with the
    whole words; another, where these name one that no card tells; yellow and saying why, where the rest took it back or
    it was not heard again; where nothing was understood, as it stood, saying so. The end of the attempt says so too of
    cards whose whole words were never stored."""
    told = {card.rule for card in open_now if card.status is not EscalationStatus.RESOLVED}
    changed: list[Escalation] = []
    for card in _early(turn, open_now):
        fired = _fired(card, reading)
        if fired is None and card.evidence.turn_id == turn.id:
            fired = _heard_better(reading, told)
        after = _settled(card, fired, reading, turn)
        told.add(after.rule)
        changed += [after] if after != card else []
    return changed + _never_whole(turn, open_now)


def one_card(
    reading: Reading, turn: Turn, raised: Sequence[Escalation], open_now: Sequence[Escalation]
) -> list[Escalation]:
    """What was raised by the whole words of this turn, an early card they do not bear out made one with the card of
    the red danger they tell: of one sentence a nurse is told once. Her own card stays the one, if she took the early
    one; two nurses who took one each keep both."""
    now = {card.id: card for card in raised}
    for card in open_now:
        now.setdefault(card.id, card)
    for early in _early(turn, open_now):
        if reading.text and early.evidence.turn_id == turn.id and _fired(early, reading) is None:
            red = _red_neighbour(now[early.id], reading, now.values())
            now.update({card.id: card for card in _joined(early, now[early.id], red, reading, turn)})
    before = {card.id: card for card in open_now}
    return [card for card in now.values() if card != before.get(card.id)]


def halves(card: Escalation) -> tuple[Evidence, ...]:
    """What of `also` is a sentence half said whose whole words stand before it on the same card."""
    turns = [card.evidence.turn_id, *(each.turn_id for each in card.also)]
    return tuple(each for at, each in enumerate(card.also, 1) if each.turn_id and each.turn_id in turns[:at])


def told_apart(reason: str) -> tuple[str, str]:
    """A card's reason as its rule gave it, and in a few words what is told of words under way: that they still go on,
    were cut off, or what the whole sentence said; "" of a card that was never early."""
    rule, _, whole = reason.partition(f"；{AFTER_THE_WHOLE}：")
    if whole:
        return rule, f"{AFTER_THE_WHOLE}：{whole.partition('，')[0]}"
    ending = next((each for each in (UNDER_WAY, CUT_OFF) if reason.endswith(each)), "")
    return reason.removesuffix(ending), ending.strip("（）").partition("，")[0]


def ledger(reading: Reading, turn: Turn, open_now: Sequence[Escalation]) -> Reading:
    """The reading with one held-back alarm for each early card that the whole words do not bear out: the safety ledger
    tells that it alarmed and why it was taken back."""
    held_back = [
        Alarm(
            rule=card.rule,
            level=Level.RED,
            reason=f"{_reason(card)}；{HAD_ALARMED}，{AFTER_THE_WHOLE}：{_why(card, reading)}",
            concepts=tuple(concept for alarm in _of(card, reading) for concept in alarm.concepts),
            surface="",
            span=(0, 0),
            suppressed=True,
        )
        for card in _early(turn, open_now)
        if reading.text and _fired(card, reading) is None
    ]
    return replace(reading, alarms=(*reading.alarms, *held_back)) if held_back else reading


def _early(turn: Turn, cards: Sequence[Escalation]) -> list[Escalation]:
    return [
        card
        for card in cards
        if card.kind is EscalationKind.RED_FLAG
        and card.status is not EscalationStatus.RESOLVED
        and any(evidence.turn_id == turn.id for evidence in (card.evidence, *card.also))
    ]


def _red_neighbour(card: Escalation, reading: Reading, cards: Iterable[Escalation]) -> Escalation | None:
    """The card of another red danger in the same words; None where `card` itself became that one."""
    rules = {alarm.rule for alarm in reading.red_words}
    if card.rule in rules or card.level is Level.RED:
        return None
    red = (each for each in cards if each.rule in rules and each.kind is card.kind and each.level is Level.RED)
    return next((each for each in red if each.status is not EscalationStatus.RESOLVED), None)


def _joined(
    early: Escalation, card: Escalation, red: Escalation | None, reading: Reading, turn: Turn
) -> list[Escalation]:
    """`card` is the early one as the whole words left it. Nothing where the two must stay apart: each in other hands,
    or the danger in hands that have known it from before."""
    if red is None or card.status is EscalationStatus.SNOOZED:
        return []
    taken, held = (each.status is EscalationStatus.TAKEN for each in (card, red))
    of_this_turn = red.evidence.turn_id == turn.id
    if held and card.owner != red.owner and (taken or not of_this_turn):
        return []
    half = () if _why(card, reading) != NOT_AGAIN or early.evidence.words == reading.text else (early.evidence,)
    if taken and not held:
        hers = replace(
            card,
            level=red.level,
            rule=red.rule,
            reason=red.reason,
            evidence=red.evidence,
            also=(*red.also, *half),
            created_at=min(card.created_at, red.created_at),
        )
        return [hers, joined(red, turn.at)]
    return [replace(red, also=(*red.also, *half)), joined(card, turn.at)]


def _never_whole(turn: Turn, cards: Sequence[Escalation]) -> list[Escalation]:
    """The call is over, and these still say that the patient speaks: its process died, or the store failed it."""
    if turn.kind is not TurnKind.HANGUP:
        return []
    return [
        replace(card, reason=_reason(card) + CUT_OFF)
        for card in cards
        if card.reason.endswith(UNDER_WAY)
        and card.status is not EscalationStatus.RESOLVED
        and card.evidence.attempt_id == turn.attempt_id
        and card.evidence.turn_id != turn.id
    ]


def _heard_better(reading: Reading, told: set[str]) -> Alarm | None:
    """A red danger of the whole words that no card tells: half of them were taken for its like. A measured value is
    like no words, and has a card of its own."""
    return next((alarm for alarm in reading.red_words if alarm.rule not in told), None)


def _settled(card: Escalation, fired: Alarm | None, reading: Reading, turn: Turn) -> Escalation:
    in_front = card.evidence.turn_id == turn.id
    if not reading.text:
        return replace(card, reason=_reason(card) + CUT_OFF) if in_front else card
    if fired is not None:
        whole = policy.evidence_of(fired, reading, turn)
        if in_front:
            return replace(card, evidence=whole, level=fired.level, reason=fired.reason, rule=fired.rule)
        return replace(card, also=tuple(whole if each.turn_id == turn.id else each for each in card.also))
    if not in_front:
        return replace(card, also=tuple(each for each in card.also if each.turn_id != turn.id))
    reason = f"{_reason(card)}；{AFTER_THE_WHOLE}：{_why(card, reading)}"
    return replace(card, evidence=_unmarked(card, reading, turn), level=Level.YELLOW, reason=reason)


def _unmarked(card: Escalation, reading: Reading, turn: Turn) -> Evidence:
    """The whole words, with the phrase marked that was taken back in them."""
    span = next((alarm.span for alarm in _of(card, reading)), (0, 0))
    return replace(card.evidence, words=reading.text, span=span, audio=turn.audio)


def _fired(card: Escalation, reading: Reading) -> Alarm | None:
    alarms = (alarm for alarm in _of(card, reading) if not alarm.suppressed and alarm.level is not Level.NONE)
    return next(alarms, None)


def _of(card: Escalation, reading: Reading) -> list[Alarm]:
    return [alarm for alarm in reading.alarms if alarm.rule == card.rule]


def _why(card: Escalation, reading: Reading) -> str:
    """In the nurse's words: what the whole sentence says of the danger."""
    concepts = {concept for alarm in _of(card, reading) for concept in alarm.concepts}
    statuses = [finding.status for finding in reading.findings if finding.concept in concepts]
    return next((TAKEN_BACK[status] for status in statuses if status in TAKEN_BACK), NOT_AGAIN)


def _reason(card: Escalation) -> str:
    return card.reason.removesuffix(UNDER_WAY).removesuffix(CUT_OFF)
