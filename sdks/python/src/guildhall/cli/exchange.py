"""Skills between the registry and folders."""

from __future__ import annotations

import base64
import re
import time
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from guildhall import Guildhall, GuildhallError
from guildhall.agent.api.skills import create_skill, update_skill
from guildhall.agent.models import CreateBody, FileInput, FileInputEncoding, Skill, UpdateBody
from guildhall.cli.account import connect
from guildhall.cli.failures import REFUSED, Failure
from guildhall.cli.folders import File, Folder, check_name, folder_of, read_folders, write_folder
from guildhall.cli.options import Force, Json, Name, Target
from guildhall.cli.output import show_json, show_table, tell
from guildhall.cli.skills import slug_of
from guildhall.problems import expect

_PANEL = "Folders"
# Limits are by the minute.
_WAITS = (5, 15, 30, 60)
T = TypeVar("T")


def add_to(app: typer.Typer) -> None:
    for name, command in (("install", install), ("import", import_), ("export", export)):
        app.command(name, rich_help_panel=_PANEL)(command)


def install(
    name: Name,
    to: Target,
    number: Annotated[str, typer.Option("--version", help="Of this version, such as 1.0.0.")] = "latest",
    force: Force = False,
    json: Json = False,
) -> None:
    """Write a skill into the folder where your agents look for skills: SKILL.md and the files beside it.

    A folder that is there already is left alone unless it is a skill's and you say `--force`. Nothing outside the
    skill's own folder is touched.

    ```
    guildhall install review-migrations --to ~/.claude/skills
    guildhall install review-migrations --to .claude/skills --version 1.0.0 --force
    ```
    """
    with connect() as guildhall:
        slug = slug_of(guildhall, name)
        version = guildhall.version(slug, number)
    written = write_installed(to, version.skill_id, version.content or "", version.files or [], force=force)
    told = {"slug": version.skill_id, "version": version.version, **written}
    if json:
        show_json(told)
    else:
        tell(f"{version.skill_id} {version.version}: {told['status']} at {told['path']}", "green")
        if told["executables"]:
            tell(f"Read before you run: {', '.join(told['executables'])}", "yellow")


def write_installed(to: Path, slug: str, content: str, files: list[Any], *, force: bool) -> dict[str, Any]:
    """What became of it: `status`, `path`, how many `files`, which of them are `executables`."""
    check_name(slug)
    folder = folder_of(content, files)
    target = to.expanduser() / slug
    status = write_folder(target, folder, force=force)
    executables = [path for path, file in folder.files.items() if file.executable]
    return {"status": status, "path": str(target), "files": len(folder.files), "executables": executables}


def export(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Where the folders are written.")],
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="These alone.")] = None,
    force: Force = False,
    json: Json = False,
) -> None:
    """Write your tenant's active skills to folders, one each. Run again, it writes what has changed (with `--force`).

    ```
    guildhall export ./skills
    ```
    """
    with connect() as guildhall:
        tenant = guildhall.whoami().client_id
        skills = [one for one in guildhall.skills(status="active") if one.client_id == tenant]
    wanted = [one for one in _newest(skills) if not names or one.slug in names or str(one.id) in names]
    missing = set(names or []) - {one.slug for one in wanted} - {str(one.id) for one in wanted}
    if missing:
        raise Failure(f"Your tenant has no active skill {', '.join(sorted(missing))}", "guildhall list", 4)
    rows = [_exported(directory, one, force=force) for one in wanted]
    _show_outcomes(rows, json=json)


def _exported(directory: Path, skill: Skill, *, force: bool) -> dict[str, Any]:
    row = {"slug": skill.slug, "path": str(directory / skill.slug)}
    try:
        written = write_installed(directory, skill.slug, skill.content, skill.supporting_files, force=force)
    except Failure as failure:
        return row | {"status": "refused", "notes": [str(failure)]}
    return row | {"status": written["status"], "notes": []}


