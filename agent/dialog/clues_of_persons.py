"""Clues to who speaks, of whom, and what has become of the patient or the number. Pure."""

import re

from agent.dialog.clue import Clue, in_identity, in_mid_questions, lacks, lacks_amid_questions, shows
from agent.model.move import MoveContext, MoveKind

PLAIN_DEATH = re.compile(
    r"去世|过世|逝|[年月周天号期拜早晚夜]没的|(?<![烦累气热急吓忙疼痛饿困笑冷冻痒愁闷恨咸辣苦吵羡渴])死(?!板|活|心眼)|故|殁|火化|丧|后事|下葬|葬礼|埋了|抢救|没救|救回|人没了|人世|白事|过[咗身]身?"
)
_LIKE_DEATH = re.compile(
    PLAIN_DEATH.pattern + r"|(?<![抠拿带搬借抱接领叫收偷牵抢卷飞跑溜开取退流])走[了的掉咯咗]|走得|[刚年前天]走$|"
    r"没[了有]|[没冇]得|不在|老[了的掉咯]|去了|离开|牺牲|往生|烧了|坟|头七|百日|灵堂|殡|断气|咽气|闭眼|"
    r"没.{0,2}[留保挺撑熬扛活醒下]|送走|骨灰|入土"
)
_NAMES_MISTAKE = re.compile(
    r"错|打到.{1,6}来|查无|不是|是谁|是哪|哪个是|谁是|哪个[^，]{0,4}[啊呀哟]|没这|没有这|没得这|不认|找谁|找哪|哪个人|搞混|别人|不叫|不姓|不住|同名|机主|没住过院|没做过"
)
_NAMES_NUMBER = re.compile(r"号|换|电话|手机|座机|卡|打[到我他她这那]")
_CHANGES = re.compile(r"换|新|改|停|不用|不是|空号|另|旧|老号|别的|以前|原来|打[到我他她这那]|报|登记|错")
_SPEAKS_FOR = re.compile(
    r"我是|我系|替|帮|代|让|叫|问我|跟你?[^量测称]{0,2}[说讲]|来接|来说|手机|电话|不会说|听不见|聋"
)
_YES_FIRST = re.compile(r"^(?:是的?|对的?|嗯+|在的?|我就?是的?)[啊呀呢]? ")
_NAMES_SELF = re.compile(
    r"^[哦嗯啊喂对哎诶唉是的 ]*(?:我就?是|我就[姓叫])"
    r"(?!.*[他她们爸妈爷奶叔伯姨舅姑婆公嫂哥姐弟妹儿女孙媳婿爱老伴护工邻居同学孩宝人友])"
)
_SOMEWHERE = re.compile(r"在.{1,5}(?:呢|呐|里头?|屋|家|上班|睡|学校|洗澡)|(?:去|上)(?:\w{0,4})(?:了|去了)$")
_DOCTOR = re.compile(
    r"(?:大夫|医生|主任|护士|医院)[都也还就]?(?:没|说|讲|让|叫|给|开|交代|安排)|听(?:大夫|医生|主任|你们)的"
)
_WISHED = re.compile(r"让(?:你们)?(?:大夫|医生|主任|护士).*(?:接|打|回|来|说)|[找转叫请喊]|想|要(?!查|复)|[吗么]$")
_BIRTH = re.compile(r"属(?:老?鼠|牛|虎|兔|大?龙|小?蛇|马|羊|猴|鸡|狗|猪)|[零一二三四五六七八九]{2}后")
_WISHES = re.compile(r"^(?:就?希望|最好|要是|建议)")


def _tells_birth(text: str, context: MoveContext) -> bool:
    """属马的, 五零后, asked for the year of birth."""
    return context.expect == "identity" and _BIRTH.search(text) is not None


def _nobody_takes_over(text: str, context: MoveContext) -> bool:
    return context.question is not None and not _SPEAKS_FOR.search(text)


def _tells_of_doctor(text: str, context: MoveContext) -> bool:
    """大夫没说, 听医生的: what the doctor did or will decide, no wish to speak to one."""
    return in_mid_questions(context) and _DOCTOR.search(text) is not None and not _WISHED.search(text)


CLUES: tuple[Clue, ...] = (
    Clue(lacks(PLAIN_DEATH), {MoveKind.DECEASED: 0.4}),
    Clue(lacks(_LIKE_DEATH), {MoveKind.DECEASED: 0.1}),
    Clue(lacks_amid_questions(PLAIN_DEATH), {MoveKind.DECEASED: 0.2}),
    Clue(lacks_amid_questions(_NAMES_MISTAKE), {MoveKind.WRONG_PERSON: 0.3}),
    Clue(
        lambda text, context: context.phase == "identity" and not _NAMES_MISTAKE.search(text),
        {MoveKind.WRONG_PERSON: 0.3},
    ),
    Clue(lacks_amid_questions(_NAMES_NUMBER), {MoveKind.NUMBER_CHANGED: 0.3}),
    Clue(lacks_amid_questions(_CHANGES), {MoveKind.NUMBER_CHANGED: 0.2}),
    Clue(_nobody_takes_over, {MoveKind.CAREGIVER: 0.1}),
    Clue(in_identity(_YES_FIRST), {MoveKind.AFFIRM: 2.5}),
    Clue(in_identity(_NAMES_SELF), {MoveKind.AFFIRM: 6.0, MoveKind.WRONG_PERSON: 0.2, MoveKind.CAREGIVER: 0.5}),
    Clue(
        _tells_birth,
        {
            MoveKind.ABUSE: 0.02,
            MoveKind.WAIT: 0.05,
            MoveKind.CAREGIVER: 0.2,
            MoveKind.AFFIRM: 0.2,
            MoveKind.ANSWER: 5.0,
        },
    ),
    Clue(in_identity(_SOMEWHERE), {MoveKind.CAREGIVER: 2.0, MoveKind.NOT_NOW: 0.7}),
    Clue(shows(_WISHES), {MoveKind.WANT_HUMAN: 0.4, MoveKind.ANSWER: 2.0}),
    Clue(
        _tells_of_doctor, {MoveKind.WANT_HUMAN: 0.1, MoveKind.LOUDER: 0.3, MoveKind.NOT_NOW: 0.5, MoveKind.ANSWER: 2.0}
    ),
)
