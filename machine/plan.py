"""Which set-up steps each command needs, in order."""

from machine.steps import Step, database, rasa_environment, rasa_model, speech_models, system_package
from settings import Settings

_ESPEAK = ("espeak-ng", "libespeak-ng1")
_BROWSER = ("chromium", "fonts-noto-cjk")


def for_calls(settings: Settings) -> list[Step]:
    """Everything a real call needs."""
    return [
        system_package("espeak-ng", _ESPEAK, seconds=25, why="the emergency voice (pyttsx3) needs espeak-ng",
                       needed=False),
        rasa_environment(),
        rasa_model(),
        speech_models(settings),
        database(settings),
    ]


def for_demo(settings: Settings) -> list[Step]:
    """What calls need; the demo's own database is made anew by each run."""
    return for_calls(settings)[:-1]


def for_tests(settings: Settings) -> list[Step]:
    """The same, and a browser for the dashboard's tests."""
    browser = system_package("chromium", _BROWSER, seconds=60, why="the dashboard's tests need Chromium")
    return [*for_calls(settings)[:-1], browser]


def for_talk(settings: Settings) -> list[Step]:
    """The dialogue alone: no speech, no database."""
    return [rasa_environment(), rasa_model()]
