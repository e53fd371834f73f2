"""The marker with which this program knows its own comments again.

It is an HTML comment in the last lines of a comment or review, which forges don't show. A marker
anywhere else is a quotation: what is quoted in a comment must not pass for a finding of ours.
"""

import re

_NAME = r"[A-Za-z0-9-]{1,64}"
_LINE = re.compile(rf"<!-- xreview:v1 (fp|re|review)(?:=({_NAME}))? -->")
REVIEW_MARKER = "<!-- xreview:v1 review -->"
"""Marks the text of a review."""


def finding_marker(fingerprint: str) -> str:
    """The marker of a posted finding."""
    return f"<!-- xreview:v1 fp={fingerprint} -->"


def reply_marker(fingerprint: str) -> str:
    """The marker of a reply about a finding."""
    return f"<!-- xreview:v1 re={fingerprint} -->"


def markers_in(body: str) -> tuple[str, ...]:
    """The fingerprints of the findings that a comment or review posts, in their order."""
    return tuple(name for kind, name in _markers(body) if kind == "fp" and name)


def is_marked(body: str) -> bool:
    """Whether this program wrote a comment or review, as far as its text says."""
    return bool(_markers(body))


def _markers(body: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for line in reversed(body.rstrip().splitlines()):
        if (match := _LINE.fullmatch(line.strip())) is None:
            break
        found.append((match[1], match[2] or ""))
    return found[::-1]
