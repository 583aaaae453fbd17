"""The small part of TwiML that a follow-up call uses, read as strictly as the carrier reads it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.etree import ElementTree

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_STREAM_ATTRIBUTES = frozenset({"url", "name", "track", "statusCallback", "statusCallbackMethod"})
_DIAL_ATTRIBUTES = frozenset(
    {"action", "method", "timeout", "callerId", "answerOnBridge", "hangupOnStar", "timeLimit", "ringTone"}
)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_PARAMETER_LIMIT = 500  # characters of one parameter's name and value together


class TwimlError(Exception):
    """`code` is the carrier's published error number."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class ConnectStream:
    url: str
    parameters: dict[str, str]


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: int


@dataclass(frozen=True, slots=True)
class Hangup:
    pass


@dataclass(frozen=True, slots=True)
class Dial:
    """Connects the call with another telephone. `action` is asked for what follows; empty: the next verb."""

    number: str
    timeout_seconds: int
    action: str
    caller_id: str


Verb = ConnectStream | Pause | Hangup | Dial


def parse_twiml(text: str) -> list[Verb]:
    """The verbs in order. Raises TwimlError: 12100 not XML, 12200 not TwiML."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise TwimlError(12100, f"document parse failure: {error}") from None
    if root.tag != "Response":
        raise TwimlError(12200, f"the root is <{root.tag}>, not <Response>")
    return [_verb(element) for element in root]


def _verb(element: ElementTree.Element) -> Verb:
    if element.tag == "Connect":
        return _connect(element)
    if element.tag == "Dial":
        return _dial(element)
    if element.tag == "Hangup":
        return Hangup()
    if element.tag == "Pause":
        length = element.get("length", "1")
        if not length.isdecimal():
            raise TwimlError(12200, "<Pause> length must be a whole number")
        return Pause(int(length))
    raise TwimlError(12200, f"<{element.tag}> is not a verb of this carrier")


def _connect(element: ElementTree.Element) -> ConnectStream:
    if len(element) != 1 or element[0].tag != "Stream":
        raise TwimlError(12200, "<Connect> needs exactly one <Stream>")
    stream = element[0]
    if unknown := set(stream.keys()) - _STREAM_ATTRIBUTES:
        raise TwimlError(12200, f"<Stream> has unknown attributes {sorted(unknown)}")
    if stream.get("track", "inbound_track") != "inbound_track":
        raise TwimlError(12200, "a bidirectional <Stream> has only the inbound track")
    parameters: dict[str, str] = {}
    for child in stream:
        name, value = child.get("name"), child.get("value")
        if child.tag != "Parameter" or set(child.keys()) - {"name", "value"} or not name or value is None:
            raise TwimlError(12200, "<Stream> takes only <Parameter name value/>")
        if len(name) + len(value) > _PARAMETER_LIMIT:
            raise TwimlError(12200, f"<Parameter> {name} is longer than {_PARAMETER_LIMIT} characters")
        parameters[name] = value
    return ConnectStream(_stream_url(stream.get("url", "")), parameters)


def _dial(element: ElementTree.Element) -> Dial:
    """One telephone, named by <Number> or by the verb's own text; no whisper and no conference here."""
    if unknown := set(element.keys()) - _DIAL_ATTRIBUTES:
        raise TwimlError(12200, f"<Dial> has unknown attributes {sorted(unknown)}")
    if len(element) > 1 or (len(element) == 1 and (element[0].tag != "Number" or element[0].attrib)):
        raise TwimlError(12200, "this carrier dials exactly one plain <Number>")
    number = ((element[0].text if len(element) else element.text) or "").strip()
    if not _E164.fullmatch(number):
        raise TwimlError(13223, "<Dial>: the number is not E.164")
    timeout, method = element.get("timeout", "30"), element.get("method", "POST")
    if not timeout.isdecimal() or not 1 <= int(timeout) <= 600:
        raise TwimlError(13212, "<Dial> timeout must be 1 to 600 seconds")
    if method != "POST":
        raise TwimlError(12200, "this carrier posts to the action")
    action, caller_id = element.get("action", ""), element.get("callerId", "")
    if action and urlsplit(action).scheme not in ("http", "https"):
        raise TwimlError(13210, "<Dial> action must be an http(s) address")
    if caller_id and not _E164.fullmatch(caller_id):
        raise TwimlError(13214, "<Dial> callerId is not E.164")
    return Dial(number, int(timeout), action, caller_id)


def _stream_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme != "wss" and not (parts.scheme == "ws" and parts.hostname in _LOOPBACK):
        raise TwimlError(12200, "<Stream> url must be wss:// (ws:// only on loopback)")
    if parts.query:
        raise TwimlError(12200, "<Stream> url takes no query string: use <Parameter>")
    return url
