"""One node of a pathway as a flow chart in SVG: questions downwards, what follows an answer beside them."""

from dataclasses import dataclass
from html import escape

from agent.dialog.pathway_text import when_text
from agent.model.finding import Level
from agent.model.pathway import Node, Pathway, Question

BOX_WIDTH, ROW, GAP, INDENT = 330, 50, 18, 400  # px
ARROW = (
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 L8 4 L0 8 Z"/></marker></defs>'
)
LABEL_SHORT = 20  # characters that fit into a box


@dataclass(frozen=True, slots=True)
class Row:
    """One box: `depth` columns to the right, `why` the answer that leads here."""

    question: Question
    depth: int
    why: str


def rows(pathway: Pathway, node: Node) -> list[Row]:
    """The node's questions in order, each followed by those its answers lead to."""
    found: list[Row] = []

    def add(key: str, depth: int, why: str, above: tuple[str, ...]) -> None:
        question = pathway.questions[key]
        found.append(Row(question, depth, why))
        for branch in question.branches:
            for wanted in branch.ask:
                if wanted not in above:
                    add(wanted, depth + 1, when_text(branch.when, question), (*above, wanted))

    last = (pathway.last_question,) if pathway.last_question else ()
    for key in (*node.questions, *last):
        add(key, 0, "", (key,))
    return found


def chart(pathway: Pathway, node: Node) -> str:
    """An SVG element; red and yellow rules show as a bar at the box and as words in it."""
    boxes = rows(pathway, node)
    height = len(boxes) * (ROW + GAP) + GAP
    width = 20 + (max(row.depth for row in boxes) + 1) * INDENT
    parts = [_box(row, index) + _arrow(boxes, row, index) for index, row in enumerate(boxes)]
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {size} role="img"><title>{escape(node.title)}</title>{ARROW}{"".join(parts)}</svg>'


def _place(row: Row, index: int) -> tuple[int, int]:
    return 10 + row.depth * INDENT, GAP + index * (ROW + GAP)


def _box(row: Row, index: int) -> str:
    x, y = _place(row, index)
    question = row.question
    levels = {alarm.level for alarm in question.alarms} | {limit.level for limit in question.limits}
    level = "red" if Level.RED in levels else "yellow" if Level.YELLOW in levels else "plain"
    mark = {"red": "● 红", "yellow": "▲ 黄", "plain": ""}[level]
    spoken = question.wording.voice
    shown = spoken if len(spoken) <= LABEL_SHORT else spoken[:LABEL_SHORT] + "…"
    return (
        f'<rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{ROW}" rx="6"/>'
        f'<rect class="bar {level}" x="{x}" y="{y + 4}" width="4" height="{ROW - 8}" rx="2"/>'
        f'<text class="label" x="{x + 14}" y="{y + 19}">{escape(question.label)}'
        f' <tspan class="{level}" dx="4">{mark}</tspan></text>'
        f'<text x="{x + 14}" y="{y + 39}">{escape(shown)}</text>'
    )


def _arrow(boxes: list[Row], row: Row, index: int) -> str:
    x, y = _place(row, index)
    if row.depth:
        parent = max(at for at in range(index) if boxes[at].depth == row.depth - 1)
        px, py = _place(boxes[parent], parent)
        start = px + BOX_WIDTH // 2
        middle = y + ROW // 2
        line = f'<path d="M{start} {py + ROW} V{middle} H{x}" marker-end="url(#end)"/>'
        return line + f'<text class="why" x="{start + 8}" y="{middle - 4}">{escape(row.why)}</text>'
    before = [at for at in range(index) if boxes[at].depth == 0]
    if not before:
        return ""
    px, py = _place(boxes[before[-1]], before[-1])
    return f'<path d="M{px + 20} {py + ROW} V{y}" marker-end="url(#end)"/>'
