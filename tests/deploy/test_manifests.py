"""compose.yaml and the manifests name what exists: commands, settings, probes, the metric that workers scale by."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from config.environment import MIN_SECRET_LENGTH
from tests.live import ROOT

COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OURS = ("web", "worker", "beat", "relay", "migrate")
KNOWN_SETTINGS = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


def manifests() -> list[dict[str, Any]]:
    folder = ROOT / "deploy" / "kubernetes"
    resources = yaml.safe_load((folder / "kustomization.yaml").read_text())["resources"]
    assert {*resources, "kustomization.yaml"} == {path.name for path in folder.iterdir()}
    return [one for name in resources for one in yaml.safe_load_all((folder / name).read_text())]


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in manifests() if one["kind"] == kind}


def containers() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Name, specification of the pod, and its container."""
    for name, one in (of_kind("Deployment") | of_kind("Job")).items():
        pod = one["spec"]["template"]["spec"]
        [container] = pod["containers"]
        yield name, pod, container


def test_both_run_the_same_commands() -> None:
    """Which the image runs too, where nothing else is said."""
    in_kubernetes = {name: container["command"] for name, _, container in containers()}
    in_compose = {name: COMPOSE["services"][name].get("command") for name in OURS}
    assert in_compose.pop("web") is None
    web = in_kubernetes.pop("web")
    assert str(web).replace("'", '"') in (ROOT / "Dockerfile").read_text()
    assert in_compose == in_kubernetes
    for words in in_compose.values():
        assert words[0] == "celery" or words[2] in get_commands(), words


def test_they_set_settings_that_exist() -> None:
    given = set(COMPOSE["x-guildhall"]["environment"]) | set(of_kind("ConfigMap")["guildhall"]["data"])
    assert given <= KNOWN_SETTINGS


def test_nobody_is_root_and_nothing_is_written() -> None:
    for name, pod, container in containers():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["limits"]["memory"], name
    assert COMPOSE["x-guildhall"]["read_only"]
    assert COMPOSE["x-guildhall"]["cap_drop"] == ["ALL"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, one in COMPOSE["services"].items() if "ports" in one] == ["proxy"]


def test_stopping_leaves_time_for_what_runs() -> None:
    wanted = settings.CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT + 30
    assert float(COMPOSE["x-guildhall"]["stop_grace_period"].removesuffix("s")) >= wanted
    graces = {name: pod["terminationGracePeriodSeconds"] for name, pod, _ in containers()}
    assert graces["worker"] >= wanted


def test_workers_scale_by_a_metric_that_exists() -> None:
    [metric] = of_kind("HorizontalPodAutoscaler")["worker"]["spec"]["metrics"]
    name = metric["external"]["metric"]["name"]
    assert name in (ROOT / "docs" / "reference" / "metrics.md").read_text()


def test_the_versions_agree() -> None:
    kustomization = yaml.safe_load((ROOT / "deploy" / "kubernetes" / "kustomization.yaml").read_text())
    assert kustomization["images"] == [{"name": "guildhall", "newName": "guildhall", "newTag": settings.VERSION}]
    assert COMPOSE["x-guildhall"]["image"] == f"guildhall:${{GUILDHALL_VERSION:-{settings.VERSION}}}"


def test_secrets_are_fresh_private_and_never_replaced(tmp_path: Path) -> None:
    script = ["sh", str(ROOT / "deploy" / "compose" / "secrets.sh"), "skills.example.org"]
    subprocess.run(script, cwd=tmp_path, check=True)
    text = "".join((tmp_path / name).read_text() for name in (".env", "guildhall.env"))
    values = dict(line.split("=", 1) for line in text.splitlines())
    made = [values[name] for name in values if name.endswith(("_KEY", "_PASSWORD"))]
    assert len(set(made)) == len(made) == 4
    assert all(len(secret) >= MIN_SECRET_LENGTH and re.fullmatch(r"[\w-]+", secret) for secret in made)
    assert values["ALLOWED_HOSTS"] == "skills.example.org"
    assert (tmp_path / "guildhall.env").stat().st_mode & 0o077 == 0
    assert "POSTGRES_PASSWORD" not in (tmp_path / "guildhall.env").read_text()
    again = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True)
    assert again.returncode == 1
    assert "move it away" in again.stderr


@pytest.mark.parametrize("name", ["secrets.sh", "postgres-role.sh"])
def test_scripts_are_shell(name: str) -> None:
    script = ROOT / "deploy" / "compose" / name
    assert os.access(script, os.R_OK)
    subprocess.run(["sh", "-n", str(script)], check=True)
