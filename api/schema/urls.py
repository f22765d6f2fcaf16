"""Where the OpenAPI documents are, and the page that shows them (the original's address)."""

from api.schema.views import NAMES, Document, Documentation
from api.urls import route

urlpatterns = [
    route("api/schema", Document.as_view(), "api-documents"),
    route(rf"api/schema/(?P<name>{'|'.join(NAMES)})\.json", Document.as_view(), "api-document"),
    route("docs", Documentation.as_view(), "api-documentation"),
]
