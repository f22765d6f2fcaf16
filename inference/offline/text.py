"""Rules on text: what may stand in a skill, where sentences end, what must not be repeated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MAX_DESCRIPTION = 1024
_TAG = re.compile(r"<!--.*?-->|</?[a-zA-Z][^<>]*>", re.S)
_SECRET = re.compile(
    r"\b(?:sk|pk|ghp|gho|glpat|xox[abp]|AKIA|kam)[-_]?[A-Za-z0-9_-]{16,}\b"
    r"|(?i:\b(?:password|passwort|passwd|secret|api[_ -]?key|token)\b\s*(?:is|=|:)\s*)\S{6,}"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'(\w])|(?<=[。！？])|\n+|\s*;\s+")
_BULLET = re.compile(r"^\s*(?:[-*+•>]+|\d+[.)]|#{1,6})\s+")
_HIDDEN = ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp")
_JOINERS = "\u200c\u200d"


def clean(text: str) -> str:
    """`text` without markup, control and direction characters; lines stay lines."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(" " if _is_hidden(letter) else letter for letter in _TAG.sub(" ", text))
    lines = (re.sub(r"[ \t]+", " ", _BULLET.sub("", line)).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line.strip("-=_*~`#> ")).strip()


def _is_hidden(letter: str) -> bool:
    """Controls, direction marks, tags, unassigned; not the joiners inside emoji and Indic words."""
    return letter != "\n" and letter not in _JOINERS and unicodedata.category(letter) in _HIDDEN


def inline(text: str, limit: int = 0) -> str:
    """One line that Markdown and YAML can take for nothing but words; cut at a word where longer than `limit`."""
    text = re.sub(r"[<>`|]+", " ", clean(text).replace("\n", " "))
    text = re.sub(r"[*_#~]{2,}|(?<=\s)[#*](?=\s)|[\[\]\\]+", " ", text)
    text = re.sub(r"-{3,}", "-", re.sub(r"\s+", " ", text)).strip(" -*#")
    return shorten(text, limit) if limit else text


def shorten(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:.-") + "…"


def has_secret(text: str) -> bool:
    return _SECRET.search(text) is not None


def without_secrets(text: str) -> str:
    return _SECRET.sub("(secret left out)", text)


def sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip(" .!?-")]


def words(text: str) -> list[str]:
    """The words of a text as written, with the marks that belong to names (`C++`, `Node.js`, `fine-tuning`)."""
    return re.findall(r"[^\W_](?:[\w'’+#&/-]|\.(?=\w))*", text)


def sentence(text: str) -> str:
    """`text` with a capital first letter and an end mark."""
    text = text.strip().rstrip(" ,;:")
    if not text:
        return ""
    return capital(text) + ("" if text[-1] in ".!?…。！？" else ".")


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """With a small first letter, unless the first word is written in capitals (`PDF`)."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def join_words(items: Sequence[str], last: str = "and") -> str:
    """`a, b and c`"""
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)


def bullets(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def fenced(code: str, language: str = "text") -> str:
    """A code block whose fence is longer than any inside."""
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    return f"{'`' * (longest + 1)}{language}\n{code}\n{'`' * (longest + 1)}"
