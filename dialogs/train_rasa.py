"""Trains one model: run by this folder's own environment, started by agent/dialog/training.py.

usage: train_rasa.py --data FOLDER... --out FOLDER --name NAME
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--config", default=str(HERE / "config.yml"))
    parser.add_argument("--out", required=True)
    parser.add_argument("--name", required=True)
    args = parser.parse_args()
    sys.path.insert(0, str(HERE))
    from rasa.model_training import train

    result = train(
        domain=str(HERE / "domain"),
        config=args.config,
        training_files=[*args.data, str(HERE / "rules.yml")],
        output=args.out,
        force_training=True,
        fixed_model_name=args.name,
    )
    return int(result.code)


if __name__ == "__main__":
    sys.exit(main())
