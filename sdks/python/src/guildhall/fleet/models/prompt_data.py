from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.content_finding import ContentFinding
    from ..models.measured_figures import MeasuredFigures
    from ..models.question import Question
    from ..models.rule_finding import RuleFinding
    from ..models.suggested_fix import SuggestedFix


T = TypeVar("T", bound="PromptData")


@_attrs_define
class PromptData:
    """What is asked. Which keys are there follows from the prompt's type.

    Attributes:
        questions (list[Question] | Unset): `clarifying_questions`.
        rationale (str | Unset): `clarifying_questions`: why they are asked.
        structure_issues (list[str] | Unset): `structure_fix`.
        structure_warnings (list[str] | Unset): `structure_fix`.
        suggested_fixes (list[SuggestedFix] | Unset): `structure_fix`.
        current_skill_name (str | Unset): `structure_fix`.
        current_description (str | Unset): `structure_fix`.
        summary (str | Unset): `confirm`: the plan, line by line.
        path (str | Unset): `confirm`: where the skill will live.
        key_assumptions (list[str] | Unset): `confirm`.
        content (str | Unset): `preview` and `review`: the text.
        highlights (list[str] | Unset): `preview` and `review`.
        notes (list[str] | Unset): `preview` and `review`: what became of feedback.
        sections_count (int | Unset): `preview`.
        examples_count (int | Unset): `preview`.
        reading_time (str | Unset): `preview`.
        report (str | Unset): `review`: what was checked, to be read.
        passed (bool | Unset): `review`.
        validation_score (float | Unset): `review`.
        findings (list[RuleFinding] | Unset): `review`.
        content_checks (list[ContentFinding] | Unset): `review`.
        before (MeasuredFigures | Unset): How a text is found, and what it costs.
        after (MeasuredFigures | Unset): How a text is found, and what it costs.
        description (str | Unset): `review` of an optimization: the words that would be taken.
        trigger_keywords (list[str] | Unset): `review` of an optimization.
    """

    questions: list[Question] | Unset = UNSET
    rationale: str | Unset = UNSET
    structure_issues: list[str] | Unset = UNSET
    structure_warnings: list[str] | Unset = UNSET
    suggested_fixes: list[SuggestedFix] | Unset = UNSET
    current_skill_name: str | Unset = UNSET
    current_description: str | Unset = UNSET
    summary: str | Unset = UNSET
    path: str | Unset = UNSET
    key_assumptions: list[str] | Unset = UNSET
    content: str | Unset = UNSET
    highlights: list[str] | Unset = UNSET
    notes: list[str] | Unset = UNSET
    sections_count: int | Unset = UNSET
    examples_count: int | Unset = UNSET
    reading_time: str | Unset = UNSET
    report: str | Unset = UNSET
    passed: bool | Unset = UNSET
    validation_score: float | Unset = UNSET
    findings: list[RuleFinding] | Unset = UNSET
    content_checks: list[ContentFinding] | Unset = UNSET
    before: MeasuredFigures | Unset = UNSET
    after: MeasuredFigures | Unset = UNSET
    description: str | Unset = UNSET
    trigger_keywords: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        questions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.questions, Unset):
            questions = []
            for questions_item_data in self.questions:
                questions_item = questions_item_data.to_dict()
                questions.append(questions_item)

        rationale = self.rationale

        structure_issues: list[str] | Unset = UNSET
        if not isinstance(self.structure_issues, Unset):
            structure_issues = self.structure_issues

        structure_warnings: list[str] | Unset = UNSET
        if not isinstance(self.structure_warnings, Unset):
            structure_warnings = self.structure_warnings

        suggested_fixes: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.suggested_fixes, Unset):
            suggested_fixes = []
            for suggested_fixes_item_data in self.suggested_fixes:
                suggested_fixes_item = suggested_fixes_item_data.to_dict()
                suggested_fixes.append(suggested_fixes_item)

        current_skill_name = self.current_skill_name

        current_description = self.current_description

        summary = self.summary

        path = self.path

        key_assumptions: list[str] | Unset = UNSET
        if not isinstance(self.key_assumptions, Unset):
            key_assumptions = self.key_assumptions

        content = self.content

        highlights: list[str] | Unset = UNSET
        if not isinstance(self.highlights, Unset):
            highlights = self.highlights

        notes: list[str] | Unset = UNSET
        if not isinstance(self.notes, Unset):
            notes = self.notes

        sections_count = self.sections_count

        examples_count = self.examples_count

        reading_time = self.reading_time

        report = self.report

        passed = self.passed

        validation_score = self.validation_score

        findings: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.findings, Unset):
            findings = []
            for findings_item_data in self.findings:
                findings_item = findings_item_data.to_dict()
                findings.append(findings_item)

        content_checks: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.content_checks, Unset):
            content_checks = []
            for content_checks_item_data in self.content_checks:
                content_checks_item = content_checks_item_data.to_dict()
                content_checks.append(content_checks_item)

        before: dict[str, Any] | Unset = UNSET
        if not isinstance(self.before, Unset):
            before = self.before.to_dict()

        after: dict[str, Any] | Unset = UNSET
        if not isinstance(self.after, Unset):
            after = self.after.to_dict()

        description = self.description

        trigger_keywords: list[str] | Unset = UNSET
        if not isinstance(self.trigger_keywords, Unset):
            trigger_keywords = self.trigger_keywords

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if questions is not UNSET:
            field_dict["questions"] = questions
        if rationale is not UNSET:
            field_dict["rationale"] = rationale
        if structure_issues is not UNSET:
            field_dict["structure_issues"] = structure_issues
        if structure_warnings is not UNSET:
            field_dict["structure_warnings"] = structure_warnings
        if suggested_fixes is not UNSET:
            field_dict["suggested_fixes"] = suggested_fixes
        if current_skill_name is not UNSET:
            field_dict["current_skill_name"] = current_skill_name
        if current_description is not UNSET:
            field_dict["current_description"] = current_description
        if summary is not UNSET:
            field_dict["summary"] = summary
        if path is not UNSET:
            field_dict["path"] = path
        if key_assumptions is not UNSET:
            field_dict["key_assumptions"] = key_assumptions
        if content is not UNSET:
            field_dict["content"] = content
        if highlights is not UNSET:
            field_dict["highlights"] = highlights
        if notes is not UNSET:
            field_dict["notes"] = notes
        if sections_count is not UNSET:
            field_dict["sections_count"] = sections_count
        if examples_count is not UNSET:
            field_dict["examples_count"] = examples_count
        if reading_time is not UNSET:
            field_dict["reading_time"] = reading_time
        if report is not UNSET:
            field_dict["report"] = report
        if passed is not UNSET:
            field_dict["passed"] = passed
        if validation_score is not UNSET:
            field_dict["validation_score"] = validation_score
        if findings is not UNSET:
            field_dict["findings"] = findings
        if content_checks is not UNSET:
            field_dict["content_checks"] = content_checks
        if before is not UNSET:
            field_dict["before"] = before
        if after is not UNSET:
            field_dict["after"] = after
        if description is not UNSET:
            field_dict["description"] = description
        if trigger_keywords is not UNSET:
            field_dict["trigger_keywords"] = trigger_keywords

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.content_finding import ContentFinding  # noqa: PLC0415
        from ..models.measured_figures import MeasuredFigures  # noqa: PLC0415
        from ..models.question import Question  # noqa: PLC0415
        from ..models.rule_finding import RuleFinding  # noqa: PLC0415
        from ..models.suggested_fix import SuggestedFix  # noqa: PLC0415

        d = dict(src_dict)
        _questions = d.pop("questions", UNSET)
        questions: list[Question] | Unset = UNSET
        if _questions is not UNSET:
            questions = []
            for questions_item_data in _questions:
                questions_item = Question.from_dict(questions_item_data)

                questions.append(questions_item)

        rationale = d.pop("rationale", UNSET)

        structure_issues = cast(list[str], d.pop("structure_issues", UNSET))

        structure_warnings = cast(list[str], d.pop("structure_warnings", UNSET))

        _suggested_fixes = d.pop("suggested_fixes", UNSET)
        suggested_fixes: list[SuggestedFix] | Unset = UNSET
        if _suggested_fixes is not UNSET:
            suggested_fixes = []
            for suggested_fixes_item_data in _suggested_fixes:
                suggested_fixes_item = SuggestedFix.from_dict(suggested_fixes_item_data)

                suggested_fixes.append(suggested_fixes_item)

        current_skill_name = d.pop("current_skill_name", UNSET)

        current_description = d.pop("current_description", UNSET)

        summary = d.pop("summary", UNSET)

        path = d.pop("path", UNSET)

        key_assumptions = cast(list[str], d.pop("key_assumptions", UNSET))

        content = d.pop("content", UNSET)

        highlights = cast(list[str], d.pop("highlights", UNSET))

        notes = cast(list[str], d.pop("notes", UNSET))

        sections_count = d.pop("sections_count", UNSET)

        examples_count = d.pop("examples_count", UNSET)

        reading_time = d.pop("reading_time", UNSET)

        report = d.pop("report", UNSET)

        passed = d.pop("passed", UNSET)

        validation_score = d.pop("validation_score", UNSET)

        _findings = d.pop("findings", UNSET)
        findings: list[RuleFinding] | Unset = UNSET
        if _findings is not UNSET:
            findings = []
            for findings_item_data in _findings:
                findings_item = RuleFinding.from_dict(findings_item_data)

                findings.append(findings_item)

        _content_checks = d.pop("content_checks", UNSET)
        content_checks: list[ContentFinding] | Unset = UNSET
        if _content_checks is not UNSET:
            content_checks = []
            for content_checks_item_data in _content_checks:
                content_checks_item = ContentFinding.from_dict(content_checks_item_data)

                content_checks.append(content_checks_item)

        _before = d.pop("before", UNSET)
        before: MeasuredFigures | Unset
        if isinstance(_before, Unset):
            before = UNSET
        else:
            before = MeasuredFigures.from_dict(_before)

        _after = d.pop("after", UNSET)
        after: MeasuredFigures | Unset
        if isinstance(_after, Unset):
            after = UNSET
        else:
            after = MeasuredFigures.from_dict(_after)

        description = d.pop("description", UNSET)

        trigger_keywords = cast(list[str], d.pop("trigger_keywords", UNSET))

        prompt_data = cls(
            questions=questions,
            rationale=rationale,
            structure_issues=structure_issues,
            structure_warnings=structure_warnings,
            suggested_fixes=suggested_fixes,
            current_skill_name=current_skill_name,
            current_description=current_description,
            summary=summary,
            path=path,
            key_assumptions=key_assumptions,
            content=content,
            highlights=highlights,
            notes=notes,
            sections_count=sections_count,
            examples_count=examples_count,
            reading_time=reading_time,
            report=report,
            passed=passed,
            validation_score=validation_score,
            findings=findings,
            content_checks=content_checks,
            before=before,
            after=after,
            description=description,
            trigger_keywords=trigger_keywords,
        )

        prompt_data.additional_properties = d
        return prompt_data

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
