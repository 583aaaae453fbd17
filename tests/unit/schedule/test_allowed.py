"""Which contacts the house lets its robot make."""

from pathlib import Path

from agent.dialog.pathway_loader import PathwayShelf
from folders import PATHWAYS
from settings import Settings
from tests.fakes.rows import contact
from wiring.dialling import signed_only


def test_a_contact_whose_pathway_is_gone_waits_and_holds_up_nobody(tmp_path: Path) -> None:
    for drafts in (True, False):
        allowed = signed_only(Settings(data=tmp_path, allow_drafts=drafts), PathwayShelf(PATHWAYS))
        gone = contact(1, pathway="a_pathway_that_was_removed")
        assert not allowed(gone) and not allowed(gone)
        assert allowed(contact(2, pathway="heart_failure")) is drafts  # none is signed in this tree
