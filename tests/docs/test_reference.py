"""The generated pages are what the code says, and the links between pages lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, pages

GENERATE = [sys.executable, str(ROOT / "docs" / "write_reference.py")]
sys.path.append(str(ROOT / "docs"))

from reference_pages import commands, errors, metrics, settings  # noqa: E402


def test_the_reference_is_not_stale() -> None:
    done = subprocess.run([*GENERATE, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_every_setting_is_explained_and_every_explained_one_is_read() -> None:
    read = set(settings.asked_for())
    explained = [name for groups in settings.sections().values() for group in groups for name in group.names]
    assert set(explained) == read
    assert len(explained) == len(read)
    assert settings.asked_for()["RATE_LIMIT_READS"].default == "1200 per minute"
    assert settings.asked_for()["LOG_FORMAT"].default == "json", "what a server has, not a test"


def test_each_command_is_there_with_its_arguments() -> None:
    page = commands.page()
    assert {"backup", "doctor", "issue_api_key", "relay_outbox", "openapi"} <= set(commands.own())
    assert "manage.py issue_api_key USERNAME --name NAME [--role ROLE] [--scopes SCOPES] [--days DAYS]" in page
    assert "--verbosity" not in page


def test_figures_are_found_with_their_labels() -> None:
    from operations import figures

    found = {one.name: one for one in metrics.figures_of(figures)}
    assert found["guildhall_jobs"].labels == ("type", "state")
    assert (found["guildhall_jobs"].kind, found["guildhall_jobs_finished"].kind) == ("gauge", "counter")
    assert "10000" in found["guildhall_skills_without_vector"].documentation


def test_refusals_are_found_with_code_words_and_status() -> None:
    found = {(one.kind, one.code): one for one in errors.refusals()}
    assert found["Conflict", "already_installed"].message == "Skill already installed"
    assert found["Forbidden", "role_too_low"].message == "This needs the role …; yours is …."
    assert errors.status_of(errors.KINDS["LimitReached"]) == 429


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_what_exists(page: Path) -> None:
    for target, _, anchor in re.findall(r"\]\((?!https?:)([^)\s#]*)(#([\w-]+))?\)", page.read_text()):
        found = page.parent / target if target else page
        assert found.exists(), f"{page.relative_to(ROOT)}: {target}"
        assert not anchor or anchor in anchors(found), f"{page.relative_to(ROOT)}: {target}#{anchor}"


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
