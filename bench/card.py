"""From the patient's last word on a simulated call to the card on the nurse's screen, in Chromium.

`./suifang bench card [--calls N]`: real sound over the strict carrier, the recogniser in use with its verifier, SQLite,
one call after the other; every call says a danger, and the open work page notes when each card was first painted.
Where the time goes is told by stages, each from the last word on; `slow` shows every call over a second.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.clock import new_id, utc_now
from agent.model.contact import OPEN_OUTCOMES, Attempt
from agent.model.escalation import EscalationKind
from agent.model.record import Role, User
from agent.model.turn import Hypothesis, TurnKind
from agent.speech.choose import choose_recogniser
from agent.speech.whisper_decoder import NotWanted, Wanted, WhisperDecoder, WhisperSettings, always
from agent.store.open import migrate, open_store
from agent.store.screens import ScreenStore
from agent.triage import content
from agent.triage.reader import Reader
from bench.call_bargein import percentiles
from dashboard.app import create
from dashboard.deps import DashboardDeps
from dashboard.live import LiveHub
from folders import NLU_DATA, ROOT
from settings import Settings
from telephony.simulator.config import PATIENTS
from telephony.simulator.persona import Line, Persona, load_persona
from tests.e2e.dashboard_ward import ARGUMENTS, CHROMIUM
from tests.e2e.spoken_line import Desk, SpokenLine, spoken_line
from tests.fakes import rows, seed

KEY = b"the key of a bench that ends soon"
PATHWAY = "coronary_stent"
PROMISED_SECONDS = 1.0
FEWEST_CALLS, LONGEST_CALL_SECONDS, LONGEST_WAIT_SECONDS = 20, 90.0, 10.0
PAINTED = """
window.painted = {};
const note = () => requestAnimationFrame(() => {
  for (const card of document.querySelectorAll("#cards .card")) window.painted[card.dataset.id] ??= Date.now();
});
addEventListener("DOMContentLoaded", () => new MutationObserver(note).observe(document.getElementById("cards"),
  { childList: true, subtree: true }));
"""


@dataclass(frozen=True, slots=True)
class Pass:
    """One decoding by the machine's clock; not `whole` for a glimpse."""

    whole: bool
    began: float
    ended: float
    given_up: bool


@dataclass(slots=True)
class Watched:
    """A decoder whose passes are timed."""

    inner: VerifyingDecoder
    passes: list[Pass] = field(default_factory=list)

    @property
    def settings(self) -> WhisperSettings:
        return self.inner.settings

    def asked(self, question: str) -> "Watched":
        return Watched(self.inner.asked(question), self.passes)

    def decode(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        return self._timed(self.inner.decode, pcm, wanted)

    def glimpse(self, pcm: bytes, wanted: Wanted = always) -> tuple[Hypothesis, ...]:
        return self._timed(self.inner.glimpse, pcm, wanted)

    def _timed(
        self, work: Callable[[bytes, Wanted], tuple[Hypothesis, ...]], pcm: bytes, wanted: Wanted
    ) -> tuple[Hypothesis, ...]:
        began, given_up = time.time(), False
        try:
            return work(pcm, wanted)
        except NotWanted:
            given_up = True
            raise
        finally:
            self.passes.append(Pass(work.__name__ == "decode", began, time.time(), given_up))


def run(argv: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="suifang bench card", description=__doc__)
    parser.add_argument("--calls", type=int, default=FEWEST_CALLS)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measured(Path(folder), options.calls))


async def _measured(folder: Path, calls: int) -> dict[str, Any]:
    url = f"sqlite:///{folder / 'bench.db'}"
    migrate(url)
    verifier, passes = Verifier(Reader(content.load(NLU_DATA))), list[Pass]()

    def around(decoder: WhisperDecoder) -> Watched:
        return Watched(VerifyingDecoder(decoder, verifier), passes)

    hearing = choose_recogniser(ROOT / ".suifang", around=around)
    people = [_in_danger(number) for number in range(calls)]
    async with AsyncExitStack() as stack:
        store = await open_store(url)
        stack.push_async_callback(store.close)
        desk = _desk(store, folder)
        line = await stack.enter_async_context(spoken_line(folder, hearing, people, Settings(), desk))
        page = await _nurse(stack, line)
        found = []
        for person in people:
            found.append(await _one(line, page, person, passes))
            print(json.dumps(found[-1]), file=sys.stderr, flush=True)  # what was measured is kept if it is cut short
        desk.live.close()
    return {"recogniser": hearing[0].name, **_figures(found)}


def _in_danger(number: int) -> Persona:
    """Says who he is not asked: a pain in the chest, in answer to the greeting; then he puts the telephone down."""
    one = load_persona(PATIENTS / "li_jianguo.yml")
    danger = next(each.say for each in one.lines if "心口疼" in each.say)
    return replace(one, phone=f"+86134900{number:05}", lines=(Line(danger, 0.3),), hangs_up_after_lines=1)


