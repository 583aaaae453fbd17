"""What the moment makes of words whose kind Rasa gets wrong: each clue with the kind it was written against."""

from dataclasses import replace

import pytest

from agent.dialog.decider import decide
from agent.dialog.parse import Guess, Parse
from agent.model.move import MoveContext, MoveKind

DONE = MoveContext(question="vaccinated", expect="yes_no", phase="questions", sentence="今年的流感疫苗，您打过了吗？")
WHEN = MoveContext(question="next_checkup", expect="free_text", phase="questions", sentence="下次体检准备什么时候做？")
WAYS = MoveContext(
    question="contact_by", expect="choice", phase="questions", sentence="以后联系您，打电话、发短信还是发微信？"
)
POSTPONED = MoveContext(question="breath", expect="free_text", phase="postpone", sentence="好的，什么时候给您打方便？")
NOTICE = MoveContext(expect="yes_no", phase="notice", sentence="想请您回答几个问题，现在方便吗？")
SCORE = MoveContext(
    question="nurse", expect="number", phase="questions", sentence="护士的态度，您打几分？", has_measurement=True
)
TAKEN = MoveContext(
    question="anticoagulant", expect="choice", phase="questions", sentence="防血栓的药，每天都按时用了吗？"
)
CHANGED = MoveContext(
    question="lifestyle_change", expect="choice", phase="questions", sentence="饮食和运动有没有按建议改？"
)
EXPLAINED = MoveContext(
    question="explained", expect="choice", phase="questions", sentence="病情和用药，医生讲清楚了吗？"
)
ACTIVE = MoveContext(question="exercise", expect="yes_no", phase="questions", sentence="每周能活动五天左右吗？")
GOING_ON = MoveContext(question="breath", expect="yes_no", phase="permission", sentence="剩下几个问题，还方便继续吗？")
CLOSING = MoveContext(
    question="anything_else", expect="free_text", phase="closing", sentence="您还有别的不舒服或者想问的吗？"
)
CYCLE = MoveContext(question="next_cycle", expect="yes_no", phase="questions", sentence="下次化疗的日子知道吗？")
OFFER = MoveContext(question="explain_wish", expect="yes_no", phase="questions", sentence="需要请医生给您讲解吗？")
SOMEBODY_NEAR = MoveContext(question="someone_near", expect="yes_no", phase="red_flag", sentence="您现在身边有人吗？")
READ_BACK = MoveContext(
    question="weight", expect="yes_no", phase="read_back", sentence="您说的是六十三点五公斤，对吗？"
)
BREATH = MoveContext(question="breath", expect="yes_no", phase="questions", sentence="这几天走路或者上楼，喘不喘？")
BOOKED = MoveContext(question="visit_booked", expect="yes_no", phase="questions", sentence="复诊的号约好了吗？")
BIRTH = MoveContext(expect="identity", phase="identity")
WHO = MoveContext(expect="yes_no", phase="identity")
TOLD = MoveContext(
    question="night", expect="yes_no", phase="questions", sentence="晚上睡觉会不会憋醒？", has_finding=True
)
DIED = MoveContext(expect="yes_no", phase="sure", polarity="yes", sentence="您是说周国富已经不在了吗？")


