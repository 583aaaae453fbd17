"""Words of every day and names of medicines that hold a symptom's characters, or sound like one, alarm nobody; the
dangers that look most like them still do."""

import pytest

from agent.model.finding import Level
from agent.triage.reader import Reader

CALM = """
我吃脑心通 / 血栓通一天三片 / 过几天给孙子庆生 / 冒雪来的 / 血压计怎么使 / 手机黑边 / 背起孩子就走 / 经验不足
营养不够 / 别客气 / 咳嗽严重影响睡眠 / 在家给我烧了两个菜 / 水烧开了再喝 / 肉炖得烂烂的 / 收破烂的 / 活蹦乱跳的
财大气粗 / 他气急败坏地说 / 一针见血 / 高枕无忧 / 心慈手软 / 抽风机 / 在一棵树上吊死 / 捏了把冷汗 / 给孙子发红包
过年收红包 / 心肠软 / 手头有点紧 / 喝了碗疙瘩汤 / 吃脑白金 / 这个药不适合我 / 今天早上感觉还行 / 他抽着烟走过来
精神差不多 / 胃口也差不多 / 还有血培养没出来 / 血压高压一百三低压八十 / 医生让多饮水 / 下课后一起走吧 / 找点事做
我决定把你拉黑了 / 你还在青岛吗 / 电话里说不清楚 / 三言两语说不清 / 我老糊涂了 / 日子都过糊涂了 / 稀里糊涂就签了字
手机中毒了 / 交通瘫痪了 / 有事别闷在心里 / 心里闷着事 / 等死我了 / 我不知道在哪挂号 / 练习吸气吐气
我去趟厕所马上过去 / 益生菌不是治腹泻的吗 / 注意别让老人摔跤 / 腹泻不知道
别让他呛着 / 别让他再摔倒了 / 几句话说不清楚 / 这事打电话说不清楚 / 喝烧开的水 / 这药怎么使
"""
DANGERS = """
心口火烧火燎的 / 烧糊涂了 / 他抽风了 / 拉黑的了 / 拉黑便 / 不知道自己在哪 / 说话说不清 / 心里闷得慌
手软得拿不住筷子 / 腿上越来越青 / 腿上青了一大片 / 我想上吊 / 想死 / 老伴走了，我也想跟着一起走 / 不如我们一起走吧
看东西有重影 / 突然糊涂了 / 高烧四十度 / 血流不止 / 氧气不够，喘不上来 / 眼前一黑就过去了 / 一身冷汗，胸口疼
气急，说不成句 / 大便有血 / 半边瘫了 / 吃老鼠药中毒了 / 血栓又犯了 / 昨天含了两回硝酸甘油 / 大便跟洗肉水一样
他一句话都说不清楚了 / 拉黑边 / 伤口冒雪了 / 孩子高烧酒精擦了也不退
他这两天老糊涂，打电话说不清楚话 / 他几句话也说不清楚了 / 打电话说不清楚话了 / 该怎么使 / 孩子烧开了四十度
"""


def _each(block: str) -> list[str]:
    return [words for line in block.strip().splitlines() for words in line.split(" / ")]


@pytest.mark.parametrize("words", _each(CALM))
def test_alarms_nobody(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.NONE


@pytest.mark.parametrize("words", _each(DANGERS))
def test_still_alarms(reader: Reader, words: str) -> None:
    assert reader.read(words).level is Level.RED
