"""Which carrier calls: the one file that knows them all. Everybody else knows `Carrier`."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import FastAPI

from agent.model.clock import utc_now
from agent.schedule.ports import CarrierEvents, Dialler
from settings import Settings, SettingsError
from telephony.asterisk import AsteriskExchange, AsteriskSettings
from telephony.line import CallFactory, EarlyFactory
from telephony.twilio import TwilioDialler, TwilioSettings, media_router, router

OwnerOf = Callable[[str], Awaitable[str | None]]
"""carrier ref -> the attempt it is stored with, or None."""


class Carrier(Protocol):
    @property
    def dialler(self) -> Dialler: ...

    def can_dial(self) -> bool:
        """Whether a call made now would reach the carrier and come back to us."""
        ...

    def open(self, app: FastAPI, events: CarrierEvents, make_call: CallFactory, make_early: EarlyFactory) -> None:
        """From now on answered calls become `make_call`'s, and `events` is told; `make_early` listens to those that
        ring, where the carrier lets us."""
        ...

    async def close(self) -> None: ...


def carrier_for(settings: Settings, owner_of: OwnerOf) -> Carrier:
    """Raises SettingsError."""
    try:
        return _Asterisk(settings) if settings.carrier == "asterisk" else _Twilio(settings, owner_of)
    except ValueError as error:
        raise SettingsError(f"settings are not usable:\n  {settings.carrier}: {error}") from None


def twilio_account(settings: Settings) -> TwilioSettings:
    """Raises ValueError for an address that cannot be used."""
    account = settings.twilio
    return TwilioSettings(
        settings.public, account.account_sid, account.auth_token, account.from_number, account.base_url
    )


class _Twilio:
    """Comes to us: webhooks and a media stream on our own server."""

    def __init__(self, settings: Settings, owner_of: OwnerOf) -> None:
        self._settings = twilio_account(settings)
        self.dialler = TwilioDialler(self._settings, owner_of)

    def can_dial(self) -> bool:
        return True

    def open(self, app: FastAPI, events: CarrierEvents, make_call: CallFactory, make_early: EarlyFactory) -> None:
        app.include_router(router(self._settings, events, utc_now))
        app.include_router(media_router(self._settings, make_call, utc_now, self.dialler.transfer))

    async def close(self) -> None:
        await self.dialler.close()


class _Asterisk:
    """We go to it: no route of ours is open."""

    def __init__(self, settings: Settings) -> None:
        account = AsteriskSettings(**settings.asterisk.model_dump(), nurse_line=settings.nurse_line)
        self._exchange = AsteriskExchange(account)
        self.dialler = self._exchange.dialler

    def can_dial(self) -> bool:
        return self._exchange.up()

    def open(self, app: FastAPI, events: CarrierEvents, make_call: CallFactory, make_early: EarlyFactory) -> None:
        self._exchange.open(events, make_call, make_early)

    async def close(self) -> None:
        await self._exchange.close()
