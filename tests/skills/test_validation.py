"""Three layers of findings; the specification layer agrees with the reference validator but for named differences."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from skills_ref.errors import SkillError  # type: ignore[import-untyped]
from skills_ref.parser import parse_frontmatter  # type: ignore[import-untyped]
from skills_ref.validator import validate_metadata  # type: ignore[import-untyped]

from core.errors import Invalid
from skills.document import compose
from skills.validation import CHECKS, check_path, check_paths, path_problem, validate_folder, validate_text

FOLDERS = Path(__file__).parents[3] / "shared" / "data" / "skill-folders.tar.gz"
GOOD = """---
name: pdf-forms
description: Fills in PDF forms. Use when the user asks to complete, sign or flatten a form.
license: Apache-2.0
metadata:
  author: someone
---

# PDF forms

## When to Use
For forms with fields that can be filled; not for scans, which have no fields at all.

## Quick Start
```sh
python scripts/fill.py form.pdf values.json
```
"""
BESIDE = {"examples/one.md": b"# One\n```json\n{}\n```\n", "scripts/fill.py": b"print()\n"}


def oracle(text: str, folder_name: str | None = None) -> list[str]:
    """What the reference validator has against a SKILL.md in a folder of that name."""
    try:
        fields, _ = parse_frontmatter(text)
    except SkillError as error:
        return [str(error)]
    return list(validate_metadata(fields, Path(folder_name) if folder_name else None))


def rules(text: str, folder_name: str | None = None, layer: str = "specification") -> set[str]:
    return {finding.rule for finding in validate_text(text, folder_name).findings if finding.layer == layer}


def meets_specification(text: str, folder_name: str | None = None) -> bool:
    return validate_text(text, folder_name).passed("specification")


def with_field(line: str) -> str:
    return f"---\nname: x\ndescription: Does things\n{line}\n---\nbody"


def test_a_good_skill_has_no_findings() -> None:
    report = validate_folder({"SKILL.md": GOOD.encode(), **BESIDE}, "pdf-forms", skill_id="documents/pdf-forms")
    assert report.findings == ()
    assert (report.ok, report.score, report.status, oracle(GOOD, "pdf-forms")) == (True, 1.0, "passed", [])
    assert report.checks == [{"check": check, "passed": True, "message": ""} for check in CHECKS]


# ------------------------------------------------------------------------------------------------ the oracle

names = st.one_of(
    st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,4}", fullmatch=True),
    st.text("abcABC019-_. ", max_size=70).filter(lambda name: name == name.strip()),
)
texts = st.text("abc :#-'\"{}[]&*!|>%@`,é動\t", max_size=80) | st.text("a ", min_size=1020, max_size=1030)
fields = st.fixed_dictionaries(
    {},
    optional={
        "name": names,
        "description": texts,
        "license": texts,
        "compatibility": st.text("b", max_size=12) | st.text("b", min_size=498, max_size=503),
        "allowed-tools": st.sampled_from(["Read", "Bash(git:*) Read"]),
        "metadata": st.dictionaries(st.text("abc", min_size=1), texts, min_size=1, max_size=3),
        "version": st.just("1.0"),
    },
)


@given(fields, st.none() | names.filter(lambda name: name not in ("", ".", "..")))
@example({"name": "a" * 65, "description": "x"}, "a" * 65)
@example({"name": "a--b", "description": "x" * 1025}, None)
def test_agrees_with_the_reference_on_written_documents(front_matter: dict[str, object], folder: str | None) -> None:
    if "---" in str(front_matter):
        return  # the reference cuts the front matter there: test_a_fence_inside_a_value_is_a_value
    text = compose(front_matter, "body\n")
    assert meets_specification(text, folder) == (oracle(text, folder) == []), oracle(text, folder)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("# Title", "spec.front-matter-missing"),
        ("", "spec.front-matter-missing"),
        ("---\nname: x", "spec.front-matter-unclosed"),
        ("\ufeff" + GOOD, "spec.front-matter-start"),
        ("\n" + GOOD, "spec.front-matter-start"),
        ("---\n- a\n---\n", "spec.front-matter-mapping"),
        ("---\nname: x\ndescription: a: b\n---\n", "spec.front-matter-yaml"),
        ("---\nname: x\nname: y\ndescription: a\n---\n", "spec.front-matter-yaml"),
        ("---\nname: &a x\ndescription: *a\n---\n", "spec.front-matter-yaml"),
        ("---\ndescription: a\n---\n", "spec.name-missing"),
        ("---\nname:\ndescription: a\n---\n", "spec.name-missing"),
        ("---\nname: [a]\ndescription: a\n---\n", "spec.name-missing"),
        ("---\nname: x\n---\n", "spec.description-missing"),
        ("---\nname: x\ndescription: '  '\n---\n", "spec.description-missing"),
        ("---\nname: Big\ndescription: a\n---\n", "spec.name-format"),
        ("---\nname: a_b\ndescription: a\n---\n", "spec.name-format"),
        ("---\nname: -a\ndescription: a\n---\n", "spec.name-hyphens"),
        ("---\nname: a-\ndescription: a\n---\n", "spec.name-hyphens"),
        ("---\nname: a--b\ndescription: a\n---\n", "spec.name-hyphens"),
        (f"---\nname: {'a' * 65}\ndescription: a\n---\n", "spec.name-length"),
        (f"---\nname: x\ndescription: {'a' * 1025}\n---\n", "spec.description-length"),
        (with_field(f"compatibility: {'a' * 501}"), "spec.compatibility-length"),
        (with_field("compatibility:\n  a: b"), "spec.compatibility-type"),
        (with_field("version: 1.0"), "spec.unknown-field"),
    ],
)
def test_both_refuse(text: str, rule: str) -> None:
    assert oracle(text)
    assert rule in rules(text)
    assert not meets_specification(text)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        with_field("license: 1.0"),
        with_field("compatibility: 3.11"),
        with_field("allowed-tools: Bash(git:*) Read"),
        with_field("metadata:\n  version: 1.10"),
        "---\nname: no\ndescription: >\n  long\n  text\n---\n",
        f"---\nname: {'a' * 64}\ndescription: {'a' * 1024}\n---\n",
    ],
)
def test_both_accept(text: str) -> None:
    assert oracle(text) == []
    assert meets_specification(text)


# ------------------------------------------------------------- where the reference is wrong, and we are not


def test_a_fence_inside_a_value_is_a_value() -> None:
    text = "---\nname: x\ndescription: a --- b\nname: y\n---\n"
    assert parse_frontmatter(text)[0]["description"] == "a"
    assert validate_text(text.replace("name: y\n", "")).ok is False  # only for the quality rules:
    assert meets_specification(text.replace("name: y\n", ""))
    assert not meets_specification(text)  # the reference never sees that the name is given twice
    assert oracle(text) == []


def test_names_are_ascii_as_the_specification_says() -> None:
    for name in ("café", "技能", "ﬁle", "x٣"):
        text = f"---\nname: {name}\ndescription: a\n---\n"
        assert oracle(text) == []
        assert "spec.name-format" in rules(text)


def test_spaces_around_a_quoted_name_are_part_of_it() -> None:
    text = "---\nname: ' x '\ndescription: a\n---\n"
    assert oracle(text) == []
    assert "spec.name-format" in rules(text)


def test_flow_style_is_yaml_and_earns_a_warning() -> None:
    text = with_field('metadata: {"author": "me"}')
    assert "flow mapping" in oracle(text)[0]
    assert meets_specification(text)
    assert rules(text) == {"spec.flow-style"}


def test_a_list_of_tools_earns_a_warning() -> None:
    text = with_field("allowed-tools:\n  - Read\n  - Write")
    assert oracle(text) == []
    assert meets_specification(text)
    assert rules(text) == {"spec.allowed-tools-list"}


def test_tools_of_another_shape_are_refused() -> None:
    text = with_field("allowed-tools:\n  Read: yes")
    assert oracle(text) == []
    assert "spec.allowed-tools-type" in rules(text)


def test_metadata_holds_texts_only() -> None:
    for line, rule in (("metadata:\n  requires:\n    - x", "values"), ("metadata: text", "type")):
        assert oracle(with_field(line)) == []
        assert f"spec.metadata-{rule}" in rules(with_field(line))


def test_a_license_is_a_text() -> None:
    text = with_field("license:\n  - MIT")
    assert oracle(text) == []
    assert "spec.license-type" in rules(text)


def test_text_that_is_no_utf8_is_a_finding_not_a_crash() -> None:
    with pytest.raises(UnicodeDecodeError):
        oracle(b"---\nname: \xff\n---\n".decode())
    report = validate_folder({"SKILL.md": b"---\nname: \xff\n---\n"})
    assert [(finding.rule, finding.line) for finding in report.findings] == [("importable.encoding", 2)]


@given(st.dictionaries(st.text(max_size=12) | st.sampled_from(["SKILL.md", "metadata.json"]), st.binary(max_size=80)))
@example({"SKILL.md": b"---\nname: [x\n---\n", "metadata.json": b'{"type": {}, "weight": []}'})
@example({"SKILL.md": b"---\nmetadata: {a: {b: c}}\nhooks: {}\nname: {}\n---\n"})
def test_no_folder_whatever_breaks_the_validation(files: dict[str, bytes]) -> None:
    report = validate_folder(files, "folder", skill_id="a/b")
    assert all(finding.message and finding.layer for finding in report.findings)
    assert "SKILL.md" in files or "skill.md" in map(str.lower, files) or not report.passed("importable")


# ------------------------------------------------------------------------------------------------ real folders


@pytest.fixture(scope="module")
def real_documents() -> list[tuple[str, str, str]]:
    """(path, folder name, text) of each SKILL.md in the shared corpus."""
    if not FOLDERS.exists():
        pytest.skip("the shared corpus ../shared/data/skill-folders.tar.gz is not on this machine")
    return list(_documents())


def _documents() -> Iterator[tuple[str, str, str]]:
    with tarfile.open(FOLDERS) as archive:
        for member in archive:
            path = PurePosixPath(member.name)
            if path.name == "SKILL.md" and (source := archive.extractfile(member)):
                yield member.name, path.parent.name, source.read().decode()


def test_agrees_with_the_reference_on_real_skills(real_documents: list[tuple[str, str, str]]) -> None:
    differing = {}
    for path, folder, text in real_documents:
        if meets_specification(text, folder) != (oracle(text, folder) == []):
            differing[path.split("/", 1)[1]] = rules(text, folder)
    assert len(real_documents) == 656
    assert differing == {
        "github--awesome-copilot/azure-role-selector/SKILL.md": {"spec.flow-style", "spec.allowed-tools-list"},
        "github--awesome-copilot/nano-banana-pro-openrouter/SKILL.md": {"spec.metadata-values"},
    }


def test_every_real_skill_can_be_kept(real_documents: list[tuple[str, str, str]]) -> None:
    assert [path for path, folder, text in real_documents if not validate_text(text, folder).passed("importable")] == []


# --------------------------------------------------------------------------------------- the importable layer


@pytest.mark.parametrize(
    ("files", "rule"),
    [
        ({"README.md": b"x"}, "importable.document-missing"),
        ({"SKILL.md": b"\xef\xbb\xbf \n"}, "importable.empty"),
        ({"SKILL.md": "---\nname: x\n---\n".encode("utf-16")}, "importable.encoding"),
        ({"SKILL.md": b"---\nname: x\n---\na\0b"}, "importable.nul"),
        ({"SKILL.md": b"x" * (1024 * 1024 + 1)}, "importable.document-size"),
        ({"SKILL.md": b"---\nname: &a x\n---\n"}, "importable.front-matter-unsafe"),
        ({"SKILL.md": b"---\nname: x\nname: y\n---\n"}, "importable.front-matter-unsafe"),
        ({"SKILL.md": b"plain text"}, "importable.name-missing"),
        ({"SKILL.md": b"---\nname: " + b"x" * 256 + b"\n---\n"}, "importable.name-length"),
        ({"SKILL.md": b"# T", "../x": b""}, "importable.path"),
        ({"SKILL.md": b"# T", "skill.md": b""}, "importable.path"),
        ({"SKILL.md": b"# T", **{f"f{n}": b"" for n in range(500)}}, "importable.file-count"),
        ({"SKILL.md": b"# T", "big": b"x" * (5 * 1024 * 1024 + 1)}, "importable.file-size"),
        ({"SKILL.md": b"# T"} | {f"f{n}": b"x" * (5 * 1024 * 1024) for n in range(5)}, "importable.total-size"),
    ],
)
def test_what_cannot_be_kept(files: dict[str, bytes], rule: str) -> None:
    report = validate_folder(files)
    assert rule in {finding.rule for finding in report.findings if finding.severity == "error"}
    assert not report.passed("importable")


def test_a_text_with_half_a_character_cannot_be_kept() -> None:
    assert "importable.surrogate" in rules("# Title \ud800", layer="importable")


def test_a_repaired_description_can_be_kept_and_is_named_with_its_line() -> None:
    report = validate_text("---\nname: x\ndescription: Use when: asked\n---\n")
    repaired = next(finding for finding in report.findings if finding.rule == "importable.repaired")
    assert (repaired.severity, repaired.line, repaired.path) == ("warning", 3, "SKILL.md")
    assert report.passed("importable")
    assert not report.passed("specification")


def test_a_missing_name_is_taken_from_the_folder_or_the_heading() -> None:
    assert validate_text("no name", "folder").passed("importable")
    assert "importable.name-derived" in rules("# Title", layer="importable")


# ------------------------------------------------------------------------------------------------- the quality layer


@pytest.mark.parametrize(
    ("change", "rule", "severity"),
    [
        (("## When to Use", "## Scope"), "quality.when-to-use", "error"),
        (("## Quick Start", "## Start"), "quality.quick-start", "warning"),
        (("```", ""), "quality.code-block", "warning"),
        (("Use when the user asks", "Can be taken"), "quality.trigger-phrase", "warning"),
        (("PDF forms.", "<b>PDF</b> forms."), "quality.description-markup", "error"),
        (("name: pdf-forms", "name: claude-forms"), "quality.name-reserved", "warning"),
        (("name: pdf-forms", "name: 3d-forms"), "quality.name-start", "warning"),
        (("license: Apache-2.0", "user-invocable: perhaps"), "quality.field-type", "warning"),
        (("license: Apache-2.0", "hooks: none"), "quality.field-type", "warning"),
        (("license: Apache-2.0", "argument_hint: x"), "quality.field-name", "warning"),
        (("# PDF forms", "# PDF \u202eforms"), "quality.hidden-characters", "warning"),
        (("# PDF forms", "word " * 3000), "quality.size", "info"),
        (("# PDF forms", "word " * 5000), "quality.size", "warning"),
    ],
)
def test_what_readers_miss(change: tuple[str, str], rule: str, severity: str) -> None:
    found = {finding.rule: finding.severity for finding in validate_text(GOOD.replace(*change)).findings}
    assert found.get(rule) == severity


def test_task_is_not_the_trigger_word_ask() -> None:
    assert "quality.trigger-phrase" in rules("---\nname: x\ndescription: Runs tasks\n---\n", layer="quality")


METADATA = b"""{"skill_id": "documents/pdf-forms", "version": "1.0.0", "type": "technical", "weight": "lightweight",
"load_priority": "on_demand", "dependencies": [], "capabilities": ["fill"]}"""


@pytest.mark.parametrize(
    ("files", "rule", "check"),
    [
        ({"examples/one.md": b"no code"}, "quality.example-code", "examples"),
        ({"examples/one.txt": b""}, "quality.example-text", "examples"),
        ({"examples": b""}, "quality.examples", "examples"),
        ({}, "quality.examples", "examples"),
        ({"resources/x.md": b""}, "quality.legacy-folder", "subdirectories"),
        ({"odd/x.md": b""}, "quality.unknown-folder", "subdirectories"),
        ({"scripts/a/b.py": b""}, "quality.nested-folder", "subdirectories"),
        ({"metadata.json": b"{"}, "quality.metadata-json", "structure"),
        ({"metadata.json": b"[]"}, "quality.metadata-json", "structure"),
        ({"metadata.json": METADATA.replace(b"1.0.0", b"1.0")}, "quality.metadata-field", "metadata"),
        ({"metadata.json": METADATA.replace(b'"technical"', b'["technical"]')}, "quality.metadata-field", "metadata"),
        ({"metadata.json": METADATA.replace(b"light", b"heavy")}, "quality.capabilities", "metadata"),
        ({"metadata.json": METADATA.replace(b"documents/", b"other/")}, "quality.metadata-id", "naming"),
    ],
)
def test_what_lies_beside_the_document(files: dict[str, bytes], rule: str, check: str) -> None:
    report = validate_folder({"SKILL.md": GOOD.encode(), **files}, "pdf-forms", skill_id="documents/pdf-forms")
    assert rule in {finding.rule for finding in report.findings if finding.check == check}


def test_a_correct_metadata_file_has_no_findings() -> None:
    files = {"SKILL.md": GOOD.encode(), "metadata.json": METADATA, **BESIDE}
    assert validate_folder(files, "pdf-forms", skill_id="documents/pdf-forms").findings == ()


def test_the_seven_groups_say_what_failed() -> None:
    report = validate_folder({"SKILL.md": b"---\nname: Bad\ndescription: x\n---\n"}, "bad")
    assert [check["check"] for check in report.checks] == list(CHECKS)
    failed = {check["check"]: check["message"] for check in report.checks if not check["passed"]}
    assert set(failed) == {"naming", "documentation"}
    assert "may hold only a-z" in str(failed["naming"])
    assert (report.ok, report.score, report.status) == (False, 0.0, "failed")


def test_findings_have_stable_fields() -> None:
    finding = validate_text("---\nname: Bad\ndescription: Use when asked\n---\n").findings[0]
    assert finding.as_dict() == {
        "rule": "spec.name-format",
        "severity": "error",
        "layer": "specification",
        "path": "SKILL.md",
        "line": 2,
        "message": "The name 'Bad' may hold only a-z, 0-9 and hyphens",
        "hint": "Write it in lower case with hyphens for spaces",
    }


# ----------------------------------------------------------------------------------------------------- paths


@pytest.mark.parametrize(
    "path",
    [
        *("a.md", "scripts/run.sh", "scripts/.gitignore", "a b/ü.md", "文档/指南.md", "a..b", "console.log"),
        *("c++/@types/(draft) [1], 50% + & = #.md", "x" * 255, "/".join("d" * 16)),
    ],
)
def test_paths_that_every_client_can_write(path: str) -> None:
    assert path_problem(path) is None


@pytest.mark.parametrize(
    "path",
    [
        *("", "../x", "a/../b", "/abs", "C:\\x", "C:/x", "c:x", "a\\..\\b", "a\\b", "a//b", "./a", "a/.", "a/", ".."),
        *(".", "a.", "a ", "a /b", " a", "CON", "con.txt", "a/NUL", "LPT1.md", "com\u00b9", "a\x00b", "a\nb", "a\x7f"),
        *("a\u202eb", "a\u200bb", "a\ud800", "cafe\u0301.md", "a:b", "a?", "a*", "a|b", "<a>", '"a"'),
        *(".git/config", "a/.GIT/x", "git~1", "x" * 256, "é" * 128, "x/" * 256 + "x", "/".join("d" * 17)),
    ],
)
def test_paths_that_are_refused_by_name(path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_path(path)
    assert refusal.value.code == "invalid_path"
    shown = path.encode("unicode_escape").decode() if not path.isprintable() else path
    assert shown[:200] in refusal.value.message


@pytest.mark.parametrize(
    "paths",
    [["A.md", "a.md"], ["straße", "STRASSE"], ["a", "a/b"], ["a/b", "a"], ["a/b/c", "A/B"], ["x", "x"], ["skill.MD"]],
)
def test_paths_that_clash_on_some_file_system(paths: list[str]) -> None:
    with pytest.raises(Invalid, match=paths[-1]):
        check_paths(paths)


def test_paths_beside_each_other_are_fine() -> None:
    check_paths(["a/b", "a/c", "ab", "docs/SKILL.md"])
