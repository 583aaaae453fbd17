"""A network that obeys a request and loses its answer."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Lossy:
    """`loses` are the beginnings of paths whose next answer is lost, in order."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.loses: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.loses or not scope["path"].startswith(self.loses[0]):
            return await self._app(scope, receive, send)
        self.loses.pop(0)
        await self._app(scope, receive, _nowhere)
        return await Response("<html>proxy</html>", 502)(scope, receive, send)


async def _nowhere(message: Message) -> None:
    return None
