"""The demonstration data of development mode: two tenants with the documented keys, the shared skills, an operator."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.actor import Actor, Role
from accounts.models import ApiKey, Client, User
from accounts.services import create_client, issue_api_key
from core.errors import Forbidden
from core.text import sha256_hex
from skills.document import parse
from skills.models import Skill
from skills.services import create_skill
from taxonomy.services import load_default_tree, resolve_path

OPERATOR = ("admin", "guildhall")
# (tenant, its name, user name, display name, role, the key its documentation prints)
PEOPLE: list[tuple[str, str, str, str, Role, str]] = [
    ("42", "Acme Engineering", "jane.doe", "Jane Doe", "manager", "kam_your_api_key"),
    ("99", "Globex Research", "sam.roe", "Sam Roe", "manager", "kam_second_tenant_key"),
]
_SYSTEM_SKILLS = Path(__file__).parent / "system_skills"
_SYSTEM = Actor(client_id="system", username="guildhall", role="admin", surface="command")


def seed_development() -> None:
    """Makes what is missing of the demonstration data; changes nothing that exists. Forbidden outside development."""
    if not settings.DEVELOPMENT:
        raise Forbidden("Demonstration tenants and keys exist in development mode only.", code="not_development")
    with transaction.atomic():
        for person in PEOPLE:
            _seed_person(*person)
        _seed_operator()
        load_default_tree(actor=_SYSTEM)
    for folder in sorted(_SYSTEM_SKILLS.iterdir()):
        _seed_system_skill(folder)


def _seed_person(client_id: str, client: str, username: str, display_name: str, role: Role, key: str) -> None:
    if not Client.objects.filter(pk=client_id).exists():
        create_client(actor=_SYSTEM, client_id=client_id, name=client)
    defaults = {"client_id": client_id, "display_name": display_name, "role": role, "is_staff": True}
    user, created = User.objects.get_or_create(username=username, defaults=defaults)
    if created:
        user.set_password(OPERATOR[1])
        user.save(update_fields=["password"])
    if not ApiKey.objects.filter(key_sha256=sha256_hex(key)).exists():
        issue_api_key(actor=_SYSTEM, user=user, name="Demonstration key", key=key)


def _seed_operator() -> None:
    username, password = OPERATOR
    if not User.objects.filter(username=username).exists():
        User.objects.create_superuser(username, password=password, role="admin", display_name="Operator")


def _seed_system_skill(folder: Path) -> None:
    if Skill.objects.filter(client_id=settings.SYSTEM_CLIENT_ID, slug=folder.name).exists():
        return
    content = (folder / "SKILL.md").read_text()
    create_skill(
        actor=_SYSTEM,
        name=folder.name,
        slug=folder.name,
        description=parse(content).front_matter["description"],
        content=content,
        category=resolve_path(settings.SYSTEM_CLIENT_ID, "thinking"),
        domains=["general"],
        trigger_keywords=[folder.name.replace("-", " ")],
        code_author="Guildhall",
    )
