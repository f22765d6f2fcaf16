"""How callers prove who they are, as security schemes. Loaded for its effect, as api/schema/fields.py."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

_KEY = "An API key of the registry (`kam_…`), made in the admin or by `manage.py issue_api_key`."
_BEARER_KEY = {"type": "http", "scheme": "bearer", "description": _KEY}
_HEADER_KEY = {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": _KEY}
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of `POST /auth/token`. Its role and scopes are what the database says now.",
}


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return _BEARER_KEY


class AnyApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.AnyApiKeyAuthentication"
    name = ["apiKey", "apiKeyHeader"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [_BEARER_KEY, _HEADER_KEY]


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "api.authentication.TokenAuthentication"
    name = "accessToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return _TOKEN


class DevelopmentScheme(OpenApiAuthenticationExtension):
    """Development mode lets everybody in; the documents tell of production."""

    target_class = "api.authentication.DevelopmentAuthentication"
    name: list[str] = []

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        return []

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return []
