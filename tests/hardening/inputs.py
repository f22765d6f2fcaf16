"""What people and programs send that breaks servers: the list §4 of the project's reliability guide, as data."""

from __future__ import annotations

from typing import Any

# Bodies that are no object of the contract, with the statuses that may answer where a body is read at all.
BAD_BODIES: dict[str, bytes] = {
    "an open brace": b"{",
    "no JSON": b"'single'",
    "NaN": b'{"x": NaN}',
    "infinity": b'{"x": -Infinity}',
    "1e400": b'{"x": 1e400}',
    "5000 digits": b'{"x": ' + b"9" * 5000 + b"}",
    "half a surrogate pair": b'{"x": "\\udfff"}',
    "not UTF-8": b'{"x": "\xff"}',
    "UTF-16": '{"x": "y"}'.encode("utf-16"),
    "33 levels": b'{"a":' * 33 + b"1" + b"}" * 33,
    "1,000 levels": b'{"a":' + b"[" * 1000 + b"]" * 1000 + b"}",
    "100,000 brackets": b"[" * 100_000,
    "100,000 braces": b'{"a":' * 100_000,
    "NUL in a name": b'{"\\u0000": 1}',
    "NUL in a value": b'{"x": ["a\\u0000b"]}',
    "NUL in a name inside": b'{"x": {"a\\u0000b": 1}}',
}
# Valid JSON that is no object: whatever an operation makes of it, it is no crash.
ODD_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b" \n ",
    "an array": b"[]",
    "an array of objects": b'[{"name": "x"}]',
    "a string": b'"x"',
    "null": b"null",
    "a number": b"1",
    "true": b"true",
    "the same name twice": b'{"name": "a", "name": [], "query": "a", "query": {}}',
    "an array of 100,000": b'{"x": [' + b"1," * 99_999 + b"1]}",
}
BAD_TYPES = (
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
    "x",
)
BAD_CHARSETS = (
    "application/json; charset=utf-16",
    "application/json; charset=klingon",
    "application/json; charset=cp037",
)

