"""One port for everything: streams go to Channels consumers, all other requests to Django over the WSGI bridge."""

from config.wsgi import application as django  # isort: skip  (sets Django up: what follows imports its models)

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path

from api.fleet.streams import JobStream, NewJobStream
from api.handlers import refuse
from config.bridge import Lifespan, WSGIBridge

bridge = WSGIBridge(django, threads=settings.WEB_THREADS, max_body=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, refuse=refuse)
application = ProtocolTypeRouter(
    {
        "http": URLRouter(
            [
                re_path(r"^api/v1/skills/stream/?\Z", NewJobStream.as_asgi()),
                re_path(r"^api/v1/skills/(?P<job_id>[^/]+)/stream/?\Z", JobStream.as_asgi()),
                re_path(r"^api/v1/jobs/(?P<job_id>[^/]+)/events/?\Z", JobStream.as_asgi()),
                re_path("", bridge),  # type: ignore[arg-type]
            ]
        ),
        "lifespan": Lifespan(bridge.close),
    }
)
