"""HL7 v2: bytes of a message → what it says of a patient, and the acknowledgment it gets."""
