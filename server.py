"""Composition root: settings → adapters → one ASGI application. Decides nothing."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import httpx
from fastapi import FastAPI
from fastapi.responses import JSONResponse

from agent.answering.content import AnsweringContent
from agent.answering.who import WhoAnswered
from agent.conversation import Conversation, Stages
from agent.dialog.actions import TurnAction
from agent.dialog.faq import FaqBook, load_faq
from agent.dialog.pathway_loader import PathwayShelf
from agent.dialog.rasa_client import RasaDecider, turn_client
from agent.dialog.rasa_process import RasaHealth, RasaProcess
from agent.hearing.hearing_reader import HearingReader
from agent.hearing.verifier import Verifier
from agent.hearing.verifying_decoder import VerifyingDecoder
from agent.model.clock import new_id, utc_now
from agent.schedule.dispatcher import Around, Dispatcher
from agent.schedule.outbox import Outbox
from agent.schedule.runner import Round, Runner
from agent.schedule.take_overs import TakeOvers
from agent.schedule.weigher import Weigher
from agent.second_pass.work import SecondPassWork
from agent.store.open import open_store
from agent.store.ports import Store
from agent.store.screens import ScreenStore
from agent.triage import content
from agent.triage.reader import Reader
from dashboard.accounts import ensure_first_user
from dashboard.following import Following
from dashboard.live import LiveHub
from folders import NLU_DATA, PATHWAYS
from machine.memory import settle
from machine.speech import Speech, load_speech
from settings import Settings
from telephony.browser import practice_router
from telephony.live_calls import LiveCalls
from wiring.alarm_clocks import keep_watch
from wiring.answering import answering_content, message_of
from wiring.calling_hours import calendar_of, hospital_of
from wiring.calls import call_parts
from wiring.campaigns import filler_for
from wiring.carriers import Carrier, carrier_for
from wiring.chat import Chat, chat_for, chat_routes
from wiring.dialling import closer, lines_for, owner_in, preparer, signed_only, urgent_only
from wiring.dialogue import action_router, rasa_settings
from wiring.intake import intake_open, planner_for
from wiring.invitations import Scheduling, retries_for, write_to_patients
from wiring.messages import messengers_for, post_for
from wiring.pages import Running, dashboard_for
from wiring.planning import FreshPlanner, change_plans, lessons_for
from wiring.points import give_points
from wiring.practice import Room, practice_store
from wiring.second_pass import second_pass_for
from wiring.telling import Telling
from wiring.transfers import nurse_line, taken_over
from wiring.wakeups import pace_for, waking
from wiring.wechat import Wechat, open_wechat
from wiring.writing import ByHand

log = logging.getLogger("suifang.server")

RASA_START_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything that runs in this process."""

    settings: Settings
    store: ScreenStore
    stages: Stages
    conversation: Conversation
    practice: tuple[Store, Path]  # of practice calls, and where their recordings go
    shelf: PathwayShelf
    rasa: RasaProcess
    token: str
    faq: FaqBook
    carrier: Carrier
    dispatcher: Dispatcher
    runner: Runner
    live: LiveHub
    speech: Speech
    calls: LiveCalls
    chat: Chat
    planner: FreshPlanner
    wechat: Wechat | None
    by_hand: ByHand


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Stack]:
    """The whole stack, started in order and stopped in reverse."""
    async with AsyncExitStack() as stack:
        store = await open_store(settings.database)
        stack.push_async_callback(store.close)
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        turns, token = await stack.enter_async_context(turn_client()), secrets.token_urlsafe(24)
        rasa = RasaProcess(rasa_settings(settings, token), turns)
        await rasa.start()  # the slowest: it comes up while the models load
        stack.push_async_callback(rasa.stop)
        reader, speech = await _ears(settings, stack)
        shelf = PathwayShelf(PATHWAYS, settings.data / "pathways")
        answering = answering_content(NLU_DATA)
        faq = FaqBook(load_faq(NLU_DATA / "faq"), use_drafts=settings.allow_drafts)
        calendar, planner = calendar_of(settings), planner_for(settings)
        hospital = hospital_of(settings, message_of(settings, answering), calendar)
        messengers = messengers_for(settings, http)
        retries = retries_for(settings, calendar, messengers)
        decider = RasaDecider(rasa.settings.base_url, turns, token=token)
        stages = Stages(store, HearingReader(reader), decider, shelf, hospital, retries, utc_now, new_id)
        conversation = Conversation(stages)
        practice = await stack.enter_async_context(practice_store(settings.data))
        carrier = carrier_for(settings, owner_in(store))
        stack.push_async_callback(carrier.close)
        live, weigher = LiveHub(), Weigher(store, urgent_only(shelf), utc_now)
        outbox = Outbox(store, telling := Telling(live, weigher), utc_now)
        conversation.tell_cards(outbox.wake)
        calls = live_calls(settings, speech, answering, conversation, outbox)
        around = Around(
            carrier.can_dial, signed_only(settings, shelf), preparer(conversation, shelf, faq, speech.prompts),
            taken_over(conversation), closer(conversation, store, settings.recordings_folder), calls.guessed,
        )  # fmt: skip
        lines = lines_for(settings, retries, calendar, around)
        dispatcher = Dispatcher(store, carrier.dialler, lines, utc_now, new_id)
        runner = Runner(dispatcher, outbox, pace_for(settings.database))
        runner.give(Round.TAKE_OVER, TakeOvers(store, calls.take_over, utc_now, new_id).run_once)
        runner.dialling = False
        runner.give(Round.WEIGH, weigher.weigh_new)
        runner.give(Round.LESSONS, lessons_for(settings, store, shelf).run_once)
        runner.give(Round.POST, post_for(store, messengers).run_once)
        runner.give(Round.CAMPAIGNS, filler_for(store, calendar).run_once)
        chat = chat_for(settings, stages, conversation, shelf, speech.recogniser)
        stack.push_async_callback(chat.desk.close)
        wechat = open_wechat(settings, http, chat, messengers, runner)
        write_to_patients(settings, Scheduling(store, dispatcher, runner, telling), chat.parts, messengers)
        _give_chat(runner, chat)
        _give_second_pass(runner, second_pass_for(settings, store, HearingReader(reader), shelf, speech), stack)
        change_plans(settings, store, planner, telling)
        give_points(settings, store, telling)
        keep_watch(settings, store, calendar, runner)
        telling.contact_changed.append(await stack.enter_async_context(waking(settings.database, runner)))
        runner.start()
        stack.push_async_callback(runner.stop)
        stack.callback(live.close)
        stack.callback(asyncio.create_task(_dial_when_ready(rasa, runner)).cancel)
        yield Stack(
            settings, store, stages, conversation, practice, shelf, rasa, token, faq, carrier, dispatcher, runner,
            live, speech, calls, chat, planner, wechat, ByHand(chat.parts, messengers),
        )  # fmt: skip


