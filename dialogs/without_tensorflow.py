"""Stands in for TensorFlow in the serving process.

Rasa imports TensorFlow for neural components wherever it serves from, and none of ours is one: the import is more
than half of the server's start and a third of its memory. The stand-ins can be named and subclassed, which is all
that Rasa's modules do when they are imported; making or calling one raises.
"""

import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

ABSENT = ("tensorflow", "tensorflow_addons", "keras")


class NeuralComponentUsed(RuntimeError):
    """A component needs TensorFlow, which this server runs without: do not install the stand-ins."""


class StandInType(type):
    def __getattr__(cls, name: str) -> "StandInType":
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __getitem__(cls, item: object) -> "StandInType":
        return cls


class StandIn(metaclass=StandInType):
    """Any class of TensorFlow."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        raise NeuralComponentUsed(type(self).__name__)


class StandInModule(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.split(".")[0] not in ABSENT:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


def install() -> None:
    """Before the first import of Rasa."""
    sys.meta_path.insert(0, StandInFinder())
