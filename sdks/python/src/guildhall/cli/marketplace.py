"""Trading skills with other tenants."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from guildhall.agent.models import Offer, Skill, SkillMessage, Update
from guildhall.cli.account import connect
from guildhall.cli.exchange import write_installed
from guildhall.cli.options import Acknowledge, Force, Json, Limit, Name
from guildhall.cli.output import show_json, show_table, tell
from guildhall.cli.skills import find, row

_PANEL = "Marketplace"
Offered = Annotated[UUID, typer.Argument(metavar="ID", help="The offer's id, as `marketplace search` shows it.")]

group = typer.Typer(help="What other tenants offer.", no_args_is_help=True, rich_markup_mode="markdown")


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=_PANEL)(publish)
    app.command(rich_help_panel=_PANEL)(unpublish)
    for command in (search, install, updates, pull):
        group.command()(command)
    app.add_typer(group, name="marketplace", rich_help_panel=_PANEL)


def publish(name: Name, acknowledge: Acknowledge = False, json: Json = False) -> None:
    """Offer a skill of your tenant to all others. Your key needs the scope `publish`."""
    with connect() as guildhall:
        skill = find(guildhall, name)
        _tell_done(skill, guildhall.publish(skill.id, acknowledge_findings=acknowledge), json=json)


def unpublish(name: Name, json: Json = False) -> None:
    """Take a skill back from the marketplace. Copies that others have installed stay theirs."""
    with connect() as guildhall:
        skill = find(guildhall, name)
        _tell_done(skill, guildhall.unpublish(skill.id), json=json)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="What the skill is needed for, in your words.")],
    limit: Limit = 10,
    json: Json = False,
) -> None:
    """Find what other tenants offer for a task."""
    with connect() as guildhall:
        rows = [_offer_row(one) for one in guildhall.offers(query, limit=limit)]
    if json:
        show_json({"offers": rows})
    else:
        columns = {"similarity": "Similarity", "id": "Id", "name": "Name", "description": "Description"}
        show_table(rows, columns, empty="Nobody offers anything for it.")


def install(
    skill_id: Offered,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Write its folder there too.")] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Take a copy of an offered skill into your tenant, and with `--to` into a folder as well.

    ```
    guildhall marketplace search "database migration"
    guildhall marketplace install 6f1c… --to ~/.claude/skills
    ```
    """
    with connect() as guildhall:
        skill = guildhall.install(skill_id)
    told = row(skill)
    if to is not None:
        told |= write_installed(to, skill.slug, skill.content, skill.supporting_files, force=force)
    _tell_copy(skill, told, json=json)


def updates(json: Json = False) -> None:
    """List the installed skills whose source says something newer."""
    with connect() as guildhall:
        rows = [_update_row(one) for one in guildhall.updates()]
    if json:
        show_json({"updates": rows})
    else:
        columns = {
            "name": "Name",
            "installed": "Installed",
            "available": "Available",
            "changed_locally": "Changed here",
        }
        show_table(rows, columns, empty="All is up to date.")


def pull(
    name: Name,
    force: Annotated[bool, typer.Option("--force", help="Give up what was changed here.")] = False,
    json: Json = False,
) -> None:
    """Take the newest version of an installed skill from its source."""
    with connect() as guildhall:
        skill = guildhall.pull(find(guildhall, name).id, force=force)
    _tell_copy(skill, row(skill), json=json)


def _tell_done(skill: Skill, done: SkillMessage, *, json: bool) -> None:
    if json:
        show_json({"id": str(skill.id), "slug": skill.slug, "message": done.message})
    else:
        tell(f"{skill.slug}: {done.message}", "green")


def _tell_copy(skill: Skill, told: dict[str, Any], *, json: bool) -> None:
    if json:
        show_json(told)
    else:
        where = f", and at {told['path']}" if "path" in told else ""
        tell(f"{skill.slug} is in your tenant{where}.", "green")


def _offer_row(offer: Offer) -> dict[str, Any]:
    return {
        "similarity": offer.similarity,
        "id": str(offer.skill_id),
        "name": offer.name,
        "description": offer.description,
        "author": offer.author,
        "source_client_id": offer.source_client_id,
        "domains": offer.domains,
    }


def _update_row(update: Update) -> dict[str, Any]:
    return {
        "id": str(update.skill_id),
        "name": update.name,
        "installed": update.installed_version,
        "available": update.available_version,
        "changed_locally": update.changed_locally,
    }
