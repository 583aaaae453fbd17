"""Rehearsal by text: simulated patients talk with the real triage, dialogue, engine, store and escalation policy."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from agent.attempts.transitions import begin_attempt
from agent.conversation import Conversation, Stages
from agent.model.clock import HOSPITAL_ZONE
from agent.model.contact import Attempt, AttemptOutcome, Channel, Contact, ContactStatus
from agent.model.pathway import Node, Pathway, Respondent
from agent.model.people import Patient, Plan, PlanStatus, Tier
from agent.model.turn import Hypothesis, Turn, TurnKind
from agent.store.ports import Store
from bench.rehearsal.call import MOST_TURNS, Call, Exchange, read_record
from bench.rehearsal.mishearing import misheard
from bench.rehearsal.patient import Said, SimulatedPatient, Who
from bench.rehearsal.persona import Persona
from bench.rehearsal.truth import draw
from bench.rehearsal.virtual import REPLY_SECONDS, THINKING_SECONDS, Ids, speaking_seconds
from bench.rehearsal.words import Words
from machine.virtual_time import MovableClock

START = datetime(2026, 3, 2, 10, 0, tzinfo=HOSPITAL_ZONE)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", ("桂兰", "建国", "秀英", "德明", "玉珍", "志强", "淑芬", "国华")
AT_ONCE = 4
CLEAN_CONFIDENCE = 0.92


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """One run: the same values give the same conversations."""

    pathway: Pathway
    personas: Sequence[Persona]
    seed: int
    errors: float  # share of characters misheard, for everybody
    node_day: int | None = None  # None: every node of the pathway in turn


def make_call(plan: Rehearsal, number: int, words: Words, today: date) -> tuple[Call, SimulatedPatient]:
    """The nth patient of the run (1..)."""
    pathway = plan.pathway
    seed = f"{plan.seed}/{pathway.id}/{number}"
    random = Random(seed)
    persona = plan.personas[number - 1]
    node = _node(plan, number)
    child = pathway.respondent is Respondent.PARENT
    year = random.randint(2018, 2023) if child else random.randint(1938, 1972)
    who = Who(random.choice(SURNAMES) + random.choice(GIVEN), year, child)
    truth = draw(pathway, node, words, random, today)
    patient = SimulatedPatient(persona, who, pathway, truth, words, f"{seed}/talk")
    return Call(number, persona, who, pathway, node.day, truth, contact_id=""), patient


def _node(plan: Rehearsal, number: int) -> Node:
    if plan.node_day is not None:
        return plan.pathway.node(plan.node_day)
    return plan.pathway.nodes[(number - 1) % len(plan.pathway.nodes)]


async def admit(store: Store, call: Call, ids: Ids, now: datetime, phone: str) -> tuple[Patient, Contact]:
    """Patient, plan and one due contact in the rehearsal's own store."""
    pathway, who = call.pathway, call.who
    registered = "王小芳" if call.persona.registered else None
    patient = Patient(
        ids.new(), who.name, phone, pathway.title, Tier.MIDDLE, who.birth_year, "female", caregiver_name=registered
    )
    plan = Plan(
        ids.new(),
        patient.id,
        pathway.id,
        pathway.version,
        (now - timedelta(days=call.node_day)).date(),
        PlanStatus.ACTIVE,
        now,
    )
    contact = Contact(
        ids.new(), plan.id, patient.id, pathway.id, pathway.version, call.node_day, now, ContactStatus.DUE
    )
    async with store.transaction() as records:
        await records.add_patient(patient)
        await records.add_plan(plan, [contact])
    call.contact_id = contact.id
    return patient, contact


async def rehearse(
    plan: Rehearsal, stages: Stages, words: Words, progress: Callable[[int], None] = lambda done: None
) -> list[Call]:
    """Every patient's call, several at once; each has a clock and ids of its own. Raises StoreError."""
    gate, done = asyncio.Semaphore(AT_ONCE), 0

    async def one(number: int) -> Call:
        nonlocal done
        async with gate:
            call, patient = make_call(plan, number, words, START.date())
            await _talk(call, patient, stages, plan)
            done += 1
            progress(done)
            return call

    return list(await asyncio.gather(*(one(number) for number in range(1, len(plan.personas) + 1))))


async def _talk(call: Call, patient: SimulatedPatient, stages: Stages, plan: Rehearsal) -> None:
    clock, ids = MovableClock(START), Ids(plan.seed * 100_000 + call.number)
    phone = f"+86134{call.number:08d}"
    _, contact = await admit(stages.store, call, ids, clock(), phone)
    attempt = Attempt(ids.new(), contact.id, contact.patient_id, Channel.PHONE, AttemptOutcome.INTENDED, clock())
    async with stages.store.transaction() as records:
        await begin_attempt(records, contact, attempt)
    conversation = Conversation(replace(stages, now=clock, new_id=ids.new))
    mishears = Random(f"{plan.seed}/{call.pathway.id}/{call.number}/ear")
    share = max(plan.errors, call.persona.errors)

    def turn(kind: TurnKind, text: str = "", confidence: float = 1.0) -> Turn:
        heard = (Hypothesis(text, confidence),) if kind is TurnKind.SPEECH else ()
        return Turn(ids.new(), contact.id, attempt.id, Channel.PHONE, kind, clock(), text, confidence, heard)

    reply = await conversation.receive(turn(TurnKind.START))
    while not reply.end and len(call.exchanges) < MOST_TURNS:
        at = (clock() - START).total_seconds()
        clock.passes(seconds=speaking_seconds(reply.text))
        said = patient.answer(reply)
        heard, wrong = misheard(said.text, share, mishears) if said.kind is TurnKind.SPEECH else (said.text, 0.0)
        clock.passes(seconds=_takes(said, reply.patience_seconds))
        call.exchanges.append(Exchange(reply, at, said, heard))
        reply = await conversation.receive(turn(said.kind, heard, max(0.3, CLEAN_CONFIDENCE - wrong)))
        if said.kind is TurnKind.HANGUP:
            break
    call.stuck = not reply.end and call.exchanges[-1].said.kind is not TurnKind.HANGUP
    call.goodbye = reply
    clock.passes(seconds=speaking_seconds(reply.text))
    call.seconds = round((clock() - START).total_seconds(), 1)
    async with stages.store.transaction(write=False) as records:
        await read_record(call, records)


def _takes(said: Said, patience_seconds: float) -> float:
    if said.kind is TurnKind.SILENCE:
        return patience_seconds
    return THINKING_SECONDS + speaking_seconds(said.text) + REPLY_SECONDS
