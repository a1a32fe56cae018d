"""Signed envelopes, as DSSE 1.0 has them.

What is signed is not the payload alone but its type and length before it, so that no signature of
one kind of document passes for one of another.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vsm_gate.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
_HINT: Final = "`openssl genpkey -algorithm ed25519 -out key.pem` makes one"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key. `keyid` is the SHA-256 of its public key in DER (SubjectPublicKeyInfo)."""

    keyid: str
    sign: Callable[[bytes], bytes]

    @classmethod
    def load(cls, name: str, pem: bytes) -> Signer:
        """The key of a PEM file. Raises `UsageError` for what is no such key, never showing it."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives import serialization

        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except TypeError:
            raise UsageError(f"{name} is encrypted", hint="give a key without a password") from None
        except (ValueError, UnsupportedAlgorithm):
            raise UsageError(f"{name} is no private key in PEM", hint=_HINT) from None
        public = key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return cls(hashlib.sha256(public).hexdigest(), _signing(name, key))


def envelope(payload: bytes, signer: Signer) -> dict[str, Any]:
    """The payload in an envelope with one signature."""
    signature = signer.sign(preauthenticated(PAYLOAD_TYPE, payload))
    return {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode("ascii"),
        "signatures": [{"keyid": signer.keyid, "sig": base64.b64encode(signature).decode("ascii")}],
    }


def preauthenticated(kind: str, payload: bytes) -> bytes:
    """What is signed: `DSSEv1`, then the type and the payload, each behind its length in bytes."""
    name = kind.encode("utf-8")
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def _signing(name: str, key: PrivateKeyTypes) -> Callable[[bytes], bytes]:
    """Ed25519, or ECDSA on P-256 with SHA-256 or on P-384 with SHA-384."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign
    if isinstance(key, ec.EllipticCurvePrivateKey):
        digests: dict[str, hashes.HashAlgorithm] = {
            "secp256r1": hashes.SHA256(),
            "secp384r1": hashes.SHA384(),
        }
        digest, curve = digests.get(key.curve.name), key
        if digest is not None:
            algorithm = ec.ECDSA(digest)
            return lambda data: curve.sign(data, algorithm)
    raise UsageError(f"{name} is neither an Ed25519 nor an ECDSA key on P-256 or P-384", hint=_HINT)
