"""A patient's trends as a picture for WeChat, read at a glance in the chat, where it is small, and after a tap.

The font beside this file is Noto Sans CJK SC Bold cut down to the letters that can stand here (SIL Open Font License
1.1, `font/OFL.txt`; how it was cut: `font/README.md`)."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from agent.model.clock import HOSPITAL_ZONE
from agent.model.reading_context import Limit
from agent.model.trend import Spot, Trend

FONT = Path(__file__).parent / "font" / "trend.otf"
MOST = 3  # trends in one picture: a longer one is shown too small
WIDTH, HEAD, PANEL, FOOT = 720, 64, 330, 62  # pixels
LEFT, RIGHT, TOP, BOTTOM = 40, 610, 104, 268  # of the drawing inside its panel
INK, SOFT, HAIR, PAPER = "#1f2328", "#57606a", "#d0d7de", "#ffffff"
LINE = "#0757ba"
MARKS = {"red": "#b3261e", "yellow": "#9a6700", "": LINE}
DOT, LAST_DOT, DASH = 7, 11, 10
WEEK = "最近7天"
LEGEND = {"limit": "虚线：护士要看的界限", "off": "方块：超出"}
LETTERS = set("".join((WEEK, *LEGEND.values(), "血压心率体重温糖氧月日次分公斤℃mHgolL0123456789./%–-")))


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a moment and a value stand; `top` is the panel's."""

    trend: Trend
    top: int

    def x(self, at: datetime) -> float:
        share = (at - self.trend.since) / (self.trend.until - self.trend.since)
        return LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        share = (value - self.trend.low) / (self.trend.high - self.trend.low)
        return self.top + BOTTOM - share * (BOTTOM - TOP)


def draw(trends: Sequence[Trend]) -> bytes:
    """A PNG of the first trends, a panel each. Raises ValueError for none."""
    shown = trends[:MOST]
    if not shown:
        raise ValueError("no trend to draw")
    image = Image.new("RGB", (WIDTH, HEAD + PANEL * len(shown) + FOOT), PAPER)
    pen = ImageDraw.Draw(image)
    days = f"{_day(shown[0].since + timedelta(days=1))}–{_day(shown[0].until)}"
    pen.text((LEFT, 16), WEEK, INK, _font(32))
    pen.text((WIDTH - LEFT, 22), days, SOFT, _font(26), anchor="ra")
    for number, trend in enumerate(shown):
        _panel(pen, _Scale(trend, HEAD + number * PANEL))
    legend = [LEGEND["limit"]] if any(trend.limits for trend in shown) else []
    legend += [LEGEND["off"]] if any(spot.level for trend in shown for line in trend.lines for spot in line) else []
    pen.text((LEFT, image.height - FOOT + 10), "  ".join(legend), SOFT, _font(24))
    written = io.BytesIO()
    image.quantize(64).save(written, "PNG", optimize=True)
    return written.getvalue()


def _panel(pen: ImageDraw.ImageDraw, scale: _Scale) -> None:
    trend, top = scale.trend, scale.top
    pen.line((0, top, WIDTH, top), HAIR, 2)
    pen.text((LEFT, top + 22), trend.label, INK, _font(34))
    after = LEFT + pen.textlength(trend.label, _font(34)) + 12
    pen.text((after, top + 30), trend.unit, SOFT, _font(26))
    pen.text((WIDTH - LEFT, top + 10), trend.last, MARKS[trend.level], _font(52), anchor="ra")
    _days(pen, scale)
    for limit in trend.limits:
        _limit(pen, scale, limit)
    for line in trend.lines:
        places = [(scale.x(spot.at), scale.y(spot.value)) for spot in line]
        for one, other in pairwise(places):
            pen.line((*one, *other), LINE, 4)
        for spot, (x, y) in zip(line, places, strict=True):
            _spot(pen, x, y, spot, last=spot is line[-1])


def _days(pen: ImageDraw.ImageDraw, scale: _Scale) -> None:
    """A hairline at each midnight, each day's number below its middle."""
    trend, floor = scale.trend, scale.top + BOTTOM
    pen.line((LEFT, floor, RIGHT, floor), HAIR, 2)
    midnight = trend.since.astimezone(HOSPITAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(1, 9):
        begins = midnight + timedelta(days=number)
        noon = begins + timedelta(hours=12)
        if trend.since <= begins <= trend.until:
            pen.line((scale.x(begins), floor, scale.x(begins), floor + 8), HAIR, 2)
            pen.text((scale.x(min(noon, trend.until)), floor + 12), f"{begins.day}日", SOFT, _font(24), anchor="ma")


def _limit(pen: ImageDraw.ImageDraw, scale: _Scale, limit: Limit) -> None:
    y, colour = scale.y(limit.value), MARKS[limit.level]
    for x in range(LEFT, RIGHT, 2 * DASH):
        pen.line((x, y, x + DASH, y), colour, 3)
    pen.text((RIGHT + 10, y), f"{limit.value:g}", colour, _font(26), anchor="lm")


def _spot(pen: ImageDraw.ImageDraw, x: float, y: float, spot: Spot, *, last: bool) -> None:
    """A square for what crossed a limit, so that colour is not all; a ring about the newest."""
    half, shape = (LAST_DOT if last else DOT), pen.rectangle if spot.level else pen.ellipse
    shape((x - half, y - half, x + half, y + half), MARKS[spot.level])
    if last:
        inner = half - 4
        shape((x - inner, y - inner, x + inner, y + inner), PAPER)


def _day(moment: datetime) -> str:
    day = moment.astimezone(HOSPITAL_ZONE)
    return f"{day.month}月{day.day}日"


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)
