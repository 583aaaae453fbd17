"""What the seeded patients say, and what was read from it."""

from dataclasses import dataclass

from agent.model.answer import AnswerType, Scalar
from agent.model.finding import Level, Status

Answered = tuple[str, AnswerType, Scalar, str | None]  # question, type, value, unit


@dataclass(frozen=True, slots=True)
class Said:
    """The robot's sentence, the patient's answer ("" hangs up), and what was read from the answer."""

    robot: str
    patient: str
    findings: tuple[tuple[str, str, str, Status, str], ...] = ()
    alarm: tuple[str, Level, str] | None = None
    answers: tuple[Answered, ...] = ()
    confidence: float = 0.9
    by_sound: bool = False
    farewell: str = "好的，情况我记下了，护士会看到。祝您早日康复，再见。"


YES, CHOICE, NUMBER = AnswerType.YES_NO, AnswerType.CHOICE, AnswerType.NUMBER
PRESSURE, SCALE, WORDS, DRUGS = AnswerType.BLOOD_PRESSURE, AnswerType.SCALE, AnswerType.FREE_TEXT, AnswerType.ADHERENCE
DENIED, PRESENT, UNSURE, PAST = Status.DENIED, Status.PRESENT, Status.UNCERTAIN, Status.PAST

_HELLO = "您好，这里是医院随访中心，给您做出院后的电话随访。请问您是{}本人吗？"


def _opening(name: str) -> Said:
    return Said(_HELLO.format(name), "对，我是")


BY_PATIENT: dict[int, tuple[Said, ...]] = {
    1: (
        _opening("王秀英"),
        Said(
            "这几天走路或者躺下的时候，有没有觉得气短？",
            "躺平了睡倒是不憋气，上楼有点喘",
            (
                ("orthopnea", "平卧憋气", "不憋气", DENIED, "前有“不”"),
                ("dyspnea", "活动后气短", "有点喘", PRESENT, "直接陈述"),
            ),
            answers=(("breath", CHOICE, "on_exertion", None),),
        ),
        Said(
            "脚踝或者小腿有没有肿？",
            "脚肿是消了，就是从昨天夜里开始心口疼，一阵一阵的，还出冷汗",
            (
                ("oedema", "脚肿", "脚肿", PAST, "已消退"),
                ("chest_pain", "胸痛", "心口疼", PRESENT, "直接陈述"),
                ("sweating", "出冷汗", "出冷汗", PRESENT, "直接陈述"),
            ),
            ("心口疼", Level.RED, "胸痛伴出冷汗，昨夜开始"),
            (("swelling", YES, False, None),),
            0.87,
        ),
        Said(
            "您刚才说心口疼，现在还疼吗？",
            "现在好一点了，一动还是疼",
            (("chest_pain", "胸痛", "还是疼", PRESENT, "直接陈述"),),
        ),
        Said(
            "请您先坐下休息，不要走动。我马上请护士给您回电话，如果疼得厉害请立刻拨打一二零。",
            "好，好，知道了",
            farewell="护士会尽快联系您，请保持电话畅通。",
        ),
    ),
    2: (
        _opening("李国强"),
        Said(
            "两种抗血小板的药，每天都按时吃了吗？",
            "都吃着呢，一天没落下",
            answers=(("medicine", DRUGS, "as_prescribed", None),),
        ),
        Said(
            "有没有牙龈出血、皮肤瘀斑或者大便发黑？",
            "大便没发黑，就是刷牙老出血，胳膊上青了两块",
            (
                ("melena", "黑便", "发黑", DENIED, "前有“没”"),
                ("gum_bleeding", "牙龈出血", "刷牙老出血", PRESENT, "直接陈述"),
                ("bruise", "皮肤瘀斑", "青了两块", PRESENT, "直接陈述"),
            ),
            ("刷牙老出血", Level.YELLOW, "服双联抗血小板药期间牙龈出血、瘀斑"),
            (("bleeding", YES, True, None),),
        ),
        Said(
            "今天量血压了吗？是多少？",
            "早上量的，一百三十六八十二",
            answers=(("pressure", PRESSURE, "136/82", "mmHg"),),
        ),
        Said("心率是多少？", "七十二", answers=(("pulse", NUMBER, 72, "次/分"),)),
    ),
    3: (
        _opening("张桂兰"),
        Said("今天早上称体重了吗？", "称了，六十一公斤二", answers=(("weight", NUMBER, 61.2, "kg"),)),
        Said(
            "比三天前重了吗？",
            "那是重了，三天前才五十八公斤八，裤腰都紧了",
            (("weight_gain", "体重增加", "重了", PRESENT, "直接陈述"),),
            ("三天前才五十八公斤八", Level.YELLOW, "三天体重增加 2.4 公斤，超过 2 公斤"),
        ),
        Said("今天的血压是多少？", "高压一百五十二，低压八十八", answers=(("pressure", PRESSURE, "152/88", "mmHg"),)),
        Said("心率呢？", "一分钟八十八下", answers=(("pulse", NUMBER, 88, "次/分"),)),
        Said("利尿药是每天吃吗？", "有两天忘了吃", answers=(("medicine", DRUGS, "missed_some", None),)),
    ),
    4: (
        _opening("陈志明"),
        Said(
            "这几天量体温了吗？最高多少度？",
            "昨天晚上三十八度七，吃了退烧药",
            (("fever", "发热", "三十八度七", PRESENT, "数值超过 38.5"),),
            answers=(("temperature", NUMBER, 38.7, "℃"),),
        ),
        Said(
            "伤口怎么样？有没有红肿、渗液？",
            "伤口边上红了一片，纱布揭开有黄水，一股味儿",
            (
                ("wound_redness", "伤口红肿", "红了一片", PRESENT, "直接陈述"),
                ("wound_discharge", "伤口渗液", "有黄水", PRESENT, "直接陈述"),
            ),
            ("有黄水，一股味儿", Level.RED, "术后第 7 天高热，伤口红肿渗液"),
            (("wound", CHOICE, "discharge", None),),
            0.82,
        ),
        Said("疼得厉害吗？零到十分，您打几分？", "六七分吧", answers=(("pain", SCALE, 6, None),)),
    ),
    5: (
        _opening("刘淑珍"),
        Said("这两天吃东西怎么样？", "能吃点粥", answers=(("appetite", WORDS, "能吃点粥", None),)),
        Said("伤口还疼吗？", "还行，就是", confidence=0.41),
    ),
    6: (
        _opening("赵建华"),
        Said(
            "阿司匹林和替格瑞洛每天都吃吗？",
            "我这药到底要吃多久，你让大夫给我说",
            alarm=("你让大夫给我说", Level.YELLOW, "要求医生解答停药时间"),
        ),
        Said("好的，我会请医生或护士给您回电话。", ""),
    ),
    7: (
        _opening("孙玉梅"),
        Said(
            "伤口恢复得怎么样？",
            "长好了，不红不疼",
            (("wound_redness", "伤口红肿", "不红", DENIED, "前有“不”"),),
            answers=(("wound", CHOICE, "healed", None),),
        ),
        Said("体温正常吗？", "三十六度五", answers=(("temperature", NUMBER, 36.5, "℃"),)),
        Said("疼痛零到十分，您打几分？", "一分都没有，零分", answers=(("pain", SCALE, 0, None),)),
    ),
    9: (_opening("吴美玲"), Said("说话声音有没有变哑？", "")),
    10: (
        _opening("郑海涛"),
        Said(
            "夜里睡觉能平躺吗？",
            "半夜憋醒了两回，坐起来才好",
            (("pnd", "夜间憋醒", "憋醒", PRESENT, "直接陈述"),),
            ("半夜憋醒", Level.RED, "夜间阵发性呼吸困难"),
        ),
        Said("今天的血压是多少？", "一百一十八七十", answers=(("pressure", PRESSURE, "118/70", "mmHg"),)),
    ),
    11: (
        _opening("何丽华"),
        Said(
            "最近有没有胸口不舒服？",
            "就是兄通，左边，也说不好",
            (("chest_pain", "胸痛", "兄通", UNSURE, "按读音接近“胸痛”，患者语气不确定"),),
            ("兄通", Level.YELLOW, "疑似胸痛（读音相近），未能确认"),
            confidence=0.56,
            by_sound=True,
        ),
        Said("您是说胸口疼吗？", "啊？听不清，你大点声", confidence=0.48),
        Said("血压是多少？", "一百四十六九十二", answers=(("pressure", PRESSURE, "146/92", "mmHg"),)),
    ),
}


