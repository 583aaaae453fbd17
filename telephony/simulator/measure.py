"""What the carrier sees of one call: who talked when, and how long the robot took to react."""

from dataclasses import dataclass, field

from telephony.line import FRAME_SECONDS


@dataclass(slots=True)
class Spoken:
    """One line of the patient; seconds since the stream began. `answered` is the arrival of the first audible frame
    from the robot after the end of speech, `heard` when it reached the ear."""

    line: int
    began: float
    ended: float | None = None
    answered: float | None = None
    heard: float | None = None


@dataclass(slots=True)
class Meter:
    """Fed by the media stream; times are seconds since the stream began, on the simulator's own clock."""

    spoken: list[Spoken] = field(default_factory=list)
    bytes_heard: int = 0
    talked_over_seconds: float = 0.0
    prompts: list[list[float]] = field(default_factory=list)  # [began, ended] as heard
    digits: str = ""
    latest_tick_seconds: float = 0.0  # how far the simulator itself fell behind: bounds the error of all times

    def ran_late(self, seconds: float) -> None:
        self.latest_tick_seconds = max(self.latest_tick_seconds, seconds)

    def patient_began(self, line: int, at: float) -> None:
        self.spoken.append(Spoken(line, at))

    def patient_ended(self, at: float) -> None:
        self.spoken[-1].ended = at

    def arrived(self, at: float) -> None:
        """An audible frame came from the robot."""
        if self.spoken and (last := self.spoken[-1]).ended is not None and last.answered is None:
            last.answered = at

    def played(self, at: float, *, patient_speaks: bool) -> None:
        """An audible frame reached the patient's ear."""
        if patient_speaks:
            self.talked_over_seconds += FRAME_SECONDS
        if self.spoken and (last := self.spoken[-1]).answered is not None and last.heard is None:
            last.heard = at
        if self.prompts and at - self.prompts[-1][1] < 1.0:
            self.prompts[-1][1] = at + FRAME_SECONDS
        else:
            self.prompts.append([at, at + FRAME_SECONDS])

    def report(self) -> dict[str, object]:
        return {
            "seconds_end_of_speech_to_audio": self._waits("answered"),
            "seconds_end_of_speech_to_ear": self._waits("heard"),
            "lines_spoken": [each.line for each in self.spoken],
            "spoken_at": [[round(each.began, 2), each.ended and round(each.ended, 2)] for each in self.spoken],
            "prompts_heard_at": [[round(edge, 2) for edge in prompt] for prompt in self.prompts],
            "bytes_heard": self.bytes_heard,
            "talked_over_seconds": round(self.talked_over_seconds, 2),
            "digits": self.digits,
            "latest_tick_seconds": round(self.latest_tick_seconds, 3),
        }

    def _waits(self, until: str) -> list[float]:
        times = [(each.ended, getattr(each, until)) for each in self.spoken]
        return [round(then - ended, 3) for ended, then in times if ended is not None and then is not None]
