"""The web chat: a page on the patient's own phone, opened by a signed link."""

from telephony.webchat.routes import webchat_router

__all__ = ["webchat_router"]
