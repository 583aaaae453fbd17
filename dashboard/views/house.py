"""The lines into the telephone network: what they may carry, what they carry, whether they work."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from agent.model.contact import AttemptOutcome, Channel
from agent.model.trunk import Circuit, Trunk
from agent.store.screens import ScreenRecords
from dashboard import times, words
from dashboard.deps import DashboardDeps
from dashboard.house import Line

LAST = 20  # the calls by which a trunk is judged
_NOT_THROUGH = frozenset({AttemptOutcome.FAILED, AttemptOutcome.TECHNICAL})
STATES = {Circuit.CLOSED: "正常", Circuit.OPEN: "停用中", Circuit.TRYING: "试拨中"}


@dataclass(frozen=True, slots=True)
class LineRow:
    """`trunk` None: never dialled yet. `last`: how the last calls ended, the most frequent first."""

    line: Line
    trunk: Trunk | None
    state: str
    alarm: str
    live: int
    last: tuple[tuple[str, int], ...]
    through: int
    calls: int


async def lines(records: ScreenRecords, deps: DashboardDeps) -> tuple[LineRow, ...]:
    """The configured lines, then trunks that only the records know (another machine's, an earlier carrier's)."""
    known = {trunk.name: trunk for trunk in await records.trunks()}
    configured = {line.name: line for line in deps.house.lines}
    for name in known.keys() - configured.keys():
        configured[name] = Line(name, words.TRUNKS.get(name, name), "", 0, 0.0, lambda: True)
    live = [each for each in await records.attempts(live_only=True) if each.channel is Channel.PHONE]
    recent = await records.recent_calls(limit=LAST * len(configured))
    rows = []
    for name, line in configured.items():
        ended = [each for each in recent if (each.trunk or next(iter(configured))) == name][:LAST]
        counts = Counter(words.OUTCOMES[each.outcome] for each in ended)
        trunk = known.get(name)
        rows.append(
            LineRow(
                line=line,
                trunk=trunk,
                state=_state(line, trunk, dialled=bool(ended)),
                alarm=_alarm(line, trunk),
                live=sum((each.trunk or name) == name for each in live),
                last=tuple(counts.most_common()),
                through=sum(each.outcome not in _NOT_THROUGH for each in ended),
                calls=len(ended),
            )
        )
    return tuple(rows)


def _state(line: Line, trunk: Trunk | None, *, dialled: bool) -> str:
    """Of a trunk that never failed there is no row."""
    if not line.reached():
        return "连不上"
    return STATES[trunk.circuit if trunk else Circuit.CLOSED] if trunk or dialled else "还没有拨过"


def _alarm(line: Line, trunk: Trunk | None) -> str:
    """What somebody has to see to; empty where all is well."""
    if not line.reached():
        return "连不上运营商或交换机，暂时不拨任何电话。请检查网络、地址和账号。"
    if trunk is None or trunk.circuit is Circuit.CLOSED:
        return ""
    why = words.trunk_reason(trunk.reason)
    return f"最近的呼叫有一半没有接入网络（{why}）。每分钟自动试拨一次，恢复后继续；这期间不占用患者的拨打次数。"


@dataclass(frozen=True, slots=True)
class Opens:
    """Whether calls may be placed at this moment, and when next."""

    now: bool
    next: datetime
    today: str


def opens(deps: DashboardDeps) -> Opens:
    now = deps.now()
    coming = deps.next_open(now)
    return Opens(coming <= now, coming, times.day_words(times.day_of(now)))
