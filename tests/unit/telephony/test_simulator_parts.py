"""The simulator's pure parts: playback, TwiML, bad lines, sound, personas."""

from pathlib import Path

import numpy as np
import pytest

from agent.speech.ulaw import decode
from telephony.simulator.config import PATIENTS, VOICES
from telephony.simulator.faults import BadLine
from telephony.simulator.persona import Faults, Line, Persona, PersonaError, load_persona, load_personas
from telephony.simulator.playback import Playback
from telephony.simulator.records import segments
from telephony.simulator.sound import NoisyLine, audible, clip
from telephony.simulator.twiml import ConnectStream, Dial, Hangup, Pause, TwimlError, parse_twiml
from telephony.simulator.voices import packed
from tests.fakes.carrier import tone

# playback


def test_a_mark_comes_back_when_all_before_it_was_played() -> None:
    playback = Playback()
    playback.add(b"\x01" * 200)
    playback.mark("a")
    playback.add(b"\x02" * 100)
    playback.mark("b")
    assert playback.next_frame() == b"\x01" * 160 and playback.reached() == []
    assert playback.next_frame() == b"\x01" * 40 + b"\x02" * 100 + b"\xff" * 20
    assert playback.reached() == ["a", "b"] and playback.empty


def test_a_mark_with_nothing_before_it_comes_back_at_once() -> None:
    playback = Playback()
    playback.mark("a")
    assert playback.reached() == ["a"] and playback.reached() == []


def test_clear_drops_sound_and_brings_back_marks() -> None:
    playback = Playback()
    playback.add(b"\x01" * 1600)
    playback.mark("a")
    playback.next_frame()
    assert playback.clear() == ["a"] and playback.empty
    assert playback.next_frame() == b"\xff" * 160
    playback.add(b"\x02" * 160)
    playback.mark("b")
    assert playback.reached() == []
    assert playback.next_frame() == b"\x02" * 160 and playback.reached() == ["b"]


# TwiML

STREAM = '<Response><Connect><Stream url="{url}">{inside}</Stream></Connect></Response>'


def test_the_verbs_of_a_call() -> None:
    inside = '<Parameter name="attempt" value="a1"/>'
    verbs = parse_twiml(STREAM.format(url="wss://x.example/media", inside=inside))
    assert verbs == [ConnectStream("wss://x.example/media", {"attempt": "a1"})]
    assert parse_twiml("<Response><Dial>+8657188000001</Dial></Response>") == [Dial("+8657188000001", 30, "", "")]
    assert parse_twiml('<Response><Pause length="2"/><Hangup/></Response>') == [Pause(2), Hangup()]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 12100),
        ("<Response>", 12100),
        ("<Reply/>", 12200),
        ("<Response><Dance/></Response>", 12200),
        ("<Response><Connect/></Response>", 12200),
        ('<Response><Pause length="long"/></Response>', 12200),
        (STREAM.format(url="https://x.example/", inside=""), 12200),
        (STREAM.format(url="ws://x.example/", inside=""), 12200),
        (STREAM.format(url="wss://x.example/?attempt=a1", inside=""), 12200),
        (STREAM.format(url="wss://x.example/", inside='<Parameter name="a"/>'), 12200),
        (STREAM.format(url="wss://x.example/", inside=f'<Parameter name="a" value="{"v" * 500}"/>'), 12200),
        (STREAM.format(url='wss://x.example/" track="both_tracks', inside=""), 12200),
        (STREAM.format(url='wss://x.example/" colour="red', inside=""), 12200),
        ("<Response><Dial/></Response>", 13223),
        ("<Response><Dial>057188000001</Dial></Response>", 13223),
        ("<Response><Dial><Number url='http://x/'>+8657188000001</Number></Dial></Response>", 12200),
        ("<Response><Dial><Client>nurse</Client></Dial></Response>", 12200),
        ("<Response><Dial timeout='soon'>+8657188000001</Dial></Response>", 13212),
        ("<Response><Dial action='nurse'>+8657188000001</Dial></Response>", 13210),
        ("<Response><Dial callerId='me'>+8657188000001</Dial></Response>", 13214),
        ("<Response><Dial colour='red'>+8657188000001</Dial></Response>", 12200),
    ],
)
def test_what_the_carrier_would_not_accept(text: str, code: int) -> None:
    with pytest.raises(TwimlError) as raised:
        parse_twiml(text)
    assert raised.value.code == code


# bad lines


def test_a_good_line_changes_nothing() -> None:
    line = BadLine(Faults())
    assert [line.send(str(number)) for number in range(50)] == [[str(number)] for number in range(50)]


@pytest.mark.parametrize("faults", [Faults(reorder=0.3), Faults(late=0.1), Faults(duplicate=0.3), Faults(garbage=0.3)])
def test_a_bad_line_loses_no_message_and_is_the_same_each_time(faults: Faults) -> None:
    sent = [BadLine(faults).send(str(number)) for number in range(3)]
    line, twin = BadLine(faults), BadLine(faults)
    out = [text for number in range(1_000) for text in line.send(str(number))]
    assert out == [text for number in range(1_000) for text in twin.send(str(number))]
    assert out != [str(number) for number in range(1_000)] and sent
    missing = set(map(str, range(1_000))) - set(out)
    assert missing <= set(map(str, range(980, 1_000)))  # only what was still held at the end


