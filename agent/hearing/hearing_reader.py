"""Reads what was heard: the recogniser's words first, then the texts that were held against the sound."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.hearing.danger_phrases import dangerous_concepts
from agent.hearing.number_phrases import NUMERALS
from agent.hearing.plain_answer import settled
from agent.hearing.verifier import LEAST_DOUBTFUL
from agent.model.finding import Level, Polarity, Reading
from agent.model.misheard import may_be_a_no
from agent.model.reading_context import ReadingContext
from agent.model.turn import Hypothesis, Origin
from agent.triage.content import Content
from agent.triage.reader import Reader

SURE = 0.5
_LEAST_WORDS = 3  # characters
_LEAST_BESIDE_AN_ANSWER = 7  # a plain yes or no is not asked again for what else it may sound like
_ASSENTS = ("没错", "对的", "是的")  # also behind a word that was not made out: 帝的没错
# 先挂了再骗 is 先挂了再见; 先挂了个号, 先挂了瓶水 take no leave
_TAKES_LEAVE = re.compile(r"(再见|拜拜|先挂了[^个号水瓶吊盐针天]{0,2})[。，！ ]*$")
_MOST_ADDED = 0.5  # of the characters heard: a text much longer than the words says more than was spoken
_WORD = re.compile(r"\w")
_FIGURES = re.compile(rf"\d|[{NUMERALS}]点?[{NUMERALS}]")
_GRAVE = frozenset({"suicidal"})  # who said 你说什么 must not be asked whether he wishes to die
_LEAST_GRAVE = 0.4
_OF_THE_CHEST = frozenset({"chest_pain", "chest_tightness", "chest_discomfort", "heart_pain", "heart_discomfort"})
_NOTHING_KNOWN = ReadingContext()
_VERIFIED = "（按读音听出，录音相符）"


class HearingReader:
    """A reader for speech: same in- and output as `Reader`, which it asks."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._dangerous = dangerous_concepts(reader.content)

    @property
    def content(self) -> Content:
        return self._reader.content

    def read(
        self, text: str, context: ReadingContext = _NOTHING_KNOWN, alternatives: Sequence[Hypothesis] = ()
    ) -> Reading:
        """What the words say. A danger that only a verified text names is raised when the sound speaks for it; in
        doubt nothing is raised and `confirm` names what must be asked. Verified texts also give values that the
        question asked for. `alternatives` are all hypotheses; none means that the words were typed."""
        if not alternatives:
            return self._reader.read(text, context)
        recognised = [h for h in alternatives if h.origin is not Origin.VERIFIED]
        verified = [h for h in alternatives if h.origin is Origin.VERIFIED and h.confidence >= LEAST_DOUBTFUL]
        reading = _with_plain_answer(self._spoken(text, context, recognised), recognised, context)
        for hypothesis in sorted(verified, key=lambda h: -h.confidence):
            other = self._reader.read(hypothesis.text, context)
            if hypothesis.confidence >= SURE and _as_long(text, hypothesis.text, other, context):
                reading = _with_verified(reading, other, hypothesis.confidence)
            elif reading.confirm is None and _leaves_room(reading, other, context):
                near = hypothesis.confidence >= _LEAST_GRAVE and not _counts(text, context)
                grave = near or _asked(other, context)
                reading = replace(reading, confirm=_new_danger(reading, other, grave=grave))
            reading = _with_values(reading, other, context, hypothesis.confidence)
        if reading.level is Level.RED:
            return replace(reading, confirm=None)
        return reading

    def _spoken(self, text: str, context: ReadingContext, recognised: Sequence[Hypothesis]) -> Reading:
        """The words' own reading; 没错 and 哎 are no yes to a question for a symptom."""
        if not context.asked or not may_be_a_no(text):
            return self._reader.read(text, context, recognised)
        reading = self._reader.read(text, replace(context, asked=()), recognised)
        return replace(reading, polarity=Polarity.UNKNOWN)

    def unanswered(self, reading: Reading, context: ReadingContext) -> str | None:
        """The first danger the question asked about, when the words that were understood do not answer it: the
        question is still open."""
        if reading.polarity is not Polarity.UNKNOWN or reading.findings or not reading.text.strip():
            return None
        if any(measured.name in context.measurements for measured in reading.measurements):
            return None
        return next((concept for concept in context.asked if concept in self._dangerous), None)


