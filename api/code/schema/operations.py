"""Every operation of Claude Code v1 and of its tokens."""

from __future__ import annotations

import json

from django.conf import settings

from api.code import serializers, urls
from api.code.schema import fields
from api.code.schema import models as shown
from api.schema.operations import Answer, Contract, Header, Operation, Route

__all__ = ["fields"]

GOLDEN = settings.BASE_DIR / "tests" / "api" / "code" / "golden"
_SKILLS, _VERSIONS, _TOKENS = "skills", "versions", "tokens"
_ETAG = Header("ETag", "Of all that the skill or version says; send it back as `If-None-Match` or `If-Match`.")
_KNOWN = Header("If-None-Match", "ETags the caller has; where one is still right, the answer is 304 without a body.")
_ONLY = Header("If-Match", "The ETag the change was made on; where it is not right any more, nothing is changed (412).")
_UNCHANGED = Answer(None, 304, "The caller has it.", headers=[_ETAG])

OPERATIONS = {
    ("skills", "GET"): Operation(
        "list_skills",
        _SKILLS,
        "List skills",
        "The newest first: one for each id, the tenant's own before a shared one.",
        [Answer(shown.SkillsAnswer, example="list", description="The page.")],
        query=serializers.SkillPageQuery,
    ),
    ("skills", "POST"): Operation(
        "create_skill",
        _SKILLS,
        "Create a skill",
        "Without `content` the skill gets a body of its name and description, for agents to have something to read.",
        [Answer(shown.SkillAnswer, 201, "The new skill.", headers=[_ETAG], example="create")],
        body=serializers.CreateSkillBody,
        examples=["create_request", "create_full_request"],
        errors=[409],
    ),
    ("skill", "GET"): Operation(
        "get_skill",
        _SKILLS,
        "Read a skill",
        "`include=content` adds its text and files.",
        [Answer(shown.SkillAnswer, 200, "The skill.", headers=[_ETAG], example="detail"), _UNCHANGED],
        query=serializers.Include,
        headers=[_KNOWN],
    ),
    ("skill", "PUT"): Operation(
        "update_skill",
        _SKILLS,
        "Change a skill",
        "Changes what the body names. A new `version` is cut; a known one is gone back to.",
        [Answer(shown.SkillAnswer, 200, "The skill as it is now.", headers=[_ETAG], example="update")],
        body=serializers.UpdateSkillBody,
        headers=[_ONLY],
        examples=["update_request"],
        errors=[409, 412],
    ),
    ("skill", "DELETE"): Operation(
        "delete_skill",
        _SKILLS,
        "Delete a skill",
        "With all its versions. An operator can bring it back.",
        [Answer(shown.DeletedAnswer, example="delete")],
    ),
    ("versions", "GET"): Operation(
        "list_versions",
        _VERSIONS,
        "List versions",
        "The newest first.",
        [Answer(shown.VersionsAnswer, example="versions", description="The page.")],
        query=serializers.Page,
    ),
    ("versions", "POST"): Operation(
        "create_version",
        _VERSIONS,
        "Cut a version",
        "Becomes the current version only when it is ahead of it. Without `content` it has the skill's.",
        [Answer(shown.VersionAnswer, 201, "The new version.", headers=[_ETAG], example="create_version")],
        body=serializers.CreateVersionBody,
        examples=["create_version_request", "create_version_full_request"],
        errors=[409],
    ),
    ("version", "GET"): Operation(
        "get_version",
        _VERSIONS,
        "Read a version",
        "`latest` is the current one. `include=content` adds its text and files.",
        [Answer(shown.VersionAnswer, 200, "The version.", headers=[_ETAG], example="version"), _UNCHANGED],
        query=serializers.Include,
        headers=[_KNOWN],
    ),
    ("version", "DELETE"): Operation(
        "delete_version",
        _VERSIONS,
        "Delete a version",
        "Its number is not given again. The only version of a skill stays.",
        [Answer(shown.DeletedVersionAnswer, example="delete_version")],
        errors=[409],
    ),
    ("diff", "GET"): Operation(
        "diff_versions",
        _VERSIONS,
        "Compare two versions",
        "What changed from the first to the second, in that direction.",
        [Answer(shown.DiffAnswer, description="The difference.")],
    ),
    ("token", "POST"): Operation(
        "issue_token",
        _TOKENS,
        "Get an access token",
        "For a user name and password, or an API key as the credential; in development mode also for a role alone."
        " It is never worth more than who asks.",
        [Answer(shown.TokenAnswer, description="The token.")],
        body=serializers.TokenBody,
        is_body_required=False,
        examples=["token_request"],
        errors=[401, 403],
        is_open=True,
    ),
    ("verify", "GET"): Operation(
        "verify_credential",
        _TOKENS,
        "What the credential is worth",
        "The role is the present one.",
        [Answer(shown.CredentialAnswer, description="User, role, scopes and end.")],
    ),
    ("revoke", "POST"): Operation(
        "revoke_token",
        _TOKENS,
        "Give a token back",
        "Ends the token that asks. API keys are revoked in the admin.",
        [Answer(shown.RevokedAnswer)],
        errors=[400],
    ),
}

_ADDRESS = "^[a-z0-9]([a-z0-9_-]{0,253}[a-z0-9])?$"
CONTRACT = Contract(
    name="code",
    title="Guildhall: Claude Code v1",
    description="Skills with semantic versions for coding agents, and the access tokens to read and change them.",
    routes=[Route("/api/code/v1/", "code", urls.urlpatterns), Route("/auth/", "auth", urls.auth_urlpatterns)],
    operations=OPERATIONS,
    parameters={
        "skill_id": {"type": "string", "pattern": _ADDRESS, "description": "The skill's id."},
        "number": {"type": "string", "maxLength": 64, "description": "A version, or `latest`."},
        "other": {"type": "string", "maxLength": 64, "description": "The version to compare with, or `latest`."},
    },
    tags={
        _SKILLS: "The tenant's skills and the shared ones.",
        _VERSIONS: "Versions, which never change.",
        _TOKENS: "Access tokens.",
    },
    error=shown.ErrorAnswer,
    errors={
        400: "The request cannot be understood, or a value is wrong (`VALIDATION_ERROR`).",
        401: "No credential, or one that is not (any more) good.",
        403: "The role or the credential does not allow it, or the skill is shared.",
        404: "There is no such skill or version for the caller.",
        409: "It is not possible as things stand.",
        412: "The skill is not what `If-Match` says.",
        413: "The body is too large.",
        415: "The body is no JSON.",
        429: "Too many calls, or too many attempts.",
        500: "Something went wrong here.",
        503: "Not possible at the moment.",
    },
    error_examples={
        400: json.loads((GOLDEN / "validation_error.json").read_text()),
        404: json.loads((GOLDEN / "not_found.json").read_text()),
    },
    enums=[shown.SourceType, shown.Role, shown.Scope],
    input_statuses=[400],
    examples=GOLDEN,
)
