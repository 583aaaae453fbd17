"""How the channels of one call are named: all from the attempt's id, so that a process that forgot can tell (pure)."""

import re
from enum import StrEnum

_DOT = "."  # never in an application's name: suifang and suifang-2 do not take each other's calls for their own
_ATTEMPT = re.compile(r"[\w-]+")
_EXTRA = re.compile(r"-(media|nurse|snoop|early)\d+$")


class Leg(StrEnum):
    PATIENT = "patient"
    MEDIA = "media"  # the robot's sound; numbered, for a call that comes back from a nurse opens a second one
    NURSE = "nurse"
    SNOOP = "snoop"  # what is heard on the patient's channel before the answer
    EARLY = "early"  # brings that to us


def channel_of(app: str, attempt_id: str) -> str:
    return f"{app}{_DOT}{attempt_id}"


def attempt_of(app: str, channel_id: str) -> str | None:
    """None for a channel that is no patient's of ours: another process's, the robot's own, a dial plan's inner half."""
    if not channel_id.startswith(app + _DOT) or leg_of(channel_id)[1] is not Leg.PATIENT:
        return None
    attempt_id = channel_id.removeprefix(app + _DOT)
    return attempt_id if _ATTEMPT.fullmatch(attempt_id) else None


def extra(channel_id: str, leg: Leg, number: int) -> str:
    """Another channel of the same call."""
    return f"{channel_id}-{leg}{number}"


def leg_of(channel_id: str) -> tuple[str, Leg]:
    """The patient's channel id of the call that this channel is of, and what it is there."""
    found = _EXTRA.search(channel_id)
    return (channel_id[: found.start()], Leg(found[1])) if found else (channel_id, Leg.PATIENT)
