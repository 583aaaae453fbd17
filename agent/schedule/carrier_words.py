"""What the carrier's words mean for an attempt."""

from agent.model.contact import AttemptOutcome

OUTCOMES = {
    "busy": AttemptOutcome.BUSY,
    "no-answer": AttemptOutcome.NO_ANSWER,
    "canceled": AttemptOutcome.NO_ANSWER,
    "failed": AttemptOutcome.FAILED,
}
"""Final words → outcome; "completed" is the conversation's to judge."""
GOT_THROUGH = frozenset({"ringing", "in-progress", "completed", "busy", "no-answer"})
"""Words that prove that the network found the number."""
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
NOBODY_HAS_IT = frozenset({404, 410, 484, 604})
"""SIP answers with which a network says that nobody has this number."""
NOT_PLACED = frozenset({"bad_number", "rate_limited", "unauthorised", "rejected"})
"""Codes with which the carrier itself refused; after any other the call may exist."""
MACHINES = frozenset({"machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"})
UNPROVEN = "number_unknown_on_unproven_trunk"
"""Why a number that the network does not know is tried again: no other call of this trunk got through lately."""
