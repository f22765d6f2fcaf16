"""What waits for a person."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from guildhall import Job
from guildhall.cli.account import connect
from guildhall.cli.asking import Answer, ask_person, say_yes, show_prompt
from guildhall.cli.failures import NOT_FOUND, REFUSED, USAGE, WAITING, Failure
from guildhall.cli.jobs import job_row, show_jobs
from guildhall.cli.options import JobId, Json
from guildhall.cli.output import has_person, show_json, tell
from guildhall.fleet.models import Prompt, PromptOutcomeStatus

group = typer.Typer(help="What jobs ask people.", invoke_without_command=True, rich_markup_mode="markdown")


def add_to(app: typer.Typer) -> None:
    group.callback()(list_)
    group.command()(show)
    group.command()(answer)
    app.add_typer(group, name="inbox", rich_help_panel="Workshop")


def list_(context: typer.Context, json: Json = False) -> None:
    """List the jobs that wait for a person; `show` and `answer` one.

    ```
    guildhall inbox
    guildhall inbox answer JOB
    ```
    """
    if context.invoked_subcommand is not None:
        return
    with connect() as guildhall:
        show_jobs([job_row(one) for one in guildhall.inbox()], json=json, empty="Nothing waits for a person.")


def show(job_id: JobId, json: Json = False) -> None:
    """Show what a job asks."""
    with connect() as guildhall:
        prompt = _open_prompt(guildhall.job(job_id))
    if json:
        data = prompt.data.to_dict() if prompt.data else {}
        show_json({"job_id": str(job_id), "prompt_id": str(prompt.prompt_id), "kind": prompt.prompt_type, "data": data})
    else:
        show_prompt(prompt)


def answer(
    job_id: JobId,
    proceed: Annotated[bool, typer.Option("--proceed", help="Go on.")] = False,
    revise: Annotated[str, typer.Option(metavar="TEXT", help="Do it again, with this otherwise.")] = "",
    cancel: Annotated[bool, typer.Option("--cancel", help="End the job.")] = False,
    replies: Annotated[
        list[str] | None,
        typer.Option("--reply", metavar="QUESTION=ANSWER", help="Answer a question by its id; may be given again."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Yes, the first option of each question, what is suggested.")
    ] = False,
    json: Json = False,
) -> None:
    """Answer what a job asks: in the terminal, or by options.

    ```
    guildhall inbox answer JOB
    guildhall inbox answer JOB --revise "Shorter, and with an example for PostgreSQL"
    guildhall inbox answer JOB --reply audience="Backend developers"
    ```
    """
    given = _given(proceed=proceed, revise=revise, cancel=cancel, replies=replies or [])
    if len(given) + yes > 1:
        raise Failure("Give one of --proceed, --revise, --cancel, --reply and --yes", code=USAGE)
    with connect() as guildhall:
        job = guildhall.job(job_id)
        prompt = _open_prompt(job)
        outcome = job.answer(given[0] if given else _decided(prompt, yes=yes), prompt=prompt)
    if outcome.status == PromptOutcomeStatus.IGNORED:
        raise Failure(outcome.detail or "Somebody else has answered already", code=REFUSED)
    if json:
        show_json({"job_id": str(job_id), "status": str(outcome.status), "job_status": str(outcome.job_status)})
    else:
        tell(f"Answered. The job is {outcome.job_status}; `guildhall jobs follow {job_id}` shows how it goes on.")


def _given(*, proceed: bool, revise: str, cancel: bool, replies: list[str]) -> list[Answer]:
    given: list[Answer] = ["proceed"] if proceed else []
    if revise:
        given.append({"action": "revise", "feedback": revise})
    if cancel:
        given.append("cancel")
    if replies:
        given.append({"answers": _replies(replies)})
    return given


def _replies(pairs: list[str]) -> dict[str, Any]:
    """By question; a question that is given again gets a list of answers."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, mark, text = pair.partition("=")
        if not mark or not name.strip():
            raise Failure(f"'{pair}' is not of the form QUESTION=ANSWER", code=USAGE)
        earlier = found.get(name.strip(), [])
        found[name.strip()] = [*earlier, text]
    return {name: texts[0] if len(texts) == 1 else texts for name, texts in found.items()}


def _open_prompt(job: Job) -> Prompt:
    prompt = job.prompt()
    if prompt is None:
        raise Failure(f"Job {job.id} asks nothing at present", f"guildhall jobs show {job.id}", NOT_FOUND)
    return prompt


def _decided(prompt: Prompt, *, yes: bool) -> Answer:
    if yes:
        return say_yes(prompt)
    if not has_person():
        raise Failure("There is no terminal to ask at", "Use --proceed, --revise, --cancel, --reply or --yes", USAGE)
    try:
        return ask_person(prompt)
    except typer.Abort:
        raise Failure("Nothing was answered", "The question stays in `guildhall inbox`", WAITING) from None
