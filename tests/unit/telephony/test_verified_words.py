"""What is known besides the recogniser's own text: the question on its way in, verified words on their way out."""

from agent.model.turn import AudioSpan, Hypothesis, Origin, Reply
from agent.speech.ports import Recognised
from agent.speech.segmenter import Segmenter
from telephony.ear import Ear, Utterance
from telephony.given import joined
from tests.fakes.phone import LoudVad, PlainUpsampler


class _Attending:
    def __init__(self) -> None:
        self.question = ""

    def attend(self, question: str) -> None:
        self.question = question

    def feed(self, pcm: bytes) -> str | None:
        return None

    def speculate(self) -> None: ...

    async def finish(self) -> Recognised:
        return Recognised((), 0.0)

    def discard(self) -> None: ...


class _AttendingRecogniser:
    name, streaming = "attending", False

    def __init__(self) -> None:
        self.utterances: list[_Attending] = []

    def utterance(self) -> _Attending:
        self.utterances.append(_Attending())
        return self.utterances[-1]

    async def close(self) -> None: ...


def test_an_utterance_is_told_which_question_it_answers() -> None:
    recogniser = _AttendingRecogniser()
    ear = Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), lambda: None)
    ear.expect(Reply(("您好。", "您胸口疼吗？")))
    for frame in range(50):
        ear.hear(b"\x20" * 160, frame * 0.02)
    assert [utterance.question for utterance in recogniser.utterances] == ["您胸口疼吗？"]


def test_verified_words_of_one_utterance_survive_being_joined_with_another() -> None:
    first = Utterance((Hypothesis("有的", 0.8),), AudioSpan(0.0, 1.0))
    verified = Hypothesis("昨天昏过去了", 0.7, Origin.VERIFIED)
    second = Utterance((Hypothesis("昨天风过去了", 0.6), Hypothesis("昨天封过去", 0.5), verified), AudioSpan(1.5, 3.0))
    given = joined([first, second])
    assert given is not None
    assert given.text == "有的，昨天风过去了"
    assert given.hypotheses[0] == Hypothesis(given.text, 0.6)  # no surer than its weakest part
    assert [(h.text, h.confidence, h.origin) for h in given.hypotheses[1:]] == [
        ("有的，昨天昏过去了", 0.7, Origin.VERIFIED)
    ]
