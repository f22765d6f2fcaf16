"""Texts to vectors of 384 floats, the only room that runs the embedding model (fastembed, on the CPU).

The default model is made from an installed package (inference/model.py) and never touches the network. Any other
fastembed model of 384 dimensions can be chosen with GUILDHALL_EMBEDDING_MODEL; then run `manage.py reembed_skills`.
"""

import threading
import time
from array import array
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from core.errors import Unavailable

if TYPE_CHECKING:
    from fastembed import TextEmbedding

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
DIMENSIONS = 384

# Larger batches are slower on CPUs and need far more memory (284 MB at 8, 2.2 GB at fastembed's default of 256).
_BATCH = 8
# No 384-dimensional model reads more than 512 tokens; a longer text would only be tokenised to be thrown away.
_MAX_CHARACTERS = 16_384
# A model that failed to load is not tried again at once: a download without a network takes 39 s to fail.
_RETRY_SECONDS = 30.0

_lock = threading.Lock()
_loaded: dict[str, "TextEmbedding"] = {}
_failed: dict[str, tuple[float, Unavailable]] = {}


def model_name() -> str:
    """The name stored beside every vector; vectors of different names must not be compared."""
    return str(settings.EMBEDDING_MODEL)


def embed_documents(texts: list[str]) -> list[list[float]]:
    """One unit-length vector of 384 floats a text, in the given order. Raises Unavailable."""
    model = _model(model_name())
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    vectors: list[list[float]] = [[]] * len(texts)
    try:
        results = model.passage_embed([texts[index][:_MAX_CHARACTERS] for index in order], batch_size=_BATCH)
        for index, vector in zip(order, results, strict=True):
            vectors[index] = vector.tolist()
    except Exception as error:
        raise Unavailable(f"The embedding model failed: {error}", code="model_failed") from error
    return vectors


def embed_query(text: str) -> list[float]:
    """The vector to compare a query with: 384 floats of unit length; recent ones are remembered. Raises Unavailable."""
    return list(_query_vector(model_name(), text[:_MAX_CHARACTERS]))


def knows_word(word: str) -> bool:
    """Whether the model's vocabulary has `word` as a whole, so that it is no misspelling. Raises Unavailable."""
    tokenizer = getattr(_model(model_name()).model, "tokenizer", None)
    return tokenizer is None or len(tokenizer.encode(word, add_special_tokens=False).ids) == 1


@lru_cache(maxsize=1024)
def _query_vector(name: str, text: str) -> "array[float]":
    """As the model's own numbers of 4 bytes: as objects of Python they would take eight times as much to remember."""
    model = _model(name)
    try:
        return array("f", next(iter(model.query_embed(text))).tolist())
    except Exception as error:
        raise Unavailable(f"The embedding model failed: {error}", code="model_failed") from error


def _model(name: str) -> "TextEmbedding":
    """The model, loaded on first use in each process; its runs need no lock."""
    if name in _loaded:
        return _loaded[name]
    with _lock:
        if name in _loaded:
            return _loaded[name]
        failed_at, failure = _failed.get(name, (0.0, None))
        if failure and time.monotonic() - failed_at < _RETRY_SECONDS:
            raise failure
        try:
            _loaded[name] = _load(name)
        except Unavailable as error:
            _failed[name] = (time.monotonic(), error)
            raise
        return _loaded[name]


def _load(name: str) -> "TextEmbedding":
    # Imported here: they take about a second, and most commands never embed anything.
    from fastembed import TextEmbedding

    from inference.model import ensure_model

    models = Path(settings.MODEL_DIR)
    threads = settings.EMBEDDING_THREADS
    try:
        if TextEmbedding.get_embedding_size(name) != DIMENSIONS:
            raise Unavailable(
                f"The embedding model {name} does not give {DIMENSIONS} dimensions: choose another with "
                "GUILDHALL_EMBEDDING_MODEL.",
                code="model_dimensions",
            )
        if name == DEFAULT_MODEL:
            folder = str(ensure_model(models))
            return TextEmbedding(name, specific_model_path=folder, local_files_only=True, threads=threads)
        return TextEmbedding(name, cache_dir=str(models / "fastembed"), threads=threads)
    except Unavailable:
        raise
    except Exception as error:  # fastembed and onnxruntime raise errors of many kinds
        raise Unavailable(
            f"The embedding model {name} cannot be loaded from {models}: {error}", code="model_load"
        ) from error
