"""The Chinese words of stored values, as nurses read them."""

from agent.by_hand import call_back
from agent.by_hand import plan as plan_by_hand
from agent.model.contact import AttemptOutcome, Channel, ContactStatus
from agent.model.escalation import Disposition, EscalationKind, EscalationStatus
from agent.model.finding import Level, Status
from agent.model.message import MessageKind, MessageStatus
from agent.model.people import PlanStatus, Tier
from agent.model.record import Role
from agent.model.step import TransferState
from dashboard.signon.errors import Reason

LEVELS = {Level.RED: "紧急", Level.YELLOW: "今日", Level.NONE: "无"}

KINDS = {
    EscalationKind.RED_FLAG: "危险信号",
    EscalationKind.THRESHOLD: "数值越限",
    EscalationKind.TECHNICAL: "系统未完成",
    EscalationKind.UNANSWERED_QUESTION: "问题未答",
    EscalationKind.REQUEST: "要求人工",
    EscalationKind.UNCLEAR: "未能确认",
}

ESCALATION_STATUS = {
    EscalationStatus.OPEN: "待接手",
    EscalationStatus.TAKEN: "处理中",
    EscalationStatus.SNOOZED: "暂缓中",
    EscalationStatus.RESOLVED: "已处理",
}

DISPOSITIONS = {
    Disposition.ADVISED: "已电话指导",
    Disposition.CALLED_BACK: "已回拨，情况平稳",
    Disposition.REFERRED: "已转诊或约复诊",
    Disposition.EMERGENCY_CALLED: "已呼叫急救",
    Disposition.COULD_NOT_REACH: "未联系上",
    Disposition.FALSE_ALARM: "误报",
}
"""What a nurse may say was done."""

OUTCOMES_OF_CARDS = DISPOSITIONS | {Disposition.JOINED: "并入同一句话的预警"}

CONTACT_STATUS = {
    ContactStatus.DUE: "待随访",
    ContactStatus.IN_PROGRESS: "进行中",
    ContactStatus.COMPLETED: "已完成",
    ContactStatus.PARTIAL: "部分完成",
    ContactStatus.UNREACHABLE: "未联系上",
    ContactStatus.DECLINED: "已拒绝",
    ContactStatus.WAIVED: "已免除",
}

OUTCOMES = {
    AttemptOutcome.INTENDED: "准备拨出",
    AttemptOutcome.DIALLED: "呼叫中",
    AttemptOutcome.ANSWERED: "通话中",
    AttemptOutcome.COMPLETED: "问卷完成",
    AttemptOutcome.HUNG_UP: "中途挂断",
    AttemptOutcome.DECLINED: "患者拒绝",
    AttemptOutcome.WRONG_PERSON: "非本人",
    AttemptOutcome.POSTPONED: "改期",
    AttemptOutcome.NO_ANSWER: "无人接听",
    AttemptOutcome.BUSY: "占线",
    AttemptOutcome.POWERED_OFF: "关机",
    AttemptOutcome.OUT_OF_REACH: "无法接通",
    AttemptOutcome.SUSPENDED: "停机",
    AttemptOutcome.RESTRICTED: "呼入限制",
    AttemptOutcome.NO_SUCH_NUMBER: "空号",
    AttemptOutcome.CALL_ASSISTANT: "智能助理代接",
    AttemptOutcome.VOICEMAIL: "语音信箱",
    AttemptOutcome.TRANSFERRED: "已转接护士",
    AttemptOutcome.FAILED: "拨号失败",
    AttemptOutcome.TECHNICAL: "系统故障",
    AttemptOutcome.LINK_SENT: "已发链接",
    AttemptOutcome.RED_FLAG: "发现危险，转护士",
}

TRUNKS = {"twilio": "Twilio", "asterisk": "院内交换机"}

