"""What the nurse's screens read, alike on every store."""

from dataclasses import replace
from datetime import date, timedelta

from agent.model import ledger as accounts
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationStatus
from agent.model.finding import Level
from agent.model.ledger import LedgerDay
from agent.model.record import Event
from agent.model.step import TransferState
from agent.store.screens import EscalationCounts, ScreenStore
from tests.fakes.rows import NOON, add_people, attempt, contact, escalation, patient

OPEN, TAKEN, RESOLVED = EscalationStatus.OPEN, EscalationStatus.TAKEN, EscalationStatus.RESOLVED


async def test_many_are_read_at_once_and_unknown_ids_left_out(store: ScreenStore) -> None:
    async with store.transaction() as records:
        await add_people(records, 3)
    async with store.transaction(write=False) as records:
        assert await records.patients_by_id({"p0001", "p0003", "nobody"}) == {"p0001": patient(1), "p0003": patient(3)}
        assert await records.contacts_by_id({"c0002-7", "none"}) == {"c0002-7": contact(2, 7)}
        assert [c.id for c in await records.contacts_of({"p0001", "p0003"})] == [
            "c0001-3", "c0003-3", "c0001-7", "c0003-7",
        ]  # fmt: skip
        assert await records.patients_by_id(()) == {} == await records.contacts_by_id(())
        assert list(await records.contacts_of(())) == [] and await records.last_attempts(()) == {}


async def test_what_is_carried_to_a_day_begins_at_its_first_moment_and_ends_before_the_next(store: ScreenStore) -> None:
    async with store.transaction() as records:
        await add_people(records, 3)
        for number in (1, 2):
            await records.save_contact(contact(number, due_at=NOON + timedelta(days=1), planned_for=NOON.date()))
    day, one = NOON.date() + timedelta(days=1), timedelta(days=1)
    async with store.transaction(write=False) as records:
        carried = await records.contacts_carried(day, since=NOON + one, until=NOON + 2 * one)
        assert [c.id for c in carried] == ["c0001-3", "c0002-3"]
        assert len(await records.contacts_carried(day, since=NOON + one, until=NOON + 2 * one, limit=1)) == 1
        assert list(await records.contacts_carried(day, since=NOON + 2 * one, until=NOON + 3 * one)) == []
        assert list(await records.contacts_carried(day - one, since=NOON + one, until=NOON + 2 * one)) == []


async def test_the_last_attempt_of_each_contact(store: ScreenStore) -> None:
    busy = AttemptOutcome.BUSY
    later = attempt(1, id="later", outcome=busy, created_at=NOON + timedelta(hours=1))
    async with store.transaction() as records:
        await add_people(records, 2)
        for each in (attempt(1, outcome=busy), later, attempt(2)):
            await records.add_attempt(each)
    async with store.transaction(write=False) as records:
        assert await records.last_attempts({"c0001-3", "c0002-3", "c0001-7"}) == {
            "c0001-3": later,
            "c0002-3": attempt(2),
        }


async def test_how_the_transfer_of_each_attempt_stands(store: ScreenStore) -> None:
    async with store.transaction() as records:
        assert await records.transfers(()) == {}
        for seq, (attempt_id, word) in enumerate(
            [("a1", "transferring"), ("a2", "transferring"), ("a1", "transfer_not_taken"), ("a3", "completed")]
        ):
            at = NOON + timedelta(seconds=seq)
            await records.add_event(Event("attempt", attempt_id, "answered", word, at, "robot"))
        await records.add_event(Event("contact", "a4", None, "transferred", NOON, "robot"))
    async with store.transaction(write=False) as records:
        assert await records.transfers({"a1", "a2", "a3", "a4", "nobody"}) == {
            "a1": TransferState.NOT_TAKEN,
            "a2": TransferState.RINGING,
        }


