"""The channel to a hospital's own Asterisk: REST (ARI), its event socket, and media over chan_websocket."""

from telephony.asterisk.exchange import AsteriskExchange
from telephony.asterisk.settings import AsteriskSettings

__all__ = ["AsteriskExchange", "AsteriskSettings"]
