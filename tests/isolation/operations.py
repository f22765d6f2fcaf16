"""Every operation of the three contracts: how to call it, and what it answers to whom.

`<name>` in a path or a body is the name of a thing (world.Place.refs): of tenant 42's own, of tenant 99's, of a shared
one, of nothing. Without such a name an operation has nothing to ask of another tenant. `<words>` are words to look for,
which are no name; `<offer>` is a skill to install: one that tenant 99 published, one it did not, a shared one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.actor import RANK, Role, Scope

FLEET, CODE, AGENT = "/api/v1/", "/api/code/v1/", "/agent/api/"
_NAME = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Operation:
    """`status`: for a manager about their own thing. `shared`: about a shared one; None where nothing is shared.

    `foreign`: about a thing of tenant 99, which must look like a thing that is nowhere. `least`: below it is 403.
    `user`, `admin`: for these roles where that is neither `status` nor 403: users do not see others' jobs.
    `scope` None: any credential will do; `anybody`: what who shows nothing gets.
    """

    path: str
    status: int = 200
    scope: Scope | None = "read"
    shared: int | None = None
    foreign: int = 404
    least: Role = "user"
    user: int | None = None
    admin: int | None = None
    anybody: int = 401
    body: Any = None

    def url(self, refs: Mapping[str, str]) -> str:
        return fill(self.path, refs)

    def data(self, refs: Mapping[str, str]) -> bytes:
        return b"" if self.body is None else fill(json.dumps(self.body), refs).encode()

    def status_for(self, role: str) -> int:
        if RANK[role] < RANK[self.least]:
            return 403
        return {"user": self.user, "admin": self.admin}.get(role) or self.status

    @property
    def names(self) -> set[str]:
        """The kinds of things it asks for."""
        return set(_NAME.findall(self.path + json.dumps(self.body)))


def fill(text: str, refs: Mapping[str, str]) -> str:
    return _NAME.sub(lambda match: refs[match[1]], text)


_ONE = f"{CODE}skills/<skill>"
_TASK = {"task_description": "Create a skill that tidies long log files"}
_CONTENT = "---\nname: tidy\ndescription: Tidies. Use when logs are long.\n---\n# Tidy\n"

# By route and method; a third word tells several ways to call one operation apart.
OPERATIONS: dict[tuple[str, ...], Operation] = {
    ("health", "GET"): Operation("/health", scope=None, anybody=200),
    # Fleet. Jobs are their owner's and the managers'; conversations their owner's alone.
    ("fleet:skills", "GET"): Operation(f"{FLEET}skills"),
    ("fleet:skills", "POST"): Operation(f"{FLEET}skills", scope="write", body=_TASK),
    ("fleet:validate-path", "POST"): Operation(
        f"{FLEET}skills/validate", body={"skill_path": "<category>/<skill>"}, shared=200
    ),
    ("fleet:validate-path", "POST", "of a draft"): Operation(
        f"{FLEET}skills/validate", user=404, body={"skill_path": "_drafts/<job>/<draft>"}
    ),
    ("fleet:validate-skill", "POST"): Operation(f"{FLEET}skills/<skill>/validate", shared=200),
    ("fleet:refine", "POST"): Operation(
        f"{FLEET}skills/<skill>/refine", 202, scope="write", shared=403, body={"feedback": "Shorter, please."}
    ),
    ("fleet:skill", "GET"): Operation(f"{FLEET}skills/<skill>", shared=200),
    ("fleet:skill", "GET", "by an old address"): Operation(f"{FLEET}skills/<alias>"),
    ("fleet:skill", "GET", "by its path"): Operation(f"{FLEET}skills/<category>/<skill>", shared=200),
    ("fleet:skill", "GET", "by an old path"): Operation(f"{FLEET}skills/<old_category>/<skill>", shared=200),
    ("fleet:skill", "PUT"): Operation(f"{FLEET}skills/<skill>", scope="write", shared=403, body={"content": _CONTENT}),
    ("fleet:jobs", "GET"): Operation(f"{FLEET}jobs"),
    ("fleet:job", "GET"): Operation(f"{FLEET}jobs/<job>", user=404),
    ("fleet:cancel-job", "POST"): Operation(f"{FLEET}jobs/<waiting>/cancel", scope="write", user=404),
    ("fleet:hitl-config", "GET"): Operation(f"{FLEET}hitl/config"),
    ("fleet:prompt", "GET"): Operation(f"{FLEET}hitl/<waiting>/prompt", user=404),
    ("fleet:respond", "POST"): Operation(
        f"{FLEET}hitl/<waiting>/response", scope="write", user=404, body={"action": "proceed"}
    ),
    ("fleet:promote", "POST"): Operation(f"{FLEET}drafts/<job>/promote", scope="write", user=404, body={}),
    ("fleet:taxonomy", "GET"): Operation(f"{FLEET}taxonomy"),
    ("fleet:taxonomy", "POST"): Operation(
        f"{FLEET}taxonomy",
        scope="write", shared=200, least="manager", body={"id": "fresh", "name": "Fresh", "parent": "<category>"}
    ),
    # A user reference is the tenant's own word: whoever 99 knows by it is nobody here.
    ("fleet:user-taxonomy", "GET"): Operation(f"{FLEET}taxonomy/user/<user>", foreign=200, least="manager"),
    ("fleet:adapt-taxonomy", "POST"): Operation(
        f"{FLEET}taxonomy/user/<user>/adapt", scope="write", foreign=200, least="manager", body={"priorities": ["x"]}
    ),
    ("fleet:taxonomy-xml", "GET"): Operation(f"{FLEET}taxonomy/xml?user_id=<user>", foreign=200, least="manager"),
    ("fleet:analytics", "GET"): Operation(f"{FLEET}analytics?user_id=<user>", foreign=200, least="manager"),
    ("fleet:recommendations", "GET"): Operation(
        f"{FLEET}analytics/recommendations?user_id=<user>", foreign=200, least="manager"
    ),
    ("fleet:usage-events", "POST"): Operation(
        f"{FLEET}analytics/events", 201, scope="write", shared=201, body={"skill_id": "<skill>", "success": True}
    ),
    ("fleet:usage-events", "POST", "by its id"): Operation(
        f"{FLEET}analytics/events", 201, scope="write", shared=201, body={"events": [{"skill_id": "<skill_id>"}]}
    ),
    ("fleet:validate-content", "POST"): Operation(
        f"{FLEET}quality/validate", shared=200, body={"skill_id": "<category>/<skill>"}
    ),
    ("fleet:assess", "POST"): Operation(f"{FLEET}quality/assess", shared=200, body={"skill_id": "<skill>"}),
    ("fleet:fix", "POST"): Operation(
        f"{FLEET}quality/fix", shared=200, body={"skill_id": "<skill>", "issues": ["no examples"]}
    ),
    ("fleet:analyze", "POST"): Operation(f"{FLEET}optimization/analyze", shared=200, body={"skill_id": "<skill>"}),
    ("fleet:improve", "POST"): Operation(
        f"{FLEET}optimization/improve", 202, scope="write", shared=403, body={"skill_id": "<skill>"}
    ),
    ("fleet:compare", "POST"): Operation(
        f"{FLEET}optimization/compare",
        shared=200,
        body={"baseline_skill_id": "second-of-42", "improved_skill_id": "<skill>", "queries": ["<words>"]},
    ),
    ("fleet:message", "POST"): Operation(
        f"{FLEET}conversational/message",
        scope="write", foreign=200, body={"message": "Find skills about <words>", "session_id": "<session>"},
    ),
    ("fleet:sessions", "GET"): Operation(f"{FLEET}chat/sessions"),
    ("fleet:session", "POST"): Operation(f"{FLEET}chat/session/<session>", scope="write", foreign=200),
    ("fleet:history", "GET"): Operation(f"{FLEET}chat/session/<session>/history", user=404, admin=404),
    # Claude Code v1: readers read, managers write.
    ("code:skills", "GET"): Operation(f"{CODE}skills"),
    ("code:skills", "POST"): Operation(
        f"{CODE}skills", 201, scope="write", least="manager",
        body={"id": "fresh", "name": "Fresh", "description": "Text", "version": "1.0.0"},
    ),
    ("code:skill", "GET"): Operation(f"{_ONE}?include=content", shared=200),
    ("code:skill", "PUT"): Operation(_ONE, scope="write", shared=403, least="manager", body={"name": "Other"}),
    ("code:skill", "DELETE"): Operation(_ONE, scope="write", shared=403, least="manager"),
    ("code:versions", "GET"): Operation(f"{_ONE}/versions", shared=200),
    ("code:versions", "POST"): Operation(
        f"{_ONE}/versions", 201, scope="write", shared=403, least="manager",
        body={"version": "2.0.0", "description": "Next"},
    ),
    ("code:version", "GET"): Operation(f"{_ONE}/versions/1.0.0?include=content", shared=200),
    ("code:version", "DELETE"): Operation(f"{_ONE}/versions/1.0.0", scope="write", shared=403, least="manager"),
    ("code:diff", "GET"): Operation(f"{_ONE}/versions/1.0.0/diff/latest", shared=200),
    ("auth:token", "POST"): Operation("/auth/token", scope=None),
    ("auth:verify", "GET"): Operation("/auth/verify", scope=None),
    # A key is not given back here: 400. That a token is, tests/api/code/test_tokens.py tells.
    ("auth:revoke", "POST"): Operation("/auth/revoke", 400, scope=None),
    # Kaman.
    ("agent:skills", "GET"): Operation(f"{AGENT}skills?limit=1000"),
    ("agent:skills", "GET", "by domain"): Operation(f"{AGENT}skills?domains=<words>", foreign=200),
    ("agent:skills", "POST"): Operation(
        f"{AGENT}skills", 201, scope="write", body={"name": "Fresh", "content": "# Fresh"}
    ),
    ("agent:skills", "POST", "with a parent"): Operation(
        f"{AGENT}skills", 201, scope="write", shared=201, foreign=400,
        body={"name": "Fresh", "content": "# Fresh", "parent_skill_id": "<skill_id>"},
    ),
    ("agent:search", "POST"): Operation(f"{AGENT}skills/search", foreign=200, body={"query": "<words>"}),
    ("agent:skill", "GET"): Operation(f"{AGENT}skills/<skill_id>", shared=200),
    ("agent:skill", "GET", "published by another"): Operation(f"{AGENT}skills/<offer>", 404, shared=200),
    ("agent:skill", "PUT"): Operation(
        f"{AGENT}skills/<skill_id>", scope="write", shared=403, body={"description": "Other"}
    ),
    ("agent:skill", "DELETE"): Operation(f"{AGENT}skills/<skill_id>", scope="write", shared=403),
    ("agent:usage", "POST"): Operation(
        f"{AGENT}skills/<skill_id>/usage", scope="write", shared=200, body={"success": True}
    ),
    ("agent:marketplace", "POST"): Operation(
        f"{AGENT}skills/marketplace/search", foreign=200, body={"query": "shown-to-everybody <words>", "limit": 100}
    ),
    ("agent:publish", "POST"): Operation(f"{AGENT}skills/<skill_id>/publish", scope="publish", shared=403),
    ("agent:unpublish", "POST"): Operation(f"{AGENT}skills/<skill_id>/unpublish", scope="publish", shared=403),
    ("agent:install", "POST"): Operation(f"{AGENT}skills/<offer>/install", 201, scope="write", shared=404),
    ("agent:updates", "GET"): Operation(f"{AGENT}skills/updates"),
    ("agent:update", "GET"): Operation(f"{AGENT}skills/<copy>/updates", shared=404),
    ("agent:pull", "POST"): Operation(f"{AGENT}skills/<copy>/pull", scope="write", shared=404, body={"force": True}),
}  # fmt: skip
# Live events, which do not go through Django's URLs (config/asgi.py).
STREAMS: dict[str, Operation] = {
    "GET skills/stream": Operation(f"{FLEET}skills/<job>/stream", user=404),
    "GET jobs/events": Operation(f"{FLEET}jobs/<job>/events", user=404),
    "POST skills/stream": Operation(f"{FLEET}skills/stream", scope="write", body=_TASK),
    "POST chat/stream": Operation(
        f"{FLEET}chat/stream",
        scope="write", foreign=200, body={"message": "What is the status of job <job>?", "session_id": "<session>"},
    ),
    "GET chat/session/stream": Operation(f"{FLEET}chat/session/<session>/stream", user=404, admin=404),
}  # fmt: skip
# As STREAMS, for people who are signed in at the desk.
DESK_STREAMS: dict[str, Operation] = {
    "GET admin/jobs/job/live": Operation("/admin/jobs/job/<waiting>/live/", user=404),
}