async def test_patients_are_found_by_part_of_name_or_phone_newest_first(store: ScreenStore) -> None:
    async with store.transaction() as records:
        for number, name in enumerate(("王秀英", "李秀兰", "百分%号"), 1):
            await records.add_patient(patient(number, name=name))

    async def found(text: str, limit: int = 50) -> list[str]:
        async with store.transaction(write=False) as records:
            return [each.name for each in await records.search_patients(text, limit=limit)]

    assert await found("秀") == ["李秀兰", "王秀英"]
    assert await found("0000001") == ["王秀英"]
    assert await found("%") == ["百分%号"]  # a wildcard of the database is an ordinary character
    assert await found("", limit=2) == ["百分%号", "李秀兰"]


async def test_escalations_are_counted_by_where_they_stand(store: ScreenStore) -> None:
    done = {"status": RESOLVED, "owner": "lijing", "taken_at": NOON}
    async with store.transaction() as records:
        assert await records.escalation_counts(resolved_since=NOON) == EscalationCounts()
        await add_people(records)
        for each in (
            escalation(1),
            escalation(2, level=Level.YELLOW),
            escalation(3, level=Level.YELLOW),
            escalation(4, status=TAKEN, owner="lijing", taken_at=NOON),
            escalation(5, resolved_at=NOON, **done),
            escalation(6, resolved_at=NOON + timedelta(minutes=1), **done),
            escalation(7, resolved_at=NOON - timedelta(seconds=1), **done),
        ):
            await records.add_escalation(each)
    async with store.transaction(write=False) as records:
        counts = await records.escalation_counts(resolved_since=NOON)
        assert (counts.open_red, counts.open_yellow, counts.open) == (1, 2, 3)
        assert (counts.taken, counts.resolved) == (1, 2)
        assert [each.id for each in await records.escalations_resolved(since=NOON)] == ["e0006", "e0005"]
        assert [each.id for each in await records.escalations_resolved(since=NOON, limit=1)] == ["e0006"]


DAY = date(2026, 11, 21)  # the hospital's day of NOON
MIDNIGHT = NOON - timedelta(hours=12)


async def ledger_of(store: ScreenStore, day: date = DAY, *, overdue_before: timedelta = timedelta()) -> LedgerDay:
    since = MIDNIGHT + (day - DAY)
    async with store.transaction(write=False) as records:
        return await records.ledger(
            day, since=since, until=since + timedelta(days=1), overdue_before=NOON - overdue_before
        )


async def test_a_day_answers_for_every_contact_first_due_on_it(store: ScreenStore) -> None:
    async with store.transaction() as records:
        await add_people(records, 5)
        for number, status in ((1, ContactStatus.COMPLETED), (2, ContactStatus.UNREACHABLE), (3, ContactStatus.WAIVED)):
            await records.save_contact(contact(number, status=status, reason="x"))
        await records.save_contact(replace(contact(4), due_at=NOON + timedelta(days=1), reason="no_answer"))
    ledger = await ledger_of(store, overdue_before=timedelta(seconds=1))
    groups = (accounts.DONE, accounts.FAILED, accounts.WAIVED, accounts.OPEN)
    assert (ledger.due, [ledger.of(group) for group in groups]) == (5, [1, 1, 1, 2])
    assert ledger.closed and ledger.brought_forward == 0
    tomorrow = await ledger_of(store, DAY + timedelta(days=1))
    assert (tomorrow.due, tomorrow.brought_forward) == (0, 1)
    async with store.transaction(write=False) as records:
        assert len(await records.contacts_planned(DAY)) == 5
        assert (await records.contact("c0004-3")).planned_for == DAY


async def test_what_nothing_moves_any_more_is_adrift(store: ScreenStore) -> None:
    async with store.transaction() as records:
        await add_people(records, 3)
        for number in (1, 2):
            await records.save_contact(contact(number, status=ContactStatus.IN_PROGRESS))
        await records.add_attempt(attempt(1))  # live: somebody is on the phone
        await records.add_attempt(attempt(2, outcome=AttemptOutcome.TECHNICAL))
    assert (await ledger_of(store)).adrift == 1
    async with store.transaction(write=False) as records:
        assert [c.id for c in await records.contacts_adrift(overdue_before=NOON)] == ["c0002-3"]
        late = await records.contacts_adrift(overdue_before=NOON + timedelta(seconds=1))
        assert [c.id for c in late] == ["c0002-3", "c0003-3"]
    assert not (await ledger_of(store)).closed
