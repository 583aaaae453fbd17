"""Which column means what: the heading's many names in hospitals' lists."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

REQUIRED = ("姓名", "电话", "诊断", "出院日期", "分层")

ALIASES: dict[str, tuple[str, ...]] = {
    "姓名": ("患者姓名", "病人姓名", "患者", "name"),
    "电话": ("手机", "手机号", "手机号码", "联系电话", "电话号码", "联系方式", "患者电话", "本人电话", "phone"),
    "诊断": ("出院诊断", "主要诊断", "主诊断", "出院主要诊断", "疾病诊断", "疾病", "diagnosis"),
    "出院日期": ("出院时间", "出院日", "dischargedate"),
    "分层": ("风险分层", "危险分层", "风险等级", "分级", "层级", "tier"),
    "性别": ("sex",),
    "出生年份": ("出生年", "birthyear"),
    "出生日期": ("生日", "出生年月日", "birthdate"),
    "身份证后四位": ("身份证后4位", "身份证尾号", "证件后四位"),
    "身份证号": ("身份证", "身份证号码", "证件号码", "证件号"),
    "科室": ("出院科室", "所在科室", "病区", "department"),
    "住院号": ("病案号", "病历号", "住院号码", "住院编号"),
    "离院方式": ("出院方式", "离院方式代码", "离院去向"),
    "转归": ("出院转归", "治疗转归", "治疗结果", "出院情况", "疗效"),
    "诊断编码": ("icd10", "icd-10", "疾病编码", "主要诊断编码", "出院诊断编码", "icd编码"),
    "手术": ("手术名称", "手术操作", "手术操作名称", "主要手术", "procedure"),
    "标签": ("患者标签", "tags"),
    "家属姓名": ("联系人", "联系人姓名", "家属", "照护人", "监护人姓名"),
    "家属电话": ("联系人电话", "家属手机", "家属联系电话", "监护人电话"),
}

UNUSED = "不用"  # what a mapping calls a column that means nothing to us

_MEANING = {alias: name for name, aliases in ALIASES.items() for alias in (name, *aliases)}


@dataclass(frozen=True, slots=True)
class Columns:
    """Column name → its index among `width` cells; `twice` are columns that two headings claim; `found` the headings
    as written."""

    index: dict[str, int]
    twice: tuple[str, ...]
    ignored: tuple[str, ...]
    found: tuple[str, ...]
    width: int

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(name for name in REQUIRED if name not in self.index)


def read_header(cells: Sequence[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """`mapping` (heading → column, or UNUSED) outranks everything; a heading that is the column's own name outranks an
    alias of it; two aliases are ambiguous."""
    told = {plain(heading): column for heading, column in (mapping or {}).items()}
    claims: dict[str, list[int]] = {}
    ignored = []
    headings = [plain(cell) for cell in cells]
    for index, heading in enumerate(headings):
        name = told.get(heading) or _MEANING.get(heading)
        if name == UNUSED:
            continue
        if name is not None:
            claims.setdefault(name, []).append(index)
        elif heading:
            ignored.append(cells[index].strip())
    chosen, twice = {}, []
    for name, indices in claims.items():
        own = [index for index in indices if told.get(headings[index]) == name]
        own = own or [index for index in indices if headings[index] == name] or indices
        chosen[name] = own[0]
        if len(own) > 1:
            twice.append(name)
    return Columns(
        chosen, tuple(twice), tuple(ignored), tuple(cell.strip() for cell in cells if cell.strip()), len(cells)
    )


def plain(heading: str) -> str:
    """`*联系电话 （必填）` → `联系电话`."""
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"\(.*?\)|[\s*_:]", "", folded)
