"""The pure parts: marks, times, clocks, series."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from agent.escalation.clock_file import house_clocks
from agent.model.answer import Answer, AnswerType, numbers_of
from agent.model.escalation import EscalationKind, EscalationStatus
from agent.model.finding import Alarm, Finding, Level, Status
from agent.model.turn import AudioSpan
from agent.schedule.carrier_words import NOT_PLACED, OUTCOMES, UNPROVEN
from dashboard import times
from dashboard.sessions import Sessions, Throttle
from dashboard.views.case import clip_of
from dashboard.views.marks import Piece, by_findings, evident, excerpt, marked
from dashboard.views.queue import clock_of
from dashboard.views.readings import series_of
from dashboard.words import NO_WORD, reason_word
from tests.fakes.rows import contact, escalation
from tests.unit.dashboard.conftest import START, Ward


def test_a_span_that_does_not_fit_marks_nothing_and_loses_nothing() -> None:
    assert marked("心口疼", (0, 2)) == (Piece("心口", "alarm red"), Piece("疼"))
    for span in ((0, 0), (2, 9), (-1, 2), (3, 1)):
        assert marked("心口疼", span) == (Piece("心口疼"),)
    assert marked("", (0, 0)) == ()


def test_an_alarm_wins_over_the_finding_it_covers() -> None:
    finding = Finding("chest_pain", "胸痛", "心口疼", (2, 5), Status.PRESENT, "直接陈述")
    alarm = Alarm("r", Level.RED, "胸痛", (), "心口疼", (2, 5))
    held = replace(alarm, suppressed=True)
    assert [piece.mark for piece in by_findings("我的心口疼啊", [finding], [alarm])] == ["", "alarm red", ""]
    assert [piece.mark for piece in by_findings("我的心口疼啊", [finding], [held])] == ["", "present", ""]
    earlier = replace(finding, span=(1, 4))
    assert [piece.mark for piece in by_findings("我的心口疼啊", [earlier], [alarm])] == ["", "alarm red", ""]
    assert "".join(piece.text for piece in by_findings("我的心口疼啊", [finding] * 2, [alarm])) == "我的心口疼啊"


def test_a_long_beginning_is_cut_before_the_phrase() -> None:
    words = "一二三四五六七八九十一二三四五心口疼得厉害"
    row = escalation(evidence=replace(escalation().evidence, words=words, span=(15, 18)))
    pieces = excerpt(row)
    assert pieces[0].text.startswith("…") and pieces[1] == Piece("心口疼", "alarm red") and pieces[2].text == "得厉害"
    request = replace(row, kind=EscalationKind.REQUEST)
    assert excerpt(request) == evident(request, row.evidence) == (Piece(words),)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0 秒"),
        (59, "59 秒"),
        (60, "1 分钟"),
        (3599, "59 分钟"),
        (3600, "1 小时"),
        (7500, "2 小时 5 分钟"),
        (90000, "1 天"),
    ],
)
def test_lengths_of_waiting(seconds: float, text: str) -> None:
    assert times.span(seconds) == text


def test_days_are_the_hospitals_not_the_servers() -> None:
    late = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    assert times.day_of(late) == date(2026, 11, 22)
    since, until = times.day_bounds(date(2026, 11, 22))
    assert since <= late < until and until - since == timedelta(days=1)
    assert times.short(late, START) == "明天 00:30"
    assert times.exact(late) == "2026-11-22 00:30:00"
    assert times.ago(START - timedelta(seconds=3), START) == "刚刚"


def test_the_wait_clock_heats_up_by_level_and_stops_when_taken() -> None:
    row = escalation(created_at=START)
    heats = [clock_of(row, START + timedelta(minutes=minutes), house_clocks()).heat for minutes in (2, 3, 10)]
    assert heats == ["", "amber", "red"]
    taken = replace(row, status=EscalationStatus.TAKEN, taken_at=START + timedelta(minutes=1))
    stopped = clock_of(taken, START + timedelta(hours=9), house_clocks())
    assert (stopped.text, stopped.heat, stopped.running) == ("1 分钟", "", False)


def test_the_clip_is_at_least_five_seconds_around_the_words() -> None:
    def clip(start: float, end: float) -> tuple[float, float] | None:
        return clip_of(escalation(evidence=replace(escalation().evidence, audio=AudioSpan(start, end))))

    assert clip(0.2, 1.0) == (0.0, 5.0)
    assert clip(10.0, 12.0) == (9.5, 14.5)
    assert clip(10.0, 19.0) == (9.5, 19.5)
    assert clip_of(escalation()) is None


def answer(question: str, kind: AnswerType, value: float | str, unit: str | None = None) -> Answer:
    return Answer(question, kind, value, "原话", 0.9, "t", unit=unit)


async def test_readings_become_series_with_what_lies_outside_marked(ward: Ward) -> None:
    first, second = contact(1, 3), contact(1, 7)
    answered = [
        (second, [answer("pressure", AnswerType.BLOOD_PRESSURE, "152/88")]),
        (first, [answer("pressure", AnswerType.BLOOD_PRESSURE, "134/80"), answer("sleep", AnswerType.FREE_TEXT, "好")]),
    ]
    (series,) = series_of(answered, {}, ward.deps())
    assert (series.label, series.unit, series.range_text) == ("血压", "mmHg", "90–140")
    assert [(point.text, point.outside) for point in series.points] == [("134/80", False), ("152/88", True)]
    assert len(series.lines) == 2 and series.band is not None and series.last.text == "152/88"


def test_a_single_reading_and_a_broken_value() -> None:
    assert numbers_of(answer("x", AnswerType.NUMBER, "viel")) == ()
    assert numbers_of(answer("x", AnswerType.DATE, "2026-11-21")) == ()
    assert numbers_of(answer("x", AnswerType.SCALE, 6)) == (6.0,)


@pytest.mark.parametrize("reason", sorted([*OUTCOMES.values(), *NOT_PLACED - {"bad_number"}, UNPROVEN]))
def test_why_a_call_did_not_come_about_has_its_word(reason: str) -> None:
    assert reason_word(reason) != NO_WORD


def test_stored_reasons_in_chinese() -> None:
    assert [reason_word(word) for word in (None, "no_answer", "imported_late", "unknown_word", "家属代答")] == [
        "", "无人接听", "导入时已过期", "其他原因", "家属代答",
    ]  # fmt: skip


def test_a_throttle_forgets_the_oldest_keys_and_a_short_key_is_refused() -> None:
    throttle = Throttle(most_keys=2)
    for key in "abc":
        throttle.failed(key, START)
    assert [throttle.wait(key, START, allowed=1) > timedelta() for key in "abc"] == [False, True, True]
    with pytest.raises(ValueError, match="32 bytes"):
        Sessions(b"short")
