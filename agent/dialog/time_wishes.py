"""When a patient wants to be called, as they say it: 晚饭后, 下个礼拜, 等我儿子回来, 八点以后 → a moment. Pure.

A wish is an hour on a day. What is missing is filled in from the other half: a day without an hour means ten in the
morning, an hour without a day the next time it comes. Nothing here knows when the house may call: `allowed_moment`
moves a wish into those hours.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agent.dialog.dates import NUMBER, chinese_integer, read_date
from agent.dialog.work import NextOpen
from agent.model.clock import HOSPITAL_ZONE

MOST_AHEAD = timedelta(days=31)
MOST_EARLIER = timedelta(hours=2)  # a wish after closing is met before it, by at most so much
STEP = timedelta(minutes=30)
USUAL = time(10)  # of a day without an hour
LATER, MUCH_LATER = timedelta(minutes=30), timedelta(hours=2)  # 待会儿, 晚点
ROUND_MINUTES = 10

FAMILY = "(?:儿子|女儿|闺女|姑娘|孩子|老伴|老头|老太|媳妇|爱人|老公|老婆|孙子|孙女|家里人|家人|他|她)"

# Words that stand for an hour, the longer before the shorter that they contain
HOURS: tuple[tuple[str, time], ...] = (
    ("早(?:饭|餐)(?:以|之|过)?后|吃[完过了]?早(?:饭|餐)", time(9)),
    ("(?:午饭|中饭|晌饭|午餐)(?:以|之|过)?后|吃[完过了]?(?:午饭|中饭|晌饭|晌午饭)|晌午饭(?:以|之)?后", time(13, 30)),
    ("(?:晚饭|夜饭|晚餐)(?:以|之)?前", time(17)),
    ("(?:晚饭|夜饭|晚餐)(?:以|之|过)?后|吃[完过了]?(?:晚饭|夜饭)", time(19)),
    ("午睡|睡[个完]午觉|睡醒", time(15)),
    ("下了?班|收工", time(18, 30)),
    ("放学|接[完了]?孩子", time(17, 30)),
    (FAMILY + "(?!.{0,2}[不没]).{0,3}(?:回来|回家|到家|在家)", time(18, 30)),
    ("天黑|入夜", time(19)),
    ("擦黑|傍晚|晚半晌", time(18)),
    ("中午|晌午", time(12)),
    ("清早|大早|早上|早晨|早起|一早|明早", time(9)),
    ("上午|前晌|头晌", time(10)),
    ("下午|后晌|午后|下半天", time(15)),
    ("(?<!下)晚(?!点|一点|些|一些|几天)|夜里|夜间", time(19)),
)
LATE = re.compile("下午|后晌|午后|傍晚|擦黑|晚|夜")
EARLY = re.compile("早|上午|前晌|头晌|凌晨")
LATER_TODAY = re.compile("(?:晚|迟)(?:一?点|一?些)|(?:等|待|过)一?会|一会儿?|等等|稍后|过一?阵|等下|待下|过下")
AFTERWARDS = re.compile("以后|之后|过后|后$|后再|后打|等.{0,8}(?:完|回来|下班)")
BEFOREHAND = re.compile("以前|之前|前打|前联系")
NO_HOUR = re.compile("[晚迟早快慢有]一?点儿?|一点[儿也都]")  # 晚一点: no one o'clock
WEEK = re.compile("周|星期|礼拜")
MEAL = re.compile("(?:吃[完过了]|吃了)饭|饭后")
CLOCK = re.compile(
    r"(\d{1,2}|[零〇一二两三四五六七八九十]{1,3})(?:点钟?|时|[:：])"
    r"(半|一刻|三刻|\d{1,2}|[零〇一二两三四五六七八九十]{1,3}(?=分|$))?"
)
PAIR = re.compile(r"([一二两三四五六七八九])([二三四五六七八九])(?=点)")


@dataclass(frozen=True, slots=True)
class Wish:
    """`not_before`: they said "from then on", so that an earlier moment would not do."""

    at: datetime
    not_before: bool = False


def read_wish(text: str, now: datetime) -> Wish | None:
    """The moment they name, in the future and within a month; None when they name none."""
    local = now.astimezone(HOSPITAL_ZONE)
    soon = LATER_TODAY.search(text)
    words = PAIR.sub(r"\1", NO_HOUR.sub("", text.replace(" ", "")))  # 七八点: from seven on
    ahead = _ahead(words)
    if ahead is not None:
        return _within_a_month(Wish(_rounded(local + ahead), not_before=True), local)
    clock, day = _clock(words, local), _day(words, local)
    if clock is None and soon and day in (None, local.date()):
        return Wish(_rounded(local + (MUCH_LATER if soon[0][0] in "晚迟" else LATER)), not_before=True)
    if clock is None and day is None:
        return None
    moment = datetime.combine(day or local.date(), clock or USUAL, HOSPITAL_ZONE)
    if day is None and moment <= local:
        moment = _next_time(moment, local, words)
    elif moment <= local:
        moment += timedelta(days=7 if WEEK.search(words) else 1)
    if BEFOREHAND.search(words) and moment - STEP > local:
        moment -= STEP
    return _within_a_month(Wish(moment, not_before=bool(AFTERWARDS.search(words))), local)


def allowed_moment(wish: Wish, now: datetime, next_open: NextOpen) -> datetime:
    """The moment nearest to the wish at which the house may call; never before now, nor before a "from then on"."""
    later = next_open(wish.at)
    if later == wish.at or wish.not_before:
        return later
    at = wish.at - STEP
    while at > now and wish.at - at <= MOST_EARLIER:
        if next_open(at) == at:
            return at if wish.at - at <= later - wish.at else later
        at -= STEP
    return later


def _within_a_month(wish: Wish, local: datetime) -> Wish | None:
    return wish if wish.at - local <= MOST_AHEAD else None


def _rounded(moment: datetime) -> datetime:
    """Up to full ten minutes: nobody says 十二点零七分."""
    over = timedelta(minutes=moment.minute % ROUND_MINUTES, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not over else moment - over + timedelta(minutes=ROUND_MINUTES)


def _next_time(moment: datetime, local: datetime, words: str) -> datetime:
    """An hour that has gone by today: the same in the evening where that may be meant, else tomorrow."""
    evening = moment + timedelta(hours=12)
    if moment.hour < 12 and evening > local and evening.hour < 21 and not EARLY.search(words) and CLOCK.search(words):
        return evening
    return moment + timedelta(days=1)


def _ahead(words: str) -> timedelta | None:
    """过两个小时, 半个钟头以后, 二十分钟后, 一刻钟, 三个半小时."""
    if re.search("半个?(?:小时|钟头|钟)", words) and not re.search("个半", words):
        return timedelta(minutes=30)
    if re.search("一刻钟", words):
        return timedelta(minutes=15)
    plain = words.replace("俩", "两个").replace("几个", "三个")
    found = re.search(NUMBER + r"来?个*(半)?(?:把|多)?(小时|钟头|分钟)", plain)
    count = chinese_integer(found[1]) if found else None
    if not found or count is None:
        return None
    unit = timedelta(minutes=1) if found[3] == "分钟" else timedelta(hours=1)
    return unit * (count + (0.5 if found[2] else 0))


def _day(words: str, local: datetime) -> date | None:
    today = local.date()
    named = read_date(re.sub("(?:今|明|后)晚", lambda one: one[0][0] + "天", words), local)
    if named is not None:
        return named if named >= today or WEEK.search(words) else None
    if re.search("周末", words):
        return today + timedelta(
            days=(5 - today.weekday()) % 7 + (7 if "下周末" in words or "下个周末" in words else 0)
        )
    if re.search("下个?(?:礼拜|星期|周)", words):
        return today + timedelta(days=7 - today.weekday())
    if re.search("下个?月", words):
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    if re.search("月底", words):
        return (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=2)
    if re.search("一个月(?:以|之)?后", words):
        return today + timedelta(days=30)
    if re.search("半个月", words):
        return today + timedelta(days=15)
    some = re.search("(?:过|隔|再等|等|停)个?(两三|三五|几|两|俩|三|五)?(?:天|日)", words)
    if some:
        return today + timedelta(days={"三": 3, "三五": 4, "五": 5, "几": 3}.get(some[1] or "", 2))
    return None


def _clock(words: str, local: datetime) -> time | None:
    named = next((hour for pattern, hour in HOURS if re.search(pattern, words)), None)
    found = CLOCK.search(words)
    if not found:
        return named if named is not None else _after_the_meal(words, local)
    hour = chinese_integer(found[1])
    minute = {"半": 30, "一刻": 15, "三刻": 45}.get(found[2] or "", chinese_integer(found[2] or "0"))
    if hour is None or minute is None or hour > 24 or minute > 59:
        return None
    afternoon = LATE.search(words) or ("中午" in words and hour < 3) or (hour < 7 and not EARLY.search(words))
    return time((hour + 12 if afternoon and hour < 12 else hour) % 24, minute)


def _after_the_meal(words: str, local: datetime) -> time | None:
    """吃完饭: the meal that comes next."""
    if not MEAL.search(words):
        return None
    return time(13, 30) if local.hour < 13 else time(19)
