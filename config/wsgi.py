"""Django's WSGI application: what answers every request that is not a stream."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.patience import limit_statements
from config.tracing import start_tracing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
start_tracing()
application = get_wsgi_application()
limit_statements(settings.WEB_STATEMENT_SECONDS)
