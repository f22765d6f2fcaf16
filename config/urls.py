"""All URLs."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import include, path
from django.views.generic import RedirectView

from api.code.urls import auth_urlpatterns
from api.health import urlpatterns as health_urls
from api.schema.urls import urlpatterns as schema_urls
from config.desk import counts


def front_door(request: HttpRequest) -> HttpResponseRedirect:
    """Staff work at the desk; everybody else looks for skills."""
    at_desk = not request.user.is_authenticated or getattr(request.user, "is_staff", False)
    return redirect("admin:index" if at_desk else "catalogue:home")


handler400 = "api.handlers.bad_request"
handler403 = "api.handlers.permission_denied"
handler404 = "api.handlers.not_found"
handler500 = "api.handlers.server_error"

urlpatterns = [
    path("", front_door),
    path("admin/counts/", admin.site.admin_view(counts), name="counts"),
    path("admin/", admin.site.urls),
    path("catalogue", RedirectView.as_view(pattern_name="catalogue:home")),
    path("catalogue/", include("catalogue.urls")),
    *health_urls,
    *schema_urls,
    path("api/v1/", include("api.fleet.urls")),
    path("agent/api/", include("api.agent.urls")),
    path("api/code/v1/", include("api.code.urls")),
    path("auth/", include((auth_urlpatterns, "auth"))),
]
