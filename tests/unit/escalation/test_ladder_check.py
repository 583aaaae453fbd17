"""That nobody is told of an unanswered red card is said, by `doctor` and to administrators, until it is not so."""

from pathlib import Path

from agent.escalation.clock_file import HOUSE_FILE
from machine.alarm_clocks import ladder_check
from machine.finding import Health
from settings import Settings

HOUSE = HOUSE_FILE.read_text(encoding="utf-8")
PHONE, HOOK = "sms = []", "webhook = []"


def found(folder: Path, text: str, sms: str = "twilio"):  # type: ignore[no-untyped-def]
    path = folder / "clocks.toml"
    path.write_text(text, encoding="utf-8")
    return ladder_check(Settings(alarm_clocks=str(path), sms=sms))


def test_as_delivered_nobody_is_told() -> None:
    said = ladder_check(Settings())
    assert said.health is Health.LESSER and "护士长、值班医生" in said.what and "SUIFANG_ALARM_CLOCKS" in said.remedy


def test_one_name_without_a_number_is_still_said(tmp_path: Path) -> None:
    half = HOUSE.replace(PHONE, 'sms = ["+8613800000000"]', 1)
    assert found(tmp_path, half).what == "nobody is told: no address for 值班医生"


def test_a_filled_ladder_is_good_and_numbers_without_an_sms_account_are_not(tmp_path: Path) -> None:
    full = HOUSE.replace(PHONE, 'sms = ["+8613800000000"]')
    assert found(tmp_path, full).health is Health.GOOD
    assert "SMS is off" in found(tmp_path, full, sms="none").what
    assert found(tmp_path, full.replace(HOOK, 'webhook = ["https://pager.example/x"]'), "none").health is Health.GOOD


def test_a_broken_file_and_an_empty_ladder_are_said(tmp_path: Path) -> None:
    assert found(tmp_path, "nothing").health is Health.MISSING
    assert found(tmp_path, HOUSE[: HOUSE.index("[[ladder]]")]).health is Health.LESSER
