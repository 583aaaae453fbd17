"""Proposed answers of the store in memory."""

from collections.abc import Sequence

from agent.model.faq_proposal import FaqProposal
from tests.fakes.memory_tables import MemoryWrites


class MemoryFaq(MemoryWrites):
    async def add_faq_proposal(self, proposal: FaqProposal) -> None:
        self._add(self._t.faq_proposals, proposal.id, proposal)

    async def faq_proposals(self) -> Sequence[FaqProposal]:
        return sorted(self._t.faq_proposals.values(), key=lambda each: (each.at, each.id))

    async def drop_faq_proposal(self, proposal_id: str) -> None:
        self._check()
        self._t.faq_proposals.pop(proposal_id, None)
