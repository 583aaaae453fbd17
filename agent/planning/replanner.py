"""The rules at work on what was committed: the runner tells of cards and contacts, at least once each."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from agent.model.answer import Answer, AnswerType, numbers_of
from agent.model.contact import Contact, ContactStatus
from agent.model.finding import Level
from agent.model.observation import Observation
from agent.model.plan_rules import ReadingRule
from agent.planning.false_alarm import take_back, was_false
from agent.planning.replan import PlanSource, closer_after_red, sooner_after_reading
from agent.planning.when import When
from agent.store.ports import Records, Store

log = logging.getLogger("suifang.planning")

ENDED = frozenset({ContactStatus.COMPLETED, ContactStatus.PARTIAL})
PRESSURE = "blood_pressure"
QUESTION_OF = {"weight_kg": "weight"}
LOOKS_BACK = 12  # contacts of a patient that readings are taken from


class Replanner:
    """`when` gives the moment, the rules' name and the calling hours."""

    def __init__(self, store: Store, source: PlanSource, when: Callable[[], When]) -> None:
        self._store, self._source, self._when = store, source, when

    async def card_changed(self, card_id: str) -> None:
        """A red card brings the patient closer contacts, once; as a false alarm it takes them back."""
        async with self._store.transaction() as records:
            card = await records.escalation(card_id)
            if was_false(card):
                back = await take_back(records, card, self._source, self._when())
                log.info("after a false alarm: card=%s added=%d waived=%d", card_id, back.added, back.waived)
            elif card.level is Level.RED:
                made = await closer_after_red(records, card, self._source, self._when())
                if made.added:
                    log.info("closer contacts after a red card: card=%s added=%d", card_id, made.added)

    async def contact_changed(self, contact_id: str) -> None:
        """A contact that ended with a reading, or a reading that was sent, may bring the next one sooner."""
        rules = self._source.rules.readings
        if not rules:
            return
        async with self._store.transaction(write=False) as records:
            contact = await records.contact(contact_id)
            values = await _values(records, contact, rules)
        if not values:
            return
        async with self._store.transaction() as records:
            for rule in rules:
                if rule.reading in values:
                    await sooner_after_reading(records, contact, values[rule.reading], rule, self._when())


Numbers = tuple[float, ...]


async def _values(records: Records, contact: Contact, rules: Sequence[ReadingRule]) -> dict[str, list[Numbers]]:
    """The patient's values by reading, oldest first, of those readings that this contact brought: asked in it once it
    ended, or sent by the patient."""
    observations = await records.observations(contact.patient_id)
    if contact.status not in ENDED and all(each.contact_id != contact.id for each in observations):
        return {}
    known = await records.contacts(patient_id=contact.patient_id)
    begun = [each for each in known if each.attempts_made and each.due_at <= contact.due_at and each.id != contact.id]
    ended = [contact] if contact.status in ENDED else []
    points: list[tuple[datetime, str, str, Numbers]] = []  # when, whose contact, reading, values
    for each in (*begun[-LOOKS_BACK:], *ended):
        for answer in await records.answers(each.id):
            if numbers := numbers_of(answer):
                points.append((each.due_at, each.id, _reading_of(answer), numbers))
    asked = {point[1:] for point in points}
    sent = _sent(observations)
    points += [point for point in sent if point[1:] not in asked]  # an answer may be kept as a reading too
    brought = {name for _, where, name, _ in points if where == contact.id} & {rule.reading for rule in rules}
    ordered = sorted(points, key=lambda point: point[0])
    return {name: [numbers for _, _, what, numbers in ordered if what == name] for name in brought}


def _sent(observations: Sequence[Observation]) -> list[tuple[datetime, str, str, Numbers]]:
    """The two pressures of one source as one value."""
    found = []
    for each in observations:
        if each.name == "systolic":
            lower = [o.value for o in observations if (o.name, o.source) == ("diastolic", each.source)]
            found.append((each.at, each.contact_id, PRESSURE, (each.value, *lower)))
        elif each.name != "diastolic":
            found.append((each.at, each.contact_id, QUESTION_OF.get(each.name, each.name), (each.value,)))
    return found


def _reading_of(answer: Answer) -> str:
    """A pressure whatever its question is called; any other number by its question."""
    return PRESSURE if answer.type is AnswerType.BLOOD_PRESSURE else answer.question
