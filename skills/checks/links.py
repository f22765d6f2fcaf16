"""Where a text leads: remote images, bare addresses, look-alike names, hosts that take what anybody sends."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

from skills.checks.findings import Hit, Hits, Severity, line_around, visible

_HOST = re.compile(r"\b(?:https?|wss?|ftp)://(?:[^\s/@\"'<>]{1,100}@)?(?P<host>\[[0-9a-f:.]+\]|(?![.])[^\s/:\"'<>()\\\[\]{}?#,;`|*]+)", re.I)  # fmt: skip # noqa: E501
_IMAGE = re.compile(
    r"!\[[^\]\n]{0,300}\]\(\s*<?(?P<inline>https?://[^\s)>]+)"
    r"|<img\b[^>]{0,300}?\bsrc\s*=\s*[\"']?(?P<tag>https?://[^\s\"'>]+)"
    r"|^\s{0,3}\[[^\]\n]{1,100}\]:\s*<?(?P<reference>https?://\S+\.(?:png|gif|jpe?g|webp|svg))",
    re.IGNORECASE | re.MULTILINE,
)
# An address made of what the agent knows sends it away.
_TEMPLATE = re.compile(r"\{\{?\w|\$\{?\w|<[a-z_ ]+>|%7B|\[[A-Z_]{3,}\]", re.IGNORECASE)
_DROPS: Final = (
    "webhook.site", "requestbin.com", "requestbin.net", "pipedream.net", "hookbin.com", "beeceptor.com", "ngrok.io",
    "ngrok-free.app", "ngrok.app", "trycloudflare.com", "transfer.sh", "file.io", "0x0.st", "termbin.com", "ix.io",
    "interact.sh", "oast.fun", "oast.pro", "oast.live", "burpcollaborator.net", "requestcatcher.com",
)  # fmt: skip


def risky_links(text: str) -> Hits:
    if "://" not in text:
        return
    images = _IMAGE.finditer(text) if "](" in text or "<img" in text.lower() or "]:" in text else ()
    for image in images:
        url = image["inline"] or image["tag"] or image["reference"]
        tells: Severity = "medium" if _TEMPLATE.search(url) else "low"
        message = "An image whose address is made of data: loading it sends them" if tells == "medium" else (
            "An image that is loaded from elsewhere, which tells its host"
        )  # fmt: skip
        yield Hit("link.remote-image", tells, image.start(), message, visible(url))
    for found in _HOST.finditer(text):
        host = found["host"].lower().rstrip(".")
        judged = _judged(host)
        if judged:
            rule, severity, message = judged
            yield Hit(rule, severity, found.start(), message, line_around(text, found.start()))


def _judged(host: str) -> tuple[str, Severity, str] | None:
    if any(host == drop or host.endswith(f".{drop}") for drop in _DROPS):
        return "link.drop", "medium", f"{visible(host)} takes what anybody sends"
    if host.startswith("xn--") or ".xn--" in host or not host.isascii():
        return "link.punycode", "medium", f"{visible(host)} has letters that look like others"
    if host[0] in "0123456789[" and _is_public_address(host.strip("[]")):
        return "link.ip-address", "medium", f"{visible(host)} is an address without a name"
    return None


def _is_public_address(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return False


def link_hosts(texts: list[str]) -> list[str]:
    """Every host that the texts link to, in order, each once: what a reviewer goes through at a glance."""
    found = {match["host"].lower().rstrip(".") for text in texts for match in _HOST.finditer(text)}
    return sorted(visible(host) for host in found if "." in host)
