"""Settings by environment (SUIFANG_*) or a TOML file, checked at start; every problem names setting and remedy."""

import difflib
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError, field_validator

from folders import ROOT

NOT_SETTINGS = {  # in the environment beside them: of the command itself, of its children, of the tests
    *("config", "python", "called_from", "rasa_python", "attempt", "action_url", "dialogue_token"),
    *("axe", "shots", "screenshots"),
}
ACCOUNTS = ("twilio", "asterisk", "wechat", "aliyun", "tencent", "oidc")


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what to write instead."""


class Account(BaseModel):
    """Settings that belong together; a misspelt one is refused, as it would be silently without effect."""

    model_config = {"extra": "forbid"}


class TwilioSettings(Account):
    account_sid: str = ""
    auth_token: str = Field(default="", repr=False)
    from_number: str = ""
    base_url: str | None = None  # another carrier speaking the same protocol, e.g. the simulator


class AsteriskAccount(Account):
    """The hospital's own PBX; telephony/asterisk/settings.py says what each means and refuses what cannot work."""

    user: str = "suifang"
    password: str = Field(default="", repr=False)
    url: str = "http://127.0.0.1:8088"
    app: str = "suifang"
    endpoint: str = "PJSIP/{number}@trunk"
    nurse_endpoint: str = ""
    caller_id: str = ""
    number_style: str = "national"  # national | e164
    outside_prefix: str = ""
    ca_file: Path | None = None
    allow_plain: bool = False
    ring_seconds: int = Field(default=40, ge=5, le=120)
    listen_before_answer: bool = True


class WechatAccount(Account):
    """A WeChat service account; docs/howto/connect-wechat.md says where each value is found."""

    app_id: str = ""  # "" means that the house has none
    app_secret: str = Field(default="", repr=False)
    token: str = Field(default="", repr=False)
    aes_key: str = Field(default="", repr=False)  # "" means plain mode
    base_url: str = "https://api.weixin.qq.com"
    template_id: str = ""
    template_kind: Literal["template", "subscribe"] = "template"
    template_fields: str = ""  # thing1={hospital}; thing2={subject}; time3={time}


class AliyunAccount(Account):
    """SMS through Alibaba Cloud; docs/howto/chat-channels.md says where each value is found."""

    key_id: str = ""
    key_secret: str = Field(default="", repr=False)
    sign_name: str = ""  # the approved signature, without its brackets
    templates: str = ""  # invitation=SMS_1; reminder=SMS_2; `./suifang sms` lists what to hand in
    push_secret: str = Field(default="", repr=False)
    base_url: str = "https://dysmsapi.aliyuncs.com"


class TencentAccount(Account):
    """SMS through Tencent Cloud; docs/howto/chat-channels.md says where each value is found."""

    secret_id: str = ""
    secret_key: str = Field(default="", repr=False)
    app_id: str = ""
    sign_name: str = ""
    templates: str = ""
    push_secret: str = Field(default="", repr=False)
    region: str = "ap-guangzhou"
    base_url: str = "https://sms.tencentcloudapi.com"


class OidcAccount(Account):
    """The house's identity provider; docs/howto/connect-single-sign-on.md says what each is for."""

    issuer: str = ""  # "" means that the house has none
    client_id: str = ""
    client_secret: str = Field(default="", repr=False)  # "" is a public client
    return_to: str = ""  # the workstation's address as nurses know it; "" is public_url
    label: str = "统一登录"  # on the button
    scopes: str = "openid profile"
    accounts: Literal["prepared", "create"] = "prepared"  # create: whoever has a role gets one at the first login
    name_claim: str = "preferred_username"
    shown_claim: str = "name"
    role_claim: str = "roles"
    roles: str = ""  # nurse=ward-nurse, ward-aide; doctor=physician; "" leaves roles to the administrators
    department_claim: str = ""  # "" leaves departments to the administrators
    departments: str = ""  # 心血管内科=0301, 0302; *=management; "" takes the claim's word as it is
    session_hours: float = Field(default=8, gt=0, le=24)  # after a login by it; then it is asked again
    ca_file: Path | None = None  # authorities (PEM) that sign the provider's certificate


