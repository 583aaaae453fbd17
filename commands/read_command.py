"""`suifang read`: reads utterances. JSON lines in and out; or one sentence, explained; or the lexicon's words."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from agent.model.finding import Reading, Status
from agent.model.problem import ContentError
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis
from agent.triage.content import Content, load
from agent.triage.reader import Reader
from folders import NLU_DATA

STATUS_WORDS = {
    Status.PRESENT: "有",
    Status.DENIED: "没有",
    Status.UNCERTAIN: "不确定",
    Status.PAST: "以前有",
    Status.HYPOTHETICAL: "假设",
    Status.OTHER_PERSON: "别人的",
    Status.NOT_ASSERTED: "不是症状",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", nargs="?", help="one utterance; without it, JSON lines are read from standard input")
    parser.add_argument("--explain", action="store_true", help="print spans, concepts, statuses and why, for people")
    parser.add_argument("--lexicon", metavar="CONCEPT", help="print every surface form of a concept")
    parser.add_argument("--question", default="", help="the question the utterance answers")
    parser.add_argument("--content", type=Path, default=NLU_DATA, help="the content folder (default: nlu_data)")


def run(args: argparse.Namespace) -> int:
    try:
        content = load(args.content)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    if args.lexicon:
        return _print_lexicon(content, args.lexicon)
    reader = Reader(content)
    if args.text is not None:
        context = ReadingContext(question=args.question)
        reading = reader.read(args.text, context)
        print(explain(reading, content) if args.explain else json.dumps(as_json(reading), ensure_ascii=False))
        return 0
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(_answer(reader, json.loads(line)), ensure_ascii=False))
    return 0


def _answer(reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    context = ReadingContext(
        question=row.get("context") or "",
        asked=tuple(row.get("asked_concepts", ())),
        measurements=tuple(row.get("measurements", ())),
    )
    alternatives = [Hypothesis(text, 0.5) for text in row.get("alternatives", ())]
    reading = reader.read(row["text"], context, alternatives)
    spans = [(start, end) for start, end in row.get("spans") or ()]
    return {
        "id": row.get("id"),
        **as_json(reading, reader.content),
        "span_status": reader.statuses(row["text"], context, spans) if spans else [],
        "asked_status": reader.asked_statuses(row["text"], context.question, row["asked"]) if row.get("asked") else [],
    }


def as_json(reading: Reading, content: Content | None = None) -> dict[str, Any]:
    """The reading as plain data. `concept` is the family others count by, `id` the finer concept."""

    def family(concept: str) -> str:
        known = content.concepts.get(concept) if content else None
        return concept if known is None or known.family == concept else family(known.family)

    return {
        "findings": [
            {
                "concept": family(f.concept),
                "id": f.concept,
                "label": f.label,
                "surface": f.surface,
                "span": list(f.span),
                "status": f.status,
                "reason": f.reason,
                "confidence": f.confidence,
                "by_sound": f.by_sound,
            }
            for f in reading.findings
        ],
        "level": reading.level,
        "polarity": reading.polarity,
        "asked": [list(pair) for pair in reading.asked],
        "measurements": [
            {"name": m.name, "value": m.value, "unit": m.unit, "span": list(m.span), "doubtful": m.doubtful}
            for m in reading.measurements
        ],
        "alarms": [
            {
                "rule": a.rule,
                "level": a.level,
                "reason": a.reason,
                "surface": a.surface,
                "span": list(a.span),
                "suppressed": a.suppressed,
                "by_sound": a.by_sound,
            }
            for a in reading.alarms
        ],
    }


def explain(reading: Reading, content: Content) -> str:
    """A table for people: what was found, where, how it is meant and why; then values and alarms."""
    lines = [reading.text]
    for f in reading.findings:
        sound = "（按读音）" if f.by_sound else ""
        lines.append(
            f"  {f.span[0]:>3}–{f.span[1]:<3} 「{f.surface}」 {f.label} [{f.concept}]{sound}  "
            f"{STATUS_WORDS[f.status]}：{f.reason}"
        )
    for m in reading.measurements:
        doubt = "（要核对）" if m.doubtful else ""
        label = content.measurements[m.name].label if m.name in content.measurements else m.name
        lines.append(f"  {m.span[0]:>3}–{m.span[1]:<3} 「{m.surface}」 {label} = {m.value:g} {m.unit}{doubt}")
    for a in reading.alarms:
        mark = "不报" if a.suppressed else {"red": "红", "yellow": "黄"}.get(a.level, "")
        lines.append(f"  {mark}  {a.rule}：{a.reason}")
    lines.append(f"  级别：{ {'red': '红', 'yellow': '黄', 'none': '无'}[reading.level] }")
    return "\n".join(lines)


def _print_lexicon(content: Content, concept: str) -> int:
    from agent.triage.surfaces import surfaces

    if concept not in content.concepts:
        print(f"there is no concept {concept!r}; there are: {' '.join(sorted(content.concepts))}", file=sys.stderr)
        return 2
    known = content.concepts[concept]
    print(f"{concept} {known.label} ({known.file}:{known.line})")
    for surface in surfaces(content, concept):
        print(surface)
    return 0
