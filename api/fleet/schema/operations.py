"""Every operation of Skills Fleet, streams too."""

from __future__ import annotations

import json

from django.conf import settings

from api.fleet import serializers, stream_urls, urls
from api.fleet.schema import bodies, fields
from api.fleet.schema.models import (
    Error,
    Health,
    conversations,
    events,
    jobs,
    measured,
    prompts,
    skills,
    taxonomy,
    words,
)
from api.health import urlpatterns as health_urls
from api.schema.operations import EVENTS, TEXT, Answer, Contract, Header, Operation, PlainText, Route

__all__ = ["fields"]

GOLDEN = settings.BASE_DIR / "tests" / "api" / "fleet" / "golden"
_SKILLS, _JOBS, _TAXONOMY = "skills", "jobs", "taxonomy"
_QUALITY, _OPTIMIZATION, _ANALYTICS = "quality", "optimization", "analytics"
_CONVERSATIONS, _HEALTH = "conversations", "health"
_IDEMPOTENCY = Header(
    "Idempotency-Key", "The caller's own for this request: sent again it answers the same job.", {"type": "string"}
)
_CURSOR = Header(
    "Last-Event-ID", "The id of the last event that was seen; what came after it is sent. Without it all is.",
    {"type": "integer", "minimum": 0},
)  # fmt: skip
_TOTAL = Header("X-Total-Count", "How many there are beyond the page.", {"type": "integer"})
_ETAG = Header("ETag", "Of all that the answer says; send it back as `If-None-Match`.")
_KNOWN = Header("If-None-Match", "ETags the caller has; where one is still right, the answer is 304 without a body.")
_ONLY = Header("If-Match", "The ETag the caller goes by; where it is not right any more, the answer is 412.")
_JOB_EVENTS = Answer(events.JobEvent, 200, "Events; the `data` of each is one such object.", EVENTS)
_TALK_EVENTS = Answer(events.ConversationEvent, 200, "Events; the `data` of each is one such object.", EVENTS)
_ENDS = " The stream ends with `[DONE]`; one that breaks off is resumed by `Last-Event-ID`."

