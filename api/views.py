"""What the views of all contracts share: who may call, how input is read, and problems in the contract's shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor, Scope
from api.authentication import ContractAuthentication, HasActor, actor_of
from api.inputs import InputSerializer
from api.middleware import request_id_of
from api.problems import Dialect, Problem, problem_of
from core import logs
from core.errors import LimitReached
from core.limits import address_of, spend


class AlwaysJSON(DefaultContentNegotiation):
    """Answers in the one format there is, whatever the client would like; 406 helps nobody."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, str(renderer.media_type)


class ContractView(APIView):
    """A view of one contract. Subclasses read their input, make one call, answer."""

    dialect: ClassVar[Dialect]
    authentication_classes: Sequence[type[ContractAuthentication]] = ()
    permission_classes = [HasActor]
    # The scope a credential needs for each method; None: none. What is not named here needs `read` to look (GET, HEAD)
    # and `write` for everything else, so that a view that says nothing is closed rather than open.
    scopes: ClassVar[Mapping[str, Scope | None]] = {}
    # The rate (settings.RATE_LIMITS) that a POST counts against, where it costs more than its scope tells.
    rate: ClassVar[str] = ""
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    content_negotiation_class = AlwaysJSON
    metadata_class = None

    def get_authenticators(self) -> list[BaseAuthentication]:
        return [authenticator(self.dialect.surface) for authenticator in self.authentication_classes]

    def initial(self, request: Request, *words: Any, **named: Any) -> None:
        """A method that the view does not have is that for everybody, whatever they may do with others."""
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        super().initial(request, *words, **named)

    def perform_authentication(self, request: Request) -> None:
        """From here on the log knows who calls."""
        super().perform_authentication(request)
        if isinstance(request.auth, Actor):
            logs.add(client_id=request.auth.client_id, user_id=request.auth.user_id)

    def check_permissions(self, request: Request) -> None:
        """Who calls, their role where the contract has roles, then the scope, which no view's permissions leave out."""
        super().check_permissions(request)
        scope = self._scope_of(request)
        if scope is not None:
            actor_of(request).require_scope(scope)

    def check_throttles(self, request: Request) -> None:
        """Counts the call for its credential, so that no program takes another's share, and for its person."""
        if not isinstance(request.auth, Actor):
            return
        is_reading = request.method in SAFE_METHODS or self._scope_of(request) == "read"
        spend("reads" if is_reading else "writes", request.auth.credential)
        spend("calls", request.auth.subject)
        if self.rate and request.method == "POST":
            spend(self.rate, request.auth.subject)

    def _scope_of(self, request: Request) -> Scope | None:
        return self.scopes.get(request.method or "", "read" if request.method in SAFE_METHODS else "write")

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Response]:
        return self._answer_problem

    def _answer_problem(self, error: Exception, context: dict[str, Any]) -> Response:
        problem = problem_of(error)
        if isinstance(error, AuthenticationFailed):
            problem = self._count_refusal(problem)
        status, body = self.dialect.wire(problem, request_id_of(self.request._request))
        return Response(body, status=status, headers=dict(problem.headers))

    def _count_refusal(self, problem: Problem) -> Problem:
        """Whoever tries many wrong credentials is told to wait instead of that they are wrong."""
        try:
            spend("refusals", address_of(self.request._request))
        except LimitReached as reached:
            return problem_of(reached)
        return problem

    def read_body(self, serializer: type[InputSerializer]) -> dict[str, Any]:
        return serializer.read(self.request.data)

    def read_query(self, serializer: type[InputSerializer]) -> dict[str, Any]:
        return serializer.read(self.request.query_params)
