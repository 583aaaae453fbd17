"""Rehearsal by voice: the product as a process of its own, a carrier on loopback, patients who speak in real time."""

import asyncio
import base64
import io
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import soundfile

from agent.model.clock import utc_now
from agent.model.contact import OPEN_OUTCOMES
from agent.model.finding import Polarity
from agent.model.move import Move, MoveContext, MoveKind
from agent.model.turn import Reply
from agent.store.open import migrate, open_store
from agent.store.ports import Store
from bench.rehearsal.call import Call, read_record
from bench.rehearsal.on_the_line import HELLO, Heard, Mind, VoicedPatient
from bench.rehearsal.patient import SimulatedPatient
from bench.rehearsal.run import Wish, by_text, planned
from bench.rehearsal.text_run import admit, make_call
from bench.rehearsal.virtual import Ids
from bench.rehearsal.voices import PatientVoices, lines_of
from bench.rehearsal.words import Words
from machine.demo import ACCOUNT_SID, AUTH_TOKEN, START_SECONDS, Places, Ports, get_json
from machine.processes import Child
from machine.served import bound_socket, free_port, served
from settings import Settings
from telephony.simulator.app import create_app
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.patient import OnTheLine
from telephony.simulator.persona import Persona as Line
from telephony.simulator.sound import Clip

LONGEST_SECONDS = 420.0  # of one round of calls
QUIET_DB, NOISY_DB = 22.0, 10.0  # loudness of speech over the line's noise

Say = Callable[[str], None]


@dataclass(slots=True)
class Cast:
    """The calls of a run with the patient who makes each."""

    calls: list[Call] = field(default_factory=list)
    minds: dict[str, SimulatedPatient] = field(default_factory=dict)  # by telephone number
    by_phone: dict[str, Call] = field(default_factory=dict)


def places_of(wish: Wish, settings: Settings) -> Places:
    """A data folder of the run's own; only models and rendered prompts are the machine's."""
    folder = wish.out / "voice"
    shutil.rmtree(folder, ignore_errors=True)
    data = folder / "data"
    data.mkdir(parents=True)
    for shared in ("models", "prompts"):
        (settings.data / shared).mkdir(parents=True, exist_ok=True)
        (data / shared).symlink_to((settings.data / shared).resolve())
    ports = Ports(free_port(), free_port(), free_port())
    own = settings.model_copy(update={
        "data": data, "database_url": f"sqlite:///{folder / 'rehearsal.db'}", "recordings": folder / "recordings",
        "port": ports.server,
    })
    return Places(folder, own, ports)


async def admit_all(wish: Wish, places: Places) -> Cast:
    """Every patient and one contact due now, in the run's own store."""
    plan, words, cast = planned(wish), Words(), Cast()
    await asyncio.to_thread(migrate, places.settings.database)
    store = await open_store(places.settings.database)
    try:
        for number in range(1, wish.patients + 1):
            call, patient = make_call(plan, number, words, utc_now().date())
            phone = f"+86134{number:08d}"
            await admit(store, call, Ids(plan.seed * 100_000 + number), utc_now() - timedelta(minutes=1), phone)
            cast.calls.append(call)
            cast.minds[phone], cast.by_phone[phone] = patient, call
    finally:
        await store.close()
    return cast


async def render_ahead(wish: Wish, settings: Settings, voices: PatientVoices, progress: Say) -> None:
    """A rehearsal by text with a plain decider foresees most of what will be said."""
    foreseen = await by_text(wish, settings, _Plain())
    said = ((call.number, one.said.text) for call in foreseen for one in call.exchanges if one.said.kind == "speech")
    lines = lines_of([*((call.number, HELLO) for call in foreseen), *said])
    await voices.render(lines, lambda done: progress(f"voices of the patients: {done} of {len(lines)}"))


class _Plain:
    """Everybody answers what was asked: enough to foresee their lines."""

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        plain = {Polarity.YES: MoveKind.AFFIRM, Polarity.NO: MoveKind.DENY}
        return Move(plain.get(Polarity(context.polarity), MoveKind.ANSWER))


