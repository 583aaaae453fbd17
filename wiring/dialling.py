"""What the scheduler is given: who dials, which contacts the house allows, what is made ready, how a dead call ends."""

import asyncio
import logging
import os
from pathlib import Path

from agent.attempts.retries import RetryPolicy
from agent.conversation import Conversation
from agent.dialog import engine
from agent.dialog.faq import FaqBook
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.model.contact import Attempt, Channel, Contact
from agent.model.people import Patient
from agent.model.problem import ContentError
from agent.model.turn import Turn, TurnKind
from agent.schedule.allowed import Allowed
from agent.schedule.breaker import TrunkLimits
from agent.schedule.calendar import CallingCalendar
from agent.schedule.courtesy import Courtesy
from agent.schedule.dispatcher import Around, Lines
from agent.schedule.placing import Prepare
from agent.schedule.settling import HungUp
from agent.schedule.weigher import UrgentPathway
from agent.speech.prompts import PromptCache
from agent.store.ports import Store
from settings import Settings
from telephony.recorder import repair_recording
from wiring.carriers import OwnerOf

log = logging.getLogger("suifang.server")

APOLOGY = "对不起，系统出了点问题。我请护士给您回电话。再见。"
"""Said when not even the pathway's own sentence can be had; kept in the prompt cache."""


def owner_in(store: Store) -> OwnerOf:
    async def owner_of(carrier_ref: str) -> str | None:
        async with store.transaction(write=False) as records:
            attempt = await records.attempt_by_carrier_ref(carrier_ref)
        return attempt.id if attempt else None

    return owner_of


def lines_for(settings: Settings, retries: RetryPolicy, calendar: CallingCalendar, around: Around) -> Lines:
    courtesy = Courtesy(calendar, settings.attempts_per_day, settings.attempts_per_week)
    trunk = TrunkLimits(settings.carrier, settings.max_calls, settings.calls_per_second)
    return Lines(f"worker-{os.getpid()}", trunk, retries, courtesy, around)


def signed_only(settings: Settings, shelf: PathwayShelf) -> Allowed:
    told: set[str] = set()

    def allowed(contact: Contact) -> bool:
        """No patient hears a pathway that no clinician has signed, unless the house says so. A contact whose pathway is
        not there waits alone: it must not hold up everybody else's calls."""
        begun = contact.attempts_made > 0  # it may have a session on its own version
        try:
            could_run = [shelf.starting(contact.pathway, contact.pathway_version)]
            could_run += [shelf.get(contact.pathway, contact.pathway_version)] if begun else []
        except ContentError as broken:
            if contact.pathway not in told:
                told.add(contact.pathway)
                log.error("pathway %s cannot be run (%s): its contacts wait", contact.pathway, broken.message)
            return False
        if settings.allow_drafts or not any(pathway.draft for pathway in could_run):
            return True
        if contact.pathway not in told:
            told.add(contact.pathway)
            log.warning("pathway %s is an unsigned draft: its contacts wait (allow_drafts is off)", contact.pathway)
        return False

    return allowed


def urgent_only(shelf: PathwayShelf) -> UrgentPathway:
    """A pathway for high-risk patients alone."""

    def urgent(pathway: str) -> bool:
        try:
            return shelf.get(pathway).applies_to.tiers == ("high",)
        except ContentError:
            return False  # a broken file has its own alarm; its contacts keep their tier's place

    return urgent


def preparer(conversation: Conversation, shelf: PathwayShelf, faq: FaqBook, prompts: PromptCache) -> Prepare:
    later: set[asyncio.Task[list[str]]] = set()

    async def prepare(contact: Contact, patient: Patient) -> None:
        """What is said first is ready before the phone rings; the rest is rendered while it rings."""
        start, pathway = await conversation.beginning(contact.id, Channel.PHONE)
        await prompts.render_all([APOLOGY, *engine.open(start, pathway).reply.sentences])
        said_later = [*engine.all_sentences(pathway, start), *faq.sentences(pathway.id)]
        rest = asyncio.create_task(prompts.render_all(said_later))
        later.add(rest)
        rest.add_done_callback(later.discard)

    return prepare


def hanging_up(conversation: Conversation) -> HungUp:
    async def hung_up(attempt: Attempt) -> None:
        """A call whose process died: its conversation ends as hung up."""
        turn = Turn(new_id(), attempt.contact_id, attempt.id, attempt.channel, TurnKind.HANGUP, utc_now())
        await conversation.receive(turn)

    return hung_up


def closer(conversation: Conversation, store: Store, recordings: Path) -> HungUp:
    end = hanging_up(conversation)

    async def hung_up(attempt: Attempt) -> None:
        """Its recording gets its true length as well."""
        await end(attempt)
        async with store.transaction(write=False) as records:
            kept = await records.recordings(contact_id=attempt.contact_id)
        for recording in kept:
            file = recordings / recording.path
            if recording.attempt_id == attempt.id and recording.seconds == 0 and file.exists():
                await conversation.note_recording(attempt.id, recording.path, repair_recording(file))

    return hung_up
