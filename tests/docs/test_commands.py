"""Every command of the documentation runs, in the order of its page, and prints what the page shows."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from embedded.guildhall import free_port
from tests.docs.conftest import newcomer
from tests.docs.pages import ROOT, Block, blocks, commands, pages
from tests.docs.workplace import Workplace, has_shape, moved

# What cannot run on a build machine, by its first word, and why. The rest of a line is checked for naming what exists.
NOT_RUN = {
    "createdb": "makes a database on a server that is not there",
    "docker": "there is no Docker engine",
    "export": "sets what the next line, which is not run, reads",
    "guildhall": "asks for a key in the terminal; pages run it with one in the environment",
    "git": "there is no remote to clone or pull from",
    "kubectl": "there is no cluster",
    "make": "starts a second instance, or a model that is not there",
    "pip": "fetches packages once more",
    "python": "is for servers; the pages run it as `make manage` or in the checkout",
    "python3": "makes an environment anew",
    "sh": "writes secrets, and is run on the page itself",
    "sudo": "changes the machine",
}
# In terminals of their own: the instance in which everything else runs was started so. The suite runs itself elsewhere.
ALREADY_RUN = ("make up", "make test", "make check", "make test-kafka", ".venv/bin/pre-commit install")
SCALED = ROOT / "docs" / "how-to" / "scale.md"  # its first block starts an instance of its own
WITH_COMMANDS = [page for page in pages() if commands(page) and page != SCALED]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.slow
@pytest.mark.xdist_group("docs")
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_the_commands_of_a_page(page: Path, stranger: Workplace) -> None:
    wanted = []
    for block, shown in commands(page):
        if is_already_run(block):
            assert shown is None or has_shape(stranger.greeting, shown.text), block
        else:
            wanted.append((block, shown))
    if wanted:
        stranger.run(wanted, instead(stranger))


@pytest.mark.slow
@pytest.mark.xdist_group("docs")
def test_more_of_each_kind(tmp_path: Path) -> None:
    (start, shown), *wanted = commands(SCALED)
    assert shown is not None
    with newcomer(tmp_path, start.text) as place:
        here = instead(place)
        assert has_shape(place.greeting, moved(shown.text, here)), place.greeting
        place.run(wanted, here)


def is_already_run(block: Block) -> bool:
    lines = (line.partition("#")[0].strip() for line in block.text.splitlines())
    return all(line in ALREADY_RUN for line in lines if line)


def instead(stranger: Workplace) -> Mapping[str, str]:
    """The addresses of the pages and those that are free here; a new server gets a database of its own."""
    instance = json.loads((Path(stranger.environment["DATA_DIR"]) / "instance.json").read_text())
    database = instance["database_url"]
    name = f"production_{free_port()}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return {
        "127.0.0.1:8000": f"127.0.0.1:{stranger.port}",
        "127.0.0.1:8001": f"127.0.0.1:{stranger.port + 1}",
        "-p 8001": f"-p {stranger.port + 1}",
        "var/logs": f"{stranger.environment['DATA_DIR']}/logs",
        "postgresql://guildhall:password@db:5432/guildhall": urlsplit(database)._replace(path=f"/{name}").geturl(),
        "redis://redis:6379/0": instance["redis_url"],
    }


# The reference of the command line is the help it prints; tests/sdks holds it to that.
@pytest.mark.parametrize("page", [page for page in pages() if page.name != "cli.md"], ids=name_of)
def test_what_is_not_run_names_what_exists(page: Path) -> None:
    for block in blocks(page):
        if block.language == "console":
            for line in re.findall(r"^\$ (.+?)$", re.sub(r"\\\n\s*", "", block.text), re.MULTILINE):
                words = shlex.split(line, comments=True)
                assert Path(words[0]).name in NOT_RUN, f"{block}: why is `{line}` not run?"
                assert not missing(words), f"{block}: {line}"


def missing(words: list[str]) -> list[str]:
    """Words that look like files of ours and are none."""
    ours = re.compile(r"(deploy|docs|sdks)/[\w./*-]+|manage\.py|requirements\.lock|compose\.yaml")
    return [word for word in words if ours.fullmatch(word) and not list(ROOT.glob(word))]


def test_no_block_is_in_a_language_that_nobody_checks() -> None:
    for page in pages():
        for block in blocks(page):
            assert block.language in {"bash", "console", "text", "yaml", "python", ""}, block
            assert block.language != "" or "$ " not in block.text, block


def test_a_shape_is_wanted_in_order() -> None:
    assert has_shape("job 17\nnoise\ndone in 3 s\n", "job …\n…\ndone in … s\n")
    assert not has_shape("done in 3 s\njob 17\n", "job …\n…\ndone in … s\n")
    assert not has_shape("", "job …")


def test_the_shell_that_pages_need_is_here() -> None:
    assert all(shutil.which(program) for program in ("bash", "curl", "make"))
