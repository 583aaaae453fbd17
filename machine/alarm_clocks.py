"""The clocks of cards that a settings value names, and what `doctor` says about them."""

from pathlib import Path

from agent.escalation.clock_file import HOUSE_FILE, ClockFileError, read_clocks
from agent.escalation.clocks import ClockPolicy
from machine.finding import Finding, Health
from settings import Settings, SettingsError


def clocks_of(settings: Settings) -> ClockPolicy:
    """Raises SettingsError naming the file's entry and the remedy."""
    try:
        return read_clocks(Path(settings.alarm_clocks) if settings.alarm_clocks else HOUSE_FILE)
    except ClockFileError as error:
        raise SettingsError(f"SUIFANG_ALARM_CLOCKS: {error}") from None


def ladder_check(settings: Settings) -> Finding:
    """Whether anybody is told of a red card that nobody takes."""
    subject = "unanswered red cards"
    try:
        policy = clocks_of(settings)
    except SettingsError as problem:
        return Finding(subject, Health.MISSING, str(problem), "correct the file")
    if policy.unaddressed:
        names = "、".join(policy.unaddressed)
        remedy = "copy agent/escalation/clocks.toml, fill in numbers, name the copy in SUIFANG_ALARM_CLOCKS"
        return Finding(subject, Health.LESSER, f"nobody is told: no address for {names}", remedy)
    by_sms = "、".join(rung.name for rung in policy.ladder if rung.sms and not (rung.wechat or rung.webhook))
    if by_sms and settings.sms == "none":
        return Finding(subject, Health.LESSER, f"{by_sms} would be told by SMS, and SMS is off", "set SUIFANG_SMS")
    if not policy.ladder:
        return Finding(subject, Health.LESSER, "nobody is told: the ladder has no rung", "add [[ladder]] to the file")
    return Finding(subject, Health.GOOD, "told: " + "、".join(rung.name for rung in policy.ladder))
