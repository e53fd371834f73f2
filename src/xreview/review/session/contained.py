"""Turns unexpected errors in a part of a review into errors of the program's own tree.

An unexpected error in a task would end the tasks that wait for it, or leave them waiting.
"""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from xreview.domain.errors import XReviewError
from xreview.domain.fault import fault


@contextmanager
def contained(what: str) -> Generator[None]:
    """Raise a ReviewerError instead of any error that isn't an XReviewError.

    A cancellation of this task passes; one raised by what the task waits for is an error like
    others. `what` is the subject of a sentence: "The review by gpt".
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
