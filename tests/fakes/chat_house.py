"""One house that chats: store, conversation and desk on a clock that is set by hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from agent.attempts.retries import RetryPolicy
from agent.chat import content as chat_content
from agent.chat.desk import ChatDesk
from agent.chat.lessons import LessonSender
from agent.chat.parts import ChatParts
from agent.chat.place import begin
from agent.conversation import Conversation, Stages
from agent.dialog.pathway_loader import PathwayShelf
from agent.model.contact import Channel, Contact
from agent.model.message import Message, MessageKind
from agent.model.piece import Piece, PieceKind
from agent.model.record import OutboxKind
from agent.model.turn import Hypothesis, Turn, TurnKind
from agent.points import PointsGiver
from agent.points_file import load_points
from agent.schedule.calendar import CallingCalendar
from agent.store.ports import Records, Store
from agent.triage import content
from agent.triage.reader import Reader
from agent.turn.ports import Decides, Hospital
from folders import NLU_DATA, PATHWAYS, ROOT
from tests.fakes import rows
from tests.fakes.decider import ScriptedDecider
from tests.fakes.memory_store import MemoryStore
from wiring.chat import limits_on, pictures_on

READER = Reader(content.load(NLU_DATA))
SHELF = PathwayShelf(PATHWAYS)
CHAT = chat_content.load(NLU_DATA, drafts=True)
POINTS = load_points(ROOT / "plans" / "points.yml")
CONTACT, PATIENT, PHONE = "c1", "p1", "+8613900000001"
LINK = "https://h.cn/c/x"


@dataclass
class ChatHouse:
    """王建国, born 1955, third day of heart failure; writes by `channel`."""

    channel: Channel = Channel.WEBCHAT
    pathway: str = "heart_failure"
    node: int = 3
    store: Store = field(default_factory=MemoryStore)
    decides: Decides = field(default_factory=ScriptedDecider)
    now: datetime = rows.NOON
    birth_year: int = 1955
    name: str = "王建国"
    sex: str = "male"
    id_last4: str | None = None
    voices: dict[str, tuple[Hypothesis, ...]] = field(default_factory=dict)
    any_words: bool = True
    points: bool = True
    content: chat_content.ChatContent = CHAT

    def __post_init__(self) -> None:
        ids, self._pieces = count(1), count(1)
        hospital = Hospital("市一医院", "0571-88000000", True, next_open=CallingCalendar().next_open)
        self.retries = RetryPolicy()

        def new_id() -> str:
            return f"id{next(ids):04}"

        stages = Stages(self.store, READER, self.decides, SHELF, hospital, self.retries, lambda: self.now, new_id)
        self.conversation = Conversation(stages)
        self.parts = ChatParts(
            store=self.store, conversation=self.conversation, reads=READER, content=self.content, hospital=hospital,
            allowed=lambda contact: True, link_for=lambda contact: LINK, hears=self._hear, limits_for=limits_on(SHELF),
            now=lambda: self.now, new_id=new_id, any_words=self.any_words,
            points=self.points, picture_of=pictures_on(SHELF),
        )  # fmt: skip
        self.desk = ChatDesk(self.parts)

    async def ready(self, **contact: object) -> "ChatHouse":
        pathway = SHELF.get(self.pathway)
        async with self.store.transaction() as records:
            await records.add_patient(
                rows.patient(
                    1,
                    id=PATIENT,
                    name=self.name,
                    phone=PHONE,
                    birth_year=self.birth_year,
                    sex=self.sex,
                    id_last4=self.id_last4,
                )
            )
            due = rows.contact(
                1, day=self.node, id=CONTACT, patient_id=PATIENT, pathway=self.pathway,
                pathway_version=pathway.version, due_at=self.now,
            )  # fmt: skip
            later = replace(due, id="c2", due_at=self.now + timedelta(days=4), node_day=pathway.nodes[-1].day)
            plan = rows.plan(1, patient_id=PATIENT, pathway=self.pathway, pathway_version=pathway.version)
            contacts = [replace(due, **contact)]  # type: ignore[arg-type]
            await records.add_plan(plan, contacts + ([later] if len(pathway.nodes) > 1 else []))
        return self

    async def _hear(self, media: str) -> tuple[Hypothesis, ...]:
        return self.voices.get(media, ())

    def piece(self, text: str = "", kind: PieceKind = PieceKind.TEXT, **changes: object) -> Piece:
        number = next(self._pieces)
        web = self.channel is Channel.WEBCHAT
        made = Piece(
            id=f"{self.channel}:{number}", channel=self.channel, sender=CONTACT if web else PHONE,
            patient_id=PATIENT, kind=kind, at=self.now, received_at=self.now, seq=number, text=text,
            contact_id=CONTACT if web else None, proven=web,
        )  # fmt: skip
        return replace(made, **changes)  # type: ignore[arg-type]

    async def sends(self, *pieces: Piece | str) -> str:
        """What is written back once the patient has been quiet; "" for nothing."""
        before = len(await self.written())
        for piece in pieces:
            await self.desk.take(self.piece(piece) if isinstance(piece, str) else piece)
        self.now += timedelta(seconds=6)
        await self.desk.run_once()
        self.now += timedelta(seconds=2)
        return " | ".join(message.text for message in (await self.written())[before:])

    async def says(self, *texts: str) -> str:
        """Each text a turn of its own; the last reply."""
        reply = ""
        for text in texts:
            reply = await self.sends(text)
        return reply

    async def opens(self) -> str:
        return await self.sends(self.piece(kind=PieceKind.OPENED))

    async def presses(self, key: str) -> str:
        asked = [each.id for each in await self.written()]
        return await self.sends(self.piece(key, PieceKind.KEY, answers=asked[-1]))

    async def teaches(self) -> None:
        """The education that is owed is sent."""
        await LessonSender(self.parts, frozenset(), lambda at: at).run_once()

    async def tells(self) -> None:
        """What was committed is told to the giver of points, as the runner tells it."""
        giver = PointsGiver(self.store, POINTS, self.parts.now)
        async with self.store.transaction() as records:
            waiting = await records.claim_outbox(limit=100, now=self.now)
        for each in waiting:
            if each.kind is OutboxKind.CONTACT_CHANGED:
                await giver.contact_changed(each.subject)

    async def written(self) -> list[Message]:
        """The robot's replies, oldest first."""
        async with self.store.transaction(write=False) as records:
            sent = await records.messages(patient_id=PATIENT)
        return [each for each in sent if each.kind is MessageKind.CHAT]

    async def records(self) -> Records:
        async with self.store.transaction(write=False) as records:
            return records

    async def contact(self, contact_id: str = CONTACT) -> Contact:
        return await (await self.records()).contact(contact_id)

    async def answers(self) -> dict[str, object]:
        return {each.question: each.value for each in await (await self.records()).answers(CONTACT)}

    async def alarms(self) -> list[tuple[str, str]]:
        return [(each.level.value, each.rule) for each in await (await self.records()).escalations(patient_id=PATIENT)]

    async def phones(self, *texts: str, attempt_id: str = "call1") -> str:
        """A call on the contact: the words of the patient, then the line breaks."""
        async with self.store.transaction() as records:
            contact = await records.contact(CONTACT)
            attempt = await begin(records, contact, Channel.PHONE, self.now, lambda: attempt_id)
        reply = ""
        for number, text in enumerate(["", *texts]):
            kind = TurnKind.SPEECH if number else TurnKind.START
            self.now += timedelta(seconds=8)
            turn = Turn(f"{attempt_id}-{number}", CONTACT, attempt.id, Channel.PHONE, kind, self.now, text, 0.9)
            reply = (await self.conversation.receive(turn)).text
        return reply

    async def hangs_up(self, attempt_id: str = "call1") -> None:
        turn = Turn(f"{attempt_id}-end", CONTACT, attempt_id, Channel.PHONE, TurnKind.HANGUP, self.now)
        await self.conversation.receive(turn)
