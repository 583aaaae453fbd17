"""Transactions: every write begins with the lock it needs, every read sees one moment and can change nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.exc import SQLAlchemyError

from agent.store.errors import translate
from agent.store.screens import ScreenRecords
from agent.store.sql.campaigns import CampaignRecords
from agent.store.sql.contacts import ContactRecords
from agent.store.sql.conversation import ConversationRecords
from agent.store.sql.displays import DisplayRecords
from agent.store.sql.doors import Door
from agent.store.sql.education import EducationRecords
from agent.store.sql.faq_proposals import FaqProposalRecords
from agent.store.sql.insight import InsightQueries
from agent.store.sql.intake import IntakeStatements
from agent.store.sql.labelled_cases import LabelledCaseRecords
from agent.store.sql.live import LiveStatements
from agent.store.sql.message_account import MessageAccountRecords
from agent.store.sql.messages import MessageRecords
from agent.store.sql.moves import MoveRecords
from agent.store.sql.pathway_versions import PathwayVersionQueries
from agent.store.sql.patients import PatientRecords
from agent.store.sql.pieces import PieceRecords
from agent.store.sql.points import PointsRecords
from agent.store.sql.screens import ScreenQueries
from agent.store.sql.second_passes import SecondPassRecords
from agent.store.sql.take_overs import TakeOverRecords
from agent.store.sql.trunks import TrunkRecords
from agent.store.sql.urgency import UrgencyRecords
from agent.store.sql.users import UserRecords
from agent.store.sql.wechat import WechatRecords


class SqlRecords(
    PatientRecords,
    IntakeStatements,
    ContactRecords,
    MoveRecords,
    CampaignRecords,
    ConversationRecords,
    SecondPassRecords,
    EducationRecords,
    MessageRecords,
    MessageAccountRecords,
    TrunkRecords,
    UrgencyRecords,
    LabelledCaseRecords,
    PieceRecords,
    PointsRecords,
    UserRecords,
    FaqProposalRecords,
    WechatRecords,
    TakeOverRecords,
    LiveStatements,
    DisplayRecords,
    ScreenQueries,
    InsightQueries,
    PathwayVersionQueries,
):
    """Every noun's statements over one connection."""


class SqlStore:
    def __init__(self, door: Door) -> None:
        self._door = door

    @asynccontextmanager
    async def transaction(self, *, write: bool = True, sees: str | None = None) -> AsyncIterator[ScreenRecords]:
        try:
            async with self._door.begin(write=write) as line:
                yield SqlRecords(line, writes=write, sees=sees)
        except SQLAlchemyError as error:
            raise translate(error) from None

    async def close(self) -> None:
        await self._door.close()
