"""How many SMS a text costs (3GPP 23.038): GSM 7-bit where every letter has a place there, else UCS-2 (pure)."""

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")  # behind an escape
GSM_WHOLE, GSM_PART = 160, 153
UCS2_WHOLE, UCS2_PART = 70, 67


def segments(text: str) -> int:
    """One up to 70 characters of Chinese, then 67 each: the rest of a part says that it is one."""
    if all(char in _GSM or char in _GSM_TWICE for char in text):
        return _parts([2 if char in _GSM_TWICE else 1 for char in text], GSM_WHOLE, GSM_PART)
    return _parts([2 if ord(char) > 0xFFFF else 1 for char in text], UCS2_WHOLE, UCS2_PART)


def _parts(units: list[int], whole: int, part: int) -> int:
    """A letter of two units is never cut between two parts."""
    if sum(units) <= whole:
        return 1
    count, used = 1, 0
    for size in units:
        if used + size > part:
            count, used = count + 1, 0
        used += size
    return count
