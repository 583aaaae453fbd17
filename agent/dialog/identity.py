"""Who is on the line: the name, then a proof only the patient or the family knows. Nothing medical before that."""

import re

from agent.dialog.asking import advance
from agent.dialog.first_words import asks_who_calls, only_calls
from agent.dialog.phrases import Phrase
from agent.dialog.postponing import in_hospital, not_now
from agent.dialog.prompts import ask_consent, ask_identity, said
from agent.dialog.work import PATIENT_AWAY, WAIT_SECONDS, Heard, Work
from agent.dialog.yes_no import only_well
from agent.model.contact import AttemptOutcome, ContactStatus
from agent.model.escalation import EscalationKind
from agent.model.move import MoveKind
from agent.model.pathway import Respondent
from agent.model.session import Facts, Phase
from agent.model.step import Step
from agent.model.turn import Expect, TurnKind

FAMILY_SPOKE = "family_spoke"  # mark of a session in which somebody not registered said that they are family
MOST_WRONG = 3
MOST_ROUNDS = 8  # prompts before anybody is known
MOST_HANDOVERS = 2  # more words of somebody else after they were asked for the patient: the question does not loop
IS_PATIENT = re.compile(r"本人|我(?:就)?是(?!他|她|替|帮|代|家属)|我来(?:了|接)")
CANNOT_COME = re.compile(r"别叫|[在没]睡|睡[了着觉]|不在|没在|出去|出门|上班|听不[见清到]|接不了|说不了|不方便")
CANNOT_TALK = re.compile(r"[说讲]不了话|不(?:会|能)[说讲]话|失语|耳?聋|昏迷|不认(?:得|识)?人|痴呆|糊涂了|植物人")
SHORT_YEAR = re.compile(r"^(?:我|是|我是|就是)?([0-9]{2})(?:的|生的|生人|[啊呀吧嘛呢哈。])*$")
CHINESE_DIGITS = str.maketrans("零〇一二两三四五六七八九幺壹", "0012234567891" + "1")


def walk(work: Work) -> Step:
    """One turn while nobody is known yet. Interruptions were obeyed before."""
    over = one_more_round(work)
    if over is not None:
        return over
    if work.heard.kind is MoveKind.SILENCE:
        return _silence(work)
    if work.heard.turn.kind is TurnKind.UNHEARD:
        return _by_keypad(work)
    if proven(work.session.facts, work.heard):
        return begin(work) if _patient_may_speak(work) else _who_is_it(work)
    if work.heard.kind is MoveKind.CAREGIVER and not _calls_himself(work):
        return caregiver(work)
    steps = {"name": _name, "handover": _handover, "proof": _proof}
    return steps[work.session.identity_step](work)


def first_words(work: Work) -> Step | None:
    """喂 and 你好 are met with the open question, 哪位 and 找谁 with who calls before it. None for all other words."""
    words = work.heard.turn.text if work.heard.turn.kind in (TurnKind.SPEECH, TurnKind.TEXT) else ""
    asks = asks_who_calls(words)
    if not asks and not only_calls(words):
        return None
    over = one_more_round(work)
    if over is not None:
        return over
    if asks:
        work.say(Phrase.GREETING)
    return ask_identity(work)


def one_more_round(work: Work) -> Step | None:
    """Count a prompt before anybody is known; the end of the call when there were enough."""
    work.set(visits=work.session.visits + 1)
    if work.session.identity_step == "handover" and work.session.visits > MOST_HANDOVERS:
        fetched = said(work) or work.heard.kind is MoveKind.WAIT or proven(work.session.facts, work.heard)
        return None if fetched and work.session.visits <= MOST_ROUNDS else _away(work)
    return fail(work) if work.session.visits > MOST_ROUNDS else None


def _patient_may_speak(work: Work) -> bool:
    """False while somebody else has the phone: a family knows the year of birth as well as the patient does."""
    return (
        work.session.identity_step != "handover"
        or bool(said(work))
        or IS_PATIENT.search(work.heard.turn.text) is not None
    )


