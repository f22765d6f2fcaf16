"""Rules on text that every floor shares: what PostgreSQL can hold, slugs, token estimates, digests."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from core.errors import Invalid

MAX_SLUG_LENGTH = 255
_CHARACTERS_PER_TOKEN = 4
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean_text(value: Any, name: str = "value") -> Any:
    """Returns `value` (text, or any JSON) unchanged; raises Invalid where it holds NUL or half a surrogate pair."""
    if isinstance(value, str):
        if _UNSTORABLE.search(value):
            message = f"{name} holds a NUL or an incomplete Unicode character; remove it"
            raise Invalid(message, code="unstorable_text", fields={name: [message]})
    elif isinstance(value, dict):
        for key, item in value.items():
            clean_text(key, name)
            clean_text(item, f"{name}.{key}")
    elif isinstance(value, (list, tuple)):
        for item in value:
            clean_text(item, name)
    return value


def slugify(name: str) -> str:
    """A URL-safe address for a name: `C++ / C#` -> `c-c`; `skill-<8 hex>` where nothing of it is left (CJK, emoji)."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")[: MAX_SLUG_LENGTH - 8].rstrip("-")
    return slug or "skill-" + hashlib.sha256(name.encode()).hexdigest()[:8]


def estimate_tokens(content: str, files: Iterable[dict[str, Any]] = ()) -> int:
    """Tokens an agent spends to read a skill, at about 4 characters each, supporting files included, rounded up."""
    characters = len(content) + sum(len(file.get("content") or "") for file in files)
    return -(-characters // _CHARACTERS_PER_TOKEN)


def sha256_hex(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()
