"""Jobs: started, running, ended, promoted."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from api.fleet.schema.models.drafts import DraftKeys, JobResult, JobUsage
from api.fleet.schema.models.words import HitlType, JobStatus, JobType
from api.schema.operations import Shown


class StartedJob(Shown):
    """A job was begun, or is already under way under the same Idempotency-Key."""

    job_id: UUID
    status: JobStatus


class AcceptedJob(Shown):
    """A job was begun."""

    job_id: UUID
    status: Literal["accepted"]


class CancelledJob(Shown):
    """The job ends, or will at its next step."""

    job_id: UUID
    status: JobStatus


class JobSummary(Shown):
    """A job in a list."""

    job_id: UUID
    status: JobStatus
    type: JobType
    progress: int = Field(ge=0, le=100)
    created_at: datetime
    updated_at: datetime
    task_description: str | None
    user_id: str
    """Whose job it is."""
    current_phase: str | None
    progress_message: str | None
    error: str | None
    hitl_type: HitlType | None
    """What it asks at present."""


class JobPage(Shown):
    """A page of jobs, the newest first."""

    jobs: list[JobSummary]
    total: int
    limit: int
    offset: int


class Job(JobSummary, DraftKeys):
    """A job: how it stands, what it made, what it cost."""

    result: JobResult | None
    """Null until the job is finished."""
    promoted: bool
    usage: JobUsage


class PromotedDraft(Shown):
    """The draft is a skill."""

    status: Literal["promoted"]
    skill_id: str
    taxonomy_path: str
    job_id: str
    final_path: str
    version: str | None
