"""What streams say. Each event's `data` is one of these objects; the last is the text `[DONE]`, which is no JSON.

Messages with a place in the log have it as the event's id and can be had again by `Last-Event-ID`; the others tell how
things stand now and are not repeated.
"""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, RootModel

from api.fleet.schema.models.conversations import Answer
from api.fleet.schema.models.drafts import JobResult
from api.fleet.schema.models.prompts import PromptData
from api.fleet.schema.models.words import HitlType, JobStatus, PromptType
from api.schema.operations import Shown, sometimes


class EventData(Shown):
    """What happened, in the keys of that kind of event."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    event: str = sometimes()
    """The kind of event in the log."""
    progress: int = sometimes()


class _JobMessage(Shown):
    job_id: UUID
    message: str
    sequence: int
    """The event's number where it has one, else -1."""


class _Logged(_JobMessage):
    phase: str | None
    timestamp: float
    """Seconds since 1970."""


class JobStatusMessage(_JobMessage):
    """The job's status is another."""

    type: Literal["status"]
    status: JobStatus
    data: EventData
    phase: str | None = sometimes()
    timestamp: float = sometimes()


class PhaseStarted(_Logged):
    """A phase begins."""

    type: Literal["phase_start"]
    data: EventData


class PhaseFinished(_Logged):
    """A phase is over."""

    type: Literal["phase_end"]
    data: EventData


class ModuleData(Shown):
    """Which module, in the original's words, and which step of ours."""

    module: str
    step: str


class ModuleStarted(_JobMessage):
    """A step begins."""

    type: Literal["module_start"]
    data: ModuleData


class FinishedModuleData(ModuleData):
    """A step that is done."""

    round: int
    duration_ms: int
    success: Literal[True]


class ModuleFinished(_Logged):
    """A step is done."""

    type: Literal["module_end"]
    data: FinishedModuleData


class ReasoningData(Shown):
    """Why a step decided as it did."""

    module: str
    reasoning: str


class Reasoning(_JobMessage):
    """A step tells why."""

    type: Literal["reasoning"]
    data: ReasoningData


class TextData(Shown):
    """A piece of the text that is being written."""

    module: str
    field: str
    chunk: str
    offset: int
    """Where it goes, in characters."""
    reset: Literal[True] = sometimes()
    """The text begins anew: what came before no longer counts. Absent otherwise."""


class TextWritten(_JobMessage):
    """A piece of the text; only of jobs that were asked to stream it."""

    type: Literal["token_stream"]
    data: TextData


class JobProgress(_JobMessage):
    """The job goes on, or something happened to it."""

    type: Literal["progress"]
    data: EventData
    phase: str | None = sometimes()
    timestamp: float = sometimes()


class RequiredData(Shown):
    """What is asked."""

    hitl_type: HitlType
    prompt_type: PromptType
    prompt_id: UUID
    data: PromptData


class PromptOpened(_JobMessage):
    """A person is asked something."""

    type: Literal["hitl_required"]
    data: RequiredData


class PauseData(Shown):
    """What the job waits for."""

    hitl_type: HitlType


class JobPaused(_JobMessage):
    """The job waits for a person."""

    type: Literal["hitl_pause"]
    status: JobStatus
    data: PauseData


class CompletedData(Shown):
    """What the job made."""

    result: JobResult
    phases_completed: list[str]


class JobCompleted(_Logged):
    """The job is done."""

    type: Literal["completed"]
    data: CompletedData


class FailedData(Shown):
    """Why the job failed."""

    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True)

    error: str


class JobFailed(_Logged):
    """The job failed."""

    type: Literal["error"]
    error_code: str
    data: FailedData


class StreamEnded(Shown):
    """The job is finished: nothing more will come but `[DONE]`."""

    type: Literal["complete"]
    status: JobStatus
    job_id: UUID
    message: str


class Heartbeat(Shown):
    """The stream lives."""

    type: Literal["heartbeat"]
    timestamp: float
    sequence: int


class JobEvent(
    RootModel[
        Annotated[
            JobStatusMessage
            | PhaseStarted
            | PhaseFinished
            | ModuleStarted
            | ModuleFinished
            | Reasoning
            | TextWritten
            | JobProgress
            | PromptOpened
            | JobPaused
            | JobCompleted
            | JobFailed
            | StreamEnded
            | Heartbeat,
            Field(discriminator="type"),
        ]
    ]
):
    """The `data` of each event of a job's stream."""


class ReceivedData(Shown):
    """The message that was stored."""

    session_id: str
    sequence: int
    client_message_id: str


class MessageReceived(Shown):
    """What the person said is stored."""

    type: Literal["received"]
    data: ReceivedData


class PieceData(Shown):
    """A piece of the answer."""

    field: Literal["response"]
    content: str
    offset: int
    reset: Literal[True] = sometimes()
    """The answer begins anew: what came before no longer counts. Absent otherwise."""


class AnswerPiece(Shown):
    """The answer as it is written."""

    type: Literal["stream"]
    data: PieceData


class WholeAnswerData(Shown):
    """The answer, whole."""

    fields: Answer


class WholeAnswer(Shown):
    """The answer, whole, after its pieces."""

    type: Literal["prediction"]
    data: WholeAnswerData


class ConversationEvent(
    RootModel[Annotated[MessageReceived | AnswerPiece | WholeAnswer | Heartbeat, Field(discriminator="type")]]
):
    """The `data` of each event of a conversation's stream."""
