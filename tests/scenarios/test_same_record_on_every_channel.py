"""One conversation of each pathway on the telephone (its words), by SMS, WeChat and on the page: the same record."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agent.model.contact import Channel
from agent.model.move import Move, MoveContext, MoveKind
from agent.model.turn import TurnKind
from folders import PATHWAYS
from tests.fakes.chat_house import PATIENT, ChatHouse
from tests.fakes.decider import decide
from tests.scenarios.case_runner import PATIENT as PATIENT_OF_CASES
from tests.scenarios.case_runner import read_case

CHANNELS = (Channel.PHONE, Channel.SMS, Channel.WECHAT, Channel.WEBCHAT)
BEGUN = ("问您几个问题", "想请您回答几个问题", "下面问的都是")  # what follows the proof of who it is
PLAIN = {TurnKind.SPEECH, TurnKind.TEXT}


class MovesOfTheCase:
    """The move stands in the case, beside the words."""

    def __init__(self, turns: list[dict[str, Any]]) -> None:
        self._moves = {str(raw["says"]): raw["move"] for raw in turns if "move" in raw}

    async def decide(self, *, conversation_id: str, text: str, context: MoveContext) -> Move:
        named = self._moves.get(text)
        return Move(MoveKind(named)) if named else decide(text, context)


def whole_case(pathway: Path) -> Path | None:
    """The pathway's first case that is words from the greeting to the goodbye and no question of the patient's."""
    for path in sorted(pathway.glob("cases/*.yml")):
        raw = read_case(path).raw
        words = all("says" in turn and "alternatives" not in turn and "faq" not in turn for turn in raw["turns"])
        end = raw["turns"][-1].get("expect", {}).get("end", "")
        plain = all(turn.get("kind", TurnKind.SPEECH) in PLAIN for turn in raw["turns"])
        if words and plain and end.startswith("completed"):
            return path
    return None


PATHS = [path for folder in sorted(PATHWAYS.glob("*/pathway.yml")) if (path := whole_case(folder.parent))]


async def record(path: Path, channel: Channel) -> dict[str, object]:
    """What the case leaves on this channel: answers, alarms, the contact's end."""
    raw = read_case(path).raw
    house = ChatHouse(channel, path.parent.parent.name, raw["node"], decides=MovesOfTheCase(raw["turns"]))
    who = {**PATIENT_OF_CASES, **raw.get("patient", {})}
    house.name, house.sex, house.birth_year = who["name"], who["sex"], who["birth_year"]
    house.id_last4 = who["id_last4"]
    await house.ready()
    said = [str(turn["says"]) for turn in raw["turns"]]
    if channel is Channel.PHONE:
        await house.phones(*said)
    else:
        if channel is Channel.SMS:
            await house.says("短信")
        if channel is Channel.WEBCHAT:
            proving = count(1)
            said = [text for text in said if next(proving) > proofs(raw)]
            await house.opens()
        if channel is Channel.WECHAT:
            await house.says("你好呀")
        await house.says(*said)
    contact = await house.contact()
    return {
        "answers": await house.answers(),
        "alarms": sorted(await house.alarms()),
        "end": (contact.status, contact.reason),
        "plans": [plan.status for plan in await (await house.records()).plans(PATIENT)],
    }


def proofs(raw: dict[str, Any]) -> int:
    """How many turns of the case go to showing who it is: on the page that is done at the door."""
    return next(
        number
        for number, turn in enumerate(raw["turns"], 1)
        if any(begun in turn["expect"].get("reply", "") for begun in BEGUN)
    )


@pytest.mark.parametrize("channel", CHANNELS[1:], ids=lambda channel: channel.value)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
async def test_the_record_is_the_same(path: Path, channel: Channel) -> None:
    on_the_phone = await record(path, Channel.PHONE)
    assert on_the_phone["answers"]
    assert await record(path, channel) == on_the_phone


def test_every_pathway_has_such_a_case() -> None:
    assert {path.parent.parent.name for path in PATHS} == {path.parent.name for path in PATHWAYS.glob("*/pathway.yml")}
