"""Names and titles: how a phrase becomes an address that the specification accepts, and a heading that people read."""

from __future__ import annotations

import re
import unicodedata

from core.text import sha256_hex
from inference.offline.lexicon import LATIN, SPELLING, TITLE_SMALL

MAX_NAME = 64
_RESERVED = re.compile("anthropic|claude")


def name_of(phrase: str) -> str:
    """Lower case, hyphens, at most 64 characters, a letter first: `Prüfe Rechnungen` -> `pruefe-rechnungen`; or ''."""
    latin = re.sub(r"['’]s\b|['’]", "", phrase.lower()).translate(LATIN)
    plain = unicodedata.normalize("NFKD", latin).encode("ascii", "ignore").decode()
    parts = [part for word in re.split(r"[^a-z0-9]+", plain) if (part := _RESERVED.sub("", word))]
    if not any(part[0].isalpha() for part in parts):
        return ""
    while parts[0][0].isdigit():
        parts = [*parts[1:], parts[0]]
    name = parts[0][:MAX_NAME]
    for part in parts[1:]:
        if len(name) + 1 + len(part) > MAX_NAME:
            break
        name = f"{name}-{part}"
    return name


def fallback_name(text: str) -> str:
    """A name for a request without a usable word, always the same for the same request."""
    return f"general-task-{sha256_hex(text)[:8]}"


def title_of(phrase: str) -> str:
    """`review python prs` -> `Review Python PRs`; words with capitals of their own stay as they are."""
    words = phrase.split()
    return " ".join(_titled(word, first=index == 0) for index, word in enumerate(words))


def _titled(word: str, *, first: bool) -> str:
    if word.lower() in SPELLING:
        return SPELLING[word.lower()]
    if word.lower() in TITLE_SMALL and not first:
        return word.lower()
    return word if any(letter.isupper() for letter in word) else word[:1].upper() + word[1:]
