"""What Fleet answers, key for key: the document's keys, and beside them those of the original."""

from __future__ import annotations

from typing import Literal

from api.schema.operations import Shown, sometimes


class Health(Shown):
    """The server answers."""

    status: Literal["ok"]
    version: str


class ErrorDetail(Shown):
    """One wrong value."""

    type: Literal["missing", "value_error"]
    loc: list[str]
    """Where it stands: `["body", "task_description"]`."""
    msg: str


class Error(Shown):
    """Every error of this contract."""

    detail: str
    """What went wrong, in a sentence."""
    error: str
    """The original's key: the sentence too, or `Validation error`."""
    request_id: str
    details: list[ErrorDetail] = sometimes()
    """One entry for each wrong value; absent where none is."""
