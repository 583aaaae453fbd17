"""Signatures, AES and XML of what the platform posts; written from the published scheme, apart from the library that
the product uses for the same, so that one proves the other.

"Message encryption and decryption": AES-256-CBC, key = base64(EncodingAESKey + "="), initial vector its first 16
bytes, text = random(16) + length(4, network order) + message + appid, PKCS#7 to blocks of 32."""

import base64
import hashlib
import secrets
import struct
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


def signature(*parts: str) -> str:
    """SHA-1 of the sorted parts: token, timestamp, nonce, and in safe mode the encrypted text."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


def encrypt(aes_key: str, app_id: str, message: str) -> str:
    words = message.encode()
    text = secrets.token_bytes(16) + struct.pack("!I", len(words)) + words + app_id.encode()
    padding = _BLOCK - len(text) % _BLOCK
    key = base64.b64decode(aes_key + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(text + bytes([padding]) * padding) + encryptor.finalize()).decode()


def to_xml(fields: Mapping[str, str | int]) -> str:
    """Numbers plain, words in CDATA, as the platform's examples have it."""
    inner = "".join(
        f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}><![CDATA[{_safe(value)}]]></{name}>"
        for name, value in fields.items()
    )
    return f"<xml>{inner}</xml>"


def _safe(words: str) -> str:
    return words.replace("]]>", "]]]]><![CDATA[>")
