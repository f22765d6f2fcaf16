"""What Fleet reads. Sent as null, an optional value counts as not sent, except where clearing it means something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from api.inputs import InputSerializer, StrictText, WholeNumber, Words
from jobs.services import MAX_DESCRIPTION, MIN_DESCRIPTION

MAX_UPDATES = 100
SEND_SKILL_ID = "is required: send the skill to measure; signatures (signature_name) are not known here"
SEND_TWO_SKILLS = "is required: send the two skills as baseline_skill_id and improved_skill_id, not signatures"
TOO_SHORT = f"task_description is required and must be at least {MIN_DESCRIPTION} characters"


class Flag(serializers.BooleanField):
    """True, 1, "yes" and their like, as the original takes them."""

    default_error_messages = {"invalid": "must be true or false", "null": "must be true or false"}

    def __init__(self, default: bool = False) -> None:
        super().__init__(default=default)


class OptionalText(StrictText):
    """Null and blank count as not sent; the value then is empty."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default": "", "allow_blank": True, "allow_null": True, **options})

    def run_validation(self, data: Any = empty) -> Any:
        return (super().run_validation(data) or "").strip()


class MaybeWords(Words):
    """As Words; None where nothing was sent, for nothing and no words are different wishes."""

    def run_validation(self, data: Any = empty) -> Any:
        return None if data is empty or data is None else super().run_validation(data)


class Share(serializers.Field[float, Any, float, Any]):
    """A number from 0 to 1; texts are not guessed."""

    default_error_messages = {"invalid": "must be a number from 0 to 1"}

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)) or not 0 <= data <= 1:
            self.fail("invalid")
        return float(data)

    def to_representation(self, value: float) -> float:
        return value


class CreateSkillBody(InputSerializer):
    """What the skill should be, and where people are asked on the way."""

    task_description = StrictText(
        min_length=MIN_DESCRIPTION,
        max_length=MAX_DESCRIPTION,
        error_messages=dict.fromkeys(("required", "null", "blank", "invalid", "min_length"), TOO_SHORT),
    )
    user_id = OptionalText(max_length=255)
    enable_hitl_confirm = Flag()
    enable_hitl_preview = Flag()
    enable_hitl_review = Flag()
    enable_token_streaming = Flag()


_CHECKPOINTS = ("enable_hitl_confirm", "enable_hitl_preview", "enable_hitl_review")


