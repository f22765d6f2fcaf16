"""Versions: which one is current, tombstones, the way back, differences. The order is SemVer's, read off its text."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Conflict
from skills.models import Skill, SkillVersion
from skills.versioning import MAX_DIFF_LINES, create_version, delete_skill, delete_version, unified_diff
from tests.api.code.conftest import Caller, make, problem, wrong_fields
from tests.conftest import Tenant

PATH = "skills/web-scraper/versions"


def current(manager: Caller) -> str:
    return str(manager.get("skills/web-scraper").json()["data"]["version"])


def numbers(manager: Caller) -> list[str]:
    return [version["version"] for version in manager.get(PATH).json()["data"]]


def post(manager: Caller, version: str, **fields: Any) -> Any:
    return manager.post(PATH, {"version": version, **fields})


@pytest.mark.parametrize(
    ("start", "posted", "expected"),
    [
        ("1.0.0", ["1.2.0"], "1.2.0"),
        ("1.0.0", ["1.2.0", "1.0.1"], "1.2.0"),  # a backport
        ("1.0.0", ["1.9.0", "1.10.0"], "1.10.0"),  # numbers, not letters
        ("1.0.0", ["2.0.0-rc.1"], "1.0.0"),  # a prerelease beside a release
        ("1.0.0-alpha", ["1.0.0-alpha.1", "1.0.0-beta.11", "1.0.0-beta.2"], "1.0.0-beta.11"),
        ("2.0.0-rc.1", ["1.0.0"], "1.0.0"),  # any release before any prerelease
        ("1.0.0", ["1.0.0+build.2"], "1.0.0"),  # build metadata does not count
    ],
)
def test_post_moves_the_current_version_forward_only(
    manager: Caller, jane: Tenant, start: str, posted: list[str], expected: str
) -> None:
    make(jane, semver=start)
    for version in posted:
        assert post(manager, version).status_code == 201
    assert current(manager) == expected
    assert manager.get(f"{PATH}/latest").json()["data"]["version"] == expected
    assert numbers(manager) == [*reversed(posted), start], "newest first"


def test_build_metadata_is_part_of_the_number(manager: Caller, skill: Skill) -> None:
    assert post(manager, "1.0.0+a").status_code == 201
    for form in ("1.0.0+a", "1.0.0%2Ba"):
        assert manager.get(f"{PATH}/{form}").json()["data"]["version"] == "1.0.0+a"


def test_a_backport_keeps_its_content_to_itself(manager: Caller, skill: Skill) -> None:
    post(manager, "2.0.0", content="# Two\n")
    files = [{"path": "a.txt", "content": "a"}]
    post(manager, "1.0.1", content="# One, mended\n", files=files)
    skill.refresh_from_db()
    assert (skill.semver, skill.content, skill.supporting_files) == ("2.0.0", "# Two\n", [])
    mended = manager.get(f"{PATH}/1.0.1?include=content").json()["data"]
    assert (mended["content"], mended["files"][0]["path"]) == ("# One, mended\n", "a.txt")
    manager.put("skills/web-scraper", {"version": "1.0.1"})
    skill.refresh_from_db()
    assert (skill.semver, skill.content) == ("1.0.1", "# One, mended\n"), "the way back"
    post(manager, "1.0.2")
    assert current(manager) == "1.0.2", "forward from where the skill is"


def test_numbers_are_taken_once_and_for_all(manager: Caller, skill: Skill) -> None:
    post(manager, "1.1.0")
    answer = post(manager, "1.1.0")
    assert problem(answer) == (409, "CONFLICT")
    assert answer.json()["error"]["message"] == "Version '1.1.0' of skill 'web-scraper' already exists"
    assert manager.delete(f"{PATH}/1.1.0").status_code == 200
    for method in ("get", "delete"):
        answer = manager.call(method, f"{PATH}/1.1.0")
        assert problem(answer) == (404, "SKILL_NOT_FOUND")
        assert answer.json()["error"]["message"] == "Version '1.1.0' of skill 'web-scraper' not found"
    assert numbers(manager) == ["1.0.0"]
    assert problem(post(manager, "1.1.0")) == (409, "CONFLICT")
    assert problem(manager.put("skills/web-scraper", {"version": "1.1.0"})) == (409, "CONFLICT")
    tomb = SkillVersion.objects.get(version="1.1.0")
    assert (tomb.deleted_by, tomb.deleted_at is not None) == ("jane", True)


def test_deleting_the_current_version_falls_to_the_next_highest(manager: Caller, skill: Skill) -> None:
    post(manager, "3.0.0", content="# Three\n")
    for version in ("1.10.0", "1.9.0", "4.0.0-rc.1"):
        post(manager, version, content=f"# {version}\n")
    assert current(manager) == "3.0.0"
    expected = ["1.10.0", "1.9.0", "1.0.0", "4.0.0-rc.1"]
    for version, before in zip(expected, ["3.0.0", *expected], strict=False):
        assert manager.delete(f"{PATH}/{before}").status_code == 200
        assert current(manager) == version
        row = Skill.objects.get()
        assert row.content == ("# Text\n" if version == "1.0.0" else f"# {version}\n")
    assert problem(manager.delete(f"{PATH}/latest")) == (409, "CONFLICT")
    assert "delete the skill instead" in manager.delete(f"{PATH}/4.0.0-rc.1").json()["error"]["message"]


@pytest.mark.parametrize("number", ["9.9.9", "1.0", "v1.0.0", "%00", "x" * 300, "LATEST", "1.0.0%0A"])
def test_numbers_that_name_nothing(manager: Caller, skill: Skill, number: str) -> None:
    assert problem(manager.get(f"{PATH}/{number}")) == (404, "SKILL_NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "version"), ({"version": "1"}, "version"), ({"version": "1.1.0", "changes": "x"}, "changes"),
        ({"version": "1.1.0", "description": 5}, "description"), ({"version": "1.1.0", "files": [5]}, "files"),
        ({"version": "1.1.0", "changes": ["x" * 1001]}, "changes"), ({"version": "1.1.0", "content": ""}, "content"),
    ],
)  # fmt: skip
def test_wrong_fields_are_named(manager: Caller, skill: Skill, body: dict[str, Any], field: str) -> None:
    assert wrong_fields(manager.post(PATH, body)) == [field]
    assert numbers(manager) == ["1.0.0"]


def test_a_version_has_its_digest_as_etag(manager: Caller, skill: Skill) -> None:
    answer = manager.get(f"{PATH}/1.0.0")
    assert answer["ETag"] == f'"{skill.content_sha256}"'
    assert manager.get(f"{PATH}/1.0.0", If_None_Match=answer["ETag"]).status_code == 304
    assert post(manager, "1.1.0", content="# New\n")["ETag"] != answer["ETag"]


def test_pages_of_versions(manager: Caller, skill: Skill) -> None:
    for number in range(1, 12):
        post(manager, f"1.{number}.0")
    body = manager.get(PATH).json()
    assert (len(body["data"]), body["pagination"]) == (10, {"total": 12, "limit": 10, "offset": 0})
    assert [row["version"] for row in manager.get(f"{PATH}?limit=1&offset=11").json()["data"]] == ["1.0.0"]
    assert wrong_fields(manager.get(f"{PATH}?limit=0")) == ["limit"]


def test_put_of_content_alone_is_the_next_patch(manager: Caller, skill: Skill) -> None:
    assert manager.put("skills/web-scraper", {"content": "# New\n"}).json()["data"]["version"] == "1.0.1"
    assert problem(manager.put("skills/web-scraper", {"content": "# Newer\n", "version": "1.0.0"})) == (409, "CONFLICT")
    assert Skill.objects.get().content == "# New\n"


def test_no_method_changes_a_version(manager: Caller, skill: Skill) -> None:
    before = SkillVersion.objects.values().get()
    for method in ("put", "patch", "post"):
        assert problem(manager.call(method, f"{PATH}/1.0.0", {"content": "# Other\n"})) == (405, "METHOD_NOT_ALLOWED")
    manager.put("skills/web-scraper", {"name": "Other", "content": "# Other\n"})
    post(manager, "3.0.0", content="# Third\n")
    manager.put("skills/web-scraper", {"version": "1.0.0", "description": "Back"})
    assert SkillVersion.objects.filter(version="1.0.0").values().get() == before


def test_differences(manager: Caller, skill: Skill, tmp_path: Path) -> None:
    kept, old = {"path": "kept", "content": "k"}, {"path": "old", "content": "o"}
    post(manager, "1.1.0", content="# A\nsame\nlast", files=[kept, old, {"path": "x", "content": "1"}], changes=["a"])
    files = [kept, {"path": "new", "content": "n"}, {"path": "x", "content": "2"}]
    manager.put("skills/web-scraper", {"name": "Other"})
    post(manager, "1.2.0", content="# B\nsame\nlast\n", files=files, description="More")
    answer = manager.get(f"{PATH}/1.1.0/diff/latest").json()["data"]
    assert (answer["skill_id"], answer["from"], answer["to"]) == ("web-scraper", "1.1.0", "1.2.0")
    assert answer["files"] == [
        {"path": "new", "change": "added"},
        {"path": "old", "change": "removed"},
        {"path": "x", "change": "changed"},
    ]
    assert answer["fields"] == [
        {"field": "name", "from": "web-scraper", "to": "Other"},
        {"field": "description", "from": "", "to": "More"},
        {"field": "changes", "from": ["a"], "to": []},
    ]
    assert "-# A\n+# B\n" in answer["content"]
    assert patched(tmp_path, "# A\nsame\nlast", answer["content"]) == "# B\nsame\nlast\n"
    same = manager.get(f"{PATH}/1.1.0/diff/1.1.0").json()["data"]
    assert (same["content"], same["files"], same["fields"]) == ("", [], [])
    assert problem(manager.get(f"{PATH}/1.1.0/diff/9.9.9")) == (404, "SKILL_NOT_FOUND")


def patched(folder: Path, text: str, diff: str) -> str:
    """What git makes of the text with the diff."""
    (folder / "SKILL.md").write_text(text)
    labels = diff.replace("--- SKILL.md 1.1.0", "--- a/SKILL.md").replace("+++ SKILL.md 1.2.0", "+++ b/SKILL.md")
    subprocess.run(["git", "apply", "-"], input=labels, text=True, cwd=folder, check=True)
    return (folder / "SKILL.md").read_text()


def test_a_difference_of_huge_texts_is_quick_and_still_one(tmp_path: Path) -> None:
    old, new = ("".join(f"{n % 40} {word}\n" for n in range(MAX_DIFF_LINES)) for word in ("a", "b"))
    diff = unified_diff(old, new, "SKILL.md 1.1.0", "SKILL.md 1.2.0")
    assert patched(tmp_path, old, diff) == new


# --- The rule of the current version, against the specification ------------------------------------------------------


def reference(text: str) -> tuple[Any, ...]:
    """SemVer 2.0.0 items 9 to 11, read off the text, as a key; a release is put before every prerelease."""
    plain = text.partition("+")[0]
    core, _, pre = plain.partition("-")
    identifiers = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in pre.split(".") if part]
    return (not pre, *map(int, core.split(".")), not pre, identifiers)


identifiers = st.one_of(st.integers(0, 11).map(str), st.sampled_from(["alpha", "beta", "rc", "x-y"]))
version_texts = st.builds(
    lambda core, pre: ".".join(map(str, core)) + ("-" + ".".join(pre) if pre else ""),
    st.tuples(*[st.integers(0, 11)] * 3),
    st.lists(identifiers, max_size=2),
)
steps = st.lists(st.tuples(st.sampled_from(["post", "post", "delete"]), version_texts, st.integers(0, 50)), max_size=12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=version_texts, steps=steps)
def test_any_history_leaves_the_highest_version_current(jane: Tenant, first: str, steps: list[Any]) -> None:
    for old in Skill.objects.all():
        delete_skill(actor=jane.actor, skill=old)
    skill = make(jane, semver=first, content=f"# {first}\n")
    alive, taken = {first}, {first}
    for verb, text, index in steps:
        if verb == "post" and text not in taken:
            create_version(actor=jane.actor, skill=skill, semver=text, content=f"# {text}\n")
            alive, taken = alive | {text}, taken | {text}
        elif verb == "post":
            with pytest.raises(Conflict):
                create_version(actor=jane.actor, skill=skill, semver=text)
        elif len(alive) > 1:
            victim = sorted(alive)[index % len(alive)]
            delete_version(actor=jane.actor, skill=skill, number=victim)
            alive -= {victim}
        else:
            with pytest.raises(Conflict):
                delete_version(actor=jane.actor, skill=skill, number=next(iter(alive)))
        skill.refresh_from_db()
        assert skill.semver == max(alive, key=reference)
        assert skill.content == f"# {skill.semver}\n"
    assert set(skill.versions.filter(deleted_at=None).values_list("version", flat=True)) == alive
