"""The carrier's published error codes, translated into the scheduler's few."""

from twilio.base.exceptions import TwilioException, TwilioRestException

from agent.schedule.ports import DialFailed

# https://www.twilio.com/docs/api/errors: the number itself is at fault, another try is pointless
_BAD_NUMBER = frozenset({13223, 13224, 13225, 13226, 21201, 21211, 21214, 21217, 21421, 21614})
_UNAUTHORISED = frozenset({20003, 20005, 20403})
_RATE_LIMITED = frozenset({20429, 21232})


def dial_failed(error: Exception) -> DialFailed:
    """The failure to raise instead of `error`, whose own text names the patient's number: raise it `from None`."""
    if isinstance(error, TwilioRestException):
        return _refused(error.status, error.code or 0)
    # no answer, a broken answer, or none in time: the call may exist all the same (ask `find` before a redial)
    return DialFailed("carrier_down", retryable=True)


def _refused(status: int, code: int) -> DialFailed:
    if code in _BAD_NUMBER:
        return DialFailed("bad_number", retryable=False)
    if code in _RATE_LIMITED or status == 429:
        return DialFailed("rate_limited", retryable=True)
    if code in _UNAUTHORISED or status in (401, 403):
        return DialFailed("unauthorised", retryable=False, alarm=True)
    if status >= 500:
        return DialFailed("carrier_down", retryable=True)
    return DialFailed("rejected", retryable=False, alarm=True)


# requests' own errors are OSErrors; a proxy's HTML page in place of JSON is a ValueError
CARRIER_ERRORS = (TwilioException, OSError, ValueError)
