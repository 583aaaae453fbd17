"""What a person changes about a patient: the record, the tier, consent, one more contact, a message."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from agent.model.contact import Channel, Contact, ContactStatus
from agent.model.message import Message, MessageKind
from agent.model.people import PlanStatus, Tier
from agent.model.record import Role, User
from agent.model.wechat import BindingRole, WechatBinding
from dashboard import times
from tests.fakes import seed
from tests.unit.dashboard.conftest import START, Browser, Ward

Words = Callable[[str], str]
WHO = "/patients/p0003"


async def said(browser: Browser, path: str, **form: str) -> str:
    answer = await browser.post(f"{WHO}/{path}", **form)
    return answer.headers["location"].removeprefix(f"{WHO}?said=")


async def written(ward: Ward) -> Sequence[Message]:
    async with ward.store.transaction(write=False) as records:
        return await records.messages(patient_id="p0003")


async def contacts(ward: Ward) -> Sequence[Contact]:
    async with ward.store.transaction(write=False) as records:
        return await records.contacts(patient_id="p0003")


async def test_the_record_is_corrected_and_the_event_names_fields_only(
    ward: Ward, nurse: Browser, text_of: Words
) -> None:
    form = {"phone": "13900102233", "caregiver_name": "张强", "caregiver_phone": "139 0010 4455", "tags": "独居 听力差"}
    assert await said(nurse, "record", **form) == "saved"
    assert await said(nurse, "record", **form) == "same"
    assert await said(nurse, "record", **form | {"caregiver_phone": "12"}) == "phone_length"
    page = text_of((await nurse.get(WHO)).text)
    assert "独居" in page and "听力差" in page and "张强 139 **** 4455" in page
    async with ward.store.transaction(write=False) as records:
        (event,) = await records.events("patient", "p0003")
    assert event.reason == "phone,caregiver_name,caregiver_phone,tags"


async def test_consent_is_noted_and_what_it_stops_comes_back(ward: Ward, nurse: Browser, text_of: Words) -> None:
    assert "没有同意，短信里只有链接和通知" in text_of((await nurse.get(WHO)).text)
    assert await said(nurse, "consent", what="text") == "saved"
    assert "患者同意" in text_of((await nurse.get(WHO)).text)
    assert await said(nurse, "consent", what="stop") == "stopped"
    assert {each.status for each in await contacts(ward) if each.due_at > START} == {ContactStatus.DECLINED}
    assert "患者要求不再联系" in text_of((await nurse.get(WHO)).text)
    assert await said(nurse, "contacts", plan="plan0003", day="2026-12-01", why="复查") == "not_added"
    assert await said(nurse, "consent", what="resume") == "resumed"
    assert {each.status for each in await contacts(ward) if each.due_at > START} == {ContactStatus.DUE}
    assert (await nurse.post(f"{WHO}/consent", what="sing")).status_code == 400


async def test_one_more_contact_with_its_reason(ward: Ward, nurse: Browser, text_of: Words) -> None:
    before = {each.id for each in await contacts(ward)}
    day = times.day_of(START) + timedelta(days=2)
    assert await said(nurse, "contacts", plan="plan0003", day=day.isoformat(), why="换药后看反应") == "added"
    (made,) = [each for each in await contacts(ward) if each.id not in before]
    assert (times.day_of(made.due_at), made.status, made.node_day) == (day, ContactStatus.DUE, 16)
    assert "换药后看反应" in (await nurse.get(WHO)).text
    assert (await nurse.post(f"{WHO}/contacts", plan="plan0001", day="2026-12-01", why="x")).status_code == 404
    async with ward.store.transaction() as records:
        await records.save_plan(replace(await records.plan("plan0003"), status=PlanStatus.CANCELLED))
    assert await said(nurse, "contacts", plan="plan0003", day="2026-12-01", why="x") == "not_added"


async def test_another_tier_from_the_patients_page(ward: Ward, nurse: Browser) -> None:
    assert await said(nurse, "tier", tier="low") == "saved"
    async with ward.store.transaction(write=False) as records:
        assert (await records.patient("p0003")).tier is Tier.LOW
    assert (await nurse.post(f"{WHO}/tier", tier="royal")).status_code == 400


async def test_an_sms_holds_approved_sentences_until_the_patient_agrees(ward: Ward, nurse: Browser) -> None:
    own = {"channel": "sms", "template": "", "words": "化验结果请看"}
    assert await said(nurse, "messages", **own) == "templates_only"
    assert await said(nurse, "messages", channel="sms", template="please_call") == "written"
    await said(nurse, "consent", what="text")
    assert await said(nurse, "messages", **own) == "written"
    assert await said(nurse, "messages", channel="sms", template="invitation") == "written"
    first, second, third = await written(ward)
    assert (first.kind, first.text) == (MessageKind.BY_HAND, "请回电")
    assert (second.text, second.to) == ("化验结果请看", "+8613300101111")
    assert (third.kind, third.contact_id) == (MessageKind.LINK, "c0003-30")
    await said(nurse, "consent", what="stop")
    assert await said(nurse, "messages", channel="sms", template="please_call") == "no_way"


async def test_a_caregivers_wechat_gets_no_words_of_ones_own(ward: Ward, nurse: Browser) -> None:
    assert await said(nurse, "messages", channel="wechat", template="please_call") == "no_way"
    binding = WechatBinding("b1", "openid1", "p0003", BindingRole.CAREGIVER, START, consent="patient_code")
    async with ward.store.transaction() as records:
        await records.add_wechat_binding(binding)
    assert await said(nurse, "messages", channel="wechat", template="", words="您好") == "templates_only"
    async with ward.store.transaction() as records:
        await records.add_wechat_binding(replace(binding, id="b2", openid="openid2", role=BindingRole.SELF, consent=""))
    assert await said(nurse, "messages", channel="wechat", template="", words="您好") == "written"
    (message,) = await written(ward)
    assert (message.channel, message.to, message.text) == (Channel.WECHAT, "openid2", "您好")


async def test_who_may_not_arrange_sees_no_forms(ward: Ward) -> None:
    auditor = await ward.nurse("audit")
    assert f"{WHO}/record" not in (await auditor.get(WHO)).text
    async with ward.store.transaction() as records:
        await records.add_user(User("bones", "骨科护士", Role.NURSE, seed.HASHED, department="骨科"))
    stranger = await ward.nurse("bones")
    for path, form in (("record", {"phone": "13900102233"}), ("tier", {"tier": "low"}), ("consent", {"what": "stop"}),
                       ("messages", {"channel": "sms", "template": "please_call"})):  # fmt: skip
        assert (await auditor.post(f"{WHO}/{path}", **form)).status_code == 403
        assert (await stranger.post(f"{WHO}/{path}", **form)).status_code == 404


async def test_of_many_messages_the_newest_are_shown_first(ward: Ward, nurse: Browser) -> None:
    async with ward.store.transaction() as records:
        for number in range(40):
            at = START + timedelta(minutes=number)
            words = f"第{number:02}号通知"
            await records.add_message(
                Message(f"m{number:02}", Channel.SMS, "+8613900000001", MessageKind.NOTICE, words, at, "p0003")
            )
    page = (await nurse.get(WHO)).text
    assert 0 < page.index("第39号通知") < page.index("第38号通知") < page.index("第10号通知")
    assert "第09号通知" not in page
