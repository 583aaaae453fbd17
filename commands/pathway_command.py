"""`./suifang pathway show NAME`: a pathway as one page that a clinician reads and signs; `record`: its version."""

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table

from agent.dialog.pathway_loader import load, load_all
from agent.dialog.pathway_page import page
from agent.dialog.pathway_pictures import embedded
from agent.dialog.pathway_versions import record
from agent.dialog.problems_in_chinese import in_chinese
from agent.model.pathway import Pathway
from agent.model.problem import ContentError
from folders import PATHWAYS


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("list", help="all pathways with version, days and state")
    actions.add_parser("record", help="write down which text each version stands for, after raising the version")
    show = actions.add_parser("show", help="write the readable page of one pathway")
    show.add_argument("name", help="a folder of dialogs/pathways, e.g. heart_failure")
    show.add_argument("--out", type=Path, help="the HTML file to write (default: NAME.html here)")


def run(args: argparse.Namespace) -> int:
    console = Console(highlight=False, soft_wrap=True)
    try:
        if args.action == "list":
            console.print(_table(list(load_all(PATHWAYS).values())))
            return 0
        if args.action == "record":
            new = record(PATHWAYS)
            console.print(f"已登记：{'、'.join(new)}" if new else "版本都已登记")
            return 0
        pathway = load(PATHWAYS / args.name)
    except ContentError as wrong:
        said, instead = in_chinese(wrong.message), in_chinese(wrong.remedy)
        console.print(f"{wrong.file}:{wrong.line}: {said}\n    {instead}", style="red", markup=False)
        return 1
    out: Path = args.out or Path(f"{pathway.id}.html")
    out.write_text(page(pathway, pictures=embedded(PATHWAYS, pathway)), encoding="utf-8")
    console.print(f"{pathway.title}：{out.resolve()}", markup=False)
    return 0


def _table(pathways: list[Pathway]) -> Table:
    table = Table(box=None)
    for title in ("路径", "名称", "版本", "节点（天）", "状态"):
        table.add_column(title, no_wrap=title != "节点（天）")
    for pathway in pathways:
        days = "、".join(str(node.day) for node in pathway.nodes)
        table.add_row(pathway.id, pathway.title, pathway.version, days, "草稿" if pathway.draft else "已签发")
    return table
