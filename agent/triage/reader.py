"""Reads one utterance: findings with status, numbers, alarms. Pure: no clock, no network, no Rasa."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.model.finding import Alarm, Finding, Level, Manner, Measurement, Polarity, Reading, Status, level_of
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis
from agent.triage.alarms import AlarmBook, Read
from agent.triage.answer_mentions import said_by_letter
from agent.triage.answer_values import ValueReader
from agent.triage.answers import AnswerReader
from agent.triage.asked_verbs import polarity_by_verb
from agent.triage.bare_answers import why_doubted
from agent.triage.content import SYMPTOM, Content
from agent.triage.cues import CuePatterns, any_of
from agent.triage.judged import Judged
from agent.triage.measurements import MeasurementReader
from agent.triage.question_form import AskedItem
from agent.triage.reads import ONE_OF, denied_in_part, of_others, one_of, told
from agent.triage.second_opinion.opinion import Opinion, SecondOpinion, load_opinion
from agent.triage.sound import SoundMatcher
from agent.triage.spotter import Spot, Spotted, Spotter
from agent.triage.status import StatusReader
from agent.triage.surroundings import around, mask
from agent.triage.textform import normal
from agent.triage.weight_change import gained

_NOTHING_KNOWN = ReadingContext()
_SOUND_CONFIDENCE = 0.6
_ALTERNATIVE_CONFIDENCE = 0.7
_NOT_KNOWN = "说不清楚，要再问"
_STILL = re.compile(r"^(?:还是|就是|也是|[还就也都])+")
_ALL_OF_IT = re.compile(r"[都全]|样样|也")
_NOT_NOW = (Status.HYPOTHETICAL, Status.PAST, Status.OTHER_PERSON)


class Reader:
    """Built once from the content; `read` keeps no state. `opinion` takes the place of the content's own."""

    def __init__(self, content: Content, opinion: SecondOpinion | None = None) -> None:
        self.content = content
        self._opinion = opinion or load_opinion(content)  # first: what is read for it is free again for the rest
        self._spotter = Spotter(content)
        self._status = StatusReader(CuePatterns(content.cues))
        self._answers = AnswerReader(content)
        self._measurements = MeasurementReader(content)
        self._values = ValueReader(content, self._measurements)
        self._alarms = AlarmBook(content)
        self._sound = SoundMatcher(content)
        self._same = re.compile(any_of(content.answers["same_as_before"]))
        self._better = re.compile(any_of(content.answers["better"]))

    def read(
        self, text: str, context: ReadingContext = _NOTHING_KNOWN, alternatives: Sequence[Hypothesis] = ()
    ) -> Reading:
        """Everything the words say. `alternatives` are further recogniser hypotheses, best first: a red flag that
        stands only in one of them is taken from there, with less confidence."""
        text = normal(text)
        spotted = self._spot(text, context)
        reads = [] if self._answers.only_unsure(text) else self._reads(text, spotted, context)
        measurements = self._measurements.read(text, context)
        measurements = (*measurements, *gained(text, measurements))
        polarity = polarity_by_verb(text, normal(context.question)) or self._answers.polarity(text)
        asked, left_out = self._asked(text, context, reads)
        if context.asked and not asked and polarity in (Polarity.YES, Polarity.NO):
            polarity = Polarity.UNKNOWN  # 没去医院 is no answer to 胸口疼吗
        same = self._as_before(text)
        if same and polarity is Polarity.YES:
            polarity = Polarity.UNKNOWN  # the 是 of 还是老样子 grants nothing
        manner, doubt = Manner.LESS if self._better.search(text) else None, why_doubted(text, same=same)
        answered = self._answered(text, context, asked, reads)
        if context.which_next and len(context.asked) > 1:
            reads += one_of(answered, told_which=context.which_told)
        else:
            reads += [replace(read, manner=manner, doubt=doubt or _unknown(read, polarity)) for read in answered]
        for other in alternatives:
            reads += self._only_in(normal(other.text), other.confidence, context, reads)
        held = self._not_now(text, spotted, measurements, context)
        alarms = self._alarms.raise_from(reads, measurements, context, held)
        red = level_of(alarms) is Level.RED
        opinion = None if red or self._opinion is None else self._opinion.on(text, reads, asked)
        if opinion is not None and opinion.sure:
            reads.append(opinion.read)
            alarms = self._alarms.raise_from(reads, measurements, context, held)
        elif opinion is not None:
            alarms = (*alarms, opinion.held_back)
        if context.asked and (why := self._answers.why_in_part(text, normal(context.question))):
            about = (text, why, self._label(context.asked[0]))
            reads = denied_in_part(reads, context.asked, self._alarms.dangerous, about)
        return Reading(
            text=text,
            findings=tuple(read.finding for read in reads),
            measurements=measurements,
            alarms=alarms,
            polarity=polarity,
            asked=asked,
            left_out=left_out,
            confirm=self._to_confirm(reads, alarms, opinion),
            eased=self._alarms.eased(reads),
            steady=tuple(dict.fromkeys(r.finding.concept for r in reads if r.manner is Manner.STEADY)),
        )

    def statuses(self, text: str, context: ReadingContext, spans: Sequence[tuple[int, int]]) -> list[Status]:
        """The status of each given span, whether or not the lexicon knows its words."""
        text = normal(text)
        spotted = self._spot(text, context)
        masked = mask(text, spotted, spans)
        return [self._judge_span(text, masked, spotted, context, span).status for span in spans]

    def asked_statuses(self, text: str, question: str, surfaces: Sequence[str]) -> list[Status]:
        """The status of each finding that `question` names by `surfaces`, judged from the answer `text`."""
        return self._answers.asked(*self._taken(text, question, surfaces))

    def settled_statuses(self, text: str, question: str, surfaces: Sequence[str]) -> list[Status | None]:
        """The same as in a conversation: None for what the answer leaves open and is asked again."""
        return self._answers.settled(*self._taken(text, question, surfaces))

    def _taken(
        self, text: str, question: str, surfaces: Sequence[str]
    ) -> tuple[str, str, list[AskedItem], list[tuple[str, str, Status]]]:
        text, question = normal(text), normal(question)
        context = ReadingContext(question=question)
        spotted = self._spot(text, context)
        reads = self._reads(text, spotted, context)
        found = [(read.finding.concept, read.finding.surface, read.finding.status) for read in reads]
        items = [AskedItem(surface, self.concept_of(surface)) for surface in surfaces]
        for item, span in said_by_letter(text, items, found):
            judged = self._judge_span(text, mask(text, spotted, [span]), spotted, context, span)
            found.append((item.concept or "", item.surface, judged.status))
        found += self._values.told(text, [item.concept for item in items], found)
        found += self._values.shown(text, items, found)
        return text, question, items, found

    def concept_of(self, surface: str) -> str | None:
        """The concept a bare surface names, if the lexicon knows it."""
        spots = self._spotter.spot(normal(surface)).spots
        return spots[0].concept if spots else None

    def _not_now(
        self, text: str, spotted: Spotted, measurements: Sequence[Measurement], context: ReadingContext
    ) -> dict[tuple[int, int], Judged]:
        """The values that are supposed, of old, or another's: 要是烧到三十九度, 去年烧到四十度."""
        spans = [each.span for each in measurements if self._alarms.limited(each.name, context)]
        if not spans:
            return {}
        masked = mask(text, spotted, spans)
        judged = {span: self._status.judge(around(text, masked, *span), span, SYMPTOM, context) for span in spans}
        lately = (span for span, each in judged.items() if each.recent or each.kin)
        return {s: judged[s] for s in judged.keys() - set(lately) if judged[s].status in _NOT_NOW}

    def _as_before(self, text: str) -> bool:
        """还是老样子, and no yes beside it."""
        rest = self._same.sub("", text)
        return rest != text and self._answers.polarity(_STILL.sub("", rest)) is not Polarity.YES

    def _spot(self, text: str, context: ReadingContext) -> Spotted:
        asked = frozenset(context.asked) & self.content.concepts.keys()
        named = self._spotter.concepts_in(normal(context.question)) if context.question else frozenset[str]()
        spotted = self._spotter.spot(text, (asked, named))
        heard = self._sound.match(text, spotted, asked | named)
        if not heard:
            return spotted
        kept = [s for s in spotted.spots if not any(h.start <= s.start and s.end <= h.end for h in heard)]
        return replace(spotted, spots=tuple(sorted((*kept, *heard))))

    def _reads(self, text: str, spotted: Spotted, context: ReadingContext) -> list[Read]:
        if not spotted.spots and not spotted.veiled:
            return []
        masked = mask(text, spotted)
        reads = [self._read_spot(text, masked, spot, context, _begin(spot, spotted.spots)) for spot in spotted.spots]
        for veiled in spotted.veiled:
            label = self.content.concepts[veiled.concept].label
            finding = Finding(
                concept=veiled.concept,
                label=label,
                surface=text[veiled.start : veiled.end],
                span=(veiled.start, veiled.end),
                status=Status.NOT_ASSERTED,
                reason=veiled.reason,
            )
            reads.append(Read(finding, recent=False))
        return reads

    def _read_spot(self, text: str, masked: str, spot: Spot, context: ReadingContext, begin: int) -> Read:
        concept, here = self.content.concepts[spot.concept], around(text, masked, begin, spot.end)
        judged = self._status.judge(here, spot.core, concept.kind, context)
        judged = self._status.to_be_asked(here, judged, concept, context)
        finding = Finding(
            concept=spot.concept,
            label=spot.label,
            surface=text[spot.start : spot.end],
            span=(spot.start, spot.end),
            status=judged.status,
            reason=judged.reason,
            confidence=_SOUND_CONFIDENCE if spot.by_sound else 1.0,
            by_sound=spot.by_sound,
        )
        return Read(finding, judged.recent, judged.kin, judged.manner, judged.doubt)

    def _judge_span(
        self, text: str, masked: str, spotted: Spotted, context: ReadingContext, span: tuple[int, int]
    ) -> Judged:
        start, end = span
        for veiled in spotted.veiled:
            if veiled.start <= start and end <= veiled.end:
                return Judged(Status.NOT_ASSERTED, veiled.reason)
        inside = [s for s in spotted.spots if s.core[0] < end and start < s.core[1]]
        kind = self.content.concepts[inside[-1].concept].kind if inside else SYMPTOM
        core = inside[-1].core if inside and inside[-1].core[0] >= start else span
        if inside and inside[-1].core[0] < start and end <= inside[-1].core[1]:  # 干 of 很干
            start = inside[-1].core[0]
        return self._status.judge(around(text, masked, start, end), core, kind, context)

    def _to_confirm(self, reads: Sequence[Read], alarms: Sequence[Alarm], opinion: Opinion | None) -> str | None:
        """The danger that 跟以前一样 may stand for, or a 不 that was written 埠, or that the second opinion suspects,
        when nothing else alarms red."""
        if level_of(alarms) is Level.RED:
            return None
        told = (Status.PRESENT, Status.UNCERTAIN)
        doubted = (r.finding.concept for r in reads if r.doubt not in ("", ONE_OF) and r.finding.status in told)
        suspected = opinion.read.finding.concept if opinion is not None else None
        return next((concept for concept in doubted if self._alarms.dangerous(concept)), suspected)

    def _asked(
        self, text: str, context: ReadingContext, reads: list[Read]
    ) -> tuple[tuple[tuple[str, Status], ...], tuple[str, ...]]:
        """The status of each concept asked about that the words speak of; and the dangers they leave out, to be asked
        for by themselves where what was said is a no, or a yes to something harmless. Beside a mere doubt such a danger
        is uncertain."""
        if not context.asked or of_others(text, reads):
            return (), ()
        items = [AskedItem(self._label(concept), concept) for concept in context.asked]
        found = sorted((told(read) for read in reads), key=lambda each: each[2] is not Status.PRESENT)
        found += self._values.told(text, context.asked, found)
        found += self._values.shown(text, items, found)
        statuses = self._answers.settled(text, normal(context.question), items, found)
        asked = {c: s for c, s in zip(context.asked, statuses, strict=True) if s is not None}
        there = {concept for concept, _, status in found if status is Status.PRESENT}
        if there & asked.keys() and not _ALL_OF_IT.search(text):  # 头晕过一回，就一下: of three things one is named
            asked = {c: s for c, s in asked.items() if c in there or s is not Status.PRESENT}
        left = tuple(c for c in context.asked if c not in asked and self._alarms.dangerous(c)) if asked else ()
        other_danger = any(s is Status.PRESENT and self._alarms.dangerous(concept) for concept, _, s in found)
        denied = set(asked.values()) == {Status.DENIED} and not other_danger  # 有点痒，没红没流水 denies
        told_there = [c for c, s in asked.items() if s is Status.PRESENT]
        harmless = bool(told_there) and not any(self._alarms.dangerous(c) for c in told_there)
        if not denied and not told_there:
            asked |= dict.fromkeys(left, Status.UNCERTAIN)
        return tuple(asked.items()), left if denied or harmless else ()

    def _label(self, concept: str) -> str:
        known = self.content.concepts.get(concept)
        return known.label if known else concept

    def _answered(
        self, text: str, context: ReadingContext, asked: tuple[tuple[str, Status], ...], reads: list[Read]
    ) -> list[Read]:
        """A bare 有 to a question about chest pain is chest pain."""
        named = {read.finding.concept for read in reads}
        return [
            Read(
                Finding(
                    concept=concept,
                    label=self._label(concept),
                    surface=text,
                    span=(0, len(text)),
                    status=status,
                    reason="对所问症状的回答",
                    confidence=0.9,
                ),
                recent=status is Status.PAST,
            )
            for concept, status in asked
            if concept not in named and concept in self.content.concepts and text.strip()
        ]

    def _only_in(self, text: str, confidence: float, context: ReadingContext, reads: list[Read]) -> list[Read]:
        """Red-flag findings of another hypothesis that the best one lacks."""
        known = {read.finding.concept for read in reads}
        extra = []
        for read in self._reads(text, self._spot(text, context), context):
            found = read.finding
            if found.concept in known or not self._alarms.dangerous(found.concept):
                continue
            known.add(found.concept)
            extra.append(read.less_sure(min(_ALTERNATIVE_CONFIDENCE, confidence), "在另一种听写里"))
        return extra


def _begin(spot: Spot, spots: Sequence[Spot]) -> int:
    """Where the longest finding that ends with this one begins: the 没有 of 没有起疙瘩 is before 疙瘩 too."""
    return min(each.start for each in spots if each.start <= spot.start and each.end == spot.end)


def _unknown(read: Read, polarity: Polarity) -> str:
    """我记不得了 to a danger is asked in other words; 好像有点 is there."""
    return _NOT_KNOWN if polarity is Polarity.UNSURE and read.finding.status is Status.UNCERTAIN else ""
