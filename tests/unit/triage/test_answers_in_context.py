"""What an answer settles of the findings asked, as a conversation takes it: None is asked again."""

import pytest

from agent.model.finding import Status
from agent.triage.reader import Reader

PRESENT, DENIED = Status.PRESENT, Status.DENIED


@pytest.mark.parametrize(
    ("question", "answer", "words", "wanted"),
    [
        # a no at the end of a clause speaks of what the clause names, and of no other finding of the list
        ("有没有打嗝、烧心？", "嗝一个接一个，烧心没有", ["打嗝", "烧心"], [None, DENIED]),
        ("有没有腹胀、便血？", "胀得像面鼓，血水倒没有", ["腹胀", "便血"], [PRESENT, DENIED]),
        ("有没有便血、腹胀？", "开始有，后来没有了", ["便血", "腹胀"], [DENIED, DENIED]),
        ("便血吗？", "纸上有一点", ["便血"], [PRESENT]),
        ("有没有头痛、接触性出血？", "后者有", ["头痛", "接触性出血"], [None, PRESENT]),
        # what the question takes for granted is not denied by a no to what it asks beside
        ("刀口红肿从哪天开始的，痒不痒？", "前天吧，不痒", ["红肿", "痒"], [None, DENIED]),
        ("头晕是一下子来的吗？", "也不是一下子，慢慢来的", ["头晕"], [None]),
        ("鼻塞有没有影响睡觉、咳嗽？", "都没有", ["鼻塞", "咳嗽"], [DENIED, DENIED]),
        # how long, how often and how much tell that it is there
        ("头昏有几天了？", "差不多十来天", ["头昏"], [PRESENT]),
        ("夜尿多不多？", "三四趟呢", ["夜尿"], [PRESENT]),
        ("这礼拜心绞痛发了几回？", "一回也没得", ["心绞痛"], [DENIED]),
        # the word itself with how bad, how large, when; and what little there is of it
        ("胳膊酸不酸？", "酸得端不住碗", ["酸"], [PRESENT]),
        ("皮肤有没有发紫？", "紫了鸡蛋大一片", ["发紫"], [PRESENT]),
        ("腰胀痛吗？", "弯腰久了胀", ["胀痛"], [PRESENT]),
        ("还咳嗽吗？", "咳得少了", ["咳嗽"], [PRESENT]),
        ("手臂抬不起来吗？", "抬得起来了", ["抬不起来"], [DENIED]),
        # over, and not seen since, at the end of a clause
        ("打嗝好些了吗？", "喝了口热水就停了", ["打嗝"], [DENIED]),
        ("胸闷吗？", "装完起搏器就再没犯过", ["胸闷"], [DENIED]),
        ("还抽筋吗？", "药还没来", ["抽筋"], [None]),
        # keys that the question offers
        ("有没有便秘？有请按1，没有请按2", "2", ["便秘"], [DENIED]),
        ("请问是否心慌？1有 2无 3不清楚", "1", ["心慌"], [PRESENT]),
        ("请问是否心慌？1有 2无 3不清楚", "3", ["心慌"], [Status.UNCERTAIN]),
        ("哪些还有：①咳嗽②盗汗③胸痛", "①③", ["咳嗽", "盗汗", "胸痛"], [PRESENT, DENIED, PRESENT]),
        # by what goes with it, and by its contrary
        ("手脚凉不凉？", "暖和着呢", ["凉"], [DENIED]),
        ("走路晃吗？", "走得稳当", ["晃"], [DENIED]),
        ("走路晃吗？", "走得不稳当", ["晃"], [None]),
        ("头晕吗？", "一起床屋子就转", ["头晕"], [PRESENT]),
        ("头晕吗？", "住院那会儿屋子直转", ["头晕"], [None]),
        ("有没有打嗝、反酸？", "嗝是打，酸水倒没有", ["反酸"], [DENIED]),
        ("大便干吗？", "开塞露不用了", ["大便干"], [None]),
        ("脚肿吗？", "按下去没坑", ["肿"], [DENIED]),
        # of two halves the one that is told counts; what sets an item apart from its neighbour
        ("刀口红肿吗？", "看着有点红 不肿", ["红肿"], [PRESENT]),
        ("眼睛黄、手心黄，退了没？", "手心不黄了 眼睛还有点黄", ["眼睛黄", "手心黄"], [PRESENT, DENIED]),
        ("手凉、手麻有没有？", "三床被子你说凉不凉，麻倒不麻", ["手凉", "手麻"], [PRESENT, DENIED]),
        ("走路头晕吗？", "坐了半天才不晕", ["头晕"], [PRESENT]),
        ("闻不到气味的毛病好点没？", "花露水凑跟前也没味", ["闻不到气味"], [PRESENT]),
        ("头痛是胀痛还是针扎样？", "针扎", ["头痛", "胀痛", "针扎样"], [PRESENT, DENIED, PRESENT]),
        # what passed with a tablet under the tongue came; of the moment it says too little
        ("最近有没有胸痛？", "含了一片硝酸甘油就好了", ["胸痛"], [PRESENT]),
        ("心绞痛还犯过吗？", "上礼拜喷了两下就缓解了", ["心绞痛"], [PRESENT]),
        ("现在胸口疼不疼？", "含了药就缓解了", ["胸口疼"], [None]),
        # absence told behind a list; an examination that was not made; how it is, denied; how often it was
        ("胸闷、心慌这些情况都没有对吧？", "对", ["胸闷", "心慌"], [DENIED, DENIED]),
        ("血压高吗？", "好久没量过血压", ["血压高"], [Status.UNCERTAIN]),
        ("有没有贫血？", "没查出来", ["贫血"], [None]),
        ("还咳嗽吗？", "吃了几天药也不见好", ["咳嗽"], [PRESENT]),
        ("疼痛位置固定吗？", "不固定一会上一会下", ["疼痛"], [None]),
        ("有没有流产史？", "九几年做过两次", ["流产"], [PRESENT]),
        ("有脑梗、心梗吗？", "啥大病也没有", ["脑梗", "心梗"], [DENIED, DENIED]),
        ("流鼻涕吗？", "吹风的时候流", ["流鼻涕"], [PRESENT]),
        # who refuses, compares or tells who he is answers nothing
        ("最近有没有心慌？", "不需要不需要，别打了", ["心慌"], [None]),
        ("最近有没有呛咳？", "不是病人，我是他女婿", ["呛咳"], [None]),
        ("尿发红吗？", "跟平常一样的颜色似的", ["发红"], [None]),
        ("咳、痰、喘，还有哪样？", "就剩个咳", ["咳", "痰", "喘"], [PRESENT, DENIED, DENIED]),
        # a no in words of neither denies none of a list
        ("有没有多饮、多尿？", "整天捧着水壶，就是不长肉", ["多饮", "多尿"], [None, None]),
        # in its own words, though no list knows them
        ("头疼、眼花、走神，哪个有？", "走神有，另外两个没有", ["头疼", "眼花", "走神"], [DENIED, DENIED, PRESENT]),
        # it comes back
        ("脚还抽筋吗？", "白天不觉得，半夜又来了", ["抽筋"], [PRESENT]),
        # a rest is not denied of what the words before it may tell
        ("有没有嗜睡、头痛？", "成天睡，其他没有", ["嗜睡", "头痛"], [None, DENIED]),
        # another's denial that is doubted at once, and what was not there then
        ("老太太伤口疼吗？", "她嘴上说不疼，我看她皱眉头", ["疼"], [None]),
        ("解小便刺痛吗？", "住院那会儿不痛，现在辣得很", ["刺痛"], [None]),
    ],
)
def test_what_is_settled(
    reader: Reader, question: str, answer: str, words: list[str], wanted: list[Status | None]
) -> None:
    assert reader.settled_statuses(answer, question, words) == wanted