class Settings(BaseModel):
    model_config = {"extra": "forbid"}

    data: Path = ROOT / ".suifang"
    database_url: str = ""  # "" means SQLite in the data folder
    host: str = "127.0.0.1"
    port: int = Field(default=8800, ge=0, le=65535)
    public_url: str = ""  # how the carrier reaches us; "" means http://host:port
    rasa_port: int = Field(default=5005, ge=1, le=65535)
    hospital: str = "市第一人民医院"
    callback_number: str = "0571-88000000"
    recordings: Path | None = None  # default: recordings in the data folder
    recogniser: str = "auto"  # auto | vosk | whisper | sherpa | none
    vosk_model: Path | None = None
    whisper_model: Path | None = None  # folder of a faster-whisper model instead of the packages'
    sherpa_model: Path | None = None  # folder of a sherpa-onnx model instead of <data>/models/sherpa-onnx-*
    second_pass: str = "same"  # off | same | sherpa | whisper:<folder>: what hears a recording again after the call
    voice: str = "auto"  # auto | kokoro | pyttsx3
    allow_drafts: bool = False  # use pathways no clinician has signed
    voicemail_message: bool = False  # a machine that takes messages hears the approved sentence
    nurse_line: str = ""  # the telephone that calls are transferred to, as +8657188000001; "" means none
    nurse_from_hour: int = Field(default=8, ge=0, le=23)  # hospital time; outside these hours a callback is promised
    nurse_until_hour: int = Field(default=17, ge=1, le=24)
    transfer_seconds: int = Field(default=20, ge=5, le=60)  # how long the nurse's telephone rings
    max_calls: int = Field(default=5, ge=1, le=500)
    calls_per_second: float = Field(default=5.0, gt=0, le=500)  # begun on the carrier's trunk, by all workers
    max_attempts: int = Field(default=3, ge=1, le=20)
    calling_hours: str = ""  # a table of weekdays and holidays (CSV); "" is the house's own, "always" any time
    alarm_clocks: str = ""  # when cards turn, come back and climb (TOML); "" is the house's own
    webhook_secret: str = Field(default="", repr=False)  # signs what is posted to the house's other systems
    hl7_port: int = Field(default=0, ge=0, le=65535)  # where HL7 v2 over MLLP is taken; 0: nowhere
    hl7_host: str = "127.0.0.1"
    hl7_certificate: Path | None = None  # ours (PEM): MLLP is spoken over TLS alone
    hl7_key: Path | None = None  # of the certificate, where it is in another file
    hl7_clients: Path | None = None  # authorities (PEM): only senders with a certificate of theirs are heard
    fhir_token: str = Field(default="", repr=False)  # who may POST bundles to /fhir; "": nobody
    inbox: Path | None = None  # a folder whose lists and HL7 files are taken in
    plan_rules: str = ""  # who gets which pathway, how often (YAML); "" is the house's own plans/rules.yml
    points: str = ""  # what earns how many points (YAML); "" is the house's own plans/points.yml, "off" none
    message_under_age: int = Field(default=45, ge=0, le=120)  # younger patients get a link first; 0: nobody
    warm_up: Literal["auto", "on", "off"] = "auto"  # a message before the first call; auto: below 60 % answered
    warm_up_share: float = Field(default=0.5, ge=0, le=1)  # of the patients who get it while it is on
    attempts_per_day: int = Field(default=3, ge=1, le=10)  # per patient, over all channels
    attempts_per_week: int = Field(default=8, ge=1, le=50)
    carrier: Literal["twilio", "asterisk"] = "twilio"
    sms: Literal["none", "twilio", "aliyun", "tencent"] = "none"  # whose account; links need one
    twilio: TwilioSettings = TwilioSettings()
    asterisk: AsteriskAccount = AsteriskAccount()
    wechat: WechatAccount = WechatAccount()
    aliyun: AliyunAccount = AliyunAccount()
    tencent: TencentAccount = TencentAccount()
    oidc: OidcAccount = OidcAccount()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite", "postgresql")):
            raise ValueError("write sqlite:///path/to/file.db or postgresql://user:password@host/database")
        return value

    @field_validator("nurse_line")
    @classmethod
    def _dialled_from_anywhere(cls, value: str) -> str:
        if value and not re.fullmatch(r"\+[1-9]\d{6,14}", value):
            raise ValueError("write the number with its country, as +8657188000001, or leave it empty")
        return value

    @field_validator("fhir_token")
    @classmethod
    def _not_guessed(cls, value: str) -> str:
        if value and len(value) < 24:
            raise ValueError("write at least 24 characters, such as `openssl rand -hex 24` prints")
        return value

    @field_validator("second_pass")
    @classmethod
    def _known_second_pass(cls, value: str) -> str:
        if value not in ("off", "same", "sherpa") and not value.startswith("whisper:"):
            raise ValueError("write off, same, sherpa, or whisper: and the folder of a faster-whisper model")
        return value

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'suifang.db'}"

    @property
    def recordings_folder(self) -> Path:
        return self.recordings or self.data / "recordings"

    @property
    def public(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def _from_environment(environment: dict[str, str]) -> dict[str, Any]:
    """SUIFANG_PORT → port, SUIFANG_TWILIO_AUTH_TOKEN → twilio.auth_token."""
    found: dict[str, Any] = {}
    for name, value in environment.items():
        if not name.startswith("SUIFANG_"):
            continue
        key = name.removeprefix("SUIFANG_").lower()
        account = next((name for name in ACCOUNTS if key.startswith(f"{name}_")), None)
        if account is not None:
            found.setdefault(account, {})[key.removeprefix(f"{account}_")] = value
        elif key not in NOT_SETTINGS:
            found[key] = value
    return found


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path.name}: {error}; write lines like  port = 8800") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path.name} is not in UTF-8: save it again with that encoding") from None
    except OSError as error:
        raise SettingsError(f"cannot read the settings {path}: {error.strerror}") from None


