"""Where the clauses of spoken words end. Pure."""

import re

STOPS = re.compile(r"[，。,.;；！!？?\s]+")


def clauses_of(text: str) -> list[str]:
    return [clause for clause in STOPS.split(text) if clause]
