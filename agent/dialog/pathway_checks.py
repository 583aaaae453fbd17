"""What a schema cannot see: references, branches, units, sentences nobody can reach."""

import re
from collections.abc import Iterator
from typing import Any

from agent.content_yaml import Source, nearest
from agent.dialog.phrases import PLACEHOLDERS, Phrase
from agent.model.answer import AnswerType
from agent.model.pathway import Branch, Condition, Pathway, Question
from agent.model.problem import ContentError

PROMISE = re.compile(r"(护士|医生|大夫|药师|康复师|我们)[^，。]{0,6}(会|帮|给|把|发|约)")


def check_pathway(source: Source, shared: dict[str, Any], pathway: Pathway) -> Iterator[ContentError]:
    yield from _phrases(pathway)
    yield from _nodes(source, pathway)
    for key in source.data["questions"]:
        yield from _question(source, pathway, pathway.questions[key])
    yield from _reachable(source, pathway)
    yield from _red_flags(source, pathway, shared)


def _phrases(pathway: Pathway) -> Iterator[ContentError]:
    for missing in sorted(set(Phrase) - set(pathway.phrases)):
        yield ContentError("shared/phrases.yml", 1, f"phrase {missing} is missing", f"Add `{missing}: [..]`")
    for text in (sentence for sentences in pathway.phrases.values() for sentence in sentences):
        for name in set(re.findall(r"{(.*?)}", text)) - PLACEHOLDERS:
            remedy = f"Use one of {', '.join(sorted(PLACEHOLDERS))}"
            yield ContentError("shared/phrases.yml", 1, f"unknown placeholder {{{name}}}", remedy)


def _nodes(source: Source, pathway: Pathway) -> Iterator[ContentError]:
    days = [node.day for node in pathway.nodes]
    if days != sorted(set(days)):
        yield source.error(("nodes",), "node days must rise and not repeat", "Order the nodes by day")
    for index, node in enumerate(pathway.nodes):
        for position, question in enumerate(node.questions):
            if question not in pathway.questions:
                where = ("nodes", index, "questions", position)
                yield source.error(
                    where, f"node {node.day} asks {question}, which is not written", _near(question, pathway)
                )
        for position, lesson in enumerate(node.education):
            if lesson not in pathway.education:
                where = ("nodes", index, "education", position)
                remedy = nearest(lesson, pathway.education, "Add it under `education:`")
                yield source.error(where, f"education {lesson} is not written", remedy)
    if pathway.last_question and pathway.last_question not in pathway.questions:
        yield source.error(("last_question",), f"{pathway.last_question} is not written", "Use anything_else")


def _near(wanted: str, pathway: Pathway) -> str:
    return nearest(wanted, pathway.questions, f"Add it under `questions:`; written are {', '.join(pathway.questions)}")


def _no_advice(source: Source, where: tuple[str | int, ...], wanted: str, pathway: Pathway) -> ContentError:
    remedy = nearest(wanted, pathway.advice, f"Add it under `advice:`; written are {', '.join(pathway.advice)}")
    return source.error(where, f"advice {wanted} is not written", remedy)


def _question(source: Source, pathway: Pathway, question: Question) -> Iterator[ContentError]:
    here = ("questions", question.id)
    raw = source.data["questions"][question.id]
    yield from _type_needs(source, question)
    if not raw.get("short") and len(question.wording.voice) > 24:
        remedy = "Add `short:` of at most 24 characters"
        yield source.error(here, f"{question.id} has a long wording and no short form", remedy)
    for index, branch in enumerate(question.branches):
        yield from _branch(source, pathway, question, index, branch)
    for index, alarm in enumerate(question.alarms):
        yield from _condition(source, (*here, "alarms", index), question, alarm.when)
    for kind in ("alarms", "limits"):
        for index, one in enumerate(raw.get(kind, ())):
            if one["level"] == "red":
                yield from _red(source, (*here, kind, index), pathway, one)
    for index, one in enumerate(raw.get("limits", ())):
        if one["measurement"] not in question.measurements:
            where = (*here, "limits", index, "measurement")
            remedy = f"Use one of: {', '.join(question.measurements) or 'add `measurements:`'}"
            yield source.error(where, f"{question.id} does not ask for {one['measurement']}", remedy)


def _branch(source: Source, pathway: Pathway, question: Question, index: int, branch: Branch) -> Iterator[ContentError]:
    where = ("questions", question.id, "branches", index)
    yield from _condition(source, where, question, branch.when)
    for wanted in branch.ask:
        if wanted not in pathway.questions:
            message = f"{question.id} leads to {wanted}, which is not written"
            yield source.error((*where, "ask"), message, _near(wanted, pathway))
    for wanted in branch.say:
        if wanted not in pathway.advice:
            yield _no_advice(source, (*where, "say"), wanted, pathway)
        elif PROMISE.search("".join(pathway.advice[wanted].sentences)) and not _told(question, branch):
            message = f"{wanted} promises somebody's help, but no nurse is told"
            yield source.error((*where, "say"), message, "Add an alarm for the same answer, or promise nothing")