def job_request(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body in the words of `jobs.services.start_job`."""
    return {
        name.removeprefix("enable_").removeprefix("hitl_"): value for name, value in body.items() if name != "user_id"
    }


class StreamSkillBody(CreateSkillBody):
    """`enable_hitl` stands for the checkpoints that are not named; where none is, it is true, as in the original.

    The original's `quality_threshold` is ignored: the report says how good the text is, and people decide.
    """

    enable_hitl = serializers.BooleanField(required=False, error_messages=Flag.default_error_messages)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = [name for name in _CHECKPOINTS if name in self.initial_data]
        others = attrs.pop("enable_hitl", not named)
        return attrs | {name: others for name in _CHECKPOINTS if name not in named}


class SkillMetadata(InputSerializer):
    version = StrictText(required=False)
    author = StrictText(required=False, allow_null=True, max_length=255)
    dependencies = Words(default=empty)
    capabilities = Words(default=empty)


class UpdateSkillBody(InputSerializer):
    content = StrictText(required=False, error_messages={"blank": "cannot be empty", "null": "must be a string"})
    metadata = serializers.DictField(required=False, error_messages={"not_a_dict": "must be an object"})

    def validate_metadata(self, value: dict[str, Any]) -> dict[str, Any]:
        return value | SkillMetadata.read(value)


class ValidatePathBody(InputSerializer):
    """What to check, and whether its quality is judged too."""

    skill_path = StrictText(max_length=1024)
    use_llm = Flag(default=True)


class ResponseBody(InputSerializer):
    """The known names of an answer to a prompt; all may be absent, for there are five ways to answer."""

    question_id = StrictText(required=False)
    response = serializers.JSONField(required=False)
    prompt_id = serializers.UUIDField(required=False, error_messages={"invalid": "must be a UUID"})
    action = StrictText(required=False, allow_blank=True)
    feedback = StrictText(required=False, allow_blank=True, allow_null=True)
    focus_areas = Words()
    answers = serializers.JSONField(required=False)
    skill_name = StrictText(required=False, allow_blank=True, allow_null=True)
    description = StrictText(required=False, allow_blank=True, allow_null=True)
    accept_suggestions = serializers.BooleanField(required=False)


class PromoteBody(InputSerializer):
    """How the draft becomes a skill."""

    taxonomy_path = StrictText(required=False, allow_null=True, max_length=512)
    make_active = Flag(default=True)
    overwrite = Flag(default=True)
    delete_draft = Flag()
    force = Flag()
    acknowledge_findings = Flag()


class CancelBody(InputSerializer):
    """Why the job is cancelled."""

    reason = StrictText(required=False, allow_blank=True, default="", max_length=200)


class Page(InputSerializer):
    """`limit` above 1000 counts as 1000."""

    limit = WholeNumber(minimum=1, clamp=1000, default=1000, help_text="Above 1000 it counts as 1000.")
    offset = WholeNumber(minimum=0, default=0, help_text="How many to leave out first.")


class ListSkillsQuery(Page):
    status = OptionalText(max_length=20, help_text="Only skills of this status.")
    search = OptionalText(max_length=200, help_text="Only skills with these words in id, name or description.")
    category = OptionalText(max_length=512, help_text="Only skills in this category, by id or path, or below it.")


class ListJobsQuery(Page):
    limit = WholeNumber(minimum=1, clamp=200, default=50, help_text="Above 200 it counts as 200.")
    status = OptionalText(max_length=20, help_text="Only jobs of this status.")
    type = OptionalText(max_length=64, help_text="Only jobs of this type.")


class ResumeQuery(InputSerializer):
    """Where a stream goes on, for clients that can set no headers (api/streams.cursor_of reads it)."""

    last_event_id = WholeNumber(minimum=0, required=False, help_text="As the header `Last-Event-ID`.")


class RefineBody(InputSerializer):
    """What should be otherwise, and whether people review it."""

    feedback = StrictText()
    focus_areas = Words()
    enable_hitl_review = Flag()
    enable_token_streaming = Flag()
    user_id = OptionalText(max_length=255)


class UserQuery(InputSerializer):
    user_id = OptionalText(max_length=255, help_text="Of this user; other users are for managers to name.")


class RequiredUserQuery(InputSerializer):
    user_id = StrictText(max_length=255, help_text="For this user; other users are for managers to name.")


class CategoryBody(InputSerializer):
    id = StrictText(max_length=512)
    name = StrictText(required=False, allow_null=True, allow_blank=True, max_length=128)
    parent = StrictText(required=False, allow_null=True, allow_blank=True, max_length=512)  # type: ignore[assignment]
    description = StrictText(required=False, allow_null=True, allow_blank=True, max_length=10_000)


class CategoryUpdatesBody(InputSerializer):
    """The original's: {"updates": {path: {"name", "description"}}}."""

    updates = serializers.DictField(error_messages={"not_a_dict": "must be an object"})

    def validate_updates(self, value: dict[str, Any]) -> dict[str, Any]:
        if not 1 <= len(value) <= MAX_UPDATES:
            raise serializers.ValidationError(f"must have 1 to {MAX_UPDATES} paths")
        return value


class InteractionData(InputSerializer):
    """What a user was seen to do."""

    frequent_domains = Words()


class AdaptBody(InputSerializer):
    """The document's `priorities`, `hidden`, `experience_level`, and the original's history."""

    priorities = MaybeWords()
    hidden = MaybeWords()
    experience_level = StrictText(required=False, allow_null=True, max_length=20)
    query_history = Words()
    interaction_data = InteractionData(required=False, allow_null=True)
    user_id = OptionalText(max_length=255)


class ContentBody(InputSerializer):
    """A text, or a stored skill whose text is meant."""

    content = StrictText(required=False, allow_null=True, allow_blank=True, max_length=1024 * 1024)
    skill_id = OptionalText(max_length=1024)


class ValidateContentBody(ContentBody):
    taxonomy_path = OptionalText(max_length=512)


class PlanBody(InputSerializer):
    """What a text should achieve."""

    success_criteria = Words()


class AssessBody(ContentBody):
    plan = PlanBody(required=False, allow_null=True)
    criteria = Words()


class FixBody(ContentBody):
    issues = serializers.ListField(
        max_length=100,
        error_messages={
            "required": "is required",
            "null": "is required",
            "not_a_list": "must be an array",
            "max_length": "must have at most {max_length} entries",
        },
    )


class MeasuredSkillBody(InputSerializer):
    """The original's bodies name a signature: its programs are none of ours, so they get the document's words."""

    skill_id = StrictText(max_length=1024, error_messages={"required": SEND_SKILL_ID})


class AnalyzeBody(MeasuredSkillBody):
    metrics = Words()
    queries = Words()


class ImproveBody(MeasuredSkillBody):
    target_metric = StrictText(default="trigger_rate", max_length=40)
    target_value = Share(default=0.9)
    queries = Words()


class CompareBody(InputSerializer):
    """Two skills, and queries beside their own."""

    baseline_skill_id = StrictText(max_length=1024, error_messages={"required": SEND_TWO_SKILLS})
    improved_skill_id = StrictText(max_length=1024, error_messages={"required": SEND_TWO_SKILLS})
    queries = Words()


class MessageBody(InputSerializer):
    """Something said in a conversation."""

    message = StrictText(allow_blank=True)  # what it may say is for the service to judge
    session_id = OptionalText(max_length=128)
    client_message_id = OptionalText(max_length=128)
    context = serializers.DictField(  # type: ignore[assignment]
        required=False, allow_null=True, error_messages={"not_a_dict": "must be an object"}
    )
    user_id = OptionalText(max_length=255)
