"""Frames in spoken order, each once, whatever the line does to them."""

import random

import pytest

from telephony.twilio.ordering import WINDOW, FrameOrder
from telephony.twilio.wire import Media


def piece(chunk: int, at_ms: int | None = None) -> Media:
    return Media(chunk, (chunk - 1) * 20 if at_ms is None else at_ms, bytes([chunk % 256]))


def heard(order: FrameOrder, *chunks: int) -> list[int]:
    return [media.chunk for chunk in chunks for media in order.push(piece(chunk))]


def test_in_order_passes_at_once() -> None:
    order = FrameOrder()
    assert [heard(order, chunk) for chunk in (1, 2, 3)] == [[1], [2], [3]]


def test_swapped_and_doubled_pieces_are_put_right() -> None:
    order = FrameOrder()
    assert heard(order, 1, 3, 3, 2, 2, 4) == [1, 2, 3, 4]
    assert order.dropped == 2


def test_a_lost_piece_holds_the_others_for_a_moment_only() -> None:
    order = FrameOrder()
    assert heard(order, 1, *range(3, 3 + WINDOW)) == [1]
    assert heard(order, 3 + WINDOW) == list(range(3, 4 + WINDOW))
    assert heard(order, 2) == [] and order.dropped == 1


def test_the_loss_shows_in_the_timestamps() -> None:
    order = FrameOrder()
    out = [media for chunk in (1, *range(4, 12)) for media in order.push(piece(chunk))]
    assert [media.at_ms for media in out] == [0, *range(60, 220, 20)]


def test_the_end_gives_what_was_held() -> None:
    order = FrameOrder()
    assert heard(order, 1, 3, 5) == [1]
    assert [media.chunk for media in order.flush()] == [3, 5]


def test_an_absurd_number_does_not_silence_the_rest() -> None:
    order = FrameOrder()
    assert heard(order, 1, 10**9, 2, 3) == [1, 2, 3]


def test_a_carrier_that_starts_counting_anew_is_followed() -> None:
    order = FrameOrder()
    heard(order, *range(1, 1001))
    again = heard(order, *range(1, 61))
    assert again == list(range(25, 61))  # half a second is lost, not the rest of the call


def test_after_a_restart_time_goes_on() -> None:
    order = FrameOrder()
    times = [media.at_ms for chunk in [*range(1, 101), *range(1, 101)] for media in order.push(piece(chunk))]
    assert times == sorted(times) and times[-1] < 8_000


def test_a_long_hole_is_as_long_as_it_was() -> None:
    """A minute in which nothing came: by numbers and stamps, and by stamps alone (the carrier counts what it sends)."""
    for first in (3_003, 3):
        order = FrameOrder()
        pieces = [piece(1), piece(2), piece(first, 60_040), piece(first + 1, 60_060), piece(first + 2, 60_080)]
        out = [media for each in pieces for media in order.push(each)]
        assert [media.at_ms for media in out] == [0, 20, 60_040, 60_060, 60_080]
        assert order.dropped == 0


def test_a_stamp_in_doubt_at_the_end_is_counted() -> None:
    order = FrameOrder()
    out = [media for each in (piece(1), piece(2), piece(3, 10**9)) for media in order.push(each)]
    assert [media.at_ms for media in out + order.flush()] == [0, 20, 40]


@pytest.mark.parametrize("absurd", [0, 10**12])
def test_an_absurd_timestamp_is_replaced_by_counting(absurd: int) -> None:
    order = FrameOrder()
    out = [
        media for each in (piece(1, 500), piece(2, 520), piece(3, absurd), piece(4, 560)) for media in order.push(each)
    ]
    assert [media.at_ms for media in out] == [500, 520, 540, 560]


@pytest.mark.parametrize("seed", range(20))
def test_any_shuffle_within_the_window_is_undone(seed: int) -> None:
    random_ = random.Random(seed)
    chunks = sorted(range(1, 400), key=lambda chunk: chunk + random_.uniform(0, WINDOW - 1))
    doubled = [chunk for chunk in chunks for _ in range(random_.choice((1, 1, 2)))]
    order = FrameOrder()
    out = heard(order, *doubled) + [media.chunk for media in order.flush()]
    assert out == list(range(1, 400))
