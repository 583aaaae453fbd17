"""What patients sent by message, and who opted out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select

from agent.model.observation import Observation
from agent.model.people import CONTACTABLE, OPT_OUT, STOPS, Patient
from agent.model.piece import OptOut, Piece
from agent.store.message_table import opt_outs, pieces
from agent.store.observation_table import observations
from agent.store.ports import StaleVersion
from agent.store.sql.statements import KEYS, Statements, among, as_row, columns
from agent.store.tables import events, patients


def _unheld(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(pieces.c.held_until.is_(None), pieces.c.held_until <= now)


_MINE = pieces.c.id.in_(bindparam("ids", expanding=True))
_HOLD = pieces.update().where(_MINE, pieces.c.done_at.is_(None), _unheld(bindparam("now", type_=pieces.c.at.type)))
_OPTED_OUT = select(opt_outs.c.patient_id).where(among(opt_outs.c.patient_id))
_STOPS_NOTED = (
    select(events.c.entity_id, events.c.to_status)
    .where(events.c.entity == "patient", among(events.c.entity_id))
    .where(events.c.to_status.in_((*sorted(STOPS), CONTACTABLE)))
    .order_by(events.c.seq)
)
_DONE = pieces.update().where(_MINE).values(held_until=None)


class PieceRecords(Statements):
    async def add_piece(self, piece: Piece) -> None:
        await self._add(pieces, as_row(piece))

    async def open_pieces(self, *, now: datetime, limit: int) -> Sequence[Piece]:
        query = select(*columns(pieces, Piece)).where(pieces.c.done_at.is_(None), _unheld(now))
        return await self._many(Piece, query.order_by(pieces.c.received_at, pieces.c.id).limit(limit))

    async def hold_pieces(self, ids: Collection[str], turn_id: str, *, now: datetime, hold_until: datetime) -> None:
        given = {"ids": list(ids), "now": now, "turn_id": turn_id, "held_until": hold_until}
        if await self._change(_HOLD, given, brief=True) != len(ids):
            raise StaleVersion("pieces")

    async def pieces_done(self, ids: Collection[str], at: datetime) -> None:
        await self._change(_DONE, {"ids": list(ids), "done_at": at}, brief=True)

    async def piece(self, piece_id: str) -> Piece:
        return await self._by_key(Piece, pieces, piece_id)

    async def save_piece(self, piece: Piece) -> None:
        await self._save(pieces, piece)

    async def pieces(self, patient_id: str, *, since: datetime | None = None) -> Sequence[Piece]:
        query = select(*columns(pieces, Piece)).where(pieces.c.patient_id == patient_id)
        query = query if since is None else query.where(pieces.c.at >= since)
        return await self._many(Piece, query.order_by(pieces.c.at, pieces.c.seq, pieces.c.id))

    async def patients_of_phone(self, phone: str) -> Sequence[Patient]:
        query = select(*columns(patients, Patient)).where(patients.c.phone == phone)
        return await self._many(Patient, query.order_by(patients.c.id))

    async def add_observation(self, observation: Observation) -> None:
        await self._add(observations, as_row(observation))

    async def known_observations(self, ids: Collection[str]) -> Collection[str]:
        found = await self._rows(select(observations.c.id).where(observations.c.id.in_(ids)))
        return {row["id"] for row in found}

    async def remove_observations(self, ids: Collection[str]) -> None:
        await self._change(observations.delete().where(observations.c.id.in_(ids)))

    async def observations(self, patient_id: str, *, since: datetime | None = None) -> Sequence[Observation]:
        query = select(*columns(observations, Observation)).where(observations.c.patient_id == patient_id)
        query = query if since is None else query.where(observations.c.at >= since)
        return await self._many(Observation, query.order_by(observations.c.at, observations.c.id))

    async def add_opt_out(self, opt_out: OptOut) -> None:
        if await self.opt_out(opt_out.patient_id) is None:
            await self._add(opt_outs, as_row(opt_out))

    async def opt_out(self, patient_id: str) -> OptOut | None:
        return await self._known(OptOut, opt_outs, patient_id, "patient_id")

    async def stopped(self, patient_ids: Collection[str]) -> Mapping[str, str]:
        if not patient_ids:
            return {}
        given = {KEYS: list(patient_ids)}
        said = {row["patient_id"]: OPT_OUT for row in await self._rows(_OPTED_OUT, given)}
        noted = {row["entity_id"]: row["to_status"] for row in await self._rows(_STOPS_NOTED, given)}
        return {**said, **{patient_id: why for patient_id, why in noted.items() if why in STOPS}}

    async def end_opt_out(self, patient_id: str) -> bool:
        return await self._change(opt_outs.delete().where(opt_outs.c.patient_id == patient_id)) > 0
