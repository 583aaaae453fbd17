import pytest

from agent.dialog.echo import echoed

YES = [
    ("剩下的药还够吃两周吗？", "够"),
    ("胳膊抬过头顶，抬得起来吗？", "能抬"),
    ("胳膊抬过头顶，抬得起来吗？", "抬得起来"),
    ("血常规查了吗？", "查过了"),
    ("吸完药漱口了吗？", "漱了"),
    ("脚上有没有破口、水泡或者变色？", "大脚趾破了"),
    ("手术那边的胳膊有没有变粗、发沉？", "胳膊有点粗"),
    ("坐着不动也喘吗？", "也喘"),
    ("教您的锻炼动作，每天做了吗？", "天天练"),
    ("复查的时间约好了吗？", "约好了"),
    ("您现在身边有人吗？", "有人"),
    ("您现在身边有人吗？", "老伴在家"),
]
NO = [
    ("剩下的药还够吃两周吗？", "不够了"),
    ("胳膊抬过头顶，抬得起来吗？", "抬不起来"),
    ("水能喝进去吗？", "喝不下"),
    ("胳膊抬过头顶，抬得起来吗？", "抬不高"),
    ("血常规查了吗？", "没查"),
    ("复查的时间约好了吗？", "还没约"),
    ("脚或者小腿肿不肿？", "脚不肿"),
    ("您现在身边有人吗？", "就我一个人"),
    ("您现在身边有人吗？", "他们都不在家"),
    ("您现在身边有人吗？", "孤老头子一个"),
]
NEITHER = [
    ("水能喝进去吗？", "喝得少"),
    ("脚或者小腿肿不肿？", "肿消了"),
    ("脚或者小腿肿不肿？", "脚好了"),
    ("脚或者小腿肿不肿？", "有时候肿"),
    ("走路上楼的时候，喘不喘？", "没以前喘"),
    ("走路上楼的时候，喘不喘？", "喘不喘什么意思"),
    ("走路上楼的时候，喘不喘？", "不是不喘"),
    ("咳嗽比住院时轻了还是重了？", "重了"),
    ("这几天发过烧吗？", "还行吧"),
    ("", "够"),
]


@pytest.mark.parametrize(("question", "words"), YES)
def test_said_again_is_yes(question: str, words: str) -> None:
    assert echoed(question, words) is True


@pytest.mark.parametrize(("question", "words"), NO)
def test_negated_is_no(question: str, words: str) -> None:
    assert echoed(question, words) is False


@pytest.mark.parametrize(("question", "words"), NEITHER)
def test_anything_else_is_asked_again(question: str, words: str) -> None:
    assert echoed(question, words) is None
