"""Who answered, in whole calls on virtual time: what the robot says when, and what the conversation is told."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import pytest

from agent.answering.content import load
from agent.answering.who import WhoAnswered
from agent.model.contact import AttemptOutcome
from agent.model.turn import Expect, Reply, Turn, TurnKind
from folders import NLU_DATA
from tests.fakes import one_call
from tests.fakes.one_call import GOODBYE, Talk
from tests.fakes.phone import Says, ScriptedLine

ANNOUNCEMENTS = load(NLU_DATA).announcements
GREETING = Reply(("您好，请问是本人吗？",), Expect.YES_NO, patience_seconds=6.0, interruptible=False)
MESSAGE = Reply(("我们过些时候再打给您。",), end=True, interruptible=False)
NOTHING = Reply((), end=True, interruptible=False)


@dataclass
class Machines(Talk):
    """A conversation that also remembers machines; `alarmed` is what it says to unsure words."""

    to_machines: Reply = NOTHING
    alarmed: bool = False
    machines: list[tuple[float, AttemptOutcome | None, str]] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)  # ids of turns that may be a person's

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        if self.alarmed and not sure:
            self.given_back.append(turn.id)
            return None
        self.machines.append((round(asyncio.get_running_loop().time(), 2), outcome, turn.text))
        assert turn.kind is TurnKind.MACHINE
        return self.to_machines


def call(line: ScriptedLine, talk: Machines, guesses: Mapping[float, str] = MappingProxyType({})) -> None:
    one_call.call(line, talk, new_who=partial(WhoAnswered, ANNOUNCEMENTS), guesses=guesses)


def begins(talk: Machines) -> float:
    """When the robot was told to begin."""
    return next(at for at, kind, _ in talk.turns if kind is TurnKind.START)


def said(talk: Machines) -> list[str]:
    return [text for _, kind, text in talk.turns if kind is TurnKind.SPEECH]


def test_whoever_says_喂_is_greeted_within_two_and_a_half_seconds() -> None:
    line, talk = ScriptedLine([Says(0.7, 0.4, "喂"), Says(5.0, 0.8, "是我")]), Machines([GREETING])
    call(line, talk)
    assert begins(talk) <= 2.5
    assert said(talk) == ["是我"]  # the 喂 waits for no answer
    assert talk.machines == []


def test_somebody_who_waits_is_greeted_too() -> None:
    line, talk = ScriptedLine([Says(5.0, 0.8, "是我")]), Machines([GREETING])
    call(line, talk)
    assert 1.4 < begins(talk) < 1.7 and said(talk) == ["是我"]


def test_an_opening_that_says_something_is_answered_after_the_greeting() -> None:
    line, talk = ScriptedLine([Says(0.5, 2.0, "喂你好我是他女儿")]), Machines([GREETING])
    call(line, talk)
    assert [(kind, text) for _, kind, text in talk.turns][:2] == [
        (TurnKind.START, ""),
        (TurnKind.SPEECH, "喂你好我是他女儿"),
    ]


def test_the_robot_says_nothing_to_an_announcement() -> None:
    script = [Says(0.4, 3.2, "您好您拨打的电话已关机请稍后再拨"), Says(4.4, 3.0, "sorry the number is power off")]
    line, talk = ScriptedLine(script, hangs_up_at=20.0), Machines([GREETING])
    call(line, talk)
    assert [(outcome, text) for _, outcome, text in talk.machines] == [
        (AttemptOutcome.POWERED_OFF, "您好您拨打的电话已关机请稍后再拨")
    ]
    assert talk.turns == [] and [what for _, what in line.log] == ["hang_up"]


def test_an_announcement_that_hangs_up_by_itself_is_known_all_the_same() -> None:
    line = ScriptedLine([Says(0.4, 2.0, "您拨打的号码是空号")], hangs_up_at=2.6)
    talk = Machines([GREETING])
    call(line, talk)
    assert [(outcome, text) for _, outcome, text in talk.machines] == [
        (AttemptOutcome.NO_SUCH_NUMBER, "您拨打的号码是空号")
    ]
    assert talk.turns == []


def test_a_voicemail_hears_one_sentence_after_its_own_words() -> None:
    line = ScriptedLine([Says(0.4, 5.0, "您拨打的用户暂时无人接听请在嘀声后留言")])
    talk = Machines([GREETING], to_machines=MESSAGE)
    call(line, talk)
    ((_, outcome, _),) = talk.machines
    assert outcome is AttemptOutcome.VOICEMAIL
    (played,) = [at for at, what in line.log if what == "play"]
    assert played > 6.4 and line.log[-1][1] == "hang_up"


def test_words_known_late_stop_the_greeting() -> None:
    script = [Says(0.5, 0.8, ""), Says(2.4, 3.5, "您拨打的电话暂时无法接通")]
    line, talk = ScriptedLine(script), Machines([GREETING])
    call(line, talk)
    assert begins(talk) < 2.5  # 对不起 and a pause sound like a person's opening
    assert [outcome for _, outcome, _ in talk.machines] == [AttemptOutcome.OUT_OF_REACH]
    assert said(talk) == []


def test_somebody_who_talks_on_is_a_machine_and_the_robot_stays_silent() -> None:
    line, talk = ScriptedLine([Says(0.5, 9.0, "本店现推出优惠活动欢迎光临")]), Machines([GREETING])
    call(line, talk)
    assert [(outcome, text) for _, outcome, text in talk.machines] == [
        (AttemptOutcome.VOICEMAIL, "本店现推出优惠活动欢迎光临")
    ]
    assert "play" not in [what for _, what in line.log]


def test_somebody_in_danger_who_talks_on_is_answered() -> None:
    line = ScriptedLine([Says(0.5, 6.0, "快来人啊我胸口疼得不行了")])
    talk = Machines([GREETING], alarmed=True)
    call(line, talk)
    assert talk.machines == [] and said(talk) == ["快来人啊我胸口疼得不行了"]
    words = [own for own, kind in zip(talk.ids, talk.kinds, strict=True) if kind is TurnKind.SPEECH]
    assert words == talk.given_back  # under the id by which a nurse was told of them already


def test_words_under_way_are_read_of_a_person_who_was_greeted_and_of_nobody_before() -> None:
    opening = Says(0.5, 6.0, "快来人啊我胸口疼", so_far=((1.0, "快来人啊"), (3.0, "快来人啊我胸口疼")))
    talk = Machines([GREETING])
    call(ScriptedLine([opening]), talk)
    assert talk.machines and talk.overheard == []
    talk = Machines([GREETING])
    call(ScriptedLine([Says(0.7, 0.4, "喂"), Says(6.0, 1.0, "我胸口疼", so_far=((1.0, "我胸口疼"),))]), talk)
    assert [words for _, _, words in talk.overheard] == ["我胸口疼"]


def test_a_person_whom_a_call_assistant_fetches_is_greeted() -> None:
    script = [Says(0.5, 4.0, "您好我是机主的智能助理请问您有什么事"), Says(8.5, 0.5, "喂"), Says(13.5, 0.8, "是我")]
    line, talk = ScriptedLine(script), Machines([GREETING])
    call(line, talk)
    assert [outcome for _, outcome, _ in talk.machines] == [None]
    assert 9.0 < begins(talk) < 10.5 and said(talk) == ["是我"]


def test_a_call_assistant_that_fetches_nobody_is_left() -> None:
    line = ScriptedLine([Says(0.5, 4.0, "您好我是机主的智能助理请问您有什么事")])
    talk = Machines([GREETING])
    call(line, talk)
    assert [outcome for _, outcome, _ in talk.machines] == [AttemptOutcome.CALL_ASSISTANT]
    assert talk.turns == [] and line.log[-1][0] < 20


def test_while_the_call_is_put_through_the_robot_waits() -> None:
    script = [Says(0.5, 2.5, "请稍候正在为您接通"), Says(12.0, 0.4, "喂"), Says(16.5, 0.8, "是我")]
    line, talk = ScriptedLine(script), Machines([GREETING])
    call(line, talk)
    assert 12.5 < begins(talk) < 14.0 and said(talk) == ["是我"]
    assert [(outcome, text) for _, outcome, text in talk.machines] == [(None, "请稍候正在为您接通")]


@pytest.mark.parametrize(("word", "outcome"), [("fax", AttemptOutcome.VOICEMAIL), ("machine_start", None)])
def test_the_carriers_guess_alone_ends_a_call_only_for_a_fax(word: str, outcome: AttemptOutcome | None) -> None:
    line, talk = ScriptedLine([Says(0.7, 0.4, "喂"), Says(5.0, 0.8, "是我")]), Machines([GREETING])
    call(line, talk, {0.3: word})
    assert [found for _, found, _ in talk.machines] == ([outcome] if outcome else [])


def test_a_key_is_a_persons() -> None:
    line, talk = ScriptedLine([], digits={0.5: "1"}), Machines([GREETING, GOODBYE])
    call(line, talk)
    assert begins(talk) < 0.7 and (TurnKind.DIGITS, "1") in [(kind, text) for _, kind, text in talk.turns]


def test_whoever_hangs_up_before_the_greeting_is_on_record() -> None:
    line, talk = ScriptedLine([Says(0.3, 0.6, "打错了")], hangs_up_at=1.0), Machines([GREETING])
    call(line, talk)
    assert [(kind, text) for _, kind, text in talk.turns] == [
        (TurnKind.START, ""),
        (TurnKind.SPEECH, "打错了"),
        (TurnKind.HANGUP, ""),
    ]
