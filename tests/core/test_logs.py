"""What a line of the log tells, and what it keeps back whoever writes it."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

import pytest
from django.db import DataError, IntegrityError, OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from core import logs
from core.logs import HIDDEN, Discreet, JSONLines

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.4Yp_x-Zq"


def record(message: object, *args: Any, error: BaseException | None = None, **extra: Any) -> logging.LogRecord:
    info = (type(error), error, error.__traceback__) if error else None
    made = logging.LogRecord("guildhall.test", logging.WARNING, __file__, 1, message, args, info)
    made.__dict__.update(extra)
    return made


def told(message: object, *args: Any, formatter: Discreet | None = None, **more: Any) -> dict[str, Any]:
    line = (formatter or JSONLines()).format(record(message, *args, **more))
    assert "\n" not in line
    found: dict[str, Any] = json.loads(line)
    return found


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_a_line_says_who_and_what_it_is_about() -> None:
    with logs.about(request_id="r-12345678", client_id="42", job_id=""):
        logs.add(user_id=17)
        with logs.about(job_id="j-1"):
            line = told("%s came", "Jane", status=200, request="<WSGIRequest: GET '/?query=private'>")
        assert "job_id" not in told("after")
    assert line.pop("at").endswith("Z")
    assert line == {
        "level": "WARNING",
        "logger": "guildhall.test",
        "message": "Jane came",
        "request_id": "r-12345678",
        "client_id": "42",
        "user_id": "17",
        "job_id": "j-1",
        "status": 200,
    }
    assert set(told("outside")) == {"at", "level", "logger", "message"}


def test_a_line_for_people() -> None:
    with logs.about(job_id="j-1"):
        line = Discreet().format(record("%d left", 3))
    assert line.endswith("Z WARNING guildhall.test: 3 left (job_id=j-1)")


SECRETS = (
    ("Authorization: Bearer abc.def-ghi", "abc.def-ghi"),
    ("{'Authorization': 'Basic amFuZTpodW50ZXIy'}", "amFuZTpodW50ZXIy"),
    ('{"authorization": "kam_short"}', "kam_short"),
    ("key kam_8Qx2-abcdefghijklmnop was used", "8Qx2-abcdefghijklmnop"),
    (f"token {JWT} ended", JWT),
    (f"GET /stream?access_token={JWT[:5]}&x=1", JWT[:5]),
    ("Cookie: sessionid=abcdef0123; csrftoken=zzz", "abcdef0123"),
    ("Set-Cookie: sessionid=abcdef0123; Path=/", "abcdef0123"),
    ("{'sessionid': 'abcdef0123'}", "abcdef0123"),
    ("csrfmiddlewaretoken=aaabbb", "aaabbb"),
    ('{"username": "jane", "password": "correct horse"}', "correct horse"),
    ("password=hunter2 host=db", "hunter2"),
    ("PGPASSWORD='hunter2'", "hunter2"),
    ("client_secret: s3cr3t", "s3cr3t"),
    ("X-API-Key: plain-key", "plain-key"),
    ("api_key=plain-key,", "plain-key"),
    ("redis://:hunter2@redis:6379/0 refused", "hunter2"),
    ("postgresql://guildhall:hunter2@db/guildhall", "hunter2"),
    ("the provider echoed sk-proj-0123456789abcdef", "0123456789abcdef"),
    ("of the settings: value-of-settings!", "value-of-settings!"),
)


@pytest.mark.parametrize(("text", "secret"), SECRETS, ids=[str(number) for number in range(len(SECRETS))])
def test_secrets_are_hidden(text: str, secret: str) -> None:
    formatter = JSONLines(secrets=["value-of-settings!", "", "abc"], messages=True)
    for line in (
        told(text, formatter=formatter),
        told("%s", text, formatter=formatter),
        told("failed", error=raised(RuntimeError(text)), formatter=formatter),
        told("request", path=text, formatter=formatter),
    ):
        assert secret not in json.dumps(line)
        assert HIDDEN in json.dumps(line)


@pytest.mark.parametrize(
    "text",
    [
        "1200 input_tokens: 5 output_tokens=7, max_tokens=100",
        "the tenant's token_budget_used",
        "job 5f0c2a: step generate failed",
        "http://127.0.0.1:8000/api/v1/skills?limit=5",
        "worker-8000@host ready.",
        "3 of 4 abc",
    ],
)
def test_other_words_stay(text: str) -> None:
    assert told(text, formatter=JSONLines(secrets=["", "abc"]))["message"] == text


@pytest.mark.parametrize(
    "piece",
    [
        "a-", "eyJ-", "eyJaaaaaa.", "kam_", "sk-", "://", "://a:", "password", "password ", "password:", 'password="',
        "cookie", "cookie ", "Bearer ", "token", "id_token", " ", '"', "api-key-", "csrfmiddleware",
    ],
)  # fmt: skip
def test_no_text_takes_long_to_hide(piece: str) -> None:
    """A path may have 8 KB; the square of this would be minutes."""
    text = piece * (200_000 // len(piece))
    began = time.process_time()
    JSONLines().hide(text)
    assert time.process_time() - began < 5


class TestErrors:
    PROMPT = "Write a skill about our unannounced merger"

    def test_the_way_through_the_code_is_told_and_what_was_quoted_is_not(self) -> None:
        error = raised(ValueError(f"cannot read {self.PROMPT!r}"), raised(KeyError(self.PROMPT)))
        line = told("step failed", error=error)
        assert self.PROMPT not in str(line)
        first, second = line["exception"].split("\nwhich led to:\n")
        assert first.endswith("KeyError")
        assert second.endswith("ValueError")
        assert "in raised" in first

    def test_nor_where_the_message_repeats_it(self) -> None:
        """As Celery and asyncio do."""
        error = raised(ValueError(self.PROMPT))
        line = told("Task %(name)s raised: %(exc)s", {"name": "t", "exc": repr(error)}, error=error)
        assert line["message"] == "Task t raised: ValueError"
        assert told("Exception inside application: %s", error, error=error)["message"].endswith(": ValueError")
        assert told(error)["message"] == "ValueError"

    def test_a_row_that_the_database_repeats(self) -> None:
        problem = IntegrityError(f'violates check "x"\nDETAIL:  Failing row contains ({self.PROMPT}).')
        line = told("a search was not recorded: %s", problem)
        assert line["message"] == 'a search was not recorded: IntegrityError: violates check "x"'
        assert "message" in told("%s", DataError(f'invalid input syntax for type uuid: "{self.PROMPT}"'))
        assert self.PROMPT not in str(told("%s", DataError(f'invalid input syntax: "{self.PROMPT}"')))

    @pytest.mark.parametrize(
        "error",
        [
            OperationalError("connection refused"),
            RedisConnectionError("Error 111 connecting to localhost:6379"),
            FileNotFoundError(2, "No such file", "/models"),
        ],
    )
    def test_what_speaks_of_connections_and_files_is_told(self, error: Exception) -> None:
        assert told("trouble", error=raised(error))["exception"].endswith(f"{type(error).__name__}: {error}")

    def test_all_of_it_where_the_setting_says_so(self) -> None:
        line = told("failed", error=raised(ValueError(self.PROMPT)), formatter=JSONLines(messages=True))
        assert line["exception"].endswith(f"ValueError: {self.PROMPT}")

    def test_a_circle_of_causes_ends(self) -> None:
        one, two = ValueError("one"), KeyError("two")
        one.__cause__, two.__cause__ = two, one
        assert told("x", error=raised(one, two))["exception"].count("which led to") == 1


def test_a_line_that_does_not_fit_its_arguments_prints_none_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JSONLines())
    handler.handle(record("%d and %d", "kam_abcdefgh"))
    handler.handle(record("a lone \udcff surrogate"))
    said = capsys.readouterr()
    assert "abcdefgh" not in said.out + said.err
    assert len(said.out.splitlines()) == 2
    assert not said.err


def test_other_handlers_see_the_record_as_it_was() -> None:
    one = record("%s", ValueError("whole"))
    JSONLines().format(one)
    assert one.getMessage() == "whole"
    assert one.exc_text is None