_TRUNK_REASONS = {
    "carrier_down": "运营商没有响应", "rate_limited": "运营商限速", "unauthorised": "账号被拒绝",
    "rejected": "呼叫被拒绝", "bad_number": "所有号码都被当作错号", "failed": "呼叫失败",
}  # fmt: skip


def trunk_reason(reason: str | None) -> str:
    """Why a trunk is not used, for a coordinator."""
    if reason is not None and reason.startswith("sip_"):
        return f"网络回答 {reason.removeprefix('sip_')}"
    return _TRUNK_REASONS.get(reason or "", "原因不明")


TRANSFERS = {
    TransferState.RINGING: "正在转接护士",
    TransferState.TAKEN: "已转接，护士已接听",
    TransferState.NOT_TAKEN: "转接无人接听，已承诺回电",
    TransferState.LEFT: "转接时患者挂断",
}

CHANNELS = {
    Channel.PHONE: "电话",
    Channel.SMS: "短信",
    Channel.WECHAT: "微信",
    Channel.WEBCHAT: "网页",
    Channel.TERMINAL: "终端",
    Channel.WEBHOOK: "院内系统",
}

FINDING_STATUS = {
    Status.PRESENT: "有",
    Status.DENIED: "否认",
    Status.UNCERTAIN: "不确定",
    Status.PAST: "既往",
    Status.HYPOTHETICAL: "假设",
    Status.OTHER_PERSON: "他人",
    Status.NOT_ASSERTED: "未确认",
}

MOVES = {
    "answer": "回答", "affirm": "肯定", "deny": "否定", "correct": "更正", "faq": "提问", "repeat": "请重复",
    "slower": "请慢点", "louder": "请大声", "wait": "请稍等", "not_now": "现在不方便", "wrong_person": "打错了",
    "number_changed": "换号", "caregiver": "家属", "deceased": "去世", "refuse": "拒绝", "opt_out": "不再联系",
    "want_human": "要人工", "abuse": "骂人", "suspect_fraud": "怀疑诈骗", "greet": "问好", "thanks": "道谢",
    "goodbye": "道别", "foreign": "听不懂的话", "nonsense": "没听懂", "silence": "没有出声", "hangup": "挂断",
    "start": "开始", "take_over": "护士接管",
}  # fmt: skip

TIERS = {Tier.HIGH: "高危", Tier.MIDDLE: "中危", Tier.LOW: "低危"}
SEXES = {"male": "男", "female": "女"}
PLAN_STATUS = {PlanStatus.ACTIVE: "进行中", PlanStatus.CANCELLED: "已取消", PlanStatus.FINISHED: "已结束"}

ROLES = {
    Role.NURSE: "护士",
    Role.COORDINATOR: "随访协调员",
    Role.CLINICIAN: "临床医师",
    Role.DOCTOR: "值班医生",
    Role.ADMIN: "管理员",
    Role.AUDITOR: "审计员",
}

UNCONFIRMED = "未核对"  # read back, and the patient left before saying that it is so
UPPER_PRESSURE, LOWER_PRESSURE = "高压", "低压"

ADHERENCE = {"as_prescribed": "按医嘱服用", "missed_some": "有漏服", "stopped": "已停药"}

