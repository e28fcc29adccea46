"""Who may ask the page for what: the token in its address, the Host header, and what a browser may do with an answer.

A page on loopback can be reached by every user of the machine, and by every web page that a browser on it shows. A
token that cannot be guessed keeps the others out; it is the first part of the path, so that no cookie is needed, which
another page on the same host would share. A name that somebody else's DNS leads here (rebinding) is refused by its Host
header. What the store holds may come from anywhere: a report is shown in a sandbox without scripts.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

__all__ = ["HEADERS", "REPORT_POLICY", "is_allowed_host", "is_loopback", "is_token", "names_of_here", "new_token"]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Server": "solitons",
    "Cache-Control": "private, no-cache",
}
"""Headers of every answer. The address holds the token: no answer names it to another page."""

REPORT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
"""A report has its styles and pictures in it. It is shown without scripts, and as a page of no origin."""


def new_token() -> str:
    """A token that cannot be guessed, of letters, digits, _ and -."""
    return secrets.token_urlsafe(24)


def is_token(given: str, token: str) -> bool:
    """Whether a token is the right one; how long it takes does not tell how much of it is."""
    return hmac.compare_digest(given.encode(), token.encode())


def is_loopback(host: str) -> bool:
    """Whether an address that a server listens on can be reached from this machine alone.

    Examples
    --------
    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_allowed_host(header: str, names: Collection[str]) -> bool:
    """Whether a Host header names this machine, by an address or by one of its `names` (from `names_of_here`).

    An address cannot be rebound, a name can.
    """
    try:
        name = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in names
    return True


def names_of_here(host: str) -> frozenset[str]:
    """The names of this machine: localhost, its own, and the one that a server is asked to listen on.

    It may ask the DNS, and wait for it: call it once, before anybody is served.
    """
    return frozenset(
        {"localhost", socket.gethostname().casefold(), socket.getfqdn().casefold(), host.casefold()} - {""}
    )
