"""Wake-ups on PostgreSQL across any number of worker processes, by procrastinate (decision 0063).

A job only says "look now": what there is to do stands in our tables, so a job that is lost, doubled or late costs
a second and never a patient. `look` says that a contact changed, so that a line may be free; `sweep` runs every second
in one of the workers, whoever is alive, and finds what falls due."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

log = logging.getLogger("suifang.wakeups")

QUEUE = "suifang"
EVERY_SECOND, EVERY_MINUTE = "* * * * * *", "* * * * *"

Dispatch = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class WorkerPace:
    jobs_at_once: int = 4
    poll_seconds: float = 0.5  # how late a job of the future may be noticed


class PgWakeUps:
    """One worker process's part: it wakes, and is woken."""

    def __init__(self, url: str, dispatch: Dispatch, pace: WorkerPace | None = None) -> None:
        self._dispatch, self._pace = dispatch, pace or WorkerPace()
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._app = App(connector=PsycopgConnector(conninfo=plain, min_size=1, max_size=self._pace.jobs_at_once + 2))
        self._working: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._deferring: asyncio.Task[None] | None = None
        self._look = self._app.task(queue=QUEUE, name="look", queueing_lock="look")(self._looked)
        sweep = self._app.task(queue=QUEUE, name="sweep", queueing_lock="sweep")(self._swept)
        self._app.periodic(cron=EVERY_SECOND)(sweep)
        tidy = self._app.task(queue=QUEUE, name="tidy", queueing_lock="tidy")(self._tidied)
        self._app.periodic(cron=EVERY_MINUTE)(tidy)

    async def start(self) -> None:
        """Raises procrastinate's own errors where the database cannot be reached."""
        await self._app.open_async()
        await self._prepare()
        self._working = asyncio.create_task(
            self._app.run_worker_async(
                queues=[QUEUE],
                concurrency=self._pace.jobs_at_once,
                fetch_job_polling_interval=self._pace.poll_seconds,
                install_signal_handlers=False,
                delete_jobs="always",
                shutdown_graceful_timeout=5.0,
            ),
            name="wake-ups",
        )
        self._deferring = asyncio.create_task(self._keep_deferring(), name="looks")

    async def stop(self) -> None:
        for task in (self._deferring, self._working):
            if task is not None:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        self._deferring = self._working = None
        await self._app.close_async()

    async def contact_changed(self, contact_id: str) -> None:
        """A contact got a date or its line got free: somebody looks, once for all that change meanwhile."""
        self._changed.set()

    async def _keep_deferring(self) -> None:
        """A look that cannot be deferred is made up for by the next sweep."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._look.defer_async()
            except AlreadyEnqueued:
                continue
            except ConnectorException as error:
                log.warning("no look was deferred: %s", type(error).__name__)

    async def _looked(self) -> None:
        """Idempotent: fills the free lines in clinical order."""
        await self._dispatch()

    async def _swept(self, timestamp: int) -> None:
        await self._dispatch()

    async def _tidied(self, timestamp: int) -> None:
        """Jobs of workers that are gone for good: the sweep has done their work."""
        for job in await self._app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=30.0):
            log.warning("a worker died in mid-job: job=%s task=%s", job.id, job.task_name)
            await self._app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)

    async def _prepare(self) -> None:
        """The jobs' tables, made where missing. Of two processes at once one is told that they exist."""
        try:
            if not await self._prepared():
                await self._app.schema_manager.apply_schema_async()
        except ConnectorException:
            if not await self._prepared():
                raise

    async def _prepared(self) -> bool:
        query = "SELECT to_regclass('procrastinate_jobs') IS NOT NULL AS there"
        return bool((await self._app.connector.execute_query_one_async(query))["there"])
