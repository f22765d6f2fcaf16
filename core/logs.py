"""What the processes write to their logs: a line for people or a JSON object, with whom and what it is about, without
secrets and without the texts that people wrote (docs/adr/0018-what-operators-see.md).

What one must not say is kept back in the formatter, the one place that all lines pass, whoever wrote them.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, DataError
from redis.exceptions import RedisError

HIDDEN: Final = "[hidden]"
# What a call of a logger may add (`extra=`); all else, like the whole request that Django adds, stays out.
FIELDS: Final = ("method", "route", "path", "status", "milliseconds")
# Kinds of errors that speak of connections, files and settings. Others quote what they were given: a prompt, a body.
_SPEAKING = (OSError, DatabaseError, RedisError, ImproperlyConfigured, ImportError)
_SHORTEST = 4
# Paths and messages come from anybody: no expression may take longer than the text is long (tests/core/test_logs.py).
_SECRETS = re.compile(
    r"""
    kam_[\w-]+                                          # API keys of Guildhall
    | (?<![\w-])ey[IJ][\w-]{5,}\.[\w-]+\.[\w-]*         # JSON web tokens
    | (?<![\w-])sk-[\w-]{8,}                            # keys of providers of models
    | (?<=\bBearer\s)[^\s"',;]+ | (?<=\bBasic\s)[^\s"',;]+
    | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)                   # who signs in, in an address
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NAMED = re.compile(
    r"""
    ( cookie["']?\s*[:=] )\s*[^\n]+                     # all cookies, to the end of the line
    | ( (?:authorization|password|passwd|passphrase|secret|api[_-]?key|sessionid|csrftoken
        |(?:access|refresh|auth|id|session|csrfmiddleware)_?token|(?<![\w-])token)["']?\s*[:=]\s* )
      (?: b?"[^"\n]*" | b?'[^'\n]*' | (?:Bearer\s|Basic\s)?[^\s"',;&)}]+ )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_about: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))


@contextmanager
def about(**known: object) -> Iterator[None]:
    """Within the block every line tells what is known: request_id, client_id, user_id, job_id. Empty values are left
    out."""
    token = _about.set(_with(known))
    try:
        yield
    finally:
        _about.reset(token)


def add(**known: object) -> None:
    """As `about`, for the rest of the block of `about` around it."""
    _about.set(_with(known))


def _with(known: Mapping[str, object]) -> Mapping[str, str]:
    return {**_about.get(), **{name: str(value) for name, value in known.items() if value not in (None, "")}}


class Discreet(logging.Formatter):
    """Lines for people: `time LEVEL logger: message (request_id=… job_id=…)`, and where an error came from.

    `secrets` are values that never appear, like those of settings. Of an error only its kind and its way through the
    code are told, unless its kind speaks of connections and files; `messages` tells them all.
    """

    def __init__(self, *, secrets: Sequence[str] = (), messages: bool = False) -> None:
        super().__init__()
        known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None
        self._messages = messages

    def format(self, record: logging.LogRecord) -> str:
        about = " ".join(f"{name}={value}" for name, value in _about.get().items())
        line = f"{_at(record)} {record.levelname} {record.name}: {self.message(record)}"
        line += f" ({about})" if about else ""
        return line + (f"\n{trace}" if (trace := self.trace(record)) else "")

    def message(self, record: logging.LogRecord) -> str:
        args: Any = record.args
        if isinstance(args, Mapping):
            args = {name: self._argument(value) for name, value in args.items()}
        elif args:
            args = tuple(self._argument(value) for value in args)
        text = str(self._argument(record.msg))
        with suppress(TypeError, ValueError, KeyError):  # logging itself would print the arguments as they are
            text = text % args if args else text
        for error in _chain(record):
            if not self._messages:
                for quoted in (repr(error), str(error)):
                    text = text.replace(quoted, self.told(error)) if len(quoted) >= _SHORTEST else text
        return self.hide(text)

    def trace(self, record: logging.LogRecord) -> str:
        """Where the error of the record came from, the first cause first; '' where it has none."""
        links = [
            "".join(traceback.format_tb(error.__traceback__)) + self.told(error) for error in reversed(_chain(record))
        ]
        return self.hide("\nwhich led to:\n".join(links))

    def told(self, error: BaseException) -> str:
        """The kind of the error, and what may be told of its message. A database repeats rows after the first line."""
        kind = type(error).__qualname__
        if self._messages:
            return f"{kind}: {error}"
        if isinstance(error, _SPEAKING) and not isinstance(error, DataError):
            return f"{kind}: {str(error).partition(chr(10))[0]}"
        return kind

    def hide(self, text: str) -> str:
        text = self._known.sub(HIDDEN, text) if self._known else text
        text = _NAMED.sub(lambda match: f"{match[1] or match[2]}{HIDDEN}", text)
        return _SECRETS.sub(HIDDEN, text)

    def _argument(self, value: Any) -> Any:
        return self.told(value) if isinstance(value, BaseException) else value


class JSONLines(Discreet):
    """One JSON object a line: at, level, logger, message, what it is about, the fields of FIELDS, and `exception`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": _at(record),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
            **_about.get(),
        }
        for name in FIELDS:
            value = getattr(record, name, None)
            if value is not None:
                line[name] = self.hide(value) if isinstance(value, str) else value
        if trace := self.trace(record):
            line["exception"] = trace
        return json.dumps(line, default=str)


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _chain(record: logging.LogRecord) -> list[BaseException]:
    """The error of the record and what it came from."""
    links: list[BaseException] = []
    error = record.exc_info[1] if record.exc_info else None
    while error is not None and error not in links:
        links.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return links
