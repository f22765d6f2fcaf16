"""Authoring jobs as PostgreSQL keeps them: the job, its steps, its questions to people, its events, its draft."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from accounts.actor import Actor
from accounts.models import Client
from core.tracing import TRACEPARENT_LENGTH
from jobs.states import ACTIVE, FINISHED, EventKind, JobType, PromptKind, State
from skills.models import Skill, SkillVersion


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Actor) -> JobQuerySet:
        """The access rule of jobs: one's own; managers see all of their tenant."""
        own = self.filter(client_id=actor.client_id)
        return own if actor.has_role("manager") else own.filter(owner=actor.username)


class Job(models.Model):
    """One piece of long work.

    `plan` is the list of step names, fixed when the job is made; `position` is the next of them. `round` grows each
    time a person sends the work back. `fence` grows with every claim: a worker whose fence is old can write nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="jobs")
    client_id: str
    owner = models.CharField(max_length=150)
    type = models.CharField(max_length=64, choices=JobType, default=JobType.SKILL_CREATION)
    request = models.JSONField(default=dict)
    plan = ArrayField(models.CharField(max_length=40))
    position = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=20, choices=State, default=State.PENDING)
    progress = models.PositiveSmallIntegerField(default=0)
    phase = models.CharField(max_length=20, blank=True)
    message = models.CharField(max_length=255, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)
    writer = models.CharField(max_length=100, blank=True)
    next_seq = models.PositiveIntegerField(default=1)
    # The `traceparent` of the request that last set it going: its steps continue that trace.
    trace = models.CharField(max_length=TRACEPARENT_LENGTH, blank=True, default="", db_default="")

    # How the engine runs it.
    fence = models.PositiveBigIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    retries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    available_at = models.DateTimeField(db_default=Now())
    dispatched_at = models.DateTimeField(null=True, blank=True)
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        db_table = "job"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["client", "idempotency_key"], name="job_idempotency_key"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state"),
            models.CheckConstraint(condition=Q(progress__lte=100), name="job_progress"),
            models.CheckConstraint(
                condition=Q(state__in=FINISHED, finished_at__isnull=False)
                | Q(state__in=ACTIVE, finished_at__isnull=True),
                name="job_finished_at",
            ),
        ]
        indexes = [
            models.Index(fields=["available_at"], name="job_due", condition=Q(state__in=["pending", "running"])),
            models.Index(fields=["client", "-created_at", "-id"], name="job_page"),
            models.Index(fields=["finished_at"], name="job_finished", condition=Q(finished_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()} {self.id}"

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED


class JobStep(models.Model):
    """A finished step of one round: the checkpoint from which a restarted job goes on."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="steps", db_index=False)
    name = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    output = models.JSONField(default=dict)
    duration_ms = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "job_step"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["job", "name", "round"], name="job_step_once_a_round")]
        # Rows only ever come at the end: a few pages tell where a day begins.
        indexes = [BrinIndex(fields=["created_at"], name="job_step_day", autosummarize=True)]

    def __str__(self) -> str:
        return f"{self.name} ({self.round})"


class WriterCall(models.Model):
    """One call of a writer, with its price. Written when it ended, whatever became of the step it was for.

    `writer` is "model" or "offline"; `outcome` is "ok" or what went wrong. Calls without a job are a conversation's.
    """

    id = models.BigAutoField(primary_key=True)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    client_id: str
    job = models.ForeignKey(Job, on_delete=models.CASCADE, null=True, related_name="calls")
    step = models.CharField(max_length=40)
    round = models.PositiveSmallIntegerField(default=1)
    purpose = models.CharField(max_length=40)
    writer = models.CharField(max_length=40)
    model = models.CharField(max_length=200, blank=True)
    prompt = models.CharField(max_length=40, blank=True)
    prompt_version = models.PositiveSmallIntegerField(default=0)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    is_estimated = models.BooleanField(default=False)
    cost = models.DecimalField(max_digits=14, decimal_places=8, null=True)
    duration_ms = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=40, default="ok")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "writer_call"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["client", "created_at"], name="writer_call_month"),
            BrinIndex(fields=["created_at"], name="writer_call_day", autosummarize=True),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.model or self.writer}"


class PromptQuerySet(models.QuerySet["Prompt"]):
    def visible_to(self, actor: Actor) -> PromptQuerySet:
        """A prompt is seen by whoever sees its job."""
        return self.filter(job__in=Job.objects.visible_to(actor))

    def open(self) -> PromptQuerySet:
        return self.filter(answered_at=None, closed_at=None)


class Prompt(models.Model):
    """A question to people that a job waits for. At most one of a job is open; one conditional UPDATE answers it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="prompts", db_index=False)
    job_id: uuid.UUID
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    client_id: str
    kind = models.CharField(max_length=40, choices=PromptKind)
    round = models.PositiveSmallIntegerField(default=1)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now())
    deadline_at = models.DateTimeField()
    # The user name of who said to look at it; others may decide all the same.
    assignee = models.CharField(max_length=150, blank=True, default="", db_default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    response = models.JSONField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        db_table = "hitl_prompt"
        verbose_name_plural = "inbox"
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["job", "kind", "round"], name="hitl_prompt_once_a_round"),
            models.UniqueConstraint(
                fields=["job"],
                condition=Q(answered_at__isnull=True, closed_at__isnull=True),
                name="hitl_prompt_one_open_a_job",
            ),
            models.CheckConstraint(condition=Q(kind__in=PromptKind.values), name="hitl_prompt_kind"),
        ]
        indexes = [
            models.Index(
                fields=["client", "created_at"],
                name="hitl_prompt_open",
                condition=Q(answered_at__isnull=True, closed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.job_id}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.closed_at is None


class JobEvent(models.Model):
    """One thing that happened to a job. `seq` is 1, 2, 3… without a gap, in the order of the commits."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40, choices=EventKind)
    phase = models.CharField(max_length=20, blank=True)
    message = models.CharField(max_length=255, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "job_event"
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["job", "seq"], name="job_event_seq")]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class Draft(models.Model):
    """What a job wrote, waiting to be promoted into the registry. Its path `_drafts/<job>/<skill>` is virtual."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, primary_key=True, related_name="draft")
    job_id: uuid.UUID
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    client_id: str
    slug = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    taxonomy_path = models.CharField(max_length=512)
    content = models.TextField()
    files = models.JSONField(default=list)
    trigger_keywords = ArrayField(models.TextField(), default=list)
    domains = ArrayField(models.TextField(), default=list)
    tags = ArrayField(models.TextField(), default=list)
    report = models.JSONField(default=dict)
    passed = models.BooleanField()
    score = models.FloatField()
    created_at = models.DateTimeField(db_default=Now())
    promoted_at: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True, blank=True)
    promoted_by = models.CharField(max_length=150, blank=True)
    skill = models.ForeignKey(Skill, on_delete=models.SET_NULL, null=True, blank=True, related_name="drafts")
    skill_version = models.OneToOneField(
        SkillVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="draft"
    )

    class Meta:
        db_table = "job_draft"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.path

    @property
    def path(self) -> str:
        return f"_drafts/{self.job_id}/{self.slug}"

    def as_skill_fields(self) -> dict[str, Any]:
        """The draft in the words of `skills.services.create_skill` and `update_skill`."""
        return {
            "description": self.description,
            "content": self.content,
            "supporting_files": self.files,
            "trigger_keywords": self.trigger_keywords,
            "domains": self.domains,
            "tags": self.tags,
        }
