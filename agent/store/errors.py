"""What the database refused, in the store's own words; nothing of a row travels in an exception's text."""

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from agent.store.ports import Duplicate, NotFound, ReadOnly, StaleVersion, StoreError, Unavailable

_DUPLICATE = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
_MISSING = {"23503", "SQLITE_CONSTRAINT_FOREIGNKEY"}
_READ_ONLY = {"25006", "SQLITE_READONLY"}
# Serialization failure, deadlock, lock not available, too many connections, shutdown in progress.
_BUSY = {"40001", "40P01", "55P03", "53300", "57P01", "57P02", "57P03", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"}


def translate(error: SQLAlchemyError) -> Exception:
    """The exception to raise, `from None`, in place of the library's."""
    if isinstance(error, PoolTimeout):
        return Unavailable("no free connection")
    if isinstance(error, DBAPIError):
        return _by_code(error)
    if isinstance(error, StatementError) and isinstance(error.orig, ValueError):
        return ValueError(_refusal(error.orig))
    return StoreError(type(error).__name__)


def _by_code(error: DBAPIError) -> StoreError:
    code = _code(error)
    if code in _DUPLICATE:
        constraint = _constraint(error)
        return StaleVersion("turn number taken") if "turns_contact_id" in constraint else Duplicate(constraint)
    if code in _MISSING:
        return NotFound("a row refers to one that does not exist")
    if code in _READ_ONLY:
        return ReadOnly("write in a reading transaction")
    if code in _BUSY or error.connection_invalidated or (code is None and not isinstance(error, IntegrityError)):
        return Unavailable(f"the database is busy or cannot be reached ({code or 'no connection'})")
    return StoreError(code or type(error).__name__)


def _code(error: DBAPIError) -> str | None:
    orig = error.orig
    return getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None)


def _constraint(error: DBAPIError) -> str:
    """The constraint's name where the database tells it (its message may quote the row, so it is left out)."""
    diagnosis = getattr(error.orig, "diag", None)
    return str(getattr(diagnosis, "constraint_name", None) or "unique")


def _refusal(cause: ValueError) -> str:
    """A refused value's own message names a moment or a word of ours, never what a patient said."""
    return str(cause)
