"""Right rows of a discharge list → patients, plans and dated contacts. One transaction for some hundred rows, short
enough that no call waits for it: a crash leaves whole patients, and reading the list again goes on from there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.exchange.discharge_list import Parsed, Problem, Row
from agent.exchange.identity import Doubt, Known, match
from agent.exchange.patient_facts import identity_of
from agent.exchange.planned_discharge import DischargeWriter, Refused, RowResult, Written
from agent.exchange.rows_to_add import RowsToAdd
from agent.model.contact import Contact
from agent.model.discharge import Planned, Planner
from agent.model.people import Patient
from agent.planning.when import When
from agent.store.ports import Duplicate, Records, Store, StoreError

ROWS_AT_ONCE = 200
TRIES = 3  # somebody else may write the same patient meanwhile


@dataclass(frozen=True, slots=True)
class RowReport:
    """What one row came to."""

    line: int
    written: Written

    @property
    def result(self) -> RowResult:
        return self.written.result

    @property
    def patient(self) -> Patient:
        return self.written.patient

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return self.written.contacts

    @property
    def pathways(self) -> tuple[str, ...]:
        return self.written.pathways

    @property
    def differs(self) -> tuple[str, ...]:
        return self.written.differs


@dataclass(frozen=True, slots=True)
class ImportReport:
    rows: tuple[RowReport, ...]
    problems: tuple[Problem, ...]

    @property
    def imported(self) -> int:
        """Rows that changed the store."""
        return sum(row.result is not RowResult.UNCHANGED for row in self.rows)

    @property
    def unchanged(self) -> int:
        return len(self.rows) - self.imported

    @property
    def plans(self) -> int:
        return len({contact.plan_id for contact in self.contacts})

    @property
    def contacts(self) -> tuple[Contact, ...]:
        return tuple(contact for row in self.rows for contact in row.contacts)


class _TakenBack(Exception):
    """Ends a dry run's transaction."""


async def import_discharges(
    store: Store, parsed: Parsed, planner: Planner, when: When, *, dry: bool = False
) -> ImportReport:
    """Writes every row that can be written; `problems` are the parser's and those found here, by line. `dry`: all of it
    is tried in the store and taken back."""
    rows: list[RowReport] = []
    problems = list(parsed.problems)
    fitting: list[tuple[Row, Planned]] = []
    for row in parsed.rows:
        planned = planner.plan_for(row.discharge)
        if planned.pathways:
            fitting.append((row, planned))
        else:
            problems.append(_no_pathway(row))
    for some in _batches(fitting):
        for made in await _write(store, some, when, dry=dry):
            (problems if isinstance(made, Problem) else rows).append(made)  # type: ignore[arg-type]
    return ImportReport(tuple(rows), tuple(sorted(problems, key=lambda problem: problem.line)))


def _batches(rows: Sequence[tuple[Row, Planned]]) -> Iterator[Sequence[tuple[Row, Planned]]]:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        yield rows[start : start + ROWS_AT_ONCE]


async def _write(
    store: Store, rows: Sequence[tuple[Row, Planned]], when: When, *, dry: bool
) -> list[RowReport | Problem]:
    """One transaction, begun anew where another writer was in the way."""
    for tries_left in reversed(range(TRIES)):
        made: list[RowReport | Problem] = []
        try:
            async with store.transaction() as records:
                made = await _Batch(records, when).write(rows)
                if dry:
                    raise _TakenBack
        except _TakenBack:
            return made
        except StoreError as error:
            if tries_left and (error.retryable or isinstance(error, Duplicate)):
                continue
            raise
        return made
    raise AssertionError("unreachable")


class _Batch:
    def __init__(self, records: Records, when: When) -> None:
        self._records = records
        self._added = RowsToAdd()
        self._writer = DischargeWriter(records, self._added, when)

    async def write(self, rows: Sequence[tuple[Row, Planned]]) -> list[RowReport | Problem]:
        known = Known(await self._records.patients_like([identity_of(row.discharge) for row, _ in rows]))
        made: list[RowReport | Problem] = []
        for row, planned in rows:
            one = await self._row(row, planned, known)
            if isinstance(one, RowReport):
                known.add(one.patient)
            made.append(one)
        await self._added.flush(self._records)
        return made

    async def _row(self, row: Row, planned: Planned, known: Known) -> RowReport | Problem:
        who = identity_of(row.discharge)
        found = match(who, known.like(who))
        if isinstance(found, Doubt):
            return Problem(row.line, None, "doubt", found.reason, found.remedy, row.discharge.name)
        if found is not None and self._added.touches(found.id):
            await self._added.flush(self._records)
        written = await self._writer.write(row.discharge, planned, found)
        return _refused(row, written) if isinstance(written, Refused) else RowReport(row.line, written)


def _no_pathway(row: Row) -> Problem:
    return Problem(
        row.line,
        "诊断",
        "no_pathway",
        "这个诊断没有对应的随访路径",
        "请核对诊断写法，或请临床人员补一条随访路径",
        row.discharge.diagnosis,
    )


def _refused(row: Row, why: Refused) -> Problem:
    if why is Refused.STOPPED:
        reason, remedy = "患者已登记去世，或表示不再联系", "请不要再随访；登记有误时请先在系统里恢复"
        return Problem(row.line, None, "stopped", reason, remedy, row.discharge.name)
    return Problem(
        row.line,
        "出院日期",
        "overtaken",
        "系统里已有这位患者更晚的一次出院，随访按那一次进行",
        "如果系统里的日期有误，请先在患者页取消那份计划",
        row.discharge.discharge_date.isoformat(),
    )
