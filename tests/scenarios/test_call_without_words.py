"""Whole calls of patients who say nothing: by keypad, and silent to the end. All real but line, recogniser and Rasa."""

import asyncio
from dataclasses import replace
from itertools import count
from pathlib import Path

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import begin_attempt
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.answer import Answer
from agent.model.contact import Attempt, AttemptOutcome, Channel, ContactStatus
from agent.model.turn import Expect, Reply, Turn, TurnKind
from agent.speech.segmenter import Segmenter
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from folders import NLU_DATA, PATHWAYS
from machine.virtual_time import BEGINNING, run_virtual
from telephony.call import CallParts, PhoneCall
from telephony.ear import Ear
from telephony.line import CallHandler
from tests.fakes import rows
from tests.fakes.decider import ScriptedDecider
from tests.fakes.memory_store import MemoryStore
from tests.fakes.one_call import Tape
from tests.fakes.phone import LoudVad, PlainUpsampler, ScriptedLine, ScriptedRecogniser

KEY_SECONDS = 0.4


class Watched(Conversation):
    """A conversation whose turns and replies can be seen."""

    def __init__(self, stages: Stages) -> None:
        super().__init__(stages)
        self.heard: list[tuple[TurnKind, str]] = []
        self.replies: list[Reply] = []

    async def receive(self, turn: Turn) -> Reply:
        self.heard.append((turn.kind, turn.text))
        self.replies.append(await super().receive(turn))
        return self.replies[-1]


class Prompts:
    async def ulaw(self, text: str) -> bytes:
        return b"\x20" * (160 * len(text))


class KeyLine(ScriptedLine):
    """Presses `keys[what is expected]` half a second after each question was said."""

    def __init__(self, talk: Watched, keys: dict[str, str]) -> None:
        super().__init__([])
        self._talk, self._keys, self._answered = talk, keys, 0

    async def drive(self, call: CallHandler) -> None:
        pressing = asyncio.ensure_future(self._press(call))
        await super().drive(call)
        pressing.cancel()

    async def _press(self, call: CallHandler) -> None:
        while True:
            await asyncio.sleep(0.5)
            if len(self._talk.replies) > self._answered and self._time > self.robot_until + 0.3:
                self._answered = len(self._talk.replies)
                reply = self._talk.replies[-1]
                kind = "pressure" if reply.numbers == 2 else "who" if "本人" in reply.text else reply.expect.value
                for key in self._keys.get(kind, ""):
                    call.digit(key)
                    await asyncio.sleep(KEY_SECONDS)


def held(pathway: str, day: int, keys: dict[str, str]) -> tuple[Watched, MemoryStore]:
    """The whole call on virtual time."""
    store, shelf, ids = MemoryStore(), PathwayShelf(PATHWAYS), count(1)

    def new_id() -> str:
        return f"id{next(ids):04}"

    async def main() -> Watched:
        loop = asyncio.get_running_loop()
        now = loop.now  # type: ignore[attr-defined]
        chosen = shelf.get(pathway)
        attempt = Attempt("a1", "c1", "p1", Channel.PHONE, AttemptOutcome.INTENDED, BEGINNING)
        async with store.transaction() as records:
            await records.add_patient(rows.patient(1, id="p1", name="李建国", birth_year=1957, sex="male"))
            ids_of = {"patient_id": "p1", "pathway": chosen.id, "pathway_version": chosen.version}
            contact = replace(rows.contact(1, day, id="c1", **ids_of))
            await records.add_plan(rows.plan(1, patient_id="p1", pathway=chosen.id), [contact])
            await begin_attempt(records, contact, attempt)
        reader = Reader(content.load(NLU_DATA))
        hospital = Hospital("市第一人民医院", "0571-88000000", drafts=True)
        talk = Watched(Stages(store, reader, ScriptedDecider(), shelf, hospital, RetryPolicy(), now, new_id))
        line = KeyLine(talk, keys)
        recogniser = ScriptedRecogniser([])
        parts = CallParts(
            conversation=talk,
            prompts=Prompts(),
            new_ear=lambda on_change: Ear(recogniser, LoudVad(), Segmenter(), PlainUpsampler(), on_change),
            new_recorder=lambda path: Tape(),
            recordings=Path(),
            now=now,
            new_id=new_id,
            apology="抱歉。",
        )
        await line.drive(PhoneCall(line, "a1", parts))
        return talk

    return run_virtual(main()), store


async def _record(store: MemoryStore) -> tuple[dict[str, object], ContactStatus]:
    async with store.transaction(write=False) as records:
        answers: list[Answer] = await records.answers("c1")
        return {answer.question: answer.value for answer in answers}, (await records.contact("c1")).status


def record(store: MemoryStore) -> tuple[dict[str, object], ContactStatus]:
    return asyncio.run(_record(store))


KEYS = {"who": "1", "yes_no": "2", "choice": "1", "identity": "1957#", "pressure": "138*86#", "number": "65#"}


def test_every_closed_question_can_be_answered_by_keys_and_a_pressure_by_two_numbers() -> None:
    talk, store = held("hypertension", 30, KEYS)
    answers, _ = record(store)
    pressures = [value for value in answers.values() if isinstance(value, str) and "/" in value]
    assert pressures == ["138/86"]
    asked = {reply.question for reply in talk.replies if reply.expect in (Expect.YES_NO, Expect.CHOICE, Expect.NUMBER)}
    assert asked - {None} <= set(answers)
    assert (TurnKind.DIGITS, "1957") in talk.heard and (TurnKind.DIGITS, "138*86") in talk.heard


def test_a_number_on_the_keypad_waits_for_its_hash_key() -> None:
    talk, store = held("heart_failure", 3, KEYS)
    assert (TurnKind.DIGITS, "65") in talk.heard
    assert 65.0 in record(store)[0].values()


def test_silence_is_met_with_other_words_then_with_keys_then_with_a_goodbye() -> None:
    """Silent from the beginning: each time something else is said, and nobody is left hanging."""
    talk, store = held("coronary_stent", 7, {})
    assert {kind for kind, _ in talk.heard} == {TurnKind.START, TurnKind.SILENCE}
    said = [reply.text for reply in talk.replies]
    assert len(set(said)) == len(said)
    assert "按1" in said[2] and talk.replies[-1].end and len(said) == 4
    assert record(store)[1] is ContactStatus.DUE


def test_a_patient_who_falls_silent_in_mid_talk_is_offered_the_keys() -> None:
    talk, store = held("coronary_stent", 7, {"who": "1", "identity": "1957#"})
    silent = [reply for (kind, _), reply in zip(talk.heard, talk.replies, strict=True) if kind is TurnKind.SILENCE]
    assert len(silent) == 4
    assert len({reply.text for reply in silent}) == 4
    assert "按" in silent[2].text and "按" not in silent[0].text
    assert silent[3].end
    assert record(store)[1] in (ContactStatus.DUE, ContactStatus.PARTIAL)
