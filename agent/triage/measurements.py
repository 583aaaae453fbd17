"""Numbers with a meaning: blood pressure, pulse, weight, temperature, glucose, saturation, doses, counts, days."""

import re

from agent.model.finding import Measurement
from agent.model.reading_context import ReadingContext
from agent.triage.content import Content, MeasurementKind
from agent.triage.corrected import of_now, revised
from agent.triage.cues import any_of
from agent.triage.limits_told import measured_ones
from agent.triage.numerals import Number, numbers
from agent.triage.surroundings import sentence_start

_KPA_TO_MMHG = 7.50062
_PAIR_LINK = re.compile(
    r"^(?:[ /／、，,\-~到比和杠]|的|呃|嗯|那个|高压|上压|收缩压|低压是?|下压|下面是?|舒张压是?|低的是?|小的是?"
    r"|毫米汞柱|mmHg|mmhg){0,6}$"
)
_PRESSURE = re.compile(r"血压|高压|低压|收缩压|舒张压|mmHg|毫米汞柱")
_NAMED_AFTER = re.compile(r"^的?(?:[高上]压|收缩压|(?P<lower>[低下]压|舒张压))")  # 126的高压，83的低压
_FIGURE = r"\d零一二两三四五六七八九十百"
_NAME_BY_SOUND = re.compile(  # 高压, 低压 as recognisers write them, where a number stands beside
    rf"(?:(?<=[{_FIGURE}])|(?<=[{_FIGURE}]的))([高低滴敌迪地底])[呀雅牙亚鸭哑丫阳]"
    rf"|([高低滴敌迪底])[呀雅牙亚鸭哑丫阳](?=是?[{_FIGURE}])|([滴敌迪底])压(?=是?[{_FIGURE}])"
)
_GARBLED = re.compile("[^\\d，。、/ 低下上高舒比和到,]{1,2}十")  # 一百义十六: more of the number than was understood
_HOURS = r"个?半?(?:小时|钟头|钟|h(?![a-z]))"
_GLUCOSE_POINT = re.compile(rf"\d+(?:\.\d+)?(?![\d.]|{_HOURS})")  # not the 2 of 餐后2小时8.9
_PRESSURE_NAMES = frozenset({"systolic", "diastolic"})
_GENERIC = ("age", "days", "count", "dose")
_NOT_A_VALUE_BEFORE = re.compile(r"(?:第|星期|礼拜|周|插座|楼|号|床)$")
_CHANGED = re.compile(r"(?:(?<!体)重|长|胖|涨|增加|多|轻|瘦|掉|减|少|降)了?(?:有|差不多|大概|将近|快|好像)?$")
_LOST = re.compile(r"(?:轻|瘦|掉|减|少|降)了?(?:有|差不多|大概|将近|快|好像)?$")
_CLOCK = re.compile(r"^(?:点|号|月|年|楼|床|层|栋|单元|路|时|:|：)")
_NO_VALUE_AFTER = re.compile(  # 饭后走了一圈, 空腹喝一杯水, 饭后八点: what is counted or a time of day is no value
    _CLOCK.pattern
    + rf"|^{_HOURS}"
    + r"|^(?:半|圈|趟|会|下|里|公里|步|口|碗|杯|块|顿|粒|条|把|阵|直|起|样|般|边|儿|站|家|声|句|觉|身|跤"
    + r"|头(?![晕疼痛昏沉重也都不倒])|根|支|瓶|盒)"
)
_THINGS = re.compile(r"^个(?!半|点|多|[，。]|$)")  # 两个馒头
_BY_UNIT = ("spo2", "weight_kg", "temp_c", "urine_ml", "age", "systolic", "heart_rate", "days", "count", "dose")
_LABELLED = (None, "heart_rate", "glucose", "scale")
_BEFORE_WINDOW = 12
_NOT_OF_THE_BODY = re.compile(
    r"(?:外[头面边]|室[外内]|屋[里子]|天气|天儿|气温|空调|水温|热水|洗澡水?|泡脚)[^烧量测]{0,8}$"
)
_SUGAR_BY_COINS = re.compile(r"^块(?P<tenth>[一二三四五六七八九\d])")  # 血糖两块八 is 2.8
_PRICED = re.compile(r"试纸|血糖仪|花了?|[多少]钱")
_COLDEST_PRESSURE = 60  # 量了二百: no temperature, and what is measured at home beside it is the pressure
_LENGTH = re.compile(r"身高|腰围|裤腰|尺")
_UPPER = re.compile(r"血压(?![药计仪])[^。]*$")
_LEAST_UPPER, _MOST_UPPER = 100, 260  # mmHg
_OXYGEN = re.compile("氧|饱和|指夹|夹|spo2|[，。][^，。]{0,3}$|^.?$")  # 80%是病毒性的 is a share of people
_PULSE = re.compile(r"心率|心跳|脉搏|脉率|跳(?:了|得|多少|几)?")


