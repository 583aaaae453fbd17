"""The picture of a patient's readings: its letters, its size, what it shows of a limit that was crossed."""

import io
from datetime import timedelta

import pytest
from PIL import Image, ImageFont

from agent.chat.trends import UNITS, trends_of
from agent.model.contact import Channel
from agent.model.finding import Level
from agent.model.observation import Observation
from agent.model.reading_context import Limit, LimitSide
from agent.model.trend import Trend
from agent.observed import LABELS
from telephony.wechat.picture import FONT, HEAD, LETTERS, LINE, MARKS, PANEL, WIDTH, draw
from tests.fakes.rows import NOON

HIGH = Limit("high", "systolic", LimitSide.ABOVE, 150, Level.YELLOW, "高")
MOST_BYTES = 200_000


def reading(name: str, value: float, days_ago: float) -> Observation:
    at = NOON - timedelta(days=days_ago)
    return Observation(f"{name}{days_ago}", "p1", "c1", name, value, at, Channel.WECHAT, "t1")


def pressures(*values: tuple[float, float]) -> list[Observation]:
    """The last one now, the others a day apart before it."""
    days = range(len(values) - 1, -1, -1)
    named = [("systolic", high, ago) for (high, _), ago in zip(values, days, strict=True)]
    return [
        *(reading(*each) for each in named),
        *(reading("diastolic", low, ago) for (_, low), ago in zip(values, days, strict=True)),
    ]


def opened(trends: tuple[Trend, ...]) -> Image.Image:
    written = draw(trends)
    assert written.startswith(b"\x89PNG") and len(written) < MOST_BYTES
    return Image.open(io.BytesIO(written)).convert("RGB")


def colours(image: Image.Image) -> set[str]:
    return {"#{:02x}{:02x}{:02x}".format(*colour) for _, colour in image.getcolors(maxcolors=100_000) or ()}  # type: ignore[misc]


def test_every_letter_that_can_stand_there_is_in_the_font() -> None:
    shown = "".join((*(label for label, _ in LABELS.values()), *UNITS.values()))
    assert set(shown) <= LETTERS
    font = ImageFont.truetype(FONT, 40)
    missing = font.getmask("\uffff").getbbox(), bytes(font.getmask("\uffff"))
    lacking = [one for one in LETTERS if (font.getmask(one).getbbox(), bytes(font.getmask(one))) == missing]
    assert lacking == []


def test_every_kind_of_reading_has_a_unit_and_a_picture() -> None:
    for name, (label, _) in LABELS.items():
        [trend] = trends_of([reading(name, 90, 1)], (), NOON)
        assert (trend.label, trend.last) == (label, "90")
        assert opened((trend,)).width == WIDTH


def test_three_kinds_a_panel_each_and_no_more() -> None:
    taken = [reading(name, 60, 0) for name in ("heart_rate", "weight_kg", "glucose", "spo2")]
    assert opened(trends_of(taken[:1], (), NOON)).height + 2 * PANEL == opened(trends_of(taken, (), NOON)).height


def test_a_limit_that_was_crossed_is_drawn_and_its_value_marked_in_its_colour() -> None:
    calm, high = (trends_of(pressures((128, 80), last), [HIGH], NOON) for last in ((130, 82), (165, 95)))
    assert (calm[0].level, high[0].level, high[0].last) == ("", "yellow", "165/95")
    title = (0, HEAD + 4, WIDTH, HEAD + 80)
    assert LINE in colours(opened(calm).crop(title)) and MARKS["yellow"] not in colours(opened(calm).crop(title))
    assert MARKS["yellow"] in colours(opened(high).crop(title))
    assert [limit.id for limit in calm[0].limits] == ["high"], "near enough to be seen coming"


def test_a_limit_far_off_and_one_between_the_two_pressures_are_not_drawn() -> None:
    far, between = Limit("far", "systolic", LimitSide.ABOVE, 190, Level.RED, "高"), Limit(
        "low", "systolic", LimitSide.BELOW, 100, Level.YELLOW, "低")  # fmt: skip
    assert trends_of(pressures((128, 80)), [far, between], NOON)[0].limits == ()
    assert trends_of(pressures((98, 60)), [far, between], NOON)[0].limits == (between,)


def test_half_a_kilogram_is_no_mountain() -> None:
    [trend] = trends_of([reading("weight_kg", 61.5, 1), reading("weight_kg", 62, 0)], (), NOON)
    assert trend.high - trend.low >= 3
    assert trend.words == "20日61.5，21日62"


def test_older_readings_are_left_out_and_the_newest_kind_comes_first() -> None:
    taken = [reading("weight_kg", 61, 8), reading("weight_kg", 62, 2), reading("spo2", 96, 1)]
    assert [(trend.label, len(trend.lines[0])) for trend in trends_of(taken, (), NOON)] == [("血氧", 1), ("体重", 1)]


def test_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="no trend"):
        draw(())
