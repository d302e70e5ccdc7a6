"""Time stamps after RFC 3161: asked for over HTTP, and checked against the roots of the authority that we trust."""

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path

import httpx
from cryptography.x509 import Certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from models.errors import N_, RefusedPostError, TransientPostError
from models.stamp import Stamped

_SECONDS = 10.0
"""How long an authority may take; a sweep has other things to do."""
_ASKS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class Rfc3161Stamper:
    """The authority at ``url``, whose certificates lead to one of ``roots``."""

    def __init__(self, url: str, roots: Sequence[Certificate]) -> None:
        self._url, self._roots = url, roots

    async def stamp(self, statement: bytes) -> Stamped:
        """Have ``statement`` stamped: only its digest leaves us.

        Raises TransientPostError if the authority does not answer, RefusedPostError for a stamp that does not hold.
        """
        asked = TimestampRequestBuilder().data(statement).hash_algorithm(HashAlgorithm.SHA256)
        request = asked.nonce(nonce=True).cert_request(cert_request=True).build()
        try:
            async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
                reply = await client.post(self._url, content=request.as_bytes(), headers=_ASKS)
        except httpx.HTTPError as fault:
            raise _silent(type(fault).__name__) from fault
        if reply.status_code != HTTPStatus.OK:
            raise _silent(str(reply.status_code))
        said = stamp_fault(reply.content, statement, self._roots, nonce=request.nonce)
        if said is not None:
            raise RefusedPostError(
                N_("The time stamp does not hold."),
                why=N_("The check says: {fault}"),
                remedy=N_("Check the address of the authority and its root certificate in the settings."),
                fault=said,
            )
        return Stamped(answer=reply.content, at=decode_timestamp_response(reply.content).tst_info.gen_time)


def read_roots(file: Path) -> list[Certificate]:
    """Return the certificates in a PEM file. Raises ValueError, or OSError if it is not there."""
    return load_pem_x509_certificates(file.read_bytes())


def stamp_fault(
    answer: bytes, statement: bytes, roots: Sequence[Certificate], *, nonce: int | None = None
) -> str | None:
    """Return why ``answer`` is no stamp of ``statement`` by an authority below ``roots``; None if it is one."""
    builder = VerifierBuilder(roots=list(roots), nonce=nonce)
    try:
        response: TimeStampResponse = decode_timestamp_response(answer)
        builder.build().verify_message(response, statement)
    except (ValueError, VerificationError) as fault:
        return str(fault)
    return None


def _silent(fault: str) -> TransientPostError:
    return TransientPostError(
        N_("The time-stamping authority does not answer."),
        why=N_("The conversation ended with {fault}."),
        remedy=N_("Timglas tries again by itself. If it goes on, check the settings."),
        fault=fault,
    )
