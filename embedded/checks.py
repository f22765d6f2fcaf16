"""What `check` runs: everything a reviewer would otherwise have to look for. Tests are another door."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from embedded.environment import ROOT, VENV
from embedded.guildhall import manage


@dataclass(frozen=True)
class Check:
    name: str
    command: Sequence[str | Path]
    environment: Mapping[str, str] = field(default_factory=dict)


PRODUCTION = {
    "GUILDHALL_ENV": "production",
    "SECRET_KEY": "only-for-the-deployment-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "JWT_SIGNING_KEY": "another-key-for-the-deployment-check-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "guildhall.example",
}

DOCS = ROOT / "docs"
MANIFESTS = sorted((ROOT / "deploy" / "kubernetes").glob("[!k]*.yaml"))  # all but kustomization.yaml

CHECKS = (
    Check("ruff check", [sys.executable, "-m", "ruff", "check", "."]),
    Check("ruff format", [sys.executable, "-m", "ruff", "format", "--check", "."]),
    Check("floors (import-linter)", [VENV / "bin" / "lint-imports"]),
    Check("migrations", manage("makemigrations", "--check", "--dry-run")),
    Check("OpenAPI documents", manage("openapi", "--check")),
    Check("deployment settings", manage("check", "--deploy", "--fail-level", "WARNING"), PRODUCTION),
    Check("image (hadolint)", [VENV / "bin" / "hadolint", ROOT / "Dockerfile"]),
    Check("manifests (kubernetes-validate)", [VENV / "bin" / "kubernetes-validate", "--strict", "--quiet", *MANIFESTS]),
    Check("reference (docs)", [sys.executable, DOCS / "write_reference.py", "--check"]),
    Check("documentation (sphinx)", [VENV / "bin" / "sphinx-build", "-W", "-q", DOCS, DOCS / "_build"]),
    Check("types (mypy)", [sys.executable, "-m", "mypy"]),
)
