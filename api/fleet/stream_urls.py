"""The routes of Fleet's streams, which go to Channels consumers and not through Django's URLs (config/asgi.py)."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from api.fleet.chat_streams import MessageStream, SessionStream
from api.fleet.streams import JobStream, NewJobStream

CHAT = r"^api/v1/(?:conversational|chat)"

urlpatterns: list[URLPattern] = [
    re_path(r"^api/v1/skills/stream/?\Z", NewJobStream.as_asgi(), name="create-and-stream"),
    re_path(r"^api/v1/skills/(?P<job_id>[^/]+)/stream/?\Z", JobStream.as_asgi(), name="job-stream"),
    re_path(r"^api/v1/jobs/(?P<job_id>[^/]+)/events/?\Z", JobStream.as_asgi(), name="job-events"),
    re_path(CHAT + r"/stream/?\Z", MessageStream.as_asgi(), name="message-stream"),
    re_path(CHAT + r"/session/(?P<session_id>[^/]+)/stream/?\Z", SessionStream.as_asgi(), name="session-stream"),
]
