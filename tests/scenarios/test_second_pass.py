"""A call is heard again: what the call missed reaches a nurse once, whatever dies, and no answer changes by itself."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from agent.attempts.retries import RetryPolicy
from agent.attempts.transitions import begin_attempt
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.contact import Attempt, AttemptOutcome, Channel
from agent.model.escalation import Escalation, EscalationKind, EscalationStatus
from agent.model.finding import Level
from agent.model.record import OutboxKind
from agent.model.second_pass import SecondPass, SecondPassStatus
from agent.model.turn import AudioSpan, Hypothesis, Reply, Turn, TurnKind
from agent.second_pass.listening import Listening
from agent.second_pass.ports import NoTape
from agent.second_pass.work import Parts, SecondPassWork
from agent.speech.ports import PCM_RATE_HZ, Recognised, RecogniserFailed
from agent.store.open import migrate, open_store
from agent.store.ports import Store, Unavailable
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Hospital
from folders import NLU_DATA, PATHWAYS
from tests.fakes import rows
from tests.fakes.decider import ScriptedDecider
from tests.fakes.memory_store import MemoryStore

READER = Reader(content.load(NLU_DATA))
SHELF = PathwayShelf(PATHWAYS)
LOUD = 1_000  # samples of the n-th utterance are LOUD + n: that is how the ears below know it


class Ears:
    """Hears each utterance by its number; `failing` times it fails first."""

    name, streaming = "ears", False

    def __init__(self, texts: dict[int, str], failing: int = 0) -> None:
        self.texts, self.failing, self.asked = texts, failing, list[str]()
        self.waiting: asyncio.Event | None = None
        self.begun = asyncio.Event()

    def utterance(self) -> "_Ear":
        return _Ear(self)

    async def close(self) -> None: ...


class _Ear:
    def __init__(self, ears: Ears) -> None:
        self._ears, self._pcm = ears, b""

    def attend(self, question: str) -> None:
        self._ears.asked.append(question)

    def feed(self, pcm: bytes) -> str | None:
        self._pcm += pcm
        return None

    def speculate(self) -> None: ...

    def discard(self) -> None: ...

    async def finish(self) -> Recognised:
        self._ears.begun.set()
        if self._ears.waiting:
            await self._ears.waiting.wait()
        if self._ears.failing:
            self._ears.failing -= 1
            raise RecogniserFailed("decode_failed")
        samples = np.frombuffer(self._pcm, np.int16)
        text = self._ears.texts.get(int(samples.max(initial=0)) - LOUD, "")
        return Recognised((Hypothesis(text, 0.8),) if text else (), 0.0)


class Tapes:
    """One recording in memory."""

    def __init__(self) -> None:
        self.spans: list[AudioSpan] = []
        self.gone = False

    def say(self, span: AudioSpan) -> None:
        self.spans.append(span)

    def patient(self, path: str) -> bytes:
        if self.gone:
            raise NoTape
        sound = np.zeros(round((self.spans[-1].end + 1) * PCM_RATE_HZ), np.int16)
        for number, span in enumerate(self.spans):
            sound[round(span.start * PCM_RATE_HZ) : round(span.end * PCM_RATE_HZ)] = LOUD + number
        return sound.tobytes()

    def repair(self, path: str) -> float:
        return self.spans[-1].end + 1

    def speech(self, pcm: bytes) -> list[AudioSpan]:
        return list(self.spans)


class KilledStore(MemoryStore):
    """The process dies at the commit after `kill_in` more writes."""

    kill_in = -1

    @asynccontextmanager
    async def transaction(self, *, write: bool = True) -> AsyncIterator[object]:
        async with super().transaction(write=write) as records:
            yield records
            if write and self.kill_in >= 0:
                self.kill_in -= 1
                if self.kill_in < 0:
                    raise Unavailable


@dataclass
class Followed:
    """A heart-failure call on the third day, and the second pass of it."""

    store: Store = field(default_factory=KilledStore)
    now: datetime = rows.NOON
    tapes: Tapes = field(default_factory=Tapes)
    heard_again: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    life: str = "a"  # of the process: no id comes twice
    day: int = 3

    def __post_init__(self) -> None:
        ids = count(1)
        self.new_id = lambda: f"{self.life}{next(ids):04}"
        hospital = Hospital("市一医院", "0571-88000000", drafts=True)
        stages = Stages(
            self.store, READER, ScriptedDecider(), SHELF, hospital, RetryPolicy(), lambda: self.now, self.new_id
        )
        self.conversation = Conversation(stages)
        self.ears = Ears(self.heard_again)
        self.work = self.worker()

    def worker(self) -> SecondPassWork:
        listening = Listening(self.tapes, lambda: self.ears, self.tapes.speech)
        return SecondPassWork(Parts(self.store, self.tapes, listening, READER, SHELF, lambda: self.now, self.new_id))

    async def begin(self, *texts: str) -> Reply:
        pathway = SHELF.get("heart_failure")
        async with self.store.transaction() as records:
            await records.add_patient(rows.patient(1, id="p1", name="王建国", birth_year=1955, sex="male"))
            contact = rows.contact(1, self.day, id="c1", patient_id="p1", pathway_version=pathway.version)
            await records.add_plan(rows.plan(1, patient_id="p1", pathway_version=pathway.version), [contact])
            await begin_attempt(
                records, contact, Attempt("a1", "c1", "p1", Channel.PHONE, AttemptOutcome.INTENDED, self.now)
            )
        await self.conversation.note_recording("a1", "a1.wav", 0.0)
        reply = await self._turn("", TurnKind.START)
        for text in texts:
            reply = await self.says(text)
        return reply

    async def says(self, text: str, again: str | None = None) -> Reply:
        """One answer, heard as `text` in the call and as `again` (the same by default) afterwards."""
        self.seconds += 8
        span = AudioSpan(self.seconds, self.seconds + 2)
        self.mutters(again if again is not None else text, span)
        return await self._turn(text, TurnKind.SPEECH if text else TurnKind.UNHEARD, span)

    def mutters(self, again: str, span: AudioSpan) -> None:
        """Sound on the tape that only the second hearing understands."""
        self.heard_again[len(self.tapes.spans)] = again
        self.tapes.say(span)

    async def _turn(self, text: str, kind: TurnKind, span: AudioSpan | None = None) -> Reply:
        self.now += timedelta(seconds=8)
        turn = Turn(f"t{self.seconds:g}", "c1", "a1", Channel.PHONE, kind, self.now, text, 0.9, audio=span)
        if kind is TurnKind.HANGUP:
            turn = replace(turn, id="hangup")
        return await self.conversation.receive(turn)

    async def end(self) -> None:
        await self._turn("", TurnKind.HANGUP)
        await self.conversation.note_recording("a1", "a1.wav", self.seconds + 3)
        self.now += timedelta(minutes=1)

    async def cards(self) -> list[Escalation]:
        async with self.store.transaction(write=False) as records:
            return list(await records.escalations())

    async def second_pass(self) -> SecondPass:
        async with self.store.transaction(write=False) as records:
            found = await records.second_pass("a1")
            assert found is not None
            return found


MISSED = "就是这两天胸口疼"


async def missed_red_flag(call: Followed) -> None:
    await call.begin("是我", "一九五五年", "不喘", "不会")
    await call.says("就是这两个新口", again=MISSED)
    await call.end()


async def test_a_red_flag_the_call_missed_is_one_card_with_its_words_and_place() -> None:
    call = Followed()
    await missed_red_flag(call)
    assert await call.cards() == []
    assert await call.work.run_once() == 1
    (card,) = await call.cards()
    assert card.by_second_pass and card.level is Level.RED and card.kind is EscalationKind.RED_FLAG
    assert card.evidence.words == MISSED and "胸口疼" in MISSED[slice(*card.evidence.span)]
    assert (card.evidence.turn_id, card.evidence.audio) == ("t40", AudioSpan(40.0, 42.0))
    assert card.created_at == call.now, "the nurse's clock starts when it was found"
    async with call.store.transaction() as records:
        messages = await records.claim_outbox(limit=99, now=call.now)
        assert [each.kind for each in messages if each.subject == card.id] == [OutboxKind.ESCALATION_RAISED]
        assert [event.to_status for event in await records.events("escalation", card.id)] == ["open"]


async def test_each_answer_is_heard_for_its_own_question() -> None:
    call = Followed()
    await missed_red_flag(call)
    await call.work.run_once()
    assert len(call.ears.asked) == 5
    assert "喘" in call.ears.asked[2] and "肿" in call.ears.asked[4]


async def test_a_repeated_run_changes_nothing() -> None:
    call = Followed()
    await missed_red_flag(call)
    assert [await call.work.run_once() for _ in range(3)] == [1, 0, 0]
    call.now += timedelta(hours=1)
    assert await call.worker().run_once() == 0
    assert len(await call.cards()) == 1


async def test_killed_between_hearing_and_commit_it_is_done_again_once() -> None:
    call = Followed()
    await missed_red_flag(call)
    assert isinstance(call.store, KilledStore)
    call.store.kill_in = 1  # the claim is committed, what came of it is not
    with pytest.raises(Unavailable):
        await call.work.run_once()
    assert await call.cards() == []
    assert await call.worker().run_once() == 0, "another worker waits until the hold ends"
    call.now += timedelta(minutes=10)
    assert await call.worker().run_once() == 1
    assert len(await call.cards()) == 1 and (await call.second_pass()).tries == 2


async def test_a_worker_whose_hold_ran_out_writes_nothing_behind_the_other() -> None:
    call = Followed()
    await missed_red_flag(call)
    call.ears.waiting = asyncio.Event()
    slow = asyncio.create_task(call.work.run_once())
    await call.ears.begun.wait()
    call.ears.begun.clear()
    call.now += timedelta(minutes=11)
    other = asyncio.create_task(call.worker().run_once())
    await call.ears.begun.wait()
    call.ears.waiting.set()
    assert sorted([await slow, await other]) == [0, 1]
    assert len(await call.cards()) == 1


async def test_after_a_restart_on_a_real_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'suifang.db'}"
    migrate(url)
    before = Followed(await open_store(url))
    await missed_red_flag(before)
    await before.store.close()
    after = Followed(await open_store(url), before.now, before.tapes, before.heard_again, life="b")
    assert [await after.work.run_once(), await after.work.run_once()] == [1, 0]
    (card,) = await after.cards()
    assert card.by_second_pass and card.evidence.words == MISSED
    await after.store.close()


async def test_what_the_call_heard_is_not_told_again() -> None:
    call = Followed()
    await call.begin("是我", "一九五五年", "不喘")
    await call.says("这两天心口疼", again="就是这两天胸口疼，还出冷汗")
    await call.end()
    before = await call.cards()
    assert before and not any(card.by_second_pass for card in before)
    assert await call.work.run_once() == 1
    assert await call.cards() == before


async def test_a_danger_in_speech_that_the_call_took_for_nothing() -> None:
    call = Followed()
    await call.begin("是我", "一九五五年")
    call.mutters("我喘不上气", AudioSpan(20.0, 21.5))
    await call.end()
    await call.work.run_once()
    (card,) = await call.cards()
    assert (card.evidence.turn_id, card.evidence.audio) == ("", AudioSpan(20.0, 21.5))
    assert card.level is Level.RED and card.by_second_pass


async def test_an_answer_that_reads_differently_waits_for_a_nurse_and_stays() -> None:
    call = Followed()
    await call.begin("是我", "一九五五年", "不喘", "不会", "不肿")
    await call.says("六十一公斤", again="七十一公斤")
    await call.says("没有")
    await call.end()
    await call.work.run_once()
    (found,) = (await call.second_pass()).differences
    assert (found.question, found.live, found.second, found.words) == ("weight", 61.0, 71.0, "七十一公斤")
    async with call.store.transaction(write=False) as records:
        assert {answer.question: answer.value for answer in await records.answers("c1")}["weight"] == 61
    assert await call.cards() == []


async def test_an_answer_the_call_did_not_understand_is_offered() -> None:
    call = Followed()
    await call.begin("是我", "一九五五年", "不喘", "不会")
    await call.says("", again="不肿")
    await call.end()
    await call.work.run_once()
    (found,) = (await call.second_pass()).differences
    assert (found.question, found.live, found.second) == ("swelling", None, False)


async def test_a_number_confirmed_when_it_was_read_back_is_not_doubted() -> None:
    call = Followed()
    await call.begin("是我", "一九五五年", "不喘", "不会", "不肿")
    reply = await call.says("大概六百一十公斤", again="七十一公斤")
    if "对吗" in reply.text or "是吗" in reply.text or "吧" in reply.text:
        await call.says("对")
    await call.end()
    await call.work.run_once()
    assert all(each.live is None for each in (await call.second_pass()).differences)


async def test_what_the_patient_denied_afterwards_is_yellow() -> None:
    call = Followed()
    await call.begin("是我", "一九五五年", "不喘", "不会")
    await call.says("这两个新口", again=MISSED)
    await call.says("胸口不疼，没有")
    await call.end()
    await call.work.run_once()
    assert [card.level for card in await call.cards()] == [Level.YELLOW]


async def test_one_hearing_against_the_other_is_yellow() -> None:
    """A short answer whose "not" only one of the two hearings caught."""
    call = Followed()
    await call.begin("是我", "一九五五年")
    await call.says("不喘", again="喘")
    await call.end()
    await call.work.run_once()
    (card,) = await call.cards()
    assert card.level is Level.YELLOW and card.by_second_pass and "请听录音核对" in card.reason
    (found,) = (await call.second_pass()).differences
    assert (found.question, found.live, found.second) == ("breath", False, True)


async def test_a_value_nobody_could_read_back_is_yellow_and_listed() -> None:
    call = Followed(day=7)
    await call.begin("是我", "一九五五年", "不喘", "不会", "不肿", "六十一公斤")
    await call.says("高压一百二十，低压八十", again="高压一百九十，低压一百一十")
    await call.end()
    await call.work.run_once()
    assert {card.level for card in await call.cards()} == {Level.YELLOW}
    assert all("复听听到的数值" in card.reason for card in await call.cards())
    (found,) = (await call.second_pass()).differences
    assert (found.live, found.second) == ("120/80", "190/110")


async def test_an_answer_that_would_alarm_is_a_doubt_even_where_no_word_of_it_does() -> None:
    call = Followed()
    await call.begin("是我", "一九五五年", "不喘", "不会", "不肿", "六十一公斤", "没有")
    await call.says("都按时吃了", again="药早就停了")
    await call.end()
    await call.work.run_once()
    (found,) = (await call.second_pass()).differences
    assert (found.live, found.second) == ("as_prescribed", "stopped")
    assert all(card.kind is EscalationKind.UNCLEAR and card.level is Level.YELLOW for card in await call.cards())


async def test_while_a_call_is_up_it_waits_but_not_for_ever() -> None:
    call = Followed()
    await missed_red_flag(call)
    async with call.store.transaction() as records:
        await records.add_patient(rows.patient(2))
        await records.add_plan(rows.plan(2), [rows.contact(2)])
        await records.add_attempt(rows.attempt(2, outcome=AttemptOutcome.ANSWERED))
    assert await call.work.run_once() == 0
    call.now += timedelta(minutes=15)
    assert await call.work.run_once() == 1


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(AttemptOutcome.VOICEMAIL, SecondPassStatus.SKIPPED), (AttemptOutcome.HUNG_UP, SecondPassStatus.DONE)],
)
async def test_a_machine_s_words_are_nobody_s(outcome: AttemptOutcome, status: SecondPassStatus) -> None:
    call = Followed()
    await missed_red_flag(call)
    async with call.store.transaction() as records:
        await records.save_attempt(replace(await records.attempt("a1"), outcome=outcome))
    await call.work.run_once()
    assert (await call.second_pass()).status is status


async def test_no_recording_and_a_failing_recogniser_end_it_with_a_reason() -> None:
    gone, deaf = Followed(), Followed()
    for call in (gone, deaf):
        await missed_red_flag(call)
    gone.tapes.gone, deaf.ears.failing = True, 99
    await gone.work.run_once()
    assert (await gone.second_pass()).status is SecondPassStatus.NO_AUDIO
    for _ in range(4):
        await deaf.work.run_once()
        deaf.now += timedelta(minutes=10)
    assert (await deaf.second_pass()).status is SecondPassStatus.FAILED
    assert await deaf.work.run_once() == 0


async def test_a_recording_without_a_length_gets_it() -> None:
    call = Followed()
    await missed_red_flag(call)
    async with call.store.transaction() as records:
        (recording,) = await records.recordings(contact_id="c1")
        await records.save_recording(replace(recording, seconds=0.0))
    call.now += timedelta(minutes=5)
    await call.work.run_once()
    async with call.store.transaction(write=False) as records:
        (recording,) = await records.recordings(contact_id="c1")
    assert recording.seconds == 43.0


async def test_a_recording_that_may_still_be_written_is_heard_later_and_gets_its_length() -> None:
    call = Followed()
    await missed_red_flag(call)
    async with call.store.transaction() as records:
        (recording,) = await records.recordings(contact_id="c1")
        await records.save_recording(replace(recording, seconds=0.0))
    call.now += timedelta(seconds=5)
    assert await call.work.run_once() == 0
    call.now += timedelta(minutes=15)
    assert await call.work.run_once() == 1
    async with call.store.transaction(write=False) as records:
        (recording,) = await records.recordings(contact_id="c1")
    assert recording.seconds == 43.0


async def test_nothing_a_patient_said_is_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    call = Followed()
    await missed_red_flag(call)
    call.ears.failing = 1
    await call.work.run_once()
    call.now += timedelta(minutes=10)
    await call.work.run_once()
    assert "second pass: attempt=a1" in caplog.text
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in caplog.text)


async def test_a_card_resolved_before_comes_anew_only_as_a_new_danger() -> None:
    """The same rule in an earlier, finished card of the patient: a nurse is told of the new words."""
    call = Followed()
    await missed_red_flag(call)
    async with call.store.transaction() as records:
        await records.add_escalation(
            rows.escalation(1, patient_id="p1", contact_id="c1", status=EscalationStatus.RESOLVED)
        )
    await call.work.run_once()
    assert sorted(card.by_second_pass for card in await call.cards()) == [False, True]
