"""A call handed to a nurse over the fake PBX: taken, not taken, not waited for, refused, and restarted in between."""

import asyncio
from typing import Any

import pytest

from telephony.asterisk import AsteriskExchange, AsteriskSettings
from telephony.simulator.persona import Persona
from tests.contract.benches import asterisk, until
from tests.contract.published_ari import wrong_event
from tests.fakes.carrier import PATIENT, Statuses
from tests.fakes.hands_over import Lines
from tests.fakes.pbx import Pbx
from tests.fakes.pbx_parts import BUSY, PASSWORD, USER, Telephone
from tests.fakes.pbx_rest import running_pbx

NURSE = "+8657188000001"
STAYS = Persona(PATIENT, "stays", pick_up_after_seconds=0.0)
HANGS_UP_SOON = Persona(NURSE, "nurse", pick_up_after_seconds=0.3)
AT_HER_DESK = Telephone(HANGS_UP_SOON)
NOBODY = Telephone(Persona(NURSE, "away", answers=False))


@pytest.fixture
def made() -> Lines:
    return Lines(NURSE, 20)


def nurse_channel(pbx: Pbx) -> Any:
    return next((each for each in pbx.channels.values() if "-nurse" in each.id), None)


def together(pbx: Pbx) -> bool:
    """The patient and the nurse in one bridge."""
    return any(len([each for each in members if "media" not in each]) == 2 for members in pbx.bridges.values())


async def test_a_nurse_who_takes_it_talks_with_the_patient_and_the_robot_is_gone(made: Lines) -> None:
    async with asterisk([STAYS], made, {"057188000001": AT_HER_DESK}) as side:
        pbx: Pbx = side.extra
        await side.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: together(pbx))
        patient = pbx.channels["suifang.a1"]
        assert patient.heard_ringing and not patient.hears_ringing
        await until(lambda: patient.variables["TIMEOUT(absolute)"] == "7200")
        assert made[0].over.is_set() and not [each for each in pbx.channels if "media" in each]
        assert side.statuses.transfers == []
        nurse_channel(pbx).hangup.set()
        assert await side.ended() == "completed"
        assert side.statuses.transfers == [("a1", True)] and len(made) == 1
        await until(lambda: not pbx.channels and not pbx.bridges)
    assert pbx.errors == [] and [found for event in pbx.events for found in wrong_event(event)] == []


@pytest.mark.parametrize("telephone", [NOBODY, Telephone(refuses=BUSY)], ids=["rings on", "busy"])
async def test_a_call_that_nobody_takes_comes_back_on_a_new_line(made: Lines, telephone: Telephone) -> None:
    async with asterisk([STAYS], made, {"057188000001": telephone}) as side:
        assert await side.call(PATIENT) == "completed"
        assert [each.attempt_id for each in made] == ["a1", "a1"] and made[1].frames > 10
        assert side.statuses.transfers == []
        await until(lambda: not side.extra.channels and not side.extra.bridges)
        assert side.extra.errors == []


async def test_a_patient_who_does_not_wait_is_told_as_that(made: Lines) -> None:
    async with asterisk([STAYS], made, {"057188000001": NOBODY}) as side:
        pbx: Pbx = side.extra
        await side.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: nurse_channel(pbx) is not None and pbx.channels["suifang.a1"].hears_ringing)
        pbx.channels["suifang.a1"].hangup.set()
        await until(lambda: side.statuses.transfers == [("a1", False)])
        await until(lambda: not pbx.channels and not pbx.bridges)
    assert len(made) == 1


async def test_a_nurses_telephone_that_cannot_be_called_leaves_the_line_as_it_is(made: Lines) -> None:
    async with asterisk([STAYS], made, nurse_endpoint="PJSIP/8001@no-such-trunk") as side:
        assert await side.call(PATIENT) == "completed"
    assert [each.failed for each in made] == ["rejected"] and side.statuses.transfers == []


async def test_a_nurses_own_telephone_rings_though_the_ward_has_an_extension(made: Lines) -> None:
    ward = {"nurse_line": "+8657188009999", "nurse_endpoint": "PJSIP/8001@no-such-trunk"}
    async with asterisk([STAYS], made, {"057188000001": AT_HER_DESK}, **ward) as side:
        pbx: Pbx = side.extra
        await side.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: together(pbx))
        pbx.channels["suifang.a1"].hangup.set()
        await until(lambda: not pbx.channels and not pbx.bridges)
    assert made[0].failed == ""


async def test_a_restart_does_not_cut_off_a_nurse_and_her_patient(made: Lines) -> None:
    telephones = {PATIENT.removeprefix("+86"): Telephone(STAYS), "057188000001": AT_HER_DESK}
    settings, after = AsteriskSettings(USER, PASSWORD), Statuses()
    async with running_pbx(telephones) as (pbx, url):
        settings = AsteriskSettings(USER, PASSWORD, url)
        first = AsteriskExchange(settings)
        first.open(Statuses(), made)
        await first.wait_up(30.0)
        await first.dialler.dial(attempt_id="a1", to=PATIENT)
        await until(lambda: together(pbx))
        await first.close()
        assert together(pbx)
        second = AsteriskExchange(settings)
        second.open(after, made)
        await second.wait_up(30.0)
        await asyncio.sleep(1.5)  # longer than an orphan is given
        assert together(pbx)
        nurse_channel(pbx).hangup.set()
        await until(lambda: after.transfers == [("a1", True)])
        await until(lambda: not pbx.channels)
        await second.close()
    assert len(made) == 1
