"""`./suifang train`: models of the content's sources. The dialogue's is trained only if they changed."""

import argparse
import sys
import time

from agent.dialog.training import TrainingFailed, train
from agent.model.problem import ContentError
from folders import NLU_DATA


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "what",
        nargs="?",
        default="dialogue",
        choices=["dialogue", "reading"],
        help="dialogue: what the patient is doing (default); reading: triage's second opinion, seconds",
    )
    parser.add_argument("--force", action="store_true", help="train even if the sources did not change")


def run(args: argparse.Namespace) -> int:
    try:
        print(_reading() if args.what == "reading" else train(print, force=args.force))
    except (TrainingFailed, ContentError) as error:
        print(f"suifang train: {error}", file=sys.stderr)
        return 1
    return 0


def _reading() -> str:
    """Trains the second opinion and keeps its weights beside its sentences."""
    from agent.triage.content import load
    from agent.triage.second_opinion import training
    from agent.triage.second_opinion.opinion import WEIGHTS
    from agent.triage.second_opinion.sentences import FOLDER, load_sentences

    began = time.monotonic()
    sentences = load_sentences(NLU_DATA, load(NLU_DATA).concepts)
    weights = training.train(training.labelled(sentences.all), sentences.digest())
    path = NLU_DATA / FOLDER / WEIGHTS
    weights.save(path)
    return (
        f"{path.name}: {len(sentences.all)} sentences, {len(weights.pieces)} pieces, "
        f"{path.stat().st_size // 1024} kB, {time.monotonic() - began:.0f} s"
    )
