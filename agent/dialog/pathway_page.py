"""A whole pathway as one page that a clinician reads and signs: flow charts and every sentence. Pure."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from agent.dialog.pathway_chart import chart
from agent.dialog.pathway_phrases import doubts_table, phrases_table
from agent.dialog.pathway_style import STYLE
from agent.dialog.pathway_text import LEVELS, TYPES, approval_text, limit_text, when_text
from agent.model.finding import Level
from agent.model.pathway import Advice, Approval, Education, Pathway, Question, RedFlag

CHAPTERS = {
    "flow": "流程图",
    "questions": "问题全文",
    "dangers": "危险信号",
    "doubts": "核实",
    "advice": "建议",
    "education": "健康教育",
    "phrases": "共用的句子",
    "sign": "签发",
}


def page(
    pathway: Pathway, *, stylesheet: str = "", before: str = "", pictures: Mapping[str, str] = MappingProxyType({})
) -> str:
    """One HTML document without scripts or outside files; with `stylesheet`, the address of STYLE, it holds no style
    itself. `before` is HTML above it, `pictures` the address of each lesson's picture."""
    parts = [
        _head(pathway),
        *(_node(pathway, index) for index in range(len(pathway.nodes))),
        _questions(pathway),
        _dangers(pathway),
        _doubts(pathway),
        _advice(pathway),
        _education(pathway, pictures),
        _phrases(pathway),
        _signature(pathway),
    ]
    title = escape(pathway.title)
    style = f'<link rel="stylesheet" href="{stylesheet}">' if stylesheet else f"<style>{STYLE}</style>"
    body = "\n".join(part for part in parts if part)
    return (
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"{style}</head><body>{before}{body}</body></html>\n"
    )


def _head(pathway: Pathway) -> str:
    wanted = pathway.applies_to
    status = '<span class="draft">草稿，未经医生签发</span>' if pathway.draft else '<span class="signed">已签发</span>'
    sources = "".join(f"<li>{escape(source)}</li>" for source in pathway.sources)
    facts = {
        "ICD-10": escape("、".join(wanted.icd10)),
        "诊断含": escape("、".join(wanted.words)),
        "诊断不含": escape("、".join(wanted.without)),
        "随访日": escape("、".join(f"第{node.day}天" for node in pathway.nodes)),
        "依据": f"<ul>{sources}</ul>",
        "待签": escape(_unsigned(pathway)),
    }
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items() if value)
    links = "".join(f'<a href="#{key}">{name}</a>' for key, name in CHAPTERS.items())
    return (
        f"<header><h1>{escape(pathway.title)}</h1>"
        f'<p class="meta">版本 {escape(pathway.version.replace("+", " · "))}　{status}</p>'
        f"<dl>{listed}</dl><nav>{links}</nav></header>"
    )


def _unsigned(pathway: Pathway) -> str:
    """How many sentences nobody has signed yet."""
    advice = sum(not one.approval.given for one in pathway.advice.values())
    lessons = sum(not one.approval.given for one in pathway.education.values())
    counted = {"建议 {} 条": advice, "健康教育 {} 篇": lessons}
    parts = [text.format(count) for text, count in counted.items() if count]
    parts += [] if pathway.shared_approval.given else ["共用的句子"]
    parts += [] if pathway.approval.given else ["本路径"]
    return "、".join(parts)


def _node(pathway: Pathway, index: int) -> str:
    node = pathway.nodes[index]
    lessons = "、".join(pathway.education[key].title for key in node.education)
    sent = f"<p>结束后发送：{escape(lessons)}</p>" if lessons else ""
    here = ' id="flow"' if index == 0 else ""
    return f"<h2{here}>{escape(node.title)}</h2>{chart(pathway, node)}{sent}"


def _questions(pathway: Pathway) -> str:
    closing = {key for flag in pathway.red_flags for key in flag.closing}
    ends = {pathway.last_question: 1} | dict.fromkeys(closing, 2)  # what is asked after a danger: last
    in_order = sorted(pathway.questions.values(), key=lambda question: ends.get(question.id, 0))
    rows = "".join(_question_row(pathway, question) for question in in_order)
    head = "<tr><th>问题</th><th>说法</th><th>类型与选项</th><th>之后</th><th>预警</th></tr>"
    return f"<h2 id='questions'>问题全文</h2><table>{head}{rows}</table>"


