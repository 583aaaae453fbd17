"""Whether a conversation may go on in plain SMS."""

from agent.chat.parts import ChatParts
from agent.store.ports import Records
from agent.text_consent import agreed_to_text


async def asks_by_text(parts: ChatParts, records: Records, patient_id: str) -> bool:
    """Whether questions and readings may stand in an SMS: the patient agreed, and the vendor carries them."""
    return parts.any_words and await agreed_to_text(records, patient_id)
