"""One stored turn as rows and back: the turn itself, and what was read from it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping

from agent.model.finding import Alarm, Finding, Level, Measurement, Polarity, Reading, Status
from agent.model.record import StoredTurn
from agent.model.turn import AudioSpan, Expect, Hypothesis, Option, Origin, Reply, Transfer, Turn

Row = RowMapping


def turn_row(stored: StoredTurn) -> dict[str, Any]:
    turn, reading = stored.turn, stored.reading
    return {
        "id": turn.id,
        "contact_id": turn.contact_id,
        "attempt_id": turn.attempt_id,
        "seq": stored.seq,
        "channel": turn.channel,
        "kind": turn.kind,
        "at": turn.at,
        "text": turn.text,
        "confidence": turn.confidence,
        "alternatives": [[guess.text, guess.confidence, guess.origin.value] for guess in turn.alternatives],
        "audio_start": turn.audio.start if turn.audio else None,
        "audio_end": turn.audio.end if turn.audio else None,
        "by_caregiver": turn.by_caregiver,
        "move": stored.move,
        "read_text": reading.text,
        "polarity": reading.polarity,
        "asked": [[concept, status.value] for concept, status in reading.asked],
        "confirm": reading.confirm,
        "reply": reply_json(stored.reply),
        "reply_audio_start": stored.reply_audio_start,
    }


def stored_turn(row: RowMapping, reading: Reading) -> StoredTurn:
    turn = Turn(
        id=row["id"],
        contact_id=row["contact_id"],
        attempt_id=row["attempt_id"],
        channel=row["channel"],
        kind=row["kind"],
        at=row["at"],
        text=row["text"],
        confidence=row["confidence"],
        alternatives=tuple(_hypothesis(*stored) for stored in row["alternatives"]),
        audio=audio_span(row),
        by_caregiver=row["by_caregiver"],
    )
    return StoredTurn(
        seq=row["seq"],
        turn=turn,
        move=row["move"],
        reading=reading,
        reply=reply(row["reply"]),
        reply_audio_start=row["reply_audio_start"],
    )


def _hypothesis(text: str, confidence: float, origin: str = Origin.RECOGNISED) -> Hypothesis:
    """Rows of before have no origin: none was verified then."""
    return Hypothesis(text, confidence, Origin(origin))


def reading_of(
    row: RowMapping, findings: Iterable[Finding], measurements: Iterable[Measurement], alarms: Iterable[Alarm]
) -> Reading:
    polarity: Polarity = row["polarity"]
    return Reading(
        text=row["read_text"],
        findings=tuple(findings),
        measurements=tuple(measurements),
        alarms=tuple(alarms),
        polarity=polarity,
        asked=tuple((concept, Status(word)) for concept, word in row["asked"]),
        confirm=row["confirm"],
    )


def audio_span(row: Row) -> AudioSpan | None:
    return None if row["audio_start"] is None else AudioSpan(row["audio_start"], row["audio_end"])


def reply_json(value: Reply) -> dict[str, Any]:
    return {
        "sentences": list(value.sentences),
        "expect": value.expect.value,
        "question": value.question,
        "options": [[option.key, option.label] for option in value.options],
        "patience_seconds": value.patience_seconds,
        "interruptible": value.interruptible,
        "end": value.end,
        "slower": value.slower,
        "louder": value.louder,
        "numbers": value.numbers,
        "transfer": value.transfer.reason if value.transfer else None,
    }


def reply(stored: Mapping[str, Any]) -> Reply:
    return Reply(
        sentences=tuple(stored["sentences"]),
        expect=Expect(stored["expect"]),
        question=stored["question"],
        options=tuple(Option(key, label) for key, label in stored["options"]),
        patience_seconds=stored["patience_seconds"],
        interruptible=stored["interruptible"],
        end=stored["end"],
        slower=stored["slower"],
        louder=stored.get("louder", False),
        numbers=stored.get("numbers", 1),
        transfer=Transfer(stored["transfer"]) if stored.get("transfer") else None,
    )


def _place(stored: StoredTurn, seq: int, item: Finding | Measurement | Alarm) -> dict[str, Any]:
    return {
        "turn_id": stored.turn.id,
        "seq": seq,
        "contact_id": stored.turn.contact_id,
        "surface": item.surface,
        "span_start": item.span[0],
        "span_end": item.span[1],
    }


def finding_rows(stored: StoredTurn) -> list[dict[str, Any]]:
    names = ("concept", "label", "status", "reason", "confidence", "by_sound")
    return [
        _place(stored, seq, item) | {name: getattr(item, name) for name in names}
        for seq, item in enumerate(stored.reading.findings)
    ]


def measurement_rows(stored: StoredTurn) -> list[dict[str, Any]]:
    names = ("name", "value", "unit", "doubtful")
    return [
        _place(stored, seq, item) | {name: getattr(item, name) for name in names}
        for seq, item in enumerate(stored.reading.measurements)
    ]


def alarm_rows(stored: StoredTurn) -> list[dict[str, Any]]:
    names = ("rule", "level", "reason", "confidence", "by_sound", "suppressed")
    return [
        _place(stored, seq, item) | {name: getattr(item, name) for name in names} | {"concepts": list(item.concepts)}
        for seq, item in enumerate(stored.reading.alarms)
    ]


def finding(row: Row) -> Finding:
    status: Status = row["status"]
    return Finding(
        concept=row["concept"],
        label=row["label"],
        surface=row["surface"],
        span=(row["span_start"], row["span_end"]),
        status=status,
        reason=row["reason"],
        confidence=row["confidence"],
        by_sound=row["by_sound"],
    )


def measurement(row: Row) -> Measurement:
    return Measurement(
        name=row["name"],
        value=row["value"],
        unit=row["unit"],
        surface=row["surface"],
        span=(row["span_start"], row["span_end"]),
        doubtful=row["doubtful"],
    )


def alarm(row: Row) -> Alarm:
    level: Level = row["level"]
    return Alarm(
        rule=row["rule"],
        level=level,
        reason=row["reason"],
        concepts=tuple(row["concepts"]),
        surface=row["surface"],
        span=(row["span_start"], row["span_end"]),
        confidence=row["confidence"],
        by_sound=row["by_sound"],
        suppressed=row["suppressed"],
    )
