"""Practice: a clinician plays the patient. Conversations of this kind live in a store of their own, made when the
server starts and removed when it stops; no list, no queue and no figure of the hospital's ever sees them."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from fastapi import WebSocket

from agent.attempts.transitions import begin_attempt
from agent.conversation import Conversation, Stages
from agent.dialog.faq import FaqBook
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.escalation import TechnicalCause
from agent.model.pathway import Pathway
from agent.model.people import Patient, Plan, PlanStatus, Tier
from agent.model.problem import ContentError
from agent.model.turn import Reply, Turn
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from dashboard.practice import PracticeChoice
from dashboard.rights import Permission
from dashboard.web import LoginRequired, Web
from machine.speech import Speech
from telephony.browser import BrowserLine, PracticeRefused, Wanted
from telephony.call import PhoneCall
from telephony.line import CallHandler
from wiring.calls import call_parts
from wiring.dialling import preparer
from wiring.practice_view import understood

PLAYED_NAME, PLAYED_YEAR, PLAYED_PHONE = "王建国", 1955, "+8613800000099"


def choices(shelf: PathwayShelf, pathways: Path) -> Callable[[], list[PracticeChoice]]:
    """Every pathway of the shelf with its nodes, for the page's lists."""
    names = sorted(path.parent.name for path in pathways.glob("*/pathway.yml"))

    def listed() -> list[PracticeChoice]:
        found = [shelf.get(name) for name in names]
        return [PracticeChoice(one.id, one.title, tuple((n.day, n.title) for n in one.nodes)) for one in found]

    return listed


async def play_someone(store: Store, pathway: Pathway, node: int, channel: Channel, born: int = PLAYED_YEAR) -> Attempt:
    """A patient to play and an attempt under way: 王建国, born 1955 or as told, telephone ending 0099."""
    now = utc_now()
    patient = Patient(new_id(), PLAYED_NAME, PLAYED_PHONE, pathway.title, Tier.MIDDLE, born, "male", "1234")
    discharged = (now - timedelta(days=node)).date()
    plan = Plan(new_id(), patient.id, pathway.id, pathway.version, discharged, PlanStatus.ACTIVE, now)
    contact = Contact(new_id(), plan.id, patient.id, pathway.id, pathway.version, node, now, ContactStatus.DUE)
    attempt = Attempt(new_id(), contact.id, patient.id, channel, AttemptOutcome.INTENDED, now)
    async with store.transaction() as records:
        await records.add_patient(patient)
        await records.add_plan(plan, [contact])
        await begin_attempt(records, contact, attempt)
    return attempt


@asynccontextmanager
async def practice_store(data: Path) -> AsyncIterator[tuple[Store, Path]]:
    """The store and the folder of its recordings, empty at first and gone afterwards."""
    folder = data / "practice"
    await asyncio.to_thread(_fresh, folder)
    url = f"sqlite:///{folder / 'practice.db'}"
    await asyncio.to_thread(migrate, url)
    store = await open_store(url)
    try:
        yield store, folder / "recordings"
    finally:
        await store.close()
        await asyncio.to_thread(shutil.rmtree, folder, True)


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)


class WatchedConversation:
    """A conversation whose every turn is shown on the page once it is stored."""

    def __init__(self, inner: Conversation, store: Store, line: BrowserLine, shelf: PathwayShelf) -> None:
        self._inner, self._store, self._line, self._shelf = inner, store, line, shelf
        self.contact_of = inner.contact_of
        self.note_recording = inner.note_recording
        self.note_reply_audio = inner.note_reply_audio
        self.machine = inner.machine
        self.overhear = inner.overhear
        self.transferring = inner.transferring

    async def receive(self, turn: Turn) -> Reply:
        reply = await self._inner.receive(turn)
        await self._show(turn, reply)
        return reply

    async def given_up(self, turn: Turn, cause: TechnicalCause) -> Reply:
        reply = await self._inner.given_up(turn, cause)
        await self._show(turn, reply)
        return reply

    async def _show(self, turn: Turn, reply: Reply) -> None:
        async with self._store.transaction(write=False) as records:
            contact = await records.contact(turn.contact_id)
            stored = await records.turns(turn.contact_id)
            answers = await records.answers(turn.contact_id)
            alarms = await records.escalations(patient_id=contact.patient_id)
        pathway = self._shelf.get(contact.pathway, contact.pathway_version)
        event: Mapping[str, object] = understood(stored[-1], reply, pathway, answers, alarms)
        self._line.show(event)


@dataclass(frozen=True, slots=True)
class Room:
    """telephony.browser.PracticeRoom over the dashboard's login and a conversation of its own."""

    stages: Stages
    shelf: PathwayShelf
    faq: FaqBook
    speech: Speech
    store: Store
    recordings: Path
    web: Web

    async def admit(self, socket: WebSocket, wanted: Wanted) -> None:
        try:
            viewer = await self.web.viewer(socket)
        except LoginRequired:
            raise PracticeRefused("登录已过期，请重新登录") from None
        if not self.web.sessions.token_fits(viewer.session.id, wanted.token):
            raise PracticeRefused("页面已过期，请刷新")
        if not viewer.may(Permission.PRACTISE):
            raise PracticeRefused("您的账号不能练习，请联系管理员")

    async def begin(self, wanted: Wanted, line: BrowserLine) -> CallHandler:
        try:
            pathway = self.shelf.get(wanted.pathway)
            node = pathway.node(wanted.node)
        except (ContentError, KeyError):
            raise PracticeRefused("没有这个路径或节点，请刷新后重选") from None
        attempt = await play_someone(self.store, pathway, node.day, Channel.PHONE)
        hospital = replace(self.stages.hospital, drafts=True, nurse_hours=(0, 0))  # nobody is rung for practice
        conversation = Conversation(replace(self.stages, store=self.store, hospital=hospital))
        async with self.store.transaction(write=False) as records:
            contact = await records.contact(attempt.contact_id)
            patient = await records.patient(attempt.patient_id)
        await preparer(conversation, self.shelf, self.faq, self.speech.prompts)(contact, patient)
        watched = WatchedConversation(conversation, self.store, line, self.shelf)
        return PhoneCall(line, attempt.id, call_parts(self.speech, watched, self.recordings))
