"""The Twilio channel: dialler, webhooks and media stream."""

from telephony.twilio.dialler import TwilioDialler
from telephony.twilio.media_stream import media_router
from telephony.twilio.mms import MmsMedia
from telephony.twilio.settings import TwilioSettings
from telephony.twilio.sms import TwilioMessenger, sms_router
from telephony.twilio.webhooks import router

__all__ = ["MmsMedia", "TwilioDialler", "TwilioMessenger", "TwilioSettings", "media_router", "router", "sms_router"]
