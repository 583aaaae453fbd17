"""The post, given the messengers of the channels this house has an account for."""

import httpx

from agent.model.clock import utc_now
from agent.model.contact import Channel
from agent.schedule.ports import Messenger
from agent.schedule.post import Post
from agent.store.ports import Store
from settings import Settings
from telephony.twilio import TwilioMessenger
from telephony.webhook import WebhookMessenger
from wiring.carriers import twilio_account


def messengers_for(settings: Settings, http: httpx.AsyncClient) -> dict[Channel, Messenger]:
    found: dict[Channel, Messenger] = {Channel.WEBHOOK: WebhookMessenger(http, settings.webhook_secret)}
    if settings.sms == "twilio":
        found[Channel.SMS] = TwilioMessenger(twilio_account(settings))
    return found


def post_for(store: Store, messengers: dict[Channel, Messenger]) -> Post:
    """A message to a channel without a messenger fails at once, for the coordinator to see."""
    return Post(store, messengers, utc_now)
