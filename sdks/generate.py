"""`make sdks`: the generated parts of both clients, from docs/openapi.

Python: one package for each contract, below the hand-written layer in sdks/python/src/guildhall. Streams are left to
that layer, since the generator knows no events; their events' classes are generated. TypeScript: a file of types each.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ROOT / "docs" / "openapi"
PYTHON = ROOT / "sdks" / "python" / "src" / "guildhall"
TYPESCRIPT = ROOT / "sdks" / "typescript"
CONTRACTS = ("fleet", "code", "agent")
_BIN = Path(sys.executable).parent


def without_streams(text: str) -> str:
    """The document without the operations that answer events."""
    document = json.loads(text)
    for path, methods in list(document["paths"].items()):
        kept = {
            method: operation
            for method, operation in methods.items()
            if "text/event-stream" not in operation["responses"].get("200", {}).get("content", {})
        }
        document["paths"][path] = kept
        if not kept:
            del document["paths"][path]
    return json.dumps(document)


def generate_python(target: Path) -> None:
    """Writes `target/<contract>`; fails where the generator leaves anything out."""
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        (scratch / "config.json").write_text('{"post_hooks": []}')
        for contract in CONTRACTS:
            (scratch / "openapi.json").write_text(without_streams((DOCUMENTS / f"{contract}.json").read_text()))
            command: list[str | Path] = [
                _BIN / "openapi-python-client",
                "generate",
                "--meta",
                "none",
                "--fail-on-warning",
                "--overwrite",
            ]
            command += ["--path", "openapi.json", "--output-path", contract, "--config", "config.json"]
            subprocess.run(command, cwd=scratch, check=True, stdout=subprocess.DEVNULL)
            tidy = ["--isolated", "--line-length", "120", "--target-version", "py310", "--quiet", contract]
            subprocess.run([_BIN / "ruff", "check", "--select", "F,I", "--fix-only", *tidy], cwd=scratch, check=True)
            subprocess.run([_BIN / "ruff", "format", *tidy], cwd=scratch, check=True)
            shutil.rmtree(target / contract, ignore_errors=True)
            shutil.copytree(scratch / contract, target / contract, ignore=shutil.ignore_patterns(".ruff_cache"))


def generate_typescript() -> None:
    """Needs the packages of sdks/typescript (`npm ci`)."""
    for contract in CONTRACTS:
        source, target = DOCUMENTS / f"{contract}.json", TYPESCRIPT / "src" / f"{contract}.ts"
        command: list[str | Path] = [
            "npx",
            "--no-install",
            "openapi-typescript",
            source,
            "--output",
            target,
            "--default-non-nullable=false",
        ]
        subprocess.run(command, cwd=TYPESCRIPT, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", type=Path, metavar="DIR", help="only the Python parts, into this folder")
    folder: Path | None = parser.parse_args().python
    generate_python(folder or PYTHON)
    if folder is None:
        generate_typescript()


if __name__ == "__main__":
    main()