def _who_is_it(work: Work) -> Step:
    work.set(identity_step="name")
    return ask_identity(work)


def _ask_for_patient(work: Work) -> Step:
    cannot = _cannot_come(work)
    if cannot is not None:
        return cannot
    if work.session.identity_step != "handover":
        work.set(identity_step="handover", visits=0, handovers=work.session.handovers + 1)
    return ask_identity(work) if work.session.handovers <= MOST_HANDOVERS else _away(work)


def _cannot_come(work: Work) -> Step | None:
    """他说不了话, 他出去了, 又住院了: the patient is not coming to the telephone now."""
    if CANNOT_TALK.search(work.heard.turn.text):
        return _away(work)
    if in_hospital(work) or CANNOT_COME.search(work.heard.turn.text):
        return not_now(work, PATIENT_AWAY)
    return None


def _away(work: Work) -> Step:
    """Somebody else has the phone and the patient does not come; family that is not registered is worth a look."""
    if FAMILY_SPOKE in work.session.raised or CANNOT_TALK.search(work.heard.turn.text):
        why = "接电话的是家属，登记里没有可代答的家属，请核实后登记或另约时间"
        work.request(EscalationKind.REQUEST, why, "family_unregistered")
    work.say(Phrase.POSTPONED)
    return work.end(ContactStatus.DUE, AttemptOutcome.POSTPONED, PATIENT_AWAY)


def _name(work: Work) -> Step:
    answer = True if _calls_himself(work) else said(work)
    if answer:
        if work.pathway.respondent is Respondent.PARENT:
            work.set(caregiver=True)
        return _ask_proof(work)
    return _ask_for_patient(work) if answer is False else ask_identity(work, again=True)


def _calls_himself(work: Work) -> bool:
    """我是老王 of 王建国. The proof comes after it."""
    name = re.escape(work.session.facts.name)
    own = re.compile(
        rf"(?:嗯|哎|喂|对|啊|是的?|，)*我?就?是(?:老{name[:1]}|{name})(?:头|[啊呀哦嘛呢哈，。])*(?:您说|你说|什么事|啥事)?"
    )
    adult = work.pathway.respondent is not Respondent.PARENT
    return adult and bool(name) and own.fullmatch(work.heard.turn.text.strip()) is not None


def _handover(work: Work) -> Step:
    """Someone else has the phone and may fetch the patient."""
    answer = said(work)
    if answer or work.heard.kind is MoveKind.WAIT:
        work.set(identity_step="name")
        work.say(Phrase.WAIT)
        return work.reply(Expect.IDENTITY, seconds=WAIT_SECONDS)
    cannot = _cannot_come(work)
    if cannot is not None:
        return cannot
    return _away(work) if answer is False else ask_identity(work)


def _ask_proof(work: Work) -> Step:
    facts = work.session.facts
    if not (facts.birth_year or facts.id_last4 or facts.phone_last4):
        return begin(work)
    work.set(identity_step="proof", misses=0)
    return ask_identity(work)


def _proof(work: Work) -> Step:
    if candidates(work.heard):
        work.set(identity_tries=work.session.identity_tries + 1)
        if work.session.identity_tries >= MOST_WRONG:
            return fail(work)
        work.say(Phrase.PROOF_AGAIN)
        return ask_identity(work)
    work.set(misses=work.session.misses + 1)
    if work.session.misses >= MOST_WRONG:
        return fail(work)
    if work.session.misses == MOST_WRONG - 1:
        work.say(Phrase.PROOF_KEYPAD)
        return work.reply(Expect.IDENTITY)
    return ask_identity(work)


def caregiver(work: Work) -> Step:
    """A family member answers: only one the patient named, or a parent, may go on."""
    parent = work.pathway.respondent is Respondent.PARENT
    if not (parent or work.session.facts.caregiver):
        work.set(raised=tuple(dict.fromkeys((*work.session.raised, FAMILY_SPOKE))))
        return _ask_for_patient(work)
    work.set(caregiver=True)
    work.say(Phrase.FAMILY_PROOF)
    return _ask_proof(work)


