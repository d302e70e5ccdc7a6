"""The key that signs what machines read (Ed25519, RFC 8032), and the codes a reader sends back."""

import base64
import hashlib
import hmac
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's thirty-two: no letter that is taken for a digit or makes a word one would not write."""


class KeySigner:
    """Signs with a key derived from the installation's ``secret`` (the master key), so there is one secret to keep."""

    def __init__(self, secret: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"timglas signing" + secret).digest())
        self._codes = hashlib.sha256(b"timglas reply codes" + secret).digest()

    @property
    def public_key(self) -> str:
        """What a receiver checks our signatures with, in base64; it is no secret."""
        return _text(self._key.public_key().public_bytes_raw())

    def sign(self, content: bytes) -> str:
        """Return the detached signature of ``content``, in base64; the same content has the same one."""
        return _text(self._key.sign(content))

    def is_signed(self, content: bytes, signature: str, public_key: str) -> bool:
        """Tell whether ``signature`` is of exactly ``content``, made by the owner of ``public_key``."""
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
            key.verify(base64.b64decode(signature, validate=True), content)
        except (InvalidSignature, ValueError, NotBase64):
            return False
        return True

    def reply_code(self, subject: str) -> str:
        """Return the code that proves that somebody read what was sent about ``subject``; the same every time."""
        number = int.from_bytes(hmac.digest(self._codes, subject.encode(), "sha256")[:5])
        signs = "".join(_SIGNS[(number >> 5 * place) & 31] for place in range(8))
        return f"{signs[:4]}-{signs[4:]}"


def _text(octets: bytes) -> str:
    return base64.b64encode(octets).decode()
