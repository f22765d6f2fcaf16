"""How Kaman (/agent/api) speaks: its name for services and its errors."""

from __future__ import annotations

from api.problems import Dialect, Problem

# The words of the document, whatever ours are.
_BY_STATUS = {401: "Unauthorized", 500: "Internal server error"}
_BY_CODE = {"skill_not_found": "Skill not found"}


def wire(problem: Problem, request_id: str) -> tuple[int, dict[str, str]]:
    """Every error is one sentence: of several wrong inputs the first in the order of the contract."""
    return problem.status, {"error": _BY_STATUS.get(problem.status) or _sentence(problem)}


def _sentence(problem: Problem) -> str:
    if problem.code == "invalid_path":
        return f"Invalid supporting file path: {problem.message.removeprefix('The path ')}"
    return _BY_CODE.get(problem.code, problem.message)


DIALECT = Dialect("agent", wire)
