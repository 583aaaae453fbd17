"""An app served on this machine within the running event loop: for commands, benches, drills and tests."""

import asyncio
import errno
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn

App = Callable[..., Awaitable[None]]  # as ASGI has it


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield  # Ctrl-C stays with whoever runs the loop


def bound_socket(port: int = 0) -> socket.socket:
    """On 127.0.0.1, taken at once; 0 takes any free port. Raises OSError where the port is taken."""
    listening = socket.socket(proto=socket.IPPROTO_TCP)  # named, or the loop leaves answers waiting for an ACK, 40 ms
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    return listening


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port of 127.0.0.1 that nobody holds at this moment, for a process that binds it itself."""
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def taken(host: str, port: int, *, patience_seconds: float = 0.0) -> bool:
    """Whether somebody listens there; one who is just leaving (a dialogue server whose parent was killed) gets time."""
    until = time.monotonic() + patience_seconds
    while port:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return False
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    return False  # an address that is not ours: whoever binds it says so
        if time.monotonic() > until:
            return True
        time.sleep(0.2)
    return False


@asynccontextmanager
async def served(app: App, listening: socket.socket | None = None) -> AsyncIterator[str]:
    """Serves the app while the block lasts, on any free port unless a socket is given; gives its base URL."""
    listening = listening or bound_socket()
    server = _Server(uvicorn.Config(app, log_level="warning", access_log=False, ws_ping_interval=None))
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not task.done():  # noqa: ASYNC110  uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task
        listening.close()
