"""Routes of Kaman, below /agent/api/. Fixed words come before ids."""

from api.agent.views.search import SkillSearch
from api.agent.views.skills import SkillDetail, SkillList
from api.agent.views.usage import SkillUsage
from api.urls import route

app_name = "agent"
urlpatterns = [
    route("skills", SkillList.as_view(), "skills"),
    route("skills/search", SkillSearch.as_view(), "search"),
    route("skills/(?P<skill_id>[^/]+)", SkillDetail.as_view(), "skill"),
    route("skills/(?P<skill_id>[^/]+)/usage", SkillUsage.as_view(), "usage"),
]
