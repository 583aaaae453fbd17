"""Every way of saying a concept that the lexicon knows."""

from agent.triage.content import Content
from agent.triage.forms import expand_all


def surfaces(content: Content, concept: str) -> list[str]:
    """Words, then body parts joined with sensations, then sensations alone; each once."""
    known = content.concepts[concept]
    found = expand_all(known.words)
    for part, feel in known.combine:
        found += [p + f for p in content.parts[part].words for f in content.sensations[feel].words]
    found += [word for feel in content.sensations.values() if feel.alone == concept for word in feel.words]
    return list(dict.fromkeys(found))
