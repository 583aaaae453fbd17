"""The recogniser of a machine that has none: it hears nothing, so the call goes on by keypad."""

from agent.speech.ports import Recognised


class _Deaf:
    def feed(self, pcm: bytes) -> str | None:
        return None

    def speculate(self) -> None:
        return None

    async def finish(self) -> Recognised:
        return Recognised((), 0.0)

    def discard(self) -> None:
        return None


class NoRecogniser:
    name = "none"
    streaming = False

    def utterance(self) -> _Deaf:
        return _Deaf()

    async def close(self) -> None:
        return None
