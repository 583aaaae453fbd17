"""Ending the tasks of one wire, and what had gone wrong in them."""

import asyncio
from collections.abc import Sequence
from typing import Any


async def stopped(tasks: Sequence[asyncio.Future[Any]]) -> list[Exception]:
    """Ends the tasks; returns what had gone wrong in them."""
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    return [result for result in results if isinstance(result, Exception)]
