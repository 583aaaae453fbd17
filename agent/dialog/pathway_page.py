"""A whole pathway as one page that a clinician reads and signs: flow charts and every sentence. Pure."""

from html import escape

from agent.dialog.pathway_chart import chart
from agent.dialog.pathway_text import LEVELS, TYPES, approval_text, limit_text, when_text
from agent.model.finding import Level
from agent.model.pathway import Advice, Pathway, Question, RedFlag

STYLE = """
body { font: 15px/1.5 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: #1d2329;
  max-width: 1080px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 24px; margin-bottom: 0; } h2 { font-size: 20px; margin-top: 32px; } h3 { font-size: 16px; }
.meta { color: #59636e; } .draft { color: #9a5b00; font-weight: 600; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: 6px 8px;
  border-bottom: 1px solid #d9dee3; } th { color: #59636e; font-weight: 500; }
.red-word { color: #b3261e; font-weight: 600; } .yellow-word { color: #8a5a00; font-weight: 600; }
svg { max-width: 100%; height: auto; } svg rect { fill: #fff; stroke: #9aa4ad; }
svg rect.red { stroke: #b3261e; stroke-width: 2; }
svg rect.yellow { stroke: #c58a00; stroke-width: 2; } svg path { fill: none; stroke: #9aa4ad; }
svg text { font-size: 13px; fill: #1d2329; } svg text.label, svg text.why { font-size: 12px; fill: #59636e; }
.sign { border-bottom: 1px solid #59636e; display: inline-block; min-width: 180px; }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } tr, svg { break-inside: avoid; } }
"""


def page(pathway: Pathway) -> str:
    """One HTML document without scripts or outside files."""
    parts = [
        _head(pathway),
        *(_node(pathway, index) for index in range(len(pathway.nodes))),
        _questions(pathway),
        _dangers(pathway),
        _advice(pathway),
        _education(pathway),
        _phrases(pathway),
        _signature(pathway),
    ]
    title = escape(pathway.title)
    body = "\n".join(part for part in parts if part)
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>\n"
    )


def _head(pathway: Pathway) -> str:
    wanted = pathway.applies_to
    status = '<span class="draft">草稿，未经医生签发</span>' if pathway.draft else "已签发"
    sources = "".join(f"<li>{escape(source)}</li>" for source in pathway.sources)
    return (
        f"<h1>{escape(pathway.title)}</h1>"
        f'<p class="meta">{escape(pathway.id)} · 版本 {escape(pathway.version)} · {status}</p>'
        f"<p>适用：ICD-10 {escape('、'.join(wanted.icd10)) or '—'}；诊断含 {escape('、'.join(wanted.words)) or '—'}"
        f"；不含 {escape('、'.join(wanted.without)) or '—'}</p><p>依据：</p><ul>{sources}</ul>"
    )


def _node(pathway: Pathway, index: int) -> str:
    node = pathway.nodes[index]
    lessons = "、".join(pathway.education[key].title for key in node.education)
    sent = f"<p>结束后发送：{escape(lessons)}</p>" if lessons else ""
    return f"<h2>第{node.day}天 · {escape(node.title)}</h2>{chart(pathway, node)}{sent}"


def _questions(pathway: Pathway) -> str:
    rows = "".join(_question_row(pathway, question) for question in pathway.questions.values())
    head = "<tr><th>问题</th><th>说法</th><th>类型与选项</th><th>之后</th><th>预警</th></tr>"
    return f"<h2>问题全文</h2><table>{head}{rows}</table>"


def _question_row(pathway: Pathway, question: Question) -> str:
    words = question.wording
    said = [f"首问：{words.voice}", f"再问：{words.elder}"]
    said += [f"简短：{words.short}"] if words.short != words.voice else []
    said += [f"聊天：{words.chat}"] if words.chat != words.voice else []
    said += [f"问家属：{words.caregiver}"] if words.caregiver else []
    kind = [TYPES[question.type] + (f"（{question.unit}）" if question.unit else "")]
    kind += [f"{index} {option.label}" for index, option in enumerate(question.options, 1)]
    if question.low is not None and question.high is not None:
        kind.append(f"{question.low:g}–{question.high:g} 以外要复核")
    after = [_branch_text(pathway, question, index) for index in range(len(question.branches))]
    after += ["没问到时请护士补问"] if question.nurse_if_unanswered else []
    alarms = [(one.level, f"{when_text(one.when, question)}：{one.reason}") for one in question.alarms]
    alarms += [(Level(one.level), f"{limit_text(one)}：{one.reason}") for one in question.limits]
    cells = (_lines(said), _lines(kind), _lines(after), "<br>".join(_level(level, text) for level, text in alarms))
    return f"<tr><td>{escape(question.label)}</td>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _branch_text(pathway: Pathway, question: Question, index: int) -> str:
    branch = question.branches[index]
    follows = [f"问“{pathway.questions[key].label}”" for key in branch.ask]
    follows += [f"说“{''.join(pathway.advice[key].sentences)}”" for key in branch.say]
    return f"{when_text(branch.when, question)} → {'；'.join(follows)}"


def _lines(lines: list[str]) -> str:
    return "<br>".join(escape(line) for line in lines)


def _level(level: Level, text: str) -> str:
    return f'<span class="{level}-word">{LEVELS[level]}</span> {escape(text)}'


def _dangers(pathway: Pathway) -> str:
    rows = "".join(_danger_row(pathway, flag) for flag in pathway.red_flags if flag.concepts and flag.advice)
    head = "<tr><th>情况</th><th>机器人先说</th><th>再问</th></tr>"
    return f"<h2>危险信号</h2><table>{head}{rows}</table>"


def _danger_row(pathway: Pathway, flag: RedFlag) -> str:
    said = "".join(pathway.advice[flag.advice].sentences)
    asked = [pathway.questions[key].wording.voice for key in flag.closing]
    said += "（随后接通护士）" if flag.transfer else ""
    return f"<tr><td>{escape(flag.reason)}</td><td>{escape(said)}</td><td>{_lines(asked)}</td></tr>"


def _advice(pathway: Pathway) -> str:
    rows = "".join(_advice_row(advice) for advice in pathway.advice.values())
    return f"<h2>机器人可以说的建议</h2><table><tr><th>建议</th><th>签发</th></tr>{rows}</table>"


def _advice_row(advice: Advice) -> str:
    return f"<tr><td>{escape(''.join(advice.sentences))}</td><td>{escape(approval_text(advice.approval))}</td></tr>"


def _education(pathway: Pathway) -> str:
    lessons = "".join(
        f"<h3>{escape(lesson.title)}</h3><p>{escape(lesson.text)}</p>" for lesson in pathway.education.values()
    )
    return f"<h2>健康教育</h2>{lessons}" if lessons else ""


def _phrases(pathway: Pathway) -> str:
    rows = "".join(
        f"<tr><td>{escape(key)}</td><td>{escape(''.join(said))}</td></tr>" for key, said in pathway.phrases.items()
    )
    return f"<h2>共用的句子</h2><table>{rows}</table>"


def _signature(pathway: Pathway) -> str:
    return (
        f"<h2>签发</h2><p>本版本：{escape(pathway.version)}；目前：{escape(approval_text(pathway.approval))}</p>"
        '<p>医生 <span class="sign">&nbsp;</span> 日期 <span class="sign">&nbsp;</span></p>'
    )
