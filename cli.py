"""`./suifang COMMAND`: finds the command's module in commands/ and runs it."""

import argparse
import importlib
import os
import signal
import sys
from pathlib import Path
from types import FrameType

COMMANDS: dict[str, tuple[str, str]] = {
    # command: (group, one line of help); its module is commands/<command>_command.py: arguments(parser), run(args)
    "demo": ("start", "make six real follow-up calls on this machine and show what came of them"),
    "serve": ("start", "run the whole stack"),
    "test": ("start", "set up what is missing and run all tests"),
    "doctor": ("start", "what is installed, what is in use, what is missing and how to mend it"),
    "import": ("work", "read a discharge list (CSV, XLSX) into patients, plans and contacts"),
    "intake": ("work", "messages of the hospital's systems that wait for repair"),
    "call": ("work", "have a patient's next contact dialled now by the running server"),
    "cases": ("work", "sentences that nurses marked as wrongly read: write them to a file, check what is mended"),
    "faq": ("work", "answers that staff proposed: list them, write them as a file to be signed"),
    "wechat": ("work", "try the WeChat account, put up its menu, make a patient's binding code"),
    "sms": ("work", "the SMS account: the sentences to hand in as templates, and which have one"),
    "chatlink": ("work", "print the link that opens a patient's web chat"),
    "ledger": ("work", "prove that no patient was forgotten: every due contact of a day and what became of it"),
    "campaign": ("work", "one-off lists (vaccination, recall, satisfaction): create, start, pause, stop, show"),
    "points": ("work", "the points that patients earned, as a table for a spreadsheet"),
    "warmup": ("work", "what the message before the first call brings: answer rate with and without it"),
    "talk": ("content", "hold a conversation in the terminal with a pathway"),
    "pathway": ("content", "list pathways; show one as a page that a clinician can sign"),
    "rehearse": ("content", "let simulated patients call; a report of what was understood"),
    "read": ("content", "read an utterance: findings, status, numbers, alarms"),
    "hear": ("content", "hear and read telephone audio"),
    "validate": ("content", "check all content: pathways, lexicon, rules, intents"),
    "train": ("content", "train the dialogue model if its sources changed"),
    "models": ("machine", "list, fetch and check speech models; render prompts"),
    "drill": ("machine", "attack the house (kill processes, a real PBX) and show what held"),
    "bench": ("machine", "measure: prints JSON with medians and percentiles"),
    "user": ("machine", "add a user or set a password"),
}


def overview() -> str:
    groups = {"start": "Start", "work": "Daily work", "content": "For clinicians", "machine": "The machine"}
    lines = ["usage: ./suifang COMMAND [options]   (./suifang COMMAND --help for its options)"]
    for key, title in groups.items():
        lines += ["", title]
        lines += [f"  {name:<10} {text}" for name, (group, text) in COMMANDS.items() if group == key]
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    name, rest = argv[0], argv[1:]
    if name not in COMMANDS:
        print(f"suifang: there is no command {name!r}\n\n{overview()}", file=sys.stderr)
        return 2
    command = importlib.import_module(f"commands.{name.replace('-', '_')}_command")
    parser = argparse.ArgumentParser(prog=f"suifang {name}", description=COMMANDS[name][1])
    command.arguments(parser)
    try:
        code = int(command.run(_from_where_called(parser.parse_args(rest))) or 0)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read what we print has gone: `| head`, a pager left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def _from_where_called(args: argparse.Namespace) -> argparse.Namespace:
    """Files are named as seen from the caller's folder: `suifang` itself goes to the checkout before we run."""
    folder = os.environ.get("SUIFANG_CALLED_FROM")
    if folder:
        for name, value in vars(args).items():
            if isinstance(value, Path):
                setattr(args, name, folder / value)
    return args


def from_the_shell(argv: list[str]) -> int:
    """Like `main`; a command told to end (SIGTERM) ends like one stopped by hand, with the processes it started. What a
    script starts with & ignores SIGINT, and so would all that it starts: neither could be ended."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _stopped_by_hand)
    try:
        return main(argv)
    except KeyboardInterrupt:
        return 130


def _stopped_by_hand(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # `timeout` says it twice: the second would break off the ending
    signal.raise_signal(signal.SIGINT)


if __name__ == "__main__":
    sys.exit(from_the_shell(sys.argv[1:]))
