"""The WeChat account that the settings name."""

from settings import Settings, SettingsError
from telephony.wechat.settings import TemplateKind, WechatSettings


def account_of(settings: Settings) -> WechatSettings | None:
    """None where no account is set. Raises SettingsError."""
    given = settings.wechat
    if not given.app_id:
        return None
    try:
        return WechatSettings(
            given.app_id, given.app_secret, given.token, given.aes_key, given.base_url, given.template_id,
            TemplateKind(given.template_kind), _fields(given.template_fields), settings.hospital,
        )  # fmt: skip
    except ValueError as error:
        raise SettingsError(f"settings are not usable:\n  wechat: {error}") from None


def _fields(text: str) -> dict[str, str]:
    """thing1={hospital}; time3={time} → what stands in the template's fields. Raises ValueError."""
    pairs = [each.partition("=") for each in text.split(";") if each.strip()]
    made = {name.strip(): value.strip() for name, _, value in pairs}
    try:
        tried = [value.format(hospital="", subject="", time="") for value in made.values()]
    except (KeyError, IndexError):
        raise ValueError("template_fields know {hospital}, {subject} and {time}") from None
    if len(tried) != len(pairs) or not all(made.values()):
        raise ValueError("template_fields are written as thing1={hospital}; thing2={subject}; time3={time}")
    return made
