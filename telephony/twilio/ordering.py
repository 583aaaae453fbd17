"""Patient audio in the order it was spoken, whatever order it arrived in (pure)."""

from telephony.line import FRAME_SECONDS
from telephony.twilio.wire import Media

_FRAME_MS = int(FRAME_SECONDS * 1000)
WINDOW = 5  # pieces held while one is missing: at most 100 ms of delay
_FAR = 500  # pieces (10 s); a number further ahead is garbage, not a gap
_RESTART = 25  # pieces refused in a row (0.5 s): the carrier counts differently now, follow it
_CLOCK_SLACK_MS = 10_000


class FrameOrder:
    """Gives each piece once, by rising chunk number, with a timestamp that never runs backwards.
    In-order pieces pass at once; a missing one is waited for until WINDOW later ones are here; pieces later than
    that, duplicates and absurd numbers are dropped and counted. The listener sees a loss as a jump of `at_ms`."""

    def __init__(self) -> None:
        self._next = 1
        self._held: dict[int, Media] = {}
        self._last: Media | None = None
        self._refused_in_a_row = 0
        self.dropped = 0

    def push(self, media: Media) -> list[Media]:
        """The pieces that are due now, in order; often just this one, sometimes none."""
        ahead = media.chunk - self._next
        if ahead < 0 or ahead > _FAR or media.chunk in self._held:
            return self._refuse(media)
        self._refused_in_a_row = 0
        self._held[media.chunk] = media
        if len(self._held) > WINDOW:
            self._next = min(self._held)
        return self._due()

    def flush(self) -> list[Media]:
        """What is still held, when no more will come."""
        due = []
        while self._held:
            self._next = min(self._held)
            due += self._due()
        return due

    def _due(self) -> list[Media]:
        due = []
        while self._next in self._held:
            due.append(self._timed(self._held.pop(self._next)))
            self._next += 1
        return due

    def _refuse(self, media: Media) -> list[Media]:
        self.dropped += 1
        self._refused_in_a_row += 1
        if self._refused_in_a_row < _RESTART:
            return []
        due = self.flush()
        self._refused_in_a_row, self._next = 0, media.chunk + 1
        self._last = self._last and Media(media.chunk - 1, self._last.at_ms, b"")
        return [*due, self._timed(media)]

    def _timed(self, media: Media) -> Media:
        """The piece with its timestamp, or with one counted on from the last piece if the carrier's is absurd."""
        last = self._last
        if last is not None:
            counted = last.at_ms + (media.chunk - last.chunk) * _FRAME_MS
            if not last.at_ms <= media.at_ms <= counted + _CLOCK_SLACK_MS:
                media = Media(media.chunk, counted, media.ulaw)
        self._last = media
        return media
