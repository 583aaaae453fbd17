"""The conversation: session, turns, what was read from them, answers. A turn is written whole or not at all."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import RowMapping, Table, bindparam, func, or_, select

from agent.model.answer import Answer
from agent.model.finding import Alarm, Finding
from agent.model.record import StoredTurn, TurnOutcome
from agent.model.turn import Reply
from agent.store.ports import Duplicate, NotFound, StaleVersion
from agent.store.sql import turn_rows
from agent.store.sql.escalations import EscalationRecords
from agent.store.sql.history import HistoryStatements
from agent.store.sql.outbox import OutboxRecords
from agent.store.sql.said import SaidRecords
from agent.store.sql.statements import KEY, as_row, columns, holding, updating
from agent.store.tables import alarms, answers, conversations, events, findings, measurements, outbox, turns

Read = TypeVar("Read")

_SESSION = select(conversations.c.session).where(conversations.c.contact_id == bindparam(KEY))
_SESSION_HELD = holding(_SESSION, conversations)
_REPLY = select(turns.c.reply).where(turns.c.id == bindparam(KEY))
_TURN_COUNT = select(func.count().label("n")).select_from(turns).where(turns.c.contact_id == bindparam(KEY))
_SAME_SEQ = (turns.c.contact_id == bindparam("contact")) & (turns.c.seq == bindparam("place"))
_SAME_TURN = select(turns.c.id).where(or_(turns.c.id == bindparam(KEY), _SAME_SEQ))
_SUPERSEDE = (
    answers.update()
    .where(answers.c.contact_id == bindparam(KEY), answers.c.question == bindparam("asked"))
    .values(superseded=True)
)


class ConversationRecords(EscalationRecords, HistoryStatements, OutboxRecords, SaidRecords):
    async def session(self, contact_id: str) -> str | None:
        rows = await self._rows(_SESSION_HELD if self._writes else _SESSION, {KEY: contact_id}, brief=True)
        return str(rows[0]["session"]) if rows else None

    async def reply_to(self, turn_id: str) -> Reply | None:
        rows = await self._rows(_REPLY, {KEY: turn_id}, brief=True)
        return turn_rows.reply(rows[0]["reply"]) if rows else None

    async def turn_count(self, contact_id: str) -> int:
        rows = await self._rows(_TURN_COUNT, {KEY: contact_id}, brief=True)
        return int(rows[0]["n"])

    async def save_turn(self, outcome: TurnOutcome) -> None:
        stored = outcome.stored
        await self._refuse_known(stored)
        await self._add(turns, turn_rows.turn_row(stored))
        await self.note_said(stored)
        await self._add(findings, *turn_rows.finding_rows(stored))
        await self._add(measurements, *turn_rows.measurement_rows(stored))
        await self._add(alarms, *turn_rows.alarm_rows(stored))
        for answer in outcome.answers:
            await self._add_answer(stored.turn.contact_id, answer)
        for escalation in outcome.escalations:
            await self.put_escalation(escalation)
        await self._save_session(outcome)
        await self._add(events, *map(as_row, outcome.events))
        await self._add(outbox, *map(as_row, outcome.outbox))

    async def _refuse_known(self, stored: StoredTurn) -> None:
        turn = stored.turn
        known = await self._rows(
            _SAME_TURN, {KEY: turn.id, "contact": turn.contact_id, "place": stored.seq}, brief=True
        )
        if any(row["id"] == turn.id for row in known):
            raise Duplicate("turn")
        if known:
            raise StaleVersion("turn number taken")

    async def _add_answer(self, contact_id: str, answer: Answer) -> None:
        await self._change(_SUPERSEDE, {KEY: contact_id, "asked": answer.question}, brief=True)
        await self._add(answers, {"contact_id": contact_id, "superseded": False, **as_row(answer)})

    async def _save_session(self, outcome: TurnOutcome) -> None:
        turn = outcome.stored.turn
        row = {"session": outcome.session, "updated_at": turn.at}
        change = updating(conversations, "contact_id")
        if await self._change(change, {**row, KEY: turn.contact_id}, brief=True) == 0:
            await self._add(conversations, {"contact_id": turn.contact_id, **row})

    async def note_reply_audio(self, turn_id: str, seconds: float) -> None:
        if await self._change(turns.update().where(turns.c.id == turn_id).values(reply_audio_start=seconds)) == 0:
            raise NotFound(turn_id)

    async def turns(self, contact_id: str) -> Sequence[StoredTurn]:
        return (await self.turns_of([contact_id])).get(contact_id, [])

    async def answers(self, contact_id: str, *, with_superseded: bool = False) -> Sequence[Answer]:
        query = select(*columns(answers, Answer)).where(_of(answers, contact_id)).order_by(answers.c.seq)
        return await self._many(Answer, query if with_superseded else query.where(~answers.c.superseded))

    async def findings(self, contact_id: str) -> Sequence[tuple[str, Finding]]:
        return await self._read_in_order(findings, contact_id, turn_rows.finding)

    async def alarms(self, contact_id: str) -> Sequence[tuple[str, Alarm]]:
        return await self._read_in_order(alarms, contact_id, turn_rows.alarm)

    async def _read_in_order(
        self, table: Table, contact_id: str, read: Callable[[RowMapping], Read]
    ) -> list[tuple[str, Read]]:
        query = select(table).join(turns, turns.c.id == table.c.turn_id).where(_of(table, contact_id))
        rows = await self._rows(query.order_by(turns.c.seq, table.c.seq))
        return [(row["turn_id"], read(row)) for row in rows]


def _of(table: Table, contact_id: str) -> Any:
    return table.c.contact_id == contact_id
