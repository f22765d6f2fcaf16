"""The documents themselves: current, valid, complete, and with nothing left for the reader to guess."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.core.management import CommandError, call_command
from django.urls import get_resolver

from accounts.actor import RANK, SCOPES
from api.agent.schema import models as agent
from api.code.schema import models as code
from api.fleet.schema.models import skills, taxonomy, words
from api.fleet.stream_urls import urlpatterns as streams
from api.schema.documents import CONTRACTS, folder, operations_in, rendered
from api.schema.generator import endpoints_of
from jobs.states import JobType, PromptKind, State
from skills.models import Skill
from taxonomy.models import UserTaxonomy

NAMES = ["guildhall", "fleet", "code", "agent"]
DOCUMENTS = {name: json.loads((folder() / f"{name}.json").read_text()) for name in NAMES}
# Places that hold whatever the caller kept there, each described where it stands.
OPEN = {
    "SkillMetadata", "NewMetadata", "EventData", "FailedData", "ActionData", "PromptAnswer", "Issue", "UsageEvent",
    "MessageBody", "Skill.type",
}  # fmt: skip
TYPES = ("type", "$ref", "anyOf", "oneOf", "allOf", "enum", "const")


def schemas_in(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, schema) of a schema and of all within it."""
    if not isinstance(value, dict):
        return
    yield place, value
    for name, part in value.get("properties", {}).items():
        yield from schemas_in(part, f"{place}.{name}")
    for key in ("items", "additionalProperties"):
        yield from schemas_in(value.get(key), f"{place}.{key}")
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for part in value.get(key, []):
            yield from schemas_in(part, place)


