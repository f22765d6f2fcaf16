"""Work on skills that may be late: embedding what could not be embedded when saved, forgetting old searches."""

import logging

from celery import shared_task

from core import heartbeat
from core.errors import Unavailable
from skills import search, searches

logger = logging.getLogger(__name__)


@shared_task(name="skills.embed_pending")
def embed_pending() -> None:
    try:
        search.embed_pending(limit=200)
        heartbeat.beat("embedder")
    except Unavailable as problem:
        heartbeat.beat("embedder", trouble=problem.message)
        logger.warning("skills wait for their embeddings: %s", problem.message)


@shared_task(name="skills.forget_searches")
def forget_searches() -> None:
    searches.forget_searches()
