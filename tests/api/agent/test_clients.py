"""The document's own clients, character for character, against the server that runs in production. Each runs twice."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from skills.models import Skill
from skills.services import create_skill
from tests.api.agent.conftest import GOLDEN, golden
from tests.conftest import Tenant

ROOT = Path(__file__).parents[3]
SEED = ROOT.parent / "shared" / "seeds" / "004_4ee8b3f48d2a2198.txt"
PYTHON, TYPESCRIPT = (GOLDEN / name for name in ("client.py.txt", "client.ts.txt"))
PRINTED_URL = "http://kaman.ai"
PATIENCE_SECONDS = 120
KEYS = set(golden("detail"))
INSTALLED = golden("errors")["409"]
# What a TypeScript file says beyond JavaScript, in this document.
_ANNOTATION = re.compile(r"(?<=\w): string(?=[,)])")


@pytest.fixture
def server(port: int, jane: Tenant, sam: Tenant) -> str:
    """The address of daphne on this test's database, where tenant 99 has published a skill."""
    url = f"http://127.0.0.1:{port}"
    foreign = create_skill(
        actor=sam.actor,
        name="Resilient Error Patterns",
        content="How to handle errors of remote APIs: time-outs, retries, circuit breakers.",
        description="Patterns for handling errors",
        trigger_keywords=["error handling"],
    )
    publish = f"{url}/agent/api/skills/{foreign.pk}/publish"
    assert requests.post(publish, headers=sam.headers, timeout=PATIENCE_SECONDS).ok
    return url


@pytest.mark.slow
def test_the_python_client(
    server: str, jane: Tenant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KAMAN_API_KEY", jane.key)
    code = compile(PYTHON.read_text().replace(PRINTED_URL, server), PYTHON.name, "exec")
    runs: list[dict[str, Any]] = []
    for number in (1, 2):
        runs.append({})
        exec(code, runs[-1])
        printed = capsys.readouterr().out
        assert re.fullmatch(r"Resilient Error Patterns \(similarity: [01]\.\d\d\)\n", printed)
        made = runs[-1]["skill"]
        assert made.keys() == KEYS
        assert (made["slug"], made["version"]) == ("api-error-handling", number)
        assert Skill.objects.get(pk=made["id"]).is_published
    installed = runs[0]["installed"]
    assert (installed["name"], installed["source_type"]) == ("Resilient Error Patterns", "marketplace")
    assert (installed["client_id"], installed["is_marketplace"]) == ("42", True)
    assert runs[1]["installed"] == INSTALLED
    _use_the_rest(runs[1]["client"], runs[1]["skill"]["id"])


def _use_the_rest(client: Any, skill_id: str) -> None:
    """The methods that the example at the end of the document's class does not call."""
    listed = client.list(limit=2, status="active")
    assert (len(listed["skills"]), listed["totalCount"]) == (2, 3)
    found = client.search("how do I handle API errors", domains=["engineering"])
    assert {skill["name"] for skill in found} == {"API Error Handling"}
    assert client.get(skill_id)["id"] == skill_id
    assert client.update(skill_id, description="Errors")["description"] == "Errors"
    assert client.unpublish(skill_id) == golden("unpublish") | {"skillId": skill_id}
    assert client.publish(skill_id) == golden("publish") | {"skillId": skill_id}
    assert client.delete(skill_id) == golden("delete")
    assert client.get(skill_id)["status"] == "deprecated"
    assert client.list(status="active")["totalCount"] == 2


@pytest.mark.slow
def test_the_typescript_client(server: str, jane: Tenant, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node on this machine to run the document's TypeScript")
    calls = """
        const made = await createSkill('API Error Handling', 'Check the status, then parse the body.');
        const published = await publishSkill(made.id);
        const listed = await listSkills(1);
        const found = await searchSkills('parse the body of an API error');
        const installed = await browseAndInstall('error handling patterns');
        console.log(JSON.stringify({ made, published, listed, found, installed }));
    """
    script = tmp_path / "client.mjs"
    script.write_text(_ANNOTATION.sub("", TYPESCRIPT.read_text().replace(PRINTED_URL, server)) + calls)
    for number in (1, 2):
        environment = os.environ | {"KAMAN_API_KEY": jane.key}
        run = subprocess.run([node, script], env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
        assert run.returncode == 0, run.stderr
        said = json.loads(run.stdout)
        made = said["made"]
        assert made.keys() == KEYS
        assert (made["version"], made["domains"], made["trigger_keywords"]) == (number, ["general"], ["example"])
        assert said["published"] == golden("publish") | {"skillId": made["id"]}
        assert (len(said["listed"]["skills"]), said["listed"]["totalCount"]) == (1, number if number == 1 else 3)
        assert made["id"] in {skill["id"] for skill in said["found"]}
        if number == 1:
            assert (said["installed"]["name"], said["installed"]["is_marketplace"]) == (
                "Resilient Error Patterns",
                True,
            )
        else:
            assert said["installed"] == INSTALLED


@pytest.mark.parametrize("file", [PYTHON, TYPESCRIPT], ids=lambda file: file.name)
def test_the_clients_are_the_documents(file: Path) -> None:
    """Line for line. The indentation, which the document's text has lost, is restored."""
    if not SEED.exists():
        pytest.skip("the document ../shared/seeds/004 is not on this machine")
    ours = "\n".join(line.strip() for line in file.read_text().splitlines())
    assert f"\n{ours}\n" in SEED.read_text()


def test_the_examples_are_the_documents() -> None:
    """Every JSON body that the document prints is a golden file, and the other way round."""
    if not SEED.exists():
        pytest.skip("the document ../shared/seeds/004 is not on this machine")
    text = SEED.read_text()
    assert (GOLDEN / "schema.txt").read_text() in text
    printed = list(_json_bodies(text.partition("\nCode Examples\n")[0]))
    form = {"error": "Error message describing what went wrong"}
    ours = [golden(path.stem) for path in GOLDEN.glob("*.json") if path.stem != "errors"]
    assert [body for body in printed if body not in ours] == [form]
    assert [body for body in ours if body not in printed] == []
    for name, error in golden("errors").items():
        status = name.split()[0]
        assert f"| {status} | {error['error']} |" in text


def test_no_example_is_forgotten() -> None:
    sources = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    named = set(re.findall(r'golden\("(\w+)"', sources))
    assert named == {path.stem for path in GOLDEN.glob("*.json")}


def _json_bodies(text: str) -> Iterator[Any]:
    decoder, place = json.JSONDecoder(), 0
    while found := re.search(r"^(?:-d ')?(?=[\[{]\s*$)", text[place:], re.MULTILINE):
        body, place = decoder.raw_decode(text, place + found.end())
        yield body
