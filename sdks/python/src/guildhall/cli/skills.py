"""Looking for skills, reading them, their versions."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.syntax import Syntax

from guildhall import Guildhall
from guildhall.agent.models import FoundSkill, Skill
from guildhall.cli.account import connect
from guildhall.cli.failures import NOT_FOUND, Failure
from guildhall.cli.options import Json, Limit, Name
from guildhall.cli.output import out, plain, show_document, show_json, show_table, tell

_PANEL = "Skills"
Domains = Annotated[list[str] | None, typer.Option("--domain", help="Of this domain alone; may be given again.")]


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=_PANEL)(search)
    app.command("list", rich_help_panel=_PANEL)(list_)
    for command in (show, versions, diff):
        app.command(rich_help_panel=_PANEL)(command)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What the skill is needed for, in your words.")],
    limit: Limit = 10,
    domain: Domains = None,
    json: Json = False,
) -> None:
    """Find skills for a task: your tenant's and the shared ones, by meaning, words and names.

    ```
    guildhall search "roll back a database migration"
    guildhall search migrations --json | jq -r '.skills[0].slug'
    ```
    """
    with connect() as guildhall:
        found = guildhall.search(query, limit=limit, domains=domain)
    rows = [{"similarity": one.similarity, **row(one)} for one in found]
    if json:
        show_json({"skills": rows})
    else:
        columns = {"similarity": "Similarity", "slug": "Name", "description": "Description"}
        show_table(rows, columns, empty="Nothing was found. `guildhall create` has a skill written.")


def list_(
    status: Annotated[str, typer.Option(help="active, draft or deprecated; `any` for all.")] = "active",
    domain: Domains = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 100,
    json: Json = False,
) -> None:
    """List skills, the newest first: your tenant's and the shared ones."""
    with connect() as guildhall:
        found = guildhall.skills(status=None if status == "any" else status, domains=domain)
        rows = [row(one) for one in islice(found, limit)]
    if json:
        show_json({"skills": rows})
    else:
        columns = {"slug": "Name", "client_id": "Tenant", "status": "Status", "description": "Description"}
        show_table(rows, columns, empty="There are none. `guildhall create` has a skill written.")


def show(name: Name, json: Json = False) -> None:
    """Show a skill's text.

    ```
    guildhall show review-migrations
    guildhall show review-migrations > SKILL.md
    ```
    """
    with connect() as guildhall:
        skill = find(guildhall, name)
    if json:
        files = [{"path": one.path, "size": one.size} for one in skill.supporting_files]
        show_json({**row(skill), "content": skill.content, "files": files})
        return
    show_document(skill.content)
    if skill.supporting_files:
        tell("Files beside it: " + ", ".join(one.path for one in skill.supporting_files), "dim")


def versions(name: Name, json: Json = False) -> None:
    """List a skill's versions, the newest first."""
    with connect() as guildhall:
        slug = slug_of(guildhall, name)
        rows = [
            {"version": one.version, "created_at": one.created_at, "description": one.description}
            for one in guildhall.versions(slug)
        ]
    if json:
        show_json({"slug": slug, "versions": rows})
    else:
        columns = {"version": "Version", "created_at": "Made", "description": "Description"}
        show_table(rows, columns, empty="It has none.")


def diff(
    name: Name,
    older: Annotated[str, typer.Argument(metavar="OLD", help="A version, such as 1.0.0.")],
    newer: Annotated[str, typer.Argument(metavar="NEW", help="A version, or `latest`.")] = "latest",
    json: Json = False,
) -> None:
    """Show what changed between two versions.

    ```
    guildhall diff review-migrations 1.0.0 1.1.0
    ```
    """
    with connect() as guildhall:
        changes = guildhall.diff(slug_of(guildhall, name), older, newer)
    if json:
        show_json(changes.to_dict())
        return
    if out.is_terminal:
        out.print(Syntax(plain(changes.content), "diff", background_color="default"))
    else:
        typer.echo(changes.content, nl=False)
    for file in changes.files:
        tell(f"{file.change} {file.path}")
    if not (changes.content or changes.files or changes.fields):
        tell("They say the same.")


def row(skill: Skill | FoundSkill) -> dict[str, Any]:
    """A skill in lists and JSON."""
    return {
        "id": str(skill.id),
        "slug": skill.slug,
        "name": skill.name,
        "description": skill.description,
        "client_id": skill.client_id,
        "status": str(skill.status),
        "domains": skill.domains,
        "is_published": skill.is_published,
        "updated_at": skill.updated_at,
    }


def find(guildhall: Guildhall, name: str) -> Skill:
    """By id or address; of two at one address the tenant's own, and its newest."""
    if (skill_id := as_id(name)) is not None:
        return guildhall.skill(skill_id)
    tenant = guildhall.whoami().client_id
    # The search finds a name by itself; the whole list is gone through only for what it does not have.
    for found in guildhall.search(name, limit=20):
        if (found.slug, found.client_id) == (name, tenant):
            return guildhall.skill(found.id)
    at_address = [one for one in guildhall.skills() if one.slug == name]
    if not at_address:
        hint = f"`guildhall search '{name}'` and `guildhall marketplace search '{name}'` look further"
        raise Failure(f"There is no skill '{name}'", hint, NOT_FOUND)
    return max(at_address, key=lambda one: (one.client_id == tenant, one.version))


def slug_of(guildhall: Guildhall, name: str) -> str:
    skill_id = as_id(name)
    return name if skill_id is None else guildhall.skill(skill_id).slug


def as_id(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
