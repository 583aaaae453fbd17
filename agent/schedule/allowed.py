"""Which contacts the house lets its robot make. One that it may not make yet stays due, and stands in nobody's way."""

from collections.abc import Callable, Collection, Iterable

from agent.model.contact import Contact, Script

Allowed = Callable[[Contact], bool]
"""Whether the house may make this contact now (its pathway is signed, or drafts are allowed): the same for all contacts
of one script."""


def everybody(contact: Contact) -> bool:
    return True


class Gate:
    """A script that was refused is asked about anew at each round, by one of its contacts, and not claimed meanwhile:
    claimed, it would take the place of a call, and keep the patient's other contacts back."""

    def __init__(self, allowed: Allowed) -> None:
        self._allowed = allowed
        self._refused: dict[Script, Contact] = {}

    def shut(self) -> Collection[Script]:
        """What need not be claimed now."""
        self._refused = {script: each for script, each in self._refused.items() if not self._allowed(each)}
        return self._refused.keys()

    def let_through(self, claimed: Iterable[Contact]) -> list[Contact]:
        through = []
        for contact in claimed:
            if self._allowed(contact):
                through.append(contact)
            else:
                self._refused[contact.script] = contact
        return through
