"""Points that patients earned: the sums, and every deed for a spreadsheet."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import Response

from agent.exchange.points_out import HEAD, points_rows
from agent.exchange.table_out import csv_table
from dashboard import times
from dashboard.web import Viewer, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
USUAL_DAYS = 90
NAME, PHONE, DEPARTMENT, POINTS = (HEAD.index(word) for word in ("姓名", "手机号", "科室", "积分"))


@router.get("/points")
async def points_page(request: Request, viewer: Reader, first: str = "", last: str = "", file: str = "") -> Response:
    """`file` csv sends every deed of those days."""
    web = web_of(request)
    try:
        until = date.fromisoformat(last) if last else times.day_of(web.deps.now())
        since = date.fromisoformat(first) if first else until - timedelta(days=USUAL_DAYS)
    except ValueError:
        raise HTTPException(404) from None
    async with web.seen_by(viewer) as records:
        rows = await points_rows(records, (since, until))
    if file == "csv":
        sent = {"content-disposition": 'attachment; filename="points.csv"'}
        return Response(csv_table(HEAD, rows), media_type="text/csv; charset=utf-8", headers=sent)
    return web.page("points.html", viewer, people=_sums(rows), first=since.isoformat(), last=until.isoformat())


def _sums(rows: Sequence[Sequence[object]]) -> list[tuple[str, str, int]]:
    """(name, department, points) of each patient, the most first."""
    sums: dict[tuple[str, str, str], int] = {}
    for row in rows:
        who = (str(row[NAME]), str(row[PHONE]), str(row[DEPARTMENT]))
        sums[who] = sums.get(who, 0) + int(str(row[POINTS]))
    return sorted(((name, where, total) for (name, _, where), total in sums.items()), key=lambda each: -each[2])
