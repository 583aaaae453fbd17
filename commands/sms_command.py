"""`./suifang sms`: the sentences to hand in at the SMS vendor as templates, and the addresses it posts to."""

import argparse
import sys

from machine.sms_account import sentences_of
from settings import Settings, SettingsError, load
from telephony.sms.segments import segments

PLACES = {"aliyun": "${{{name}}}", "tencent": "{{{number}}}"}

LONGEST = "x" * 35  # a value as long as it may be


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("vendor", nargs="?", choices=tuple(PLACES), help="default: the one the settings name")


def run(args: argparse.Namespace) -> int:
    try:
        settings = load()
        vendor = args.vendor or settings.sms
        if vendor not in PLACES:
            print(f"{vendor}: carries any words, no templates are needed. For another: ./suifang sms aliyun|tencent")
            return 0
        _print(settings, vendor)
    except (SettingsError, ValueError) as error:
        print(f"suifang sms: {error}", file=sys.stderr)
        return 1
    return 0


def _print(settings: Settings, vendor: str) -> None:
    """One line a sentence: its name, its template or a dash, how many SMS it costs, and the text to hand in."""
    account = settings.aliyun if vendor == "aliyun" else settings.tencent
    sentences = sentences_of(settings, account.templates)
    for name in sentences.sentences:
        text = sentences.as_template(name, PLACES[vendor])
        parts = segments(sentences.as_template(name, LONGEST))
        print(f"{name:<16} {sentences.codes.get(name, '-'):<16} {parts}  {text}")
    base = f"{settings.public}/{vendor}/sms/{account.push_secret or '<SUIFANG_' + vendor.upper() + '_PUSH_SECRET>'}"
    print(f"\nreceipts to   {base}/report\nanswers to    {base}/up")
