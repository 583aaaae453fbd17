"""What patients sent by message, in the store in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from agent.model.observation import Observation
from agent.model.people import Patient
from agent.model.piece import OptOut, Piece
from agent.store.ports import StaleVersion
from tests.fakes.memory_tables import MemoryWrites, one, refer, stop_of


class MemoryPieces(MemoryWrites):
    async def add_piece(self, piece: Piece) -> None:
        refer(self._t.patients, piece.patient_id)
        if piece.contact_id is not None:
            refer(self._t.contacts, piece.contact_id)
        self._add(self._t.pieces, piece.id, piece)

    async def open_pieces(self, *, now: datetime, limit: int) -> Sequence[Piece]:
        free = (p for p in self._t.pieces.values() if p.done_at is None and self._unheld(p.id, now))
        return sorted(free, key=lambda p: (p.received_at, p.id))[:limit]

    async def hold_pieces(self, ids: Collection[str], turn_id: str, *, now: datetime, hold_until: datetime) -> None:
        self._check(now, hold_until)
        for piece_id in ids:
            piece = self._t.pieces.get(piece_id)
            if piece is None or piece.done_at is not None or not self._unheld(piece_id, now):
                raise StaleVersion("pieces")
            self._t.pieces[piece_id] = replace(piece, turn_id=turn_id)
            self._t.held_pieces[piece_id] = hold_until

    async def pieces_done(self, ids: Collection[str], at: datetime) -> None:
        for piece_id in ids:
            self._overwrite(self._t.pieces, piece_id, replace(one(self._t.pieces, piece_id), done_at=at))
            self._t.held_pieces.pop(piece_id, None)

    async def piece(self, piece_id: str) -> Piece:
        return one(self._t.pieces, piece_id)

    async def save_piece(self, piece: Piece) -> None:
        self._overwrite(self._t.pieces, piece.id, piece)

    async def pieces(self, patient_id: str, *, since: datetime | None = None) -> Sequence[Piece]:
        mine = (p for p in self._t.pieces.values() if p.patient_id == patient_id)
        late = (p for p in mine if since is None or p.at >= since)
        return sorted(late, key=lambda p: (p.at, p.seq, p.id))

    async def patients_of_phone(self, phone: str) -> Sequence[Patient]:
        return sorted((p for p in self._t.patients.values() if p.phone == phone), key=lambda p: p.id)

    async def add_observation(self, observation: Observation) -> None:
        refer(self._t.patients, observation.patient_id)
        refer(self._t.contacts, observation.contact_id)
        self._add(self._t.observations, observation.id, observation)

    async def known_observations(self, ids: Collection[str]) -> Collection[str]:
        return set(ids) & set(self._t.observations)

    async def remove_observations(self, ids: Collection[str]) -> None:
        self._check()
        for observation_id in ids:
            self._t.observations.pop(observation_id, None)

    async def observations(self, patient_id: str, *, since: datetime | None = None) -> Sequence[Observation]:
        mine = (each for each in self._t.observations.values() if each.patient_id == patient_id)
        late = (each for each in mine if since is None or each.at >= since)
        return sorted(late, key=lambda each: (each.at, each.id))

    async def add_opt_out(self, opt_out: OptOut) -> None:
        self._check(opt_out)
        refer(self._t.patients, opt_out.patient_id)
        self._t.opt_outs.setdefault(opt_out.patient_id, opt_out)

    async def opt_out(self, patient_id: str) -> OptOut | None:
        return self._t.opt_outs.get(patient_id)

    async def stopped(self, patient_ids: Collection[str]) -> Mapping[str, str]:
        found = {each: stop_of(self._t, each) for each in patient_ids}
        return {patient_id: why for patient_id, why in found.items() if why is not None}

    async def end_opt_out(self, patient_id: str) -> bool:
        self._check()
        return self._t.opt_outs.pop(patient_id, None) is not None

    def _unheld(self, piece_id: str, now: datetime) -> bool:
        return piece_id not in self._t.held_pieces or self._t.held_pieces[piece_id] <= now