def _desk(store: ScreenStore, folder: Path) -> Desk:
    live = LiveHub()
    deps = DashboardDeps(
        store=store, live=live, recordings_folder=folder, now=utc_now, new_id=new_id, secret_key=KEY,
        pathway_titles=lambda pathway: "支架术后随访", question_labels=lambda pathway, version, question: question,
    )  # fmt: skip
    return Desk(store, live, create(deps))


async def _nurse(stack: AsyncExitStack, line: SpokenLine) -> Page:
    """Her open work page, which notes when it paints what."""
    async with line.store.transaction() as records:
        await records.add_user(User("lijing", "李静", Role.NURSE, seed.HASHED))
    playwright = await stack.enter_async_context(async_playwright())
    browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    stack.push_async_callback(browser.close)
    page = await browser.new_page(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    await page.add_init_script(PAINTED)
    await page.goto(f"{line.address}/login")
    await page.fill("[name=name]", "lijing")
    await page.fill("[name=password]", seed.PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/queue")
    return page


async def _one(line: SpokenLine, page: Page, person: Persona, passes: list[Pass]) -> Mapping[str, float]:
    """Seconds after the patient's last word; empty for a danger not heard."""
    passes.clear()
    async with asyncio.timeout(LONGEST_CALL_SECONDS):
        attempt = await _called(line, person)
    said = _last_word(line, person)
    async with line.store.transaction(write=False) as records:
        known = [card for card in await records.escalations() if card.evidence.attempt_id == attempt.id]
        turns = await records.turns(attempt.contact_id)
    cards = sorted((card for card in known if card.kind is EscalationKind.RED_FLAG), key=lambda card: card.created_at)
    if not cards:
        return {}
    seen = await page.wait_for_function(
        f"() => window.painted[{json.dumps(cards[0].id)}]", timeout=LONGEST_WAIT_SECONDS * 1000
    )
    painted = await seen.json_value() / 1000
    whole = next(each.turn.at for each in turns if each.turn.kind is not TurnKind.START)
    return {
        **_passes(passes, said.timestamp()),
        "to_card_made": (cards[0].created_at - said).total_seconds(),
        "to_card_on_screen": painted - said.timestamp(),
        "to_whole_turn": (whole - said).total_seconds(),
    }


def _passes(passes: list[Pass], said: float) -> dict[str, float]:
    """When the first glimpse and the first whole decoding after the last word began, and how long they took."""
    stages: dict[str, float] = {}
    for name, whole in (("glimpse", False), ("decoding", True)):
        mine = [each for each in passes if each.whole is whole and each.began >= said]
        if mine:
            stages |= {f"to_{name}": mine[0].began - said, f"{name}_took": mine[0].ended - mine[0].began}
    under_way = sum(each.ended > said > each.began for each in passes)
    return {**stages, "passes": len(passes), "stale_under_way": under_way}


async def _called(line: SpokenLine, person: Persona) -> Attempt:
    """Dials one patient with a contact that is due now; returns the attempt once it is over."""
    number = person.phone[-5:]
    patient = rows.patient(1, id=f"p{number}", name=f"病人{number}", phone=person.phone)
    mine = {"patient_id": patient.id, "plan_id": f"plan{number}"}
    contact = rows.contact(1, 7, id=f"c{number}", pathway=PATHWAY, pathway_version="1", due_at=utc_now(), **mine)
    async with line.store.transaction() as records:
        await records.add_patient(patient)
        await records.add_plan(rows.plan(1, id=f"plan{number}", patient_id=patient.id, pathway=PATHWAY), [contact])
    await line.dispatcher.dispatch()
    while True:
        await asyncio.sleep(0.2)
        async with line.store.transaction(write=False) as records:
            attempts = await records.attempts(contact_id=contact.id)
        if attempts and attempts[0].outcome not in OPEN_OUTCOMES:
            return attempts[0]


def _last_word(line: SpokenLine, person: Persona) -> datetime:
    """When the carrier's patient had said it."""
    call = next(each for each in line.carrier.state.exchange.calls.values() if each.to == person.phone)
    report = call.report()
    began = next(entry["at_seconds"] for entry in call.timeline if entry["what"] == "stream")
    (_, ended), *_ = report["spoken_at"]
    said_at: datetime = call.created + timedelta(seconds=began + ended)
    return said_at


def _figures(found: list[Mapping[str, float]]) -> dict[str, Any]:
    heard = [each for each in found if each]
    names = list(dict.fromkeys(name for each in heard for name in each))
    slow = [each for each in heard if each["to_card_on_screen"] > PROMISED_SECONDS]
    return {
        "calls": len(found),
        "dangers_heard": len(heard),
        "before_the_turn_was_over": sum(each["to_card_made"] < each["to_whole_turn"] for each in heard),
        **{name: percentiles([each[name] for each in heard if name in each]) for name in names},
        "slow": [{name: round(value, 3) for name, value in each.items()} for each in slow],
    }
