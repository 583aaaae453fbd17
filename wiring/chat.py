"""Conversations by message, given what they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter

from agent.chat import content
from agent.chat.closing import ChatClock
from agent.chat.desk import ChatDesk
from agent.chat.lessons import LessonSender
from agent.chat.links import Links
from agent.chat.nearest import as_it_is, by_wechat_first
from agent.chat.parts import ChatParts, Hears, LimitsFor, PictureOf
from agent.chat.readings import limits_of
from agent.chat.room import ChatRoom
from agent.chat.texts import TextsOfPatients
from agent.conversation import Conversation, Stages
from agent.dialog import pathway_pictures
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.clock import new_id, utc_now
from agent.model.contact import Channel, Contact
from agent.model.education import LessonPicture
from agent.model.problem import ContentError
from agent.model.reading_context import Limit
from agent.model.turn import Hypothesis
from agent.speech.ports import Recogniser
from agent.speech.voice_note import hear_note
from folders import NLU_DATA, PATHWAYS
from settings import Settings
from telephony.webchat import webchat_router
from telephony.webchat.media import MediaStore
from wiring.dialling import signed_only
from wiring.pages import secret_key
from wiring.points import OFF
from wiring.sms import TEMPLATES_ONLY, sms_hooks


@dataclass(frozen=True, slots=True)
class Chat:
    """What the chat channels share."""

    desk: ChatDesk
    parts: ChatParts
    links: Links
    room: ChatRoom
    clock: ChatClock
    lessons: LessonSender


def chat_for(
    settings: Settings, stages: Stages, conversation: Conversation, shelf: PathwayShelf, recogniser: Recogniser
) -> Chat:
    links = links_of(settings)

    def link_for(contact: Contact) -> str:
        return links.address(contact.id, utc_now())

    parts = ChatParts(
        store=stages.store,
        conversation=conversation,
        reads=stages.reads,
        content=content.load(NLU_DATA, drafts=settings.allow_drafts),
        hospital=stages.hospital,
        allowed=signed_only(settings, shelf),
        link_for=link_for,
        hears=_hearer(settings, recogniser),
        limits_for=limits_on(shelf),
        picture_of=pictures_on(shelf),
        now=utc_now,
        new_id=new_id,
        nearest=by_wechat_first if settings.wechat.app_id else as_it_is,
        points=settings.points != OFF,
        any_words=settings.sms not in TEMPLATES_ONLY,
    )
    desk = ChatDesk(parts)
    clock = ChatClock(parts, stages.retries, stages.hospital.next_open)
    sms = frozenset({Channel.SMS}) if settings.sms != "none" else frozenset()
    lessons = LessonSender(parts, sms, stages.hospital.next_open)
    return Chat(desk, parts, links, ChatRoom(parts, desk, links), clock, lessons)


def chat_routes(settings: Settings, chat: Chat) -> APIRouter:
    """The web chat's page, and where the SMS vendor posts."""
    routes = APIRouter()
    routes.include_router(_webchat(settings, chat))
    hooks = sms_hooks(settings, TextsOfPatients(chat.parts, chat.desk))
    if hooks is not None:
        routes.include_router(hooks)
    return routes


def _webchat(settings: Settings, chat: Chat) -> APIRouter:
    secure = settings.public.startswith("https://")
    media = MediaStore(settings.data, new_id)
    return webchat_router(chat.room, media, settings.hospital, settings.callback_number, secure=secure)


def links_of(settings: Settings) -> Links:
    return Links(secret_key(settings.data), settings.public)


def limits_on(shelf: PathwayShelf) -> LimitsFor:
    def limits(contact: Contact) -> Sequence[Limit]:
        """Today's; none are drawn while the pathway's file is broken and no version of it was kept."""
        try:
            return limits_of(shelf.starting(contact.pathway, contact.pathway_version))
        except ContentError:
            return ()

    return limits


def pictures_on(shelf: PathwayShelf) -> PictureOf:
    def picture(contact: Contact, lesson: str) -> LessonPicture | None:
        """None while the pathway's file is broken and no version of it was kept."""
        try:
            pathway = shelf.get(contact.pathway, contact.pathway_version)
        except ContentError:
            return None
        found = pathway.education.get(lesson)
        return pathway_pictures.picture_of(PATHWAYS, contact.pathway, found) if found else None

    return picture


def _hearer(settings: Settings, recogniser: Recogniser) -> Hears:
    async def hears(media: str) -> tuple[Hypothesis, ...]:
        return await hear_note(settings.data / media, recogniser)

    return hears
