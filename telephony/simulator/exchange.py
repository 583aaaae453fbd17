"""The telephone exchange: carries each call from queued to its end and tells the customer."""

import asyncio
import logging
from collections.abc import Coroutine
from datetime import datetime

from agent.model.clock import Now
from telephony.simulator.config import SimulatorConfig
from telephony.simulator.course import Course, House, SpokenLines, call_fields, hung_up_within
from telephony.simulator.notify import Notifier
from telephony.simulator.patient import NewPatient, Patient
from telephony.simulator.persona import Persona
from telephony.simulator.records import ENDED, CallRecord, new_sid, rfc2822
from telephony.simulator.voices import Speak

_log = logging.getLogger("suifang.simulator")

_BUSY_SECONDS = 0.5
_AMD_SECONDS = 1.5
_MESSAGE_SECONDS = 4.0
_EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}  # the rest: "completed"


class Exchange:
    """One account's calls. `speak` renders a patient's line as clean 8 kHz mu-law. Raises PersonaError for a line
    whose audio is silent."""

    def __init__(self, config: SimulatorConfig, personas: dict[str, Persona], speak: Speak, now: Now) -> None:
        self._config, self._personas, self._now = config, personas, now
        self._notifier = Notifier(config.auth_token, config.webhook_timeout_seconds)
        self._tasks: set[asyncio.Task[None]] = set()
        self._rest_errors: dict[str, int] = {}
        self.calls: dict[str, CallRecord] = {}
        lines = {phone: SpokenLines(persona, speak) for phone, persona in personas.items()}
        self._house = House(config, personas, lines, self._notifier, now, self.calls)
        self.new_patient: NewPatient = Patient

    def refuses(self, to: str) -> bool:
        """True while the number's persona wants the REST API to fail (counts down)."""
        persona = self._personas.get(to)
        wanted = persona.faults.rest_errors if persona else 0
        had = self._rest_errors.get(to, 0)
        self._rest_errors[to] = had + 1
        return had < wanted

    def dial(self, account_sid: str, request: dict[str, list[str]]) -> CallRecord:
        """Queues the call and lets it run by itself."""
        now = self._now()
        to, from_ = request["To"][0], request["From"][0]
        call = CallRecord(new_sid("CA"), account_sid, to, from_, request, now, now)
        self.calls[call.sid] = call
        self._spawn(self._run(call))
        return call

    async def reset(self) -> None:
        """Ends everything under way and forgets all calls."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.calls.clear()
        self._rest_errors.clear()

    async def close(self) -> None:
        await self.reset()
        await self._notifier.close()

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("the simulator itself failed in a call", exc_info=error)

    async def _run(self, call: CallRecord) -> None:
        call.started = self._now()
        await self._become(call, "initiated")
        persona = self._personas.get(call.to)
        outcome = await self._ring(call, persona)
        if outcome != "answered" or persona is None:
            await self._end(call, outcome)
            return
        call.answered = self._now()
        await self._become(call, "in-progress")
        if call.asked("MachineDetection"):
            self._spawn(self._detect_machine(call, persona))
        await Course(self._house, call, persona, self.new_patient).run()
        await self._end(call, "completed")

    async def _ring(self, call: CallRecord, persona: Persona | None) -> str:
        """ "answered" or the status the call ends with."""
        if await hung_up_within(call, self._config.ring_delay_seconds):
            return "canceled"
        if persona is None:
            return "failed"
        if persona.ends:
            announced = persona.announced_seconds or _BUSY_SECONDS
            return "canceled" if await hung_up_within(call, announced) else persona.ends
        if persona.busy:
            return "canceled" if await hung_up_within(call, _BUSY_SECONDS) else "busy"
        await self._become(call, "ringing")
        patience = float(call.asked("Timeout", "60"))
        picks_up = persona.answers and persona.pick_up_after_seconds < patience
        if await hung_up_within(call, persona.pick_up_after_seconds if picks_up else patience):
            return "canceled"
        return "answered" if picks_up else "no-answer"

    async def _detect_machine(self, call: CallRecord, persona: Persona) -> None:
        """At once for a person or with Enable; with DetectMessageEnd a machine is told once it has spoken."""
        to_the_end = call.asked("MachineDetection") == "DetectMessageEnd" and persona.answered_by.startswith("machine")
        await asyncio.sleep(_AMD_SECONDS + (_MESSAGE_SECONDS if to_the_end else 0.0))
        begun = persona.answered_by.startswith("machine") and not to_the_end
        call.answered_by = answered_by = "machine_start" if begun else persona.answered_by
        url = call.asked("AsyncAmdStatusCallback")
        if call.asked("AsyncAmd") != "true" or not url:
            return
        fields = {"CallSid": call.sid, "AccountSid": call.account_sid, "AnsweredBy": answered_by}
        status, _ = await self._notifier.post(
            url, {**fields, "MachineDetectionDuration": str(round(_AMD_SECONDS * 1000))}
        )
        call.note("amd", self._now(), answered_by=answered_by, http=status)

    async def _end(self, call: CallRecord, status: str) -> None:
        call.ended = self._now()
        await self._become(call, status)

    async def _become(self, call: CallRecord, status: str) -> None:
        """Changes the status ("initiated" is queued in the resource) and posts the callback if it was asked for."""
        now = self._now()
        call.status, call.updated = ("queued" if status == "initiated" else status), now
        call.note(status, now)
        event = _EVENT_OF_STATUS.get(status, "completed")
        url = call.asked("StatusCallback")
        if not url or event not in call.request.get("StatusCallbackEvent", ["completed"]):
            return
        http, _ = await self._notifier.post(url, self._status_fields(call, status, now))
        if http >= 300 or http == 0:
            call.note("error", self._now(), code=11200, message=f"the status callback answered {http}")

    def _status_fields(self, call: CallRecord, status: str, now: datetime) -> dict[str, str]:
        fields = {
            **call_fields(call),
            "CallStatus": status,
            "Timestamp": rfc2822(now) or "",
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(call.sequence),
        }
        call.sequence += 1
        if status in ENDED:
            fields |= {"CallDuration": str(call.seconds), "Duration": str(-(-call.seconds // 60))}
            usual = {"failed": 404, "busy": 486, "no-answer": 487}.get(status, 200)
            persona = self._personas.get(call.to)
            fields["SipResponseCode"] = str((persona and persona.sip_code) or usual)
        return fields
