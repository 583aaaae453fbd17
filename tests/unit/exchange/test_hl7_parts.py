"""HL7 v2 by its parts: characters, fields, what an ADT message says, and the answer it gets."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.exchange.hl7v2.ack import acknowledge
from agent.exchange.hl7v2.adt import notice_of
from agent.exchange.hl7v2.charset import decode
from agent.exchange.hl7v2.message import Message, digest_of, header_of, messages_in
from agent.exchange.notice import Fault, Notice, NoticeKind, Person
from tests.fakes.adt import PID, PV1, ack_of, adt

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)


def read(raw: bytes) -> Notice:
    return notice_of(Message(raw), header_of(raw), TODAY)


def fault(raw: bytes) -> Fault:
    with pytest.raises(Fault) as caught:
        read(raw)
    return caught.value


def test_a_discharge_is_read_whole() -> None:
    notice = read(adt("A03", pr1="PR1|1||00.66^经皮冠状动脉介入治疗"))
    assert notice == Notice(
        kind=NoticeKind.DISCHARGED,
        person=Person(
            name="王秀兰", phone="+8613490000001", hospital_number="Z26110317", id_last4="0420", birth_year=1948,
            sex="female", department="心内科", caregiver_name="刘建军", caregiver_phone="+8613490000101",
        ),
        visit="V77",
        discharge_date=date(2026, 11, 20),
        diagnosis="充血性心力衰竭",
        icd10=("I50.0",),
        procedure="经皮冠状动脉介入治疗",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("charset", "codec"),
    [("UNICODE UTF-8", "utf-8"), ("GB 18030-2000", "gb18030"), ("", "utf-8"), ("", "gbk"), ("GBK", "gbk"),
     ("UNICODE UTF-8~GB 18030-2000", "utf-8")],
)  # fmt: skip
def test_chinese_in_every_charset_that_comes(charset: str, codec: str) -> None:
    raw = adt("A03", charset=charset, codec=codec)
    assert read(raw).person.name == "王秀兰"
    answer = acknowledge(raw, Fault("name_missing", "PID-5", "没有患者姓名", "请填", missing=True), NOW, "x")
    assert "没有患者姓名" in answer.decode("gb18030" if "GB" in charset[:2] else "utf-8")


def test_a_wrong_charset_is_not_guessed_at() -> None:
    assert fault(adt("A03", codec="gbk")).code == "charset_wrong"
    assert fault(adt("A03", charset="KS X 1001")).code == "charset_unknown"
    with pytest.raises(Fault):
        decode(adt("A03", codec="gb18030"))


def test_names_and_numbers_in_their_many_places() -> None:
    latin_first = PID.replace("王^秀兰^^^^^L~Wang^Xiulan", "Wang^Xiulan~王秀兰^^^^^^I")
    assert read(adt("A08", pid=latin_first)).person.name == "王秀兰"
    parts = PID.replace("13490000001", "^PRN^PH^^^010^62751234~^PRN^CP^^^^^^^^^13490000009")
    assert read(adt("A08", pid=parts)).person.phone == "+8613490000009"
    landline = PID.replace("13490000001", "^PRN^PH^^^010^62751234")
    assert read(adt("A08", pid=landline)).person.phone == "+861062751234"
    assert read(adt("A08", pid=PID.replace("13490000001", ""))).person.phone is None


def test_escapes_are_undone() -> None:
    assert read(adt("A03", dg1="DG1|1|||心衰\\T\\肺炎\\F\\2级")).diagnosis == "心衰&肺炎|2级"


def test_final_diagnoses_outrank_those_of_the_admission() -> None:
    both = "DG1|1||R06.0^气促待查^I10|||A\rDG1|2||I50.0^心力衰竭^I10|||F\rDG1|3||I10.X00^高血压^I10|||F"
    notice = read(adt("A03", dg1=both))
    assert (notice.diagnosis, notice.icd10) == ("心力衰竭，高血压", ("I50.0", "I10.X00"))


@pytest.mark.parametrize(
    ("written", "day"),
    [("20261120", 20), ("202611201759", 20), ("20261119235959.123", 19), ("20261119200000+0000", 20), ("", 21)],
)
def test_the_day_of_discharge_is_the_hospitals(written: str, day: int) -> None:
    assert read(adt("A03", pv1=PV1.replace("20261120093000", written))).discharge_date == date(2026, 11, day)


@pytest.mark.parametrize(
    ("changes", "dead"),
    [({}, None), ({"pid": PID + "|" * 17 + "Y"}, True), ({"pid": PID + "|" * 17 + "N"}, False),
     ({"pid": PID + "|" * 16 + "20261120"}, True),
     ({"pv1": PV1.replace("|" * 26 + "2026", "|" * 17 + "20" + "|" * 9 + "2026")}, True)],
)  # fmt: skip
def test_death_is_heard_from_each_of_its_fields(changes: dict[str, str], dead: bool | None) -> None:
    assert read(adt("A08", **changes)).deceased is dead


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"pid": ""}, "segment_missing", "PID"),
        ({"pid": PID.replace("王^秀兰^^^^^L~Wang^Xiulan", "")}, "name_missing", "PID-5"),
        ({"pid": PID.replace("13490000001", "1349")}, "phone_length", "PID-13"),
        ({"pid": PID.replace("|19480307|", "|3048|")}, "birth_year_invalid", "PID-7"),
        ({"pid": PID.replace("110101194803070420", "110101194803070421")}, "id_invalid", "PID-3"),
        ({"pv1": PV1.replace("20261120093000", "20.11.2026")}, "date_form", "PV1-45"),
        ({"pv1": PV1.replace("20261120093000", "20261131")}, "date_form", "PV1-45"),
        ({"pv1": PV1.replace("20261120093000", "20261120093000+9900")}, "date_form", "PV1-45"),
        ({"pv1": PV1.replace("20261120093000", "00010101000000+1400")}, "date_form", "PV1-45"),
        ({"pv1": PV1.replace("20261120093000", "20261201")}, "date_future", "PV1-45"),
        ({"pv1": "", "evn": ""}, "date_missing", "PV1-45"),
        ({"processing": "T"}, "processing_unsupported", "MSH-11"),
        ({"version": "3.0"}, "version_unsupported", "MSH-12"),
    ],
)
def test_a_wrong_field_is_named(changes: dict[str, str], code: str, place: str) -> None:
    found = fault(adt("A03", **changes))
    assert (found.code, found.place) == (code, place)
    assert found.remedy and "王秀兰" not in found.told and "1349" not in found.told


@pytest.mark.parametrize(
    "raw", [b"", b"PID|1", b"MSH|", b"MSH", b"\xff\xfe", b"hello", adt("A03")[:30], b"MSH\r|^~\\&|A|B"]
)
def test_what_is_no_message_is_a_fault_and_gets_an_answer_all_the_same(raw: bytes) -> None:
    found = fault(raw)
    code, _, _ = ack_of(acknowledge(raw, found, NOW, "x"))
    assert code in ("AE", "AR")


def test_the_answer_names_condition_and_place() -> None:
    raw = adt("A03", "4711", pid=PID.replace("王^秀兰^^^^^L~Wang^Xiulan", ""))
    lines = acknowledge(raw, fault(raw), NOW, "ack1").decode().split("\r")
    assert lines[0] == "MSH|^~\\&|SUIFANG|H1|HIS|H1|20261121120000+0800||ACK^A03^ACK|ack1|P|2.5.1||||||UNICODE UTF-8"
    assert lines[1] == "MSA|AE|4711"
    assert lines[2].startswith("ERR||PID^1^5|101^Required field missing^HL70357|E||||PID-5：")
    old = adt("A03", "4711", version="2.3", pid=PID.replace("王^秀兰^^^^^L~Wang^Xiulan", ""))
    assert acknowledge(old, fault(old), NOW, "a").decode().split("\r")[2] == (
        "ERR|PID^1^5^101&Required field missing&HL70357"
    )
    assert ack_of(acknowledge(adt("A03", "7"), None, NOW, "a")) == ("AA", "7", "")
    enhanced = adt("A03", "7").replace(b"2.5.1||||||", b"2.5.1|||AL|NE||")
    assert ack_of(acknowledge(enhanced, None, NOW, "a"))[0] == "CA"


@pytest.mark.parametrize(
    ("raw", "code"),
    [(adt("A99"), "201"), (adt("A03").replace(b"ADT^A03^ADT_A03", b"ORU^R01"), "200"),
     (adt("A03", processing="D"), "202"),
     (adt("A03", version="9"), "203")],
)  # fmt: skip
def test_what_is_not_for_us_is_rejected(raw: bytes, code: str) -> None:
    answer = acknowledge(raw, fault(raw), NOW, "a")
    assert ack_of(answer) == ("AR", "1", code)


def test_the_digest_leaves_out_what_a_second_sending_changes() -> None:
    assert digest_of(adt("A03", "5")) == digest_of(adt("A03", "5").replace(b"20261121100000", b"20261121110000"))
    assert digest_of(adt("A03", "5")) != digest_of(adt("A08", "5", evn="EVN|A03|20261121000005"))
    assert digest_of(adt("A03", "5")) == digest_of(adt("A03", "5").replace(b"\r", b"\n"))


@given(st.data())
def test_whatever_comes_is_read_or_faulted_and_answered(data: st.DataObject) -> None:
    raw = bytearray(adt("A03", "1"))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        cut = data.draw(st.integers(0, 20))
        raw[at : at + cut] = data.draw(
            st.sampled_from([b"", b"|", b"\r", b"^~", b"\\X", b"\xff", b"&", b'""', b"MSH|"])
        )
    wrong = None
    try:
        read(bytes(raw))
    except Fault as caught:
        wrong = caught
    assert ack_of(acknowledge(bytes(raw), wrong, NOW, "x"))[0] in ("AA", "AE", "AR", "CA", "CE", "CR")
    assert digest_of(bytes(raw)) and messages_in(bytes(raw)) is not None


def test_the_library_writes_no_field_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    broken_escape = adt("A08", pid=PID.replace("王^秀兰^^^^^L~Wang^Xiulan", "王秀兰\\X"))
    with caplog.at_level("DEBUG"):
        read(broken_escape)
    assert caplog.records == []
