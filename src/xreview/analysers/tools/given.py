"""What a workflow gives to an action that it uses, read line by line.

docs.github.com/actions/reference/workflows-and-actions/workflow-syntax describes the form.
"""

import re
from collections.abc import Iterator, Sequence

_SECRET = re.compile(r"\bsecrets\.\w+|\bgithub\.token\b|\bsecrets:\s*inherit\b")
_TOKEN = re.compile(r"secrets\.GITHUB_TOKEN|github\.token")
_PERMISSIONS = re.compile(r"^\s*permissions:", re.MULTILINE)
_WRITE = re.compile(r":\s*write(-all)?\b")
_CAN_WRITE = "a token that can write"


def given_to(lines: Sequence[str], number: int) -> list[str]:
    """What the action on this 1-based line gets that is worth stealing.

    A token counts unless the workflow says that it can only read.
    """
    column = lines[number - 1].find("uses")
    step = number - 1
    if not _is_above(lines[step], column):
        step = next((at for at in _above(lines, step, column)), step)
    names = list(dict.fromkeys(_SECRET.findall(_block(lines, step))))
    permissions = _permissions(lines, step)
    if permissions is None:
        return [f"`{name}`" for name in names]
    given = [f"`{name}`" for name in names if not _TOKEN.fullmatch(name)]
    return [*given, _CAN_WRITE] if _WRITE.search(permissions) else given


def _permissions(lines: Sequence[str], step: int) -> str | None:
    """The text of the job's permissions, or of those for all jobs; None if they aren't said."""
    for at in (step, *_above(lines, step, _indent(lines[step]))):
        if _PERMISSIONS.search(block := _block(lines, at)):
            return block
    tops = (at for at, line in enumerate(lines) if line.startswith("permissions:"))
    return next((_block(lines, at) for at in tops), None)


def _above(lines: Sequence[str], at: int, column: int) -> Iterator[int]:
    """The indexes of the entries around a line, from the inside, without the outermost."""
    for up in range(at - 1, -1, -1):
        if _is_above(lines[up], column):
            column = _indent(lines[up])
            if column == 0:
                return
            yield up


def _is_above(line: str, column: int) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#") and _indent(line) < column


def _block(lines: Sequence[str], first: int) -> str:
    end = first + 1
    while end < len(lines) and not _is_above(lines[end], _indent(lines[first]) + 1):
        end += 1
    return "\n".join(lines[first:end])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
