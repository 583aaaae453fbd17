"""Traditional script into the Mainland's simplified one, as some recognisers and relatives abroad write."""

import re
from functools import cache

from opencc import OpenCC

# Everyday forms that OpenCC's t2s, made for standard traditional characters, leaves alone: the body and complaints
# first, then the rest. Its Taiwan tables know some of them, but take simplified 么 and 著 for other characters.
_VARIANTS = str.maketrans(
    "痺痲疿膓脇胷顋骽髈厀臋睪肧疘踁衇衂脃姙癈瘉妳牠姪揹搥踫掽抝讬瞭衹祇呌効躭煑氷汚衞擧粧塲枱囘廻盌糭缐攷昬甦癅澁囓瞇倣櫈歴隣啣餻",
    "痹麻痱肠胁胸腮腿膀膝臀睾胚肛胫脉衄脆妊废愈你它侄背捶碰碰拗托了只只叫效耽煮冰污卫举妆场台回回碗粽线考昏苏瘤涩啮眯仿凳历邻衔糕",
)
# On the Mainland the particle and 着急, 着凉, 着火 are written 着; 著 stays in 显著, 著名 and the like.
_PARTICLE = re.compile(r"(?<=[\u4e00-\u9fff])(?<![显原名专论译卓昭土编])著(?![名作称者述])|著(?=[急凉火])")


def simplified(text: str) -> str:
    """The text in simplified characters, by phrase where one character stands for several (乾咳 干咳, 乾坤 乾坤);
    simplified text comes back as it is, and words stay the writer's own (網路 网路, not 网络)."""
    return _PARTICLE.sub("着", _converter().convert(text).translate(_VARIANTS))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")
