"""A person or a machine? Decided from voice activity, the words so far and the carrier's guess, on the call's clock.

A person says a short 喂 and waits; a machine talks on, or says what only machines say. Words are surer than the
rhythm, the rhythm is surer than the carrier's guess; in doubt it is a person. Pure: every time is an argument, seconds
since the call was answered.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from agent.answering.announcements import Announcement, Announcements
from agent.model.contact import AttemptOutcome

CARRIER_MACHINES = frozenset({"machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"})


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds. A stretch of voice goes on over pauses shorter than `bridge`."""

    bridge: float = 0.6  # silence after which whoever spoke is waiting for us
    opening: float = 1.4  # voice: up to here it is a 喂 or 你好哪位, whatever the words turn out to be
    words: float = 1.5  # after a longer opening: how long its words are waited for
    late_words: float = 3.0  # the same while the recogniser is still at it
    monologue: float = 4.0  # voice without a pause: a machine
    guessed_monologue: float = 2.5  # the same where the carrier takes it for a machine too
    quiet: float = 1.5  # nobody says anything: the robot begins
    guessed_quiet: float = 5.0  # nobody has spoken this long after the carrier's word: it heard a machine's tone


class By(StrEnum):
    """What told."""

    WORDS = "words"
    RHYTHM = "rhythm"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`outcome` is the machine's, None for a person; `kind` the announcement's where the words told."""

    by: By
    outcome: AttemptOutcome | None = None
    kind: str = ""

    @property
    def person(self) -> bool:
        return self.outcome is None


@dataclass(slots=True)
class _Stretch:
    """Voice with pauses shorter than the bridge."""

    began: float
    last: float

    @property
    def seconds(self) -> float:
        return self.last - self.began


@dataclass(slots=True)
class WhoAnswered:
    """Fed with what is heard until `verdict` gives one; then it is done."""

    announcements: Announcements
    rhythm: Rhythm = field(default_factory=Rhythm)
    recognising: bool = False  # words of the last stretch may still come
    waiting: bool = False  # the call is still being put through: 正在为您接通
    _stretch: _Stretch | None = None
    _words: str = ""
    _said: Announcement | None = None
    _carrier: str = ""
    _carrier_at: float = 0.0
    _asked: bool = False
    _last_voice: float = 0.0
    _passing: bool = False  # the voice under way is still that of an announcement already understood

    def voice(self, at: float) -> None:
        """Somebody's voice was heard just before `at`."""
        gap, self._last_voice = at - self._last_voice, at
        if self._passing and gap <= self.rhythm.bridge:
            return
        self._passing = False
        if self._stretch is None or at - self._stretch.last > self.rhythm.bridge:
            self._stretch = _Stretch(at, at)
            self._words = ""
        self._stretch.last = at

    def words(self, text: str) -> bool:
        """Words recognised so far of the stretch under way, or of the one just over. True for those of a network that
        is still putting the call through: forgotten at once."""
        if not text or text == self._words:
            return False
        self._words = text
        said = self.announcements.match(text)
        if said is not None and said.outcome is None:
            self.hold()
            return True
        self._said = said or self._said
        return False

    def carrier(self, at: float, answered_by: str) -> None:
        """The carrier's guess: human, machine_start, machine_end_beep …, fax or unknown."""
        self._carrier, self._carrier_at = answered_by, at

    def hold(self) -> None:
        """A machine was heard out: whoever speaks now may be the person it fetched."""
        self.waiting, self._passing = True, True
        self._said, self._stretch, self._words = None, None, ""

    def asked(self) -> None:
        """The robot has put its first question: from now on a long answer is no sign of a machine, only words are."""
        self._asked = True

    def verdict(self, at: float) -> Verdict | None:
        """A person, a machine, or None while it cannot be told yet."""
        if self._said is not None:
            return Verdict(By.WORDS, self._said.outcome, self._said.kind)
        if self._carrier == "fax":
            return Verdict(By.CARRIER, AttemptOutcome.VOICEMAIL, "fax")
        if self._stretch is None:
            return self._nobody(at)
        return self._rhythm(self._stretch, at)

    def may_greet(self, at: float) -> bool:
        """Nobody has said anything for so long that the robot begins, whoever it is."""
        return self._stretch is None and not self.waiting and at >= self.rhythm.quiet

    def _nobody(self, at: float) -> Verdict | None:
        if self.waiting:
            return None
        if self._carrier == "human":
            return Verdict(By.CARRIER)
        guessed = self._carrier in CARRIER_MACHINES
        if guessed and at - self._carrier_at >= self.rhythm.guessed_quiet:
            return Verdict(By.CARRIER, AttemptOutcome.VOICEMAIL)
        return None

    def _rhythm(self, stretch: _Stretch, at: float) -> Verdict | None:
        guessed = self._carrier in CARRIER_MACHINES
        longest = self.rhythm.guessed_monologue if guessed else self.rhythm.monologue
        if stretch.seconds > longest and self._carrier != "human" and not self._asked:
            return Verdict(By.RHYTHM, AttemptOutcome.VOICEMAIL)
        silence = at - stretch.last
        if silence < self.rhythm.bridge:
            return None
        wait = self.rhythm.late_words if self.recognising else self.rhythm.words
        heard = bool(self._words) or silence >= wait
        if stretch.seconds <= self.rhythm.opening or heard:
            return Verdict(By.RHYTHM)
        return None
