"""`./suifang cases`: what nurses marked as wrongly read, written to a file; and which of it is read right by now."""

import argparse
import asyncio
import re
import sys
from datetime import date, datetime, time
from pathlib import Path

from agent.model.clock import HOSPITAL_ZONE
from agent.model.labelled_case import LabelledCase
from agent.model.people import Patient
from agent.model.problem import ContentError
from agent.store.open import open_store
from agent.store.ports import StoreError
from agent.triage import content, labelled
from agent.triage.labelled import LabelledFileError, LabelledSentence, mended
from agent.triage.reader import Reader
from folders import NLU_DATA
from settings import Settings, SettingsError, load

MOST = 10_000
LONG_NUMBER = re.compile(r"[\dXx]{6,}")


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True)
    export = actions.add_parser("export", help="write the marked sentences, with names and numbers covered")
    export.add_argument("--out", type=Path, default=Path("labelled.yml"))
    export.add_argument("--since", type=date.fromisoformat, help="marked on that day or later")
    check = actions.add_parser("check", help="read each again; fails while one is still read as it was marked")
    check.add_argument("file", type=Path)


def run(args: argparse.Namespace) -> int:
    try:
        if args.action == "export":
            return _export(args.out, args.since)
        return _check(args.file)
    except (SettingsError, StoreError, LabelledFileError, ContentError) as error:
        print(f"suifang cases: {error}", file=sys.stderr)
        return 2


def _export(path: Path, since: date | None) -> int:
    begins = datetime.combine(since, time(), HOSPITAL_ZONE) if since else None
    sentences = asyncio.run(_marked(load(), begins))
    labelled.write(path, sentences)
    print(f"{len(sentences)} sentences in {path}: read them over before they leave the house")
    return 0


async def _marked(settings: Settings, since: datetime | None) -> list[LabelledSentence]:
    store = await open_store(settings.database)
    try:
        async with store.transaction(write=False) as records:
            cases = await records.labelled_cases(since=since, limit=MOST)
            patients = await records.patients_by_id({case.patient_id for case in cases})
    finally:
        await store.close()
    return [_sentence(case, patients.get(case.patient_id)) for case in cases]


def _sentence(case: LabelledCase, patient: Patient | None) -> LabelledSentence:
    return LabelledSentence(case.label, covered(case.words, patient), covered(case.question, patient), case.rule)


def covered(words: str, patient: Patient | None) -> str:
    """Without the patient's and the caregiver's name and without long numbers."""
    for name in (patient.name, patient.caregiver_name) if patient else ():
        words = words.replace(name, "某某") if name else words
    return LONG_NUMBER.sub("某号", words)


def _check(path: Path) -> int:
    reader = Reader(content.load(NLU_DATA))
    sentences = labelled.load(path)
    still = [each for each in sentences if not mended(each, reader)]
    for each in still:
        print(f"{each.label.value:<12} {each.rule or '-':<24} {each.words}")
    print(f"{len(sentences) - len(still)} of {len(sentences)} are read right")
    return 1 if still else 0
