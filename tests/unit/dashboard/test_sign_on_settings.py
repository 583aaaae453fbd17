"""The settings of the single sign-on, and what the doctor says of them."""

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from agent.model.record import Role
from machine.finding import Health
from settings import Settings, SettingsError, load
from tests.fakes.certificates import authority
from wiring.sign_on import mapping_of, sign_on_check, sign_on_for

GOOD = {
    "SUIFANG_OIDC_ISSUER": "https://id.house.example",
    "SUIFANG_OIDC_CLIENT_ID": "suifang",
    "SUIFANG_OIDC_RETURN_TO": "https://follow-up.house.example/",
    "SUIFANG_OIDC_ROLES": "nurse=ward-nurse, aide; doctor = physician",
    "SUIFANG_OIDC_DEPARTMENTS": "心血管内科=0301, 0302; *=all",
}


def settings(tmp_path: Path, **changed: str) -> Settings:
    return load(GOOD | changed | {"SUIFANG_CONFIG": os.devnull})


def test_no_issuer_is_no_button(tmp_path: Path) -> None:
    assert sign_on_for(settings(tmp_path, SUIFANG_OIDC_ISSUER="")) is None


def test_what_is_written_in_the_settings_holds(tmp_path: Path) -> None:
    file = str(authority("house", tmp_path).file)
    sign_on = sign_on_for(settings(tmp_path, SUIFANG_OIDC_CA_FILE=file, SUIFANG_OIDC_SESSION_HOURS="1.5"))
    assert sign_on and sign_on.session_length == timedelta(minutes=90)
    assert sign_on and sign_on.provider.account.return_url == "https://follow-up.house.example/login/house/return"
    assert sign_on.door.mapping.roles == {"ward-nurse": Role.NURSE, "aide": Role.NURSE, "physician": Role.DOCTOR}
    assert sign_on.door.mapping.departments == {"0301": "心血管内科", "0302": "心血管内科", "all": "*"}
    assert not sign_on.door.makes_accounts and mapping_of(settings(tmp_path).oidc).department == ""


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"SUIFANG_OIDC_ISSUER": "http://id.house.example"}, "not https"),
        ({"SUIFANG_OIDC_RETURN_TO": "http://follow-up.house.example"}, "not https"),
        ({"SUIFANG_OIDC_CLIENT_ID": ""}, "_CLIENT_ID"),
        ({"SUIFANG_OIDC_SCOPES": "profile"}, "openid"),
        ({"SUIFANG_OIDC_ROLES": "king=chief"}, "'king' is no role"),
        ({"SUIFANG_OIDC_ROLES": "nurse"}, "not ours=theirs"),
        ({"SUIFANG_OIDC_ROLES": "", "SUIFANG_OIDC_ACCOUNTS": "create"}, "accounts are made by role"),
        ({"SUIFANG_OIDC_CA_FILE": "/nowhere/ca.pem"}, "_CA_FILE"),
    ],
)
def test_a_setting_that_cannot_work_is_named(tmp_path: Path, changed: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        sign_on_for(settings(tmp_path, **changed))
    found = asyncio.run(sign_on_check(settings(tmp_path, **changed)))
    assert found.health is Health.MISSING and says in found.what and found.remedy


async def test_the_doctor_says_when_the_provider_does_not_answer(tmp_path: Path) -> None:
    away = {"SUIFANG_OIDC_ISSUER": "http://127.0.0.1:9", "SUIFANG_OIDC_RETURN_TO": "http://127.0.0.1:8800"}
    found = await sign_on_check(settings(tmp_path, **away))
    assert found.health is Health.MISSING and "/.well-known/openid-configuration" in found.remedy