def all_schemas(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, schema in document["components"]["schemas"].items():
        yield from schemas_in(schema, name)
    for operation in operations_in(document):
        for parameter in operation.get("parameters", []):
            yield from schemas_in(parameter["schema"], f"{operation['operationId']}({parameter['name']})")


def test_documents_are_what_the_code_says() -> None:
    """`make openapi` writes them; what changed is for a reviewer to see."""
    for name, text in rendered().items():
        assert (folder() / name).read_text() == text, f"{name} is stale: run `make openapi`"


def test_the_check_sees_a_stale_document(tmp_path: Path) -> None:
    """What `make check` runs."""
    shutil.copytree(folder(), tmp_path, dirs_exist_ok=True)
    call_command("openapi", check=True, folder=tmp_path)
    stale = tmp_path / "agent.json"
    stale.write_text(stale.read_text().replace("List skills", "List all skills"))
    with pytest.raises(CommandError, match=r"agent\.json"):
        call_command("openapi", check=True, folder=tmp_path)
    call_command("openapi", folder=tmp_path)
    assert stale.read_text() == (folder() / "agent.json").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_left_open(name: str) -> None:
    """Every schema says its type; objects name their keys or the type of all their values."""
    shrugs = []
    for place, schema in all_schemas(DOCUMENTS[name]):
        base = place.partition(".")[0].removeprefix("Fleet").removeprefix("Code").removeprefix("Agent")
        if base in OPEN or place.endswith("Skill.type"):
            continue
        is_typed = any(key in schema for key in TYPES)
        is_bare = schema.get("type") == "object" and not (
            schema.get("properties") or schema.get("additionalProperties")
        )
        if (
            not is_typed
            or is_bare
            or (schema.get("type") == "array" and not (schema.keys() & {"items", "prefixItems"}))
        ):
            shrugs.append(place)
    assert not shrugs


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_described(name: str) -> None:
    document = DOCUMENTS[name]
    missing = [key for key, schema in document["components"]["schemas"].items() if not schema.get("description")]
    for operation in operations_in(document):
        told = [operation.get("summary"), operation.get("description"), *operation["tags"]]
        told += [parameter.get("description") for parameter in operation.get("parameters", [])]
        told += [answer.get("description", "$ref" in answer) for answer in operation["responses"].values()]
        missing += [] if all(told) else [operation["operationId"]]
    assert not missing
    assert {tag for operation in operations_in(document) for tag in operation["tags"]} == {
        tag["name"] for tag in document["tags"]
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_operation_tells_its_errors(name: str) -> None:
    for path, methods in DOCUMENTS[name]["paths"].items():
        for method, operation in methods.items():
            statuses, what = set(operation["responses"]), f"{method} {path}"
            assert statuses >= {"429", "500", "503"}, what
            assert {} in operation["security"] or statuses >= {"401", "403"}, what
            assert "{" not in path or "404" in statuses, what
            assert "requestBody" not in operation or statuses >= {"400", "413", "415"}, what


@pytest.mark.parametrize("name", NAMES)
def test_operation_ids_are_words_of_their_own(name: str) -> None:
    ids = Counter(operation["operationId"] for operation in operations_in(DOCUMENTS[name]))
    assert [one for one, count in ids.items() if count > 1] == []
    assert all(one.isidentifier() and one.islower() for one in ids)


def test_the_whole_has_what_the_parts_have() -> None:
    whole = DOCUMENTS["guildhall"]
    for name in NAMES[1:]:
        for path, methods in DOCUMENTS[name]["paths"].items():
            ids = {method: f"{name}_{operation['operationId']}" for method, operation in methods.items()}
            assert {method: one["operationId"] for method, one in whole["paths"][path].items()} == ids


@pytest.mark.parametrize("name", NAMES)
def test_it_is_openapi(name: str) -> None:
    """Every reference leads somewhere, and every schema is a JSON schema."""
    document = DOCUMENTS[name]
    assert document["openapi"].startswith("3.1")
    for reference in references_in(document):
        target: Any = document
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]
        assert target
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def references_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from references_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from references_in(item)


@pytest.mark.parametrize("name", NAMES)
def test_every_component_is_used(name: str) -> None:
    document = DOCUMENTS[name]
    used = {reference.removeprefix("#/components/") for reference in references_in(document)}
    kept = {f"{kind}/{key}" for kind in ("schemas", "responses", "headers") for key in document["components"][kind]}
    assert kept - used == set()


def test_every_stream_is_in_the_document() -> None:
    documented = {operation["operationId"] for operation in operations_in(DOCUMENTS["fleet"]) if is_stream(operation)}
    assert len(documented) == len(streams)


def is_stream(operation: dict[str, Any]) -> bool:
    return "text/event-stream" in operation["responses"].get("200", {}).get("content", {})


def test_every_route_of_the_apis_is_in_a_document() -> None:
    """Routes that belong to no contract are named here."""
    known = {endpoint.view_name for contract in CONTRACTS for endpoint in endpoints_of(contract)}
    outside = {"api-document", "api-documents"}
    resolver = get_resolver()
    names = {name for name in resolver.reverse_dict if isinstance(name, str)}
    for namespace in ("fleet", "code", "agent", "auth"):
        inner = resolver.namespace_dict[namespace][1]
        names |= {f"{namespace}:{name}" for name in inner.reverse_dict if isinstance(name, str)}
    assert {name for name in names if ":" in name or name == "health"} <= known | outside


@pytest.mark.parametrize("name", NAMES[1:])
def test_examples_are_the_documents_and_fit(name: str) -> None:
    """The seeds print some objects without all their keys: what they print must fit."""
    document = DOCUMENTS[name]
    schemas = json.loads(json.dumps(document["components"]))
    for _, schema in all_schemas({"components": schemas, "paths": {}}):
        schema.pop("required", None)
    seen = 0
    for operation in operations_in(document):
        parts = [operation.get("requestBody", {}), *operation["responses"].values()]
        for content in (part.get("content", {}).get("application/json", {}) for part in parts):
            for example in content.get("examples", {}).values():
                validator = jsonschema_rs.Draft202012Validator({**content["schema"], "components": schemas})
                assert validator.is_valid(example["value"]), (operation["operationId"], example["summary"])
                seen += 1
    assert seen > 10


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (words.JobStatus, State.values),
        (words.JobType, JobType.values),
        (words.PromptType, PromptKind.values),
        (skills.SkillStatus, Skill.Status.values),
        (agent.SkillStatus, Skill.Status.values),
        (agent.SourceType, Skill.SourceType.values),
        (code.SourceType, Skill.OriginType.values),
        (code.Role, list(RANK)),
        (code.Scope, list(SCOPES)),
        (taxonomy.ExperienceLevel, UserTaxonomy.Level.values),
    ],
)
def test_enums_are_the_stores_words(shown: type[Enum], words: list[str]) -> None:
    assert [one.value for one in shown] == list(words)