def _question_row(pathway: Pathway, question: Question) -> str:
    words = question.wording
    forms = {"首问": words.voice, "再问": words.elder}
    forms |= {"简短": words.short} if words.short != words.voice else {}
    forms |= {"聊天": words.chat} if words.chat != words.voice else {}
    forms |= {"问家属": words.caregiver} if words.caregiver else {}
    said = "<br>".join(f'<span class="form">{form}</span>{escape(text)}' for form, text in forms.items())
    kind = [TYPES[question.type] + (f"（{question.unit}）" if question.unit else "")]
    kind += [f"{index} {option.label}" for index, option in enumerate(question.options, 1)]
    if question.low is not None and question.high is not None:
        kind.append(f"{question.low:g}–{question.high:g} 以外要复核")
    after = [_branch_text(pathway, question, index) for index in range(len(question.branches))]
    after += ["没问到时请护士补问"] if question.nurse_if_unanswered else []
    alarms = [(one.level, f"{when_text(one.when, question)}：{one.reason}") for one in question.alarms]
    alarms += [(one.level, f"{limit_text(one)}：{one.reason}") for one in question.limits]
    cells = (said, _lines(kind), _lines(after), "<br>".join(_level(level, text) for level, text in alarms))
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
    return (
        f"<h2 id='dangers'>危险信号 <small>听到就停下提问，先说建议，通知护士</small></h2><table>{head}{rows}</table>"
    )


def _danger_row(pathway: Pathway, flag: RedFlag) -> str:
    said = "".join(pathway.advice[flag.advice].sentences)
    asked = [pathway.questions[key].wording.voice for key in flag.closing]
    said += "（随后接通护士）" if flag.transfer else ""
    return f"<tr><td>{escape(flag.reason)}</td><td>{escape(said)}</td><td>{_lines(asked)}</td></tr>"


def _advice(pathway: Pathway) -> str:
    rows = "".join(_advice_row(advice) for advice in pathway.advice.values())
    return f"<h2 id='advice'>机器人可以说的建议</h2><table><tr><th>建议</th><th>签发</th></tr>{rows}</table>"


def _advice_row(advice: Advice) -> str:
    return f"<tr><td class='said'>{escape(''.join(advice.sentences))}</td><td>{_approval(advice.approval)}</td></tr>"


def _approval(approval: Approval) -> str:
    return f'<span class="{"signed" if approval.given else "unsigned"}">{escape(approval_text(approval))}</span>'


def _education(pathway: Pathway, pictures: Mapping[str, str]) -> str:
    lessons = "".join(_lesson(lesson, pictures.get(key, "")) for key, lesson in pathway.education.items())
    return f"<h2 id='education'>健康教育 <small>随访做完以后发给患者</small></h2>{lessons}" if lessons else ""


def _lesson(lesson: Education, picture: str) -> str:
    """A picture that is not there is still named: its words are signed too."""
    says = escape(lesson.picture_says)
    shown = f'<p><img src="{escape(picture)}" alt="{says}"></p>' if picture and says else ""
    shown += f'<p><span class="form">图片的文字说明</span>{says}</p>' if says else ""
    head = f"<h3>{escape(lesson.title)} <small>{_approval(lesson.approval)}</small></h3>"
    return f"{head}<p>{escape(lesson.text)}</p>{shown}"


def _doubts(pathway: Pathway) -> str:
    note = "第一次没问清就再问一次，还不清楚就告诉护士"
    return f"<h2 id='doubts'>核实危险的问句 <small>{note}</small></h2>{doubts_table(pathway)}"


def _phrases(pathway: Pathway) -> str:
    note = f"身份、告知、同意、打断、结束、回电；{_approval(pathway.shared_approval)}"
    return f"<h2 id='phrases'>共用的句子 <small>{note}</small></h2>{phrases_table(pathway)}"


def _signature(pathway: Pathway) -> str:
    return (
        "<h2 id='sign'>签发</h2>"
        f"<p>版本 {escape(pathway.version.replace('+', ' · '))}，目前{_approval(pathway.approval)}。"
        "签字表示：问题、阈值、危险信号和机器人所说的话都已读过，同意用于患者。</p>"
        '<div class="sign"><span>医生</span><span>职称</span><span>日期</span></div>'
    )
