"""Words that only let the robot go on: 好的, 方便, 你问吧. They agree to the talk and say nothing of a symptom. Pure.

"May I ask a few questions? Are you short of breath?" — "好的" answers the first sentence. Taken for a yes to the second
it would be a false alarm, and 没问题 a false all-clear; so the question is put again.
"""

import re

from agent.dialog.phrases import Phrase
from agent.dialog.wording import phrase
from agent.model.answer import AnswerType
from agent.model.pathway import Pathway
from agent.model.session import DetourKind, Phase, Session

_STOPS = re.compile(r"[\s，。,.！!、；;~～…]+")
_FILLER = r"(?:嗯|恩|哦|噢|啊|呃|哎|诶|唉|那|就|喂)"
_AGREES = (
    r"(?:好(?:的|吧|嘞|啊|呀|哒|好)?|行(?:吧|啊|的|行)?|可以(?:的|啊|呀)?|中|成|得|要得|没得问题|方便(?:的)?"
    r"|有空|有时间|愿意|同意|配合|[oO][kK])"
)
_GO_ON = (
    r"(?:(?:您|你|大夫|医生|姑娘|闺女)?(?:尽管|随便|快|继续|接着|开始|直接|慢慢|现在)?"
    r"(?:请)?(?:说|问|讲|开始)(?:吧|嘛|呗|噻|啊|嘞)?)"
)
_THANKS = r"(?:谢谢(?:您|你|啊)?|麻烦(?:您|你)了?|辛苦(?:您|你)?了?|知道了?|明白了?|了解了?)"
_AT_EASE = r"(?:没问题(?:的|啊)?|不忙|不要紧|没关系)"
_BACK = r"(?:好了|我?(?:回来|来)了)"
_AROUND = f"(?:{_FILLER}|{_THANKS}|没事(?:儿|的|啊)?)*"
_ALWAYS = re.compile(f"{_AROUND}(?:(?:{_AGREES}|{_GO_ON}){_AROUND})+")
_AT_FIRST = re.compile(f"{_AROUND}(?:(?:{_AGREES}|{_GO_ON}|{_AT_EASE}){_AROUND})+|[嗯恩哦噢哎诶]+")
_AFTER_PAUSE = re.compile(f"(?:{_FILLER}|{_BACK})*(?:{_AT_FIRST.pattern})?")
_NAMED_BY = ("好", "行", "可以", "能", "方便", "愿意", "同意", "需要", "肯")


def nothing_but(text: str, session: Session, pathway: Pathway) -> bool:
    """True for words that agree to the talk and answer no question: at the first question, which follows the robot's
    "may I ask", and after a pause, also a bare 嗯 or 没问题; later only at a question for symptoms. Never where the
    question's own words ask for leave or ability (能平躺吗 — 可以)."""
    question = pathway.questions.get(session.current or "")
    waited = session.detour is not None and session.detour.kind is DetourKind.WAITING
    if question is None or session.phase is not Phase.QUESTIONS or (session.detour is not None and not waited):
        return False
    first = _follows_intro(session, pathway)
    if not (waited or first) and not (question.type is AnswerType.YES_NO and question.asks):
        return False
    asked = session.reply.sentences[-1] if session.reply and not waited else question.wording.voice
    if question.type is AnswerType.FREE_TEXT or any(word in asked for word in _NAMED_BY):
        return False
    said = _STOPS.sub("", text)
    plain = question.type is AnswerType.YES_NO and not question.asks  # 报告拿到了吗 — 嗯
    pattern = _AFTER_PAUSE if waited else _ALWAYS if plain or not first else _AT_FIRST
    return bool(said) and pattern.fullmatch(said) is not None


def _follows_intro(session: Session, pathway: Pathway) -> bool:
    said = session.reply.sentences if session.reply else ()
    return any(phrase(each, session, pathway)[0] in said for each in (Phrase.INTRO, Phrase.INTRO_CAREGIVER))