class MeasurementReader:
    def __init__(self, content: Content) -> None:
        self._kinds = dict(content.measurements)
        labels = {word: kind.id for kind in self._kinds.values() for word in kind.words}
        self._labels = labels
        self._label = re.compile(any_of(labels)) if labels else re.compile(r"(?!)")
        self._units = {kind.id: re.compile(rf"^\s*{any_of(kind.units)}") for kind in self._kinds.values() if kind.units}

    def read(self, text: str, context: ReadingContext) -> tuple[Measurement, ...]:
        """Every value whose meaning the words, the unit or the question give."""
        found = numbers(text)
        if not found:
            return ()
        text = _NAME_BY_SOUND.sub(lambda name: "高压" if name[0][0] == "高" else "低压", text)
        measured, rest = self._pressures(text, found, context)
        for number in rest:
            if measured and number.start < measured[-1].span[1] and number.start > measured[-1].span[0]:
                continue  # the 八 of 两块八
            name = self._name_of(text, number, context, len(rest))
            if name is not None:
                one = self._value(text, number, name, context)
                if one is not None:
                    measured.append(one)
        measured = revised(text, measured, found, lambda number, name: self._value(text, number, name, context))
        measured = measured_ones(text, of_now(text, measured), context.measurements)
        return tuple(sorted(measured, key=lambda m: (m.span, m.name != "systolic")))

    def _pressures(
        self, text: str, found: list[Number], context: ReadingContext
    ) -> tuple[list[Measurement], list[Number]]:
        asked = bool(_PRESSURE_NAMES & set(context.measurements))
        measured: list[Measurement] = []
        rest: list[Number] = []
        index = 0
        while index < len(found):
            number = found[index]
            following = found[index + 1] if index + 1 < len(found) else None
            slashed = following is not None and text[number.end : following.start].strip() in ("/", "／")
            named = _PRESSURE.search(text[: number.start]) or _NAMED_AFTER.match(text[number.end :])
            told = asked or bool(named) or slashed
            pair = self._pair(text, number, following) if told else None
            if pair is None and told and number.digits:
                pair = _split_digits(number)
                if pair is not None and not self._fits(*pair):
                    pair = None
                following = None if pair is not None else following
            if pair is None:
                rest.append(number)
                index += 1
                continue
            end = number.end if following is None else following.end
            measured += self._pressure(text, *pair, (number.start, end))
            index += 1 if following is None else 2
        return measured, rest

    def _pair(self, text: str, number: Number, following: Number | None) -> tuple[float, float] | None:
        if following is None or not _PAIR_LINK.match(text[number.end : following.start]):
            return None
        high, low = number.value, following.value
        before = text[max(0, number.start - 4) : number.start]
        after = _NAMED_AFTER.match(text[number.end : following.start])
        if high < low and ("低压" in before or "下压" in before or (after and after["lower"])):
            high, low = low, high
        if (
            6 <= high <= 35
            and 4 <= low < high
            and text[number.end : following.start].strip() in ("/", "／", "、", "比")
        ):
            return high * _KPA_TO_MMHG, low * _KPA_TO_MMHG
        return (high, low) if self._fits(high, low) else None

    def _fits(self, high: float, low: float) -> bool:
        systolic, diastolic = self._kinds["systolic"].possible, self._kinds["diastolic"].possible
        return systolic[0] <= high <= systolic[1] and diastolic[0] <= low <= diastolic[1] and low < high

    def _pressure(self, text: str, high: float, low: float, span: tuple[int, int]) -> list[Measurement]:
        doubtful = not float(high).is_integer()
        return [
            self._made("systolic", round(high), text, span, doubtful),
            self._made("diastolic", round(low), text, span, doubtful),
        ]

    def _name_of(self, text: str, number: Number, context: ReadingContext, count: int) -> str | None:
        after = text[number.end : number.end + 8]
        before = text[max(sentence_start(text, number.start), number.start - _BEFORE_WINDOW) : number.start]
        unit = self._unit_name(after, before, context)
        if _NOT_A_VALUE_BEFORE.search(before) or _no_value_of_the_body(before, after, unit):
            return None
        label = self._label_name(before) or _upper(before, number)
        if label == "temp_c" and unit is None and number.value > _COLDEST_PRESSURE and not number.digits:
            label = "systolic" if "量" in before and not _LENGTH.search(before) else None
        if unit == "temp_c" and label not in (None, "temp_c"):
            unit = None
        if unit == "weight_kg" and _CHANGED.search(before):
            return "weight_loss_kg" if _LOST.search(before) else "weight_gain_kg"
        if unit in ("weight_kg", "spo2", "urine_ml", "age", "temp_c", "systolic"):
            return label if unit == "systolic" else unit
        if label == "temp_c" and unit in ("days", "count"):
            label = None
        counted = _NO_VALUE_AFTER.match(after) and not (label == "glucose" and _SUGAR_BY_COINS.match(after))
        if label is not None and (unit in _LABELLED or _misheard_four(label, unit)) and not counted:
            return None if text[number.start] == "半" else label
        if unit == "count" and self._is_pulse(number, before, context):
            return "heart_rate"
        if unit in ("days", "count", "dose"):
            return unit
        if unit == "heart_rate" and "heart_rate" in context.measurements:
            return unit
        if unit == "glucose" and "mmol" in after:
            return unit
        return self._by_question(number, after, context)

    def _is_pulse(self, number: Number, before: str, context: ReadingContext) -> bool:
        """七十二次 said of the pulse; 每分钟二十次 may be breaths unless the question was the pulse."""
        asked = "heart_rate" in context.measurements or _PULSE.search(context.question) is not None
        low, high = self._kinds["heart_rate"].possible
        return (asked or _PULSE.search(before) is not None) and low <= number.value <= high

    def _by_question(self, number: Number, after: str, context: ReadingContext) -> str | None:
        if _CLOCK.match(after) and not after.startswith("点"):
            return None
        for name in context.measurements:
            kind = self._kinds.get(name)
            if kind is None:
                return name
            if name not in _GENERIC and (_NO_VALUE_AFTER.match(after) or _THINGS.match(after)):
                continue
            if name == "weight_kg" or kind.possible[0] <= number.value <= kind.possible[1]:
                return name
        return None

    def _unit_name(self, after: str, before: str, context: ReadingContext) -> str | None:
        for name in _BY_UNIT:
            pattern = self._units.get(name)
            if pattern and pattern.match(after):
                if name == "spo2" and not (after.startswith("%") and _of_oxygen(before, context)):
                    continue
                return name
        return "glucose" if "mmol" in after[:6] else None

    def _label_name(self, before: str) -> str | None:
        labels = list(self._label.finditer(before))
        last = labels[-1] if labels else None
        if last is None or _GLUCOSE_POINT.search(before[last.end() :]):
            return None
        return self._labels[last.group()]

    def _value(self, text: str, number: Number, name: str, context: ReadingContext) -> Measurement | None:
        value, end = number.value, number.end
        after = text[end : end + 8]
        doubtful = number.upper is not None or _GARBLED.match(after) is not None
        if name == "temp_c":
            value, end, vague = _temperature(text, number)
            doubtful = doubtful or vague
        elif name.startswith("weight_"):
            value, end, vague = _weight(text, number)
            doubtful = doubtful or vague
        elif name == "glucose" and after.startswith("个半"):
            value, end = value + 0.5, end + 2
        elif name == "glucose" and (coins := _SUGAR_BY_COINS.match(after)):
            value, end = round(value + numbers(coins["tenth"])[0].value / 10, 1), end + 2
        elif after.startswith("点多") or after.startswith("多"):
            doubtful, end = True, end + after.index("多") + 1
        kind = self._kinds.get(name)
        if kind is None:
            return Measurement(name, value, "", text[number.start : end], (number.start, end), doubtful)
        if not kind.possible[0] <= value <= kind.possible[1]:
            return None
        return self._made(name, value, text, (number.start, end), doubtful)

    def _made(self, name: str, value: float, text: str, span: tuple[int, int], doubtful: bool) -> Measurement:
        kind: MeasurementKind = self._kinds[name]
        odd = doubtful or not kind.usual[0] <= value <= kind.usual[1]
        return Measurement(name, float(value), kind.unit, text[span[0] : span[1]], span, odd)


