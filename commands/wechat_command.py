"""`./suifang wechat`: try the official account, put up its menu, make a patient's binding code."""

import argparse
import asyncio
import sys
from datetime import timedelta

import httpx

from agent.model.clock import utc_now
from agent.model.record import Event
from agent.model.wechat import BindingRole
from agent.store.open import open_store
from agent.store.ports import StoreError
from agent.wechat import content
from agent.wechat.codes import Invited
from commands.call_command import CannotCall, found_one
from folders import NLU_DATA
from machine.wechat_account import account_of
from settings import Settings, SettingsError, load
from telephony.wechat.api import WechatApi
from telephony.wechat.failures import WechatDown, WechatRefused
from wiring.wechat import codes_of


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", required=True, metavar="check|menu|code")
    actions.add_parser("check", help="whether WeChat takes our app id and secret")
    actions.add_parser("menu", help="put up the menu of nlu_data/chat/wechat.yml")
    code = actions.add_parser("code", help="a QR code that binds whoever scans it to a patient")
    code.add_argument("patient", help="the patient's name, part of the phone number, or an id")
    code.add_argument("--days", type=int, default=7, choices=range(1, 31), metavar="1..30")
    code.add_argument("--caregiver-agreed-by", metavar="USER", help="for a caregiver: who noted the patient's consent")


def run(args: argparse.Namespace) -> int:
    try:
        settings = load()
        if account_of(settings) is None:
            raise SettingsError("no account: set SUIFANG_WECHAT_APP_ID and what docs/howto/connect-wechat.md names")
        print(asyncio.run(_run(args, settings)))
    except (SettingsError, StoreError, CannotCall) as error:
        print(f"suifang wechat: {error}", file=sys.stderr)
        return 1
    except (WechatRefused, WechatDown) as error:
        print(f"suifang wechat: WeChat says {error}; see the table in docs/howto/connect-wechat.md", file=sys.stderr)
        return 1
    return 0


async def _run(args: argparse.Namespace, settings: Settings) -> str:
    account = account_of(settings)
    assert account is not None
    async with httpx.AsyncClient() as http:
        api = WechatApi(account, http, utc_now)
        if args.action == "check":
            await api.check()
            return "WeChat takes our app id and secret"
        if args.action == "menu":
            await api.create_menu(dict(content.load(NLU_DATA, drafts=True).menu))
            return "the menu is up; telephones show it within five minutes"
        return await _code(args, settings, api)


async def _code(args: argparse.Namespace, settings: Settings, api: WechatApi) -> str:
    """Where the picture is; the consent to a caregiver is on record before the code exists."""
    user, lasts, now = args.caregiver_agreed_by, timedelta(days=args.days), utc_now()
    store = await open_store(settings.database)
    try:
        async with store.transaction() as records:
            patient = await found_one(records, args.patient.strip())
            if user:
                await records.add_event(Event("patient", patient.id, None, "caregiver_agreed", now, user))
    finally:
        await store.close()
    invited = Invited(patient.id, BindingRole.CAREGIVER, "staff") if user else Invited(patient.id, BindingRole.SELF)
    return await api.create_code(codes_of(settings).issue(invited, now + lasts), lasts)
