"""Settings that would silently be without effect are refused, with what to write instead."""

from pathlib import Path

import pytest

from settings import SettingsError, load


def refusal(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        load(environment)
    return str(caught.value)


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("SUIFANG_MAX_CALL", "max_calls"),
        ("SUIFANG_CALLING_HOUR", "calling_hours"),
        ("SUIFANG_TWILIO_AUTH_TOKN", "twilio.auth_token"),
        ("SUIFANG_OIDC_ROLE", "oidc.roles"),
    ],
)
def test_a_misspelt_setting_is_refused(misspelt: str, meant: str) -> None:
    said = refusal({misspelt: "x", "SUIFANG_CONFIG": "/dev/null"})
    assert misspelt in said
    assert f"is {meant} meant?" in said


def test_a_misspelt_line_of_the_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_text('[wechat]\nappid = "wx0"\n', encoding="utf-8")
    assert "is wechat.app_id meant?" in refusal({"SUIFANG_CONFIG": str(file)})


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert "none.toml" in refusal({"SUIFANG_CONFIG": str(tmp_path / "none.toml")})


def test_a_file_of_an_old_editor(tmp_path: Path) -> None:
    file = tmp_path / "house.toml"
    file.write_bytes('hospital = "人民医院"\n'.encode("gbk"))
    assert "UTF-8" in refusal({"SUIFANG_CONFIG": str(file)})
    file.write_bytes('hospital = "人民医院"\n'.encode("utf-8-sig"))
    assert load({"SUIFANG_CONFIG": str(file)}).hospital == "人民医院"
