"""The WeChat desk over a store, with the real reading and no dialogue behind it."""

from datetime import datetime, timedelta

from agent.conversation_ports import Hospital
from agent.model.clock import new_id, utc_now
from agent.model.message import MessageStatus
from agent.model.piece import Piece
from agent.store.ports import Duplicate, Store
from agent.triage import content as reading_content
from agent.triage.reader import Reader
from agent.wechat import content
from agent.wechat.codes import BindingCodes
from agent.wechat.desk import WechatDesk
from agent.wechat.parts import MediaLater, WechatParts
from settings import ROOT


class _Pieces:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def take(self, piece: Piece) -> bool:
        try:
            async with self._store.transaction() as records:
                await records.add_piece(piece)
        except Duplicate:
            return False
        return True


async def _no_media(media_id: str, name: str) -> str:
    raise MediaLater


async def _no_code(scene: str, lasts: timedelta) -> str:
    raise MediaLater


async def _no_receipt(message_id: str, status: MessageStatus, at: datetime, code: str) -> None:
    return None


def desk_over(store: Store) -> WechatDesk:
    return WechatDesk(
        WechatParts(
            store=store, chat=_Pieces(store), reads=Reader(reading_content.load(ROOT / "nlu_data")),
            content=content.load(ROOT / "nlu_data"), hospital=Hospital("医院", ""), allowed=lambda contact: True,
            codes=BindingCodes(b"bench"), code_for=_no_code, keep_media=_no_media, note_receipt=_no_receipt,
            now=utc_now, new_id=new_id,
        )
    )  # fmt: skip
