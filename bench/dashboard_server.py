"""The workstation alone, over a filled database, in a process of its own: `python -m bench.dashboard_server`."""

import asyncio
import sys
import tempfile
from pathlib import Path

import uvicorn

from agent.model.clock import new_id, utc_now
from agent.store.open import open_store
from dashboard.app import create
from dashboard.deps import DashboardDeps
from dashboard.live import LiveHub

KEY = b"the key of a bench that ends soon"


async def serve(url: str, port: int) -> None:
    store = await open_store(url)
    with tempfile.TemporaryDirectory() as folder:
        deps = DashboardDeps(
            store=store, live=LiveHub(), recordings_folder=Path(folder), now=utc_now, new_id=new_id, secret_key=KEY,
            pathway_titles=lambda pathway: "心衰出院随访", question_labels=lambda pathway, version, question: question,
        )  # fmt: skip
        config = uvicorn.Config(create(deps), port=port, log_level="error", access_log=False)
        await uvicorn.Server(config).serve()
    await store.close()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as as_served:
        as_served.run(serve(sys.argv[1], int(sys.argv[2])))
