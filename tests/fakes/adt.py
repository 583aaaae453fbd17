"""ADT messages as a hospital's interface engine writes them: override the segment a test is about."""

PID = "PID|1||Z26110317^^^HIS^MR~110101194803070420^^^^NNCHN||王^秀兰^^^^^L~Wang^Xiulan||19480307|F|||||13490000001"
PV1 = "PV1|1|I|XNK^^12^H^^^^^心内科||||||||||||||||V{visit}||||||||||||||||||||||||||20261120093000"
DG1 = "DG1|1||I50.0^充血性心力衰竭^I10||20261120|F"
NK1 = "NK1|1|刘^建军|SON||13490000101"


def adt(event: str, number: str = "1", **change: str) -> bytes:
    """`change`: version, processing, charset, separator by MSH field; a segment by its name in small letters ("" leaves
    it out); `evn` the recorded time; `visit` the stay's number; `codec` the bytes' own."""
    charset = change.get("charset", "UNICODE UTF-8")
    msh = (
        f"MSH|^~\\&|HIS|H1|SUIFANG|H1|20261121100000||ADT^{event}^ADT_{event}|{number}|{change.get('processing', 'P')}|"
        f"{change.get('version', '2.5.1')}||||||{charset}"
    )
    segments = [
        msh,
        change.get("evn", f"EVN|{event}|20261121{int(number) % 240000:06}" if number.isdigit() else "EVN||"),
        change.get("pid", PID),
        change.get("nk1", NK1),
        change.get("pv1", PV1).format(visit=change.get("visit", "77")),
        change.get("dg1", DG1),
        change.get("pr1", ""),
    ]
    return ("\r".join(segment for segment in segments if segment) + "\r").encode(change.get("codec", "utf-8"))


def ack_of(raw: bytes) -> tuple[str, str, str]:
    """(MSA-1, MSA-2, ERR-3's or ERR-1's condition code or "")."""
    segments = {line[:3]: line.split("|") for line in raw.decode("utf-8", "replace").split("\r") if line}
    err = segments.get("ERR", [])
    code = err[3].partition("^")[0] if len(err) > 3 else (err[1].split("^")[-1].partition("&")[0] if err else "")
    return segments["MSA"][1], segments["MSA"][2], code
