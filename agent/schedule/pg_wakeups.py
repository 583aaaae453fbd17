"""Wake-ups on PostgreSQL across any number of worker processes, by procrastinate (decision 0063).

A job only says "look now": what there is to do stands in our tables, so a job that is lost, doubled or late costs
seconds and never a patient. `look` is deferred for the moment a contact falls due; `sweep` runs every second in one of
the workers, whoever is alive."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from agent.model.clock import Now
from agent.model.contact import ContactStatus
from agent.store.ports import Store

log = logging.getLogger("suifang.wakeups")

QUEUE = "suifang"
AHEAD = timedelta(minutes=10)  # a contact due later is found by the sweep
EVERY_SECOND, EVERY_MINUTE = "* * * * * *", "* * * * *"

Dispatch = Callable[[], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class WorkerPace:
    jobs_at_once: int = 4
    poll_seconds: float = 0.5  # how late a job of the future may be noticed


class PgWakeUps:
    """One worker process's part: it wakes, and is woken."""

    def __init__(self, url: str, store: Store, dispatch: Dispatch, now: Now, pace: WorkerPace | None = None) -> None:
        self._store, self._dispatch, self._now, self._pace = store, dispatch, now, pace or WorkerPace()
        plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._app = App(connector=PsycopgConnector(conninfo=plain, min_size=1, max_size=self._pace.jobs_at_once + 2))
        self._working: asyncio.Task[None] | None = None
        self._look = self._app.task(queue=QUEUE, name="look")(self._looked_at)
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

    async def stop(self) -> None:
        if self._working is not None:
            self._working.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._working
            self._working = None
        await self._app.close_async()

    async def contact_changed(self, contact_id: str) -> None:
        """A contact got a date or its line got free: somebody looks now, and at a date that is near. Safe to repeat."""
        async with self._store.transaction(write=False) as records:
            contact = await records.contact(contact_id)
        await self._defer(contact_id, None)
        soon = self._now() < contact.due_at <= self._now() + AHEAD
        if contact.status is ContactStatus.DUE and soon:
            await self._defer(contact_id, contact.due_at)

    async def _defer(self, contact_id: str, at: datetime | None) -> None:
        """One waiting look is enough now; for a moment of the future, one a contact."""
        lock = "look" if at is None else f"look {contact_id}"
        with contextlib.suppress(AlreadyEnqueued):
            await self._look.configure(queueing_lock=lock, schedule_at=at).defer_async(contact_id=contact_id)

    async def _looked_at(self, contact_id: str) -> None:
        """Idempotent: fills the free lines in clinical order, this contact among the others."""
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
