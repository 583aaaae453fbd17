"""A card is printed once for all who see the same; whatever differs for anybody is printed anew."""

from agent.model.finding import Level
from dashboard.cards import printer
from dashboard.views.marks import Piece
from dashboard.views.queue import Card, Clock
from dashboard.web import templates
from tests.unit.dashboard.conftest import START, Ward


def card(**changes: object) -> Card:
    made = {
        "id": "e1", "level": Level.RED, "status": "taken", "name": "王秀英", "who": "女 71 岁",
        "what": "心衰随访 · 第 7 天", "pieces": (Piece("今天"), Piece("胸口闷", "alarm red")),
        "again": 0, "reason": "胸痛", "clock": Clock(START, "3 分钟", "", 300, 600, True),
        "owner": "李静", "mine": False, "done": "",
    }  # fmt: skip
    return Card(**(made | changes))  # type: ignore[arg-type]


def test_an_equal_card_is_the_same_print_and_any_difference_another() -> None:
    printed = printer(templates())
    first = printed(card(), False, False)
    assert printed(card(), False, False) is first and "胸口闷" in first and "李静" in first
    others = (
        printed(card(mine=True), False, False),
        printed(card(clock=Clock(START, "4 分钟", "", 300, 600, True)), False, False),
        printed(card(pieces=(Piece("<b>"),)), False, False),
        printed(card(), False, True),
        printed(card(), True, False),
    )
    assert len({first, *others}) == 6
    assert "我接手" in others[0] and "&lt;b&gt;" in others[2] and 'aria-current="true"' in others[3]


def test_each_language_prints_its_own() -> None:
    mine = card(mine=True)
    assert printer(templates("en"))(mine, False, False) != printer(templates())(mine, False, False)


async def test_the_wait_on_a_card_goes_on(ward: Ward) -> None:
    nurse = await ward.nurse()
    before = (await nurse.fragment("/queue/list")).text
    assert (await nurse.fragment("/queue/list")).text == before
    ward.clock.passes(minutes=1)
    assert (await nurse.fragment("/queue/list")).text != before