async def by_voice(
    wish: Wish, cast: Cast, places: Places, voices: PatientVoices, progress: Say
) -> dict[int, str]:
    """Makes the calls and reads their records; returns each call's sound as a data URI. Raises ChildFailed."""
    store = await open_store(places.settings.database)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(store.close)
        await stack.enter_async_context(_carrier(cast, store, places, voices))
        await _product(stack, places, wish.at_once, progress)
        rounds = -(-len(cast.calls) // wish.at_once)
        await _all_over(store, cast, LONGEST_SECONDS * rounds, progress)
        return await _collected(cast, store, places)


@asynccontextmanager
async def _carrier(cast: Cast, store: Store, places: Places, voices: PatientVoices) -> AsyncIterator[None]:
    config = SimulatorConfig(ACCOUNT_SID, AUTH_TOKEN)
    lines = {
        phone: Line(phone, call.persona.id, pick_up_after_seconds=1.0, noise_db=_noise_db(call))
        for phone, call in cast.by_phone.items()
    }

    def new_patient(line: Line, clips: dict[str, Clip], seed: int) -> OnTheLine:
        call = cast.by_phone[line.phone]
        random = Random(f"{seed}/{call.number}")
        mind = Mind(cast.minds[line.phone], _last_reply(store, call), voices.of(call.number).ulaw, random,
                    call.persona.talks_over, call.exchanges)
        return VoicedPatient(mind, line.noise_db, seed)

    app = create_app(config, lines, lambda voice, text: None, new_patient=new_patient)
    async with served(app, bound_socket(places.ports.carrier)):
        yield


def _noise_db(call: Call) -> float:
    return NOISY_DB if call.persona.noise else QUIET_DB


def _last_reply(store: Store, call: Call) -> Heard:
    async def heard() -> tuple[int, Reply] | None:
        async with store.transaction(write=False) as records:
            turns = await records.turns(call.contact_id)
        return (turns[-1].seq, turns[-1].reply) if turns else None

    return heard


async def _product(stack: AsyncExitStack, places: Places, at_once: int, progress: Say) -> None:
    env = {**places.environment(), "SUIFANG_MAX_CALLS": str(at_once)}
    arguments = ["cli.py", "serve", "--port", str(places.ports.server), "--allow-drafts", "--password-file",
                 str(places.password_file)]
    product = stack.enter_context(Child("suifang serve", arguments, places.folder / "logs" / "serve.log", env))
    await asyncio.to_thread(
        product.wait_for,
        lambda: get_json(places.ports.server, "/ready") is not None,
        START_SECONDS,
        lambda seconds: progress(f"starting … {seconds:.0f} s"),
    )


async def _all_over(store: Store, cast: Cast, seconds: float, progress: Say) -> None:
    """Until every contact has been called and every call has its outcome, or the time is up."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        async with store.transaction(write=False) as records:
            attempts = await records.attempts()
            kept = [r for a in attempts for r in await records.recordings(contact_id=a.contact_id)]
        ended = {a.contact_id for a in attempts if a.outcome not in OPEN_OUTCOMES}
        live = sum(a.outcome in OPEN_OUTCOMES for a in attempts)
        progress(f"calls ended: {len(ended)} of {len(cast.calls)}, under way: {live}")
        if len(ended) == len(cast.calls) and not live and all(recording.seconds > 0 for recording in kept):
            return
        await asyncio.sleep(1.0)


async def _collected(cast: Cast, store: Store, places: Places) -> dict[int, str]:
    sound: dict[int, str] = {}
    for call in cast.calls:
        async with store.transaction(write=False) as records:
            await read_record(call, records)
            recordings = await records.recordings(contact_id=call.contact_id)
        if call.attempt is None:
            call.failure = "was not dialled"
        if recordings:
            call.seconds = round(recordings[0].seconds, 1)
            path = places.settings.recordings_folder / recordings[0].path
            if path.is_file():
                sound[call.number] = await asyncio.to_thread(data_uri, path)
    return sound


def data_uri(path: Path) -> str:
    """A recording as Ogg/Opus in a data URI: an hour is about ten megabytes."""
    samples, rate = soundfile.read(path, dtype="int16")
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="OGG", subtype="OPUS")
    return "data:audio/ogg;base64," + base64.b64encode(file.getvalue()).decode("ascii")
