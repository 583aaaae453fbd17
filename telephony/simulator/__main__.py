"""`python -m telephony.simulator --port 9900 --account-sid AC... --auth-token ...`: the carrier as a process."""

import argparse
import os
import sys
from pathlib import Path

import uvicorn

from telephony.simulator.app import create_app
from telephony.simulator.config import PATIENTS, VOICES, SimulatorConfig
from telephony.simulator.persona import PersonaError


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m telephony.simulator", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--account-sid", default=os.environ.get("TWILIO_ACCOUNT_SID", ""))
    parser.add_argument("--auth-token", default=os.environ.get("TWILIO_AUTH_TOKEN", ""))
    parser.add_argument("--patients", type=Path, default=PATIENTS, help="folder of personas (*.yml)")
    parser.add_argument("--voices", type=Path, default=VOICES, help="folder of rendered lines")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> int:
    args = arguments()
    if not args.account_sid or not args.auth_token:
        print("simulator: an account SID and an auth token are needed", file=sys.stderr)
        return 2
    config = SimulatorConfig(args.account_sid, args.auth_token, args.patients, args.voices, seed=args.seed)
    try:
        app = create_app(config)
    except PersonaError as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    uvicorn.run(app, host="127.0.0.1", port=args.port, log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
