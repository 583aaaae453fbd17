"""A call in the browser: a clinician takes the patient's part with the computer's microphone."""

from telephony.browser.browser_line import BrowserLine
from telephony.browser.practice_socket import PRACTICE_PATH, PracticeRefused, PracticeRoom, Wanted, practice_router

__all__ = ["PRACTICE_PATH", "BrowserLine", "PracticeRefused", "PracticeRoom", "Wanted", "practice_router"]
