"""Who does something: the one shape in which every way in names its caller to the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from core.errors import Forbidden

if TYPE_CHECKING:
    from accounts.models import User

Role = Literal["user", "manager", "admin"]
Surface = Literal["fleet", "code", "agent", "admin", "command", "system"]
RANK = {"user": 0, "manager": 1, "admin": 2}


@dataclass(frozen=True)
class Actor:
    """The caller of a service. `client_id` is the tenant, from the credential and never from the request's body."""

    client_id: str
    username: str
    role: Role = "user"
    surface: Surface = "system"
    display_name: str = ""
    user_id: UUID | None = None

    @classmethod
    def for_user(cls, user: User, surface: Surface, *, client_id: str = "") -> Actor:
        """The actor a signed-in person is. An operator (no tenant of their own) must say for which tenant they act."""
        return cls(
            client_id=client_id or user.client_id or "",
            username=user.username,
            role=user.role,
            surface=surface,
            display_name=user.display_name or user.username,
            user_id=user.pk,
        )

    def has_role(self, role: Role) -> bool:
        return RANK[self.role] >= RANK[role]

    def require_role(self, role: Role) -> None:
        if not self.has_role(role):
            raise Forbidden(f"This needs the role {role}; yours is {self.role}.", code="role_too_low")
