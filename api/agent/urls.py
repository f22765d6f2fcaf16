"""Routes of Kaman, below /agent/api/. Fixed words come before ids."""

from api.agent.views.marketplace import (
    Installation,
    MarketplaceSearch,
    Publication,
    Pull,
    UpdateDetail,
    UpdateList,
    Withdrawal,
)
from api.agent.views.search import SkillSearch
from api.agent.views.skills import SkillDetail, SkillList
from api.agent.views.usage import SkillUsage
from api.urls import route

app_name = "agent"
urlpatterns = [
    route("skills", SkillList.as_view(), "skills"),
    route("skills/search", SkillSearch.as_view(), "search"),
    route("skills/marketplace/search", MarketplaceSearch.as_view(), "marketplace"),
    route("skills/updates", UpdateList.as_view(), "updates"),
    route("skills/(?P<skill_id>[^/]+)", SkillDetail.as_view(), "skill"),
    route("skills/(?P<skill_id>[^/]+)/usage", SkillUsage.as_view(), "usage"),
    route("skills/(?P<skill_id>[^/]+)/publish", Publication.as_view(), "publish"),
    route("skills/(?P<skill_id>[^/]+)/unpublish", Withdrawal.as_view(), "unpublish"),
    route("skills/(?P<skill_id>[^/]+)/install", Installation.as_view(), "install"),
    route("skills/(?P<skill_id>[^/]+)/updates", UpdateDetail.as_view(), "update"),
    route("skills/(?P<skill_id>[^/]+)/pull", Pull.as_view(), "pull"),
]
