"""A telephone that rings, on virtual time: what the network announces there ends the attempt, a tune does not."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from agent.answering.content import load
from agent.answering.who import WhoAnswered
from agent.model.contact import AttemptOutcome
from agent.model.turn import Reply, Turn, TurnKind
from agent.speech.segmenter import Segmenter
from folders import NLU_DATA
from machine.virtual_time import BEGINNING, run_virtual
from telephony.before_answer import BeforeAnswer
from telephony.call_parts import CallParts
from telephony.ear import Ear
from tests.fakes.one_call import Prompts, Talk
from tests.fakes.phone import LoudVad, PlainUpsampler, Says, ScriptedLine, ScriptedRecogniser

ANNOUNCEMENTS = load(NLU_DATA).announcements


@dataclass
class Network(Talk):
    """A conversation that remembers what it was told about machines."""

    machines: list[tuple[AttemptOutcome | None, str]] = field(default_factory=list)

    async def machine(self, turn: Turn, outcome: AttemptOutcome | None, *, sure: bool) -> Reply | None:
        assert turn.kind is TurnKind.MACHINE and sure
        self.machines.append((outcome, turn.text))
        return Reply((), end=True, interruptible=False)


def listened(script: list[Says], ends_at: float = 30.0, answered_at: float | None = None) -> tuple[Network, bool]:
    """What the conversation was told, and whether nobody will answer."""
    talk, recogniser = Network([]), ScriptedRecogniser(script)
    parts = CallParts(
        conversation=talk,
        prompts=Prompts(),
        new_ear=lambda on_change: Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change),
        new_recorder=lambda path: pytest.fail("nothing is recorded before the answer"),
        recordings=Path(),
        now=lambda: BEGINNING,
        new_id=iter(f"turn-{n}" for n in range(100)).__next__,
        apology="",
        new_who=partial(WhoAnswered, ANNOUNCEMENTS),
    )
    early = BeforeAnswer("attempt", parts)

    class Answered(ScriptedLine):
        """Somebody takes the call."""

        def _echo(self) -> bytes:
            if answered_at is not None and self._time >= answered_at:
                early.answered()
            return super()._echo()

    run_virtual(Answered(script, hangs_up_at=ends_at).drive(early))
    return talk, early.hopeless


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("您好您拨打的电话已关机", AttemptOutcome.POWERED_OFF),
        ("您拨打的号码是空号请核对后再拨", AttemptOutcome.NO_SUCH_NUMBER),
        ("您拨打的电话已停机", AttemptOutcome.SUSPENDED),
        ("您拨打的电话暂时无法接通", AttemptOutcome.OUT_OF_REACH),
        ("您拨打的用户正忙请稍后再拨", AttemptOutcome.BUSY),
    ],
)
def test_what_the_network_announces_ends_the_attempt_with_its_true_outcome(words: str, outcome: AttemptOutcome) -> None:
    talk, hopeless = listened([Says(1.0, 3.0, words)])
    assert talk.machines == [(outcome, words)] and hopeless


def test_words_still_under_way_when_the_ringing_ends_count() -> None:
    talk, _ = listened([Says(1.0, 3.0, "您拨打的电话已关机")], ends_at=3.9)
    assert talk.machines == [(AttemptOutcome.POWERED_OFF, "您拨打的电话已关机")]


@pytest.mark.parametrize(
    "script",
    [
        [Says(0.5, 6.0, "月亮代表我的心"), Says(8.0, 6.0, "你问我爱你有多深")],  # a tune
        [Says(0.5, 3.0, "请不要挂机您拨打的用户正在通话中")],  # he hears it knock, and may take it
        [Says(0.5, 1.2, "请不要挂机"), Says(2.6, 2.0, "您拨打的用户正在通话中")],
        [Says(0.5, 3.0, "我是机主的智能助理请问您有什么事")],  # takes the call first, and is known then
        [],
    ],
)
def test_a_tune_a_knocking_call_and_silence_are_nothing(script: list[Says]) -> None:
    talk, hopeless = listened(script)
    assert talk.machines == [] and not hopeless


def test_somebody_who_answers_is_not_hung_up_on_for_what_was_said_before() -> None:
    talk, hopeless = listened([Says(1.0, 3.0, "您拨打的电话暂时无法接通")], answered_at=4.1)
    assert talk.machines == [] and not hopeless
