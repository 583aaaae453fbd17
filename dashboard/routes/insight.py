"""Figures over many patients, the lists behind them, and the same for a spreadsheet."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from agent.exchange.table_out import csv_table, cut_told, xlsx_table
from agent.model.contact import Contact, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.insight import AlarmCount, AlarmFact, Slice
from agent.store.screens import ScreenRecords
from dashboard import times, words
from dashboard.deps import DashboardDeps
from dashboard.views import insight, outcomes
from dashboard.views.queue import UNKNOWN_NAME, what_of, who_of
from dashboard.web import Viewer, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
SHOWN, EXPORTED = 200, 20_000
KEPT = ("days", "department", "pathway", "tier")
FILES = {
    "csv": (csv_table, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_table, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
CONTACT_HEAD = ("姓名", "性别年龄", "科室", "随访", "应随访日", "状态", "已触达", "原因")
CARD_HEAD = ("姓名", "科室", "级别", "类别", "情况", "患者的话", "发出", "接手", "结果")


def wanted_of(request: Request, deps: DashboardDeps) -> Slice:
    try:
        return insight.slice_of(times.day_of(deps.now()), request.query_params)
    except ValueError:
        raise HTTPException(404) from None


def _pathways(deps: DashboardDeps) -> list[tuple[str, str]]:
    book = deps.house.pathways
    return [(row.name, row.title) for row in book.rows() if not row.wrong] if book else []


def _address(asked: Mapping[str, str], **more: str) -> str:
    kept = {key: asked[key] for key in KEPT if asked.get(key)}
    return urlencode(kept | {key: value for key, value in more.items() if value})


@router.get("/insight")
async def insight_page(request: Request, viewer: Reader, said: str = "") -> Response:
    """`said` is what came of a proposed answer."""
    web = web_of(request)
    wanted = wanted_of(request, web.deps)
    async with web.seen_by(viewer) as records:
        view = await insight.load(records, web.deps, wanted)
        departments = await records.departments()
        more = await outcomes.load(records, wanted)
        proposals = await records.faq_proposals()
    asked = dict(request.query_params)
    return web.page(
        "insight.html", viewer, view=view, more=more, proposals=proposals, departments=departments,
        said=words.FAQ_SAID.get(said, ''),
        pathways=await asyncio.to_thread(_pathways, web.deps), asked=asked, few=insight.FEW,
        by_hand=insight.BY_HAND_MINUTES, link=lambda **more: _address(asked, **more),
    )  # fmt: skip


@router.get("/insight/contacts")
async def contacts_list(request: Request, viewer: Reader, status: str = "", file: str = "") -> Response:
    """The contacts behind a figure: of one status, owed, or all; `file` csv or xlsx sends them as one."""
    web, owed = web_of(request), status == insight.OWED
    try:
        chosen = ContactStatus(status) if status and not owed else None
    except ValueError:
        raise HTTPException(404) from None
    wanted = wanted_of(request, web.deps)
    async with web.seen_by(viewer) as records:
        tally = await records.contact_tally(wanted)
        found = await records.contacts_within(wanted, status=chosen, owed=owed, limit=room(file))
        rows = await _contact_rows(records, web.deps, found)
    title = words.CONTACT_STATUS[chosen] if chosen else "应随访（已免除的不算）" if owed else "全部随访"
    counted = {chosen} if chosen else set(tally) - ({ContactStatus.WAIVED} if owed else set())
    total = sum(tally.get(each, 0) for each in counted)
    return shown(request, viewer, Listed(title, CONTACT_HEAD, rows, total), file)


@router.get("/insight/cards")
async def cards_list(
    request: Request, viewer: Reader, kind: str = "", outcome: str = "", file: str = ""
) -> Response:
    """The escalations behind a figure; `outcome` is a disposition's word, or open; `level`: all taken ones of it."""
    web, level = web_of(request), request.query_params.get("level", "")
    wanted = wanted_of(request, web.deps)

    def fits(each: AlarmFact | AlarmCount) -> bool:
        if level:
            taken = each.taken_at if isinstance(each, AlarmFact) else each.waited
            return each.level == level and taken is not None
        return kind in ("", each.kind) and outcome in ("", each.disposition or "open")

    async with web.seen_by(viewer) as records:
        fit = [each for each in await records.alarm_facts(wanted) if fits(each)]
        total = sum(each.count for each in await records.alarm_counts(wanted) if fits(each))
        rows = await _card_rows(records, web.deps, fit[: room(file)])
    title = words.KINDS[EscalationKind(kind)] if kind in set(EscalationKind) else "全部预警"
    return shown(request, viewer, Listed(title, CARD_HEAD, rows, total), file)


Row = tuple[str, Sequence[str]]  # the page it opens, its cells
AS_SAID = frozenset({"姓名", "科室", "患者的话", "情况", "回答", "评分"})
"""Headings of columns that hold what people said or wrote: in no language but theirs."""
REASONS = frozenset({"原因"})
"""Headings of columns that hold the house's words, or those of whoever changed a contact by hand."""
WRAPPED = AS_SAID - {"姓名", "科室"}
"""Headings of columns that may take several lines."""


@dataclass(frozen=True, slots=True)
class Listed:
    title: str
    head: Sequence[str]
    rows: Sequence[Row]  # no more than there is room for
    total: int


def room(file: str) -> int:
    """How many rows a page holds, or a file."""
    return EXPORTED if file else SHOWN


def shown(request: Request, viewer: Viewer, listed: Listed, file: str) -> Response:
    if file:
        if file not in FILES:
            raise HTTPException(404)
        write, kind = FILES[file]
        body = write(listed.head, cut_told([cells for _, cells in listed.rows], listed.total))
        return Response(body, media_type=kind, headers={"content-disposition": f'attachment; filename="list.{file}"'})
    asked = {key: value for key, value in request.query_params.items() if key != "file"}
    return web_of(request).page(
        "insight_list.html", viewer, listed=listed, address=urlencode(asked),
        back=_address(asked), most=EXPORTED, as_said=AS_SAID, reasons=REASONS, wrapped=WRAPPED,
    )  # fmt: skip


async def _contact_rows(records: ScreenRecords, deps: DashboardDeps, found: Sequence[Contact]) -> list[Row]:
    people = await records.patients_by_id({each.patient_id for each in found})
    rows: list[Row] = []
    for each in found:
        person = people.get(each.patient_id)
        named = (person.name, who_of(person, deps.now()), person.department or "") if person else (UNKNOWN_NAME, "", "")
        touched = "否" if each.status in insight.UNTOUCHED else "是"
        state = (words.CONTACT_STATUS[each.status], touched, words.reason_word(each.reason))
        cells = (*named, what_of(each, deps), each.planned_for.isoformat(), *state)
        rows.append((f"/contacts/{each.id}", cells))
    return rows


async def _card_rows(records: ScreenRecords, deps: DashboardDeps, facts: Sequence[AlarmFact]) -> list[Row]:
    people = await records.patients_by_id({each.patient_id for each in facts})
    rows: list[Row] = []
    for each in facts:
        person = people.get(each.patient_id)
        named = (person.name, person.department or "") if person else (UNKNOWN_NAME, "")
        done = words.OUTCOMES_OF_CARDS[each.disposition] if each.disposition else words.ESCALATION_STATUS[each.status]
        said = (words.LEVELS[each.level], words.KINDS[each.kind], each.reason, each.words)
        taken = times.exact(each.taken_at) if each.taken_at else ""
        rows.append((f"/escalations/{each.id}", (*named, *said, times.exact(each.created_at), taken, done)))
    return rows
