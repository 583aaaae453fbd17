"""The benches of the media path keep up with the call: a few seconds of each, for their counts, not their times."""

import asyncio

from bench import call_dialling, call_faults, call_load, call_memory


def test_a_loaded_line_is_carried_and_counted() -> None:
    figures = asyncio.run(call_load.load(2, 2.0))
    assert figures["call_minutes"] > 0.05 and figures["turns"]["start"] >= 2


def test_broken_lines_end_and_their_sound_is_kept() -> None:
    figures = asyncio.run(call_faults.faults(12, 3))
    assert figures["begun"] >= 5 and figures["heard_seconds"] > 5
    assert (figures["without_an_end"], figures["leaked_tasks"], figures["calls_with_sound_not_on_disk"]) == (0, 0, 0)


def test_memory_is_watched_over_calls() -> None:
    figures = call_memory.measure(1)
    assert figures["calls"] >= 10 and figures["resident_mb"]["end"] > 0


def test_a_carrier_that_fails_leaves_no_contact_without_an_outcome() -> None:
    figures = call_dialling.run(6, 1)
    assert figures["numbers_with_500s"] >= 2 and figures["failed_at_the_carrier"] >= 2
    assert (figures["contacts"], figures["contacts_without_an_outcome"], figures["attempts_left_open"]) == (6, 0, 0)
    assert (figures["calls_of_no_attempt"], figures["calls_of_two_attempts"], figures["leaked_tasks"]) == (0, 0, 0)
