"""What taking other systems' messages is made of."""

from dataclasses import dataclass

from agent.model.clock import NewId, Now
from agent.model.discharge import Planner
from agent.planning.node_dates import NextOpen
from agent.store.ports import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """The composition root fills it in."""

    store: Store
    planner: Planner
    next_open: NextOpen
    now: Now
    new_id: NewId
