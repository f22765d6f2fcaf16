from enum import StrEnum


class PromptOutcomeStatus(StrEnum):
    IGNORED = "ignored"
    RECEIVED = "received"

    def __str__(self) -> str:
        return str(self.value)
