"""Numbers, pressures and days as they are spoken in Mandarin. Pure."""

from datetime import date, datetime

from agent.model.clock import HOSPITAL_ZONE

DIGITS = "零一二三四五六七八九"
PERIODS = ((6, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def spoken_integer(value: int) -> str:
    """0..9999 in words: 95 九十五, 105 一百零五, 150 一百五十, 15 十五."""
    if value < 10:
        return DIGITS[value]
    if value < 20:
        return "十" + (DIGITS[value % 10] if value % 10 else "")
    if value < 100:
        return DIGITS[value // 10] + "十" + (DIGITS[value % 10] if value % 10 else "")
    unit, name = (100, "百") if value < 1000 else (1000, "千")
    head, rest = divmod(value, unit)
    if rest == 0:
        return DIGITS[head] + name
    gap = "零" if rest < unit // 10 else ""
    tail = "一" + spoken_integer(rest) if 10 <= rest < 20 else spoken_integer(rest)
    return DIGITS[head] + name + gap + tail


def spoken_number(value: float) -> str:
    """65 六十五, 65.5 六十五点五, at most two decimals."""
    whole, _, decimals = f"{value:.2f}".rstrip("0").rstrip(".").partition(".")
    words = spoken_integer(int(whole))
    return words + ("点" + "".join(DIGITS[int(digit)] for digit in decimals) if decimals else "")


def spoken_day(day: date) -> str:
    """12月1日 in words: 十二月一日."""
    return f"{spoken_integer(day.month)}月{spoken_integer(day.day)}日"


def spoken_moment(moment: datetime, now: datetime) -> str:
    """A moment as the patient would say it: 今天晚上八点, 明天上午九点半, 十二月一日下午三点."""
    local, today = moment.astimezone(HOSPITAL_ZONE), now.astimezone(HOSPITAL_ZONE).date()
    ahead = (local.date() - today).days
    day = {0: "今天", 1: "明天", 2: "后天"}.get(ahead) or spoken_day(local.date())
    period = next(name for until, name in PERIODS if local.hour < until)
    hour = local.hour - 12 if local.hour > 12 else local.hour
    hour_word = "两" if hour == 2 else spoken_integer(hour)
    minute = {0: "", 30: "半"}.get(local.minute, f"{spoken_integer(local.minute)}分")
    return f"{day}{period}{hour_word}点{minute}"
