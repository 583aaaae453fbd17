"""The elements of R4 resources that a follow-up needs, checked strictly; everything else is passed over."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

DATE = r"^\d{4}(-\d{2}(-\d{2})?)?$"
MOMENT = r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$"


class _Element(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)


class Coding(_Element):
    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(_Element):
    coding: list[Coding] = []
    text: str | None = None

    @property
    def words(self) -> str:
        return self.text or next((each.display for each in self.coding if each.display), "") or ""

    def has(self, *codes: str) -> bool:
        return any(each.code in codes for each in self.coding)


class Identifier(_Element):
    system: str | None = None
    value: str | None = None
    type: CodeableConcept | None = None


class HumanName(_Element):
    text: str | None = None
    family: str | None = None
    given: list[str] = []


class ContactPoint(_Element):
    system: Literal["phone", "fax", "email", "pager", "url", "sms", "other"] | None = None
    value: str | None = None
    use: Literal["home", "work", "temp", "old", "mobile"] | None = None


class Kin(_Element):
    name: HumanName | None = None
    telecom: list[ContactPoint] = []


class Reference(_Element):
    reference: str


class Period(_Element):
    start: str | None = Field(default=None, pattern=MOMENT)
    end: str | None = Field(default=None, pattern=MOMENT)


class Patient(_Element):
    resourceType: Literal["Patient"]
    id: str | None = None
    identifier: list[Identifier] = []
    name: list[HumanName] = Field(min_length=1)
    telecom: list[ContactPoint] = []
    gender: Literal["male", "female", "other", "unknown"] | None = None
    birthDate: str | None = Field(default=None, pattern=DATE)
    deceasedBoolean: bool | None = None
    deceasedDateTime: str | None = Field(default=None, pattern=MOMENT)
    contact: list[Kin] = []


class Hospitalization(_Element):
    dischargeDisposition: CodeableConcept | None = None


class EncounterDiagnosis(_Element):
    condition: Reference


class Encounter(_Element):
    resourceType: Literal["Encounter"]
    id: str | None = None
    identifier: list[Identifier] = []
    status: Literal[
        "planned",
        "arrived",
        "triaged",
        "in-progress",
        "onleave",
        "finished",
        "cancelled",
        "entered-in-error",
        "unknown",
    ]
    kind: Coding = Field(alias="class")
    subject: Reference
    period: Period | None = None
    serviceType: CodeableConcept | None = None
    hospitalization: Hospitalization | None = None
    diagnosis: list[EncounterDiagnosis] = []


class Condition(_Element):
    resourceType: Literal["Condition"]
    id: str | None = None
    code: CodeableConcept
    subject: Reference
    encounter: Reference | None = None
    verificationStatus: CodeableConcept | None = None


class Procedure(_Element):
    resourceType: Literal["Procedure"]
    id: str | None = None
    status: str
    code: CodeableConcept
    subject: Reference
    encounter: Reference | None = None


Resource = Patient | Encounter | Condition | Procedure
KINDS: dict[str, type[Resource]] = {
    "Patient": Patient, "Encounter": Encounter, "Condition": Condition, "Procedure": Procedure,
}  # fmt: skip


class Entry(_Element):
    fullUrl: str | None = None
    resource: dict[str, Any]


class Bundle(_Element):
    resourceType: Literal["Bundle"]
    type: Literal["transaction", "collection"]
    entry: list[Entry] = Field(min_length=1)
