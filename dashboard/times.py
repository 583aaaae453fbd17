"""Moments as a nurse reads them: relative words, the exact time in the hospital's zone."""

from datetime import date, datetime, time, timedelta

from agent.model.clock import HOSPITAL_ZONE, hospital_day


def exact(moment: datetime) -> str:
    return moment.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M:%S")


def minute(moment: datetime) -> str:
    return moment.astimezone(HOSPITAL_ZONE).strftime("%Y-%m-%d %H:%M")


def clock(moment: datetime) -> str:
    return moment.astimezone(HOSPITAL_ZONE).strftime("%H:%M")


def short(moment: datetime, now: datetime) -> str:
    """The hour today, the day and hour this year, the whole date before."""
    local, today = moment.astimezone(HOSPITAL_ZONE), now.astimezone(HOSPITAL_ZONE)
    if local.date() == today.date():
        return local.strftime("今天 %H:%M")
    if local.date() == today.date() - timedelta(days=1):
        return local.strftime("昨天 %H:%M")
    if local.date() == today.date() + timedelta(days=1):
        return local.strftime("明天 %H:%M")
    return local.strftime("%-m月%-d日 %H:%M" if local.year == today.year else "%Y-%m-%d")


def span(seconds: float) -> str:
    """A length of waiting: 40 秒, 3 分钟, 2 小时 5 分钟, 3 天."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} 秒"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} 分钟"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"
    return f"{hours // 24} 天"


def ago(moment: datetime, now: datetime) -> str:
    seconds = (now - moment).total_seconds()
    if seconds < 0:
        return short(moment, now)
    return "刚刚" if seconds < 10 else f"{span(seconds)}前"


def length(seconds: float) -> str:
    """A length of audio as m:ss."""
    whole = int(seconds + 0.5)
    return f"{whole // 60}:{whole % 60:02d}"


WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


def day_words(day: date) -> str:
    return f"{day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}"


day_of = hospital_day


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of the hospital's day and the first of the next."""
    start = datetime.combine(day, time(), HOSPITAL_ZONE)
    return start, datetime.combine(day + timedelta(days=1), time(), HOSPITAL_ZONE)
