"""Why a call ended: ISDN causes (ITU-T Q.850, as the PBX reports them) in the scheduler's words (pure)."""

from dataclasses import dataclass

BUSY = frozenset({17})
NOT_ANSWERED = frozenset({18, 19, 20})  # nobody reacted, nobody picked up, the phone is off or out of reach
DECLINED = 21
_SIP_DECLINE = 603
_NAMES = {
    1: "unallocated_number",
    2: "no_route",
    3: "no_route",
    16: "normal_clearing",
    17: "user_busy",
    18: "no_user_response",
    19: "no_answer",
    20: "subscriber_absent",
    21: "rejected",
    22: "number_changed",
    27: "destination_out_of_order",
    28: "invalid_number",
    34: "congestion",
    38: "network_out_of_order",
    41: "temporary_failure",
    42: "switch_congestion",
    44: "channel_unavailable",
    47: "congestion",
    58: "bearer_unavailable",
    127: "interworking",
}
NO_RESPONSE = "trunk_no_response"
_NOBODY_HAS_IT = {1: 404, 22: 410, 28: 484}


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` is one of CarrierStatus's words; `reason` is stable and for people."""

    status: str
    reason: str


def sip_code(cause: int, sip: int | None) -> int | None:
    """The SIP status, or the one that means the same on a trunk that speaks ISDN."""
    return sip if sip is not None else _NOBODY_HAS_IT.get(cause)


def verdict(cause: int, sip: int | None, *, answered: bool, responded: bool) -> Verdict:
    """`responded`: the trunk said anything at all (ringing, progress, a refusal) before the end. Without it a "no
    answer" is the PBX's own timer over a trunk that is down: no telephone rang anywhere."""
    if answered:
        return Verdict("completed", _NAMES.get(cause, f"cause_{cause}"))
    reason = _NAMES.get(cause, f"cause_{cause}")
    if cause in BUSY:
        return Verdict("busy", reason)
    if cause in NOT_ANSWERED:
        return Verdict("no-answer", reason) if responded else Verdict("failed", NO_RESPONSE)
    if cause == DECLINED and sip in (None, _SIP_DECLINE):
        return Verdict("no-answer", reason)  # the patient pressed the red key; a trunk's own 403 is a failure
    if cause == 16:
        return Verdict("canceled", "hung_up_before_answer")
    return Verdict("failed", reason)
