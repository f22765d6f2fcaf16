from enum import StrEnum


class FlatQuestionQuestionType(StrEnum):
    BOOLEAN = "boolean"
    MULTI = "multi"
    SINGLE = "single"
    TEXT = "text"

    def __str__(self) -> str:
        return str(self.value)
