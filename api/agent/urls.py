"""Routes of Kaman, below /agent/api/. Fixed words come before ids."""

from api.agent import views
from api.urls import route

app_name = "agent"
urlpatterns = [
    route("skills", views.SkillList.as_view(), "skills"),
    route("skills/search", views.SkillSearch.as_view(), "search"),
    route("skills/(?P<skill_id>[^/]+)", views.SkillDetail.as_view(), "skill"),
]
