"""The pure parts of chat: what is one turn, what a word or an emoji means, how choices are written."""

from datetime import timedelta

import pytest

from agent.chat.content import Command, bare
from agent.chat.quiet import MOST_WAITING, in_words, joined, ripe
from agent.chat.wording import as_text, labelled
from agent.model.contact import Channel
from agent.model.piece import Piece, PieceKind
from agent.model.turn import Expect, Option, Reply
from tests.fakes.chat_house import CHAT
from tests.fakes.rows import NOON

YES_NO = (Option("1", "是"), Option("2", "不是"))


def piece(number: int, second: float, text: str = "好", kind: PieceKind = PieceKind.TEXT, who: str = "p1") -> Piece:
    at = NOON + timedelta(seconds=second)
    return Piece(f"{number}", Channel.SMS, "+861", who, kind, at, at, text=text)


def turns(*pieces: Piece, at: float, urgent: str = "胸痛") -> list[list[list[str]]]:
    found = ripe(pieces, NOON + timedelta(seconds=at), lambda each: urgent in each.text)
    return [[[each.id for each in batch.pieces] for batch in batches] for batches in found]


def test_a_turn_is_whole_once_nothing_came_for_the_quiet_time() -> None:
    said = (piece(1, 0), piece(2, 3))
    assert turns(*said, at=7.9) == [] and turns(*said, at=8) == [[["1", "2"]]]


def test_whoever_goes_on_and_on_is_answered_in_between() -> None:
    said = [piece(number, number * 4) for number in range(6)]
    assert turns(*said, at=MOST_WAITING.total_seconds()) == [[[each.id for each in said]]]


def test_a_button_and_a_danger_do_not_wait_and_each_button_is_its_own_turn() -> None:
    assert turns(piece(1, 0, "胸痛"), at=0.1) == [[["1"]]]
    pressed = (piece(1, 0), piece(2, 1, "1", PieceKind.KEY), piece(3, 2), piece(4, 2.5))
    assert turns(*pressed, at=3) == [[["1"], ["2"], ["3", "4"]]]


def test_patients_do_not_wait_for_each_other() -> None:
    assert turns(piece(1, 0), piece(2, 4, who="p2"), at=5) == [[["1"]]]


@pytest.mark.parametrize(
    ("text", "read"),
    [("👍🏻", "是的"), ("不疼😊", "不疼"), ("👌👌👌", "是的"), ("🤒38.5", "38.5")],
)
def test_an_emoji_is_a_word_or_nothing(text: str, read: str) -> None:
    assert in_words(text, CHAT) == read


def test_a_lone_one_among_words_is_its_option() -> None:
    assert joined(["1", "不过有点喘"], CHAT, YES_NO) == "是，不过有点喘"


@pytest.mark.parametrize("text", ["退订", " TD ", "ｔ", "退订！", "Td。"])
def test_words_that_opt_out(text: str) -> None:
    assert CHAT.command(text) is Command.OPT_OUT


@pytest.mark.parametrize("text", ["我不退订", "T恤", "退订什么意思", "", "？"])
def test_words_that_do_not(text: str) -> None:
    assert CHAT.command(text) is None


def test_bare() -> None:
    assert bare(" Ｔ Ｄ。") == "td"


@pytest.mark.parametrize(
    ("question", "labels"),
    [
        ("走路喘不喘？", "喘 不喘"), ("夜里会不会憋醒？", "会 不会"), ("脚有没有肿？", "有 没有"),
        ("您方便不方便？", "方便 不方便"), ("号约好了吗？", "是 没有"), ("这几天发过烧吗？", "有 没有"),
        ("对吗？", "是 不是"),
    ],
)  # fmt: skip
def test_a_yes_is_the_questions_own_verb(question: str, labels: str) -> None:
    reply = Reply((question,), Expect.YES_NO, options=YES_NO)
    assert " ".join(option.label for option in labelled(reply)) == labels


def test_choices_are_listed_where_no_page_shows_them() -> None:
    reply = Reply(("怎么漏的？",), Expect.CHOICE, options=(Option("1", "忘记了"), Option("2", "太贵")))
    assert as_text(reply, Channel.SMS) == "怎么漏的？ 1 忘记了 2 太贵"
    assert as_text(reply, Channel.WEBCHAT) == "怎么漏的？"
