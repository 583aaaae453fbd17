"""`./suifang train`: a model of the dialogue's sources, trained only if they changed."""

import argparse
import sys

from agent.dialog.training import TrainingFailed, train
from agent.model.problem import ContentError


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--force", action="store_true", help="train even if the sources did not change")


def run(args: argparse.Namespace) -> int:
    try:
        print(train(print, force=args.force))
    except (TrainingFailed, ContentError) as error:
        print(f"suifang train: {error}", file=sys.stderr)
        return 1
    return 0
