"""`./suifang serve`: the whole stack in one process, the dialogue server as its child."""

import argparse
import contextlib
import logging
import sys
from pathlib import Path
from types import FrameType

import uvicorn
from fastapi import FastAPI
from rich.console import Console

from agent.model.problem import ContentError
from agent.schedule.calendar_file import CalendarError
from folders import PATHWAYS
from machine import plan
from machine.alarm_clocks import clocks_of
from machine.served import taken
from machine.setup import set_up
from machine.steps import SetupFailed
from settings import Settings, SettingsError, load
from telephony.steady_socket import SteadySocket
from wiring.calling_hours import calendar_of
from wiring.planning import names_in, rules_of

PATIENCE_SECONDS = 10.0  # for a copy that is just ending


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, help="where the dashboard and the carrier's webhooks listen")
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--allow-drafts", action="store_true", help="use pathways no clinician has signed yet")
    parser.add_argument("--password-file", type=Path, help="write the generated first password here instead")


def run(args: argparse.Namespace) -> int:
    console = Console(stderr=True)
    chosen = {name: getattr(args, name) for name in ("port", "host") if getattr(args, name) is not None}
    if args.allow_drafts:
        chosen["allow_drafts"] = True
    try:
        settings = load(**chosen)
        calendar_of(settings)
        rules_of(settings, names_in(PATHWAYS))
        clocks_of(settings)
        for complaint in set_up(plan.for_calls(settings), console):
            console.print(f"not set up: {complaint}", style="yellow")
        _ports_free(settings)
    except (SettingsError, CalendarError, ContentError, SetupFailed) as problem:
        console.print(str(problem), style="red")
        return 1
    serve(settings, console, args.password_file)
    return 0


def _ports_free(settings: Settings) -> None:
    """Raises SettingsError: a second copy would restart its dialogue server for ever, or end in a traceback."""
    wanted = (
        ("SUIFANG_PORT", settings.host, settings.port),
        ("SUIFANG_RASA_PORT", "127.0.0.1", settings.rasa_port),
        ("SUIFANG_HL7_PORT", settings.hl7_host, settings.hl7_port),
    )
    for name, host, port in wanted:
        if taken(host, port, patience_seconds=PATIENCE_SECONDS):
            remedy = f"is another copy running? Stop it, or set {name} to a free port"
            raise SettingsError(f"{name}: {host}:{port} is taken: {remedy}")


def serve(settings: Settings, console: Console, password_file: Path | None) -> None:
    from server import create_app  # heavy: after the settings are known to be good

    def first_password(password: str) -> None:
        if password_file is not None:
            password_file.touch(mode=0o600)
            password_file.write_text(password, encoding="utf-8")
        else:
            console.print(f"first login: admin   password (shown once): [bold]{password}[/bold]")

    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    console.print(f"dashboard: {settings.public}   stop with Ctrl-C")
    app = create_app(settings, first_password)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=20,
        ws=SteadySocket,
    )
    with contextlib.suppress(KeyboardInterrupt):  # raised again after everything was stopped in order
        _Server(config, app).run()


class _Server(uvicorn.Server):
    """Ends the pages' live streams when told to stop; they would hold the shutdown for its whole patience."""

    def __init__(self, config: uvicorn.Config, app: FastAPI) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        stack = getattr(self._app.state, "stack", None)
        if stack is not None:
            stack.live.close()
        super().handle_exit(sig, frame)