@pytest.mark.parametrize(
    ("words", "guesses", "moment", "kind"),
    [
        ("针打完了没再打", {"not_now": 0.9, "answer": 0.05}, TAKEN, MoveKind.ANSWER),
        ("屁", {"abuse": 0.7, "answer": 0.1}, BREATH, MoveKind.ANSWER),
        ("东东西西南南", {"abuse": 0.7, "answer": 0.1}, BREATH, MoveKind.ANSWER),
        ("滚", {"abuse": 0.7, "answer": 0.1}, BREATH, MoveKind.ABUSE),
        ("没改，上班忙", {"not_now": 0.9, "answer": 0.05}, CHANGED, MoveKind.ANSWER),
        ("没吃，等会儿再说", {"not_now": 0.9, "answer": 0.05}, TAKEN, MoveKind.NOT_NOW),
        ("七点来钟打过来行不行", {"not_now": 0.4, "faq": 0.5}, DONE, MoveKind.NOT_NOW),
        ("大夫没说", {"want_human": 0.5, "answer": 0.1}, CYCLE, MoveKind.ANSWER),
        ("让大夫给我打电话说", {"want_human": 0.6, "answer": 0.1}, CYCLE, MoveKind.WANT_HUMAN),
        ("自己走，慢点", {"slower": 0.5, "answer": 0.4}, DONE, MoveKind.ANSWER),
        ("讲得快，没听懂", {"repeat": 0.4, "answer": 0.2}, EXPLAINED, MoveKind.ANSWER),
        ("下地干活算不算", {"faq": 0.8, "answer": 0.1}, ACTIVE, MoveKind.AFFIRM),
        ("莫问了", {"refuse": 0.99}, GOING_ON, MoveKind.REFUSE),
        ("正准备去呢", {"not_now": 0.97, "wait": 0.01, "answer": 0.01}, DONE, MoveKind.ANSWER),
        ("明年开春再说", {"not_now": 0.94, "repeat": 0.04}, WHEN, MoveKind.ANSWER),
        ("我在外头办事呢回头打给我", {"not_now": 0.8, "answer": 0.1}, DONE, MoveKind.NOT_NOW),
        ("吃完饭再唠行不", {"faq": 0.9, "not_now": 0.1}, DONE, MoveKind.NOT_NOW),
        ("号太难抢了你们", {"thanks": 0.55, "answer": 0.17}, DONE, MoveKind.ANSWER),
        ("下周一", {"not_now": 0.97, "answer": 0.01}, CYCLE, MoveKind.ANSWER),
        ("下周一再打给我吧", {"not_now": 0.97, "answer": 0.01}, CYCLE, MoveKind.NOT_NOW),
        ("刚才不是说了吗两分", {"correct": 0.99, "answer": 0.002}, SCORE, MoveKind.ANSWER),
        ("没了烦死了", {"deceased": 0.8, "abuse": 0.1}, CLOSING, MoveKind.ANSWER),
        ("人昨天死了", {"deceased": 0.8, "abuse": 0.1}, CLOSING, MoveKind.DECEASED),
        ("腿上有几个小红点", {"faq": 0.6, "answer": 0.3}, DONE, MoveKind.ANSWER),
        ("打我儿子电话吧", {"number_changed": 0.8, "answer": 0.1}, WAYS, MoveKind.ANSWER),
        ("最好能有人讲讲", {"want_human": 0.5, "answer": 0.3}, OFFER, MoveKind.AFFIRM),
        ("系啊，我系", {"foreign": 0.9}, WHO, MoveKind.AFFIRM),
        ("你说慢点儿，我耳朵不好使", {"slower": 0.6, "louder": 0.2}, TOLD, MoveKind.SLOWER),
        ("就是打肚子那个针吗", {"faq": 0.6, "answer": 0.3}, DONE, MoveKind.REPEAT),
        ("谢谢你们", {"thanks": 0.9}, DONE, MoveKind.THANKS),
        ("别打电话发个微信就中", {"opt_out": 0.98, "answer": 0.01}, WAYS, MoveKind.ANSWER),
        ("啥叫低血糖啊", {"repeat": 0.7, "greet": 0.1, "faq": 0.08}, DONE, MoveKind.ASK),
        ("一年一次够不够", {"answer": 0.6, "faq": 0.15}, WHEN, MoveKind.ASK),
        ("谁得了这病能高兴", {"faq": 0.64, "answer": 0.27}, DONE, MoveKind.ANSWER),
        ("宝宝刚睡着你小点声", {"louder": 0.56, "caregiver": 0.16, "not_now": 0.1}, DONE, MoveKind.ANSWER),
        ("拆了今儿上午刚弄完", {"not_now": 0.71, "answer": 0.21}, DONE, MoveKind.NOT_NOW),
        ("打了今儿上午刚弄完", {"not_now": 0.71, "answer": 0.21}, DONE, MoveKind.AFFIRM),
        ("反正白天别打", {"opt_out": 0.71, "not_now": 0.19}, POSTPONED, MoveKind.NOT_NOW),
        ("不用打了我挺好", {"opt_out": 0.71, "not_now": 0.19}, POSTPONED, MoveKind.OPT_OUT),
        ("快问我赶火车", {"nonsense": 0.48, "slower": 0.15}, NOTICE, MoveKind.AFFIRM),
        ("能不能不问", {"faq": 0.92, "refuse": 0.06}, NOTICE, MoveKind.ASK),
        ("免了吧别问了", {"refuse": 0.99}, NOTICE, MoveKind.REFUSE),
        ("有十来分钟空", {"not_now": 0.5, "answer": 0.2}, NOTICE, MoveKind.AFFIRM),
        ("一句一句来", {"slower": 0.97}, NOTICE, MoveKind.SLOWER),
        ("晚一会儿打中不", {"faq": 0.76, "not_now": 0.1}, NOTICE, MoveKind.NOT_NOW),
        ("前面那个说岔了", {"correct": 0.97}, GOING_ON, MoveKind.CORRECT),
        ("能喝一点酒吗", {"faq": 0.96}, GOING_ON, MoveKind.ASK),
        ("可以吃鱼吗", {"faq": 0.96}, GOING_ON, MoveKind.ASK),
        ("行不过快点问", {"slower": 0.5, "affirm": 0.3}, GOING_ON, MoveKind.AFFIRM),
        ("缓着点说闺女", {"slower": 0.9}, SOMEBODY_NEAR, MoveKind.SLOWER),
        ("让大夫打电话给我", {"want_human": 0.97}, SOMEBODY_NEAR, MoveKind.WANT_HUMAN),
        ("什么时候能上班", {"faq": 0.99}, SOMEBODY_NEAR, MoveKind.ASK),
        ("我老头子在边上呢", {"caregiver": 0.94}, SOMEBODY_NEAR, MoveKind.AFFIRM),
        ("你打错了我不姓陈", {"wrong_person": 0.9}, READ_BACK, MoveKind.WRONG_PERSON),
        ("我妈上礼拜走了", {"deceased": 0.99}, BREATH, MoveKind.DECEASED),
        ("没心思跟你唠", {"refuse": 0.9}, replace(BREATH, polarity="no"), MoveKind.REFUSE),
        ("你刚讲到哪儿了", {"repeat": 0.8, "faq": 0.1}, BREATH, MoveKind.REPEAT),
        ("忘记约了", {"answer": 0.9}, BOOKED, MoveKind.DENY),
        ("等女儿回来弄", {"not_now": 0.4, "answer": 0.35}, BOOKED, MoveKind.ANSWER),
        ("正打算去呢", {"not_now": 0.8, "wait": 0.15, "answer": 0.02}, BOOKED, MoveKind.ANSWER),
        ("还吃它做啥", {"faq": 0.5, "answer": 0.45}, TAKEN, MoveKind.ANSWER),
        ("我就姓陈", {"wrong_person": 0.7, "affirm": 0.15}, WHO, MoveKind.AFFIRM),
        ("属狗的", {"abuse": 0.6, "answer": 0.1}, BIRTH, MoveKind.ANSWER),
    ],
)
def test_a_clue(words: str, guesses: dict[str, float], moment: MoveContext, kind: MoveKind) -> None:
    parse = Parse(words, tuple(Guess(name, score) for name, score in guesses.items()))
    assert decide(parse, moment).kind is kind


def test_a_yes_to_death_is_not_denied_by_its_own_words() -> None:
    parse = Parse("对没了", (Guess("affirm", 0.46), Guess("deceased", 0.4), Guess("deny", 0.1)))
    assert decide(parse, DIED).kind in (MoveKind.AFFIRM, MoveKind.DECEASED)
