"""The words of a text that carry meaning, as written; for comparing what texts are about without a model."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_][\w+#.-]*[\w+#]|[^\W\d_]")
# fmt: off
_EMPTY = frozenset((
    "a", "about", "after", "all", "also", "an", "and", "any", "are", "as", "ask", "asks",
    "at", "be", "before", "by", "can", "check", "do", "does", "for", "from", "get", "give",
    "has", "have", "help", "helps", "how", "i", "if", "in", "into", "is", "it", "its",
    "like", "make", "makes", "may", "me", "mention", "mentions", "more", "my", "need", "needs", "no",
    "not", "of", "on", "one", "only", "or", "other", "our", "out", "should", "skill", "so",
    "some", "than", "that", "the", "their", "them", "then", "there", "these", "they", "thing", "things",
    "this", "to", "up", "use", "used", "user", "users", "uses", "using", "want", "wants", "was",
    "we", "what", "when", "where", "which", "while", "who", "why", "will", "with", "without", "you",
    "your",
))
# fmt: on


def content_words(text: str) -> list[str]:
    """In lower case and in their order, with repetitions; words of two letters and less only where they are names
    (`C#`)."""
    words = (word.lower() for word in _WORD.findall(text))
    return [word for word in words if word not in _EMPTY and (len(word) > 2 or not word.isalpha())]
