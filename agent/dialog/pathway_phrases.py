"""When each shared sentence is said, as a clinician reads it on the page that is signed. Pure."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from agent.dialog.pathway_text import filled
from agent.dialog.phrases import Phrase
from agent.model.pathway import Pathway, Respondent

WHEN: Mapping[str, Mapping[Phrase, str]] = MappingProxyType(
    {
        "开场与身份": {
            Phrase.GREETING: "接通后的第一句",
            Phrase.RECORDING: "电话接通，紧接第一句",
            Phrase.DRAFT: "路径还没有签发时，紧接开场",
            Phrase.ASK_PERSON: "开场以后，患者本人作答的路径",
            Phrase.ASK_PARENT: "开场以后，家长作答的路径",
            Phrase.ASK_PERSON_AGAIN: "第一次没听出是不是本人",
            Phrase.ASK_BIRTH_YEAR: "说是本人，或家属可以代答：核对登记的出生年份",
            Phrase.ASK_ID: "没有登记出生年份时",
            Phrase.ASK_PHONE: "年份和证件号都没有登记时",
            Phrase.PROOF_AGAIN: "第一次报的和登记的不一致",
            Phrase.PROOF_KEYPAD: "核对的数字没听清",
            Phrase.PROOF_KEYS: "对方的话一直听不清，改用按键",
            Phrase.IDENTITY_FAILED: "两次都没核对上，结束，请人工联系",
            Phrase.ASK_PATIENT_THERE: "接电话的是家属",
            Phrase.FAMILY_PROOF: "患者不方便，家属登记为可以代答",
            Phrase.NOT_BEFORE_IDENTITY: "没核对身份就问起病情",
            Phrase.WRONG_PERSON: "打错了，对方不认识患者，结束",
        },
        "换号码": {
            Phrase.ASK_NEW_NUMBER: "说患者换了号码",
            Phrase.MORE_DIGITS: "号码只报了一部分",
            Phrase.NUMBER_NOTED: "新号码念回去，对方说对",
            Phrase.NUMBER_CHANGED: "不愿报或没报清新号码，结束",
        },
        "同意": {
            Phrase.INTRO: "身份核对以后，开始提问",
            Phrase.INTRO_CAREGIVER: "身份核对以后，家属代答",
            Phrase.CONSENT: "核对身份以后，先征得同意再提问的路径",
            Phrase.PERMISSION: "想挂断或不耐烦：问能不能说完",
            Phrase.REFUSED: "不愿意接受随访，结束",
            Phrase.SURE_OPT_OUT: "说以后别再打：先确认",
            Phrase.OPT_OUT: "确认以后不再联系，结束",
        },
        "改时间": {
            Phrase.ASK_WHEN: "现在不方便：问什么时候",
            Phrase.ASK_WHEN_THERE: "患者不在：问什么时候在",
            Phrase.POSTPONED: "没说出时间，结束",
            Phrase.POSTPONED_AT: "说的时间可以打电话，结束",
            Phrase.POSTPONED_OTHER: "说的时间不能打电话，换一个时间，结束",
            Phrase.IN_HOSPITAL: "患者正在住院，结束并告诉护士",
        },
        "打断": {
            Phrase.GREET: "对方中途问好",
            Phrase.THANKS: "对方道谢",
            Phrase.GO_ON: "打断处理完，接着问",
            Phrase.SPEAK: "最后一问答“有”：请对方说",
            Phrase.NOTED: "说了所问以外的情况：记下，再接着问",
            Phrase.WAIT: "对方说等一下",
            Phrase.WAIT_BACK: "等了一分钟还没有回来",
            Phrase.SLOWER: "请求说慢一点",
            Phrase.LOUDER: "请求大声一点",
            Phrase.FAQ_UNKNOWN: "问了知识库里没有的问题，转给护士",
            Phrase.HELP_USE: "说不会用药、用器械、量或锻炼：告诉护士",
            Phrase.HELP_SUPPLY: "说药配不到、丢了或吃不起：告诉护士",
            Phrase.WANT_HUMAN: "想找真人：护士回电",
            Phrase.HUMAN_END: "随后结束通话",
            Phrase.TRANSFER: "现在就接通护士（班上有人时）",
            Phrase.TRANSFER_NOT_TAKEN: "护士没有接起",
            Phrase.FRAUD: "怀疑是骗子",
            Phrase.FRAUD_CALLBACK: "怀疑是骗子，医院登记了随访电话",
            Phrase.ABUSE: "第一次骂人",
            Phrase.ABUSE_END: "再骂，结束",
            Phrase.FOREIGN: "说的不是普通话",
            Phrase.FOREIGN_END: "几次都不是普通话，结束，请同事联系",
            Phrase.GOODBYE: "对方提前说再见",
            Phrase.SURE_DECEASED: "像是说患者已去世：先确认",
            Phrase.DECEASED: "患者已去世：致哀，停止一切联系，告诉护士",
        },
        "没听清": {
            Phrase.UNHEARD: "没听懂回答，换个说法再问",
            Phrase.ONCE_MORE: "说了别的，没答到所问，再问",
            Phrase.SILENCE: "没有声音",
            Phrase.SILENCE_END: "三次没有声音，结束",
            Phrase.KEYPAD_YES_NO: "两次没听懂：是非题改按键",
            Phrase.KEYPAD_NUMBER: "两次没听懂：数字改按键",
            Phrase.KEYPAD_PRESSURE: "两次没听懂：血压改按键",
            Phrase.CHAT_YES_NO: "两次没看懂：是非题回复数字（聊天）",
            Phrase.LEFT_QUESTION: "三次没问清：留给护士，问下一题",
            Phrase.LEFT_MANY: "连着三题没问清，结束，请护士联系",
        },
        "读数与更正": {
            Phrase.READ_BACK: "数值可疑：念回去核对，先说",
            Phrase.READ_BACK_RIGHT: "念回去以后问",
            Phrase.READ_BACK_WRONG: "说念得不对",
            Phrase.OTHER_PRESSURE: "血压只说了高压",
            Phrase.CORRECTED: "患者更正了前面的回答",
            Phrase.WHICH_WRONG: "说前面错了，没说是哪一个",
        },
        "危险": {
            Phrase.CONFIRM_OTHER: "话里可能有危险，没有专门的问句时",
            Phrase.CONFIRM_UNSETTLED: "两次没问清是不是危险，告诉护士",
            Phrase.RED_CALLBACK: "危险处理完，结束前",
            Phrase.RED_ENDED: "危险处理完，最后一句",
        },
        "结束与回电": {
            Phrase.CLOSING: "问完了",
            Phrase.NEXT_CONTACT: "后面还有随访时，说下次的日子",
            Phrase.EDUCATION: "结束后有健康教育要发时",
            Phrase.CALLBACK: "最后一句：有事打哪个电话",
            Phrase.TECHNICAL: "系统故障，道歉并请护士回电",
            Phrase.ENDED: "随访结束以后对方又说话",
        },
    }
)


def unused(pathway: Pathway) -> frozenset[Phrase]:
    """Shared sentences that this pathway never says."""
    parent = pathway.respondent is Respondent.PARENT
    left = {Phrase.ASK_PERSON, Phrase.ASK_PERSON_AGAIN} if parent else {Phrase.ASK_PARENT}
    left |= set() if pathway.ask_consent else {Phrase.CONSENT}
    left |= set() if pathway.announces_next and len(pathway.nodes) > 1 else {Phrase.NEXT_CONTACT}
    return frozenset(left)


def phrases_table(pathway: Pathway) -> str:
    """Every shared sentence, grouped, with when it is said; what this pathway never says is named as such."""
    silent = unused(pathway)
    groups = []
    for title, moments in WHEN.items():
        rows = "".join(_row(pathway, which, when, silent=which in silent) for which, when in moments.items())
        groups.append(f"<h3>{title}</h3><table class='phrases'><tr><th>什么时候</th><th>说什么</th></tr>{rows}</table>")
    return "".join(groups)


def _row(pathway: Pathway, which: Phrase, when: str, *, silent: bool) -> str:
    said, written = pathway.phrases[which], pathway.phrases.get(f"{which}_chat")
    words = filled("".join(said))
    if written is not None:
        words = f'<span class="form">电话</span>{words}<br><span class="form">聊天</span>{filled("".join(written))}'
    note = ' <span class="form">本路径不说</span>' if silent else ""
    return f"<tr><td>{escape(when)}{note}</td><td class='said'>{words}</td></tr>"


def doubts_table(pathway: Pathway) -> str:
    """How a danger that may hide in the words is asked for, by itself or where half of a question was left out."""
    head = "<tr><th>听着像有危险：核实</th><th>只答了问题的一半：补问</th></tr>"
    rows = []
    for concept in dict.fromkeys((*pathway.confirms, *pathway.halves)):
        asked = [pathway.confirms.get(concept, ""), pathway.confirms_again.get(concept, "")]
        lines = "<br>".join(escape(text) for text in asked if text)
        rows.append(f"<tr><td class='said'>{lines}</td><td>{escape(pathway.halves.get(concept, ''))}</td></tr>")
    return f"<table>{head}{''.join(rows)}</table>"
