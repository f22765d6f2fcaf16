"""Who does something: the one shape in which every way in names its caller to the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from core.errors import Forbidden

Role = Literal["user", "manager", "admin"]
Surface = Literal["fleet", "code", "agent", "admin", "catalogue", "command", "system"]
# What a credential may be used for, whatever its person's role. `publish` is showing skills to other tenants.
Scope = Literal["read", "write", "publish"]
RANK = {"user": 0, "manager": 1, "admin": 2}
SCOPES: tuple[Scope, ...] = ("read", "write", "publish")


class Person(Protocol):
    """What an actor takes over from a signed-in user (accounts.models.User)."""

    @property
    def pk(self) -> UUID: ...
    @property
    def client_id(self) -> str | None: ...
    @property
    def username(self) -> str: ...
    @property
    def display_name(self) -> str: ...
    @property
    def role(self) -> Role: ...


@dataclass(frozen=True)
class Actor:
    """The caller of a service. `client_id` is the tenant, from the credential and never from the request's body."""

    client_id: str
    username: str
    role: Role = "user"
    surface: Surface = "system"
    display_name: str = ""
    user_id: UUID | None = None
    # Narrowed by API keys alone: who signs in, runs a command or develops may use all of their role.
    scopes: frozenset[Scope] = frozenset(SCOPES)
    # The API key that they showed, or with which they bought their token.
    key_id: UUID | None = None

    @classmethod
    def for_user(cls, user: Person, surface: Surface, *, client_id: str = "") -> Actor:
        """The actor a signed-in person is. An operator (no tenant of their own) must say for which tenant they act."""
        return cls(
            client_id=client_id or user.client_id or "",
            username=user.username,
            role=user.role,
            surface=surface,
            display_name=user.display_name or user.username,
            user_id=user.pk,
        )

    @property
    def subject(self) -> str:
        """Who this is, the same for all their credentials."""
        return f"{self.client_id}:{self.user_id or self.username}"

    @property
    def credential(self) -> str:
        """With what they call: an API key, or as themselves."""
        return f"key:{self.key_id}" if self.key_id else self.subject

    def has_role(self, role: Role) -> bool:
        return RANK[self.role] >= RANK[role]

    def require_role(self, role: Role) -> None:
        if not self.has_role(role):
            raise Forbidden(f"This needs the role {role}; yours is {self.role}.", code="role_too_low")

    def require_scope(self, scope: Scope) -> None:
        if scope not in self.scopes:
            raise Forbidden(f"This needs a credential with the scope {scope}.", code="scope_missing")
