"""Proposed answers."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from agent.model.faq_proposal import FaqProposal
from agent.store.faq_table import faq_proposals
from agent.store.sql.statements import Statements, as_row, columns


class FaqProposalRecords(Statements):
    async def add_faq_proposal(self, proposal: FaqProposal) -> None:
        await self._change(faq_proposals.insert().values(as_row(proposal)))

    async def faq_proposals(self) -> Sequence[FaqProposal]:
        query = select(*columns(faq_proposals, FaqProposal))
        return await self._many(FaqProposal, query.order_by(faq_proposals.c.at, faq_proposals.c.id))

    async def drop_faq_proposal(self, proposal_id: str) -> None:
        await self._change(delete(faq_proposals).where(faq_proposals.c.id == proposal_id))
