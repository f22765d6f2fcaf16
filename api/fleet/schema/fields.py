"""Fields of Fleet alone. Loaded for its effect."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension

from api.fleet.serializers import Share


class ShareField(OpenApiSerializerFieldExtension):
    target_class = Share

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "number", "minimum": 0, "maximum": 1}
