"""A small household under the real supervisor: PostgreSQL, Redis and sleepers. Run by the tests as a process.

It prints one line of JSON, {name: pid}, when everything is ready, and a line for each thing that happens. Each sleeper
writes its name to `stopped` in the data folder when it is asked to stop.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from embedded.errors import Failed, Refused, StopRequested
from embedded.folder import DataFolder
from embedded.processes import Process
from embedded.servers import start_servers
from embedded.supervisor import Supervisor

POLITE = "trap 'echo {name} >> stopped; exit 0' TERM; touch {name}.up; sleep 600 & wait"
# As Celery's worker: it has a child of its own, and neither ends in time when asked to.
STUBBORN = (
    "trap 'echo {name} >> stopped' TERM; sh -c 'trap \"\" TERM; sleep 600' & "
    "echo $! > pool; touch {name}.up; while :; do wait; done"
)


def report(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def sleeper(name: str, script: str, turn: int, folder: DataFolder) -> Process:
    listens = folder.path / f"{name}.up"
    listens.unlink(missing_ok=True)
    command = ["sh", "-c", script.format(name=name)]
    return Process(name, command, directory=folder.path, ready=listens.exists, stop_turn=turn, stop_seconds=0.5)


def main() -> int:
    # A runner in the background passes on that Ctrl-C is ignored; here it must be heard.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = DataFolder(Path(sys.argv[1]))
    try:
        with Supervisor(folder.logs, folder.take(), report) as supervisor:
            start_servers(supervisor, folder, durable=True)
            sleepers = (("web", POLITE, 2), ("worker", STUBBORN, 1), ("relay", POLITE, 3), ("beat", POLITE, 0))
            supervisor.start(*(sleeper(*one, folder) for one in sleepers))
            report(json.dumps(supervisor.pids()))
            supervisor.watch()
    except StopRequested:
        report("all stopped")
    except (Refused, Failed) as error:
        report(str(error))
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
