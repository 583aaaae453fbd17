"""What the second opinion may say, and where it is silent: the rules always come first (decision 0005)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.model.finding import Alarm, Finding, Level, Status
from agent.triage.alarms import Read
from agent.triage.content import Content
from agent.triage.second_opinion.model import Model, Weights, load_weights
from agent.triage.second_opinion.sentences import CALM, FOLDER, Families, bare_places, load_families

WEIGHTS = "weights.npz"
SURE = 0.88  # from here a nurse is told at once
ASKED = 0.65  # from here the patient is asked
_MOST = 0.95  # confidence of an opinion: never that of words written out
_LEAST = 6  # characters that the rules have not explained
_ONLY_WHEN = re.compile(  # what tells no more than when and how often: 从昨天开始的，今天下午又有两回
    "(?:[^\u4e00-\u9fff]|大?[昨前今明后]天|[昨今明]儿?|早上|早晨|上午|中午|下午|晚上|夜里|半夜|凌晨|白天|现在|刚才|刚刚|上个?|[这那]几?|星期|礼拜"
    "|[天周月年日点号次回遍趟]|开始|起来?|以后|之后|来|到|从|打|自|[一二两三四五六七八九十几半多少]|就|又|还|都|才|已经|大概|差不多|有|是|的|了|吧|呢)+"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Opinion:
    """`read` is the danger as a finding, `sure` whether that is enough to alarm; else it is asked about."""

    read: Read
    sure: bool

    @property
    def held_back(self) -> Alarm:
        """The line of the ledger for an opinion that is asked about first."""
        found = self.read.finding
        return Alarm(
            rule=found.concept,
            level=Level.RED,
            reason=f"{found.reason}；没有报警：把握不够，先问病人",
            concepts=(found.concept,),
            surface=found.surface,
            span=found.span,
            confidence=found.confidence,
            suppressed=True,
        )


class SecondOpinion:
    """Asked about words in which the rules found nothing red."""

    def __init__(self, weights: Weights, families: Families, content: Content) -> None:
        self._model = Model(weights, CALM)
        self._concepts = {family: content.concepts[concept] for family, concept in families.concepts.items()}
        self._known_by = families.known_by

    def on(self, text: str, reads: Sequence[Read], asked: Sequence[tuple[str, Status]] = ()) -> Opinion | None:
        """The opinion on a text, normalised; None when there is none, or the rules know better: they found the same
        danger, whatever its status, or the words affirm what the question `asked`. What is asked back only is not worth
        losing an answer."""
        if any(status is Status.PRESENT for _, status in asked):
            return None
        spans = [read.finding.span for read in reads]
        left = sum(not any(start <= at < end for start, end in spans) for at in _hans(text))
        if left < _LEAST:
            return None
        told, places = bare_places(text)
        guess = self._model.guess(told, SURE if asked else ASKED)
        if guess is None or any(read.finding.concept in self._known_by[guess.family] for read in reads):
            return None
        start, end = places[guess.span[0]], places[guess.span[1] - 1] + 1
        if _ONLY_WHEN.fullmatch(text[start:end]):
            return None
        concept = self._concepts[guess.family]
        finding = Finding(
            concept=concept.id,
            label=concept.label,
            surface=text[start:end],
            span=(start, end),
            status=Status.PRESENT,
            reason=f"按意思相近判断，凭「{text[start:end]}」",
            confidence=round(min(guess.sure, _MOST), 2),
        )
        return Opinion(Read(finding, recent=False), guess.sure >= SURE)


def _hans(text: str) -> Iterator[int]:
    return (match.start() for match in _HAN.finditer(text))


def load_opinion(content: Content) -> SecondOpinion | None:
    """The second opinion of a content folder; None where none was trained. Raises ContentError."""
    path = content.folder / FOLDER / WEIGHTS
    if not path.exists():
        return None
    return SecondOpinion(load_weights(path), load_families(content.folder, content.concepts), content)
