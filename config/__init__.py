"""Settings, URLs and process entry points; imported by nobody. Celery's application exists wherever tasks are sent."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
