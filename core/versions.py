"""Semantic versions (SemVer 2.0.0): strict parsing, precedence, and a key that sorts them in SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import Invalid

MAX_LENGTH = 64
_NUMBER = r"(?:0|[1-9]\d*)"
_IDENTIFIER = rf"(?:{_NUMBER}|\d*[A-Za-z-][0-9A-Za-z-]*)"
_PATTERN = re.compile(
    rf"(?P<major>{_NUMBER})\.(?P<minor>{_NUMBER})\.(?P<patch>{_NUMBER})"
    rf"(?:-(?P<prerelease>{_IDENTIFIER}(?:\.{_IDENTIFIER})*))?"
    r"(?:\+(?P<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)
_WIDEST_CORE = 10
_WIDEST_IDENTIFIER = 18


@dataclass(frozen=True)
class Version:
    """A parsed version. `prerelease` holds its dot-separated identifiers, empty for a release."""

    text: str
    major: int
    minor: int
    patch: int
    prerelease: tuple[str, ...] = ()
    build: str = ""

    @property
    def is_release(self) -> bool:
        return not self.prerelease


def parse(text: str) -> Version:
    """Reads a strict SemVer 2.0.0 of at most 64 characters; raises Invalid (field `version`)."""
    match = _PATTERN.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if match is None or any(len(match[part]) > _WIDEST_CORE for part in ("major", "minor", "patch")):
        raise _invalid(text)
    prerelease = tuple(match["prerelease"].split(".")) if match["prerelease"] else ()
    if any(part.isdigit() and len(part) > _WIDEST_IDENTIFIER for part in prerelease):
        raise _invalid(text)
    return Version(
        text, int(match["major"]), int(match["minor"]), int(match["patch"]), prerelease, match["build"] or ""
    )


def _invalid(text: str) -> Invalid:
    message = f"'{text[:80]}' is not a semantic version such as 1.2.0 or 2.0.0-rc.1"
    return Invalid(message, code="invalid_version", fields={"version": [message]})


def is_valid(text: str) -> bool:
    try:
        parse(text)
    except Invalid:
        return False
    return True


def sort_key(text: str) -> str:
    """A string whose byte order (collation "C") is SemVer precedence; build metadata does not count."""
    version = parse(text)
    core = ".".join(f"{number:0{_WIDEST_CORE}d}" for number in (version.major, version.minor, version.patch))
    if version.is_release:
        return core + "~"
    return core + "-" + "!".join(_identifier_key(part) for part in version.prerelease)


def _identifier_key(identifier: str) -> str:
    return f"0{int(identifier):0{_WIDEST_IDENTIFIER}d}" if identifier.isdigit() else f"1{identifier}"


def next_patch(text: str) -> str:
    """The release that follows: 1.2.3 -> 1.2.4, and 1.2.3-rc.1 -> 1.2.3."""
    version = parse(text)
    patch = version.patch + 1 if version.is_release else version.patch
    return f"{version.major}.{version.minor}.{patch}"
