"""The OpenAPI documents as they are committed, and the page that shows them, for everybody: they tell no secrets."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.views import View
from django.views.generic import TemplateView

from core.text import sha256_hex

# The documents' names with what the page calls them; the first is the one of all.
NAMES = {"guildhall": "Everything", "fleet": "Skills Fleet", "code": "Claude Code v1", "agent": "Kaman skills"}
FOLDER = Path(settings.BASE_DIR) / "docs" / "openapi"


@cache
def document(name: str) -> tuple[bytes, str]:
    """A document and its ETag."""
    content = (FOLDER / f"{name}.json").read_bytes()
    return content, f'"{sha256_hex(content)[:32]}"'


class Document(View):
    """One document; without a name the one of all."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest, name: str = "guildhall") -> HttpResponseBase:
        content, etag = document(name)
        headers = {"ETag": etag, "Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
        answer = HttpResponse(content, content_type="application/json", headers=headers)
        return get_conditional_response(request, etag=etag, response=answer) or answer


# Swagger UI draws its icons from addresses that hold them, and brings a style sheet with its logo, known by its digest.
_LOGO_STYLE = "'sha256-RL3ie0nH+Lzz2YNqQN83mnU0J1ot4QL7b99vMdIX99w='"


@method_decorator(csp_update({"img-src": ["data:"], "style-src": [_LOGO_STYLE]}), name="dispatch")
class Documentation(TemplateView):
    """The documents as pages, where calls can be tried. All of its files are served from here."""

    template_name = "api/docs.html"
    http_method_names = ["get", "head"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        documents = [{"name": title, "url": f"/api/schema/{name}.json"} for name, title in NAMES.items()]
        return super().get_context_data(documents=documents, **kwargs)
