"""What a department may see: its own patients, those of no department, and whatever hangs on them."""

from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Select, Table, Text, bindparam, exists, or_
from sqlalchemy.sql.selectable import FromClause, Join

from agent.store.tables import contacts, patients

DEPARTMENT = "seen_department"  # the parameter that a statement within sight is run with
_PERSON, _CONTACT = patients.alias("seen_patients"), contacts.alias("seen_contacts")


_narrowed: WeakKeyDictionary[Select[Any], Select[Any]] = WeakKeyDictionary()


def within_sight(query: Select[Any]) -> Select[Any]:
    """The query without rows of other departments' patients, whichever of our tables it reads; it is run with the
    department as DEPARTMENT. To narrow a query takes ten times as long as to run it: one that is built once is
    narrowed once."""
    if (known := _narrowed.get(query)) is None:
        known = _narrowed[query] = _narrow(query)
    return known


def _narrow(query: Select[Any]) -> Select[Any]:
    for table in {table.name: table for each in query.get_final_froms() for table in _tables(each)}.values():
        criterion = _visible(table)
        query = query if criterion is None else query.where(criterion)
    return query


def _tables(source: FromClause) -> list[Table]:
    if isinstance(source, Join):
        return [*_tables(source.left), *_tables(source.right)]
    return [source] if isinstance(source, Table) else []


@cache
def _visible(table: Table) -> ColumnElement[bool] | None:
    """None for a table that says nothing of a patient."""
    theirs = or_(_PERSON.c.department == bindparam(DEPARTMENT, type_=Text), _PERSON.c.department.is_(None))
    if table is patients:
        return or_(table.c.department == bindparam(DEPARTMENT, type_=Text), table.c.department.is_(None))
    if "patient_id" in table.c:
        return exists().where(_PERSON.c.id == table.c.patient_id, theirs)
    if "contact_id" in table.c:
        return exists().where(_CONTACT.c.id == table.c.contact_id, _PERSON.c.id == _CONTACT.c.patient_id, theirs)
    return None
