"""Real Rasa under a rough hand: killed, left without our endpoint, called by a stranger; and what it writes down."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from agent.dialog import training
from agent.dialog.rasa_client import RasaDecider, turn_client
from agent.model.move import MoveContext, MoveKind, MoveUnavailable
from commands.dialogue_service import DialogueService, dialogue_service
from server import RASA_START_SECONDS

pytestmark = [pytest.mark.rasa, pytest.mark.asyncio(loop_scope="module")]
WORDS = "我胸口憋得慌，昨晚疼醒了三回"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DialogueService]:
    model = await asyncio.to_thread(training.train)  # kept by content hash for all runs
    async with dialogue_service(tmp_path_factory.mktemp("rasa"), model=model) as running:
        yield running


async def ask(
    service: DialogueService, text: str, conversation: str = "c1", context: MoveContext | None = None
) -> MoveKind:
    move = await service.decider.decide(conversation_id=conversation, text=text, context=context or MoveContext())
    return move.kind


async def test_a_conversation(service: DialogueService) -> None:
    asked = MoveContext(question="breath", expect="yes_no", phase="questions", polarity="no")
    assert await ask(service, "没有", context=asked) is MoveKind.DENY
    assert await ask(service, "等一下，我去拿血压计") is MoveKind.WAIT
    assert await ask(service, "以后别再给我打电话了") is MoveKind.OPT_OUT
    move = await service.decider.decide(conversation_id="c1", text="你怎么有我的电话？", context=MoveContext())
    assert (move.kind, move.faq) == (MoveKind.ASK, "phone_number")
    assert move.faq_answer


async def test_conversations_beside_each_other(service: DialogueService) -> None:
    kinds = await asyncio.gather(*(ask(service, "再说一遍", f"c{number}") for number in range(10)))
    assert set(kinds) == {MoveKind.REPEAT}


async def test_a_long_conversation_stays_right(service: DialogueService) -> None:
    said = [("没有", MoveKind.DENY), ("再说一遍", MoveKind.REPEAT), ("我去拿血压计", MoveKind.WAIT)] * 9
    assert [await ask(service, words, "long") for words, _ in said] == [kind for _, kind in said]


async def test_nothing_said_is_kept_on_disk(service: DialogueService) -> None:
    await ask(service, WORDS, "kept")
    folder = service.process.settings.data_folder
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["rasa.log"]
    assert WORDS not in service.process.settings.log_file.read_text(encoding="utf-8")


async def test_a_stranger_is_turned_away(service: DialogueService) -> None:
    async with turn_client() as http:
        stranger = RasaDecider(service.process.settings.base_url, http, token="guessed")
        with pytest.raises(MoveUnavailable, match="status_403"):
            await stranger.decide(conversation_id="c1", text="没有", context=MoveContext())


async def test_killed_in_mid_conversation_it_comes_back_and_goes_on(service: DialogueService) -> None:
    pid = service.process.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(MoveUnavailable):
        await ask(service, "没有")
    async with asyncio.timeout(RASA_START_SECONDS):
        while service.process.starts < 2:  # noqa: ASYNC110 another process is waited for
            await asyncio.sleep(0.05)
    await service.process.wait_ready(RASA_START_SECONDS)
    assert await ask(service, "再说一遍") is MoveKind.REPEAT


async def test_without_our_endpoint_there_is_an_error_not_dead_air_and_no_words_in_the_log(
    service: DialogueService,
) -> None:
    """Last: the endpoint does not come back."""
    assert await ask(service, WORDS) is MoveKind.ANSWER
    await service.actions.aclose()
    with pytest.raises(MoveUnavailable, match=r"empty|status_500"):
        await ask(service, WORDS)
    log = service.process.settings.log_file.read_text(encoding="utf-8", errors="replace")
    assert "ERROR" in log
    assert not [piece for piece in ("胸口", "疼醒", "憋得慌", "再说一遍", "血压计") if piece in log]
