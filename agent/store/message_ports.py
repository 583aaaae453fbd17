"""What the rest of the house asks of the store about messages: sent, received, and wanted no more."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from agent.model.contact import Channel
from agent.model.message import Message
from agent.model.observation import Observation
from agent.model.people import Patient
from agent.model.piece import OptOut, Piece


class MessageRecords(Protocol):
    # messages
    async def add_message(self, message: Message) -> None:
        """Raises Duplicate for a known id: give a message that must be sent once the id of its cause."""
        ...

    async def save_message(self, message: Message) -> None:
        """The hold ends. Raises Duplicate where another message of the channel has this provider's reference."""
        ...

    async def message(self, message_id: str) -> Message: ...
    async def message_by_ref(self, channel: Channel, provider_ref: str) -> Message | None: ...
    async def messages(
        self, *, patient_id: str | None = None, contact_id: str | None = None, limit: int = 500
    ) -> Sequence[Message]: ...
    async def claim_messages(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[Message]:
        """QUEUED messages that may go now, oldest first: SENDING from now on, with one more try counted."""
        ...

    async def claim_unsure_messages(self, *, now: datetime, hold_until: datetime, limit: int) -> Sequence[Message]:
        """Messages left SENDING past their hold: the worker died, or the provider never said what became of them."""
        ...

    # what patients send by message
    async def add_piece(self, piece: Piece) -> None:
        """Raises Duplicate for a message that came before."""
        ...

    async def open_pieces(self, *, now: datetime, limit: int) -> Sequence[Piece]:
        """Not yet part of an answered turn and in nobody's hands, in the order received."""
        ...

    async def hold_pieces(self, ids: Collection[str], turn_id: str, *, now: datetime, hold_until: datetime) -> None:
        """They become parts of this turn. Raises StaleVersion where another worker holds one of them."""
        ...

    async def pieces_done(self, ids: Collection[str], at: datetime) -> None: ...
    async def piece(self, piece_id: str) -> Piece: ...
    async def save_piece(self, piece: Piece) -> None: ...
    async def pieces(self, patient_id: str, *, since: datetime | None = None) -> Sequence[Piece]: ...
    async def patients_of_phone(self, phone: str) -> Sequence[Patient]:
        """A family may share a telephone."""
        ...

    async def add_opt_out(self, opt_out: OptOut) -> None:
        """An earlier one stays as it is."""
        ...

    async def opt_out(self, patient_id: str) -> OptOut | None: ...
    async def stopped(self, patient_ids: Collection[str]) -> Mapping[str, str]:
        """Those of them whom nobody may contact any more → why: DECEASED or OPT_OUT."""
        ...

    async def end_opt_out(self, patient_id: str) -> bool:
        """False where there was none."""
        ...

    # readings that patients send
    async def add_observation(self, observation: Observation) -> None:
        """Raises Duplicate for a known id."""
        ...

    async def known_observations(self, ids: Collection[str]) -> Collection[str]:
        """Those of the ids that are there."""
        ...

    async def remove_observations(self, ids: Collection[str]) -> None:
        """Those that are there: a value that the patient took back."""
        ...

    async def observations(self, patient_id: str, *, since: datetime | None = None) -> Sequence[Observation]: ...
