"""TLS in front of the HL7 listener."""

import ssl
from pathlib import Path


def server_side(certificate: Path, key: Path | None, clients: Path | None) -> ssl.SSLContext:
    """TLS 1.2 and later with our certificate (PEM, its chain behind it; the key in the same file where none is named).
    With `clients`, authorities in PEM, only senders are heard that show a certificate of one of them. Raises OSError
    for files that are not there or not usable."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    if clients is not None:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
