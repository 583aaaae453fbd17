"""The course of one answered call: obeys the customer's documents, one after the other, until somebody hangs up."""

import asyncio
import logging
import random
from dataclasses import dataclass, replace
from datetime import datetime

from agent.model.clock import Now
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.faults import BadLine
from telephony.simulator.notify import Notifier
from telephony.simulator.patient import NewPatient, Patient
from telephony.simulator.persona import Persona, PersonaError
from telephony.simulator.records import API_VERSION, CallRecord, new_sid
from telephony.simulator.sound import Clip, clip
from telephony.simulator.stream import MediaStream, Parties, StreamRefused
from telephony.simulator.twiml import ConnectStream, Dial, Hangup, Pause, TwimlError, Verb, parse_twiml
from telephony.simulator.voices import Speak, tone

_log = logging.getLogger("suifang.simulator")

_BUSY_SECONDS = 0.5


class SpokenLines:
    """The audio of one patient's lines; one that was never rendered is a tone, and is counted."""

    def __init__(self, persona: Persona, speak: Speak) -> None:
        self.without_audio = 0
        self.clips = {
            line.say: self._clip(persona, line.voice or persona.voice, line.say, speak)
            for line in persona.every_line
            if line.say
        }
        if self.without_audio:
            _log.warning("patient %s: %d lines were never rendered", persona.name, self.without_audio)

    def _clip(self, persona: Persona, voice: str, text: str, speak: Speak) -> Clip:
        ulaw = speak(voice, text)
        self.without_audio += ulaw is None
        try:
            return clip(tone(text) if ulaw is None else ulaw)
        except ValueError as error:
            raise PersonaError(f"{persona.name}: the audio of a line is silent") from error


@dataclass(frozen=True, slots=True)
class House:
    """What every call of the account shares."""

    config: SimulatorConfig
    personas: dict[str, Persona]
    lines: dict[str, SpokenLines]
    notifier: Notifier
    now: Now
    calls: dict[str, CallRecord]


async def hung_up_within(call: CallRecord, seconds: float) -> bool:
    """Whether the customer ended the call through the API in that time."""
    try:
        async with asyncio.timeout(seconds):
            await call.hang_up.wait()
    except TimeoutError:
        return False
    return True


def call_fields(call: CallRecord) -> dict[str, str]:
    """What every post about a call carries."""
    return {
        "CallSid": call.sid,
        "AccountSid": call.account_sid,
        "From": call.from_,
        "To": call.to,
        "Caller": call.from_,
        "Called": call.to,
        "CallStatus": call.status,
        "ApiVersion": API_VERSION,
        "Direction": call.direction,
    }


class Course:
    def __init__(self, house: House, call: CallRecord, persona: Persona, new_patient: NewPatient) -> None:
        self._house, self._call, self._persona = house, call, persona
        seed = house.config.seed * 1_000 + random.Random(call.to).randrange(1_000)
        self._patient = new_patient(persona, house.lines[call.to].clips, seed)
        self._streams = 0
        self._gone = False  # the patient has hung up

    async def run(self) -> None:
        """Until the patient, the customer or a wrong document ends it."""
        call = self._call
        document: dict[str, str] | None = {name: call.asked(name) for name in ("Twiml", "Url") if call.asked(name)}
        try:
            while document:
                verbs = parse_twiml(await self._fetch(document))
                document = await self._obey(verbs)
        except TwimlError as error:
            call.note("error", self._now, code=error.code, message=str(error))
        except StreamRefused as error:
            call.note("error", self._now, code=31920, message=f"stream refused: {error}")

    @property
    def _now(self) -> datetime:
        return self._house.now()

    async def _fetch(self, document: dict[str, str]) -> str:
        if "Twiml" in document:
            return document["Twiml"]
        return await self._ask(document["Url"], call_fields(self._call), "voice URL")

    async def _ask(self, url: str, fields: dict[str, str], what: str) -> str:
        status, text = await self._house.notifier.post(url, fields)
        if status != 200:
            raise TwimlError(11200, f"the {what} answered {status}")
        return text

    async def _obey(self, verbs: list[Verb]) -> dict[str, str] | None:
        """The document that follows, None at the call's end."""
        call = self._call
        for verb in verbs:
            if call.hang_up.is_set() or isinstance(verb, Hangup):
                return None
            if isinstance(verb, Pause):
                await hung_up_within(call, verb.seconds)
            elif isinstance(verb, Dial):
                following = await self._dial(verb)
                if following is not None or self._gone:
                    return following
            elif await self._stream(verb) != "robot":
                redirect, call.redirect = call.redirect, None
                return redirect  # the patient's or the carrier's side is gone: no further verb
        return None

    async def _stream(self, verb: ConnectStream) -> str:
        house, call, persona = self._house, self._call, self._persona
        faults = replace(persona.faults, seed=persona.faults.seed + house.config.seed)
        parties = Parties(call, self._patient, BadLine(faults), faults.drop_socket_after_seconds)
        if self._streams and isinstance(self._patient, Patient):
            self._patient.back_on_the_line()
        self._streams += 1
        stream = MediaStream(parties, verb, house.config.auth_token)
        call.note("stream", self._now)
        call.stream |= {"persona": persona.name, "lines_without_audio": house.lines[call.to].without_audio}
        ended_by = await stream.run()
        call.stream |= {**stream.report(ended_by), "streams": self._streams}
        call.note("stream ended", self._now, by=ended_by)
        return ended_by

    # another telephone

    async def _dial(self, verb: Dial) -> dict[str, str] | None:
        """What the action says next; None without an action, or when the patient has hung up."""
        call = self._call
        child = CallRecord(
            new_sid("CA"), call.account_sid, verb.number, verb.caller_id or call.from_, {}, self._now, self._now
        )
        child.parent_sid = call.sid
        self._house.calls[child.sid] = child
        call.note("dial", self._now, to=verb.number)
        said = await self._ring(child, verb)
        call.note("dial ended", self._now, status=said)
        if not verb.action:
            return None
        if self._gone:
            call.status = "completed"
        fields = {**call_fields(call), "DialCallStatus": said, "DialCallSid": child.sid}
        fields["DialBridged"] = "true" if said == "completed" else "false"
        if said == "completed":
            fields["DialCallDuration"] = str(child.seconds)
        text = await self._ask(verb.action, fields, "<Dial> action")
        return None if self._gone else {"Twiml": text}

    async def _ring(self, child: CallRecord, verb: Dial) -> str:
        """DialCallStatus, and the other telephone's call brought to its end."""
        other = self._house.personas.get(verb.number)
        child.started = self._now
        patience = min(verb.timeout_seconds, self._persona.waits_seconds or verb.timeout_seconds)
        if other is None or other.busy or other.ends:
            await hung_up_within(self._call, _BUSY_SECONDS)
            return self._ended(child, "failed" if other is None else other.ends or "busy")
        picks_up = other.answers and other.pick_up_after_seconds < patience
        gone = await hung_up_within(self._call, other.pick_up_after_seconds if picks_up else patience)
        if not picks_up or gone:
            self._gone = gone or patience < verb.timeout_seconds
            return self._ended(child, "canceled" if self._gone else "no-answer")
        child.answered, child.status = self._now, "in-progress"
        await hung_up_within(self._call, other.talks_seconds)
        return self._ended(child, "completed")

    def _ended(self, child: CallRecord, status: str) -> str:
        child.ended = child.updated = self._now
        child.status = status
        child.note(status, child.ended)
        return status
