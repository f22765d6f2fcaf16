"""Where statements go: searches to a read replica, if there is one, and everything else to the primary."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

REPLICA: Final = "replica"


class SearchRouter:
    """Knows a search by the hint `search=True`. Only searches bear to see the store as it was a moment ago."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return REPLICA if hints.get("search") and REPLICA in settings.DATABASES else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Both are the same store."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == DEFAULT_DB_ALIAS