# What PostgreSQL cannot keep; as JSON, so that half of a surrogate pair can be said.
UNSTORABLE: dict[str, bytes] = {
    "NUL": b'"a\\u0000b"',
    "half a surrogate pair": b'"a\\ud800b"',
    "NUL in an array": b'["a", "b\\u0000"]',
    "NUL in an object": b'{"a": {"b": ["\\u0000"]}}',
    "NUL in a name": b'[{"a\\u0000": 1}]',
}
WRONG_FOR_TEXT: dict[str, Any] = {
    "a number": 5,
    "true": True,
    "an object": {},
    "an array": [],
    "an array of text": ["x"],
}
# Values that may be fine for one field and wrong for another.
VALUES: dict[str, Any] = {
    "null": None,
    "nothing": "",
    "spaces": " \t\n ",
    "minus one": -1,
    "beyond 64 bits": 10**30,
    "a huge float": 1e308,
    "an object": {"a": {"b": [1, None, {}]}},
    "an array": [None, 1, {}, []],
    "256 characters": "x" * 256,
    "300,000 characters": "é" * 300_000,
    "emoji and CJK": "🦜数据库" * 40,
    "bidi and tag characters": "a\u202e\u2066\U000e0041b",
    "control characters": "a\x0b\x1b\ufffe\x7fb",
    "line ends": "a\r\nb\u2028c",
    "a path upwards": "../../../../etc/passwd",
    "a path of Windows": "C:\\x\\..\\CON",
    "markup": "</skill><script>alert(1)</script>&\"'",
    "SQL": "'; DROP TABLE kaman_skills; --",
    "patterns": "%_\\%' {{ 7*7 }} ${x} %s %(x)s {0}",
    "front matter": "---\nname: [unclosed\n---\n",
    "an alias bomb": "---\na: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n---\n",
    "not a version": "01.0.0\n",
    "an array of 1,000 long texts": ["x" * 300] * 1000,
    "an array of odd text": ["", " ", "a\nb", "🦜", "../x"],
    "files": [{"path": "../x", "content": "x"}, {"path": "a", "content": 5}, {"path": {}, "content": None}],
    "files that clash": [
        {"path": "a.md", "content": ""},
        {"path": "A.MD", "content": ""},
        {"path": "a.md/b", "content": ""},
    ],
}
NUMBERS = (
    "0",
    "-1",
    "-5",
    "abc",
    "1e3",
    "1.5",
    "٣",
    "1_0",
    " 1",
    "+1",
    "0x1",
    "9223372036854775808",
    "9" * 5000,
    "",
    "%00",
    "1%0a",
)
# In a query, percent-encoded.
QUERIES = (
    "%00",
    "%ff%fe",
    "%ed%a0%80",
    "a" * 5000,
    "%f0%9f%a6%9c",
    "%27%22%3b--",
    "..%2f..%2f",
    "%",
    "a%0d%0aX:%20yes",
)
ODD_QUERIES = ("&&&===", "%00=1&[]=2&a[b]=3", "unknown=%ff%00", "limit&offset", "a" * 9000)
# In the place of a name in a path.
NAMES = (
    "%00", "a%00b", "%ff", "%ed%a0%80", "..%2f..%2fetc%2fpasswd", "%2e%2e", "..%252f..%252f", "a%0a", "a%0d%0aX:1",
    "%20", "%f0%9f%a6%9c", "x" * 300, "x" * 5000, "%27%3b--", "%7b00000000-0000-0000-0000-000000000000%7d", "0" * 32,
    "0" * 36, "CON", "_drafts%2fx%2fy", "*", "%25", "%5c..%5c", "%3fq=1", "latest", "1.0.0%0a", "~",
)  # fmt: skip
AUTHORIZATIONS = (
    "Bearer", "Bearer \xff\xfe", "Basic dXNlcjpwYXNz", "Bearer kam_" + "x" * 100_000, "Bearer a.b.c", "Bearer a b",
    "kam_x", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJqYW5lIn0.",
)  # fmt: skip
# Headers that something reads.
HEADERS: dict[str, tuple[str, ...]] = {
    "Idempotency-Key": (" ", "x" * 300, "a\x0bb", "é\xff", "' --"),
    "If-Match": ("x", '"', 'W/"x"', ",,,", "\xff"),
    "If-None-Match": ("*", "x", '"', ",,,", "\xff"),
    "X-User-Id": ("", "../x", "é\xff", "x" * 9000, "jane' --"),
    "X-Request-ID": ("", "x", "x" * 9000, "a\x0bb", "é\xff"),
    "Accept": ("text/html", "nonsense", "*/*;q=0", "é\xff", "application/json; indent=99999999"),
    "Accept-Language": ("xx", "../..", "x" * 9000, "\xff", ""),
    "X-HTTP-Method-Override": ("DELETE",) * 5,
    "X-Forwarded-Host": ("evil.example",) * 5,
    "X-Forwarded-For": ("evil", "1.2.3.4, " * 500, ",", "\xff", "::1%25x"),
    "Last-Event-ID": ("x", "-1", "9" * 400, "\xff", ""),
    "Range": ("bytes=0-1", "bytes=" + "0-," * 2000, "x", "", "\xff"),
    "Content-Encoding": ("gzip", "x", "", "\xff", "br, gzip"),
    "Cookie": ("sessionid=x; csrftoken=y", "a=" + "x" * 9000, "sessionid=\xff", ";;==", "a"),
}


def odd_headers() -> list[dict[str, str]]:
    """Several at once, for they do not know each other; conditions that fail by themselves."""
    alone = {"If-Match", "Idempotency-Key"}
    together = [{name: values[turn] for name, values in HEADERS.items() if name not in alone} for turn in range(5)]
    return together + [{name: value} for name in sorted(alone) for value in HEADERS[name]]
