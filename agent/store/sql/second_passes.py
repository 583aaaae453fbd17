"""Second passes: which recordings were heard again, and what came of it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, and_, or_, select

from agent.model.contact import Channel
from agent.model.second_pass import Difference, Rehearing, SecondPass, SecondPassStatus
from agent.model.turn import AudioSpan
from agent.store.ports import NotFound
from agent.store.sql.statements import Statements
from agent.store.tables import attempts, second_passes

_NESTED = ("hearings", "differences")
_FLAT = [field.name for field in fields(SecondPass) if field.name not in _NESTED]


class SecondPassRecords(Statements):
    async def claim_second_pass(
        self, *, ended_since: datetime, ended_before: datetime, now: datetime, hold_until: datetime
    ) -> SecondPass | None:
        """Two workers that find the same new attempt: the second one's insert is a Duplicate."""
        known = second_passes
        free = and_(known.c.status == SecondPassStatus.DUE, known.c.held_until <= now)
        query = (
            select(attempts.c.id, attempts.c.contact_id)
            .join(known, known.c.attempt_id == attempts.c.id, isouter=True)
            .where(attempts.c.ended_at >= ended_since, attempts.c.ended_at <= ended_before)
            .where(attempts.c.answered_at.is_not(None), attempts.c.channel == Channel.PHONE)
            .where(or_(known.c.attempt_id.is_(None), free))
            .order_by(attempts.c.ended_at, attempts.c.id)
            .limit(1)
        )
        found = await self._rows(query.with_for_update(key_share=True, of=attempts, skip_locked=True))
        if not found:
            return None
        before = await self.second_pass(found[0]["id"])
        if before is None:
            claimed = SecondPass(found[0]["id"], found[0]["contact_id"], SecondPassStatus.DUE, hold_until)
            await self._add(second_passes, _row(claimed))
        else:
            claimed = replace(before, held_until=hold_until, tries=before.tries + 1)
            await self.save_second_pass(claimed)
        return claimed

    async def second_pass(self, attempt_id: str) -> SecondPass | None:
        query = self._held(select(second_passes).where(second_passes.c.attempt_id == attempt_id), second_passes)
        rows = await self._rows(query)
        return _second_pass(rows[0]) if rows else None

    async def save_second_pass(self, second_pass: SecondPass) -> None:
        key = second_passes.c.attempt_id == second_pass.attempt_id
        if await self._change(second_passes.update().where(key).values(_row(second_pass))) == 0:
            raise NotFound("second_passes")

    async def second_passes(self, contact_id: str) -> Sequence[SecondPass]:
        query = select(second_passes).where(second_passes.c.contact_id == contact_id)
        return [_second_pass(row) for row in await self._rows(query.order_by(second_passes.c.attempt_id))]

    async def differences(self, contact_ids: Collection[str]) -> Mapping[str, int]:
        if not contact_ids:
            return {}
        known = second_passes
        query = select(known.c.contact_id, known.c.differences).where(
            known.c.contact_id.in_(contact_ids), known.c.checked_at.is_(None)
        )
        found: Counter[str] = Counter()
        for row in await self._rows(query):
            found[row["contact_id"]] += len(row["differences"])
        return +found  # without the zeros


def _row(second_pass: SecondPass) -> dict[str, Any]:
    return {name: getattr(second_pass, name) for name in _FLAT} | {
        "hearings": [asdict(hearing) for hearing in second_pass.hearings],
        "differences": [asdict(difference) for difference in second_pass.differences],
    }


def _second_pass(row: RowMapping) -> SecondPass:
    return SecondPass(
        hearings=tuple(_rehearing(stored) for stored in row["hearings"]),
        differences=tuple(Difference(**stored) for stored in row["differences"]),
        **{name: row[name] for name in _FLAT},
    )


def _rehearing(stored: Mapping[str, Any]) -> Rehearing:
    return Rehearing(**{**stored, "audio": AudioSpan(**stored["audio"])})
