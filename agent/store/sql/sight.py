"""What a department may see: its own patients, those of no department, and whatever hangs on them."""

from functools import cache
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Executable, Select, Table, Text, bindparam, exists, or_
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, TextClause
from sqlalchemy.sql.selectable import Alias, FromClause, Join, ScalarSelect

from agent.store.tables import contacts, patients

DEPARTMENT = "seen_department"  # the parameter that a statement within sight is run with
_PERSON, _CONTACT = patients.alias("seen_patients"), contacts.alias("seen_contacts")


_narrowed: WeakKeyDictionary[Executable, Executable | None] = WeakKeyDictionary()
"""None where there was nothing to narrow: a statement that is its own value would be kept for ever."""


class OutOfSight(Exception):
    """A statement that cannot be narrowed to a department. A fault of ours: write it over plain tables."""


def within_sight(query: Executable) -> Executable:
    """The query without rows of other departments' patients, whichever of our tables it reads, under whatever names;
    it is run with the department as DEPARTMENT. Tables that only a condition reads narrow it further and stay. To
    narrow a query takes ten times as long as to run it: one that is built once is narrowed once. Raises OutOfSight for
    what would show a patient past the condition: a query in FROM or among the columns, a union, plain text."""
    if query not in _narrowed:
        narrowed = _narrow(query)
        _narrowed[query] = None if narrowed is query else narrowed
    known = _narrowed[query]
    return query if known is None else known


def _narrow(query: Executable) -> Executable:
    if not isinstance(query, Select):
        assert isinstance(query, ClauseElement)  # as every statement is
        _refuse_patients(query, "a statement that is no plain SELECT")
        return query
    for column in query.selected_columns:
        if any(isinstance(part, ScalarSelect) for part in visitors.iterate(column)):
            _refuse_patients(column, "a column that is a query")
    for source in {id(each): each for start in query.get_final_froms() for each in _sources(start)}.values():
        criterion = _visible(source)
        query = query if criterion is None else query.where(criterion)
    return query


def _sources(start: FromClause) -> list[FromClause]:
    """The tables that a FROM reads, under the names it gives them. Raises OutOfSight."""
    if isinstance(start, Join):
        return [*_sources(start.left), *_sources(start.right)]
    if isinstance(start, Table) or (isinstance(start, Alias) and isinstance(start.element, Table)):
        return [start]
    _refuse_patients(start, "a query in FROM")
    return []


def _refuse_patients(element: ClauseElement, what: str) -> None:
    """What is inside cannot be narrowed from outside: it would show other departments' patients. Raises OutOfSight."""
    for part in visitors.iterate(element):
        if isinstance(part, TextClause) or (isinstance(part, Table) and _visible(part) is not None):
            raise OutOfSight(f"{what} reads {part}: a department may not be shown it")


@cache
def _visible(table: FromClause) -> ColumnElement[bool] | None:
    """For a table or one under another name; None where it says nothing of a patient."""
    theirs = or_(_PERSON.c.department == bindparam(DEPARTMENT, type_=Text), _PERSON.c.department.is_(None))
    if table is patients or (isinstance(table, Alias) and table.element is patients):
        return or_(table.c.department == bindparam(DEPARTMENT, type_=Text), table.c.department.is_(None))
    if "patient_id" in table.c:
        return exists().where(_PERSON.c.id == table.c.patient_id, theirs)
    if "contact_id" in table.c:
        return exists().where(_CONTACT.c.id == table.c.contact_id, _PERSON.c.id == _CONTACT.c.patient_id, theirs)
    return None
