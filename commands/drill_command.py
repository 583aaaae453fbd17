"""`./suifang drill NAME`: attacks the running house and prints as JSON what held and what did not."""

import argparse
import importlib
import json
import sys

NAMES = {
    "asterisk": "a real Asterisk and a real SIP telephone: whole calls, keys, refusals, restarts (root, 500 MB)",
    "year": "a department's year of discharges on a virtual clock: ledger closed daily, hours and caps kept",
    "kill": "kill -9 at random moments of calls, on SQLite and on PostgreSQL: nothing lost, nobody dialled twice",
}
"""name: what it does; its module is drills/<name>.py with run(options) -> dict, where "held" is the verdict."""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "; ".join(f"{name}: {text}" for name, text in NAMES.items())
    parser.add_argument("name", choices=sorted(NAMES))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="options of the drill itself (--help lists them)")


def run(args: argparse.Namespace) -> int:
    drill = importlib.import_module(f"drills.{args.name}")
    report = drill.run(args.rest)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    if not report["held"]:
        print("the drill did not hold: see what is not as it should be above", file=sys.stderr)
    return 0 if report["held"] else 1
