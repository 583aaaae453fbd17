"""What the wrapper does to Rasa before it serves: needs no Rasa."""

import logging
import subprocess
import sys
from pathlib import Path

import pytest

DIALOGS = Path(__file__).parents[3] / "dialogs"
WORDS = "我胸口疼"

sys.path.insert(0, str(DIALOGS))
from run_rasa import WordlessFormatter, build_validators_once  # noqa: E402
from without_tensorflow import NeuralComponentUsed, StandIn, StandInModule  # noqa: E402


def record(name: str, error: Exception | None = None) -> logging.LogRecord:
    about = (type(error), error, None) if error else None
    return logging.LogRecord(name, logging.ERROR, "x.py", 7, f"failed on {WORDS}", None, about, func="parse")


def test_the_log_says_where_and_what_kind_but_not_the_words() -> None:
    line = WordlessFormatter().format(record("rasa.core.processor", ValueError(WORDS)))
    assert "rasa.core.processor:parse:7 ValueError" in line
    assert WORDS not in line


def test_our_own_components_may_speak() -> None:
    assert WORDS in WordlessFormatter().format(record("components.turn_channel"))


def test_stand_ins_can_be_named_and_subclassed() -> None:
    module = StandInModule("tensorflow")
    child = type("Model", (module.keras.Model,), {})
    assert issubclass(child, StandIn)
    assert module.keras.layers.Layer["x"] is StandIn


def test_a_stand_in_that_is_used_says_so() -> None:
    with pytest.raises(NeuralComponentUsed):
        StandInModule("tensorflow").keras.Model()


def test_validators_are_built_once_and_still_refuse() -> None:
    script = """
import jsonschema, sys
sys.path.insert(0, sys.argv[1])
from run_rasa import build_validators_once
build_validators_once()
schema = {"type": "object", "properties": {"events": {"type": "array"}}}
jsonschema.validate({"events": []}, schema)
try:
    jsonschema.validate({"events": 1}, dict(schema))
except jsonschema.ValidationError:
    print("refused")
"""
    done = subprocess.run([sys.executable, "-c", script, str(DIALOGS)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"
    assert callable(build_validators_once)
