"""The pure parts of the Asterisk channel: numbers, causes, settings, messages, the sound without holes."""

import json

import pytest

from telephony.asterisk import events, wire
from telephony.asterisk.causes import verdict
from telephony.asterisk.names import Leg, attempt_of, channel_of, extra, leg_of
from telephony.asterisk.numbers import trunk_number
from telephony.asterisk.settings import AsteriskSettings
from telephony.asterisk.steady import SteadySound
from telephony.line import FRAME_BYTES


@pytest.mark.parametrize(
    ("e164", "style", "prefix", "dialled"),
    [
        ("+8613800000001", "national", "", "13800000001"),
        ("+8613800000001", "national", "9", "913800000001"),
        ("+8613800000001", "e164", "", "+8613800000001"),
        ("+8657188000000", "national", "", "057188000000"),
        ("+861062550000", "national", "", "01062550000"),  # Peking: an area code that begins with 1, no mobile
        ("+85221230000", "national", "", "0085221230000"),
    ],
)
def test_numbers_as_a_trunk_wants_them(e164: str, style: str, prefix: str, dialled: str) -> None:
    assert trunk_number(e164, style=style, prefix=prefix) == dialled


@pytest.mark.parametrize("number", ["13800000001", "+86138;user=phone", "+86138@evil", "", "+", "+86 138 0000 0001"])
def test_nothing_but_a_number_reaches_the_pbx(number: str) -> None:
    with pytest.raises(ValueError):
        trunk_number(number, style="national", prefix="")


@pytest.mark.parametrize(
    ("cause", "sip", "responded", "status", "reason"),
    [
        (17, 486, True, "busy", "user_busy"),
        (18, 408, True, "no-answer", "no_user_response"),
        (19, 480, True, "no-answer", "no_answer"),
        (20, 480, True, "no-answer", "subscriber_absent"),
        (19, 480, False, "failed", "trunk_no_response"),  # our own timer ran out on a trunk that never spoke
        (21, 603, True, "no-answer", "rejected"),  # the patient's red key
        (21, 403, True, "failed", "rejected"),  # the trunk does not let us
        (1, 404, True, "failed", "unallocated_number"),
        (27, 502, True, "failed", "destination_out_of_order"),
        (34, 503, True, "failed", "congestion"),
        (38, None, True, "failed", "network_out_of_order"),
        (42, None, True, "failed", "switch_congestion"),
        (16, None, True, "canceled", "hung_up_before_answer"),
        (99, None, True, "failed", "cause_99"),
    ],
)
def test_why_a_call_was_not_answered(cause: int, sip: int | None, responded: bool, status: str, reason: str) -> None:
    found = verdict(cause, sip, answered=False, responded=responded)
    assert (found.status, found.reason) == (status, reason)


def test_an_answered_call_is_completed_however_it_ended() -> None:
    assert {verdict(cause, None, answered=True, responded=True).status for cause in (16, 17, 38)} == {"completed"}


def test_plain_http_stays_on_this_machine_unless_the_network_is_said_to_be_trusted() -> None:
    for url in ("http://127.0.0.1:8088", "http://localhost:8088", "http://[::1]:8088", "https://pbx.example:8089/pbx/"):
        AsteriskSettings("u", "p", url)
    with pytest.raises(ValueError, match="allow_plain"):
        AsteriskSettings("u", "p", "http://10.0.0.5:8088")
    AsteriskSettings("u", "p", "http://10.0.0.5:8088", allow_plain=True)
    assert AsteriskSettings("u", "p", "https://pbx.example:8089/pbx/").socket_url == "wss://pbx.example:8089/pbx"


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "ftp://pbx.example"},
        {"url": "https://"},
        {"url": "https://pbx.example/?a=1"},
        {"endpoint": "PJSIP/trunk"},
        {"endpoint": "{number}"},
        {"number_style": "local"},
        {"app": "a,b"},
    ],
)
def test_settings_that_cannot_work_are_refused_at_once(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        AsteriskSettings("u", "p", **wrong)


@pytest.mark.parametrize(
    "text",
    [
        "garbage",
        "[]",
        "[" * 50_000,
        '{"type":"StasisStart"}',
        '{"type":"StasisStart","channel":{"id":7},"timestamp":"2026-01-01T00:00:00.000+0000"}',
        '{"type":"StasisStart","channel":{"id":"a"},"timestamp":"yesterday"}',
        '{"type":"ChannelDestroyed","channel":{"id":"a"},"cause":"x","timestamp":"2026-01-01T00:00:00.000+0000"}',
    ],
)
def test_events_that_are_not_of_the_protocol(text: str) -> None:
    with pytest.raises(events.BadEvent):
        events.parse(text)


@pytest.mark.parametrize(
    "message",
    [
        {"event": "MEDIA_START"},
        {"event": "DTMF_END", "digit": "12"},
        {"event": "DTMF_END", "digit": "E"},
        {"event": "MEDIA_MARK_PROCESSED"},
        {"event": "MEDIA_START", "connection_id": "a", "channel_id": "b", "format": "ulaw", "optimal_frame_size": "1"},
    ],
)
def test_media_messages_that_are_not_of_the_protocol(message: dict[str, str]) -> None:
    with pytest.raises(wire.BadMessage):
        wire.parse(json.dumps(message))


def test_a_mark_too_long_for_the_pbx_is_our_error_not_a_silence() -> None:
    with pytest.raises(ValueError):
        wire.mark("x" * 100)


FRAME = b"\x20" * FRAME_BYTES


def test_sound_that_comes_in_time_is_left_alone() -> None:
    sound = SteadySound(100.0)
    for number in range(200):
        now = 100.0 + (number + 1) * 0.02 + (0.08 if number % 7 == 0 else 0.0)  # jitter
        assert sound.arrived(FRAME) == (FRAME, number * 20)
        assert sound.due(now) is None
    assert sound.filled == 0


def test_a_trunk_that_is_silent_in_silence_is_heard_as_silence_in_real_time() -> None:
    """Without it nobody would ever see the end of an utterance."""
    sound = SteadySound(0.0)
    sound.arrived(FRAME)
    heard = [sound.due(at * 0.02) for at in range(1, 51)]
    frames = [each for each in heard if each is not None]
    assert [at for _, at in frames] == list(range(20, 20 + 20 * len(frames), 20))
    assert 0.8 < len(frames) * 0.02 <= 1.0 and all(ulaw == b"\xff" * FRAME_BYTES for ulaw, _ in frames)


def test_after_a_stall_of_our_own_what_waited_in_the_socket_is_not_dropped() -> None:
    sound = SteadySound(0.0)
    assert sound.due(1.0) is not None  # one frame at most before the reader has its turn
    arrived = [sound.arrived(FRAME) for _ in range(50)]
    assert len(arrived) == 50 and sound.due(1.0) is None


def test_a_channels_name_tells_whose_it_is() -> None:
    patient = channel_of("suifang", "01a2")
    assert attempt_of("suifang", patient) == "01a2"
    assert leg_of(extra(patient, Leg.NURSE, 1)) == (patient, Leg.NURSE)
    assert leg_of(extra(patient, Leg.MEDIA, 12)) == (patient, Leg.MEDIA)
    assert attempt_of("suifang", extra(patient, Leg.MEDIA, 1)) is None
    assert attempt_of("suifang", channel_of("suifang-2", "01a2")) is None  # another process at the same PBX
    assert attempt_of("suifang", f"{patient};2") is None  # the inner half of a call that a dial plan makes
    assert attempt_of("suifang", "1795305561.17") is None  # somebody else's call
