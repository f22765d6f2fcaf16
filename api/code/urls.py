"""Routes of Claude Code v1: below /api/code/v1/, and those of its tokens below /auth/."""

from api.code.views import skills, tokens, versions
from api.urls import route

_SKILL = "skills/(?P<skill_id>[^/]+)"
_VERSION = rf"{_SKILL}/versions/(?P<number>[^/]+)"

app_name = "code"
urlpatterns = [
    route("skills", skills.SkillList.as_view(), "skills"),
    route(_SKILL, skills.SkillDetail.as_view(), "skill"),
    route(f"{_SKILL}/versions", versions.VersionList.as_view(), "versions"),
    route(_VERSION, versions.VersionDetail.as_view(), "version"),
    route(f"{_VERSION}/diff/(?P<other>[^/]+)", versions.VersionDiff.as_view(), "diff"),
]
auth_urlpatterns = [
    route("token", tokens.Token.as_view(), "token"),
    route("verify", tokens.Verification.as_view(), "verify"),
    route("revoke", tokens.Revocation.as_view(), "revoke"),
]
