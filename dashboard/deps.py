"""What the dashboard is given by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from agent.escalation.clock_file import house_clocks
from agent.escalation.clocks import ClockPolicy
from agent.model.clock import NewId, Now
from agent.model.people import Tier
from agent.model.plan_rules import PlanRules
from agent.planning.node_dates import NextOpen, any_time
from agent.planning.replan import PlanSource
from agent.store.screens import ScreenStore
from dashboard.campaigning import Campaigning
from dashboard.house import House
from dashboard.importing import Importing
from dashboard.live import LiveHub
from dashboard.practice import PracticeChoice
from dashboard.signon.sign_on import SignOn
from dashboard.writing import Writing

PathwayTitles = Callable[[str], str]
QuestionLabels = Callable[[str, str, str], str]
OptionLabels = Callable[[str, str, str, str], str | None]
PathwayVersions = Callable[[str, str], tuple[str, bool]]
ReadingRanges = Callable[[str, str, str], tuple[float | None, float | None]]


def no_option_label(_pathway: str, _version: str, _question: str, _key: str) -> str | None:
    return None


def no_range(_pathway: str, _version: str, _question: str) -> tuple[float | None, float | None]:
    return (None, None)


def plain_version(_pathway: str, version: str) -> tuple[str, bool]:
    return (version, False)


def nothing_heard(_attempt_id: str) -> str:
    return ""


def no_practice() -> Sequence[PracticeChoice]:
    return ()


class AsTheyAre:
    """Plans that no tier changes: where the composition root gives no rules."""

    rules = PlanRules()

    def days_of(self, pathway: str, tier: Tier) -> tuple[int, ...]:
        return ()


def a_day_ago(now: datetime) -> datetime:
    return now - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DashboardDeps:
    """`recordings_folder` is the folder that Recording.path is relative to; `pathway_titles` gives a pathway's
    Chinese title; `question_labels` (pathway, version, question) a question's short wording; `option_labels`
    (…, key) a choice's label; `pathway_versions` (pathway, version) what the version is called and whether it is
    an unsigned draft; `reading_ranges` (…) a number's (lowest, highest) unremarkable value. What was due before
    `overdue_before` (now) and is due still has been passed over. `practice` lists what can be rehearsed in the
    browser; empty hides the page. `hearing` gives the words that are being said in the call of an attempt, where it
    runs in this process. `clocks` says when cards turn, come back and climb;
    `plans` and `next_open` what a changed tier does to a plan."""

    store: ScreenStore
    live: LiveHub
    recordings_folder: Path
    now: Now
    new_id: NewId
    secret_key: bytes
    pathway_titles: PathwayTitles
    question_labels: QuestionLabels
    option_labels: OptionLabels = no_option_label
    reading_ranges: ReadingRanges = no_range
    pathway_versions: PathwayVersions = plain_version
    hospital: str = "随访中心"
    overdue_before: Callable[[datetime], datetime] = a_day_ago
    practice: Callable[[], Sequence[PracticeChoice]] = no_practice
    hearing: Callable[[str], str] = nothing_heard
    media_folder: Path = Path()  # the folder that Piece.media is relative to
    session_length: timedelta = timedelta(hours=12)
    clocks: ClockPolicy = field(default_factory=house_clocks)
    plans: PlanSource = field(default_factory=AsTheyAre)
    next_open: NextOpen = any_time
    campaigning: Campaigning | None = None  # None hides the page of one-off lists
    importing: Importing | None = None  # None hides the import of lists
    house: House = field(default_factory=House)
    writing: Writing | None = None  # None: nothing is written to patients by hand
    sign_on: SignOn | None = None  # None: passwords alone
