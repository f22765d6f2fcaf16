"""One contract's document, by drf-spectacular: its operations say what, routes and authenticators say where and who."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.urls import URLPattern
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import patched_settings
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiRequest, OpenApiResponse

from api.schema import fields, security
from api.schema.operations import JSON, Contract, Header, Operation, Route
from api.streams import EventStream
from api.views import ContractView

__all__ = ["fields", "security"]

_METHODS = ("GET", "POST", "PUT", "DELETE")
_GROUP = re.compile(r"\(\?P<(\w+)>[^()]*\)")
_WORDS = re.compile(r"\(\?:(\w+)\|[^()]*\)")
_REQUEST_ID = Header(
    "X-Request-ID", "The id under which this answer is in the logs: the caller's own where it is sane."
)
_RETRY = Header("Retry-After", "Seconds after which to try again.", {"type": "integer"})


@dataclass(frozen=True)
class Endpoint:
    """One method of one route. `expression` is the whole path as the server matches it."""

    key: tuple[str, str]
    view_name: str
    path: str
    expression: str
    view: type[ContractView]


def endpoints_of(contract: Contract) -> Iterator[Endpoint]:
    """Every operation that the routes of the contract have, streams too, in the order of the routes."""
    for route in contract.routes:
        for pattern in route.patterns:
            view, methods = _view_of(pattern)
            for method in methods:
                yield _endpoint(route, pattern, view, method)


def _endpoint(route: Route, pattern: URLPattern, view: type[ContractView], method: str) -> Endpoint:
    name = str(pattern.name)
    expression = route.prefix + str(pattern.pattern).removeprefix("^")
    view_name = f"{route.namespace}:{name}" if route.namespace else name
    return Endpoint((name, method), view_name, path_of(expression), expression, view)


def path_of(expression: str) -> str:
    """A route's regular expression as a path of the document: of several words for one thing the first."""
    path = expression.removesuffix(r"/?\Z")
    return _WORDS.sub(r"\1", _GROUP.sub(r"{\1}", path)).replace("\\", "")


def _view_of(pattern: URLPattern) -> tuple[type[ContractView], list[str]]:
    """The view and its methods; of a stream the view whose checks it makes, with the one method that the stream has."""
    consumer: type[EventStream] | None = getattr(pattern.callback, "consumer_class", None)
    if consumer is None:
        view: type[ContractView] = pattern.callback.view_class  # type: ignore[attr-defined]
        return view, [method for method in _METHODS if hasattr(view, method.lower())]
    view = type(consumer.view.__name__, (consumer.view,), {consumer.method.lower(): consumer.open})
    return view, [consumer.method]


