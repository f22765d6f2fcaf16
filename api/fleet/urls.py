"""Routes of Fleet, below /api/v1/. A skill's id may be a path, so that words reserved at its end come first."""

from api.fleet.views import analytics, conversations, jobs, optimization, quality, skills, taxonomy
from api.urls import route

_SKILL = "skills/(?P<skill_id>.+?)"
_JOB = "(?P<job_id>[^/]+)"
# The document's name for conversations, and the original's.
_CHAT = "(?:conversational|chat)"
_SESSION = f"{_CHAT}/session/(?P<session_id>[^/]+)"
_USER = "taxonomy/user/(?P<user_id>[^/]+)"

app_name = "fleet"
urlpatterns = [
    route("skills", skills.SkillList.as_view(), "skills"),
    route("skills/validate", skills.PathValidation.as_view(), "validate-path"),
    route(f"{_SKILL}/validate", skills.SkillValidation.as_view(), "validate-skill"),
    route(f"{_SKILL}/refine", skills.SkillRefinement.as_view(), "refine"),
    route(_SKILL, skills.SkillDetail.as_view(), "skill"),
    route("jobs", jobs.JobList.as_view(), "jobs"),
    route(f"jobs/{_JOB}", jobs.JobDetail.as_view(), "job"),
    route(f"jobs/{_JOB}/cancel", jobs.JobCancellation.as_view(), "cancel-job"),
    route("hitl/config", jobs.HitlConfig.as_view(), "hitl-config"),
    route(f"hitl/{_JOB}/prompt", jobs.PromptDetail.as_view(), "prompt"),
    route(f"hitl/{_JOB}/response", jobs.PromptResponse.as_view(), "respond"),
    route(f"drafts/{_JOB}/promote", jobs.DraftPromotion.as_view(), "promote"),
    route("taxonomy", taxonomy.TaxonomyTree.as_view(), "taxonomy"),
    route(_USER, taxonomy.UserTaxonomyDetail.as_view(), "user-taxonomy"),
    route(f"{_USER}/adapt", taxonomy.UserAdaptation.as_view(), "adapt-taxonomy"),
    route("taxonomy/xml", taxonomy.TaxonomyXml.as_view(), "taxonomy-xml"),
    route("analytics", analytics.Analytics.as_view(), "analytics"),
    route("analytics/recommendations", analytics.Recommendations.as_view(), "recommendations"),
    route("analytics/events", analytics.UsageEvents.as_view(), "usage-events"),
    route("quality/validate", quality.ContentValidation.as_view(), "validate-content"),
    route("quality/assess", quality.Assessment.as_view(), "assess"),
    route("quality/fix", quality.Fix.as_view(), "fix"),
    route("optimization/analyze", optimization.Analysis.as_view(), "analyze"),
    route("optimization/improve", optimization.Improvement.as_view(), "improve"),
    route("optimization/compare", optimization.Comparison.as_view(), "compare"),
    route(f"{_CHAT}/message", conversations.Messages.as_view(), "message"),
    route(f"{_CHAT}/sessions", conversations.SessionList.as_view(), "sessions"),
    route(_SESSION, conversations.SessionDetail.as_view(), "session"),
    route(f"{_SESSION}/history", conversations.History.as_view(), "history"),
]
