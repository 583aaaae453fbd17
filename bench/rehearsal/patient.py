"""One simulated patient: hears what the robot asks, knows what is true, says it in the persona's manner. Pure."""

from dataclasses import dataclass, field
from random import Random

from agent.dialog.wording import value_words
from agent.model.answer import AnswerType, Scalar
from agent.model.finding import Level
from agent.model.pathway import Pathway, Question
from agent.model.turn import Reply, TurnKind
from bench.rehearsal.cues import Asked, Cue, Listener
from bench.rehearsal.persona import Persona
from bench.rehearsal.truth import Truth, other_value
from bench.rehearsal.words import Words

MOST_AGAIN = 2  # times one question is asked back
MOST_OWN = 2  # own questions in a call
NUMERIC = (AnswerType.NUMBER, AnswerType.SCALE, AnswerType.BLOOD_PRESSURE)
OPEN = (AnswerType.FREE_TEXT, AnswerType.DATE)


@dataclass(frozen=True, slots=True)
class Who:
    """The facts on record about the patient."""

    name: str
    birth_year: int
    child: bool = False  # a parent answers


@dataclass(frozen=True, slots=True)
class Said:
    """One turn of the patient. `means` are values by question, None for "I do not know"; `danger` is what a nurse
    must hear of at once, in the words it was said with."""

    kind: TurnKind
    text: str = ""
    means: dict[str, Scalar | None] = field(default_factory=dict)
    danger: str = ""


