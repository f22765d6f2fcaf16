"""Every operation of Kaman."""

from __future__ import annotations

from django.conf import settings

from api.agent import bodies, serializers, urls
from api.agent.schema import fields
from api.agent.schema import models as shown
from api.schema.operations import Answer, Contract, Operation, Route

__all__ = ["fields"]

GOLDEN = settings.BASE_DIR / "tests" / "api" / "agent" / "golden"
_SKILLS, _MARKETPLACE = "skills", "marketplace"

OPERATIONS = {
    ("skills", "GET"): Operation(
        "list_skills",
        _SKILLS,
        "List skills",
        "The tenant's skills and the shared ones, the newest first. Filters narrow; an unknown status or source finds"
        " nothing.",
        [Answer(shown.SkillPage, example="list", description="The page.")],
        query=serializers.ListQuery,
    ),
    ("skills", "POST"): Operation(
        "create_skill",
        _SKILLS,
        "Create a skill",
        "Its address follows from the name; the same name again is the next version of the same address.",
        [Answer(shown.Skill, 201, example="create", description="The new skill.")],
        body=bodies.CreateBody,
        examples=["create_request"],
        errors=[409],
    ),
    ("search", "POST"): Operation(
        "search_skills",
        _SKILLS,
        "Search skills",
        "By meaning, by words and by trigger keywords, which always find their skills.",
        [Answer(shown.FoundSkills, example="search", description="What was found.")],
        body=serializers.SearchBody,
        examples=["search_request"],
    ),
    ("marketplace", "POST"): Operation(
        "search_marketplace",
        _MARKETPLACE,
        "Search the marketplace",
        "What other tenants offer, without the content; the caller's own are left out.",
        [Answer(shown.Offers, example="marketplace", description="What was found.")],
        body=serializers.MarketplaceSearchBody,
        examples=["marketplace_request"],
    ),
    ("updates", "GET"): Operation(
        "list_updates",
        _MARKETPLACE,
        "List updates",
        "The installed skills of which the source says something newer.",
        [Answer(shown.UpdateList, description="What is newer.")],
    ),
    ("skill", "GET"): Operation(
        "get_skill",
        _SKILLS,
        "Read a skill",
        "Of the tenant or shared; whatever its status.",
        [Answer(shown.Skill, example="detail", description="The skill.")],
    ),
    ("skill", "PUT"): Operation(
        "update_skill",
        _SKILLS,
        "Change a skill",
        "Changes what the body names and makes the next version. Shared skills cannot be changed.",
        [Answer(shown.Skill, example="update", description="The skill as it is now.")],
        body=bodies.UpdateBody,
        examples=["update_request"],
        errors=[409],
    ),
    ("skill", "DELETE"): Operation(
        "deprecate_skill",
        _SKILLS,
        "Deprecate a skill",
        "The skill stays, deprecated; a second time changes nothing. `PUT` with `status` brings it back.",
        [Answer(shown.Message, example="delete")],
    ),
    ("usage", "POST"): Operation(
        "record_usage",
        _SKILLS,
        "Tell that a skill was used",
        "Of shared skills too. Without an `event_id` every call is another use.",
        [Answer(shown.SkillMessage)],
        body=bodies.UsageBody,
        is_body_required=False,
    ),
    ("publish", "POST"): Operation(
        "publish_skill",
        _MARKETPLACE,
        "Offer a skill to other tenants",
        "Where the tenant requires review and the content checks find something, somebody must say that they saw it.",
        [Answer(shown.SkillMessage, example="publish")],
        query=serializers.PublishQuery,
        errors=[409],
    ),
    ("unpublish", "POST"): Operation(
        "unpublish_skill",
        _MARKETPLACE,
        "Take a skill off the marketplace",
        "Copies that were installed stay as they are.",
        [Answer(shown.SkillMessage, example="unpublish")],
    ),
    ("install", "POST"): Operation(
        "install_skill",
        _MARKETPLACE,
        "Install a skill of another tenant",
        "Makes an independent copy.",
        [Answer(shown.Skill, 201, example="install", description="The copy.")],
        errors=[400, 409],
    ),
    ("update", "GET"): Operation(
        "get_update",
        _MARKETPLACE,
        "How a copy stands to its source",
        "For a skill that was installed from the marketplace.",
        [Answer(shown.Update, description="Both versions.")],
    ),
    ("pull", "POST"): Operation(
        "pull_update",
        _MARKETPLACE,
        "Take the source's newest version",
        "A copy that was changed here is replaced only with `force`.",
        [Answer(shown.Skill, description="The copy as it is now.")],
        body=serializers.PullBody,
        is_body_required=False,
        errors=[409],
    ),
}

CONTRACT = Contract(
    name="agent",
    title="Guildhall: Kaman skills",
    description="Skills as agents use them: found by meaning, read, counted, offered to other tenants and installed.",
    routes=[Route("/agent/api/", "agent", urls.urlpatterns)],
    operations=OPERATIONS,
    parameters={"skill_id": {"type": "string", "format": "uuid", "description": "The skill's id, a UUID."}},
    tags={_SKILLS: "The tenant's skills and the shared ones.", _MARKETPLACE: "What tenants offer each other."},
    error=shown.Error,
    errors={
        400: "The request cannot be understood, or a value is wrong.",
        401: "No credential, or one that is not (any more) good.",
        403: "The credential may not do this, or the skill is shared.",
        404: "There is no such skill for the caller.",
        409: "It is not possible as things stand.",
        413: "The body is too large.",
        415: "The body is no JSON.",
        429: "Too many calls, or the month's tokens are used.",
        500: "Something went wrong here.",
        503: "Not possible at the moment.",
    },
    error_examples={401: {"error": "Unauthorized"}, 404: {"error": "Skill not found"}},
    enums=[shown.SkillStatus, shown.SourceType],
    input_statuses=[400],
    examples=GOLDEN,
)
