"""Short answers: yes, no, unsure, and what each finding that the question named is, after the answer."""

import re
from collections.abc import Sequence
from dataclasses import replace

from agent.model.finding import Polarity, Status
from agent.model.last_word import last_word
from agent.triage.answer_apart import Answer
from agent.triage.answer_clauses import CLAUSES, LEAD, TAIL, ClauseReader, Kind
from agent.triage.answer_counted import counted
from agent.triage.answer_mentions import NOT_TOLD, Told
from agent.triage.answer_options import in_words
from agent.triage.answer_options import picked as listed
from agent.triage.answer_status import status_of
from agent.triage.answer_withheld import in_part
from agent.triage.choices import chosen, ruled_out
from agent.triage.content import Content
from agent.triage.cues import any_of
from agent.triage.question_form import AskedItem, Form, Placed, marked, placed, sentences, wants_time

_HEDGE = re.compile(r"(?:好像|可能|应该|大概|估计|似乎)(?:是|也|就)?")
_SOUND = re.compile(r"^(?:[嗯恩哎诶呃啊哦]+[，,、。…\s]+)+(?=\S)")
_SIGH = re.compile(r"^[哎诶呃啊唉]+[，,、。… ]")
_DENIES = re.compile(r"^[^，,。！？]{0,8}[不没]")
_WITHOUT_NOD = re.compile(r"^[嗯恩哦][，,。…\s]+(?=[^，,。]{9})")  # 嗯。 and then a tale: it answers no 有没有
_NO = frozenset({Kind.NO, Kind.WELL, Kind.OVER})
_YES = frozenset({Kind.YES, Kind.AGREE})
_LEAST_IN_TURN = 3  # 没有，有一点 of two things may be one answer put right
_STILL_SO = re.compile(r"还(?![有是没])")  # 还疼吗 takes up what was told before
_ASKED_ALL_THE_SAME = dict.fromkeys(
    (Form.GRANTED, Form.HOW, Form.DEGREE, Form.STATED, Form.SUPPOSED, Form.RULED_OUT), Form.ASKED
) | {Form.EXCEPTED: Form.SUPPOSED}  # 除了发烧还有别的吗 – 没有: of the fever nothing
_CHANGES = re.compile("加重|变[重多差大]|增[多加]|加剧|恶化|升高")
_EITHER_WAY = re.compile(
    r"也(?:可能|许|说不定|没准)(?:是|就|都)?没|可能有(?:，|也|又)*可能没|又(?:好像|可能|像|似乎)(?:是|又|都)?没"
)
_RIGHT_OR_NOT = re.compile(r".{0,2}(?:有没有错|没有?错(?:吧|吗|么|过)).*")  # asks back, and agrees to nothing
_AT_REST = "只说歇着、不动就没有，要问清"
_IN_PART = "只说有些时候、有些地方没有，要问清"
_DONE_FOR = re.compile("(?:我|人)?(?:要|快|真)?不行了")


def _told(text: str) -> str:
    """What stands after the last correction; 我不行了 is a cry, and no no to what was asked."""
    return _DONE_FOR.sub("", last_word(text))


