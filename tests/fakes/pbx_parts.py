"""What the fake PBX is made of: telephones at numbers, channels, and what a patient heard."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from fastapi import WebSocket

from agent.model.clock import utc_now
from telephony.simulator.patient import Patient
from telephony.simulator.persona import Persona
from tests.fakes.carrier import loud
from tests.fakes.pbx_media import MediaQueue

USER, PASSWORD = "suifang", "a password of the tests"
BUSY, NO_ANSWER, UNALLOCATED, REJECTED, CONGESTION, NORMAL = (
    (17, 486),
    (19, 480),
    (1, 404),
    (21, 603),
    (34, 503),
    (16, None),
)
RING_SECONDS = 1.0  # instead of what is asked for: tests do not wait for 40


@dataclass(frozen=True)
class Telephone:
    """What is at a number: somebody (persona), a refusal (cause, SIP status), or a trunk that says nothing."""

    persona: Persona | None = None
    refuses: tuple[int, int | None] | None = None
    silent_trunk: bool = False
    comfort_noise: bool = False  # the trunk sends nothing while nobody speaks
    early: bytes = b""  # mu-law that the trunk sends while it rings, once


@dataclass
class Channel:
    id: str
    name: str
    app: str
    args: str = ""
    caller: str = ""
    state: str = "Down"
    app_name: str = "AppDial2"
    variables: dict[str, str] = field(default_factory=dict)
    created: str = ""
    queue: MediaQueue | None = None  # a media channel's
    connection_id: str = ""
    socket: WebSocket | None = None
    hangup: asyncio.Event = field(default_factory=asyncio.Event)
    cause: tuple[int, int | None] = NORMAL
    ears: "Ears | None" = None
    snooped: str = ""  # the channel whose incoming sound this one brings
    hears_ringing: bool = False
    heard_ringing: bool = False

    @property
    def in_stasis(self) -> bool:
        return self.app_name == "Stasis"

    def json(self) -> dict[str, Any]:
        party = {"name": "", "number": self.caller}
        data = ",".join(part for part in (self.app, self.args) if part) if self.in_stasis else "(Outgoing Line)"
        plan = {"context": "default", "exten": "s", "priority": 1, "app_name": self.app_name, "app_data": data}
        shown: dict[str, Any] = {"channelvars": self.variables} if self.queue else {}
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "protocol_id": "",
            "caller": party,
            "connected": party,
            "accountcode": "",
            "dialplan": plan,
            "creationtime": self.created,
            "language": "en",
            **shown,
        }


@dataclass
class Ears:
    """What one patient heard and did."""

    patient: Patient
    heard: list[bytes] = field(default_factory=list)
    said: list[int] = field(default_factory=list)
    keyed: str = ""

    @property
    def loud_frames(self) -> int:
        return sum(loud(frame) for frame in self.heard)


def stamp() -> str:
    return f"{utc_now():%Y-%m-%dT%H:%M:%S}.000+0000"