async def _ears(settings: Settings, stack: AsyncExitStack) -> tuple[Reader, Speech]:
    """What reads words, and the models, which hold what they hear against it."""
    reader = await asyncio.to_thread(lambda: Reader(content.load(NLU_DATA)))
    verifier = await asyncio.to_thread(Verifier, reader)
    speech = await asyncio.to_thread(load_speech, settings, lambda decoder: VerifyingDecoder(decoder, verifier))
    stack.push_async_callback(speech.recogniser.close)
    stack.push_async_callback(speech.prompts.close)
    return reader, speech


def _give_chat(runner: Runner, chat: Chat) -> None:
    runner.give(Round.CHAT, chat.desk.beat)
    runner.give(Round.CHAT_CLOCK, chat.clock.run_once)
    runner.give(Round.TEACH, chat.lessons.run_once)


def _give_second_pass(runner: Runner, again: SecondPassWork | None, stack: AsyncExitStack) -> None:
    if again is not None:
        runner.give(Round.SECOND_PASS, again.run_once)
        stack.push_async_callback(again.close)


async def _dial_when_ready(rasa: RasaProcess, runner: Runner) -> None:
    await rasa.wait_ready(RASA_START_SECONDS)
    runner.dialling = True


def live_calls(
    settings: Settings, speech: Speech, answering: AnsweringContent, conversation: Conversation, outbox: Outbox
) -> LiveCalls:
    parts = call_parts(speech, conversation, settings.recordings_folder)
    who, nurse = partial(WhoAnswered, answering.announcements), nurse_line(settings, outbox)
    return LiveCalls(replace(parts, new_who=who, nurse=nurse))


def create_app(settings: Settings, on_first_password: Callable[[str], None] = lambda password: None) -> FastAPI:
    """The application; everything starts and stops with it. The first user's password is told once."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(settings) as stack, intake_open(settings, stack.store, stack.planner, app):
            app.state.stack = stack
            password = await ensure_first_user(stack.store, utc_now())
            if password is not None:
                on_first_password(password)
            _mount(app, stack)
            settle()
            yield

    return FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)


def _mount(app: FastAPI, stack: Stack) -> None:
    stack.carrier.open(app, stack.dispatcher, stack.calls.make, stack.calls.before_answer)
    app.include_router(action_router(TurnAction(stack.faq), stack.token))

    @app.get("/ready", include_in_schema=False)
    async def ready() -> JSONResponse:
        carrier = {"carrier": stack.settings.carrier, "carrier_reached": stack.carrier.can_dial()}
        up = stack.rasa.health is RasaHealth.READY and stack.carrier.can_dial()
        told = {"ready": up, "dialogue": stack.rasa.health, **carrier, **stack.speech.about}
        return JSONResponse(told, 200 if up else 503)

    if stack.wechat is not None:
        app.include_router(stack.wechat.routes)
    house = Running(stack.planner, stack.carrier.can_dial, stack.by_hand, stack.calls.hearing)
    if stack.settings.database.startswith("postgresql"):  # several processes may share it
        stack.runner.give(Round.FOLLOW, Following(stack.store, stack.live).run_once)
    pages = dashboard_for(stack.settings, stack.store, stack.live, stack.shelf, house)
    room = Room(stack.stages, stack.shelf, stack.faq, stack.speech, *stack.practice, pages.state.web)
    app.include_router(chat_routes(stack.settings, stack.chat))
    app.include_router(practice_router(room))
    app.mount("/", pages)