def import_(
    source: Annotated[Path, typer.Argument(metavar="PATH", help="A folder, or a .zip, with skills somewhere in it.")],
    json: Json = False,
) -> None:
    """Bring skills from a folder or a .zip into your tenant. A skill of the same name gets a new version if it differs.

    Every folder with a SKILL.md is a skill. Hidden files and links are left out.

    ```
    guildhall import ~/.claude/skills
    guildhall import skills.zip --json
    ```
    """
    folders = read_folders(source.expanduser())
    with connect() as guildhall:
        tenant = guildhall.whoami().client_id
        ours = _newest([one for one in guildhall.skills() if one.client_id == tenant])
        known = {_key(one.name): one for one in ours}
        rows = [_imported(guildhall, folder, known) for folder in folders]
    if not rows:
        raise Failure(f"{source} holds no SKILL.md")
    _show_outcomes(rows, json=json)


def _imported(guildhall: Guildhall, folder: Folder, known: dict[str, Skill]) -> dict[str, Any]:
    row: dict[str, Any] = {"slug": None, "path": folder.source}
    if folder.problem:
        return row | {"status": "refused", "notes": [folder.problem]}
    try:
        name, description = folder.names()
        skill, status = patiently(lambda: _saved(guildhall, folder, name, description, known.get(_key(name))))
    except UnicodeDecodeError:
        return row | {"status": "refused", "notes": ["SKILL.md is no UTF-8 text"]}
    except GuildhallError as refusal:
        if refusal.status not in (400, 403, 409, 413, 422):
            raise
        return row | {"status": "refused", "notes": [refusal.message]}
    known[_key(name)] = skill
    return row | {"slug": skill.slug, "status": status, "notes": []}


def patiently(save: Callable[[], T]) -> T:
    """Goes on after a while where the server says that it is too much at once."""
    for seconds in _WAITS:
        try:
            return save()
        except GuildhallError as refusal:
            if refusal.status != 429:
                raise
            tell(f"The server asks to wait; going on in {seconds} seconds.", "yellow")
            time.sleep(seconds)
    return save()


def _saved(guildhall: Guildhall, folder: Folder, name: str, description: str, known: Skill | None) -> tuple[Skill, str]:
    files = [_file_input(path, file) for path, file in folder.beside.items()]
    if known is None:
        new = CreateBody(name=name, content=folder.text, description=description, supporting_files=files)
        return expect(Skill, create_skill.sync_detailed(client=guildhall.agent, body=new)), "imported"
    if known.description == description and folder_of(known.content, known.supporting_files).files == folder.files:
        return known, "unchanged"
    changed = UpdateBody(content=folder.text, description=description, supporting_files=files)
    return expect(Skill, update_skill.sync_detailed(known.id, client=guildhall.agent, body=changed)), "updated"


def _file_input(path: str, file: File) -> FileInput:
    sent = FileInput(path=path, content="", executable=file.executable)
    try:
        sent.content = file.data.decode()
    except UnicodeDecodeError:
        sent.content = ""
    if not sent.content or "\x00" in sent.content:
        sent.content = base64.b64encode(file.data).decode()
        sent.encoding = FileInputEncoding.BASE64
    return sent


def _key(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().casefold()


def _newest(skills: list[Skill]) -> list[Skill]:
    """Of the rows at one address the newest."""
    ordered = sorted(skills, key=lambda one: (one.slug, one.version))
    return [list(rows)[-1] for _, rows in groupby(ordered, key=lambda one: one.slug)]


def _show_outcomes(rows: list[Mapping[str, Any]] | list[dict[str, Any]], *, json: bool) -> None:
    """Ends with 1 where one was refused; the others are done all the same."""
    counts = Counter(str(row["status"]) for row in rows)
    if json:
        show_json({"skills": rows, "counts": dict(counts)})
    else:
        columns = {"status": "Status", "slug": "Name", "path": "Folder", "notes": "Notes"}
        show_table(rows, columns, empty="There are none.")
        tell(", ".join(f"{count} {status}" for status, count in sorted(counts.items())))
    if counts["refused"]:
        raise typer.Exit(REFUSED)
