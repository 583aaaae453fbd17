"""One-off lists, on every store, and what becomes of their contacts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from agent.campaigns import By, CampaignFiller, CampaignRefused, create, pause, projected_end, start, stop
from agent.model.campaign import Campaign, CampaignStatus, Selection
from agent.model.clock import new_id
from agent.model.contact import Channel, ContactStatus
from agent.model.people import CONTACTABLE, DECEASED, Tier
from agent.model.piece import OptOut
from agent.model.record import Event
from agent.schedule.calendar import CallingCalendar
from agent.store.ports import StaleVersion, Store
from tests.fakes import rows
from tests.fakes.rows import NOON, add_people

DAY = timedelta(days=1)
CALENDAR = CallingCalendar()
BY = By("zhaomin", NOON)


def campaign(**changes: object) -> Campaign:
    made = Campaign("k1", "秋季满意度", "satisfaction", "1", 0, CampaignStatus.DRAFT, NOON, "zhaomin")
    return replace(made, **changes)  # type: ignore[arg-type]


async def listed(store: Store, selection: Selection, count: int = 4) -> int:
    async with store.transaction() as records:
        await add_people(records, count, (3,))
        return await create(records, campaign(), selection)


async def filled(store: Store) -> list:  # type: ignore[type-arg]
    await CampaignFiller(store, CALENDAR, lambda: NOON, new_id).run_once()
    async with store.transaction(write=False) as records:
        return [each for each in await records.contacts() if each.campaign_id == "k1"]


async def begun(store: Store, count: int = 4) -> list:  # type: ignore[type-arg]
    await listed(store, Selection(), count)
    async with store.transaction() as records:
        await start(records, "k1", BY, CALENDAR.next_open)
    return await filled(store)


async def test_who_is_on_the_list(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 5, (3,))
        await records.save_patient(rows.patient(1, tier=Tier.LOW, department="心血管内科", birth_year=1950))
        await records.save_patient(rows.patient(2, diagnosis="急性脑梗死"))
        await records.add_opt_out(OptOut(rows.patient(3).id, NOON, Channel.SMS))
        for number, (chosen, count) in enumerate(
            [
                (Selection(), 4),
                (Selection(diagnosis="脑梗"), 1),
                (Selection(department="心血管内科"), 1),
                (Selection(tier=Tier.LOW), 1),
                (Selection(born_until=1960), 1),
                (Selection(discharged_since=date(2026, 11, 18)), 4),
                (Selection(discharged_since=date(2026, 11, 19)), 0),
            ]
        ):
            await records.add_campaign(campaign(id=f"k{number}"))
            assert await records.list_patients(f"k{number}", chosen) == count, chosen


async def test_who_died_with_nothing_still_to_come_is_on_no_list_and_who_did_not_is(store: Store) -> None:
    async with store.transaction() as records:
        await add_people(records, 2, (3,))
        for number in (1, 2):
            await records.add_event(Event("patient", rows.patient(number).id, None, DECEASED, NOON, "adt"))
        await records.add_event(Event("patient", rows.patient(2).id, DECEASED, CONTACTABLE, NOON, "adt"))
        await create(records, campaign(), Selection())
        assert list(await records.campaign_waiting("k1", limit=9)) == [rows.patient(2).id]
        await records.add_event(Event("patient", rows.patient(2).id, None, DECEASED, NOON, "adt"))
        assert list(await records.campaign_waiting("k1", limit=9)) == []


async def test_a_list_keeps_whose_patients_alone_are_on_it(store: Store) -> None:
    await listed(store, Selection(department="心血管内科"))
    async with store.transaction(write=False) as records:
        assert (await records.campaign("k1")).department == "心血管内科"


async def test_the_newest_comes_first_and_nobody_writes_over_anothers_change(store: Store) -> None:
    async with store.transaction() as records:
        await records.add_campaign(campaign())
        await records.add_campaign(campaign(id="k2", created_at=NOON + DAY))
        assert [each.id for each in await records.campaigns()] == ["k2", "k1"]
        saved = await records.save_campaign(campaign(status=CampaignStatus.RUNNING))
        assert (await records.campaign("k1")) == saved and saved.version == 2
    with pytest.raises(StaleVersion):
        async with store.transaction() as records:
            await records.save_campaign(campaign(status=CampaignStatus.STOPPED))


async def test_a_draft_makes_no_contact_a_running_list_one_for_each(store: Store) -> None:
    await listed(store, Selection())
    assert await filled(store) == []
    async with store.transaction() as records:
        await start(records, "k1", BY, CALENDAR.next_open)
    made = await filled(store)
    assert len(made) == 4 and {(each.pathway, each.due_at, each.status) for each in made} == {
        ("satisfaction", NOON, ContactStatus.DUE)
    }
    assert await filled(store) == made  # nobody twice


async def test_a_paused_list_has_a_date_and_goes_on_by_itself(store: Store) -> None:
    await begun(store)
    until = NOON + 3 * DAY
    async with store.transaction() as records:
        await pause(records, "k1", until, BY)
        assert {each.due_at for each in await records.contacts() if each.campaign_id} == {until}
    await CampaignFiller(store, CALENDAR, lambda: until, new_id).run_once()
    async with store.transaction(write=False) as records:
        going = await records.campaign("k1")
    assert (going.status, going.running_since, going.paused_until) == (CampaignStatus.RUNNING, until, None)


async def test_a_stopped_list_waives_what_is_open_and_stays_stopped(store: Store) -> None:
    await begun(store)
    async with store.transaction() as records:
        await stop(records, "k1", BY)
        mine = [each for each in await records.contacts() if each.campaign_id]
        assert {(each.status, each.reason) for each in mine} == {(ContactStatus.WAIVED, "campaign_stopped")}
        with pytest.raises(CampaignRefused):
            await start(records, "k1", BY, CALENDAR.next_open)
        states = [each.to_status for each in await records.events("campaign", "k1")]
    assert states == ["draft", "running", "stopped"]


async def test_a_list_stopped_while_it_was_paused_holds_up_no_other(store: Store) -> None:
    await begun(store)
    async with store.transaction() as records:
        await pause(records, "k1", NOON + DAY, BY)
        await stop(records, "k1", BY)
        await create(records, campaign(id="k0", created_at=NOON - DAY), Selection())
        await start(records, "k0", BY, CALENDAR.next_open)
    made = await CampaignFiller(store, CALENDAR, lambda: NOON + 2 * DAY, new_id).run_once()
    async with store.transaction(write=False) as records:
        stopped = await records.campaign("k1")
    assert made == 4 and (stopped.status, stopped.paused_until) == (CampaignStatus.STOPPED, None)


async def test_who_began_the_same_pathway_today_is_taken_off_the_list(store: Store) -> None:
    await begun(store)
    async with store.transaction() as records:
        await create(records, campaign(id="k2"), Selection())
        await start(records, "k2", BY, CALENDAR.next_open)
    assert await CampaignFiller(store, CALENDAR, lambda: NOON, new_id).run_once() == 0
    async with store.transaction() as records:
        assert (await records.campaign_counts(["k2"]))["k2"].listed == 0
        await pause(records, "k2", NOON + DAY, BY)
    await CampaignFiller(store, CALENDAR, lambda: NOON + DAY, new_id).run_once()


async def test_an_empty_list_is_not_started(store: Store) -> None:
    await listed(store, Selection(diagnosis="没有这种病"))
    with pytest.raises(CampaignRefused, match="空"):
        async with store.transaction() as records:
            await start(records, "k1", BY, CALENDAR.next_open)


async def test_progress_and_the_projected_end(store: Store) -> None:
    made = await begun(store, 40)
    async with store.transaction() as records:
        for each in made[:20]:
            await records.save_contact(replace(each, status=ContactStatus.WAIVED, reason="x"))
        counts, going = await records.campaign_counts(["k1", "nobody's"]), await records.campaign("k1")
    count = counts["k1"]
    assert (counts["nobody's"].listed, counts["nobody's"].done) == (0, 0)
    assert (count.listed, count.open, count.done, count.waiting) == (40, 20, 20, 0)
    assert projected_end(going, count, NOON + timedelta(hours=4), CALENDAR) == NOON + timedelta(hours=8)
    # 12:00 + 8 h is closing time: what is left falls into the next day's hours
    assert projected_end(going, count, NOON + timedelta(hours=6), CALENDAR) == NOON + timedelta(hours=25)
    assert projected_end(going, replace(count, contacts={ContactStatus.DUE: 40}), NOON + DAY, CALENDAR) is None
