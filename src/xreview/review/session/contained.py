"""The wall around each part of a review: whatever is raised in it, the part ends with a sentence.

A task that dies of an error that nobody foresaw takes down those that wait for it, or leaves them
waiting for ever. So every seam at which a part ends says what became of it, and takes errors of
the program's own tree only; this makes one of everything else.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from xreview.domain.errors import XReviewError
from xreview.domain.fault import fault


@contextmanager
def contained(what: str) -> Generator[None]:
    """Raise a ReviewerError in the place of what is none of the program's own errors.

    A cancellation passes where somebody cancelled this task. One that came out of what the task
    waited for is a failure like others.

    Args:
        what: what is going on, as the beginning of a sentence: "The review by gpt".
    """
    try:
        yield
    except XReviewError:
        raise
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise fault(error, what) from error
    except Exception as error:
        raise fault(error, what) from error
