"""Checks the triage content: words claimed twice or hidden, rules nothing can fire, the concepts' own sentences."""

from pathlib import Path

from agent.model.finding import Status
from agent.model.problem import ContentError, Problem
from agent.triage.content import Concept, Content, load
from agent.triage.forms import whole
from agent.triage.reader import Reader
from agent.triage.sound import SoundMatcher
from agent.triage.spotter import Spotted


def check_content(folder: Path) -> list[Problem]:
    """Every problem of the nlu_data folder, in file order; empty when all is well."""
    try:
        content = load(folder)
    except ContentError as error:
        return [error.problem]
    problems = [*_duplicates(content), *_hidden(content), *_unreachable(content), *_missing_sources(content)]
    problems += _dangers_without_rule(content)
    problems += _without_sentences(content)
    reader = Reader(content)
    problems += _sounds_everyday(content)
    for concept in content.concepts.values():
        problems += _sentences(content, reader, concept)
    return sorted(problems, key=lambda p: (p.file, p.line, p.message))


def _duplicates(content: Content) -> list[Problem]:
    owner: dict[str, Concept] = {}
    pairs: dict[tuple[str, str], Concept] = {}
    problems = []
    for concept in content.concepts.values():
        for word in _plain_words(concept):
            first = owner.setdefault(word, concept)
            if first.id != concept.id:
                message = f"「{word}」 stands under {first.id} and {concept.id}"
                problems.append(_problem(content, concept, word, message, "keep it under one of them"))
        for pair in concept.combine:
            first = pairs.setdefault(pair, concept)
            if first.id != concept.id:
                message = f"{pair[0]} + {pair[1]} makes {first.id} and {concept.id}"
                problems.append(_problem(content, concept, concept.id, message, "keep it under one of them"))
    return problems


def _hidden(content: Content) -> list[Problem]:
    alike = {word for entry in content.look_alikes for word in entry.words}
    return [
        _problem(content, concept, word, f"「{word}」 is also a look-alike", "remove it from look_alikes.yml or here")
        for concept in content.concepts.values()
        for word in _plain_words(concept)
        if word in alike
    ]


def _unreachable(content: Content) -> list[Problem]:
    sayable = {concept.id for concept in content.concepts.values() if concept.words or concept.combine}
    sayable |= {feel.alone for feel in content.sensations.values() if feel.alone}
    return [
        Problem(rule.file, rule.line, f"rule {rule.id} can never fire", "give its concepts words or body parts")
        for rule in content.rules
        if not (rule.any_of & sayable or (rule.all_of and all(choice & sayable for choice in rule.all_of)))
    ]


def _dangers_without_rule(content: Content) -> list[Problem]:
    """Matching by sound is kept for dangers: a concept that asks for it and alarms nowhere was forgotten."""
    ruled = {concept for rule in content.rules for concept in rule.any_of}
    return [
        Problem(concept.file, concept.line, f"{concept.id} is matched by sound, but no rule names it", "add a rule")
        for concept in content.concepts.values()
        if concept.sound and concept.id not in ruled
    ]


def _missing_sources(content: Content) -> list[Problem]:
    return [
        Problem(name, 1, "the file does not name its sources", "add a comment with `Sources:` at its top")
        for name, source in content.sources.items()
        if "Sources" not in source.text[:1500]
    ]


def _without_sentences(content: Content) -> list[Problem]:
    """A concept proves itself by sentences in which it is there, denied, and only seems to be there."""
    return [
        Problem(concept.file, concept.line, f"{concept.id} has no sentences under tests: {name}", "write at least one")
        for concept in content.concepts.values()
        for name in ("present", "denied", "near_misses")
        if not getattr(concept.tests, name)
    ]


def _sounds_everyday(content: Content) -> list[Problem]:
    """Words that by sound are an everyday phrase, or a part of one: 希望死 is 希望是 to a telephone."""
    sound = SoundMatcher(content)
    problems = []
    asked = frozenset(content.concepts)  # as when the question or the recogniser's other guesses make it likely
    for phrase in content.everyday:
        for spot in sound.match(phrase, Spotted((), (), ()), asked):
            concept = content.concepts[spot.concept]
            word = sound.word_for(phrase[spot.start : spot.end]) or spot.label
            message = f"「{word}」 sounds like the everyday 「{phrase}」, which would alarm as {concept.id}"
            remedy = f"write the word with more around it, or put 「{phrase}」 among the look-alikes"
            problems.append(_problem(content, concept, word, message, remedy))
    return problems


def _sentences(content: Content, reader: Reader, concept: Concept) -> list[Problem]:
    problems = []
    here = (Status.PRESENT, Status.PAST)
    for wanted, sentences in (("present", concept.tests.present), ("denied", concept.tests.denied)):
        for sentence in sentences:
            statuses = {f.status for f in reader.read(sentence).findings if _same(content, f.concept, concept)}
            good = statuses & set(here) if wanted == "present" else statuses and not statuses & set(here)
            if not good:
                said = ", ".join(sorted(statuses)) or "nothing"
                message = f"own sentence 「{sentence}」 should read {wanted}, reads {said}"
                problems.append(_problem(content, concept, sentence, message, "correct the words or the sentence"))
    for sentence in concept.tests.near_misses:
        found = reader.read(sentence).findings
        if any(_same(content, f.concept, concept) and f.status in here for f in found):
            message = f"near miss 「{sentence}」 reads as {concept.id}"
            problems.append(_problem(content, concept, sentence, message, "add a look-alike or narrow the words"))
    return problems


def _same(content: Content, found: str, wanted: Concept) -> bool:
    """The concept itself, or one of the family it heads: a bleeding wound is bleeding."""
    return found == wanted.id or (wanted.id == wanted.family and content.concepts[found].family == wanted.id)


def _plain_words(concept: Concept) -> list[str]:
    return [word for form in concept.words for word in whole(form)]


def _problem(content: Content, concept: Concept, near: str, message: str, remedy: str) -> Problem:
    source = content.sources[concept.file]
    return Problem(concept.file, source.line_of(near) or concept.line, message, remedy)
