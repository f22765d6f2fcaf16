from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hitl_type import HitlType
from ..models.job_status import JobStatus
from ..models.prompt_type import PromptType
from ..models.verdict import Verdict
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.flat_question import FlatQuestion
    from ..models.prompt_data import PromptData
    from ..models.suggested_fix import SuggestedFix


T = TypeVar("T", bound="Prompt")


@_attrs_define
class Prompt:
    """What a job asks, and how it stands where it asks nothing.

    `has_prompt`, `prompt_type` and `data` are the document's; the flat keys beside them are the original's, always
    there and null where they say nothing.

        Attributes:
            intended_taxonomy_path (None | str):
            draft_path (None | str):
            final_path (None | str): Null until the draft is promoted.
            saved_path (None | str): The same as `final_path`.
            validation_passed (bool | None):
            validation_status (None | Verdict):
            validation_score (float | None):
            has_prompt (bool):
            status (JobStatus): `pending` waits to begin, `pending_hitl` waits for a person; the last three are final.
            current_phase (None | str):
            progress_message (None | str):
            error (None | str):
            promoted (bool):
            type_ (HitlType | None):
            questions (list[FlatQuestion] | None):
            rationale (None | str):
            summary (None | str):
            path (None | str):
            key_assumptions (list[str] | None):
            content (None | str):
            highlights (list[str] | None):
            report (None | str):
            passed (bool | None):
            skill_content (None | str):
            structure_issues (list[str]):
            structure_warnings (list[str]):
            suggested_fixes (list[SuggestedFix]):
            question (None | str): Always null; the original's.
            research_performed (list[str] | None): Always null; the original's.
            current_understanding (None | str): Always null; the original's.
            readiness_score (float | None): Always null; the original's.
            questions_asked (int | None): Always null; the original's.
            current_skill_name (None | str):
            current_description (None | str):
            prompt_type (PromptType | Unset): What a job asks a person.
            prompt_id (UUID | Unset): Absent where nothing is asked. Sent back with the answer, it makes sure that no other
                prompt is answered.
            data (PromptData | Unset): What is asked. Which keys are there follows from the prompt's type.
    """

    intended_taxonomy_path: None | str
    draft_path: None | str
    final_path: None | str
    saved_path: None | str
    validation_passed: bool | None
    validation_status: None | Verdict
    validation_score: float | None
    has_prompt: bool
    status: JobStatus
    current_phase: None | str
    progress_message: None | str
    error: None | str
    promoted: bool
    type_: HitlType | None
    questions: list[FlatQuestion] | None
    rationale: None | str
    summary: None | str
    path: None | str
    key_assumptions: list[str] | None
    content: None | str
    highlights: list[str] | None
    report: None | str
    passed: bool | None
    skill_content: None | str
    structure_issues: list[str]
    structure_warnings: list[str]
    suggested_fixes: list[SuggestedFix]
    question: None | str
    research_performed: list[str] | None
    current_understanding: None | str
    readiness_score: float | None
    questions_asked: int | None
    current_skill_name: None | str
    current_description: None | str
    prompt_type: PromptType | Unset = UNSET
    prompt_id: UUID | Unset = UNSET
    data: PromptData | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        intended_taxonomy_path: None | str
        intended_taxonomy_path = self.intended_taxonomy_path

        draft_path: None | str
        draft_path = self.draft_path

        final_path: None | str
        final_path = self.final_path

        saved_path: None | str
        saved_path = self.saved_path

        validation_passed: bool | None
        validation_passed = self.validation_passed

        validation_status: None | str
        if isinstance(self.validation_status, Verdict):
            validation_status = self.validation_status.value
        else:
            validation_status = self.validation_status

        validation_score: float | None
        validation_score = self.validation_score

        has_prompt = self.has_prompt

        status = self.status.value

        current_phase: None | str
        current_phase = self.current_phase

        progress_message: None | str
        progress_message = self.progress_message

        error: None | str
        error = self.error

        promoted = self.promoted

        type_: None | str
        if isinstance(self.type_, HitlType):
            type_ = self.type_.value
        else:
            type_ = self.type_

        questions: list[dict[str, Any]] | None
        if isinstance(self.questions, list):
            questions = []
            for questions_type_0_item_data in self.questions:
                questions_type_0_item = questions_type_0_item_data.to_dict()
                questions.append(questions_type_0_item)

        else:
            questions = self.questions

        rationale: None | str
        rationale = self.rationale

        summary: None | str
        summary = self.summary

        path: None | str
        path = self.path

        key_assumptions: list[str] | None
        if isinstance(self.key_assumptions, list):
            key_assumptions = self.key_assumptions

        else:
            key_assumptions = self.key_assumptions

        content: None | str
        content = self.content

        highlights: list[str] | None
        if isinstance(self.highlights, list):
            highlights = self.highlights

        else:
            highlights = self.highlights

        report: None | str
        report = self.report

        passed: bool | None
        passed = self.passed

        skill_content: None | str
        skill_content = self.skill_content

        structure_issues = self.structure_issues

        structure_warnings = self.structure_warnings

        suggested_fixes = []
        for suggested_fixes_item_data in self.suggested_fixes:
            suggested_fixes_item = suggested_fixes_item_data.to_dict()
            suggested_fixes.append(suggested_fixes_item)

        question: None | str
        question = self.question

        research_performed: list[str] | None
        if isinstance(self.research_performed, list):
            research_performed = self.research_performed

        else:
            research_performed = self.research_performed

        current_understanding: None | str
        current_understanding = self.current_understanding

        readiness_score: float | None
        readiness_score = self.readiness_score

        questions_asked: int | None
        questions_asked = self.questions_asked

        current_skill_name: None | str
        current_skill_name = self.current_skill_name

        current_description: None | str
        current_description = self.current_description

        prompt_type: str | Unset = UNSET
        if not isinstance(self.prompt_type, Unset):
            prompt_type = self.prompt_type.value

        prompt_id: str | Unset = UNSET
        if not isinstance(self.prompt_id, Unset):
            prompt_id = str(self.prompt_id)

        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "intended_taxonomy_path": intended_taxonomy_path,
                "draft_path": draft_path,
                "final_path": final_path,
                "saved_path": saved_path,
                "validation_passed": validation_passed,
                "validation_status": validation_status,
                "validation_score": validation_score,
                "has_prompt": has_prompt,
                "status": status,
                "current_phase": current_phase,
                "progress_message": progress_message,
                "error": error,
                "promoted": promoted,
                "type": type_,
                "questions": questions,
                "rationale": rationale,
                "summary": summary,
                "path": path,
                "key_assumptions": key_assumptions,
                "content": content,
                "highlights": highlights,
                "report": report,
                "passed": passed,
                "skill_content": skill_content,
                "structure_issues": structure_issues,
                "structure_warnings": structure_warnings,
                "suggested_fixes": suggested_fixes,
                "question": question,
                "research_performed": research_performed,
                "current_understanding": current_understanding,
                "readiness_score": readiness_score,
                "questions_asked": questions_asked,
                "current_skill_name": current_skill_name,
                "current_description": current_description,
            }
        )
        if prompt_type is not UNSET:
            field_dict["prompt_type"] = prompt_type
        if prompt_id is not UNSET:
            field_dict["prompt_id"] = prompt_id
        if data is not UNSET:
            field_dict["data"] = data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.flat_question import FlatQuestion  # noqa: PLC0415
        from ..models.prompt_data import PromptData  # noqa: PLC0415
        from ..models.suggested_fix import SuggestedFix  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_intended_taxonomy_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        intended_taxonomy_path = _parse_intended_taxonomy_path(d.pop("intended_taxonomy_path"))

        def _parse_draft_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        draft_path = _parse_draft_path(d.pop("draft_path"))

        def _parse_final_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        final_path = _parse_final_path(d.pop("final_path"))

        def _parse_saved_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        saved_path = _parse_saved_path(d.pop("saved_path"))

        def _parse_validation_passed(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        validation_passed = _parse_validation_passed(d.pop("validation_passed"))

        def _parse_validation_status(data: object) -> None | Verdict:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                validation_status_type_0 = Verdict(data)

                return validation_status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Verdict, data)

        validation_status = _parse_validation_status(d.pop("validation_status"))

        def _parse_validation_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        validation_score = _parse_validation_score(d.pop("validation_score"))

        has_prompt = d.pop("has_prompt")

        status = JobStatus(d.pop("status"))

        def _parse_current_phase(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        current_phase = _parse_current_phase(d.pop("current_phase"))

        def _parse_progress_message(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        progress_message = _parse_progress_message(d.pop("progress_message"))

        def _parse_error(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        error = _parse_error(d.pop("error"))

        promoted = d.pop("promoted")

        def _parse_type_(data: object) -> HitlType | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                type_type_0 = HitlType(data)

                return type_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(HitlType | None, data)

        type_ = _parse_type_(d.pop("type"))

        def _parse_questions(data: object) -> list[FlatQuestion] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                questions_type_0 = []
                _questions_type_0 = data
                for questions_type_0_item_data in _questions_type_0:
                    questions_type_0_item = FlatQuestion.from_dict(questions_type_0_item_data)

                    questions_type_0.append(questions_type_0_item)

                return questions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[FlatQuestion] | None, data)

        questions = _parse_questions(d.pop("questions"))

        def _parse_rationale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        rationale = _parse_rationale(d.pop("rationale"))

        def _parse_summary(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        summary = _parse_summary(d.pop("summary"))

        def _parse_path(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        path = _parse_path(d.pop("path"))

        def _parse_key_assumptions(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                key_assumptions_type_0 = cast(list[str], data)

                return key_assumptions_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        key_assumptions = _parse_key_assumptions(d.pop("key_assumptions"))

        def _parse_content(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        content = _parse_content(d.pop("content"))

        def _parse_highlights(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                highlights_type_0 = cast(list[str], data)

                return highlights_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        highlights = _parse_highlights(d.pop("highlights"))

        def _parse_report(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        report = _parse_report(d.pop("report"))

        def _parse_passed(data: object) -> bool | None:
            if data is None:
                return data
            return cast(bool | None, data)

        passed = _parse_passed(d.pop("passed"))

        def _parse_skill_content(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        skill_content = _parse_skill_content(d.pop("skill_content"))

        structure_issues = cast(list[str], d.pop("structure_issues"))

        structure_warnings = cast(list[str], d.pop("structure_warnings"))

        suggested_fixes = []
        _suggested_fixes = d.pop("suggested_fixes")
        for suggested_fixes_item_data in _suggested_fixes:
            suggested_fixes_item = SuggestedFix.from_dict(suggested_fixes_item_data)

            suggested_fixes.append(suggested_fixes_item)

        def _parse_question(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        question = _parse_question(d.pop("question"))

        def _parse_research_performed(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                research_performed_type_0 = cast(list[str], data)

                return research_performed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        research_performed = _parse_research_performed(d.pop("research_performed"))

        def _parse_current_understanding(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        current_understanding = _parse_current_understanding(d.pop("current_understanding"))

        def _parse_readiness_score(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        readiness_score = _parse_readiness_score(d.pop("readiness_score"))

        def _parse_questions_asked(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        questions_asked = _parse_questions_asked(d.pop("questions_asked"))

        def _parse_current_skill_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        current_skill_name = _parse_current_skill_name(d.pop("current_skill_name"))

        def _parse_current_description(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        current_description = _parse_current_description(d.pop("current_description"))

        _prompt_type = d.pop("prompt_type", UNSET)
        prompt_type: PromptType | Unset
        if isinstance(_prompt_type, Unset):
            prompt_type = UNSET
        else:
            prompt_type = PromptType(_prompt_type)

        _prompt_id = d.pop("prompt_id", UNSET)
        prompt_id: UUID | Unset
        if isinstance(_prompt_id, Unset):
            prompt_id = UNSET
        else:
            prompt_id = UUID(_prompt_id)

        _data = d.pop("data", UNSET)
        data: PromptData | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = PromptData.from_dict(_data)

        prompt = cls(
            intended_taxonomy_path=intended_taxonomy_path,
            draft_path=draft_path,
            final_path=final_path,
            saved_path=saved_path,
            validation_passed=validation_passed,
            validation_status=validation_status,
            validation_score=validation_score,
            has_prompt=has_prompt,
            status=status,
            current_phase=current_phase,
            progress_message=progress_message,
            error=error,
            promoted=promoted,
            type_=type_,
            questions=questions,
            rationale=rationale,
            summary=summary,
            path=path,
            key_assumptions=key_assumptions,
            content=content,
            highlights=highlights,
            report=report,
            passed=passed,
            skill_content=skill_content,
            structure_issues=structure_issues,
            structure_warnings=structure_warnings,
            suggested_fixes=suggested_fixes,
            question=question,
            research_performed=research_performed,
            current_understanding=current_understanding,
            readiness_score=readiness_score,
            questions_asked=questions_asked,
            current_skill_name=current_skill_name,
            current_description=current_description,
            prompt_type=prompt_type,
            prompt_id=prompt_id,
            data=data,
        )

        prompt.additional_properties = d
        return prompt

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
