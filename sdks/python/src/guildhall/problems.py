"""What goes wrong: one exception for the errors of all three contracts."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

import httpx

from guildhall.agent.models import Error as AgentError
from guildhall.code.models import ErrorAnswer as CodeError
from guildhall.fleet.models import Error as FleetError

T = TypeVar("T")


class Answered(Protocol):
    """What the generated functions return: guildhall.<contract>.types.Response."""

    @property
    def status_code(self) -> int: ...
    @property
    def content(self) -> bytes: ...
    @property
    def headers(self) -> Any: ...
    @property
    def parsed(self) -> Any: ...


class GuildhallError(Exception):
    """The server refused. `message` is its sentence; `details` are (field, what is wrong with it)."""

    def __init__(
        self, status: int, message: str, *, details: tuple[tuple[str, str], ...] = (), request_id: str = ""
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.details = details
        self.request_id = request_id

    def __str__(self) -> str:
        named = "; ".join(f"{field}: {text}" for field, text in self.details)
        return f"{self.message} ({self.status}{f'; {named}' if named else ''})"


def expect(kind: type[T], answer: Answered) -> T:
    """The parsed body, if it is one of a call that went well; raises GuildhallError."""
    if isinstance(answer.parsed, kind):
        return answer.parsed
    raise problem_of(int(answer.status_code), answer.parsed, answer.content, answer.headers.get("X-Request-ID", ""))


def problem_of(status: int, parsed: Any, content: bytes, request_id: str) -> GuildhallError:
    match parsed:
        case FleetError(details=details, detail=message):
            pairs = tuple((".".join(one.loc), one.msg) for one in details or ())
        case CodeError(error=problem):
            message, pairs = problem.message, tuple((one.field, one.message) for one in problem.details or ())
        case AgentError(error=message):
            pairs = ()
        case _:
            message, pairs = content.decode(errors="replace")[:500] or httpx.codes.get_reason_phrase(status), ()
    return GuildhallError(status, message, details=pairs, request_id=request_id)
