"""What can go wrong in the domain, in words fit to show. No HTTP: each contract says how a kind looks on its wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Base of all refusals. `code` is stable, `message` is for people, `fields` maps inputs to their messages."""

    code = "error"

    def __init__(
        self, message: str, *, code: str | None = None, fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}


class Invalid(DomainError):
    """The input breaks a rule; nothing was changed."""

    code = "invalid"


class Forbidden(DomainError):
    """The caller may see the thing but not do this to it."""

    code = "forbidden"


class NotFound(DomainError):
    """No such thing, or none the caller may see: both look the same."""

    code = "not_found"


class Conflict(DomainError):
    """The thing is in a state that does not allow this, or somebody else was first."""

    code = "conflict"


class Unavailable(DomainError):
    """A part we depend on does not answer now; the same call may succeed later."""

    code = "unavailable"

    def __init__(self, message: str, *, code: str | None = None, retry_after: float = 0) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after  # seconds that the part asked us to wait; 0: it did not say


class Failed(DomainError):
    """A part we depend on answered, and would answer the same way again: somebody must change something first."""

    code = "failed"


class LimitReached(DomainError):
    """A budget is used up; it fills again in `retry_after` seconds."""

    code = "limit_reached"

    def __init__(self, message: str, *, retry_after: float, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
