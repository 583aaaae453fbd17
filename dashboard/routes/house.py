"""Lines and calling hours, for the coordinator and the administrator."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent.model.record import Event
from agent.schedule.calendar_file import CalendarError, CalendarProblem
from dashboard.house import HoursRow, HoursTable
from dashboard.views import house as view
from dashboard.web import Posted, Viewer, Web, posted, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
SPARE, MOST_ROWS, LONGEST = 3, 120, 80


@router.get("/lines")
async def lines_page(request: Request, viewer: Reader) -> Response:
    web = web_of(request)
    if not web.deps.house.lines:
        raise HTTPException(404)
    async with web.deps.store.transaction(write=False) as records:
        lines = await view.lines(records, web.deps)
    return web.page("lines.html", viewer, lines=lines)


@router.get("/hours")
async def hours_page(request: Request, viewer: Reader, said: str = "") -> Response:
    web = web_of(request)
    rows = await asyncio.to_thread(_table(web).rows)
    return _shown(web, viewer, rows, message="已保存，从下一次拨打起按新的时间。" if said == "saved" else "")


@router.post("/hours")
async def save(request: Request, form: Annotated[Posted, Depends(posted)]) -> Response:
    """What cannot be understood comes back as it was typed, with the reason beside its line."""
    web = web_of(request)
    table, rows = _table(web), _rows(form)
    if table.fixed_by:
        raise HTTPException(403)
    try:
        await asyncio.to_thread(table.save, rows)
    except CalendarError as error:
        return _shown(web, form.viewer, rows, problems=error.problems)
    async with web.deps.store.transaction() as records:
        event = Event("house", "calling_hours", None, "changed", web.deps.now(), form.viewer.user.name)
        await records.add_event(event)
    return RedirectResponse("/hours?said=saved", 303)


def _table(web: Web) -> HoursTable:
    if web.deps.house.hours is None:
        raise HTTPException(404)
    return web.deps.house.hours


def _rows(form: Posted) -> list[HoursRow]:
    """The lines of the form that say anything."""
    cells = [
        [form.field(f"{column}-{number}")[:LONGEST] for column in ("days", "hours", "name")]
        for number in range(MOST_ROWS)
    ]
    return [HoursRow(*row) for row in cells if any(row)]


def _shown(
    web: Web, viewer: Viewer, rows: Sequence[HoursRow], *, message: str = "", problems: Sequence[CalendarProblem] = ()
) -> Response:
    fixed_by = _table(web).fixed_by
    spare = [] if fixed_by else [HoursRow("")] * SPARE
    wrong: dict[int, list[CalendarProblem]] = {}
    for problem in problems:
        wrong.setdefault(problem.line - 2, []).append(problem)  # line 1 of the file is its heading
    return web.page(
        "hours.html", viewer, status=422 if problems else 200, rows=[*rows, *spare],
        fixed_by=fixed_by, message=message, wrong=wrong, opens=view.opens(web.deps),
    )  # fmt: skip