class SimulatedPatient:
    """Answers one call. What is said to the nth putting of a question hangs on the seed alone, not on what came
    before: a robot that behaves otherwise at one place meets the same patient at all others."""

    def __init__(self, persona: Persona, who: Who, pathway: Pathway, truth: Truth, words: Words, seed: str) -> None:  # noqa: PLR0913  what a person is made of
        self._persona, self._who, self._pathway, self._truth, self._words = persona, who, pathway, truth, words
        self._listener = Listener(pathway)
        self._seed, self._random = seed, Random(seed)
        self._turns = self._own = 0
        self._put: dict[str, int] = {}  # how often each thing was asked
        self._voiced: set[str] = set()  # concepts of dangers that were said
        self._fraud = persona.fraud
        self._refused = persona.refuses > 0 and self._random.random() < persona.refuses
        span = persona.hangs_up_after
        self._leaves_at = self._random.randint(*span) if span else None
        self._danger_at = self._random.randint(1, 4) if persona.off_topic_danger else None
        self._questions = 0

    def answer(self, reply: Reply) -> Said:
        """What the patient does after this reply."""
        self._turns += 1
        if self._leaves_at is not None and self._turns > self._leaves_at:
            return Said(TurnKind.HANGUP)
        asked = self._listener.asked(reply)
        key = f"{asked.cue}:{asked.question or ''}:{asked.concept}"
        self._put[key] = self._put.get(key, 0) + 1
        self._random = Random(f"{self._seed}/{key}/{self._put[key]}")
        disturbed = self._disturbance(asked, self._put[key])
        return disturbed or self._to_cue(asked, reply)

    # what stands between the question and its answer

    def _chance(self, share: float) -> bool:
        return share > 0 and self._random.random() < share

    def _disturbance(self, asked: Asked, times: int) -> Said | None:
        persona = self._persona
        if self._chance(persona.silent):
            return Said(TurnKind.SILENCE)
        if self._chance(persona.noise):
            return Said(TurnKind.UNHEARD)
        if asked.cue is Cue.WAITING or asked.cue is Cue.NOTHING:
            return None
        if times <= MOST_AGAIN and self._chance(persona.again):
            return self._speech("again")
        if asked.cue is not Cue.QUESTION or self._own >= MOST_OWN:
            return None
        if self._chance(persona.asks_own):
            self._own += 1
            return self._speech("asks_own")
        if self._chance(persona.waits):
            self._own += 1
            return self._speech("waits")
        return None

    def _speech(self, occasion: str, **values: object) -> Said:
        return Said(TurnKind.SPEECH, self._words.manner(occasion, self._random, **values))

    # the answer to whatever was asked

    def _to_cue(self, asked: Asked, reply: Reply) -> Said:
        match asked.cue:
            case Cue.PERSON | Cue.PARENT | Cue.PATIENT_THERE | Cue.PROOF | Cue.PROOF_KEYPAD:
                return self._to_identity(asked.cue)
            case Cue.CONSENT | Cue.PERMISSION:
                return self._speech("stop") if self._refused else self._yes_no("go_on", True)
            case Cue.READ_BACK:
                return self._to_read_back(asked)
            case Cue.LOWER:
                text = self._words.lower(str(self._truth.values[asked.question or ""]), self._random)
                return Said(TurnKind.SPEECH, text, {asked.question or "": self._truth.values[asked.question or ""]})
            case Cue.WHEN:
                return self._speech("when")
            case Cue.SURE:
                return self._yes_no("no", False)
            case Cue.CONFIRM:
                return self._to_doubt(asked)
            case Cue.WAITING | Cue.NOTHING:
                return self._speech("moment")
            case Cue.SPEAK:
                return self._speech("else_ask")
            case Cue.QUESTION:
                return self._to_question(self._pathway.questions[asked.question or ""], reply)

    def _yes_no(self, occasion: str, yes: bool) -> Said:
        if self._chance(self._persona.keypad):
            return Said(TurnKind.DIGITS, "1" if yes else "2")
        return self._speech(occasion)

    def _to_identity(self, cue: Cue) -> Said:
        persona = self._persona
        if persona.stranger:
            return self._speech("stranger")
        if self._fraud:
            self._fraud = False
            return self._speech("fraud")
        if persona.postpones and self._turns > 1:
            return self._speech("postpones")
        if cue is Cue.PATIENT_THERE:
            return self._speech("relative_there") if persona.relative else self._yes_no("me", True)
        if cue in (Cue.PROOF, Cue.PROOF_KEYPAD):
            return self._proof(cue)
        if cue is Cue.PARENT or self._who.child:
            return self._yes_no("parent", True)
        return self._speech("relative") if persona.relative else self._yes_no("me", True)

    def _proof(self, cue: Cue) -> Said:
        if cue is Cue.PROOF_KEYPAD or self._chance(self._persona.keypad):
            return Said(TurnKind.DIGITS, str(self._who.birth_year))
        occasion = "year_relative" if self._persona.relative and not self._who.child else "year"
        spelled = "".join("零一二三四五六七八九"[int(digit)] for digit in str(self._who.birth_year))
        return self._speech(occasion, year=self._random.choice((spelled, str(self._who.birth_year))))

    def _to_read_back(self, asked: Asked) -> Said:
        question = self._pathway.questions[asked.question or ""]
        true = self._truth.values[question.id]
        means = {question.id: true}
        if asked.read_back == "".join(value_words(question, true if isinstance(true, str) else float(true))):
            said = self._yes_no("yes", True)
            return Said(said.kind, said.text, dict(means), self._danger_of(question))
        value = self._words.answer(self._pathway.id, question, true, self._random)
        text = self._words.manner("read_back_wrong", self._random, value=value)
        return Said(TurnKind.SPEECH, text, dict(means), self._danger_of(question))

    def _to_doubt(self, asked: Asked) -> Said:
        yes = self._has(asked.concept)
        said = self._yes_no("confirm_yes" if yes else "confirm_no", yes)
        return Said(said.kind, said.text, danger=f"confirms {asked.concept}" if yes else "")

    def _has(self, concept: str) -> bool:
        """True when the patient has said it, or would when asked; a doubt in general words is about what was said."""
        if not concept or concept in self._voiced:
            return bool(self._voiced)
        asking = [q for q in self._pathway.questions.values() if concept in q.asks and q.id in self._truth.values]
        return any(self._truth.values[question.id] is True for question in asking)

    # questions of the pathway

    def _to_question(self, question: Question, reply: Reply) -> Said:
        self._questions += 1
        if self._refused and self._questions > 2:
            return self._speech("refuses")
        if self._danger_at is not None and self._questions >= self._danger_at and question.type not in OPEN:
            self._danger_at = None
            return self._off_topic()
        if question.id == self._pathway.last_question:
            return self._speech("else_ask" if self._chance(self._persona.asks_own) else "else_no")
        value = self._truth.values[question.id]
        if question.type in NUMERIC and self._chance(self._persona.unknown):
            return Said(TurnKind.SPEECH, self._words.manner("unknown", self._random), {question.id: None})
        if question.type not in OPEN and self._chance(self._persona.keypad):
            return Said(TurnKind.DIGITS, _keys(question, value), {question.id: value}, self._danger_of(question))
        return self._spoken(question, value)

    def _off_topic(self) -> Said:
        speaker = "child" if self._who.child else "relative" if self._persona.relative else ""
        danger = self._random.choice(self._words.dangers(speaker))
        self._voiced.add(danger["concept"])
        return Said(TurnKind.SPEECH, danger["say"], danger=danger["concept"])

    def _spoken(self, question: Question, value: Scalar) -> Said:
        text = self._words.answer(self._pathway.id, question, value, self._random)
        means: dict[str, Scalar | None] = {question.id: value}
        danger = self._danger_of(question)
        first = other_value(question, value, self._random) if self._chance(self._persona.corrects) else None
        if first is not None and not danger:
            slip = self._words.manner("slip", self._random)
            text = f"{self._words.answer(self._pathway.id, question, first, self._random)}，{slip}{text}"
        if self._chance(self._persona.runs_on):
            text, means, danger = self._run_on(question, text, means, danger)
        return Said(TurnKind.SPEECH, self._in_manner(text), means, danger)

    def _danger_of(self, question: Question) -> str:
        """The question's own danger, where the truth is one."""
        if question.type in OPEN or self._truth.level(question) is not Level.RED:
            return ""
        self._voiced |= set(question.asks)
        return question.id

    def _run_on(
        self, question: Question, text: str, means: dict[str, Scalar | None], danger: str
    ) -> tuple[str, dict[str, Scalar | None], str]:
        """The next yes-no question about a symptom is answered in the same breath."""
        ahead = self._after(question)
        if ahead is None:
            return text.replace("，", ""), means, danger
        value = self._truth.values[ahead.id]
        more = self._words.answer(self._pathway.id, ahead, value, self._random)
        return f"{text}{more}".replace("，", ""), {**means, ahead.id: value}, danger or self._danger_of(ahead)

    def _after(self, question: Question) -> Question | None:
        nodes = [node.questions for node in self._pathway.nodes if question.id in node.questions]
        for keys in nodes:
            rest = keys[keys.index(question.id) + 1 :]
            if rest and rest[0] in self._truth.values and self._pathway.questions[rest[0]].asks:
                return self._pathway.questions[rest[0]]
        return None

    def _in_manner(self, text: str) -> str:
        persona, words = self._persona, self._words
        if self._chance(persona.hesitates):
            text = f"{words.manner('fillers', self._random)}，{text}"
        if self._chance(persona.dialect):
            text = f"{words.manner('dialect', self._random)}，{text}"
        if self._chance(persona.distant):
            text = f"{words.manner('distant', self._random)}，{text}"
        elif self._chance(persona.rambles):
            before = self._random.random() < 0.5
            story = words.manner("talks_first" if before else "talks_after", self._random)
            text = f"{story}，{text}" if before else f"{text}，{story}"
        return text


def _keys(question: Question, value: Scalar) -> str:
    """The value on a keypad, as a call hands it on: the closing # is taken off."""
    if isinstance(value, bool):
        return "1" if value else "2"
    if question.options:
        return str(1 + [option.key for option in question.options].index(str(value)))
    if question.type is AnswerType.BLOOD_PRESSURE:
        return str(value).replace("/", "*")
    return f"{value:g}".replace(".", "*")
