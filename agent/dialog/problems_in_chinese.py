"""What is wrong with a content file, in the words of those who write it: each English message and remedy in Chinese.

The checks speak English, as the code and its tests do; clinicians read this. A test holds that no message is missing.
"""

import re

_NAMES = r"(?P<a>.+?)"
_MORE = r"(?P<b>.+)"

# English (a and b stand for names and numbers) → Chinese
SAYINGS: tuple[tuple[str, str], ...] = (
    (rf"phrase {_NAMES} is missing", "缺少通用话术 {a}"),
    (rf"unknown placeholder {_NAMES}", "没有这个占位符：{a}"),
    ("node days must rise and not repeat", "节点的天数要从小到大，不能重复"),
    (rf"node (?P<b>.+?) asks {_NAMES}, which is not written", "第 {b} 天的节点要问 {a}，但没有写这个问题"),
    (rf"education {_NAMES} is not written", "没有写宣教内容 {a}"),
    (rf"closing question {_NAMES} is not written", "没有写收尾问题 {a}"),
    (rf"advice {_NAMES} is not written", "没有写建议 {a}"),
    (rf"{_NAMES} leads to {_MORE}, which is not written", "{a} 的分支要问 {b}，但没有写这个问题"),
    (rf"{_NAMES} is not written", "没有写 {a}"),
    (rf"{_NAMES} has a long wording and no short form", "{a} 的问法太长，又没有写简短问法"),
    (rf"{_NAMES} does not ask for {_MORE}", "{a} 并不测量 {b}"),
    (rf"{_NAMES} promises somebody's help, but no nurse is told", "{a} 答应了有人帮忙，却没有通知护士"),
    (rf"{_NAMES} is a choice without options", "{a} 是选择题，但没有选项"),
    (rf"{_NAMES} is a number without unit or measurement", "{a} 是数值题，但没有单位或测量项"),
    (rf"{_NAMES} is a number without plausible range", "{a} 是数值题，但没有合理范围"),
    (rf"{_NAMES} can hold no number: (?P<b>.+?) is not below (?P<c>.+)", "{a} 的范围不对：{b} 不小于 {c}"),
    (rf"{_NAMES} has two options with one key", "{a} 有两个选项用了同一个 key"),
    (rf"{_NAMES} is yes_no and has options", "{a} 是是非题，不能再写选项"),
    (rf"{_NAMES} can not be {_MORE}", "{a} 的答案不会是 {b}"),
    (rf"{_NAMES} is not a number", "{a} 不是数值题"),
    (r"which of the two pressures\?", "没有说明是高压还是低压"),
    ("a red rule without advice", "红色预警没有写机器人要说的建议"),
    (rf"family {_NAMES} has no advice", "危险类别 {a} 没有写建议"),
    (rf"no node or branch asks {_NAMES}", "没有节点或分支会问到 {a}"),
    (rf"concept {_NAMES} is not in the lexicon", "词库里没有概念 {a}"),
    (rf"concept {_NAMES} is unknown to triage", "分诊不认识概念 {a}"),
    (rf"measurement {_NAMES} is unknown to triage", "分诊不认识测量项 {a}"),
    (rf"{_NAMES} {_MORE} is unknown to triage", "分诊不认识 {b}"),
    (rf"no family says what to do when {_NAMES} alarms red", "{a} 报红色预警时，没有哪一类危险写了怎么办"),
    ("there is no such file", "没有这个文件"),
    ("cannot be read", "文件读不出来"),
    ("Save it as UTF-8 text at this place", "请把它存成 UTF-8 编码的文本，放在这个位置"),
    (rf"not readable as YAML: {_NAMES}", "文件格式（YAML）读不出来：{a}"),
    (rf"{_NAMES} is written twice", "{a} 写了两遍"),
    (rf"(?P<b>.+): {_NAMES} missing", "{b}：缺少 {a}"),
    (rf"(?P<b>.+): unknown {_NAMES}", "{b}：不认识 {a}"),
    (r"(?P<c>.+): (?P<a>.+?) characters, at most (?P<b>.+) are spoken", "{c}：有 {a} 个字，一句最多说 {b} 个字"),
    (rf"(?P<b>.+): {_NAMES} is not one of the choices", "{b}：{a} 不在可选的值里"),
    (rf"(?P<b>.+): {_NAMES} is the wrong kind of value", "{b}：{a} 的类型不对"),
    (rf"(?P<b>.+): {_NAMES} has the wrong form", "{b}：{a} 的格式不对"),
    (r"(?P<c>.+): (?P<a>.+?) entries, at most (?P<b>.+)", "{c}：有 {a} 项，最多 {b} 项"),
    # what to write instead
    (rf"Perhaps you mean {_NAMES}; otherwise: {_MORE}", "是不是想写 {a}？不是的话：{b}"),
    (rf"Add `{_NAMES}` here", "请在这里补上 `{a}`"),
    (rf"Add it under `{_NAMES}`; written are {_MORE}", "请在 `{a}` 下面补写；已经写了的有：{b}"),
    (rf"Add it under `{_NAMES}`", "请在 `{a}` 下面补写"),
    (rf"Add `{_NAMES}` of at most 24 characters", "请补上不超过 24 个字的 `{a}`"),
    (rf"Add `{_NAMES}` with key and label", "请补上 `{a}`，每项写 key 和 label"),
    (rf"Add `{_NAMES}` with what the robot says", "请补上 `{a}`，写机器人要说的话"),
    ("Add an alarm for the same answer, or promise nothing", "请给同一个答案加上预警（alarms），或者不要作出承诺"),
    ("Add it to a node, or remove it", "请放进某个节点，或者删掉"),
    (rf"Add `{_NAMES}` or `{_MORE}`", "请补上 `{a}` 或 `{b}`"),
    (rf"Add `{_NAMES}` and `{_MORE}`", "请补上 `{a}` 和 `{b}`"),
    (rf"Add {_NAMES} to the family whose advice fits", "请把 {a} 加到建议合适的那一类里"),
    (rf"Add `{_NAMES}`", "请补上 `{a}`"),
    ("Order the nodes by day", "请按天数排列节点"),
    ("Use anything_else", "请写 anything_else"),
    (rf"Use one of:? {_NAMES}", "可以写：{a}"),
    ("Use type: choice", "请改成 type: choice"),
    (rf"Write the smaller number first: {_NAMES}", "请先写小的数：{a}"),
    ("Give each its own key", "每个选项要有自己的 key"),
    ("Write yes, no or an option's key", "请写 yes、no 或者选项的 key"),
    ("Write it shorter, or in two sentences", "请写短一些，或者分成两句"),
    (rf"[Ww]rite one of: {_NAMES}", "可以写：{a}"),
    (rf"[Aa]llowed here: {_NAMES}", "这里可以写：{a}"),
    (rf"Write it like {_NAMES}", "请照这个格式写：{a}"),
    ("Write the colon after the key as : and a space, not ：", "键后面请用英文冒号加一个空格，不要用「：」"),
    (rf"Write an? {_NAMES}", "请写成 {a} 类型"),
    ("Take some out", "请删掉几项"),
    ("Correct the id, or add it to nlu_data", "请改正名称，或者加进 nlu_data"),
    ("Correct the id", "请改正名称"),
    (rf"Create {_NAMES} or correct the name", "请新建 {a}，或者改正名称"),
    ("Indent with spaces: there is a tab", "缩进请用空格：这里有制表符"),
    ("Check indent, quotes and colons here; the line above counts too", "请检查这一行和上一行的缩进、引号和冒号"),
    ("Keep one of the two", "请只留一个"),
    (r"Compare dialogs/pathways/schema\.json", "请对照 dialogs/pathways/schema.json"),
    # intents and FAQ
    (rf"{_NAMES} is no move", "{a} 不是对话动作"),
    (r"(?P<b>\S+) has (?P<a>\d+) sentences", "{b} 只有 {a} 句"),
    ("write at least (?P<a>[0-9]+), as patients say them", "请至少写 {a} 句，照病人的说法写"),
    (rf"「(?P<b>.+)」 stands in {_NAMES} as well", "「{b}」在 {a} 也有"),
    ("keep one of them", "请只留一处"),
    (r"the answer of (?P<a>\S+) has (?P<b>\d+) characters", "{a} 的回答有 {b} 个字"),
    (r"say it in (?P<a>\d+)", "请在 {a} 个字以内说完"),
    (r"「(?P<c>.+)」 asks for (?P<a>\S+) and (?P<b>\S+)", "「{c}」同时写在 {a} 和 {b} 下面"),
    ("keep it under one of them", "请只写在一处"),
    (rf"「(?P<b>.+)」 is trained as {_NAMES}", "「{b}」已经在训练句子里：{a}"),
    ("hold out another sentence", "请换一句没有训练过的"),
    (rf"the id {_NAMES} is used twice", "编号 {a} 用了两次"),
    ("give one entry another id", "请给其中一条换个编号"),
    ("this is not YAML", "文件格式（YAML）读不出来"),
    ("check indentation, quotes and brackets", "请检查缩进、引号和括号"),
    ("there are no entries", "没有写任何条目"),
    (r"write `topic:`, `sources:` and a list `entries:`", "请写 `topic:`、`sources:` 和列表 `entries:`"),
    ("no source is named", "没有写来源"),
    ("name at least one under `sources:`", "请在 `sources:` 下面至少写一个"),
    ("an entry has no id", "有一条没有编号"),
    ("give it `id:`, a short English word with underscores", "请写 `id:`，用带下划线的英文短词"),
    (r"(?P<a>\S+) has (?P<b>\d+) wordings", "{a} 只有 {b} 种问法"),
    ("write at least three wordings under `questions:`", "请在 `questions:` 下面至少写三种问法"),
    (r"(?P<a>\S+) needs an answer or a nurse", "{a} 要么写回答，要么交给护士，二者选一"),
    (
        "write what the robot says under `answer:`, or `hand_on: true`",
        "请在 `answer:` 写机器人说的话，或者写 `hand_on: true`",
    ),
    (rf"use one of {_NAMES}", "可以写：{a}"),
)
_PATTERNS = tuple((re.compile(english), chinese) for english, chinese in SAYINGS)


def in_chinese(text: str) -> str:
    """The saying in Chinese; the text as it is where nobody has put it into Chinese."""
    for pattern, chinese in _PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            parts = {name: part or "" for name, part in found.groupdict().items()}
            if "otherwise" in text and "b" in parts:
                parts["b"] = in_chinese(parts["b"])
            return chinese.format(**parts)
    return text
