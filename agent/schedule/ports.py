"""What the scheduler asks of a carrier. Telephony implements it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from agent.model.contact import Channel, Contact
from agent.model.message import Message
from agent.model.people import Patient
from agent.store.ports import Records


class DialFailed(Exception):
    """The carrier refused or could not be reached. `code` is stable: "carrier_down", "bad_number", "rate_limited",
    "unauthorised", "rejected". `retryable`: the same dial may succeed later. `alarm`: a person must look."""

    def __init__(self, code: str, *, retryable: bool, alarm: bool = False) -> None:
        super().__init__(code)
        self.code, self.retryable, self.alarm = code, retryable, alarm


@dataclass(frozen=True, slots=True)
class CarrierStatus:
    """A call's status as the carrier reports it: queued ringing in-progress completed busy failed no-answer canceled;
    `answered_by` human, machine_start … or None."""

    attempt_id: str
    carrier_ref: str
    status: str
    at: datetime
    answered_by: str | None = None
    seconds: int | None = None
    sip_code: int | None = None  # the network's own answer to the call, where the carrier passes it on


class Dialler(Protocol):
    async def dial(self, *, attempt_id: str, to: str) -> str:
        """Asks the carrier to call `to` (E.164); returns the carrier's id. Raises DialFailed.
        The attempt id travels to the carrier and back with every webhook."""
        ...

    async def status(self, carrier_ref: str) -> str:
        """The carrier's status word for one call."""
        ...

    async def hang_up(self, carrier_ref: str) -> None:
        """Ends a call from outside. Raises DialFailed."""
        ...

    async def find(self, *, attempt_id: str, to: str, since: datetime) -> str | None:
        """The carrier's id of a call already placed for this attempt, or None: asked after a crash, before a redial."""
        ...


class SendFailed(Exception):
    """A message was not sent. `code` is stable: "provider_down", "bad_address", "rate_limited", "unauthorised",
    "rejected", "window_closed", "no_template". `retryable`: it may be sent later. `unsure`: the provider may have it
    all the same (no answer came), so nobody sends it again before the provider was asked."""

    def __init__(self, code: str, *, retryable: bool, unsure: bool = False) -> None:
        super().__init__(code)
        self.code, self.retryable, self.unsure = code, retryable, unsure


class Messenger(Protocol):
    """One channel's way out."""

    @property
    def channel(self) -> Channel: ...

    async def send(self, message: Message) -> str:
        """Gives the message to the provider; returns the provider's reference. Raises SendFailed."""
        ...


@runtime_checkable
class KnowsWhatWasSent(Protocol):
    """A messenger whose provider can be asked, after a crash, whether it has a message."""

    async def find(self, message: Message) -> str | None:
        """The provider's reference, or None where it never got the message. Raises SendFailed."""
        ...


class Invitations(Protocol):
    """Writes messages about a contact, in approved words; the caller gives each the id of its cause."""

    def link(
        self, message_id: str, contact: Contact, patient: Patient, now: datetime, *, going_on: bool
    ) -> Message | None:
        """The way into the chat on this contact, for the first time or to go on where a call broke off. None where no
        message reaches the patient."""
        ...

    def warm_up(self, message_id: str, contact: Contact, patient: Patient, now: datetime) -> Message | None:
        """Says that the hospital will call soon, and from which number. None where no message reaches the patient."""
        ...

    async def nearest(self, records: Records, message: Message) -> Message:
        """The same message by the nearest way that the patient has: to be asked for just before it is queued."""
        ...


class NoMessages:
    """A house that sends none."""

    def link(
        self, message_id: str, contact: Contact, patient: Patient, now: datetime, *, going_on: bool
    ) -> Message | None:
        return None

    def warm_up(self, message_id: str, contact: Contact, patient: Patient, now: datetime) -> Message | None:
        return None

    async def nearest(self, records: Records, message: Message) -> Message:
        return message


class CarrierEvents(Protocol):
    """What a carrier adapter tells us; agent.schedule implements it."""

    async def status_changed(self, status: CarrierStatus) -> None: ...

    async def transfer_ended(self, attempt_id: str, *, taken: bool) -> None:
        """The transferred call is over: a nurse has spoken with the patient, or the patient did not wait for one."""
        ...
