"""The end of one utterance at the recogniser."""

import asyncio
import logging

from agent.model.turn import Hypothesis
from agent.speech.ports import Recognised, RecogniserFailed, UtteranceStream

log = logging.getLogger("suifang.call")

UNEXPECTED = "unexpected"


async def deciphered(stream: UtteranceStream) -> tuple[tuple[Hypothesis, ...], str | None]:
    """What was said, or the code of the failure: whatever the recogniser raises, somebody spoke and is answered."""
    (told,) = await asyncio.gather(stream.finish(), return_exceptions=True)
    if isinstance(told, Recognised):
        return told.hypotheses, None
    if isinstance(told, RecogniserFailed):
        return (), told.code
    log.error("an utterance was not recognised: %s", type(told).__name__)
    return (), UNEXPECTED
