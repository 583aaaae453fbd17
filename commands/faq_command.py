"""`./suifang faq`: answers proposed in the workstation, as a file for nlu_data/faq that a clinician signs."""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from agent.model.faq_proposal import FaqProposal
from agent.store.open import migrate, open_store
from agent.store.ports import StoreError
from settings import SettingsError, load

SOURCE = "本院工作人员的提议；签发的医生请核对并写上依据"


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="list|export")
    actions.add_parser("list", help="what was proposed, by whom")
    export = actions.add_parser("export", help="write the proposals as one file of nlu_data/faq, unsigned")
    export.add_argument("--out", type=Path, default=Path("proposed.yml"))


def run(args: argparse.Namespace) -> int:
    try:
        proposals = asyncio.run(_proposals(load().database))
    except (SettingsError, StoreError) as error:
        print(f"suifang faq: {error}\n`./suifang doctor` says what is amiss", file=sys.stderr)
        return 1
    if args.action == "list":
        table = Table("proposed", "by", "question", "answer")
        for each in proposals:
            table.add_row(f"{each.at:%Y-%m-%d}", each.by, each.questions[0], each.answer)
        Console().print(table)
        return 0
    args.out.write_text(written(proposals), encoding="utf-8")
    print(f"{len(proposals)} proposals in {args.out}: read them over, sign them, put the file into nlu_data/faq, then")
    print("`./suifang validate` and `./suifang train`; what is in the files can be taken down in the workstation")
    return 0


def written(proposals: Sequence[FaqProposal]) -> str:
    """A file as nlu_data/faq has them; every answer a draft until somebody signs it."""
    entries = [
        {
            "id": f"proposed_{each.id}",
            "questions": list(each.questions),
            "answer": each.answer,
            "approval": {"who": "", "when": ""},
        }
        for each in proposals
    ]
    document = {"topic": "proposed", "title": "工作人员提议的回答", "sources": [SOURCE], "entries": entries}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


async def _proposals(database: str) -> Sequence[FaqProposal]:
    await asyncio.to_thread(migrate, database)
    store = await open_store(database)
    try:
        async with store.transaction(write=False) as records:
            return await records.faq_proposals()
    finally:
        await store.close()
