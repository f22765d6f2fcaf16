"""Having skills written: creating, following, cancelling, promoting."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any
from uuid import uuid4

import typer

from guildhall import Job
from guildhall.cli.account import connect
from guildhall.cli.asking import agrees
from guildhall.cli.following import follow
from guildhall.cli.options import Acknowledge, JobId, Json
from guildhall.cli.output import has_person, show_fields, show_json, show_table, tell
from guildhall.fleet.models import Job as JobState
from guildhall.fleet.models import JobSummary, PromotedDraft

_PANEL = "Workshop"
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Answer yes to all that the job asks, and the first option of each question."),
]
Promote = Annotated[
    bool | None,
    typer.Option("--promote/--no-promote", help="Make the draft a skill. Without either you are asked."),
]

group = typer.Typer(help="The jobs that write skills.", no_args_is_help=True, rich_markup_mode="markdown")


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=_PANEL)(create)
    app.command(rich_help_panel=_PANEL)(promote)
    group.command("list")(list_)
    for command in (show, follow_, cancel):
        group.command(command.__name__.rstrip("_"))(command)
    app.add_typer(group, name="jobs", rich_help_panel=_PANEL)


def create(
    task: Annotated[
        str, typer.Argument(metavar="TASK", help="What the skill is about, and for whom: a sentence or more.")
    ],
    yes: Yes = False,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Start the job, print its id and end.")] = False,
    checkpoints: Annotated[
        bool, typer.Option("--checkpoints/--no-checkpoints", help="Ask about the plan, a preview and the review.")
    ] = True,
    promote: Promote = None,
    key: Annotated[
        str, typer.Option("--idempotency-key", help="The same key again is the same job, not a second one.")
    ] = "",
    json: Json = False,
) -> None:
    """Have a skill written. You see it happen, and answer in the terminal what the job asks.

    The job lives on the server: Ctrl-C, a broken connection or a closed laptop do not end it. Take it up with
    `guildhall jobs follow JOB`. Without a terminal, questions wait in the inbox (exit code 6), unless you say `--yes`.

    ```
    guildhall create "Review database migrations before a release, for backend developers"
    guildhall create "Write release notes from merged changes" --yes --promote --json
    guildhall create "Triage accessibility reports" --no-wait
    ```
    """
    with connect() as guildhall:
        job = guildhall.create(
            task, confirm=checkpoints, preview=checkpoints, review=checkpoints, key=key or str(uuid4())
        )
        if no_wait:
            state = job.state()
            if json:
                show_json(job_row(state))
            else:
                typer.echo(str(job.id))
            return
        tell(f"Job {job.id}", "dim")
        _finish(job, yes=yes, wants_promotion=promote, json=json)


def _finish(job: Job, *, yes: bool, wants_promotion: bool | None, json: bool) -> None:
    state = follow(job, yes=yes)
    if wants_promotion is None:
        can_ask = has_person() and not yes and not state.promoted
        wants_promotion = can_ask and agrees("Make it a skill now?")
    promoted = job.promote() if wants_promotion and not state.promoted else None
    if json:
        show_json(job_row(state) | {"skill": None if promoted is None else _promoted_row(promoted)})
    elif promoted is not None:
        _tell_promoted(promoted)
    else:
        tell(f"The draft is ready. `guildhall promote {job.id}` makes it a skill.", "green")


def promote(
    job_id: JobId,
    path: Annotated[str, typer.Option("--path", help="Its place in the taxonomy, if not the one planned.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Even though the review did not pass.")] = False,
    acknowledge: Acknowledge = False,
    json: Json = False,
) -> None:
    """Make the draft of a finished job a skill of your tenant."""
    options: dict[str, Any] = {"force": force, "acknowledge_findings": acknowledge}
    with connect() as guildhall:
        promoted = guildhall.job(job_id).promote(**options, **({"taxonomy_path": path} if path else {}))
    if json:
        show_json(_promoted_row(promoted))
    else:
        _tell_promoted(promoted)


def list_(
    status: Annotated[str, typer.Option(help="pending, running, pending_hitl, completed, failed or cancelled.")] = "",
    kind: Annotated[str, typer.Option("--type", help="skill_creation, skill_refinement or skill_optimization.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 20,
    json: Json = False,
) -> None:
    """List jobs, the newest first: yours, and as a manager your tenant's."""
    with connect() as guildhall:
        jobs = guildhall.jobs(status=status or None, type=kind or None)
        show_jobs([job_row(one) for one in islice(jobs, limit)], json=json, empty="There are no jobs.")


def show(job_id: JobId, json: Json = False) -> None:
    """Show how a job stands, and the text of its draft in JSON."""
    with connect() as guildhall:
        state = guildhall.job(job_id).state()
    row = job_row(state) | {"promoted": state.promoted, "cost_usd": state.usage.to_dict().get("cost_usd")}
    if json:
        show_json(row | {"content": state.result.skill_content if state.result else None})
    else:
        show_fields(row)


def follow_(job_id: JobId, yes: Yes = False, promote: Promote = None, json: Json = False) -> None:
    """Follow a job from its beginning to its end, and answer what it asks."""
    with connect() as guildhall:
        _finish(guildhall.job(job_id), yes=yes, wants_promotion=promote, json=json)


def cancel(
    job_id: JobId,
    reason: Annotated[str, typer.Option(help="Why, for those who look at it later.")] = "",
    json: Json = False,
) -> None:
    """Cancel a job."""
    with connect() as guildhall:
        cancelled = guildhall.job(job_id).cancel(reason)
    if json:
        show_json({"job_id": str(cancelled.job_id), "status": str(cancelled.status)})
    else:
        tell(f"Job {cancelled.job_id} is {cancelled.status}.")


def job_row(job: JobState | JobSummary) -> dict[str, Any]:
    """A job in lists and JSON."""
    return {
        "job_id": str(job.job_id),
        "status": str(job.status),
        "type": str(job.type_),
        "progress": job.progress,
        "waits_for": str(job.hitl_type) if job.hitl_type else None,
        "task": job.task_description,
        "user": job.user_id,
        "error": job.error,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
    }


def show_jobs(rows: list[dict[str, Any]], *, json: bool, empty: str) -> None:
    if json:
        show_json({"jobs": rows})
        return
    columns = {"job_id": "Job", "status": "Status", "waits_for": "Asks", "created_at": "Made", "task": "Task"}
    show_table(rows, columns, empty=empty)


def _promoted_row(promoted: PromotedDraft) -> dict[str, Any]:
    return {"slug": promoted.skill_id, "version": promoted.version, "taxonomy_path": promoted.taxonomy_path}


def _tell_promoted(promoted: PromotedDraft) -> None:
    tell(f"{promoted.skill_id} {promoted.version or ''} is a skill now.", "green")
    tell(f"Put it where your agents look: guildhall install {promoted.skill_id} --to ~/.claude/skills")
