"""The patient has another telephone number: taken down digit by digit, read back, handed to the coordinator.

The robot changes no number by itself. Whoever answers may be a stranger, so the number goes to the coordinator as a
request; the contact waits for them. A patient who is known to be on the line goes on with the questions afterwards.
"""

import re

from agent.dialog.asking import go_on
from agent.dialog.phrases import Phrase
from agent.dialog.prompts import go_on_listening, resume, said
from agent.dialog.telephone_numbers import told_digits, whole
from agent.dialog.work import WAIT_SECONDS, Work
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from agent.model.session import Detour, DetourKind, Phase
from agent.model.step import Step
from agent.model.turn import Expect, TurnKind

MOST_TRIES = 2  # wrong or missing numbers before it is left to a person
KINDS = (DetourKind.NEW_NUMBER, DetourKind.NEW_NUMBER_RIGHT)
AGAIN = frozenset({MoveKind.REPEAT, MoveKind.SLOWER, MoveKind.LOUDER, MoveKind.GREET})
UNWILLING = frozenset({MoveKind.REFUSE, MoveKind.GOODBYE, MoveKind.NOT_NOW, MoveKind.WRONG_PERSON, MoveKind.ABUSE})
NOT_KNOWN = re.compile("不知道|不晓得|不清楚|没有新|没记|记不")


def begin(work: Work) -> Step:
    """They say that the number changed; often they name the new one in the same breath."""
    if any(detour.kind in KINDS for detour in work.session.detours):
        return resume(work)
    digits = told_digits(work.heard.turn.text)
    if whole(digits):
        return _read_back(work, digits, 0)
    work.push(Detour(DetourKind.NEW_NUMBER, digits))
    return resume(work)


def settle(work: Work, detour: Detour) -> Step:
    """One turn of telling the number, or of confirming it."""
    heard = work.heard
    if heard.kind in AGAIN:
        return resume(work)
    if heard.kind is MoveKind.WAIT:
        work.say(Phrase.WAIT)
        return work.reply(Expect.NUMBER, seconds=WAIT_SECONDS)
    digits = told_digits(heard.turn.text)
    work.pop()
    if detour.kind is DetourKind.NEW_NUMBER_RIGHT:
        return _confirmed(work, detour, digits)
    if heard.kind in UNWILLING or (not digits and NOT_KNOWN.search(heard.turn.text)):
        return leave(work)
    told = digits if whole(digits) else detour.value + digits
    if whole(told):
        return _read_back(work, told, detour.tries)
    if digits and len(told) < len("13800138000"):
        work.push(Detour(DetourKind.NEW_NUMBER, told, tries=detour.tries))
        return go_on_listening(work)
    return _once_more(work, detour)


def _confirmed(work: Work, detour: Detour, digits: str) -> Step:
    answer = said(work) if work.heard.turn.kind is not TurnKind.DIGITS or len(digits) < 2 else None
    if whole(digits) and digits != detour.value:
        return _read_back(work, digits, detour.tries + 1)
    if answer or digits == detour.value:
        return leave(work, detour.value)
    if work.heard.kind in UNWILLING - {MoveKind.WRONG_PERSON}:
        return leave(work)
    return _once_more(work, detour)


def _read_back(work: Work, digits: str, tries: int) -> Step:
    work.push(Detour(DetourKind.NEW_NUMBER_RIGHT, digits, tries=tries))
    return resume(work)


def _once_more(work: Work, detour: Detour) -> Step:
    if detour.tries + 1 >= MOST_TRIES:
        return leave(work)
    work.push(Detour(DetourKind.NEW_NUMBER, tries=detour.tries + 1))
    work.say(Phrase.READ_BACK_WRONG)
    return work.reply(Expect.NUMBER)


def leave(work: Work, number: str = "") -> Step:
    """Tell the coordinator; go on with a patient who is known, else say goodbye."""
    note(work, number)
    if work.session.verified and work.session.phase in (Phase.QUESTIONS, Phase.CLOSING):
        work.say(Phrase.NUMBER_NOTED if number else Phrase.CONFIRM_UNSETTLED)
        return go_on(work)
    work.say(Phrase.NUMBER_CHANGED)
    status = ContactStatus.PARTIAL if work.session.answers else ContactStatus.UNREACHABLE
    return work.end(status, AttemptOutcome.WRONG_PERSON, "number_changed")


def note(work: Work, number: str = "") -> None:
    told = f"新号码 {number}（电话里口述并复述确认）" if number else "新号码没有问到"
    work.request(EscalationKind.REQUEST, f"患者的电话号码已更换：{told}，请核实后更新登记", "number_changed")