REASONS = {
    "daily_cap": "今天已联系多次，改到下一天",
    "campaign": "一次性随访名单开始",
    "campaign_paused": "名单暂停",
    "campaign_stopped": "名单已停止",
    "best_hour": "等到患者通常接电话的时间",
    "warm_up": "已发短信预告，稍后拨打",
    "not_ready": "语音没有及时准备好，稍后再拨",
    "number_unknown_on_unproven_trunk": "线路可能有问题，稍后再拨",
    "number_in_doubt": "号码待核对，核对以后再打",
    "weekly_cap": "一周内已联系多次，顺延",
    "imported_late": "导入时已过期",
    "readmitted": "再次出院，按新计划随访",
    "education_only": "低风险，只发健康宣教",
    "education_queued": "低风险，健康宣教已安排发送",
    "discharge_cancelled": "出院已撤销",
    "discharge_cancelled_ended": "出院已撤销，后来恢复",
    "admission_cancelled": "入院登记已撤销",
    "in_hospital": "又住院了，住院期间不随访",
    "deceased_ended": "误报去世，后来恢复",
    "in_hospital_ended": "住院期间不随访，后来恢复",
    "tier_changed": "分层改变，按新分层随访",
    "after_red": "红色预警后加访",
    "false_alarm": "预警为误报，加访已取消",
    "readings": "读数连续没有达标，提前随访",
    "never_placed": "电话没有拨出",
    "rate_limited": "运营商限速，稍后再拨",
    "unauthorised": "运营商不接受账号，请信息科核对",
    "rejected": "运营商拒绝了呼叫，请信息科查看线路",
    "deceased": "患者已去世",
    "opt_out": "患者要求不再联系",
    "refused": "患者拒绝本次随访",
    "abuse": "通话中辱骂，结束通话",
    "goodbye": "患者提前告别",
    "foreign": "语言不通",
    "silence": "接通后无人应答",
    "not_understood": "多次未听懂",
    "identity_failed": "身份未能核对",
    "patient_away": "患者不在，改时间再打",
    "number_changed": "号码已不是本人",
    "recogniser_down": "语音识别故障",
    "voice_down": "语音播报故障",
    "not_heard": "多次没有听清",
    "take_over": "护士接管时没有接通",
    "recall": "护士安排再次随访",
    "called_by_hand": "人工提前拨打",
    "again_by_hand": "人工安排再拨一次",
    "dialogue_down": "对话服务故障",
}
"""Why a contact stands as it does, besides the words of its attempts."""
NO_WORD = "其他原因"
HOUSE_REASONS = frozenset((*REASONS.values(), *OUTCOMES.values(), *TRANSFERS.values(), NO_WORD))
"""Reasons of a contact in the house's words; all others somebody wrote."""


def reason_word(reason: str | None) -> str:
    """A contact's stored reason in Chinese; an attempt's word is reused, an unknown word is shown as 其他原因."""
    if not reason:
        return ""
    if reason in frozenset(TransferState):
        return TRANSFERS[TransferState(reason)]
    if reason in REASONS:
        return REASONS[reason]
    try:
        return OUTCOMES[AttemptOutcome(reason)]
    except ValueError:
        return reason if any("一" <= char <= "鿿" for char in reason) else NO_WORD


