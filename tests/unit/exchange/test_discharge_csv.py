"""A hospital's list as it really comes, and each way it can be wrong."""

import codecs
from datetime import date

import pytest

from agent.exchange.discharge_csv import parse
from agent.exchange.discharge_list import Parsed
from agent.model.discharge import Discharge
from agent.model.people import Tier

TODAY = date(2026, 11, 21)
HEADER = "姓名,电话,诊断,出院日期,分层"
GOOD = "王秀兰,13490000001,心力衰竭,2026-11-18,高"


def read(*lines: str, encoding: str = "utf-8") -> Parsed:
    return parse("\n".join(lines).encode(encoding), TODAY)


def codes(parsed: Parsed) -> list[tuple[int, str | None, str]]:
    return [(problem.line, problem.column, problem.code) for problem in parsed.problems]


def one(parsed: Parsed) -> Discharge:
    assert codes(parsed) == []
    (row,) = parsed.rows
    return row.discharge


def with_cell(column: str, value: str) -> Parsed:
    cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {column: value}
    return read(",".join(cells), ",".join(f'"{value}"' for value in cells.values()))


def test_every_column_is_read() -> None:
    parsed = read(
        f"{HEADER},性别,出生年份,身份证后四位,科室,住院号,家属姓名,家属电话,备注",
        f"{GOOD},女,1948,042x,心内科,Z001,李明,010-62751234,随便",
    )
    assert one(parsed) == Discharge(
        name="王秀兰",
        phone="+8613490000001",
        diagnosis="心力衰竭",
        discharge_date=date(2026, 11, 18),
        tier=Tier.HIGH,
        sex="female",
        birth_year=1948,
        id_last4="042X",
        department="心内科",
        hospital_number="Z001",
        caregiver_name="李明",
        caregiver_phone="+861062751234",
    )
    assert parsed.rows[0].line == 2
    assert parsed.ignored == ("备注",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    assert one(read(HEADER, GOOD, encoding=encoding)).name == "王秀兰"


def test_a_rare_name_survives_gb18030() -> None:
    assert one(read(HEADER, GOOD.replace("王秀兰", "㛃䶮𠮷"), encoding="gb18030")).name == "㛃䶮𠮷"


@pytest.mark.parametrize(
    "data", [b"\xff\xff\x00\x01", b"PK\x03\x04\x14\x00\x06\x00\x08", codecs.BOM_UTF8 + b"\xff\xff"]
)
def test_what_is_no_text_is_refused_as_a_whole(data: bytes) -> None:
    assert codes(parse(data, TODAY)) == [(0, None, "encoding")]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，", "|"])
def test_delimiters(delimiter: str) -> None:
    assert one(read(HEADER.replace(",", delimiter), GOOD.replace(",", delimiter))).diagnosis == "心力衰竭"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_line_ends_blank_lines_and_a_title(line_end: str) -> None:
    lines = ["2026年11月出院名单，共1人", "", HEADER, "", GOOD, ",,,,", ""]
    parsed = parse(line_end.join(lines).encode(), TODAY)
    assert one(parsed).name == "王秀兰"
    assert parsed.rows[0].line == 5


def test_headings_have_many_names() -> None:
    assert one(read("*患者姓名,联系电话 （必填）,主要诊断,出院时间,风险等级", GOOD)).tier is Tier.HIGH


def test_a_wrong_header_names_what_is_missing_and_what_was_found() -> None:
    parsed = read("姓名,手机,疾病", "王秀兰,13490000001,心衰")
    assert codes(parsed) == [(1, None, "column_missing")]
    assert "出院日期、分层" in parsed.problems[0].reason
    assert "姓名、手机、疾病" in parsed.problems[0].reason


@pytest.mark.parametrize("text", ["", "\n\n", "你好", "1,2,3\n4,5,6"])
def test_a_file_without_a_header(text: str) -> None:
    assert codes(parse(text.encode(), TODAY)) == [(0, None, "header")]


def test_a_list_of_nobody() -> None:
    assert codes(read(HEADER)) == [(0, None, "empty")]


def test_two_columns_that_mean_the_same() -> None:
    assert codes(read("姓名,手机,联系电话,诊断,出院日期,分层", "x")) == [(1, None, "column_twice")]
    both = read("姓名,手机,电话,诊断,出院日期,分层", "王秀兰,没有,13490000001,心衰,2026-11-18,高")
    assert one(both).phone == "+8613490000001"  # the column's own name outranks


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("13490000001", "+8613490000001"),
        (" 134 9000 0001 ", "+8613490000001"),
        ("134-9000-0001", "+8613490000001"),
        ("１３４９０００００１１", "+8613490000011"),
        ("+86 13490000001", "+8613490000001"),
        ("0086-13490000001", "+8613490000001"),
        ("8613490000001", "+8613490000001"),
        ("13490000001.0", "+8613490000001"),
        ("'13490000001", "+8613490000001"),
        ("(010)62751234", "+861062751234"),
        ("0571-87951234", "+8657187951234"),
    ],
)
def test_phones(cell: str, phone: str) -> None:
    assert one(with_cell("电话", cell)).phone == phone


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1349000001", "phone_length"),
        ("134900000011", "phone_length"),
        ("12345678901", "phone_invalid"),
        ("62751234", "phone_area_code"),
        ("1.349E+10", "phone_scientific"),
        ("13490000001转2", "phone_characters"),
        ("13490000001/13490000002", "phone_characters"),
        ("4008001234", "phone_service"),
        ("无", "phone_characters"),
        ("", "empty"),
    ],
)
def test_wrong_phones(cell: str, code: str) -> None:
    assert codes(with_cell("电话", cell)) == [(2, "电话", code)]


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-18",
        "2026/11/18",
        "2026.11.18",
        "2026年11月18日",
        "2026 年 11 月 18 日",
        "20261118",
        "46344",
        "46344.625",
        "2026-11-18 00:00:00",
        "2026/11/18 9:30",
        "２０２６－１１－１８",
    ],
)
def test_dates(cell: str) -> None:
    assert one(with_cell("出院日期", cell)).discharge_date == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2026-11-22", "date_future"),
        ("2026-02-30", "date_impossible"),
        ("20261318", "date_impossible"),
        ("11/18/2026", "date_form"),
        ("18", "date_form"),
        ("昨天", "date_form"),
        ("", "empty"),
    ],
)
def test_wrong_dates(cell: str, code: str) -> None:
    assert codes(with_cell("出院日期", cell)) == [(2, "出院日期", code)]