def _told(question: Question, branch: Branch) -> bool:
    """A nurse hears of every answer this branch follows."""
    told = {word for alarm in question.alarms for word in alarm.when.is_}
    return set(branch.when.is_) <= told if branch.when.is_ else bool(question.limits)


def _type_needs(source: Source, question: Question) -> Iterator[ContentError]:
    here = ("questions", question.id)
    if question.type is AnswerType.CHOICE and not question.options:
        yield source.error(here, f"{question.id} is a choice without options", "Add `options:` with key and label")
    if question.type is AnswerType.NUMBER:
        if not question.measurements or not question.unit:
            yield source.error(
                here, f"{question.id} is a number without unit or measurement", "Add `unit:` and `measurements:`"
            )
        if question.low is None:
            yield source.error(here, f"{question.id} is a number without plausible range", "Add `range: [low, high]`")
    if question.low is not None and question.high is not None and question.low >= question.high:
        message = f"{question.id} can hold no number: {question.low:g} is not below {question.high:g}"
        yield source.error((*here, "range"), message, "Write the smaller number first: `range: [low, high]`")
    keys = [option.key for option in question.options]
    if len(keys) != len(set(keys)):
        yield source.error((*here, "options"), f"{question.id} has two options with one key", "Give each its own key")
    if question.type is AnswerType.YES_NO and question.options:
        yield source.error((*here, "options"), f"{question.id} is yes_no and has options", "Use type: choice")


def _condition(
    source: Source, where: tuple[str | int, ...], question: Question, when: Condition
) -> Iterator[ContentError]:
    if when.unanswered:
        return
    keys = {option.key for option in question.options}
    allowed = {"yes", "no"} if question.type is AnswerType.YES_NO else keys
    wrong = sorted(set(when.is_) - allowed)
    numeric = question.type in (AnswerType.NUMBER, AnswerType.SCALE, AnswerType.BLOOD_PRESSURE)
    if wrong:
        choices = ", ".join(sorted(allowed)) or "above:, at_least: or below:"
        yield source.error(
            (*where, "when"), f"{question.id} can not be {wrong[0]}", f"Write one of: {choices}, unanswered"
        )
    bounded = (when.above, when.at_least, when.below) != (None, None, None)
    if bounded and not numeric:
        yield source.error((*where, "when"), f"{question.id} is not a number", "Write yes, no or an option's key")
    if question.type is AnswerType.BLOOD_PRESSURE and not when.part and not when.is_:
        yield source.error((*where, "when"), "which of the two pressures?", "Add `part: systolic` or `part: diastolic`")


def _red(source: Source, where: tuple[str | int, ...], pathway: Pathway, one: dict[str, Any]) -> Iterator[ContentError]:
    if not one.get("advice"):
        yield source.error(where, "a red rule without advice", "Add `advice:` with what the robot says")
    elif one["advice"] not in pathway.advice:
        yield _no_advice(source, (*where, "advice"), one["advice"], pathway)
    for wanted in one.get("closing", ()):
        if wanted not in pathway.questions:
            yield source.error((*where, "closing"), f"closing question {wanted} is not written", _near(wanted, pathway))


def _red_flags(source: Source, pathway: Pathway, shared: dict[str, Any]) -> Iterator[ContentError]:
    for index, one in enumerate(source.data.get("red_flags", ())):
        if one["level"] == "red":
            yield from _red(source, ("red_flags", index), pathway, one)
    for one in shared["families"]:
        if one.get("advice") not in pathway.advice:
            yield ContentError("shared/safety.yml", 1, f"family {one['id']} has no advice", "Add it under `advice:`")


def _reachable(source: Source, pathway: Pathway) -> Iterator[ContentError]:
    reached = {question for node in pathway.nodes for question in node.questions} | {pathway.last_question}
    reached |= {closing for flag in pathway.red_flags for closing in flag.closing}
    fresh = set(reached)
    while fresh:
        after = {
            wanted
            for key in fresh
            if key in pathway.questions
            for branch in pathway.questions[key].branches
            for wanted in branch.ask
        }
        fresh = after - reached
        reached |= fresh
    for key in source.data["questions"]:
        if key not in reached:
            yield source.error(("questions", key), f"no node or branch asks {key}", "Add it to a node, or remove it")
