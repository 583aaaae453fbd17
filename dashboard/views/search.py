"""What a search found: patients by name and number, and the sentences that hold the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.model.found import FoundWords
from agent.model.people import Patient
from agent.store.screens import ScreenRecords
from dashboard.deps import DashboardDeps
from dashboard.views.ledger import PatientRow, load_patients
from dashboard.views.marks import Piece
from dashboard.views.queue import UNKNOWN_NAME, what_of, who_of

SENTENCES = 50
BEFORE, AFTER = 16, 60  # characters shown around what was searched


@dataclass(frozen=True, slots=True)
class Sentence:
    contact_id: str
    turn_id: str
    name: str
    who: str
    what: str
    at: datetime
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    text: str
    patients: tuple[PatientRow, ...]
    sentences: tuple[Sentence, ...]

    @property
    def more(self) -> bool:
        """Whether there may be more sentences than are shown."""
        return len(self.sentences) == SENTENCES


async def load(records: ScreenRecords, deps: DashboardDeps, text: str) -> Found:
    """Both empty for an empty text."""
    if not text:
        return Found(text, (), ())
    number = text.replace(" ", "").replace("-", "")  # as people read telephone numbers out
    patients = await load_patients(records, deps, number if number.isdecimal() else text)
    return Found(text, patients, await _sentences(records, deps, text))


async def _sentences(records: ScreenRecords, deps: DashboardDeps, text: str) -> tuple[Sentence, ...]:
    found = await records.search_words(text, limit=SENTENCES)
    patients = await records.patients_by_id({each.patient_id for each in found})
    contacts = await records.contacts_by_id({each.contact_id for each in found})

    def sentence(each: FoundWords) -> Sentence:
        person: Patient | None = patients.get(each.patient_id)
        what = what_of(contacts.get(each.contact_id), deps)
        name = person.name if person else UNKNOWN_NAME
        return Sentence(
            each.contact_id, each.turn_id, name, who_of(person, deps.now()), what, each.at, around(each.text, text)
        )

    return tuple(sentence(each) for each in found)


def around(words: str, wanted: str) -> tuple[Piece, ...]:
    """The words about the first place where they hold what was searched, with that marked."""
    at = words.casefold().find(wanted.casefold())
    if at < 0:
        return (Piece(words),)
    start, end = max(0, at - BEFORE), at + len(wanted)
    before, after = words[start:at], words[end : end + AFTER]
    pieces: Sequence[Piece] = (
        Piece(("…" if start else "") + before),
        Piece(words[at:end], "hit"),
        Piece(after + ("…" if end + AFTER < len(words) else "")),
    )
    return tuple(piece for piece in pieces if piece.text)
