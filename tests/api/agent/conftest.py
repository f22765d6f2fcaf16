"""The skill of the document's examples, column for column."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from skills.models import Skill
from tests.conftest import Tenant

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str) -> Any:
    """An example body of the document, as it is printed there."""
    return json.loads((GOLDEN / f"{name}.json").read_text())


def insert_skill(**columns: Any) -> Skill:
    """A row as given: no version, no embedding, none of the services' rules."""
    for name in ("created_at", "updated_at", "last_used_at"):
        if isinstance(columns.get(name), str):
            columns[name] = datetime.fromisoformat(columns[name])
    return Skill.objects.create(**{"content": "Text", **columns})


@pytest.fixture
def example(jane: Tenant) -> Skill:
    return insert_skill(**golden("detail"))
