"""The questions of an attempt: a task to a writer, and a patch to a reader.

The user's own words are quoted outside of fences; everything of the repository is fenced as data.
"""

from collections.abc import Iterator, Sequence

from xreview.domain.record import dataclass
from xreview.domain.text import visible
from xreview.export.markdown_text import code_span, quotation
from xreview.ports.request import ModelRequest
from xreview.review.attempts.statement_reply import ATTEMPT_SCHEMA, STATEMENT_SCHEMA
from xreview.review.attempts.writers import TaskOrder
from xreview.review.egress.gate import Gate
from xreview.review.prompt.compose import estimated_tokens, fenced, prompt_digest
from xreview.review.prompt.pieces import prompt_name
from xreview.review.writing.lens_words import lens_words
from xreview.review.writing.sent_files import SentFile, told_files
from xreview.review.writing.sent_text import sent_text

_SCHEMA_NAME = "attempt"
_LENS = "attempt"


@dataclass(frozen=True, slots=True)
class SentCode:
    """What a model is sent of the repository.

    Args:
        overview: the paths that it has, as many as fit. count: of how many files.
        files: the code of some.
    """

    overview: tuple[str, ...] = ()
    count: int = 0
    files: tuple[SentFile, ...] = ()


NO_CODE = SentCode()


def task_request(
    order: TaskOrder, sent: SentCode = NO_CODE, *, writes_edits: bool = False, gate: Gate
) -> ModelRequest:
    """The task as a question to a writer. Slow: call it in a thread.

    Args:
        writes_edits: whether it answers with edits, instead of changing files itself.
    """
    words = lens_words(_LENS)
    parts = [
        *_task(order),
        *_conventions(order, gate),
        words["rules"] if writes_edits else f"{words['rules']}\n{words['rules_for_agents']}",
        *_checks(order),
        words["answer_for_edits" if writes_edits else "answer"],
        words["statement"],
    ]
    instructions, shared = words["instructions"], "\n\n".join(_code(sent))
    return ModelRequest(
        instructions=instructions,
        shared=shared,
        question="\n\n".join(parts),
        schema=ATTEMPT_SCHEMA if writes_edits else STATEMENT_SCHEMA,
        schema_name=_SCHEMA_NAME,
        cache_key=prompt_digest(instructions, shared)[:32],
    )


def task_text(order: TaskOrder, gate: Gate | None = None) -> str:
    """What is sent to an agent, word by word. Slow: call it in a thread."""
    gate = gate or Gate()
    return sent_text(task_request(order, gate=gate), gate)


def reading_request(order: TaskOrder, patch: str) -> ModelRequest:
    """The task and what became of it, as a question to a reader who didn't write it.

    Args:
        patch: as `review.fixing.verify_code` draws it.
    """
    words = lens_words(_LENS)
    parts = [*_task(order), words["patch"], fenced("patch", patch), words["reader_statement"]]
    return ModelRequest(
        instructions=words["reader_instructions"],
        question="\n\n".join(parts),
        schema=STATEMENT_SCHEMA,
        schema_name=_SCHEMA_NAME,
        cache_key=prompt_digest(words["reader_instructions"], order.task)[:32],
    )


def overview_of(paths: Sequence[str], tokens: int) -> tuple[str, ...]:
    """As many of the paths, in their order, as fit in so many tokens."""
    shown: list[str] = []
    for path in paths:
        tokens -= estimated_tokens(_named(path)) + 1
        if tokens < 0:
            break
        shown.append(path)
    return tuple(shown)


def _task(order: TaskOrder) -> Iterator[str]:
    yield lens_words(_LENS)["task"]
    yield quotation(order.task)


def _conventions(order: TaskOrder, gate: Gate) -> Iterator[str]:
    if order.conventions:
        yield lens_words(_LENS)["conventions"]
        sentences = "\n".join(f"- {visible(one)}" for one in order.conventions)
        yield fenced("conventions", gate.text(sentences).text)


def _checks(order: TaskOrder) -> Iterator[str]:
    if order.checks:
        yield lens_words(_LENS)["checks"]
        yield "\n".join(f"- {code_span(command)}" for command in order.checks)


def _code(sent: SentCode) -> Iterator[str]:
    if sent.overview:
        shown, count = len(sent.overview), sent.count
        some = "all" if shown == count else f"{shown:,} of them, the likeliest first"
        yield f"The repository has {count:,} readable files; {some}:"
        yield fenced("files", "\n".join(map(_named, sent.overview)))
    if sent.files:
        yield lens_words(_LENS)["code"]
        yield from told_files(sent.files)


def _named(path: str) -> str:
    """A path, as a JSON string if it would break a line or deceive."""
    return path if path.isprintable() and visible(path) == path else prompt_name(path)