class AnswerReader:
    def __init__(self, content: Content) -> None:
        words = content.answers
        self._clauses = ClauseReader(words, [word for part in content.parts.values() for word in part.words])
        self._yes = re.compile(f"^{LEAD}{any_of(words['affirm'])}{TAIL}$")
        self._no = re.compile(f"^{LEAD}{any_of(words['deny'])}{TAIL}$")
        self._unsure = re.compile(f"^{LEAD}{any_of(words['unsure'])}{TAIL}")
        self._yes_start = re.compile(
            rf"^{LEAD}(?:有点|有些|有时|偶尔|经常|确实|一直|还是(?![\d一二三四五六七八九十])|老是|会有|有一|稍微|是的|嗯嗯|对的|有)"
        )
        self._no_start = re.compile(
            f"^{LEAD}(?:(?:没有|没|不是|不会|不怎么|不太|都没|并没|从没|从来没|未|无)"
            f"(?!知道|清楚|确定|记得|晓得|懂|办法|停|断|完)"
            f"|不(?!知道|清楚|确定|记得|一定|晓得|懂|停|断|好受|舒服|上楼|下楼|爬楼|出门|想|说|聊|回答|提|讲))"
        )
        self._rest_denied = re.compile(any_of(words["rest_denied"]))

    def polarity(self, text: str) -> Polarity:
        """The answer as a whole: the first clause that is a yes, a no or a don't-know decides."""
        if _RIGHT_OR_NOT.fullmatch(text):
            return Polarity.UNKNOWN
        clauses = [clause for clause in CLAUSES.split(self._without_sound(_told(text))) if clause]
        for at, clause in enumerate(clauses[:4]):
            found = self._clause(clause)
            if at and clause.endswith(("好了", "停了")):
                continue
            if found is not Polarity.UNKNOWN:
                return found
        for clause in clauses[4:]:
            found = self._clause(clause)
            if found is not Polarity.UNKNOWN:
                return found
        for clause in clauses[:2]:
            if self._no_start.match(clause):
                return Polarity.NO
            if self._yes_start.match(clause):
                return Polarity.YES
        return Polarity.UNKNOWN

    def _without_sound(self, text: str) -> str:
        """嗯，没有: a sound made while thinking agrees with nothing when a no follows it; 哎 before words never."""
        rest = _SOUND.sub("", text)
        if rest != text and (_SIGH.match(text) or _DENIES.match(rest)):
            return rest
        said = self._clauses.read(rest) if rest != text else []
        return rest if said and said[0].kind in _NO else text

    def _clause(self, clause: str) -> Polarity:
        hedged = _HEDGE.match(clause)
        if hedged and (self._no.match(clause[hedged.end() :]) or self._no_start.match(clause[hedged.end() :])):
            return Polarity.NO
        if self._unsure.match(clause):
            return Polarity.UNSURE
        if self._no.match(clause):
            return Polarity.NO
        if self._yes.match(clause):
            return Polarity.YES
        return Polarity.UNKNOWN

    def why_in_part(self, text: str, question: str) -> str:
        """Why a no is asked about: it holds for some hours only, or at rest; "" where it is none of these."""
        clauses = self._clauses.read(text)
        if any(clause.kind is Kind.AT_REST for clause in clauses):
            return _AT_REST
        return _IN_PART if in_part(clauses, question) else ""

    def only_unsure(self, text: str) -> bool:
        """说不好, 不好说: nothing else is said, whatever finding the words might name elsewhere."""
        if self._unsure.match(CLAUSES.sub("", text, count=1) if CLAUSES.match(text) else text) is None:
            return False  # before all of it is taken apart, which costs a quarter of reading
        clauses = self._clauses.read(text)
        return bool(clauses) and all(clause.kind is Kind.UNSURE and clause.flat for clause in clauses)

    def asked(self, text: str, question: str, items: Sequence[AskedItem], found: Sequence[Told]) -> list[Status]:
        """One status for each item. `found` are the answer's own findings."""
        places = placed(question, items)
        openly = any(marked(place) for place in places)
        answer = self._answer(_WITHOUT_NOD.sub("", text) if openly else text, question, items, found)
        statuses = self._settled(answer, places)
        return [status or _unanswered(place, answer, places) for place, status in zip(places, statuses, strict=True)]

    def settled(
        self, text: str, question: str, items: Sequence[AskedItem], found: Sequence[Told]
    ) -> list[Status | None]:
        """The same, but None for an item the answer says nothing of: it can be asked again, so nothing is granted."""
        places = [
            replace(place, form=_ASKED_ALL_THE_SAME[place.form], taken=place.form)
            if place.form in _ASKED_ALL_THE_SAME
            else place
            for place in placed(question, items)
        ]
        return self._settled(replace(self._answer(text, question, items, found), live=True), places)

    def _answer(self, text: str, question: str, items: Sequence[AskedItem], found: Sequence[Told]) -> Answer:
        text = in_words(text, question)
        return Answer(
            text=text,
            question=question,
            clauses=tuple(self._clauses.read(self._without_sound(_told(text)))),
            found=tuple(told for told in found if told[2] not in NOT_TOLD),
            rest_denied=bool(self._rest_denied.search(text)),
            asked=tuple(item.surface for item in items),
            places=self._clauses.places(question),
        )

    @staticmethod
    def _settled(answer: Answer, places: Sequence[Placed]) -> list[Status | None]:
        picked = chosen(answer.question, places, answer.text) or listed(answer.text, answer.question, places)
        if len(places) > 1 and not picked:
            picked = counted(places, answer.text, live=answer.live) or _in_turn(answer, places)
            if picked and answer.live:  # 第二个有 says nothing of the first
                return [picked.get(index) for index in range(len(places))]
        parts = _one_each(answer)
        statuses = [
            picked.get(index) or status_of(place, parts.get(place.sentence, answer), places)
            for index, place in enumerate(places)
        ]
        statuses = [
            status or ruled_out(place, places, statuses) for place, status in zip(places, statuses, strict=True)
        ]
        return _either_way(statuses, answer, places) if _EITHER_WAY.search(answer.text) else statuses


