from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="WriterCall")


@_attrs_define
class WriterCall:
    """One call of a writer.

    Attributes:
        step (str):
        round_ (int):
        writer (str):
        model (None | str):
        prompt (None | str): Name and version of the prompt's file.
        input_tokens (int):
        output_tokens (int):
        estimated (bool): Whether the tokens were estimated here.
        cost (float | None):
        duration_ms (int):
        outcome (str):
    """

    step: str
    round_: int
    writer: str
    model: None | str
    prompt: None | str
    input_tokens: int
    output_tokens: int
    estimated: bool
    cost: float | None
    duration_ms: int
    outcome: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        step = self.step

        round_ = self.round_

        writer = self.writer

        model: None | str
        model = self.model

        prompt: None | str
        prompt = self.prompt

        input_tokens = self.input_tokens

        output_tokens = self.output_tokens

        estimated = self.estimated

        cost: float | None
        cost = self.cost

        duration_ms = self.duration_ms

        outcome = self.outcome

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "step": step,
                "round": round_,
                "writer": writer,
                "model": model,
                "prompt": prompt,
                "input_tokens": input_tokens,
                "output_tokens": output_tokens,
                "estimated": estimated,
                "cost": cost,
                "duration_ms": duration_ms,
                "outcome": outcome,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        step = d.pop("step")

        round_ = d.pop("round")

        writer = d.pop("writer")

        def _parse_model(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        model = _parse_model(d.pop("model"))

        def _parse_prompt(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        prompt = _parse_prompt(d.pop("prompt"))

        input_tokens = d.pop("input_tokens")

        output_tokens = d.pop("output_tokens")

        estimated = d.pop("estimated")

        def _parse_cost(data: object) -> float | None:
            if data is None:
                return data
            return cast(float | None, data)

        cost = _parse_cost(d.pop("cost"))

        duration_ms = d.pop("duration_ms")

        outcome = d.pop("outcome")

        writer_call = cls(
            step=step,
            round_=round_,
            writer=writer,
            model=model,
            prompt=prompt,
            input_tokens=input_tokens,
            output_tokens=output_tokens,
            estimated=estimated,
            cost=cost,
            duration_ms=duration_ms,
            outcome=outcome,
        )

        writer_call.additional_properties = d
        return writer_call

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
