"""What the doors do: up, demo, manage, test, test-kafka, chaos and check."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from embedded import environment
from embedded.checks import CHECKS
from embedded.errors import Failed, Refused, StopRequested
from embedded.folder import DataFolder
from embedded.guildhall import (
    HOST,
    PREPARE_DATABASE,
    SHARED_MODELS,
    Scale,
    attending,
    child_environment,
    free_port,
    is_healthy,
    manage,
    serving,
    wanted_port,
)
from embedded.kafka import fetch_broker
from embedded.progress import complain, elapsed, say
from embedded.ready import ready_block
from embedded.servers import Urls, passing_folder, start_servers
from embedded.supervisor import Supervisor

INTERRUPTED = 130  # what a shell reports for a command that Ctrl-C ended


def open_door(words: Sequence[str]) -> int:
    """Run one door; its exit code. Refusals are one clear line and a code of their own (embedded/errors.py)."""
    asked = _parser().parse_args(words)
    try:
        environment.enter(development=asked.door in ("test", "test-kafka", "chaos", "check"))
        match asked.door:
            case "up":
                return up()
            case "demo":
                return demo()
            case "manage":
                return manage_running(asked.arguments)
            case "test" | "chaos":
                return _SUITES[asked.door](asked.arguments)
            case "test-kafka":
                return test_kafka()
            case _:
                return check()
    except (Refused, Failed) as error:
        complain(str(error))
        return error.exit_code
    except (StopRequested, KeyboardInterrupt):
        return INTERRUPTED


def up() -> int:
    """Run everything in the foreground until Ctrl-C or SIGTERM."""
    folder = _chosen_folder()
    lock = folder.take()
    scale = Scale.wanted()
    port = wanted_port(scale)
    try:
        with Supervisor(folder.logs, lock) as supervisor:
            _run_until_stopped(supervisor, folder, port, scale)
    finally:
        folder.forget_instance()
        folder.forget_sockets()
    return 0


def _run_until_stopped(supervisor: Supervisor, folder: DataFolder, port: int, scale: Scale) -> None:
    try:
        _start_guildhall(supervisor, folder, port, folder.path / "models", scale)
        print(ready_block(scale.ports(port), folder, elapsed()), flush=True)
        supervisor.watch()
    except StopRequested:
        stop_began = time.monotonic()
        say("stopping")
        supervisor.stop()
        say(f"stopped in {time.monotonic() - stop_began:.1f} s")


def demo() -> int:
    """Tell the main job as a story against the running instance, or one that lasts as long as the story."""
    running = _running_instance()
    if running:
        return _manage_instance(running, "demo", "--url", running["url"])
    with ExitStack() as stack:
        folder, lock = _folder_for_a_story(stack)
        stack.callback(folder.forget_sockets)
        port = free_port()
        supervisor = stack.enter_context(Supervisor(folder.logs, lock))
        stack.callback(folder.forget_instance)
        children = _start_guildhall(supervisor, folder, port, SHARED_MODELS, Scale())
        return supervisor.run_in_terminal(manage("demo", "--url", f"http://{HOST}:{port}"), children)


def manage_running(arguments: Sequence[str]) -> int:
    """One command of manage.py in the environment of the running instance; its exit code."""
    running = _running_instance()
    if not running:
        raise Refused("Guildhall is not running here. Start it with `make up`, in another terminal.")
    return _manage_instance(running, *arguments)


def _running_instance() -> dict[str, Any] | None:
    running = _chosen_folder().read_instance()
    return running if running and is_healthy(running["port"]) else None


def _manage_instance(running: Mapping[str, Any], *words: str) -> int:
    urls = Urls(running["database_url"], running["redis_url"])
    children = child_environment("development", urls, Path(running["models"]), _chosen_folder().read_secrets())
    with Supervisor(_chosen_folder().logs) as supervisor:
        return supervisor.run_in_terminal(manage(*words), children)


def test(arguments: Sequence[str]) -> int:
    """The test suite on stores of its own, gone afterwards; pytest's exit code."""
    processes_wanted = str(max(2, min(4, os.cpu_count() or 2)))
    return _run_tests(["-n", processes_wanted, "--dist", "loadgroup", *arguments], {})


