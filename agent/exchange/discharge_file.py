"""A discharge list by what its bytes are, whatever the file is called."""

from collections.abc import Mapping
from datetime import date

from agent.exchange import discharge_csv, discharge_xlsx
from agent.exchange.discharge_csv import NO_MAPPING
from agent.exchange.discharge_list import Parsed
from agent.exchange.list_rows import refused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def parse(data: bytes, today: date, mapping: Mapping[str, str] = NO_MAPPING) -> Parsed:
    """CSV or XLSX; an old .xls, or one with a password, is refused with the remedy. Never raises."""
    if data.startswith(ZIP):
        return discharge_xlsx.parse(data, today, mapping)
    if data.startswith(OLE):
        return refused("xls", "这是旧版 Excel（.xls）或加了密码的文件", "请去掉密码，另存为 .xlsx 或“CSV UTF-8”")
    return discharge_csv.parse(data, today, mapping)
