"""The three answers the carrier gets from us, as TwiML."""

from twilio.twiml.voice_response import Connect, Dial, VoiceResponse

HANG_UP = "<Response><Hangup/></Response>"


def stream_twiml(url: str, parameters: dict[str, str]) -> str:
    """Connects the call to our media stream; secrets travel as parameters, never in the address."""
    connect = Connect()
    stream = connect.stream(url=url)
    for name, value in parameters.items():
        stream.parameter(name=name, value=value)
    response = VoiceResponse()
    response.append(connect)
    return str(response)


def dial_twiml(to: str, ring_seconds: int, caller_id: str, action: str) -> str:
    """Connects the call with another telephone; `action` is asked for what follows when that has ended or not rung
    through."""
    dial = Dial(action=action, method="POST", timeout=ring_seconds, caller_id=caller_id)
    dial.number(to)
    response = VoiceResponse()
    response.append(dial)
    return str(response)
