"""The calls that run in this process, by attempt: what the carrier tells about one of them reaches it here."""

from weakref import WeakValueDictionary

from telephony.before_answer import BeforeAnswer
from telephony.call import CallParts, PhoneCall
from telephony.line import Line


class LiveCalls:
    """Makes calls and remembers each as long as it lasts."""

    def __init__(self, parts: CallParts) -> None:
        self._parts = parts
        self._calls: WeakValueDictionary[str, PhoneCall] = WeakValueDictionary()

    def make(self, line: Line, attempt_id: str) -> PhoneCall:
        call = PhoneCall(line, attempt_id, self._parts)
        self._calls[attempt_id] = call
        return call

    def before_answer(self, attempt_id: str) -> BeforeAnswer:
        """What listens while the telephone of this attempt rings."""
        return BeforeAnswer(attempt_id, self._parts)

    def guessed(self, attempt_id: str, answered_by: str) -> bool:
        """Passes the carrier's word on who answered to the call; False when it does not run here."""
        call = self._calls.get(attempt_id)
        if call is None:
            return False
        call.guessed(answered_by)
        return True

    def hearing(self, attempt_id: str) -> str:
        """What the patient is saying at this moment, as far as it is understood; nothing for a call that runs
        elsewhere."""
        call = self._calls.get(attempt_id)
        return call.partial if call is not None else ""

    def take_over(self, attempt_id: str, number: str) -> bool:
        """A nurse wants the call on that telephone; False when it does not run here or cannot be handed over now."""
        call = self._calls.get(attempt_id)
        return call is not None and call.take_over(number)
