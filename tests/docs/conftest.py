from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from embedded.folder import DataFolder
from tests.docs.workplace import Workplace, workplace


@pytest.fixture(scope="package")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """One instance for all pages, as one person would have it."""
    with newcomer(tmp_path_factory.mktemp("docs"), "make up") as place:
        yield place


@contextmanager
def newcomer(folder: Path, start: str) -> Iterator[Workplace]:
    """A workplace with data of its own, which are gone afterwards."""
    if not (shutil.which("make") and shutil.which("bash") and shutil.which("curl")):
        pytest.skip("the documentation's commands need make, bash and curl")
    data = Path(tempfile.mkdtemp(prefix="guildhall-docs-"))  # the database's account must be able to pass
    data.chmod(0o711)
    with workplace(folder, data, start) as place:
        yield place
    DataFolder(data).forget_sockets()
    shutil.rmtree(data)
