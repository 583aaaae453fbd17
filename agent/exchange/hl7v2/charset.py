"""Which characters a message is written in: MSH-18 where it says, else what the bytes are."""

from agent.exchange.notice import Fault

CHARSETS = {
    "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8", "UNICODE": "utf-8",
    "GB 18030-2000": "gb18030", "GB 18030": "gb18030", "GB18030": "gb18030", "GBK": "gb18030", "GB2312": "gb18030",
    "GB 2312": "gb18030", "GB 2312-1980": "gb18030", "ASCII": "ascii", "8859/1": "latin-1",
}  # fmt: skip
"""Table 0211's words, and those Chinese systems write in their place, by the codec's name."""
MSH_18 = 18


def header_fields(raw: bytes) -> list[bytes]:
    """MSH-1.. of the first segment, counted from 0 = "MSH" with the separator as [1], whatever the charset."""
    first = raw.lstrip().replace(b"\n", b"\r").split(b"\r", 1)[0]
    separator = first[3:4]
    if not first.startswith(b"MSH") or not separator:
        return []
    name, *rest = first.split(separator)
    return [name, separator, *rest]


def decode(raw: bytes) -> str:
    """Raises Fault for an unknown charset, and for bytes that are not in the one named."""
    fields = header_fields(raw)
    named = fields[MSH_18].split(b"~")[0].decode("ascii", "replace").strip().upper() if len(fields) > MSH_18 else ""
    if not named:
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            named = "GB18030"
    codec = CHARSETS.get(named)
    if codec is None:
        raise Fault("charset_unknown", "MSH-18", "不认识的字符集", "请写 UNICODE UTF-8 或 GB 18030-2000")
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        raise Fault("charset_wrong", "MSH-18", "内容不是所写的字符集", "请让发送方按 MSH-18 的字符集编码") from None


def encoder(raw: bytes) -> tuple[str, str]:
    """(MSH-18 as the sender wrote it, the codec of an answer it can read)."""
    fields = header_fields(raw)
    written = fields[MSH_18].split(b"~")[0].decode("ascii", "replace").strip() if len(fields) > MSH_18 else ""
    return written, CHARSETS.get(written.upper(), "utf-8")
