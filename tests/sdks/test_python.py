"""The Python client against a live server: the main job with prompts, the marketplace, versions, errors, resuming."""

from __future__ import annotations

import filecmp
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from django.conf import settings

from guildhall import EVENTS, Guildhall, GuildhallError
from guildhall.fleet.models import (
    JobCompleted,
    JobStatus,
    ModuleFinished,
    Prompt,
    PromptOpened,
    PromptType,
    StreamEnded,
    TextWritten,
)
from guildhall.jobs import answer_body
from tests.openapi.test_documents import DOCUMENTS
from tests.sdks.conftest import Server

TASK = "Create a skill about writing database migrations that can be rolled back, for backend developers"
SDK = Path(settings.BASE_DIR) / "sdks" / "python"


class Cutting(httpx.BaseTransport):
    """A network that cuts the first streams short, each after so many bytes."""

    def __init__(self, *lengths: int) -> None:
        self.inner = httpx.HTTPTransport()
        self.lengths = list(lengths)
        self.resumed_after: list[str | None] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self.inner.handle_request(request)
        if not request.url.path.endswith("/events"):
            return response
        self.resumed_after.append(request.headers.get("Last-Event-ID"))
        if not self.lengths:
            return response
        return httpx.Response(
            response.status_code, headers=response.headers, stream=Cut(response.stream, self.lengths.pop(0))
        )

    def close(self) -> None:
        self.inner.close()


class Cut(httpx.SyncByteStream):
    def __init__(self, stream: Any, length: int) -> None:
        self.stream, self.length = stream, length

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.stream:
            yield chunk[: self.length]
            self.length -= len(chunk)
            if self.length <= 0:
                raise httpx.ReadError("cut")

    def close(self) -> None:
        self.stream.close()


def decide(prompt: Prompt) -> str | dict[str, Any]:
    """As a person would: every question gets an answer, every checkpoint a yes."""
    if prompt.prompt_type == PromptType.CLARIFYING_QUESTIONS:
        assert prompt.data
        return {one.id: one.options[0] if one.options else "Everything" for one in prompt.data.questions or []}
    return "proceed"


@pytest.mark.slow
def test_from_a_wish_to_an_installed_copy(server: Server) -> None:
    network = Cutting(900, 2500, 4000)
    with (
        Guildhall(server.url, server.key, transport=network) as ours,
        Guildhall(server.url, server.others_key) as other,
    ):
        assert (ours.whoami().client_id, other.whoami().client_id) == ("42", "99")
        skill = _authored(ours, network)
        _versions(ours, skill)
        _traded(ours, other, skill)


def _authored(ours: Guildhall, network: Cutting) -> str:
    """The main job: created, followed over a network that breaks, decided, promoted, found. Returns the slug."""
    job = ours.create(TASK, confirm=True, preview=True, review=True, stream_text=True, key="once")
    assert ours.create(TASK, confirm=True, preview=True, review=True, stream_text=True, key="once").id == job.id
    seen: list[Any] = []
    state = job.run(decide, on_event=seen.append)

    assert state.status == JobStatus.COMPLETED, state.error
    assert state.result
    numbers = [event.sequence for event in seen if getattr(event, "sequence", -1) > 0]
    assert numbers == sorted(set(numbers)), "what has a number comes once and in order, over all connections"
    assert network.resumed_after[0] is None
    assert all(network.resumed_after[1:]), "every connection after the first goes on where the last one ended"
    assert len(network.resumed_after) >= 4
    kinds = {type(event) for event in seen}
    assert {PromptOpened, ModuleFinished, TextWritten, JobCompleted, StreamEnded} <= kinds
    prompts = [event.data.prompt_type for event in seen if isinstance(event, PromptOpened)]
    assert {PromptType.CONFIRM, PromptType.PREVIEW, PromptType.REVIEW} <= set(prompts)
    assert next(event for event in seen if isinstance(event, JobCompleted)).data.result.skill_content

    assert job.is_finished
    assert job.answer("proceed").status == "ignored"
    promoted = job.promote()
    assert promoted.version == "1.0.0"
    assert [one.job_id for one in ours.jobs(status="completed")] == [job.id]
    assert list(ours.inbox()) == []
    assert promoted.skill_id in [found.slug for found in ours.search("roll back a database migration")]
    return promoted.skill_id


def _versions(ours: Guildhall, slug: str) -> None:
    first = ours.version(slug)
    assert first.content
    second = ours.cut(slug, "1.1.0", content=f"{first.content}\nOne more thing.\n", changes=["One more thing"])
    assert (second.version, second.changes) == ("1.1.0", ["One more thing"])
    assert [one.version for one in ours.versions(slug)] == ["1.1.0", "1.0.0"]
    assert "+One more thing." in ours.diff(slug, "1.0.0", "1.1.0").content
    with pytest.raises(GuildhallError) as refusal:
        ours.cut(slug, "not a version")
    assert (refusal.value.status, refusal.value.details[0][0]) == (400, "version")


