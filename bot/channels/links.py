"""Which links may be sent to a phone."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_public(url: str) -> bool:
    """Tell whether a phone can open an address; Telegram refuses the whole message for one that leads nowhere."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host
