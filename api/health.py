"""GET /health: the API is available."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from api.fleet.contract import DIALECT
from api.urls import route
from api.views import ContractView


class Health(ContractView):
    dialect = DIALECT
    permission_classes: list[Any] = []
    scopes = {"GET": None, "HEAD": None}

    def get(self, request: Request) -> Response:
        return Response({"status": "ok", "version": settings.VERSION})


urlpatterns = [route("health", Health.as_view(), "health")]
