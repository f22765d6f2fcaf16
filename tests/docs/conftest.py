from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded.folder import DataFolder
from tests.docs.workplace import Workplace, workplace


@pytest.fixture(scope="package")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    """One instance for all pages, as one person would have it."""
    if not (shutil.which("make") and shutil.which("bash") and shutil.which("curl")):
        pytest.skip("the documentation's commands need make, bash and curl")
    data = Path(tempfile.mkdtemp(prefix="guildhall-docs-"))  # the database's account must be able to pass
    data.chmod(0o711)
    with workplace(tmp_path_factory.mktemp("docs"), data) as place:
        yield place
    DataFolder(data).forget_sockets()
    shutil.rmtree(data)