# sound


def test_a_clips_speech_ends_where_the_words_end() -> None:
    found = clip(b"\xff" * 1_600 + tone(0.5) + b"\xff" * 4_000)
    assert (found.begin, found.end) == (10, 35) and found.frames == 60


def test_a_silent_clip_is_refused() -> None:
    for silent in (b"", b"\xff" * 1_600):
        with pytest.raises(ValueError, match="without speech"):
            clip(silent)


def test_the_lines_noise_is_as_far_below_the_speech_as_asked() -> None:
    spoken = clip(tone(1.0))
    line = NoisyLine([spoken], 20.0, seed=3)
    noise = decode(b"".join(line.idle() for _ in range(100))).astype(float)
    speech = decode(tone(1.0)).astype(float)
    assert 20 * np.log10(np.std(speech) / np.std(noise)) == pytest.approx(20, abs=0.5)
    frames = list(line.speech(spoken))
    assert len(frames) == spoken.frames and all(audible(frame) for frame in frames)
    assert frames != list(NoisyLine([spoken], 20.0, seed=4).speech(spoken))


def test_a_silent_line_is_silent() -> None:
    assert NoisyLine([], None, seed=1).idle() == b"\xff" * 160
    assert not audible(b"\xff" * 160) and not audible(b"\x7f" * 160) and audible(tone(0.02))


# personas


def test_the_shipped_personas_load() -> None:
    personas = load_personas(PATIENTS).values()
    assert any(not persona.answers for persona in personas)
    assert any(persona.hangs_up_after_lines for persona in personas)
    people = [each for each in personas if each.answers and each.answered_by == "human" and not each.greeting]
    patients = [each for each in people if each.phone.startswith("+86134") and not each.busy and not each.ends]
    assert all(persona.lines for persona in patients)


def test_every_line_of_a_shipped_persona_has_its_sound() -> None:
    spoken = packed(VOICES)
    lines = [(one, line) for one in load_personas(PATIENTS).values() for line in one.every_line if line.say]
    assert [line.say for one, line in lines if spoken(line.voice or one.voice, line.say) is None] == []


def test_a_persona_in_full(tmp_path: Path) -> None:
    file = tmp_path / "p.yml"
    file.write_text(
        'phone: "+8613800000001"\nname: p\nvoice: v\nnoise_db: null\nfaults: {late: 1}\ngreeting: 喂\n'
        "lines: [好, {say: 不好, barge_in_after_seconds: 1, digits: '12'}]\n",
        encoding="utf-8",
    )
    assert load_persona(file) == Persona(
        "+8613800000001",
        "p",
        "v",
        (Line("好"), Line("不好", barge_in_after_seconds=1.0, digits="12")),
        greeting=Line("喂"),
        noise_db=None,
        faults=Faults(late=1.0),
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: p", "phone is missing"),
        ("phone: 13800000001\nname: p", "phone must be str"),
        ('phone: "13800000001"\nname: p', "phone must be E.164"),
        ('phone: "+8613800000001"\nname: p\nvioce: v', "unknown field vioce"),
        ('phone: "+8613800000001"\nname: p\nlines: [好]', "voice is missing"),
        ('phone: "+8613800000001"\nname: p\nvoice: v\nlines: 好', "lines must be a list"),
        ('phone: "+8613800000001"\nname: p\nvoice: v\nlines: [{sya: 好}]', "unknown field sya"),
        ('phone: "+8613800000001"\nname: p\nbusy: 1', "busy must be bool"),
        ('phone: "+8613800000001"\nname: p\nends: silence', "ends must be busy, no-answer or failed"),
        ('phone: "+8613800000001"\nname: p\nmachine: {sings: 1}', "unknown field sings"),
        ('phone: "+8613800000001"\nname: p\nhangs_up_after_lines: two', "hangs_up_after_lines must be int"),
        ("[]", "expected fields"),
        ("a: [", "not readable as YAML"),
        ("name: p\nname: q", "2: name is written twice"),
    ],
)
def test_a_wrong_persona_says_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "wrong.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PersonaError, match=complaint) as raised:
        load_persona(file)
    assert str(raised.value).startswith("wrong.yml:")


def test_two_personas_with_one_number_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text(f'phone: "+8613800000001"\nname: {name}', encoding="utf-8")
    with pytest.raises(PersonaError, match=r"b\.yml: phone is taken by a"):
        load_personas(tmp_path)


@pytest.mark.parametrize(("body", "count"), [("a" * 160, 1), ("a" * 161, 2), ("您" * 70, 1), ("您" * 71, 2)])
def test_segments_of_a_text_message(body: str, count: int) -> None:
    assert segments(body) == count
