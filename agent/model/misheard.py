"""What a recogniser writes for a short no, and nobody says for a yes to a question for a symptom."""

import re

_FOR_A_NO = re.compile(r"(?:没有?错|[哎诶唉欸])+")
_STOPS = re.compile(r"[\W_]+")


def may_be_a_no(text: str) -> bool:
    """没错 and 没有错, written for 没肿 and 没有破; 哎哎, written for 不肿."""
    return _FOR_A_NO.fullmatch(_STOPS.sub("", text)) is not None