def _vitals(
    pressure: str, pulse: int, weight: float | None = None
) -> tuple[tuple[str, AnswerType, Scalar, str, str | None], ...]:
    rows: list[tuple[str, AnswerType, Scalar, str, str | None]] = [
        ("pressure", PRESSURE, pressure, pressure.replace("/", "，"), "mmHg"),
        ("pulse", NUMBER, pulse, str(pulse), "次/分"),
        ("medicine", DRUGS, "as_prescribed", "都吃了", None),
    ]
    if weight is not None:
        rows.append(("weight", NUMBER, weight, str(weight), "kg"))
    return tuple(rows)


PAST_READINGS: dict[tuple[int, int], tuple[tuple[str, AnswerType, Scalar, str, str | None], ...]] = {
    (1, 3): _vitals("128/76", 78, 54.5),
    (2, 3): _vitals("142/86", 76),
    (3, 3): _vitals("134/80", 80, 58.2),
    (3, 7): _vitals("138/82", 84, 58.8),
    (6, 3): _vitals("126/78", 70),
    (6, 7): _vitals("130/80", 68),
    (10, 3): _vitals("122/74", 82, 70.1),
    (10, 7): _vitals("120/72", 80, 69.6),
    (10, 14): _vitals("116/70", 79, 69.9),
    (4, 3): (("temperature", NUMBER, 37.1, "三十七度一", "℃"), ("pain", SCALE, 4, "四分", None)),
    (7, 3): (("temperature", NUMBER, 37.2, "三十七度二", "℃"), ("pain", SCALE, 4, "四分", None)),
    (7, 7): (("temperature", NUMBER, 36.7, "三十六度七", "℃"), ("pain", SCALE, 2, "两分", None)),
}
