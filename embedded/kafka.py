"""The packages of a real Apache Kafka broker, which Maven fetches once; the tests start the broker themselves."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from embedded.environment import ROOT
from embedded.errors import ToolMissing
from embedded.progress import say

JARS = ROOT / "var" / "kafka"
VARIABLE = "GUILDHALL_KAFKA_JARS"
JAVA = 17
_DESCRIPTION = ROOT / "tests" / "kafka" / "pom.xml"
_PATIENCE_SECONDS = 600


def fetch_broker() -> dict[str, str]:
    """The environment that names the packages to the tests; raises ToolMissing where no broker can run."""
    _require_java()
    maven = shutil.which("mvn")
    if not maven:
        raise ToolMissing("The tests with a real broker need Maven (mvn) to fetch it; there is none here.")
    say("fetching Apache Kafka with Maven")
    command: list[str | Path] = [
        maven,
        "-q",
        "-B",
        "-f",
        _DESCRIPTION,
        "dependency:copy-dependencies",
        f"-DoutputDirectory={JARS}",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ToolMissing(f"Maven did not fetch Apache Kafka within {_PATIENCE_SECONDS} s.") from None
    if done.returncode:
        reason = "\n".join((done.stdout + done.stderr).strip().splitlines()[:5])
        raise ToolMissing(f"Maven could not fetch Apache Kafka:\n{reason}")
    return {VARIABLE: str(JARS)}


def _require_java() -> None:
    java = shutil.which("java")
    if not java:
        raise ToolMissing(f"The tests with a real broker need Java {JAVA} or newer; there is none here.")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    if not found or int(found[1]) < JAVA:
        raise ToolMissing(f"The tests with a real broker need Java {JAVA} or newer, not {found and found[1]}.")
