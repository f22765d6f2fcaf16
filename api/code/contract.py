"""How Claude Code v1 (/api/code/v1, /auth) speaks: its envelopes, its error codes, and its words for ours."""

from __future__ import annotations

from typing import Any

from api.problems import Dialect, Problem

_CODES = {
    400: "VALIDATION_ERROR",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    412: "PRECONDITION_FAILED",
    413: "PAYLOAD_TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "RATE_LIMITED",
    503: "SERVICE_UNAVAILABLE",
}
_NOT_FOUND = ("skill_not_found", "version_not_found")
_PRECONDITION = "precondition_failed"
# Of our problem codes, those that the document has words of its own for.
_MESSAGES = {
    "not_authenticated": "Missing or invalid authentication token",
    "authentication_failed": "Missing or invalid authentication token",
    "permission_denied": "Insufficient permissions for this operation",
}
INVALID_REQUEST = "invalid_request"
# The store's columns as this contract calls them.
FIELDS = {
    "slug": "id",
    "semver": "version",
    "code_author": "author",
    "origin_type": "source_type",
    "supporting_files": "files",
}


def success(data: Any, **beside: Any) -> dict[str, Any]:
    return {"success": True, "data": data, **beside}


def wire(problem: Problem, request_id: str) -> tuple[int, dict[str, Any]]:
    """`details` has one entry for each wrong field and is absent without any."""
    status = 412 if problem.code == _PRECONDITION else problem.status
    error: dict[str, Any] = {"code": _code(problem, status), "message": _message(problem, request_id)}
    if problem.fields:
        error["details"] = [_detail(name, text) for name, texts in problem.fields.items() for text in texts]
    return status, {"success": False, "error": error}


def _code(problem: Problem, status: int) -> str:
    if problem.code in _NOT_FOUND:
        return "SKILL_NOT_FOUND"
    return _CODES.get(status, "INTERNAL_ERROR" if status >= 500 else "VALIDATION_ERROR")


def _message(problem: Problem, request_id: str) -> str:
    if problem.status == 500:
        return f"Internal server error (request {request_id})"
    if problem.fields:
        return "Request validation failed" if problem.code == INVALID_REQUEST else "Skill validation failed"
    return _MESSAGES.get(problem.code, problem.message)


def _detail(name: str, text: str) -> dict[str, str]:
    first, dot, rest = name.partition(".")
    return {"field": FIELDS.get(first, first) + dot + rest, "message": text.removeprefix(f"{name}: ")}


DIALECT = Dialect("code", wire)
