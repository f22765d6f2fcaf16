"""A job followed to its end at a terminal or in a log, with its questions answered on the way."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

import httpx
import typer
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from guildhall import GuildhallError, Job, JobEvent
from guildhall.cli.asking import Answer, ask_person, say_yes
from guildhall.cli.failures import INTERRUPTED, UNREACHABLE, WAITING, Failure
from guildhall.cli.output import err, has_person, line, tell
from guildhall.fleet.models import Job as JobState
from guildhall.fleet.models import (
    JobProgress,
    JobStatus,
    ModuleFinished,
    PhaseStarted,
    Prompt,
    PromptOpened,
    PromptOutcomeStatus,
)


def follow(job: Job, *, yes: bool = False) -> JobState:
    """Follows it from its first event to its end. What it asks is put to the person at the terminal, or with `yes`
    answered; where neither can be, the job is left waiting (exit code 6). Raises Failure where it does not complete."""
    decide = say_yes if yes else ask_person
    try:
        with _Narrator() as narrator:
            for event in job.events():
                narrator.hear(event)
                if isinstance(event, PromptOpened):
                    with narrator.silence():
                        _have_answered(job, decide, can_decide=yes or has_person())
    except KeyboardInterrupt:
        raise Failure(f"Job {job.id} goes on without you", f"guildhall jobs follow {job.id}", INTERRUPTED) from None
    except httpx.TransportError as error:
        hint = f"The job goes on; take it up with `guildhall jobs follow {job.id}`"
        raise Failure(f"The connection is lost: {str(error) or type(error).__name__}", hint, UNREACHABLE) from error
    state = job.state()
    if state.status == JobStatus.COMPLETED:
        return state
    if state.status == JobStatus.CANCELLED:
        raise Failure(f"Job {job.id} was cancelled")
    raise Failure(f"Job {job.id} failed: {state.error}", f"guildhall jobs show {job.id}")


def _have_answered(job: Job, decide: Callable[[Prompt], Answer], *, can_decide: bool) -> None:
    """Of a prompt that was answered long ago only the event is left; then there is nothing to do."""
    while (prompt := job.prompt()) is not None:
        if not can_decide:
            raise _waiting(job)
        try:
            outcome = job.answer(decide(prompt), prompt=prompt)
        except typer.Abort:
            raise _waiting(job) from None
        except GuildhallError as refusal:
            if decide is say_yes or refusal.status not in (400, 422):
                raise
            tell(f"The server refuses that: {refusal.message}", "yellow")
            continue
        if outcome.status == PromptOutcomeStatus.IGNORED:
            tell("Somebody else has answered already.", "yellow")
        return


def _waiting(job: Job) -> Failure:
    hint = f"Answer with `guildhall inbox answer {job.id}`, then `guildhall jobs follow {job.id}`"
    return Failure(f"Job {job.id} waits for a person", hint, WAITING)


class _Narrator:
    """A bar where there is a terminal, a line for each thing that happens where there is none."""

    def __init__(self) -> None:
        columns = (SpinnerColumn(), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
        text = TextColumn("{task.description}", markup=False)
        self._bar = Progress(*columns, text, console=err, transient=True, disable=not err.is_terminal)
        self._task: TaskID = self._bar.add_task("waiting for a worker", total=100)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def hear(self, event: JobEvent) -> None:
        if isinstance(event, JobProgress):
            self._bar.update(self._task, completed=event.data.progress or None)
        elif isinstance(event, PhaseStarted):
            self._bar.update(self._task, description=line(event.message))
        elif isinstance(event, ModuleFinished):
            tell(f"{line(event.message)} ({event.data.duration_ms / 1000:.1f} s)")

    def silence(self) -> _Silence:
        return _Silence(self._bar)


class _Silence:
    """No bar while a person types."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar

    def __enter__(self) -> None:
        self._bar.stop()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self._bar.start()