def _file_of(environment: dict[str, str]) -> Path | None:
    """A file that is named must be there: a house whose settings are passed over would dial with somebody else's."""
    named = environment.get("SUIFANG_CONFIG")
    if named is not None:
        return Path(named)
    usual = ROOT / "suifang.toml"
    return usual if usual.exists() else None


def load(environment: dict[str, str] | None = None, file: Path | None = None, **overrides: Any) -> Settings:
    """File, then environment, then overrides; the later wins. Raises SettingsError."""
    environment = dict(os.environ) if environment is None else environment
    path = file or _file_of(environment)
    merged: dict[str, Any] = _from_file(path) if path is not None else {}
    for layer in (_from_environment(environment), overrides):
        for key, value in layer.items():
            if key in ACCOUNTS and isinstance(value, dict):
                merged[key] = {**merged.get(key, {}), **value}
            else:
                merged[key] = value
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        lines = []
        for problem in error.errors():
            where = ".".join(str(part) for part in problem["loc"])
            said = _no_such(where) if problem["type"] == "extra_forbidden" else problem["msg"]
            lines.append(f"  {where} (SUIFANG_{where.upper().replace('.', '_')}): {said}")
        raise SettingsError("settings are not usable:\n" + "\n".join(lines)) from None


def _no_such(where: str) -> str:
    near = difflib.get_close_matches(where, names(), n=1)
    return "there is no such setting" + (f"; is {near[0]} meant?" if near else " (docs/operations.md has them all)")


def names() -> list[str]:
    """Every setting as the file has it, one of an account behind its account's: twilio.auth_token."""
    house = Settings()
    accounts = {name: type(getattr(house, name)).model_fields for name in ACCOUNTS}
    own = [name for name in Settings.model_fields if name not in ACCOUNTS]
    return [*own, *(f"{account}.{name}" for account, fields in accounts.items() for name in fields)]
