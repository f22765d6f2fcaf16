"""The fields of api/inputs.py and pydantic's models as JSON schema. Loaded for its effect on drf-spectacular."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from drf_spectacular.drainage import set_override
from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.plumbing import ResolvedComponent
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, model_json_schema

from api.inputs import MAX_ITEMS, Files, Flag, StrictText, Texts, WholeNumber, Words

if TYPE_CHECKING:
    from api.schema.generator import ContractSchema

REF = "#/components/schemas/{model}"
# A text with at least one character that is no space.
_NOT_BLANK = r"\S"
_LARGEST = 999_999


class _Untitled(GenerateJsonSchema):
    """Components have names; titles made from them would only repeat those."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def register(auto_schema: ContractSchema, name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Keeps a component, once; returns the reference to it."""
    component = ResolvedComponent(name=name, type=ResolvedComponent.SCHEMA, object=name, schema=schema)
    auto_schema.registry.register_on_missing(component)
    return component.ref


def enum_schema(enum: type[Enum]) -> dict[str, Any]:
    return {"type": "string", "enum": [one.value for one in enum], "description": (enum.__doc__ or "").strip()}


class ModelExtension(OpenApiSerializerExtension):
    """Pydantic's models, with every model and enum they are made of as a component."""

    target_class = "pydantic.BaseModel"
    match_subclasses = True
    priority = 1

    def get_name(self, auto_schema: Any, direction: Any) -> str:
        set_override(self.target, "suppress_collision_warning", True)  # whole here, a part of another model there
        return str(self.target.__name__)

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        model = cast("type[BaseModel]", self.target)
        mode: Any = "serialization" if direction == "response" else "validation"
        schema = model_json_schema(model, ref_template=REF, mode=mode, schema_generator=_Untitled)
        for name, part in schema.pop("$defs", {}).items():
            part.pop("title", None)
            register(auto_schema, name, part)
        schema.pop("title", None)
        return schema


class _Field(OpenApiSerializerFieldExtension):
    match_subclasses = True
    priority = 1

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Without null, which drf-spectacular adds."""
        return self.schema(auto_schema)

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        raise NotImplementedError


class TextField(_Field):
    target_class = StrictText

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        field = self.target
        schema: dict[str, Any] = {"type": "string"}
        if words := getattr(field, "words", None):
            return named_choice(auto_schema, words)
        if not field.allow_blank:
            schema |= {"minLength": field.min_length or 1, "pattern": _NOT_BLANK}
        if field.max_length:
            schema["maxLength"] = field.max_length
        return schema


def named_choice(auto_schema: ContractSchema, words: Iterable[str]) -> dict[str, Any]:
    """A reference to the contract's enum of these words; raises LookupError where it names none."""
    for enum in auto_schema.contract.enums:
        if [one.value for one in enum] == list(words):
            return register(auto_schema, enum.__name__, enum_schema(enum))
    raise LookupError(f"no enum of the contract has the words {words}")


class NumberField(_Field):
    target_class = WholeNumber

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        field = self.target
        return {"type": "integer", "minimum": field.minimum, "maximum": field.maximum or _LARGEST}


class WordsField(_Field):
    target_class = Words

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}, "maxItems": self.target.limit}


class TextsField(_Field):
    target_class = Texts

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "array", "items": {"type": "string", "maxLength": self.target.length}, "maxItems": MAX_ITEMS,
        }  # fmt: skip


class FlagField(_Field):
    target_class = Flag

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "boolean"}


_FILE: dict[str, dict[str, Any]] = {
    "path": {"type": "string", "description": "Relative to the skill's folder: `scripts/run.sh`."},
    "filename": {"type": "string", "description": "The last part of `path`; may be left out."},
    "content": {"type": "string", "description": "The text, or base64 where `encoding` says so."},
    "size": {"type": "integer", "description": "In bytes; counted here where it is not sent."},
    "sha": {"type": "string", "description": "The sender's own digest; SHA-256, computed here, where none is sent."},
    "encoding": {"type": "string", "enum": ["base64"], "description": "Of `content` that is no UTF-8 text."},
    "executable": {"type": "boolean", "description": "Whether the file is a program."},
}


class FilesField(_Field):
    target_class = Files

    def schema(self, auto_schema: Any) -> dict[str, Any]:
        file = {
            "type": "object",
            "description": "A file beside SKILL.md.",
            "properties": {key: _FILE[key] for key in self.target.keys},
            "required": ["path", "content"],
        }
        return {"type": "array", "items": register(auto_schema, "FileInput", file)}
