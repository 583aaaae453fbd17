"""What `suifang bench reading` runs: speed and memory of reading, spoken numbers by value, blood pressure forms."""

import csv
import json
import re
import statistics
import time
from pathlib import Path
from typing import Any

from agent.model.reading_context import ReadingContext
from agent.triage.content import load
from agent.triage.numerals import numbers
from agent.triage.reader import Reader
from bench import held_out_answers, second_opinion
from bench.blood_pressure_forms import FORMS
from bench.peak_memory import peak_mb
from folders import NLU_DATA

_BIG = {"万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "兆": 1e12}
_WRITTEN = re.compile(r"(\d+)\s*/\s*(\d+)|(\d+(?:\.\d+)?(?:e-\d+)?)([万萬亿億兆]*)")
_MEDICAL = ("cardinal", "decimal", "fraction", "measure", "date", "time", "ordinal", "range-or-math", "sentence")


def run(args: list[str]) -> dict[str, Any]:
    """`args`: an optional folder with spoken_numbers.tsv and symptom_status.jsonl to measure on; without it the
    content's own test sentences are read; or --second-opinion, or --answers. Returns medians and shares."""
    began = time.process_time()
    content = load(NLU_DATA)
    if "--second-opinion" in args:
        return second_opinion.run(content)
    reader = Reader(content)
    if "--answers" in args:
        return held_out_answers.run(reader, content.folder / "held_out" / "answers")
    figures: dict[str, Any] = {"build_seconds": round(time.process_time() - began, 3)}
    folder = Path(args[0]) if args else None
    figures["speed"] = _speed(reader, _lines(folder, reader))
    figures["memory_mb"] = peak_mb()
    figures["blood_pressure_forms"] = _blood_pressure(reader)
    if folder is not None and (folder / "spoken_numbers.tsv").exists():
        figures["spoken_numbers"] = spoken_numbers(folder / "spoken_numbers.tsv")
    return figures


def _lines(folder: Path | None, reader: Reader) -> list[tuple[str, str]]:
    path = folder / "symptom_status.jsonl" if folder is not None else None
    if path is not None and path.exists():
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return [(row["text"], row["context"]) for row in rows]
    tests = [concept.tests for concept in reader.content.concepts.values()]
    return [(text, "") for test in tests for text in (*test.present, *test.denied, *test.near_misses)]


def _speed(reader: Reader, lines: list[tuple[str, str]]) -> dict[str, Any]:
    """Processor time of one core; a round is all lines once."""
    rounds, each = [], []
    for _ in range(5):
        began = time.process_time()
        for text, question in lines:
            reader.read(text, ReadingContext(question=question))
        rounds.append(len(lines) / (time.process_time() - began))
    for text, question in lines:
        at = time.perf_counter()
        reader.read(text, ReadingContext(question=question))
        each.append((time.perf_counter() - at) * 1e6)
    each.sort()
    return {
        "lines": len(lines),
        "utterances_per_second_median": round(statistics.median(rounds)),
        "microseconds_p50": round(each[len(each) // 2]),
        "microseconds_p95": round(each[int(len(each) * 0.95)]),
        "microseconds_max": round(each[-1]),
    }


def _blood_pressure(reader: Reader) -> dict[str, Any]:
    asked = ReadingContext(question="您今天血压多少？", measurements=("systolic", "diastolic"))
    wrong = []
    for said, high, low in FORMS:
        found = {m.name: m.value for m in reader.read(said, asked).measurements}
        if (found.get("systolic"), found.get("diastolic")) != (high, low):
            wrong.append(said)
    return {"forms": len(FORMS), "right": len(FORMS) - len(wrong), "wrong": wrong}


def spoken_numbers(path: Path) -> dict[str, Any]:
    """Share of rows whose values are all found, by kind; compared by value, not by how they are written."""
    right: dict[str, int] = {}
    total: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            kind = row["category"]
            total[kind] = total.get(kind, 0) + 1
            right[kind] = right.get(kind, 0) + same_values(row["spoken"], row["written"])
    medical = [kind for kind in total if kind in _MEDICAL]
    share = sum(right[kind] for kind in medical) / max(sum(total[kind] for kind in medical), 1)
    return {
        "medical_share": round(share, 4),
        "by_kind": {kind: f"{right[kind]}/{total[kind]}" for kind in sorted(total)},
    }


def same_values(spoken: str, written: str) -> bool:
    """Whether the numbers heard in `spoken` are the values that `written` shows."""
    heard = [value for n in numbers(spoken) for value in (n.value, n.upper) if value is not None]
    return any(_equal(heard, wanted) for wanted in _written_values(written))


def _equal(heard: list[float], wanted: list[float]) -> bool:
    """Signs and zeros aside (11:00 is 十一点), and a sum for its parts (1亿2300)."""
    left = sorted(abs(v) for v in heard if v)
    right = sorted(abs(v) for v in wanted if v)
    if len(left) == len(right) and all(
        abs(a - b) <= 1e-9 * max(a, b) + 1e-12 for a, b in zip(left, right, strict=True)
    ):
        return True
    return bool(left) and abs(sum(left) - sum(right)) <= 1e-9 * sum(right)


def _written_values(written: str) -> list[list[float]]:
    """The values, read with `/` as a fraction, and as a separator of dates; ranges get the unit of their end."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", written)
    text = re.sub(r"(\d+)~(\d+)([万亿億]+)", r"\1\3~\2\3", text)
    text = re.sub(r"(\d*)(\d)-(\d)(?=\D|$)([万亿億]*)", r"\1\2\4~\1\3\4", text)
    text = re.sub(r"(\d+)(\d0)-(\d0)", r"\1\2~\1\3", text)
    readings = []
    for slash in (True, False):
        source = text if slash else text.replace("/", " ")
        values: list[float] = []
        for match in _WRITTEN.finditer(source):
            if match.group(1):
                values.append(float(match.group(1)) / float(match.group(2) or 1))
                continue
            value = float(match.group(3))
            for big in match.group(4):
                value *= _BIG[big]
            values.append(value)
        readings.append(values)
    whole = re.sub(r"(\d+)又(\d+)\s*/\s*(\d+)", lambda m: str(int(m[1]) + int(m[2]) / int(m[3])), text)
    readings.append([float(v) for v in re.findall(r"\d+(?:\.\d+)?", whole)])
    return readings