_SKILL_OPERATIONS = {
    ("skills", "GET"): Operation(
        "list_skills",
        _SKILLS,
        "List skills",
        "By id, one for each.",
        [Answer(skills.Skills, 200, "The page.", headers=[_TOTAL])],
        query=serializers.ListSkillsQuery,
        errors=[404],
    ),
    ("skills", "POST"): Operation(
        "create_skill",
        _SKILLS,
        "Have a skill written",
        "Starts a job that writes the skill. Follow it by its stream or by `GET /api/v1/jobs/{job_id}`, answer what it"
        " asks, and promote its draft.",
        [Answer(jobs.StartedJob, 200, "The job.", example="create")],
        body=serializers.CreateSkillBody,
        headers=[_IDEMPOTENCY],
        examples=["create_request"],
        errors=[409],
    ),
    ("validate-path", "POST"): Operation(
        "validate_path",
        _SKILLS,
        "Check a draft or a skill by its path",
        "A draft is `_drafts/<job>/<skill>`, a skill its path in the taxonomy.",
        [Answer(skills.Report, 200, "How it meets the rules.", example="validate_path")],
        body=serializers.ValidatePathBody,
        examples=["validate_path_request"],
        errors=[404],
    ),
    ("validate-skill", "POST"): Operation(
        "validate_skill",
        _SKILLS,
        "Check a stored skill",
        "With its files.",
        [Answer(skills.Report, 200, "How it meets the rules.", example="validate")],
    ),
    ("refine", "POST"): Operation(
        "refine_skill",
        _SKILLS,
        "Have a skill refined",
        "Starts a job that works the feedback in and ends in a draft of the next version.",
        [Answer(jobs.AcceptedJob, 202, "The job.", example="refine")],
        body=serializers.RefineBody,
        headers=[_IDEMPOTENCY],
        examples=["refine_request"],
        errors=[409],
    ),
    ("skill", "GET"): Operation(
        "get_skill",
        _SKILLS,
        "Read a skill",
        "By its id, by an address it once had, or by its path in the taxonomy.",
        [
            Answer(skills.Skill, 200, "The skill.", headers=[_ETAG], example="skill"),
            Answer(None, 304, "The caller has it.", headers=[_ETAG]),
        ],
        headers=[_KNOWN, _ONLY],
        errors=[412],
    ),
    ("skill", "PUT"): Operation(
        "update_skill",
        _SKILLS,
        "Change a skill",
        "Changes what the body names and cuts a version where the text changes. Shared skills cannot be changed.",
        [Answer(skills.UpdatedSkill, 200, "The skill as it is now.", example="update")],
        body=bodies.UpdateSkillBody,
        is_body_required=False,
        examples=["update_request"],
        errors=[409],
    ),
    ("create-and-stream", "POST"): Operation(
        "create_and_stream",
        _SKILLS,
        "Have a skill written and follow it",
        "As `POST /api/v1/skills`; the first event bears the job's id." + _ENDS,
        [_JOB_EVENTS],
        body=serializers.StreamSkillBody,
        headers=[_IDEMPOTENCY],
        examples=["create_request"],
        errors=[409],
    ),
}
_JOB_OPERATIONS = {
    ("jobs", "GET"): Operation(
        "list_jobs",
        _JOBS,
        "List jobs",
        "The caller's (managers: the tenant's), the newest first.",
        [Answer(jobs.JobPage, 200, "The page.", headers=[_TOTAL])],
        query=serializers.ListJobsQuery,
    ),
    ("job", "GET"): Operation(
        "get_job",
        _JOBS,
        "How a job stands",
        "And, when it is finished, what it made.",
        [Answer(jobs.Job, 200, "The job.", example="job")],
    ),
    ("cancel-job", "POST"): Operation(
        "cancel_job",
        _JOBS,
        "Cancel a job",
        "A waiting job ends at once, a running one at its next step.",
        [Answer(jobs.CancelledJob)],
        body=serializers.CancelBody,
        is_body_required=False,
        errors=[409],
    ),
    ("job-stream", "GET"): Operation(
        "stream_skill_job",
        _JOBS,
        "Follow a job (the original's address)",
        "The same as `GET /api/v1/jobs/{job_id}/events`." + _ENDS,
        [_JOB_EVENTS],
        query=serializers.ResumeQuery,
        headers=[_CURSOR],
    ),
    ("job-events", "GET"): Operation(
        "stream_job_events",
        _JOBS,
        "Follow a job",
        "All that happened, and then what happens, until the job is finished." + _ENDS,
        [_JOB_EVENTS],
        query=serializers.ResumeQuery,
        headers=[_CURSOR],
    ),
    ("hitl-config", "GET"): Operation(
        "get_hitl_config",
        _JOBS,
        "How jobs ask people",
        "Time limits, and the words that decide.",
        [Answer(prompts.HitlConfig, 200, "The settings.", example="hitl_config")],
    ),
    ("prompt", "GET"): Operation(
        "get_prompt",
        _JOBS,
        "What a job asks",
        "And how it stands where it asks nothing.",
        [Answer(prompts.Prompt, 200, "The prompt.", example="prompt")],
    ),
    ("respond", "POST"): Operation(
        "answer_prompt",
        _JOBS,
        "Answer what a job asks",
        "Of several people answering at once one decides; the others get `ignored`, as do answers nobody asked for.",
        [Answer(prompts.PromptOutcome, 200, "What became of the answer.", example="response")],
        body=bodies.PromptAnswer,
        examples=["response_request"],
    ),
    ("promote", "POST"): Operation(
        "promote_draft",
        _JOBS,
        "Make a job's draft a skill",
        "Or the next version of one.",
        [Answer(jobs.PromotedDraft, example="promote")],
        body=serializers.PromoteBody,
        is_body_required=False,
        examples=["promote_request"],
        errors=[409],
    ),
}
_TAXONOMY_OPERATIONS = {
    ("taxonomy", "GET"): Operation(
        "get_taxonomy",
        _TAXONOMY,
        "The taxonomy",
        "All categories the tenant sees.",
        [Answer(taxonomy.WholeTaxonomy, 200, "The categories.", example="taxonomy")],
    ),
    ("taxonomy", "POST"): Operation(
        "save_category",
        _TAXONOMY,
        "Make or change categories",
        "One category as the document sends it, or several by path as the original does. For managers.",
        [Answer(taxonomy.SavedTaxonomy)],
        body=bodies.TaxonomyChange,
        examples=["category_request"],
        errors=[404, 409],
    ),
    ("user-taxonomy", "GET"): Operation(
        "get_user_taxonomy",
        _TAXONOMY,
        "The taxonomy as a user adapted it",
        "Priorities first, what is hidden left out.",
        [Answer(taxonomy.UserTaxonomy, 200, "Categories and skills.", example="user_taxonomy")],
    ),
    ("adapt-taxonomy", "POST"): Operation(
        "adapt_taxonomy",
        _TAXONOMY,
        "Adapt the taxonomy for a user",
        "What is named is stored as it is; the original's history becomes priorities.",
        [Answer(taxonomy.AdaptationReport, 200, "What is stored now.")],
        body=serializers.AdaptBody,
        is_body_required=False,
        examples=["adapt_request"],
    ),
    ("taxonomy-xml", "GET"): Operation(
        "get_available_skills",
        _TAXONOMY,
        "The skills for a system prompt",
        "XML, `<available_skills>`; with `user_id` as this user adapted the taxonomy.",
        [Answer(PlainText, 200, "XML without a declaration.", TEXT)],
        query=serializers.UserQuery,
    ),
}
_FIGURE_OPERATIONS = {
    ("analytics", "GET"): Operation(
        "get_usage",
        _ANALYTICS,
        "How skills are used",
        "By the tenant, or by one user.",
        [Answer(measured.Usage, 200, "The figures.", example="analytics")],
        query=serializers.UserQuery,
    ),
    ("recommendations", "GET"): Operation(
        "get_recommendations",
        _ANALYTICS,
        "Skills for a user to look at",
        "At most ten, each for the strongest of its reasons.",
        [Answer(measured.Advice, 200, "The advice.", example="recommendations")],
        query=serializers.RequiredUserQuery,
    ),
    ("usage-events", "POST"): Operation(
        "record_usage",
        _ANALYTICS,
        "Tell how skills were used",
        "One event, an array of them, or an object with `events`: all are recorded or none.",
        [Answer(measured.Recorded, 201, "How many were new.")],
        body=bodies.UsageReport,
        errors=[404],
    ),
    ("validate-content", "POST"): Operation(
        "validate_content",
        _QUALITY,
        "Check a text against the rules",
        "A text, or a stored skill.",
        [Answer(skills.Compliance, 200, "What was found.", example="quality_validate")],
        body=serializers.ValidateContentBody,
        examples=["quality_validate_request"],
        errors=[404],
    ),
    ("assess", "POST"): Operation(
        "assess_content",
        _QUALITY,
        "Judge a text in figures",
        "A text, or a stored skill; with a plan also whether it covers its criteria.",
        [Answer(skills.Assessment, 200, "The figures.", example="assess")],
        body=serializers.AssessBody,
        examples=["assess_request"],
        errors=[404],
    ),
    ("fix", "POST"): Operation(
        "fix_content",
        _QUALITY,
        "Mend issues of a text",
        "A fix is claimed only where its check passes afterwards.",
        [Answer(skills.Fixed, 200, "The mended text.", example="fix")],
        body=bodies.FixBody,
        examples=["fix_request"],
        errors=[404],
    ),
    ("analyze", "POST"): Operation(
        "analyze_skill",
        _OPTIMIZATION,
        "Measure a skill",
        "How well queries find it, and what its text costs. Without `metrics` all figures.",
        [Answer(measured.AnalysisReport, 200, "The figures.", example="analyze")],
        body=serializers.AnalyzeBody,
        examples=["analyze_request"],
        errors=[404],
    ),
    ("improve", "POST"): Operation(
        "improve_skill",
        _OPTIMIZATION,
        "Have a skill improved",
        "Starts a job that measures variants and has the best approved.",
        [Answer(jobs.AcceptedJob, 202, "The job.", example="improve")],
        body=serializers.ImproveBody,
        headers=[_IDEMPOTENCY],
        examples=["improve_request"],
        errors=[404, 409],
    ),
    ("compare", "POST"): Operation(
        "compare_skills",
        _OPTIMIZATION,
        "Compare two skills",
        "On the same queries.",
        [Answer(measured.ComparisonReport, 200, "The figures.", example="compare")],
        body=serializers.CompareBody,
        examples=["compare_request"],
        errors=[404],
    ),
}
_TALK_OPERATIONS = {
    ("message", "POST"): Operation(
        "send_message",
        _CONVERSATIONS,
        "Say something to the assistant",
        "Waits for the answer. Sent again under the same `client_message_id` it is answered as the first time.",
        [Answer(conversations.Answer, 200, "The answer.", example="message")],
        body=serializers.MessageBody,
        headers=[_IDEMPOTENCY],
        examples=["message_request"],
        errors=[409],
    ),
    ("sessions", "GET"): Operation(
        "list_sessions", _CONVERSATIONS, "List conversations", "The caller's own, the last used first.",
        [Answer(conversations.SessionList, 200, "At most two hundred.", example="sessions")],
    ),
    ("session", "POST"): Operation(
        "open_session", _CONVERSATIONS, "Open a conversation", "Makes it where it is not there yet.",
        [Answer(conversations.OpenedSession, example="session")], errors=[409, 422],
    ),
    ("history", "GET"): Operation(
        "get_history", _CONVERSATIONS, "Read a conversation", "Its last thousand messages, in their order.",
        [Answer(conversations.History, 200, "The messages.", example="history")],
    ),
    ("message-stream", "POST"): Operation(
        "send_and_stream",
        _CONVERSATIONS,
        "Say something and follow the answer",
        "The message is stored before the first byte; `GET` on the session's stream resumes." + _ENDS,
        [_TALK_EVENTS],
        body=serializers.MessageBody,
        headers=[_IDEMPOTENCY],
        examples=["stream_request"],
        errors=[409],
    ),
    ("session-stream", "GET"): Operation(
        "stream_session",
        _CONVERSATIONS,
        "Follow a conversation",
        "What was said after `Last-Event-ID`, to the last answer." + _ENDS,
        [_TALK_EVENTS],
        query=serializers.ResumeQuery,
        headers=[_CURSOR],
    ),
    ("health", "GET"): Operation(
        "get_health", _HEALTH, "Whether the server answers", "For everybody.",
        [Answer(Health, 200, "It does.", example="health")], is_open=True,
    ),
}  # fmt: skip

