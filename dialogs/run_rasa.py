"""Serves the dialogue model: run by this folder's own environment, started by agent/dialog/rasa_process.py.

usage: run_rasa.py --model FILE --port N [--interface HOST] [--parent PID]
Prepares Rasa before it serves: response checks and connections made once instead of at every turn, a log without
patient words, and an end together with the process that started it.
"""

import argparse
import ctypes
import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import Any

import without_tensorflow

HERE = Path(__file__).resolve().parent
PR_SET_PDEATHSIG = 1
IDLE_SECONDS = 2.0


def die_with_parent(parent: int) -> None:
    """The kernel ends this process when its parent ends; exits at once if the parent is gone already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit(1)


def build_validators_once() -> None:
    """jsonschema.validate checks the schema anew at every call; Rasa calls it per action with the same schema."""
    import jsonschema
    from jsonschema import validators

    built: dict[str, Any] = {}

    def validate(instance: Any, schema: Any, cls: Any = None, *args: Any, **kwargs: Any) -> None:
        key = json.dumps(schema, sort_keys=True, default=str)
        if key not in built:
            kind = cls or validators.validator_for(schema)
            kind.check_schema(schema)
            built[key] = kind(schema)
        for error in built[key].iter_errors(instance):
            raise error

    jsonschema.validate = validate


class KeptSession:
    """A client session that outlives the `async with` of one request."""

    def __init__(self, session: Any) -> None:
        self.session = session

    async def __aenter__(self) -> Any:
        return self.session

    async def __aexit__(self, *error: object) -> None:
        return None


def keep_action_connections() -> None:
    """Rasa makes a client and a connection anew at every call of the action endpoint. A kept connection is given up
    before the endpoint's server would close it under a request (it waits 5 s)."""
    import aiohttp
    from rasa.utils.endpoints import EndpointConfig

    kept: dict[int, KeptSession] = {}

    def session(endpoint: EndpointConfig) -> KeptSession:
        if id(endpoint) not in kept:
            connections = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS, limit=0)
            kept[id(endpoint)] = KeptSession(aiohttp.ClientSession(headers=endpoint.headers, connector=connections))
        return kept[id(endpoint)]

    EndpointConfig.session = session


class WordlessFormatter(logging.Formatter):
    """Time, level, place and exception type. Messages and tracebacks of a dialogue server quote what was said."""

    def format(self, record: logging.LogRecord) -> str:
        error = f" {record.exc_info[0].__name__}" if record.exc_info and record.exc_info[0] else ""
        said = f" {record.getMessage()}" if record.name.startswith("components.") else ""
        place = f"{record.name}:{record.funcName}:{record.lineno}"
        return f"{self.formatTime(record)} {record.levelname} {place}{error}{said}"


def log_without_words() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WordlessFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in list(logging.root.manager.loggerDict):
        child = logging.getLogger(name)
        child.handlers[:] = []
        child.propagate = True
    import structlog

    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
    )


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--interface", default="127.0.0.1")
    parser.add_argument("--parent", type=int)
    return parser.parse_args()


def main() -> None:
    args = arguments()
    if args.parent:
        die_with_parent(args.parent)
    without_tensorflow.install()
    build_validators_once()
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints

    keep_action_connections()
    log_without_words()
    serve_application(
        model_path=args.model,
        interface=args.interface,
        port=args.port,
        credentials=str(HERE / "credentials.yml"),
        endpoints=AvailableEndpoints.read_endpoints(str(HERE / "endpoints.yml")),
        enable_api=False,
    )


if __name__ == "__main__":
    main()
