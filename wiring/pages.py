"""The nurse's pages, given what they show."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from agent.dialog.pathway_loader import PathwayShelf
from agent.dialog.pathway_words import PathwayWords
from agent.exchange.column_memory import ColumnMemory
from agent.model.clock import new_id, utc_now
from agent.store.screens import ScreenStore
from dashboard.app import create
from dashboard.deps import AsTheyAre, DashboardDeps, nothing_heard
from dashboard.house import House
from dashboard.importing import Importing
from dashboard.live import LiveHub
from dashboard.writing import Writing
from folders import PATHWAYS
from machine.alarm_clocks import clocks_of
from settings import Settings
from wiring.calling_hours import PASSED_OVER_HOURS, calendar_of
from wiring.campaigns import campaigning
from wiring.house import house_of
from wiring.intake import COLUMNS_FILE
from wiring.planning import FreshPlanner
from wiring.practice import choices
from wiring.sign_on import sign_on_for


def secret_key(data: Path) -> bytes:
    """Signs login sessions; made once, readable by its owner only."""
    path = data / "secret.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()


@dataclass(frozen=True, slots=True)
class Running:
    """What only a running house has: today's plan rules, whether a call made now would reach the carrier, what may be
    written to patients, and what is being said in a call."""

    plans: FreshPlanner
    reached: Callable[[], bool]
    writing: Writing
    hearing: Callable[[str], str]


def dashboard_for(
    settings: Settings,
    store: ScreenStore,
    live: LiveHub,
    shelf: PathwayShelf,
    running: Running | None = None,
) -> FastAPI:
    """Without `running` a tier changes no plan, no list is taken in, and the house's own pages are hidden."""
    plans = running.plans if running else None
    calendar = calendar_of(settings)
    words = PathwayWords(shelf)
    return create(
        DashboardDeps(
            store=store,
            live=live,
            recordings_folder=settings.recordings_folder,
            now=utc_now,
            new_id=new_id,
            secret_key=secret_key(settings.data),
            pathway_titles=words.title,
            pathway_versions=words.version,
            question_labels=words.question,
            option_labels=words.option,
            reading_ranges=words.limits,
            hospital=settings.hospital,
            media_folder=settings.data,
            practice=choices(shelf, PATHWAYS),
            hearing=running.hearing if running else nothing_heard,
            clocks=clocks_of(settings),
            plans=plans or AsTheyAre(),
            next_open=calendar.next_open,
            campaigning=campaigning(PATHWAYS, settings.data, calendar),
            importing=Importing(plans, ColumnMemory(settings.data / COLUMNS_FILE)) if plans else None,
            house=house_of(settings, shelf, running.reached) if running else House(),
            writing=running.writing if running else None,
            sign_on=sign_on_for(settings),
            overdue_before=lambda now: calendar.open_hours_ago(now, PASSED_OVER_HOURS),
        )
    )
