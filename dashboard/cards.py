"""Cards as they are printed on the work page: the same card is printed once for everybody who sees it."""

from collections.abc import Callable
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from dashboard.views.queue import Card

KEPT = 2000
"""Printed cards, a kilobyte each: what waits in a large hospital, as its owners and others see it."""


def printer(environment: Environment) -> Callable[[Card, bool, bool], Markup]:
    """(card, finished, current) → its list item. A template that knows nothing but these three: what a card shows is
    in its value, so an equal card is shown alike, and another ward's is never at hand."""
    template = environment.get_template("_card.html")

    @lru_cache(KEPT)
    def printed(card: Card, finished: bool, current: bool) -> Markup:
        return Markup(template.render(item=card, finished=finished, current=current))

    return printed
