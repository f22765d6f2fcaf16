"""One port for everything: streams go to Channels consumers, all other requests to Django over the WSGI bridge."""

from config.wsgi import application as django  # isort: skip  (sets Django up: what follows imports its models)

from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import re_path

from api.fleet import stream_urls
from api.handlers import refuse
from config.bridge import Lifespan, WSGIBridge
from config.live import DeskJobStream


def _bridge(threads: int) -> WSGIBridge:
    return WSGIBridge(django, threads=threads, max_body=settings.DATA_UPLOAD_MAX_MEMORY_SIZE, refuse=refuse)


bridge = _bridge(settings.WEB_THREADS)
# Answers may wait for a model: on threads of their own they hold up nothing else.
conversation = _bridge(settings.ASSISTANT_THREADS)


def close() -> None:
    bridge.close()
    conversation.close()


application = ProtocolTypeRouter(
    {
        "http": URLRouter(
            [
                *stream_urls.urlpatterns,
                re_path(r"^admin/jobs/job/(?P<job_id>[^/]+)/live/?\Z", DeskJobStream.as_asgi()),
                re_path(stream_urls.CHAT + r"/message/?\Z", conversation),  # type: ignore[arg-type]
                re_path("", bridge),  # type: ignore[arg-type]
            ]
        ),
        "lifespan": Lifespan(close),
    }
)
