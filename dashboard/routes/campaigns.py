"""One-off lists: who is on them, how far they are, and the coordinator's start, pause and stop."""

import asyncio
from datetime import date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from agent import campaigns
from agent.model.campaign import Campaign, CampaignStatus, Selection
from agent.model.clock import HOSPITAL_ZONE
from agent.model.people import Tier
from dashboard.campaigning import Campaigning
from dashboard.deps import DashboardDeps
from dashboard.views import campaigns as view
from dashboard.web import Posted, Viewer, posted, reader, web_of

router = APIRouter()
Reader = Annotated[Viewer, Depends(reader)]
Acting = Annotated[Posted, Depends(posted)]
LONGEST_NAME = 40


@router.get("/campaigns")
async def campaigns_page(request: Request, viewer: Reader, refused: str = "") -> Response:
    web = web_of(request)
    desk = _desk(web.deps)
    choices = await asyncio.to_thread(desk.choices)
    async with web.deps.store.transaction(write=False) as records:
        rows = await view.load(records, desk, web.deps.now(), viewer.user.department)
    tomorrow = campaigns.day_begins(web.deps.now(), 1).date()
    return web.page("campaigns.html", viewer, rows=rows, choices=choices, refused=refused[:80], tomorrow=tomorrow)


@router.post("/campaigns")
async def create(request: Request, form: Acting) -> Response:
    deps = web_of(request).deps
    chosen = {each.pathway: each for each in await asyncio.to_thread(_desk(deps).choices)}.get(form.field("pathway"))
    name = form.field("name")[:LONGEST_NAME]
    if chosen is None or not name:
        return _back("请填写名单名称并选择路径")
    try:
        selection = _selection(form)
    except ValueError:
        return _back("日期或年份看不懂")
    how = (chosen.pathway, chosen.version, chosen.node_day, CampaignStatus.DRAFT)
    made = Campaign(deps.new_id(), name, *how, deps.now(), form.viewer.user.name)
    async with deps.store.transaction() as records:
        await campaigns.create(records, made, selection)
    return _back()


@router.post("/campaigns/{campaign_id}/{what}")
async def change(request: Request, form: Acting, campaign_id: str, what: str) -> Response:
    """404 for what is not there, and for another department's list."""
    deps = web_of(request).deps
    hours, by = _desk(deps).hours, campaigns.By(form.viewer.user.name, deps.now())
    try:
        async with deps.store.transaction() as records:
            if form.viewer.user.department not in (None, (await records.campaign(campaign_id)).department):
                raise HTTPException(404)
            if what == "start":
                await campaigns.start(records, campaign_id, by, hours.next_open)
            elif what == "pause":
                day = date.fromisoformat(form.field("until"))
                until = hours.next_open(datetime.combine(day, time(), HOSPITAL_ZONE))
                await campaigns.pause(records, campaign_id, until, by)
            elif what == "stop":
                await campaigns.stop(records, campaign_id, by)
            else:
                raise HTTPException(404)
    except campaigns.CampaignRefused as refused:
        return _back(str(refused))
    except ValueError:
        return _back("日期看不懂")
    return _back()


def _selection(form: Posted) -> Selection:
    """Somebody of a department calls its patients only. Raises ValueError."""
    tier, since, born = form.field("tier"), form.field("discharged_since"), form.field("born_until")
    return Selection(
        diagnosis=form.field("diagnosis"),
        department=form.viewer.user.department or form.field("department"),
        tier=Tier(tier) if tier else None,
        discharged_since=date.fromisoformat(since) if since else None,
        born_until=int(born) if born else None,
    )


def _desk(deps: DashboardDeps) -> Campaigning:
    if deps.campaigning is None:
        raise HTTPException(404)
    return deps.campaigning


def _back(refused: str = "") -> Response:
    return RedirectResponse("/campaigns" + (f"?refused={refused}" if refused else ""), 303)