def _with_plain_answer(reading: Reading, recognised: Sequence[Hypothesis], context: ReadingContext) -> Reading:
    """The reading with the yes or no that the sound holds, where the robot put words of its own: 对吗？"""
    tells = reading.findings or any(measured.name in context.measurements for measured in reading.measurements)
    if tells or not context.by_sound:
        return reading
    return replace(reading, polarity=settled(reading.polarity, recognised, context.by_sound))


def _leaves_room(reading: Reading, other: Reading, context: ReadingContext) -> bool:
    """Whether the words can hide a danger in doubt: 是我 to "who are you" and 对的没错 to a pressure read back do not,
    an answer to a question about that very danger does."""
    words = len(_WORD.findall(reading.text))
    answered = reading.polarity is not Polarity.UNKNOWN or reading.text.rstrip("。，！").endswith(_ASSENTS)
    if _TAKES_LEAVE.search(reading.text):
        return _asked(other, context)  # 我还有事先挂了再见: heard whole, whatever else the sound may bear
    return _asked(other, context) or words >= (_LEAST_BESIDE_AN_ANSWER if answered else _LEAST_WORDS)


def _counts(text: str, context: ReadingContext) -> bool:
    """Whether a number that was asked for is told: its 七十八 sounds like 去死吧."""
    return bool(context.measurements and _FIGURES.search(text))


def _as_long(text: str, verified: str, other: Reading, context: ReadingContext) -> bool:
    """Whether so many characters can have been spoken: 是我 to "who are you" was not 希望死我, however well
    the sound bears a worse hypothesis. A danger that was asked about needs no length."""
    heard = len(_WORD.findall(text))
    return _asked(other, context) or not heard or len(_WORD.findall(verified)) <= heard + max(1, heard * _MOST_ADDED)


def _asked(other: Reading, context: ReadingContext) -> bool:
    return any(concept in context.asked for alarm in other.red_words for concept in alarm.concepts)


def _with_verified(reading: Reading, other: Reading, confidence: float) -> Reading:
    """The reading with the red alarms, findings and values of a verified text that it lacks. 心口疼 that was read and
    胸口不舒服 that the sound bears as well are one danger told once."""
    raised = {concept for alarm in reading.red_words for concept in alarm.concepts}
    if raised & _OF_THE_CHEST:
        raised |= _OF_THE_CHEST
    alarms = [
        replace(alarm, confidence=min(alarm.confidence, confidence), by_sound=True, reason=alarm.reason + _VERIFIED)
        for alarm in other.red_words
        if not raised & set(alarm.concepts)
    ]
    meant = {concept for alarm in alarms for concept in alarm.concepts}
    findings = [
        replace(finding, confidence=min(finding.confidence, confidence), by_sound=True)
        for finding in other.findings
        if finding.concept in meant
    ]
    if not alarms:
        return reading
    kept = [finding for finding in reading.findings if finding.concept not in meant]
    return replace(
        reading,
        findings=(*kept, *findings),
        alarms=(*alarms, *(alarm for alarm in reading.alarms if not meant & set(alarm.concepts))),
    )


def _with_values(reading: Reading, other: Reading, context: ReadingContext, confidence: float) -> Reading:
    """The reading with values asked for that only the verified text has, or has in more words (三十六度八 for 36度):
    all of them doubtful, so that they are read back before use."""
    values = list(reading.measurements)
    for heard in other.measurements:
        if heard.name not in context.measurements:
            continue
        known = [value for value in values if value.name == heard.name]
        longer = confidence >= SURE and len(known) == 1 and int(known[0].value) == int(heard.value) != heard.value
        if not known or (longer and float(known[0].value).is_integer()):
            values = [value for value in values if value not in known] + [replace(heard, doubtful=True)]
    return replace(reading, measurements=tuple(values))


def _new_danger(reading: Reading, other: Reading, *, grave: bool) -> str | None:
    """The first concept that only the doubtful text makes red; those that frighten to be asked about only if
    `grave`: the sound comes near to bearing them."""
    known = {finding.concept for finding in reading.findings} | (frozenset() if grave else _GRAVE)
    return next((c for alarm in other.red_words for c in alarm.concepts if c not in known), None)
