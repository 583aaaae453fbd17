"""A piece of health education owed to a patient: kept until a message channel has sent it; and its picture."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.model.contact import Channel


@dataclass(frozen=True, slots=True)
class EducationDue:
    """`item` is the pathway's id of it; the text is kept as it was when the contact was completed. Not sent while
    `sent_at` is None."""

    id: str
    contact_id: str
    patient_id: str
    item: str
    title: str
    text: str
    created_at: datetime
    sent_at: datetime | None = None
    channel: Channel | None = None


@dataclass(frozen=True, slots=True)
class LessonPicture:
    """A PNG or JPEG of the house's own, and what it shows in words."""

    file: Path
    says: str

    @property
    def content_type(self) -> str:
        return "image/png" if self.file.suffix == ".png" else "image/jpeg"

    def content(self) -> bytes | None:
        """None where the file has gone since it was found: a pathway's folder is edited while patients read."""
        try:
            return self.file.read_bytes()
        except OSError:
            return None
