"""All OpenAPI documents: one of each contract, and one of them all. Kept in docs/openapi and served from there."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

from django.conf import settings

from api.agent.schema.operations import CONTRACT as AGENT
from api.code.schema.operations import CONTRACT as CODE
from api.fleet.schema.operations import CONTRACT as FLEET
from api.schema.generator import document_of
from api.schema.operations import Contract

CONTRACTS: tuple[Contract, ...] = (FLEET, CODE, AGENT)
WHOLE = "guildhall"
_SHARED = ("schemas", "responses")


def documents() -> dict[str, dict[str, Any]]:
    """Every document by its name."""
    single = {contract.name: _tidied(document_of(contract)) for contract in CONTRACTS}
    return {WHOLE: _merged(single), **single}


def rendered() -> dict[str, str]:
    """Every document as its file's text, by the file's name."""
    return {
        f"{name}.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        for name, document in documents().items()
    }


def folder() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "openapi"


def _tidied(document: dict[str, Any]) -> dict[str, Any]:
    """Errors are told once for each status, and headers once."""
    components = document["components"]
    headers: dict[str, Any] = components.setdefault("headers", {})
    responses: dict[str, Any] = components.setdefault("responses", {})
    for operation in operations_in(document):
        for status, response in operation["responses"].items():
            for name, header in response.get("headers", {}).items():
                kept = headers.setdefault(name, header)
                assert kept == header, f"two headers are called {name}"
                response["headers"][name] = {"$ref": f"#/components/headers/{name}"}
            if status >= "400":
                name = HTTPStatus(int(status)).phrase.replace(" ", "")
                kept = responses.setdefault(name, response)
                assert kept == response, f"two answers are called {name}"
                operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return document


def operations_in(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def _merged(single: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Names that belong to one contract begin with its name."""
    whole: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": "Guildhall",
            "version": settings.VERSION,
            "description": "Three contracts over one registry of skills. Each has a document of its own beside this.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {},
        "components": {},
        "servers": [{"url": "/", "description": "The server that gave you this document."}],
        "tags": [],
    }
    for name, document in single.items():
        part = _renamed(document, name)
        whole["paths"] |= part["paths"]
        whole["tags"] += part["tags"]
        for kind, components in part["components"].items():
            whole["components"].setdefault(kind, {}).update(components)
    whole["components"] = {kind: dict(sorted(whole["components"][kind].items())) for kind in whole["components"]}
    return whole


def _renamed(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    prefix = name.capitalize()

    def reference(text: str) -> str:
        for kind in _SHARED:
            text = text.replace(f"#/components/{kind}/", f"#/components/{kind}/{prefix}")
        return text

    part: dict[str, Any] = _walked(document, reference)
    for operation in operations_in(part):
        operation["operationId"] = f"{name}_{operation['operationId']}"
        operation["tags"] = [f"{name}: {tag}" for tag in operation["tags"]]
    for tag in part["tags"]:
        tag["name"] = f"{name}: {tag['name']}"
    for kind in _SHARED:
        part["components"][kind] = {f"{prefix}{key}": value for key, value in part["components"][kind].items()}
    return part


def _walked(value: Any, reference: Callable[[str], str]) -> Any:
    """A copy in which every reference, and every mapping of a discriminator, is changed."""
    if isinstance(value, dict):
        return {key: _walked(item, reference) for key, item in value.items()}
    if isinstance(value, list):
        return [_walked(item, reference) for item in value]
    return reference(value) if isinstance(value, str) and value.startswith("#/components/") else value
