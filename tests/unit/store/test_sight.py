"""What a department may see is narrowed whatever the query's shape, or the query is refused."""

import gc
from collections.abc import Callable

import pytest
from sqlalchemy import Executable, func, select, text, union_all

import agent.store.sql.store
from agent.store.sql.sight import OutOfSight, _narrowed, within_sight
from agent.store.tables import contacts, escalations, metadata, outbox, patients, turns, users

NOBODYS = {
    "campaigns", "displays", "events", "faq_proposals", "outbox", "trunks", "users", "wechat_inbox",
}  # fmt: skip
"""Tables whose rows a page reads as they are: of the house, or only by the id of what it may see."""


def shown(statement: Executable) -> str:
    return str(within_sight(statement))


def test_a_table_is_narrowed_under_every_name() -> None:
    other = contacts.alias("other")
    assert "seen_patients.id = contacts.patient_id" in shown(select(contacts.c.id))
    assert "seen_patients.id = other.patient_id" in shown(select(other.c.id))
    both = shown(select(contacts.c.id, other.c.id).join(other, other.c.plan_id == contacts.c.plan_id))
    assert "contacts.patient_id" in both and "other.patient_id" in both
    people = patients.alias("people")
    assert "people.department = :seen_department" in shown(select(people.c.name))


def test_what_is_of_the_house_and_what_only_a_condition_reads_stays_as_it_is() -> None:
    assert "seen_" not in shown(select(users.c.name))
    assert "seen_" not in shown(union_all(select(users.c.name), select(outbox.c.id)))
    by_condition = select(contacts.c.id).where(contacts.c.id.in_(select(turns.c.contact_id)))
    assert "seen_patients.id = contacts.patient_id" in shown(by_condition)


PAST_IT: dict[str, Callable[[], Executable]] = {
    "a query in FROM": lambda: select(select(patients.c.name).subquery().c.name),
    "a CTE": lambda: select(select(turns.c.id).cte("said").c.id),
    "beside a table": lambda: select(contacts.c.id, select(patients.c.name).subquery().c.name),
    "joined": lambda: select(contacts.c.id).join(q := select(patients).subquery(), q.c.id == contacts.c.patient_id),
    "deep inside": lambda: select(select(select(patients.c.name).subquery().c.name).subquery().c.name),
    "among the columns": lambda: select(contacts.c.id, select(func.count(escalations.c.id)).scalar_subquery()),
    "a column alone": lambda: select(select(func.max(patients.c.name)).scalar_subquery()),
    "a union": lambda: union_all(select(patients.c.name), select(users.c.name)),
    "plain text": lambda: text("SELECT name FROM patients"),
}


@pytest.mark.parametrize("made", PAST_IT.values(), ids=PAST_IT)
def test_what_would_show_a_patient_past_the_condition_is_refused(made: Callable[[], Executable]) -> None:
    with pytest.raises(OutOfSight):
        within_sight(made())


def test_a_new_table_hangs_on_a_patient_or_is_named_here() -> None:
    assert agent.store.sql.store  # every table is known by now
    free = {name for name, table in metadata.tables.items() if not {"patient_id", "contact_id"} & set(table.c.keys())}
    assert free - {"patients"} == NOBODYS


def test_what_was_narrowed_is_forgotten_with_its_statement() -> None:
    before = len(_narrowed)
    for _ in range(20):
        within_sight(select(users.c.name))  # nothing to narrow
        within_sight(select(contacts.c.id))
    gc.collect()
    assert len(_narrowed) <= before
