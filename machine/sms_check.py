"""What `doctor` says about the SMS account."""

from machine.finding import Finding, Health
from machine.sms_account import aliyun_of, tencent_of
from settings import Settings, SettingsError

HOWTO = "docs/howto/chat-channels.md"


def sms_check(settings: Settings) -> Finding:
    if settings.sms == "none":
        return Finding("SMS", Health.GOOD, "no account set: no links, reminders or education by SMS")
    if settings.sms == "twilio":
        known = settings.twilio.account_sid and settings.twilio.auth_token and settings.twilio.from_number
        what = "Twilio" if known else "Twilio: account, token or number is missing"
        return Finding("SMS", Health.GOOD if known else Health.MISSING, what, "" if known else HOWTO)
    try:
        account = aliyun_of(settings) if settings.sms == "aliyun" else tencent_of(settings)
    except SettingsError as problem:
        return Finding("SMS", Health.MISSING, str(problem).splitlines()[-1].strip(), HOWTO)
    vendor = "Alibaba Cloud" if settings.sms == "aliyun" else "Tencent Cloud"
    missing = account.sentences.missing()
    if missing:
        what = f"{vendor}: no template for {', '.join(missing)}; these are not sent"
        return Finding("SMS", Health.LESSER, what, "./suifang sms (lists the sentences to hand in)")
    if not account.push_secret:
        what = f"{vendor}: no push secret, so no receipts and no answers of patients (退订) come in"
        return Finding("SMS", Health.LESSER, what, f"SUIFANG_{settings.sms.upper()}_PUSH_SECRET, {HOWTO}")
    return Finding("SMS", Health.GOOD, f"{vendor}, 【{account.sign_name}】, {len(account.sentences.codes)} templates")
