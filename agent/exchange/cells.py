"""One cell → one value. What a cell may not be, and how to mend it, is said in Chinese to a coordinator."""

import re
import unicodedata
from datetime import date, timedelta

import phonenumbers

from agent.model.people import Tier

EXCEL_EPOCH = date(1899, 12, 30)  # Excel's day 0, its invented 29 February 1900 allowed for
EXCEL_DAYS = range(32874, 73051)  # 1990-01-01 .. 2100-01-01

_TIERS = {"高": Tier.HIGH, "中": Tier.MIDDLE, "低": Tier.LOW, "high": Tier.HIGH, "middle": Tier.MIDDLE, "low": Tier.LOW}
_SEXES = {"男": "male", "女": "female", "男性": "male", "女性": "female", "male": "male", "female": "female"}
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]?\d{1,2}[:时].*)?")
_DIALLABLE = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.VOIP,
}


class BadCell(Exception):
    """`code` is stable; `reason` and `remedy` are Chinese and do not repeat the cell."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(code)
        self.code, self.reason, self.remedy = code, reason, remedy


def clean(cell: str) -> str:
    """Full-width forms folded, Excel's text marks (`="…"`, a leading ') and surrounding space gone."""
    folded = unicodedata.normalize("NFKC", cell).strip()
    guarded = re.fullmatch(r'="(.*)"', folded)
    return (guarded[1] if guarded else folded.removeprefix("'")).strip()


def name(cell: str) -> str:
    joined = re.sub(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])", "", clean(cell))  # 张　三 → 张三
    if re.search(r"\d", joined) or not re.search(r"[^\W\d_]", joined) or len(joined) > 40:
        raise BadCell("name_invalid", "姓名里有数字或没有文字", "请核对这一列是否错位，并填写患者姓名")
    return joined


def phone(cell: str) -> str:
    """E.164. Mobile numbers, and landlines with their area code."""
    written = clean(cell)
    if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", written):
        raise BadCell("phone_scientific", "号码被 Excel 变成了科学计数法", "请把这一列设为“文本”格式后重新填写号码")
    digits = re.sub(r"[\s\-()]", "", re.sub(r"\.0$", "", written))
    if not re.fullmatch(r"\+?\d+", digits):
        raise BadCell("phone_characters", "号码里有数字以外的内容", "只填一个号码，不要写分机、姓名或两个号码")
    try:
        number = phonenumbers.parse(digits, "CN")
    except phonenumbers.NumberParseException:
        raise BadCell("phone_invalid", "不是有效的电话号码", "请核对号码") from None
    if not phonenumbers.is_valid_number(number):
        raise _phone_fault(re.sub(r"^(\+|00)?86", "", digits))
    if number.country_code == 86 and phonenumbers.number_type(number) not in _DIALLABLE:
        raise BadCell("phone_service", "这是服务热线，不是患者的号码", "请填写患者的手机或座机")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _phone_fault(national: str) -> BadCell:
    if national.startswith("1"):
        if len(national) != 11:
            return BadCell("phone_length", f"手机号应为 11 位，这里是 {len(national)} 位", "请补全或核对号码")
        return BadCell("phone_invalid", "没有这个号段的手机号", "请核对号码")
    if len(national) in (7, 8) and not national.startswith("0"):
        return BadCell("phone_area_code", "座机缺少区号", "请在号码前加区号，如 010-")
    return BadCell("phone_invalid", "不是有效的电话号码", "请核对号码；座机要带区号")


def day(cell: str) -> date:
    """2026-11-18, 2026/11/18, 2026.11.18, 2026年11月18日, 20261118, an Excel day number; a time after it is ignored."""
    written = re.sub(r"\s*([年月日])\s*", r"\1", clean(cell))
    number = re.fullmatch(r"(\d{5})(\.\d+)?", written)
    if number and int(number[1]) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(number[1]))
    parts = _DATE.fullmatch(written) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", written)
    if parts is None:
        raise BadCell("date_form", "看不懂的日期写法", "请写成 2026-11-18 或 2026年11月18日")
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        raise BadCell("date_impossible", "没有这一天", "请核对年月日") from None


def past_day(cell: str, today: date) -> date:
    found = day(cell)
    if found > today:
        raise BadCell("date_future", "日期在今天之后", "请核对日期；患者出院后再导入")
    return found


def tier(cell: str) -> Tier:
    found = _TIERS.get(re.sub(r"(风险|危险|危|层|级)+$", "", clean(cell).casefold()))
    if found is None:
        raise BadCell("tier_unknown", "分层不是高、中、低之一", "请填 高、中 或 低")
    return found


def sex(cell: str) -> str:
    found = _SEXES.get(clean(cell).casefold())
    if found is None:
        raise BadCell("sex_unknown", "性别不是男或女", "请填 男 或 女，不清楚就留空")
    return found


def birth_year(cell: str, today: date) -> int:
    written = re.sub(r"年$", "", clean(cell))
    if not re.fullmatch(r"\d{4}", written) or not 1900 <= int(written) <= today.year:
        raise BadCell("birth_year_invalid", "出生年份不对", f"请填 1900 到 {today.year} 之间的四位年份")
    return int(written)


def id_last4(cell: str) -> str:
    written = clean(cell).upper()
    if not re.fullmatch(r"\d{3}[\dX]", written):
        raise BadCell("id_last4_invalid", "不是身份证后四位", "请填四位：三位数字加一位数字或 X（开头的 0 不能省）")
    return written


def id_last4_of_whole(cell: str) -> str:
    """The last four of a whole identity number, whose check digit must be right; the rest is not kept."""
    written = clean(cell).upper()
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    whole = re.fullmatch(r"\d{17}[\dX]", written)
    if (
        not whole
        or "10X98765432"[sum(int(d) * w for d, w in zip(written[:17], weights, strict=True)) % 11] != written[17]
    ):
        raise BadCell("id_invalid", "身份证号不对", "请核对 18 位身份证号，或只填后四位")
    return written[-4:]


def words(cell: str) -> str:
    """Free text on one line."""
    return re.sub(r"\s+", " ", clean(cell))


def icd10(cell: str) -> tuple[str, ...]:
    """`I50.0，i10x001` → ("I50.0", "I10.X001"); codes of the national edition keep their six places."""
    found = []
    for written in re.split(r"[\s,;、/|]+", clean(cell).upper()):
        code = re.fullmatch(r"([A-Z]\d{2})\.?([0-9A-Z]{0,7})[+*]?", written)
        if written and code is None:
            raise BadCell("icd10_form", "不是 ICD-10 编码", "请写成 I50.0；几个编码用逗号隔开，没有就留空")
        if code:
            found.append(f"{code[1]}.{code[2]}" if code[2] else code[1])
    return tuple(dict.fromkeys(found))


def tags(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in re.split(r"[\s,;、/|]+", clean(cell)) if tag))


DEATH = re.compile(r"死亡|去世|病故|亡故|身故")
NOT_THE_PATIENTS = re.compile(r"[胎婴]|新生儿|宫内")  # a mother is alive whose child died
DEAD_CODES = {"离院方式": "5", "转归": "4"}  # as the front page of the record numbers them


def alive(cell: str, column: str) -> None:
    """Refuses a discharge by death, which `column` names in words or by its code."""
    written = clean(cell)
    coded = re.sub(r"^0|\.0$", "", written) == DEAD_CODES.get(column)
    if coded or (DEATH.search(written) and not NOT_THE_PATIENTS.search(written)):
        raise BadCell(
            "died", "患者已死亡，不会联系", "不用改；如果系统里还有这位患者的随访，请在患者页面上停止联系；写错了请改正"
        )
