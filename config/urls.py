"""All URLs."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from api.code.urls import auth_urlpatterns
from api.health import Health
from api.urls import route

handler400 = "api.handlers.bad_request"
handler403 = "api.handlers.permission_denied"
handler404 = "api.handlers.not_found"
handler500 = "api.handlers.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    route("health", Health.as_view(), "health"),
    path("api/v1/", include("api.fleet.urls")),
    path("agent/api/", include("api.agent.urls")),
    path("api/code/v1/", include("api.code.urls")),
    path("auth/", include((auth_urlpatterns, "auth"))),
]