def _in_turn(answer: Answer, places: Sequence[Placed]) -> dict[int, Status]:
    """没，没，有 to three things: as many bare yeses and noes as things were asked."""
    kinds = [clause.kind for clause in answer.clauses if clause.flat]
    if not (len(kinds) == len(answer.clauses) == len(places) >= _LEAST_IN_TURN and set(kinds) <= _YES | {Kind.NO}):
        return {}
    return {at: Status.PRESENT if kind in _YES else Status.DENIED for at, kind in enumerate(kinds)}


def _either_way(statuses: Sequence[Status | None], answer: Answer, places: Sequence[Placed]) -> list[Status | None]:
    """好像有吧，也可能没有: what is not told by name is unsure."""
    there = {concept for concept, _, status in answer.found if status is Status.PRESENT}
    return [
        status if status is None or place.item.concept in there else Status.UNCERTAIN
        for status, place in zip(statuses, places, strict=True)
    ]


def _one_each(answer: Answer) -> dict[str, Answer]:
    """有咳嗽吗？有发烧吗？ answered 有，没有: as many short clauses as sentences answer one each, in order."""
    asked = sentences(answer.question)
    short = [clause for clause in answer.clauses if clause.kind is not Kind.COURTESY]
    if not (len(asked) == len(short) > 1 and all(clause.flat for clause in short)):
        return {}
    pairs = list(zip(asked, short, strict=True))
    fits = all(wants_time(sentence) is (clause.kind is Kind.TIME) for sentence, clause in pairs)
    return {sentence: answer.only(clause, sentence) for sentence, clause in pairs} if fits else {}


def _unanswered(place: Placed, answer: Answer, places: Sequence[Placed]) -> Status:
    """Nothing said of it. A plain 疼吗 (not 有没有疼, no list) mostly takes up a complaint made before, unless the
    patient asks in turn, is not sure or denies something next to it; 没发烧吧 stands when nobody contradicts."""
    if place.form is Form.NEGATIVE:
        return Status.DENIED
    if place.form is Form.EASED or (place.form is Form.ASKED and _STILL_SO.search(place.sentence)):
        return Status.PRESENT
    if _CHANGES.search(place.item.surface):  # 痰在增多吗: nothing was told before
        return Status.UNCERTAIN
    listed = sum(other.sentence == place.sentence for other in places) > 1
    if place.form is not Form.ASKED or marked(place) or listed:
        return Status.UNCERTAIN
    denied = any(status is Status.DENIED for _, _, status in answer.found)
    asks = any(clause.kind in (Kind.QUESTION, Kind.UNSURE) for clause in answer.clauses)
    return Status.UNCERTAIN if denied or asks else Status.PRESENT
