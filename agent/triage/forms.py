"""The small notation of the word lists: (a|b) for either, (a|) for with or without, … for a few words between, …… for
more of them and a comma."""

GAP = "…"
WIDE = GAP + GAP
MOST = 25_000  # surfaces of one form: more makes reading slow for a handful of words nobody says


class BadForm(ValueError):
    """The notation is broken: unbalanced brackets, an empty word, more than one gap, or far too many surfaces."""


def expand(form: str) -> list[str]:
    """Every surface of a form, a gap as one …; brackets may nest. Raises BadForm.

    >>> expand("喘不(上|过)气")
    ['喘不上气', '喘不过气']
    """
    form = form.replace(WIDE, GAP)
    if GAP not in form and (unfolded := breadth(form)) > MOST:
        raise BadForm(f"{form} ({unfolded} surfaces; {MOST} at most)")
    surfaces, at = _choices(form, 0)
    if at != len(form) or any(surface.count(GAP) > 1 for surface in surfaces):
        raise BadForm(form)
    return list(dict.fromkeys(surfaces))


def breadth(form: str) -> int:
    """How many surfaces a form unfolds to, counted without unfolding it; a broken form counts as it stands."""
    done, levels = [0], [1]
    for character in form:
        if character == "(":
            done.append(0)
            levels.append(1)
        elif character == "|":
            done[-1], levels[-1] = done[-1] + levels[-1], 1
        elif character == ")" and len(levels) > 1:
            inner = done.pop() + levels.pop()
            levels[-1] *= inner
    return done[0] + levels[0]


def _choices(form: str, at: int) -> tuple[list[str], int]:
    """The surfaces from `at` to the end or to the bracket that closes this level."""
    done: list[str] = []
    current = [""]
    while at < len(form) and form[at] != ")":
        if form[at] == "(":
            inner, at = _choices(form, at + 1)
            if at >= len(form):
                raise BadForm(form)
            current = [left + right for left in current for right in inner]
        elif form[at] == "|":
            done, current = done + current, [""]
        else:
            current = [left + form[at] for left in current]
        at += 1
    return done + current, at


def whole(form: str) -> list[str]:
    """The surfaces of a form that have no gap. Raises BadForm."""
    head, gap, _ = form.partition(GAP)
    if gap and head.count("(") == head.count(")"):
        return []
    return [surface for surface in expand(form) if GAP not in surface]


def gap_pairs(form: str) -> list[tuple[list[str], list[str]]]:
    """The surfaces before and after the gap, as (heads, tails): one pair when the gap stands outside all brackets,
    else one for every surface with a gap. Raises BadForm."""
    form = form.replace(WIDE, GAP)
    head, _, tail = form.partition(GAP)
    outside = head.count("(") == head.count(")")
    pairs = (
        [(expand(head), expand(tail))]
        if outside
        else [([left], [right]) for left, gap, right in (s.partition(GAP) for s in expand(form)) if gap]
    )
    if not all(all(heads) and all(tails) for heads, tails in pairs):
        raise BadForm(form)
    return pairs


def expand_all(forms: list[str] | tuple[str, ...]) -> list[str]:
    """The surfaces of many forms, each once, in order."""
    return list(dict.fromkeys(surface for form in forms for surface in expand(form)))
