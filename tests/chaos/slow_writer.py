"""The offline writer at the speed of a model, so that kills meet jobs at work."""

from __future__ import annotations

import os
import time
from typing import Any

from django.utils.module_loading import import_string

SECONDS_A_CALL = float(os.environ.get("SLOW_WRITER_SECONDS", "0.05"))


class SlowWriter:
    """Waits before each call, then lets the real writer answer."""

    name = "slow offline"

    def __init__(self) -> None:
        self._writer = import_string("inference.offline_writer.OfflineWriter")()

    def __getattr__(self, call: str) -> Any:
        answer = getattr(self._writer, call)
        if not callable(answer):
            return answer

        def slowly(*args: Any, **options: Any) -> Any:
            time.sleep(SECONDS_A_CALL)
            return answer(*args, **options)

        return slowly
