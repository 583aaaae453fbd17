"""Patient audio in the order it was spoken, whatever order it arrived in (pure)."""

from telephony.line import FRAME_SECONDS
from telephony.twilio.wire import Media

_FRAME_MS = int(FRAME_SECONDS * 1000)
WINDOW = 5  # pieces held while one is missing: at most 100 ms of delay
_FAR = 500  # pieces (10 s); a number further ahead is garbage unless the next one goes on from it
_RESTART = 25  # pieces refused in a row (0.5 s): the carrier counts differently now, follow it
_CLOCK_SLACK_MS = 10_000  # a stamp further ahead is believed when the next one goes on from it


class FrameOrder:
    """Gives each piece once, by rising chunk number, with a timestamp that never runs backwards.
    In-order pieces pass at once; a missing one is waited for until WINDOW later ones are here; pieces later than
    that, duplicates and absurd numbers are dropped and counted. The listener sees a loss as a jump of `at_ms`, however
    long it was: a far jump of number or stamp waits for the next piece to bear it out."""

    def __init__(self) -> None:
        self._next = 1
        self._held: dict[int, Media] = {}
        self._last: Media | None = None
        self._far: Media | None = None  # its number is far ahead
        self._doubted: Media | None = None  # its stamp is far ahead
        self._refused_in_a_row = 0
        self.dropped = 0

    def push(self, media: Media) -> list[Media]:
        """The pieces that are due now, in order; often just this one, sometimes none."""
        ahead = media.chunk - self._next
        if ahead > _FAR:
            return self._leap(media)
        if ahead < 0 or media.chunk in self._held:
            return self._refuse(media)
        self._refused_in_a_row = 0
        self._held[media.chunk] = media
        if len(self._held) > WINDOW:
            self._next = min(self._held)
        return self._due()

    def flush(self) -> list[Media]:
        """What is still held, when no more will come."""
        due = self._all_held()
        if self._doubted is not None:
            due.append(self._settled(self._doubted))
        return due

    def _all_held(self) -> list[Media]:
        due = []
        while self._held:
            self._next = min(self._held)
            due += self._due()
        return due

    def _due(self) -> list[Media]:
        due = []
        while self._next in self._held:
            due += self._timed(self._held.pop(self._next))
            self._next += 1
        return due

    def _leap(self, media: Media) -> list[Media]:
        """Two pieces in a row that agree on a far number: the line was gone so long."""
        before, self._far = self._far, media
        if before is None or media.chunk != before.chunk + 1:
            return self._refuse(media)
        self.dropped -= 1  # the one before
        self._far, self._refused_in_a_row = None, 0
        due = self._all_held()
        self._next = media.chunk + 1
        return [*due, *self._timed(before), *self._timed(media)]

    def _refuse(self, media: Media) -> list[Media]:
        self.dropped += 1
        self._refused_in_a_row += 1
        if self._refused_in_a_row < _RESTART:
            return []
        due = self._all_held()
        self._refused_in_a_row, self._next = 0, media.chunk + 1
        self._last = self._last and Media(media.chunk - 1, self._last.at_ms, b"")
        return [*due, *self._timed(media)]

    def _timed(self, media: Media) -> list[Media]:
        """The pieces whose moment is known now, with the carrier's stamp or one counted on from the last piece."""
        due, doubted = [], self._doubted
        if doubted is not None:
            go_on = doubted.at_ms + (media.chunk - doubted.chunk) * _FRAME_MS
            if abs(media.at_ms - go_on) <= _FRAME_MS:
                self._doubted, self._last = None, doubted
                due.append(doubted)
            else:
                due.append(self._settled(doubted))
        if self._last is not None and media.at_ms > self._counted(self._last, media) + _CLOCK_SLACK_MS:
            self._doubted = media
            return due
        return [*due, self._settled(media)]

    def _settled(self, media: Media) -> Media:
        """The piece with its stamp, or with a counted one if the carrier's is absurd."""
        self._doubted = None
        if self._last is not None:
            counted = self._counted(self._last, media)
            if not self._last.at_ms <= media.at_ms <= counted + _CLOCK_SLACK_MS:
                media = Media(media.chunk, counted, media.ulaw)
        self._last = media
        return media

    @staticmethod
    def _counted(last: Media, media: Media) -> int:
        return last.at_ms + (media.chunk - last.chunk) * _FRAME_MS
