"""What the content checks find, and the rules they find it by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypeAlias

Severity: TypeAlias = Literal["high", "medium", "low"]
SEVERITIES: Final[tuple[Severity, ...]] = ("high", "medium", "low")
# The ids are promises: people suppress and count by them. A rule may get better, its id stays.
RULES: Final[dict[str, str]] = {
    "hidden.tag-characters": "Text written in characters nobody can see",
    "hidden.bidi": "Controls that show text in another order than it is read",
    "hidden.variation-selectors": "Bytes hidden behind a visible character",
    "hidden.zero-width": "Characters without width",
    "hidden.html-comment": "A comment that readers of the rendered page do not see",
    "secret.private-key": "A private key",
    "secret.token": "A token in the form of a known service",
    "secret.url-password": "A password in an address",
    "shell.pipe-to-shell": "A download that is run unread",
    "shell.base64": "Encoded text that is run",
    "persistence.authorized-keys": "A way in for later",
    "persistence.schedule": "A command that is to run again by itself",
    "persistence.startup": "A change to what starts with a shell, a session or a repository",
    "persistence.agent-settings": "A change to the agent's own settings or memory",
    "prompt.override": "Words that set an agent against its user",
    "link.remote-image": "An image that is loaded from elsewhere",
    "link.ip-address": "A link to a bare address",
    "link.punycode": "A host name with letters of another script",
    "link.drop": "A host that takes what anybody sends",
    "file.program": "A compiled program",
    "file.binary": "Bytes of no known harmless kind",
    "file.archive": "An archive, whose files nobody sees here",
    "file.executable": "A file to be run",
    "file.oversized": "A file larger than an agent should read",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a human should look at. `line` is 1-based; None speaks of the whole file.

    `excerpt` is safe to show: one line of visible ASCII, at most 120 characters; secrets keep their first four.
    """

    rule: str
    severity: Severity
    path: str
    line: int | None
    message: str
    excerpt: str = ""

    def as_dict(self) -> dict[str, str | int | None]:
        return {
            "rule": self.rule,
            "severity": self.severity,
            "path": self.path,
            "line": self.line,
            "message": self.message,
            "excerpt": self.excerpt,
        }


class Hit(NamedTuple):
    """A place in a text: its offset, what it is called, and what may be shown of it."""

    rule: str
    severity: Severity
    at: int
    message: str
    excerpt: str


Hits: TypeAlias = Iterator[Hit]


def visible(text: str) -> str:
    """One line of ASCII for a page, a log or a terminal: what cannot be seen there is named (`\\u202e`)."""
    shown = " ".join(text.split()).encode("ascii", "backslashreplace").decode()
    shown = "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in shown)
    return shown if len(shown) <= 120 else f"{shown[:117]}..."


def line_around(text: str, at: int) -> str:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return visible(text[max(start, at - 60) : end if 0 <= end < at + 120 else at + 120])
