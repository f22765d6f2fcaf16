"""Fields of Kaman alone. Loaded for its effect."""

from __future__ import annotations

from typing import Any

from api.agent.bodies import Identifier
from api.schema.fields import TextField


class IdentifierField(TextField):
    target_class = Identifier
    priority = 2

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}
