"""A patient's E.164 number as a Chinese trunk wants it dialled (pure)."""

import re

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_MOBILE = re.compile(r"1\d{10}")


def trunk_number(e164: str, *, style: str, prefix: str) -> str:
    """Digits only (and a leading + for style "e164"), so that nothing of it can mean something to the PBX.
    "national": a mobile number as it is, 0 before an area code, 00 before another country. Raises ValueError."""
    if not _E164.fullmatch(e164):
        raise ValueError("not an E.164 number")
    if style == "e164":
        return prefix + e164
    if not e164.startswith("+86"):
        return prefix + "00" + e164[1:]
    national = e164.removeprefix("+86")
    return prefix + (national if _MOBILE.fullmatch(national) else "0" + national)
