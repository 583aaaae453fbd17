"""The WebSocket library's logger, without its DEBUG lines: these quote every message, patients' numbers included."""

import logging

QUIET = logging.getLogger("suifang.asterisk.socket")
QUIET.setLevel(logging.INFO)