def _traded(ours: Guildhall, other: Guildhall, slug: str) -> None:
    """Published, found and installed by another tenant, followed to the next version."""
    skill = next(one for one in ours.skills(status="active") if one.slug == slug)
    assert ours.skill(skill.id).content == skill.content
    ours.publish(skill.id)
    [offer] = other.offers("database migration")
    copy = other.install(offer.skill_id)
    assert (copy.client_id, copy.content, copy.id == skill.id) == ("99", skill.content, False)
    with pytest.raises(GuildhallError, match="already installed") as refusal:
        other.install(offer.skill_id)
    assert refusal.value.status == 409
    assert refusal.value.request_id
    assert other.updates() == []
    ours.cut(slug, "2.0.0", content="# All anew\n")
    [update] = other.updates()
    assert (update.installed_version, update.available_version) == ("1.1.0", "2.0.0")
    assert other.pull(copy.id).content == "# All anew\n"
    assert other.used(copy.id, success=True, event_id="one use").skill_id == copy.id
    assert other.skill(copy.id).usage_count == 1
    ours.unpublish(skill.id)
    assert other.offers("database migration") == []
    with pytest.raises(GuildhallError) as foreign:
        other.skill(skill.id)
    assert foreign.value.status == 404


def test_what_is_refused(server: Server) -> None:
    with Guildhall(server.url, "kam_wrong") as stranger:
        with pytest.raises(GuildhallError) as refusal:
            next(stranger.skills())
        assert refusal.value.status == 401
        with pytest.raises(GuildhallError) as unseen:
            next(stranger.job(uuid4()).events())
        assert unseen.value.status == 401
    with Guildhall(server.url, server.key) as ours:
        with pytest.raises(GuildhallError, match="at least 10 characters") as short:
            ours.create("Too few")
        assert (short.value.status, short.value.details[0][0]) == (400, "body.task_description")
        answer = ours.say("Find skills about database migrations", session="sdk")
        assert (answer.session_id, bool(answer.response)) == ("sdk", True)


def test_a_server_that_is_gone_is_given_up() -> None:
    calls = []

    def refuse(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        return httpx.Response(503, headers={"Retry-After": "0"}, json={"detail": "Down"})

    network = httpx.MockTransport(refuse)
    with Guildhall("http://guildhall.test", "kam_x", transport=network) as ours, pytest.raises(httpx.TransportError):
        list(ours.job(uuid4()).events(patience=0.2))
    assert len(calls) > 1


def test_every_kind_of_event_has_its_class() -> None:
    mapping = DOCUMENTS["fleet"]["components"]["schemas"]["JobEvent"]["discriminator"]["mapping"]
    assert {kind: one.__name__ for kind, one in EVENTS.items()} == {
        kind: reference.rpartition("/")[2] for kind, reference in mapping.items()
    }


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ("proceed", {"action": "proceed"}),
        ("revise: shorter: much shorter", {"action": "revise", "feedback": "shorter: much shorter"}),
        ({"q1": "3.12"}, {"answers": {"q1": "3.12"}}),
        ({"skill_name": "tidy"}, {"skill_name": "tidy"}),
    ],
)
def test_ways_to_answer(answer: Any, body: dict[str, Any]) -> None:
    assert answer_body(answer) == body


def test_the_generated_parts_are_current(tmp_path: Path) -> None:
    """`make sdks` after every change of the documents."""
    command = [sys.executable, "sdks/generate.py", "--python", str(tmp_path)]
    subprocess.run(command, check=True, cwd=settings.BASE_DIR)
    for contract in ("fleet", "code", "agent"):
        assert list(_differences(filecmp.dircmp(tmp_path / contract, SDK / "src" / "guildhall" / contract))) == []


def _differences(compared: filecmp.dircmp[str]) -> Iterator[str]:
    names = (*compared.left_only, *compared.right_only, *compared.diff_files)
    yield from (name for name in names if name != "__pycache__")
    for inner in compared.subdirs.values():
        yield from _differences(inner)


def test_it_is_a_package(tmp_path: Path) -> None:
    """A wheel with types, and what it needs."""
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip("uv, which builds the wheel, is not in this environment")
    subprocess.run([uv, "build", "--wheel", "--offline", "--out-dir", tmp_path, SDK], check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        assert {"guildhall/__init__.py", "guildhall/py.typed", "guildhall/fleet/models/job.py"} <= set(names)
        commands = archive.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    assert "Requires-Dist: httpx>=0.27" in metadata
    assert "guildhall = guildhall.cli:main" in commands


def test_its_types_hold() -> None:
    """`mypy --strict`, as a program that uses it would see it."""
    package = SDK / "src" / "guildhall"
    modules = [str(path) for path in (*package.glob("*.py"), *package.glob("cli/*.py"))]
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file", "/dev/null", *modules]
    run = subprocess.run(command, capture_output=True, text=True, cwd=SDK)
    assert run.returncode == 0, run.stdout