def test_discharged_today_is_right() -> None:
    assert one(with_cell("出院日期", "2026-11-21")).discharge_date == TODAY


@pytest.mark.parametrize(
    ("cell", "tier"),
    [("高", Tier.HIGH), ("中危", Tier.MIDDLE), ("低风险", Tier.LOW), ("高危层", Tier.HIGH), ("LOW", Tier.LOW)],
)
def test_tiers(cell: str, tier: Tier) -> None:
    assert one(with_cell("分层", cell)).tier is tier


@pytest.mark.parametrize(
    ("cell", "name"), [("张　三", "张三"), (" 阿依古丽·买买提 ", "阿依古丽·买买提"), ("Li Wei", "Li Wei")]
)
def test_names(cell: str, name: str) -> None:
    assert one(with_cell("姓名", cell)).name == name


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("姓名", "13490000001", "name_invalid"),
        ("姓名", "—", "name_invalid"),
        ("分层", "甲", "tier_unknown"),
        ("分层", "", "empty"),
        ("诊断", "", "empty"),
        ("性别", "不详", "sex_unknown"),
        ("出生年份", "1848", "birth_year_invalid"),
        ("出生年份", "48", "birth_year_invalid"),
        ("出生日期", "2030-01-01", "date_future"),
        ("身份证后四位", "42X", "id_last4_invalid"),
        ("身份证号", "110101194801010000", "id_invalid"),
        ("家属电话", "123", "phone_length"),
    ],
)
def test_other_wrong_cells(column: str, cell: str, code: str) -> None:
    assert codes(with_cell(column, cell)) == [(2, column, code)]


def test_of_an_identity_number_only_the_end_is_kept() -> None:
    assert one(with_cell("身份证号", "11010519491231002X")).id_last4 == "002X"


def test_the_birth_date_gives_the_year() -> None:
    assert one(with_cell("出生日期", "1948-03-02")).birth_year == 1948


