"""New rows gathered and written together: one statement a table instead of one a row."""

from agent.model.contact import Contact
from agent.model.people import Patient, Plan
from agent.model.record import Event
from agent.model.stay import Stay
from agent.store.ports import Records


class RowsToAdd:
    """What one transaction adds; written by `flush`, in the order that references need."""

    def __init__(self) -> None:
        self.patients: dict[str, Patient] = {}
        self.stays: list[Stay] = []
        self.plans: list[Plan] = []
        self.contacts: list[Contact] = []
        self.events: list[Event] = []

    def touches(self, patient_id: str) -> bool:
        """Whether something of this patient is not in the store yet."""
        owners = {*(plan.patient_id for plan in self.plans), *(stay.patient_id for stay in self.stays)}
        return patient_id in self.patients or patient_id in owners

    async def flush(self, records: Records) -> None:
        await records.add_patients(list(self.patients.values()))
        await records.add_stays(self.stays)
        await records.add_plans(self.plans, self.contacts)
        await records.add_events(self.events)
        for waiting in (self.patients, self.stays, self.plans, self.contacts, self.events):
            waiting.clear()
