"""What the robot does while somebody speaks over it: goes on, lowers its voice, or stops. Pure, fed once a frame.

Whether a sound is a 嗯 or the beginning of a question is not known after a quarter of a second. So the voice is lowered
first, which takes nothing from the patient, and stops when the speech goes on longer than a murmur lasts, or as soon as
its words are known to be no murmur.
"""

from dataclasses import dataclass
from enum import Enum

from agent.speech.backchannels import is_backchannel


class Manners(Enum):
    GO_ON = "go_on"
    LOWER = "lower"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Politeness:
    """Seconds of speech, its short gaps included."""

    lower_seconds: float = 0.2
    stop_seconds: float = 0.65  # measured: 40 of 42 murmurs in six voices are shorter, and every cough
    murmured_seconds: float = 1.2  # once the words are known to be murmurs
    quiet_seconds: float = 0.25  # silence after which the voice is raised again


@dataclass(frozen=True, slots=True)
class Overlap:
    """What is known of the patient's sound at one moment: how long the present run of speech has lasted, how long it
    has been silent since, the words known so far, and whether it is loud enough for somebody at the telephone."""

    run_seconds: float
    silent_seconds: float
    words: str = ""
    near: bool = True


_TELLING_CHARACTERS = 3  # of words that may still change


def manners(overlap: Overlap, politeness: Politeness = Politeness()) -> Manners:
    """What to do at this moment."""
    telling = len(overlap.words) >= _TELLING_CHARACTERS and not is_backchannel(overlap.words)
    if telling and overlap.silent_seconds < politeness.quiet_seconds:
        return Manners.STOP
    if not overlap.near or overlap.silent_seconds >= politeness.quiet_seconds:
        return Manners.GO_ON
    longest = politeness.murmured_seconds if overlap.words else politeness.stop_seconds
    if overlap.run_seconds >= longest:
        return Manners.STOP
    return Manners.LOWER if overlap.run_seconds >= politeness.lower_seconds else Manners.GO_ON
