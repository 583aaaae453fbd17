"""Whatever patients say: no exception, no dead air, no endless talk, nothing medical to a stranger."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.dialog import engine
from agent.dialog.pathway_loader import load_all
from agent.model.contact import CONTACT_TRANSITIONS, Channel, ContactStatus
from agent.model.finding import Alarm, Finding, Level, Measurement, Polarity, Reading, Status
from agent.model.move import Move, MoveKind
from agent.model.session import Phase, Session
from agent.model.step import Step
from agent.model.turn import Turn, TurnKind
from folders import PATHWAYS
from tests.unit.dialog.talk import NOW, opening_of

ALL = load_all(PATHWAYS)
CONCEPTS = sorted({concept for one in ALL.values() for question in one.questions.values() for concept in question.asks})
NUMBERS = ("systolic", "diastolic", "weight_kg", "temp_c", "glucose", "spo2", "heart_rate", "scale", "count", "year")
WORDS = (
    "是我",
    "一九五八年",
    "没有",
    "天天吃",
    "停了",
    "不对，是一百六",
    "晚上八点",
    "嗯",
    "1",
    "没称",
    "我不知道",
    "",
)
MOST_TURNS = 150

findings = st.builds(
    Finding,
    concept=st.sampled_from(CONCEPTS),
    label=st.just("症状"),
    surface=st.just("…"),
    span=st.just((0, 1)),
    status=st.sampled_from(Status),
    reason=st.just(""),
)
measurements = st.builds(
    Measurement,
    name=st.sampled_from(NUMBERS),
    value=st.floats(0, 300).map(lambda value: round(value, 1)),
    unit=st.just(""),
    surface=st.just(""),
    span=st.just((0, 1)),
    doubtful=st.booleans(),
)
alarms = st.builds(
    Alarm,
    rule=st.sampled_from((*CONCEPTS, "severe_hypertension", "unheard_of")),
    level=st.sampled_from((Level.RED, Level.YELLOW)),
    reason=st.just("危险"),
    concepts=st.tuples(st.sampled_from(CONCEPTS)),
    surface=st.just("…"),
    span=st.just((0, 1)),
    suppressed=st.booleans(),
)
readings = st.builds(
    Reading,
    text=st.sampled_from(WORDS),
    findings=st.lists(findings, max_size=2).map(tuple),
    measurements=st.lists(measurements, max_size=3).map(tuple),
    alarms=st.one_of(st.just(()), st.just(()), st.just(()), st.lists(alarms, max_size=2).map(tuple)),
    polarity=st.sampled_from(Polarity),
    left_out=st.lists(st.sampled_from(CONCEPTS), max_size=2).map(tuple),
    confirm=st.one_of(st.none(), st.none(), st.none(), st.sampled_from(CONCEPTS)),
)
talked = st.tuples(
    st.sampled_from([kind for kind in MoveKind if kind is not MoveKind.HANGUP]),
    st.sampled_from((TurnKind.SPEECH, TurnKind.SPEECH, TurnKind.SPEECH, TurnKind.DIGITS, TurnKind.SILENCE)),
    readings,
    st.floats(0.2, 1.0),
)


def questions_of(pathway: str) -> set[str]:
    return {text for one in ALL[pathway].questions.values() for text in (one.wording.voice, one.wording.elder)}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(ALL)),
    channel=st.sampled_from((Channel.PHONE, Channel.WECHAT)),
    identified=st.booleans(),
    caregiver=st.sampled_from((None, "王芳")),
    turns=st.lists(talked, min_size=1, max_size=25),
)
def test_any_talk(name: str, channel: Channel, identified: bool, caregiver: str | None, turns: list) -> None:  # type: ignore[type-arg]
    pathway = ALL[name]
    node = pathway.nodes[len(turns) % len(pathway.nodes)]
    step = engine.open(replace(opening_of(caregiver=caregiver), node_day=node.day, channel=channel), pathway)
    medical = questions_of(name)
    if identified:
        for words in ("是我", "一九五八年"):
            move, turn = Move(MoveKind.AFFIRM), Turn("t", "c1", "a1", channel, TurnKind.SPEECH, NOW, words)
            step = engine.step(step.session, pathway, engine.Heard(move, Reading(words), turn, NOW))
        assert step.session.verified
    for number in range(MOST_TURNS):
        kind, how, read, sure = turns[number % len(turns)]
        session = Session.from_json(step.session.to_json())
        assert session == step.session
        read = read if how is TurnKind.SPEECH else Reading(read.text)
        kind = MoveKind.SILENCE if how is TurnKind.SILENCE else MoveKind.ANSWER if how is TurnKind.DIGITS else kind
        turn = Turn(f"t{number}", "c1", "a1", channel, how, NOW, read.text, round(sure, 2))
        engine.reading_context(session, pathway)
        engine.move_context(session, pathway, read)
        step = engine.step(session, pathway, engine.Heard(Move(kind, round(sure, 2)), read, turn, NOW))
        check_reply(step, session, medical, read)
        if step.end is not None:
            assert step.end.contact_status in CONTACT_TRANSITIONS[ContactStatus.IN_PROGRESS]
            assert step.reply.end and step.session.phase is Phase.ENDED
            return
    pytest.fail("the talk never ended")


def check_reply(step: Step, before: Session, medical: set[str], read: Reading) -> None:
    assert step.reply.sentences and all(step.reply.sentences), "dead air"
    assert not any("{" in sentence for sentence in step.reply.sentences)
    if not step.session.verified and step.session.phase is Phase.IDENTITY:
        assert not medical & set(step.reply.sentences)
    doubtful = any(one.doubtful for one in read.measurements) or before.phase is Phase.RED_FLAG
    if read.level is Level.RED and before.phase is not Phase.ENDED and not doubtful and not before.detours:
        assert step.session.phase in (Phase.RED_FLAG, Phase.ENDED) or step.session.detours
