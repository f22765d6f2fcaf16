from enum import StrEnum


class QuestionType(StrEnum):
    BOOLEAN = "boolean"
    MULTIPLE_CHOICE = "multiple_choice"
    SINGLE_CHOICE = "single_choice"
    TEXT = "text"

    def __str__(self) -> str:
        return str(self.value)