class ContractSchema(AutoSchema):
    """What the contract's table says of the view's method."""

    contract: ClassVar[Contract]
    endpoint: Endpoint

    @property
    def operation(self) -> Operation:
        return self.contract.operations[self.endpoint.key]

    @property
    def variables(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.endpoint.path)

    def get_operation_id(self) -> str:
        return self.operation.id

    def get_summary(self) -> str:
        return self.operation.summary

    def get_description(self) -> str:  # type: ignore[override]
        return self.operation.description

    def get_tags(self) -> list[str]:
        return [self.operation.tag]

    def get_auth(self) -> list[Any]:
        auth: list[Any] = super().get_auth()
        return [*auth, {}] if self.operation.is_open else auth

    def get_override_parameters(self) -> list[Any]:
        """What stands in the path, the query and the headers; and the headers of answers."""
        found: list[Any] = [self._in_path(name) for name in self.variables]
        found += [self.operation.query] if self.operation.query else []
        found += [_header(one) for one in self.operation.headers]
        found += [_header(one, answer.status) for answer in self.operation.answers for one in answer.headers]
        found += [_header(_RETRY, status) for status in (429, 503)]
        return [*found, _header(_REQUEST_ID, True)]

    def _in_path(self, name: str) -> OpenApiParameter:
        told = dict(self.contract.parameters[name])
        description = told.pop("description")
        return OpenApiParameter(name, told, OpenApiParameter.PATH, required=True, description=description)

    def get_request_serializer(self) -> Any:
        operation = self.operation
        if operation.body is None:
            return None
        examples = [self._example(name) for name in operation.examples]
        return {JSON: OpenApiRequest(request=operation.body, examples=examples)}

    def _get_request_body(self, direction: Any = "request") -> Any:
        body = super()._get_request_body(direction)  # type: ignore[no-untyped-call]
        return body and {**body, "required": self.operation.is_body_required}

    def get_response_serializers(self) -> Any:
        answers: dict[Any, OpenApiResponse] = {}
        for answer in self.operation.answers:
            key = (str(answer.status), answer.media_type) if answer.model else str(answer.status)
            examples = [self._example(answer.example)] if answer.example else []
            answers[key] = OpenApiResponse(response=answer.model, description=answer.description, examples=examples)
        statuses = self.contract.statuses(self.operation, has_path=bool(self.variables))
        return answers | {str(status): self._problem(status) for status in statuses}

    def _problem(self, status: int) -> OpenApiResponse:
        description = self.contract.errors.get(status, HTTPStatus(status).phrase)
        given = self.contract.error_examples.get(status)
        examples = [OpenApiExample(HTTPStatus(status).phrase, value=given)] if given else []
        return OpenApiResponse(response=self.contract.error, description=description, examples=examples)

    def _example(self, name: str) -> OpenApiExample:
        """A body as the documents of the contract print it, kept with the tests."""
        assert self.contract.examples
        value = json.loads((self.contract.examples / f"{name}.json").read_text())
        return OpenApiExample(name, value=value)


def _header(header: Header, status: int | bool = False) -> OpenApiParameter:
    response: Any = [status] if type(status) is int else status
    return OpenApiParameter(
        header.name, dict(header.schema), OpenApiParameter.HEADER, description=header.description, response=response
    )


class ContractGenerator(SchemaGenerator):
    """Takes its endpoints from the contract instead of the URL configuration, which knows no streams."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(patterns=[])  # type: ignore[no-untyped-call]
        self.contract = contract

    def _get_paths_and_endpoints(self) -> list[tuple[str, str, str, Any]]:
        return [self._prepared(endpoint) for endpoint in endpoints_of(self.contract)]

    def _initialise_endpoints(self) -> None:
        self.endpoints: list[Any] = []

    def _prepared(self, endpoint: Endpoint) -> tuple[str, str, str, Any]:
        _, method = endpoint.key
        view = self.create_view(endpoint.view.as_view(), method)  # type: ignore[no-untyped-call]
        schema = ContractSchema()
        schema.contract, schema.endpoint = self.contract, endpoint  # type: ignore[misc]
        self._set_schema_to_view(view, schema)  # type: ignore[no-untyped-call]
        return endpoint.path, endpoint.expression, method, view


def document_of(contract: Contract) -> dict[str, Any]:
    """The contract's OpenAPI 3.1 document. Raises KeyError for an operation that nobody described."""
    options: Mapping[str, Any] = {
        "TITLE": contract.title,
        "DESCRIPTION": contract.description,
        "VERSION": settings.VERSION,
        "TAGS": [{"name": name, "description": text} for name, text in contract.tags.items()],
        "OAS_VERSION": "3.1.0",
        "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        "SERVERS": [{"url": "/", "description": "The server that gave you this document."}],
        "POSTPROCESSING_HOOKS": [],
        "SORT_OPERATION_PARAMETERS": False,
        "SCHEMA_PATH_PREFIX": "",
        "ENFORCE_NON_BLANK_FIELDS": True,
    }
    with patched_settings(options):
        document: dict[str, Any] = ContractGenerator(contract).get_schema(public=True)  # type: ignore[no-untyped-call]
    return document
