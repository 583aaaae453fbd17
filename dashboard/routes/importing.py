"""A discharge list from the browser: uploaded, looked at, its columns told, and only then taken in."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.exchange.column_memory import ColumnMemoryError
from agent.exchange.columns import UNUSED
from agent.exchange.discharge_file import parse
from agent.exchange.discharge_import import ImportReport, import_discharges
from agent.exchange.discharge_list import Parsed
from agent.exchange.table_out import csv_table
from agent.model.record import Event
from agent.planning.when import When
from dashboard import times
from dashboard.importing import Importing
from dashboard.posted_file import PostedFile, posted_file
from dashboard.uploads import Upload
from dashboard.views import importing as view
from dashboard.web import Posted, Viewer, Web, posted, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
Acting = Annotated[Posted, Depends(posted)]
DEFAULT_SOURCE = "名单"
GONE = "这份名单已不在（半小时内有效，或已重新上传），请再上传一次"
PROBLEM_HEAD = ("行", "列", "内容", "问题", "怎么改")


@router.get("/import")
async def import_page(request: Request, viewer: Reader, said: str = "") -> Response:
    web = web_of(request)
    desk = _desk(web)
    try:
        sources, error = desk.columns.sources(), ""
    except ColumnMemoryError as wrong:
        sources, error = (), str(wrong)
    told = GONE if said == "gone" else "请选择一个文件" if said == "empty" else error
    return web.page("import.html", viewer, sources=sources, default=DEFAULT_SOURCE, error=told)


@router.post("/import")
async def upload(request: Request, form: Annotated[PostedFile, Depends(posted_file)]) -> Response:
    web = web_of(request)
    _desk(web)
    if not form.data:
        return RedirectResponse("/import?said=empty", 303)
    source = form.fields.get("source", "").strip()[:40] or DEFAULT_SOURCE
    user, now = form.viewer.user.name, web.deps.now()
    kept = Upload(web.deps.new_id(), user, form.name, source, form.data, now)
    web.uploads.keep(kept)
    return RedirectResponse(f"/import/{kept.id}", 303)


@router.get("/import/{upload_id}")
async def preview(request: Request, viewer: Reader, upload_id: str) -> Response:
    """What the list would make, tried in the store and taken back; after the confirmation what it made."""
    web = web_of(request)
    kept = web.uploads.of(upload_id, viewer.user.name, web.deps.now())
    if kept is None:
        return RedirectResponse("/import?said=gone", 303)
    if kept.report is not None:
        shown = view.of_report(kept.report, web.deps)
        return web.page("import_done.html", viewer, upload=kept, shown=shown)
    parsed = await _parsed(web, viewer, kept)
    report = await _taken(web, viewer, parsed, dry=True)
    return web.page(
        "import_preview.html", viewer, upload=kept, parsed=parsed, missing=view.missing(parsed),
        choices=view.CHOICES, unused=UNUSED, shown=view.of_report(report, web.deps), most=view.ROWS,
    )  # fmt: skip


@router.get("/import/{upload_id}/problems.csv")
async def problems(request: Request, viewer: Reader, upload_id: str) -> Response:
    """What is to be mended, for whoever makes the list."""
    web = web_of(request)
    kept = _known(web, viewer, upload_id)
    report = kept.report or await _taken(web, viewer, await _parsed(web, viewer, kept), dry=True)
    wrong = view.in_page_words(report.problems)
    rows = [(each.line, each.column, each.value, each.reason, each.remedy) for each in wrong]
    headers = {"content-disposition": 'attachment; filename="problems.csv"'}
    return Response(csv_table(PROBLEM_HEAD, rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/import/{upload_id}/columns")
async def columns(request: Request, form: Acting, upload_id: str) -> Response:
    """What the list's headings mean; kept with the upload, and remembered of the source once it is confirmed."""
    web = web_of(request)
    kept = web.uploads.of(upload_id, form.viewer.user.name, web.deps.now())
    if kept is None:
        return RedirectResponse("/import?said=gone", 303)
    headings = (await _parsed(web, form.viewer, kept)).headings
    told = dict(kept.told)
    for number, heading in enumerate(headings):
        chosen = form.field(f"column-{number}") or UNUSED
        if chosen != (heading.column or UNUSED) and chosen in view.CHOICES:
            told[heading.text] = chosen
    web.uploads.change(kept, told=told)
    return RedirectResponse(f"/import/{upload_id}", 303)


@router.post("/import/{upload_id}/confirm")
async def confirm(request: Request, form: Acting, upload_id: str) -> Response:
    """Takes the list in. A second press shows what the first one did."""
    web, viewer = web_of(request), form.viewer
    async with web.uploads.taking:
        kept = web.uploads.of(upload_id, viewer.user.name, web.deps.now())
        if kept is None:
            return RedirectResponse("/import?said=gone", 303)
        if kept.report is None:
            report = await _taken(web, viewer, await _parsed(web, viewer, kept), dry=False)
            await _note(web, viewer, kept, report)
            web.uploads.change(kept, data=b"", report=report)
    return RedirectResponse(f"/import/{upload_id}", 303)


async def _note(web: Web, viewer: Viewer, kept: Upload, report: ImportReport) -> None:
    """Who brought what in, without a patient's name; what the source's headings mean from now on."""
    if kept.told:
        await asyncio.to_thread(_desk(web).columns.remember, kept.source, kept.told)
    done = f"{kept.source}: {report.imported} rows, {report.plans} plans, {len(report.problems)} problems"
    async with web.deps.store.transaction() as records:
        await records.add_event(Event("import", kept.id, None, "imported", web.deps.now(), viewer.user.name, done))


def _desk(web: Web) -> Importing:
    if web.deps.importing is None:
        raise HTTPException(404)
    return web.deps.importing


def _known(web: Web, viewer: Viewer, upload_id: str) -> Upload:
    kept = web.uploads.of(upload_id, viewer.user.name, web.deps.now())
    if kept is None:
        raise HTTPException(404)
    return kept


async def _parsed(web: Web, viewer: Viewer, kept: Upload) -> Parsed:
    today = times.day_of(web.deps.now())
    known: Mapping[str, str] = {}
    with contextlib.suppress(ColumnMemoryError):  # the page before told so; the headings are chosen by hand
        known = _desk(web).columns.of(kept.source)
    parsed = await asyncio.to_thread(parse, kept.data, today, {**known, **kept.told})
    return view.for_department(parsed, viewer.user.department)


async def _taken(web: Web, viewer: Viewer, parsed: Parsed, *, dry: bool) -> ImportReport:
    deps = web.deps
    when = When(deps.now(), deps.new_id, viewer.user.name, deps.next_open)
    return await import_discharges(deps.store, parsed, _desk(web).planner, when, dry=dry)
