"""The post, given the messengers of the channels this house has an account for."""

import httpx

from agent.model.clock import utc_now
from agent.model.contact import Channel
from agent.schedule.ports import Messenger
from agent.schedule.post import Post
from agent.store.ports import Store
from settings import Settings
from telephony.webhook import WebhookMessenger
from wiring.sms import sms_messenger


def messengers_for(settings: Settings, http: httpx.AsyncClient) -> dict[Channel, Messenger]:
    found: dict[Channel, Messenger] = {Channel.WEBHOOK: WebhookMessenger(http, settings.webhook_secret)}
    sms = sms_messenger(settings, http)
    return found if sms is None else {**found, Channel.SMS: sms}


def post_for(store: Store, messengers: dict[Channel, Messenger]) -> Post:
    """A message to a channel without a messenger fails at once, for the coordinator to see."""
    return Post(store, messengers, utc_now)