CONTRACT = Contract(
    name="fleet",
    title="Guildhall: Skills Fleet",
    description="Skills written by jobs that ask people, found, checked, measured and talked about.\n\n"
    "Conversations answer under `/api/v1/chat/…` as well, the original's address.",
    routes=[
        Route("/", "", health_urls),
        Route("/", "", stream_urls.urlpatterns),  # asked first, as in config/asgi.py
        Route("/api/v1/", "fleet", urls.urlpatterns),
    ],
    operations={
        **_SKILL_OPERATIONS, **_JOB_OPERATIONS, **_TAXONOMY_OPERATIONS, **_FIGURE_OPERATIONS, **_TALK_OPERATIONS,
    },
    parameters={
        "skill_id": {
            "type": "string", "minLength": 1, "description": "The skill's id, or its path in the taxonomy with slashes."
        },
        "job_id": {"type": "string", "format": "uuid", "description": "The job's id, a UUID."},
        "session_id": {
            "type": "string", "minLength": 1, "maxLength": 128, "description": "The caller's name for a conversation."
        },
        "user_id": {"type": "string", "minLength": 1, "maxLength": 255, "description": "The tenant's word for a user."},
    },
    tags={
        _SKILLS: "Skills, and having them written.",
        _JOBS: "Jobs, what they ask people, and their drafts.",
        _TAXONOMY: "Categories, and how users adapt them.",
        _QUALITY: "Texts against the rules and in figures.",
        _OPTIMIZATION: "How well skills are found.",
        _ANALYTICS: "How skills are used.",
        _CONVERSATIONS: "The assistant.",
        _HEALTH: "The server.",
    },
    error=Error,
    errors={
        400: "The request cannot be understood, or a description says too little.",
        401: "No credential, or one that is not (any more) good.",
        403: "The credential may not do this, or the thing is not the caller's.",
        404: "There is no such thing for the caller.",
        409: "It is not possible as things stand.",
        412: "The skill is not what `If-Match` says.",
        413: "The body is too large.",
        415: "The body is no JSON.",
        422: "A value is of a wrong type or form; `details` names each.",
        429: "Too many calls or streams, or the month's tokens are used.",
        500: "Something went wrong here.",
        502: "The model that answers failed.",
        503: "Not possible at the moment.",
    },
    error_examples={400: json.loads((GOLDEN / "create_error.json").read_text())},
    enums=[skills.SkillStatus, words.JobStatus, words.JobType],
    input_statuses=[400, 422],
    path_statuses=[400, 404, 422],
    examples=GOLDEN,
)  # fmt: skip
