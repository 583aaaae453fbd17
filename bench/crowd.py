"""Very many patients and contacts at once, written by the database itself."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import text

from agent.store.engines import sync_engine

PATIENTS = {
    "postgresql": """INSERT INTO patients (id, name, phone, diagnosis, tier, birth_year, sex)
        SELECT 'p' || n, '病人' || n, '+86139' || lpad(n::text, 8, '0'), '心力衰竭',
               (ARRAY['high','middle','low'])[1 + n % 3], 1940 + n % 50, 'male'
        FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n""",
    "sqlite": """WITH RECURSIVE s(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM s WHERE n < :last)
        INSERT INTO patients (id, name, phone, diagnosis, tier, birth_year, sex)
        SELECT 'p' || n, '病人' || n, '+86139' || printf('%08d', n), '心力衰竭',
               CASE n % 3 WHEN 0 THEN 'high' WHEN 1 THEN 'middle' ELSE 'low' END, 1940 + n % 50, 'male' FROM s""",
}
PLANS = """INSERT INTO plans (id, patient_id, pathway, pathway_version, discharge_date, status, created_at)
    SELECT 'plan' || substr(id, 2), id, 'heart_failure', '1', :day, 'active', :now FROM patients
    WHERE NOT EXISTS (SELECT 1 FROM plans WHERE plans.patient_id = patients.id)"""
CONTACTS = {
    "postgresql": """INSERT INTO contacts (id, plan_id, patient_id, pathway, pathway_version, node_day, due_at, status,
            attempts_made, version, planned_for)
        SELECT p.id || '-' || n || CAST(:tag AS text), 'plan' || substr(p.id, 2), p.id, 'heart_failure', '1', n, d,
               CAST(:status AS text), 0, 1, (d AT TIME ZONE 'Asia/Shanghai')::date
        FROM patients p CROSS JOIN generate_series(1, CAST(:each AS int)) n
        CROSS JOIN LATERAL (SELECT CAST(:begin AS timestamptz)
            + make_interval(secs => (n - 1) * :step + substr(p.id, 2)::int * :apart)) x(d)""",
    "sqlite": """WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :each)
        INSERT INTO contacts (id, plan_id, patient_id, pathway, pathway_version, node_day, due_at, status,
            attempts_made, version, planned_for)
        SELECT p.id || '-' || n || CAST(:tag AS text), 'plan' || substr(p.id, 2), p.id, 'heart_failure', '1', n,
               strftime('%Y-%m-%d %H:%M:%f000', :begin, later), CAST(:status AS text), 0, 1,
               date(:begin, later, '+8 hours')
        FROM (SELECT p.id, n, '+' || ((n - 1) * :step + substr(p.id, 2) * :apart) || ' seconds' AS later
              FROM patients p CROSS JOIN s) p""",
}


def add_patients(url: str, first: int, last: int, now: datetime) -> None:
    """Numbered ones, each with one plan."""
    engine = sync_engine(url)
    with engine.begin() as connection:
        connection.execute(text(PATIENTS[engine.dialect.name]), {"first": first, "last": last})
        moment = _moment(engine.dialect.name, now)
        day = now.date() if engine.dialect.name == "postgresql" else now.date().isoformat()
        connection.execute(text(PLANS), {"day": day, "now": moment})
    engine.dispose()


@dataclass(frozen=True, slots=True)
class Series:
    """`each` contacts for every patient: the first at `begin`, the others `step` seconds later each; patient n's are
    n * `apart` seconds later still. `tag` tells two series apart."""

    each: int
    begin: datetime
    step: float = 86400.0
    apart: float = 0.0
    tag: str = ""
    status: str = "due"


def add_contacts(url: str, series: Series) -> int:
    """Returns how many contacts there are now."""
    engine = sync_engine(url)
    dialect = engine.dialect.name
    values = asdict(series) | {"begin": _moment(dialect, series.begin)}
    with engine.begin() as connection:
        connection.execute(text(CONTACTS[dialect]), values)
        made = connection.execute(text("SELECT count(*) FROM contacts")).scalar_one()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
    return int(made)


def _moment(dialect: str, moment: datetime) -> object:
    return moment if dialect == "postgresql" else moment.strftime("%Y-%m-%d %H:%M:%S.%f")
