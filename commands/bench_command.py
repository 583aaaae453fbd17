"""`./suifang bench NAME`: measures and prints JSON with medians and percentiles."""

import argparse
import importlib
import json

NAMES = {
    "reading": "triage: speed, memory, numbers by value, blood pressure forms (--second-opinion, --answers)",
    "grid": "dangers and calm sentences in frames and as answers: silent, false red (--share S, --seed N)",
    "call": "a call that listens: response, cut-offs, interruptions (--only PART,PART)",
    "dashboard": "the workstation over a million turns: pages, search, open pages at rest (--quick, --only DATABASE)",
    "card": "from the patient's last word on a simulated call to the card on the nurse's screen (--calls N)",
    "planning": "50,000 discharges into dated contacts, on SQLite and PostgreSQL (--patients N, --only DATABASE)",
    "chat": "many chats at once: time to the reply, lost, doubled (--chats N, --messages N, --rasa)",
    "dispatch": "dialling at scale on PostgreSQL: attempts a second, due to dialled, the empty poll, memory",
    "ledger": "the ledger page with a million contacts, on SQLite and PostgreSQL",
    "webchat": "the chat page in Chromium: seconds until it can be used, also on a slow phone (--visits N)",
    "wechat": "callbacks of many WeChat chats at once: seconds to the answer, every message kept once",
    "dialogue": "moves and questions on held-out sentences, time of a turn, load, training (--only PART,PART)",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = "; ".join(f"{name}: {text}" for name, text in NAMES.items())
    parser.add_argument("name", choices=sorted(NAMES))
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="options of the benchmark itself")


def run(args: argparse.Namespace) -> int:
    bench = importlib.import_module(f"bench.{args.name}")
    print(json.dumps(bench.run(args.rest), ensure_ascii=False, indent=1))
    return 0