def _misheard_four(label: str, unit: str | None) -> bool:
    """高压一百二十次 was 一百二十四: nobody counts a pressure in 次."""
    return label in _PRESSURE_NAMES and unit == "count"


def _of_oxygen(before: str, context: ReadingContext) -> bool:
    """A bare percentage is the saturation where that was asked for or stands before it."""
    return "spo2" in context.measurements or bool(_OXYGEN.search(f"{context.question}{before}"))


def _no_value_of_the_body(before: str, after: str, unit: str | None) -> bool:
    """外头三十九度 is the weather, 血糖试纸两块八 a price."""
    weather = unit == "temp_c" and _NOT_OF_THE_BODY.search(before)
    return bool(weather or (_SUGAR_BY_COINS.match(after) and _PRICED.search(before)))


def _temperature(text: str, number: Number) -> tuple[float, int, bool]:
    """三十八度五 is 38.5, 三十八度半 too, 三十八度多 is 38 and doubtful, 375 typed is 37.5."""
    value, end = number.value, number.end
    if 330 <= value <= 430 and number.digits:
        value = value / 10
    degree = re.match(r"\s*(?:摄氏)?度([零一二三四五六七八九半\d]?)([多来左右]?)|\s*(?:℃|°C)", text[end:])
    if degree is None:
        return value, end, False
    tenth, more = degree.group(1) or "", degree.group(2) or ""
    if tenth == "半":
        value += 0.5
    elif tenth:
        value += numbers(tenth)[0].value / 10 if numbers(tenth) else 0
    return round(value, 2), end + degree.end(), bool(more)