def test_all_that_is_wrong_in_a_row_is_told_at_once_and_the_others_are_read() -> None:
    parsed = read(HEADER, "王秀兰,123,心衰,2027-01-01,高", GOOD, "李四,13490000002,心衰")
    assert codes(parsed) == [
        (2, "电话", "phone_length"),
        (2, "出院日期", "date_future"),
        (4, "出院日期", "empty"),
        (4, "分层", "empty"),
    ]
    assert [row.line for row in parsed.rows] == [3]


def test_a_patient_twice_names_the_first_line() -> None:
    parsed = read(HEADER, GOOD, GOOD.replace("13490000001", "134 9000 0001"), GOOD.replace("王秀兰", "王建国"))
    assert codes(parsed) == [(3, "姓名", "duplicate")]
    assert "第 2 行" in parsed.problems[0].reason
    assert [row.line for row in parsed.rows] == [2, 4]


def test_a_wrong_row_does_not_make_a_right_one_a_duplicate() -> None:
    parsed = read(HEADER, GOOD.replace("高", "甲"), GOOD)
    assert [row.line for row in parsed.rows] == [3]


def test_quoted_commas_and_line_breaks() -> None:
    parsed = read(HEADER, '王秀兰,13490000001,"心衰,\n心功能Ⅲ级",2026-11-18,高', GOOD.replace("王秀兰", "李四"))
    assert [(row.line, row.discharge.diagnosis) for row in parsed.rows] == [(2, "心衰, 心功能III级"), (4, "心力衰竭")]


def test_a_stray_quote_spoils_its_own_line_only() -> None:
    parsed = read(HEADER, '"王秀兰,13490000001,心衰,2026-11-18,高', GOOD, '李四,"1349"0000002,心衰,2026-11-18,高', GOOD)
    assert codes(parsed) == [(2, None, "quotes"), (4, None, "quotes"), (5, "姓名", "duplicate")]
    assert [row.line for row in parsed.rows] == [3]


def test_a_shifted_row_is_refused() -> None:
    parsed = read(HEADER, "王秀兰,13490000001,心衰,高血压,2026-11-18,高", f"{GOOD},,")
    assert codes(parsed) == [(2, None, "too_many_cells")]
    assert len(parsed.rows) == 1


def test_what_may_be_logged_names_nobody() -> None:
    parsed = read(HEADER, "王秀兰,12345678901,心衰,2026-11-18,高", GOOD)
    shown = f"{parsed.problems!r} {parsed.rows!r} {parsed!r}"
    assert parsed.problems[0].value == "12345678901"
    assert not any(secret in shown for secret in ("12345678901", "王秀兰", "13490000001"))


@pytest.mark.parametrize(
    ("diagnosis", "way", "became"),
    [
        ("心力衰竭（死亡）", "", ""),
        ("心力衰竭", "死亡", ""),
        ("心力衰竭", "5", ""),
        ("心力衰竭", "05", "好转"),
        ("心力衰竭", "", "死亡"),
        ("心力衰竭", "", "4"),
    ],
)
def test_who_died_in_hospital_is_never_called(diagnosis: str, way: str, became: str) -> None:
    row = f"王秀兰,13490000001,{diagnosis},2026-11-18,高,{way},{became}"
    parsed = read(f"{HEADER},离院方式,出院情况", row)
    assert parsed.rows == ()
    assert {problem.code for problem in parsed.problems} == {"died"}


@pytest.mark.parametrize(
    ("diagnosis", "way", "became"),
    [
        ("心力衰竭", "1", "1"),
        ("心力衰竭", "4", "5"),
        ("心力衰竭", "医嘱离院", "好转"),
        ("胎儿死亡引产术后", "1", "治愈"),
    ],
)
def test_who_went_home_is_called(diagnosis: str, way: str, became: str) -> None:
    row = f"王秀兰,13490000001,{diagnosis},2026-11-18,高,{way},{became}"
    assert len(read(f"{HEADER},离院方式,出院情况", row).rows) == 1


def test_sums_and_headings_between_pages_are_no_patients() -> None:
    parsed = read("出院名单", HEADER, GOOD, HEADER, "合计,,1,,")
    assert codes(parsed) == []
    assert len(parsed.rows) == 1