def test_kafka() -> int:
    """The tests against a real Apache Kafka broker, which needs Java and Maven; pytest's exit code."""
    return _run_tests(["tests/kafka"], fetch_broker())


def chaos(arguments: Sequence[str]) -> int:
    """The whole test plan with all its trials, one test after the other; pytest's exit code, and a table."""
    return _run_tests(["-m", "plan", *arguments], {"GUILDHALL_CHAOS": "full"})


_SUITES = {"test": test, "chaos": chaos}


def _run_tests(words: Sequence[str], extra: Mapping[str, str]) -> int:
    with passing_folder() as folder, Supervisor(folder.logs, folder.take()) as supervisor:
        children = {**_test_environment(supervisor, folder), **extra}
        return supervisor.run_in_terminal([sys.executable, "-m", "pytest", *words], children)


def check() -> int:
    """Every check that is not a test; all of them run, and the exit code is 1 if any found something."""
    failed = []
    with passing_folder() as folder, Supervisor(folder.logs, folder.take()) as supervisor:
        children = _test_environment(supervisor, folder)
        for item in CHECKS:
            say(item.name)
            if supervisor.run_in_terminal(item.command, {**children, **item.environment}):
                failed.append(item.name)
    say(f"check failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def _start_guildhall(
    supervisor: Supervisor, folder: DataFolder, port: int, models: Path, scale: Scale
) -> dict[str, str]:
    """Stores, schema, seeds, processes; the environment they run in."""
    urls = start_servers(supervisor, folder, durable=True)
    children = child_environment("development", urls, models, folder.read_secrets())
    children["PORT"] = str(port)
    supervisor.run("database", [sys.executable, "-c", PREPARE_DATABASE], children)
    supervisor.start(*serving(children, folder, port, scale))
    supervisor.start(*attending(children, scale))
    folder.write_instance(
        {
            "port": port,
            "url": f"http://{HOST}:{port}",
            "database_url": urls.database,
            "redis_url": urls.redis,
            "models": children["GUILDHALL_MODEL_DIR"],
        }
    )
    return children


def _test_environment(supervisor: Supervisor, folder: DataFolder) -> dict[str, str]:
    urls = start_servers(supervisor, folder, durable=False)
    return child_environment("test", urls, SHARED_MODELS, {})


def _chosen_folder() -> DataFolder:
    return DataFolder(Path(os.environ.get("DATA_DIR") or environment.ROOT / "var"))


def _folder_for_a_story(stack: ExitStack) -> tuple[DataFolder, int]:
    """The folder that DATA_DIR names, else one that is gone afterwards."""
    named = bool(os.environ.get("DATA_DIR"))
    folder = _chosen_folder() if named else stack.enter_context(passing_folder())
    return folder, folder.take()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python3 -m embedded",
        description="Guildhall with its own PostgreSQL and Redis. PORT, DATA_DIR and SCALE choose.",
    )
    doors = parser.add_subparsers(
        dest="door", required=True, metavar="up | demo | manage | test | test-kafka | chaos | check"
    )
    doors.add_parser("up", help="run everything until Ctrl-C")
    doors.add_parser("demo", help="the main job, told in the terminal")
    managing = doors.add_parser("manage", help="a command of manage.py, for the running instance")
    managing.add_argument("arguments", nargs=argparse.REMAINDER)
    testing = doors.add_parser("test", help="the test suite; words after -- go to pytest")
    testing.add_argument("arguments", nargs="*")
    doors.add_parser("test-kafka", help="the tests against a real Apache Kafka broker; needs Java 17 and Maven")
    fire = doors.add_parser("chaos", help="the test plan with all its trials; words after -- go to pytest")
    fire.add_argument("arguments", nargs="*")
    doors.add_parser("check", help="linters, types, floors, migrations, deployment settings")
    return parser