def begin(work: Work) -> Step:
    """Somebody who may answer is there: consent where the pathway asks for it, then the first question."""
    work.set(verified=True, misses=0, silences=0, visits=0)
    if work.pathway.ask_consent:
        work.set(phase=Phase.NOTICE)
        return ask_consent(work)
    return first_question(work)


def first_question(work: Work) -> Step:
    work.set(phase=Phase.QUESTIONS)
    work.say(Phrase.INTRO_CAREGIVER if work.session.caregiver else Phrase.INTRO)
    return advance(work)


def consent(work: Work) -> Step:
    """The answer to "does it suit?"."""
    answer = said(work)
    if answer:
        return first_question(work)
    if only_well(work.heard):
        answer = None  # 都挺好的 refuses nothing
    work.set(silences=work.session.silences + 1)
    if answer is False or work.session.silences > 2:
        work.say(Phrase.REFUSED)
        status = ContactStatus.DECLINED if answer is False else ContactStatus.DUE
        outcome = AttemptOutcome.DECLINED if answer is False else AttemptOutcome.HUNG_UP
        return work.end(status, outcome, "refused" if answer is False else "silence")
    return ask_consent(work)


def fail(work: Work) -> Step:
    work.say(Phrase.IDENTITY_FAILED)
    work.request(EscalationKind.REQUEST, "身份未能核对，请人工核对电话号码和联系人", "identity_failed")
    return work.end(ContactStatus.UNREACHABLE, AttemptOutcome.WRONG_PERSON, "identity_failed")


def _silence(work: Work) -> Step:
    work.set(silences=work.session.silences + 1)
    if work.session.silences > 2:
        work.say(Phrase.SILENCE_END)
        return work.end(ContactStatus.DUE, AttemptOutcome.HUNG_UP, "silence")
    if work.session.silences == 2:
        work.set(by_keys=True)  # perhaps they hear us and we do not hear them
    else:
        work.say(Phrase.SILENCE)
    return ask_identity(work)


def _by_keypad(work: Work) -> Step:
    """Somebody speaks and nothing is understood: keys get through whatever ails the ear."""
    if work.session.identity_step == "proof":
        work.say(Phrase.PROOF_KEYPAD)
        return work.reply(Expect.IDENTITY)
    work.set(by_keys=True)
    return ask_identity(work, again=True)


def candidates(heard: Heard) -> set[str]:
    """Every number in any hypothesis that could be a proof: four-digit groups, and years said with two digits."""
    found = {f"{one.value:.0f}" for one in heard.reading.measurements if one.name == "year"}
    for text in (heard.turn.text, *(other.text for other in heard.turn.alternatives)):
        plain = re.sub(r"[\s,，、.]", "", text).translate(CHINESE_DIGITS)
        if heard.turn.kind is TurnKind.DIGITS:
            plain = plain.replace("*", "X")  # the only key for the letter of an identity card
        found |= set(re.findall(r"(?<![0-9])[0-9]{3}[0-9Xx](?![0-9])", plain))
        years = {*re.findall(r"(?<![0-9])([0-9]{2})年", plain), *SHORT_YEAR.findall(plain)}
        found |= {"19" + year for year in years}
        found |= {"20" + year for year in years if int(year) <= heard.now.year % 100}
        found |= {day[:4] for day in re.findall(r"(?<![0-9])(?:19|20)[0-9]{6}(?![0-9])", plain)}
    return {one.upper() for one in found}


def proven(facts: Facts, heard: Heard) -> bool:
    """True when the turn holds the birth year or the last four of the identity card; where neither is on record, of
    the telephone, which anyone who holds it may know."""
    known = {str(facts.birth_year or ""), (facts.id_last4 or "").upper()} - {""} or {facts.phone_last4} - {None}
    if candidates(heard) & known:
        return True
    ages = [one.value for one in heard.reading.measurements if one.name == "age"]
    return facts.birth_year is not None and any(0 <= heard.now.year - facts.birth_year - age + 1 <= 2 for age in ages)