def _weight(text: str, number: Number) -> tuple[float, int, bool]:
    """Kilograms; 斤 is half a kilogram. Without a unit a value above 100 is taken as 斤 and read back."""
    value, end = number.value, number.end
    unit = re.match(r"\s*(?:多)?\s*(公斤|千克|kg|KG|Kg|市斤|斤)(半?)", text[end:])
    if unit is None:
        return (value / 2, end, True) if value > 100 else (value, end, not 40 <= value <= 90)
    if unit.group(2):
        value += 0.5
    if unit.group(1) in ("斤", "市斤"):
        value = value / 2
    return round(value, 2), end + unit.end(), False


def _split_digits(number: Number) -> tuple[float, float] | None:
    """一四零九零 or 14090 is 140 and 90; so is 140.90, as recognisers write a short pause."""
    figures = number.digits or ""
    high, point, low = figures.partition(".")
    if point and len(high) in (2, 3) and len(low) in (2, 3):
        return float(high), float(low)
    if point or len(figures) not in (5, 6):
        return None
    return float(figures[:3]), float(figures[3:])


def _upper(before: str, number: Number) -> str | None:
    """血压高，一百八: one number said of the pressure is the upper one."""
    return "systolic" if _UPPER.search(before) and _LEAST_UPPER <= number.value <= _MOST_UPPER else None
