from enum import StrEnum


class JobStatus(StrEnum):
    CANCELLED = "cancelled"
    COMPLETED = "completed"
    FAILED = "failed"
    PENDING = "pending"
    PENDING_HITL = "pending_hitl"
    RUNNING = "running"

    def __str__(self) -> str:
        return str(self.value)
