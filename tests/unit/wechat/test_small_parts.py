"""Claims as people write them, codes that cannot be made up, and settings that say what is wrong."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from agent.model.clock import new_id
from agent.model.wechat import BindingRole
from agent.wechat.binding import Claim, read_claim
from agent.wechat.codes import BindingCodes, Invited
from machine.wechat_account import account_of
from settings import Settings, SettingsError, WechatAccount, load

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
WANG = Claim("王建国", 1955, "+8613800000000")


@pytest.mark.parametrize(
    "text",
    [
        "王建国 1955 13800000000",
        "王建国，1955，138 0000 0000",
        "13800000000 王建国 1955",
        "姓名：王建国 出生年份：1955 手机号：13800000000",
        "我叫王建国，1955年生，电话+86 138-0000-0000",
        "王建国\n1955年\n13800000000",
    ],
)
def test_a_claim_is_read_however_it_is_written(text: str) -> None:
    assert read_claim(text) == WANG


@pytest.mark.parametrize(
    "text", ["", "王建国", "王建国 1955", "1955 13800000000", "王建国 1955 1380000000", "血压130 80"]
)
def test_what_lacks_one_of_the_three_is_no_claim(text: str) -> None:
    assert read_claim(text) is None


@pytest.mark.parametrize(
    "invited",
    [
        Invited(new_id(), BindingRole.SELF),
        Invited(new_id(), BindingRole.CAREGIVER, "patient_code"),
        Invited(new_id(), BindingRole.CAREGIVER, "staff"),
    ],
    ids=lambda invited: invited.consent or "self",
)
def test_a_code_says_who_until_when_and_fits_a_scene(invited: Invited) -> None:
    codes = BindingCodes(b"secret")
    scene = codes.issue(invited, NOW + timedelta(days=30))
    assert 1 <= len(scene) <= 64
    assert codes.read(scene, NOW) == invited
    assert codes.read(scene, NOW + timedelta(days=30)) is None
    assert BindingCodes(b"another").read(scene, NOW) is None


def test_a_changed_code_is_none_of_ours() -> None:
    codes = BindingCodes(b"secret")
    scene = codes.issue(Invited("p1", BindingRole.SELF), NOW + timedelta(days=1))
    for changed in ("n" + scene[1:], scene.replace("p1", "p2"), scene[:-1], "", ".", "..", "签名", scene + "."):
        assert codes.read(changed, NOW) is None
    with pytest.raises(ValueError, match="too long"):
        codes.issue(Invited("p" * 60, BindingRole.SELF), NOW)
    with pytest.raises(KeyError):
        codes.issue(Invited("p1", BindingRole.CAREGIVER, "somebody said so"), NOW)


def account(**given: str) -> Settings:
    base = {"app_id": "wx0", "app_secret": "s", "token": "abc123"}
    return Settings(wechat=WechatAccount.model_validate(base | given), hospital="市一医院")


def test_the_settings_make_an_account() -> None:
    made = account_of(account(template_id="t", template_fields="thing1={hospital}; time3={time};", aes_key="a" * 43))
    assert made is not None
    assert dict(made.template_fields) == {"thing1": "{hospital}", "time3": "{time}"}
    assert (made.hospital, made.base_url) == ("市一医院", "https://api.weixin.qq.com")
    assert account_of(Settings()) is None


def test_the_environment_names_the_account() -> None:
    made = load({"SUIFANG_WECHAT_APP_ID": "wx0", "SUIFANG_WECHAT_AES_KEY": "k", "SUIFANG_CONFIG": os.devnull})
    assert (made.wechat.app_id, made.wechat.aes_key) == ("wx0", "k")
    assert "wx0" in repr(made) and "aes_key" not in repr(made)


@pytest.mark.parametrize(
    "given",
    [
        {"token": "短"},
        {"aes_key": "short"},
        {"app_secret": ""},
        {"template_id": "t"},
        {"template_id": "t", "template_fields": "thing1={name}"},
        {"template_id": "t", "template_fields": "thing1"},
        {"template_id": "t", "template_fields": "thing1=a; thing1=b"},
    ],
    ids=str,
)
def test_settings_that_cannot_work_are_named(given: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="wechat"):
        account_of(account(**given))
