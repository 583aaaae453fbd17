"""The SMS account that the settings name, with the sentences its templates stand for."""

from agent.chat import content
from agent.chat.content import BY_SMS, Say
from agent.chat.links import PATH
from agent.schedule.troubles import SENTENCE
from agent.schedule.watch import CALL_FOR_HELP
from folders import NLU_DATA
from settings import Settings, SettingsError
from telephony.aliyun import AliyunSettings
from telephony.sms.sentences import Sentences, codes_of
from telephony.tencent import TencentSettings

STAFF = "staff"  # the name of the sentence that goes to those on duty
TROUBLE = "trouble"  # and of the one to those who keep the house running


def aliyun_of(settings: Settings) -> AliyunSettings:
    """Raises SettingsError."""
    given = settings.aliyun
    try:
        sentences = sentences_of(settings, given.templates)
        return AliyunSettings(
            given.key_id, given.key_secret, given.sign_name, sentences, given.push_secret, given.base_url
        )
    except ValueError as error:
        raise _unusable("aliyun", error) from None


def tencent_of(settings: Settings) -> TencentSettings:
    """Raises SettingsError."""
    given = settings.tencent
    try:
        return TencentSettings(
            given.secret_id, given.secret_key, given.app_id, given.sign_name, sentences_of(settings, given.templates),
            given.push_secret, given.region, given.base_url,
        )  # fmt: skip
    except ValueError as error:
        raise _unusable("tencent", error) from None


def sentences_of(settings: Settings, templates: str) -> Sentences:
    """Every sentence that may go out by SMS, with the house's name and number in it, and the templates named so far.
    Raises ValueError."""
    house = content.load(NLU_DATA, drafts=True)  # to name them is not to send them
    facts = {"hospital": settings.hospital, "callback": settings.callback_number}
    known = {say.value: house.say(say, link="{link}", value="{value}", **facts) for say in BY_SMS}
    known[STAFF], known[TROUBLE] = CALL_FOR_HELP, SENTENCE
    return Sentences(known, codes_of(templates, tuple(known)), f"{settings.public}{PATH}", Say.DANGER.value)


def _unusable(vendor: str, error: ValueError) -> SettingsError:
    return SettingsError(f"settings are not usable:\n  {vendor}: {error}; see docs/howto/chat-channels.md")
