"""What a department may see: its own patients, those of no department, and whatever hangs on them."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, exists, or_
from sqlalchemy.sql.util import find_tables

from agent.store.tables import contacts, patients


def within_sight(query: Select[Any], department: str) -> Select[Any]:
    """The query without rows of other departments' patients, whichever of our tables it reads."""
    tables = {table for each in query.get_final_froms() for table in find_tables(each)}
    for table in sorted((t for t in tables if isinstance(t, Table)), key=lambda t: t.name):
        criterion = _visible(table, department)
        query = query if criterion is None else query.where(criterion)
    return query


def _visible(table: Table, department: str) -> ColumnElement[bool] | None:
    """None for a table that says nothing of a patient."""
    person, contact = patients.alias("seen_patients"), contacts.alias("seen_contacts")
    theirs = or_(person.c.department == department, person.c.department.is_(None))
    if table is patients:
        return or_(table.c.department == department, table.c.department.is_(None))
    if "patient_id" in table.c:
        return exists().where(person.c.id == table.c.patient_id, theirs)
    if "contact_id" in table.c:
        return exists().where(contact.c.id == table.c.contact_id, person.c.id == contact.c.patient_id, theirs)
    return None