ARRANGED = {
    "called": "已排到最前，接着由机器人拨打（不在外呼时段则在开始时拨打）。",
    "nobody": "没有待进行的随访，机器人不会拨打。",
    "saved": "已保存。",
    "refused": "没有保存：这次随访已经开始、结束或刚被修改，请刷新后查看。",
    "same": "没有改动。",
    "replanned": "已保存，后面的随访按新的分层重新安排。",
    "stopped": "已记录：不再联系这位患者，后面的随访都已取消。",
    "resumed": "已恢复联系，后面的随访照常进行。",
    "added": "已加一次随访。",
    "not_added": "没有加：日期已过，或这位患者不再联系。",
    "written": "消息已写好，马上发出（夜间会等到外呼时段）。",
    "no_way": "没有发送：这个渠道联系不到这位患者，或患者不愿再联系。",
    "no_contact": "没有发送：没有待进行的随访，链接没有内容可答。",
    "templates_only": "没有发送：这里只能用模板。患者同意用短信谈健康情况以后，才能写自己的话。",
    "namesake": "没有保存：系统里已有姓名和电话都相同的患者，请先核对是不是同一个人。",
    "phone_length": "没有保存：手机号应为 11 位，请核对号码。",
    "phone_invalid": "没有保存：不是有效的电话号码，请核对；座机要带区号。",
    "phone_area_code": "没有保存：座机缺少区号，请在号码前加区号。",
    "phone_characters": "没有保存：号码里有数字以外的内容，只填一个号码。",
    "phone_service": "没有保存：这是服务热线，不是患者的号码。",
}
WAIVE_REASONS = ("已再次住院", "患者要求不再随访", "改由其他科室随访", "联系方式有误")
MOVE_REASONS = ("患者要求改期", "正在住院或复诊", "等检查结果", "科室安排")
BY_HAND = {
    plan_by_hand.MOVED: "改期到", plan_by_hand.AGAIN: "安排再随访一轮", plan_by_hand.WAIVED: "免除",
    plan_by_hand.ADDED: "加一次随访", call_back.REASON: "要求现在拨打",
}  # fmt: skip
MESSAGE_KINDS = {
    MessageKind.CHAT: "对话", MessageKind.LINK: "问卷链接", MessageKind.WARM_UP: "来电提醒",
    MessageKind.REMINDER: "未完成提醒", MessageKind.EDUCATION: "健康教育", MessageKind.NOTICE: "通知",
    MessageKind.TREND: "读数曲线图", MessageKind.PICTURE: "健康教育图片", MessageKind.STAFF: "院内",
    MessageKind.BY_HAND: "人工发送",
}  # fmt: skip
MESSAGE_STATUS = {
    MessageStatus.QUEUED: "待发送", MessageStatus.SENDING: "发送中", MessageStatus.SENT: "已发送",
    MessageStatus.DELIVERED: "已送达", MessageStatus.READ: "已读", MessageStatus.FAILED: "未送达",
}  # fmt: skip
MESSAGE_FAILURES = {
    "bad_address": "号码或账号不对", "no_template": "没有审核通过的模板", "provider_down": "短信或微信平台不通",
    "rate_limited": "平台限流", "unauthorised": "平台拒绝登录", "rejected": "平台拒绝", "opted_out": "患者已退订",
    "window_closed": "超过微信 48 小时", "no_messenger": "没有开通这个渠道", "unsigned": "话术还没有签发",
    "deceased": "患者已去世",
    "interrupted": "发送中断，没有重发", "never_sent": "没有发出", "undelivered": "运营商未送达", "": "没有原因",
}  # fmt: skip
SNOOZE_REASONS = ("患者要求稍后联系", "等家属回电", "等医生意见", "患者正在就诊")
FAQ_SAID = {
    "faq_proposed": "已记下。临床人员签发并训练以后，机器人才会这样回答。",
    "faq_incomplete": "没有记下：至少写三种问法，回答不超过 75 字。",
    "faq_dropped": "已撤下。",
}
SIGN_ON = {
    Reason.UNREACHABLE: "统一登录暂时连不上。请先用用户名和密码登录；若持续出现，请联系信息科。",
    Reason.REFUSED: "统一登录没有放行。请再试一次；仍不行，请信息科检查您在统一登录里的权限。",
    Reason.EXPIRED: "这次登录已过期或已经用过。请从这里重新点一次统一登录。",
    Reason.UNTRUSTED: "统一登录的回答没有通过核对，没有登录。请再试一次；若持续出现，请联系信息科。",
    Reason.NO_NAME: "统一登录没有给出可用的登录名。请信息科检查登录名的设置。",
    Reason.NO_ROLE: "您的统一登录账号没有随访工作台的角色。请信息科在统一登录里分配后再试。",
    Reason.NO_DEPARTMENT: "您的统一登录账号没有可用的科室。请信息科在统一登录里填好后再试。",
    Reason.NO_ACCOUNT: "还没有为您准备账号。请管理员在“用户”页填上您的统一登录名后再试。",
    Reason.NAME_TAKEN: "您的登录名在这里已有账号。请管理员在“用户”页给它填上您的统一登录名后再试。",
    Reason.DISABLED: "这个账号已停用，请联系管理员。",
    Reason.TOO_OFTEN: "失败次数过多，请 10 分钟后再试。",
}
