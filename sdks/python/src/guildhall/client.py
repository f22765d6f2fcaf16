"""The registry as a Python object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self, TypeVar
from uuid import UUID

import httpx

from guildhall import agent, code, fleet
from guildhall.agent.api.marketplace import (
    install_skill,
    list_updates,
    publish_skill,
    pull_update,
    search_marketplace,
    unpublish_skill,
)
from guildhall.agent.api.skills import get_skill, list_skills, record_usage, search_skills
from guildhall.agent.models import (
    FoundSkill,
    MarketplaceSearchBody,
    Offer,
    PullBody,
    SearchBody,
    Skill,
    SkillMessage,
    SkillPage,
    Update,
    UpdateList,
    UsageBody,
)
from guildhall.code.api.tokens import verify_credential
from guildhall.code.api.versions import create_version, diff_versions, get_version, list_versions
from guildhall.code.models import (
    CreateVersionBody,
    Credential,
    CredentialAnswer,
    Diff,
    DiffAnswer,
    Version,
    VersionAnswer,
    VersionsAnswer,
    VersionSummary,
)
from guildhall.code.types import UNSET as CODE_UNSET
from guildhall.fleet.api.conversations import send_message
from guildhall.fleet.api.jobs import list_jobs
from guildhall.fleet.api.optimization import improve_skill
from guildhall.fleet.api.skills import create_skill, refine_skill
from guildhall.fleet.models import (
    AcceptedJob,
    Answer,
    CreateSkillBody,
    ImproveBody,
    JobPage,
    JobSummary,
    MessageBody,
    RefineBody,
    StartedJob,
)
from guildhall.fleet.types import UNSET
from guildhall.jobs import Job
from guildhall.problems import Answered, expect, problem_of

_PAGE = 100
T = TypeVar("T")


class Guildhall:
    """A server and a credential: an API key (`kam_…`).

    `fleet`, `code` and `agent` are the generated clients, for operations that have no method here:

        from guildhall.fleet.api.taxonomy import get_taxonomy
        get_taxonomy.sync(client=guildhall.fleet)

    Every method raises GuildhallError where the server refuses, and httpx.TransportError where there is none.
    """

    def __init__(
        self, url: str, api_key: str, *, timeout: float = 30.0, transport: httpx.BaseTransport | None = None
    ) -> None:
        headers = {"Authorization": f"Bearer {api_key}", "User-Agent": "guildhall-sdk-python/0.1.0"}
        self._http = httpx.Client(
            base_url=url.rstrip("/"), headers=headers, timeout=timeout, transport=transport, follow_redirects=False
        )
        self.fleet = fleet.AuthenticatedClient(url, token=api_key).set_httpx_client(self._http)
        self.code = code.AuthenticatedClient(url, token=api_key).set_httpx_client(self._http)
        self.agent = agent.AuthenticatedClient(url, token=api_key).set_httpx_client(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def whoami(self) -> Credential:
        """User, role, scopes and tenant of the credential."""
        return expect(CredentialAnswer, verify_credential.sync_detailed(client=self.code)).data

    # --- Jobs ---------------------------------------------------------------------------------------------------------

    def create(
        self,
        task: str,
        *,
        confirm: bool = False,
        preview: bool = False,
        review: bool = False,
        stream_text: bool = False,
        key: str | None = None,
    ) -> Job:
        """Starts a job that writes a skill, asking people at the checkpoints named. The same `key` again gives the same
        job."""
        body = CreateSkillBody(
            task_description=task,
            enable_hitl_confirm=confirm,
            enable_hitl_preview=preview,
            enable_hitl_review=review,
            enable_token_streaming=stream_text,
        )
        answer = create_skill.sync_detailed(client=self.fleet, body=body, idempotency_key=key or UNSET)
        return self.job(expect(StartedJob, answer).job_id)

    def refine(self, skill: str, feedback: str, *, review: bool = False, key: str | None = None) -> Job:
        """Starts a job that works the feedback in and ends in a draft of the skill's next version."""
        body = RefineBody(feedback=feedback, enable_hitl_review=review)
        answer = refine_skill.sync_detailed(skill, client=self.fleet, body=body, idempotency_key=key or UNSET)
        return self.job(expect(AcceptedJob, answer).job_id)

    def improve(self, skill: str, *, metric: str = "trigger_rate", target: float = 0.9) -> Job:
        """Starts a job that measures other words for the skill and has the best approved."""
        body = ImproveBody(skill_id=skill, target_metric=metric, target_value=target)
        return self.job(expect(AcceptedJob, improve_skill.sync_detailed(client=self.fleet, body=body)).job_id)

    def job(self, job_id: UUID | str) -> Job:
        """A handle on a job; the server is not asked yet."""
        return Job(self.fleet, UUID(str(job_id)))

    def jobs(self, *, status: str | None = None, type: str | None = None) -> Iterator[JobSummary]:
        """The caller's jobs (managers: the tenant's), the newest first, page by page."""
        offset = 0
        while True:
            answer = list_jobs.sync_detailed(
                client=self.fleet, status=status or UNSET, type_=type or UNSET, limit=_PAGE, offset=offset
            )
            page = expect(JobPage, answer)
            yield from page.jobs
            offset += len(page.jobs)
            if offset >= page.total or not page.jobs:
                return

    def inbox(self) -> Iterator[JobSummary]:
        """The jobs that wait for a person."""
        return self.jobs(status="pending_hitl")

    def say(self, message: str, *, session: str = "default") -> Answer:
        """Says something to the assistant and waits for its answer."""
        body = MessageBody(message=message, session_id=session)
        return expect(Answer, send_message.sync_detailed(client=self.fleet, body=body))

    # --- Skills -------------------------------------------------------------------------------------------------------

    def skills(self, *, status: str | None = None, domains: list[str] | None = None) -> Iterator[Skill]:
        """The tenant's skills and the shared ones, the newest first, page by page."""
        offset = 0
        while True:
            answer = list_skills.sync_detailed(
                client=self.agent,
                status=status or agent.types.UNSET,
                domains=domains or agent.types.UNSET,
                limit=_PAGE,
                offset=offset,
            )
            page = expect(SkillPage, answer)
            yield from page.skills
            offset += len(page.skills)
            if offset >= page.total_count or not page.skills:
                return

    def skill(self, skill_id: UUID | str) -> Skill:
        return expect(Skill, get_skill.sync_detailed(UUID(str(skill_id)), client=self.agent))

    def search(self, query: str, *, limit: int = 10, domains: list[str] | None = None) -> list[FoundSkill]:
        """The skills for a task, the best first."""
        body = SearchBody(query=query, limit=limit, domains=domains or [])
        return _list_of(FoundSkill, search_skills.sync_detailed(client=self.agent, body=body))

    def used(self, skill_id: UUID | str, *, success: bool | None = None, event_id: str | None = None) -> SkillMessage:
        """Tells that a skill was used; with the same `event_id` it counts once."""
        body = UsageBody(success=success, event_id=event_id)
        return expect(SkillMessage, record_usage.sync_detailed(UUID(str(skill_id)), client=self.agent, body=body))

    # --- Marketplace --------------------------------------------------------------------------------------------------

    def offers(self, query: str, *, limit: int = 10) -> list[Offer]:
        """What other tenants offer for a task, the best first."""
        body = MarketplaceSearchBody(query=query, limit=limit)
        return _list_of(Offer, search_marketplace.sync_detailed(client=self.agent, body=body))

    def publish(self, skill_id: UUID | str, *, acknowledge_findings: bool = False) -> SkillMessage:
        answer = publish_skill.sync_detailed(
            UUID(str(skill_id)), client=self.agent, acknowledge_findings=acknowledge_findings
        )
        return expect(SkillMessage, answer)

    def unpublish(self, skill_id: UUID | str) -> SkillMessage:
        return expect(SkillMessage, unpublish_skill.sync_detailed(UUID(str(skill_id)), client=self.agent))

    def install(self, skill_id: UUID | str) -> Skill:
        """An independent copy of another tenant's skill."""
        return expect(Skill, install_skill.sync_detailed(UUID(str(skill_id)), client=self.agent))

    def updates(self) -> list[Update]:
        """The installed skills whose source says something newer."""
        return expect(UpdateList, list_updates.sync_detailed(client=self.agent)).updates

    def pull(self, skill_id: UUID | str, *, force: bool = False) -> Skill:
        """Takes the source's newest version; `force` replaces a copy that was changed here."""
        body = PullBody(force=force)
        return expect(Skill, pull_update.sync_detailed(UUID(str(skill_id)), client=self.agent, body=body))

    # --- Versions -----------------------------------------------------------------------------------------------------

    def versions(self, skill: str) -> Iterator[VersionSummary]:
        """The versions of a skill, the newest first, page by page. `skill` is its slug."""
        offset = 0
        while True:
            answer = list_versions.sync_detailed(skill, client=self.code, limit=_PAGE, offset=offset)
            page = expect(VersionsAnswer, answer)
            yield from page.data
            offset += len(page.data)
            if offset >= page.pagination.total or not page.data:
                return

    def version(self, skill: str, number: str = "latest") -> Version:
        """A version with its text and files."""
        return expect(VersionAnswer, get_version.sync_detailed(skill, number, client=self.code, include="content")).data

    def cut(self, skill: str, number: str, *, content: str | None = None, changes: list[str] | None = None) -> Version:
        """A new version, of the present text or of another."""
        body = CreateVersionBody(
            version=number, content=CODE_UNSET if content is None else content, changes=changes or []
        )
        return expect(VersionAnswer, create_version.sync_detailed(skill, client=self.code, body=body)).data

    def diff(self, skill: str, older: str, newer: str) -> Diff:
        return expect(DiffAnswer, diff_versions.sync_detailed(skill, older, newer, client=self.code)).data


def _list_of(kind: type[T], answer: Answered) -> list[T]:
    if isinstance(answer.parsed, list):
        return [one for one in answer.parsed if isinstance(one, kind)]
    raise problem_of(int(answer.status_code), answer.parsed, answer.content, _id_of(answer))


def _id_of(answer: Answered) -> str:
    headers: Any = answer.headers
    return str(headers.get("X-Request-ID", ""))
