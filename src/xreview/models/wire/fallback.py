"""Retrying a rejected request without what the server doesn't support."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from xreview.models.http.call import Call, ReplyReader
from xreview.models.http.client import HttpClient
from xreview.models.http.server import HttpError
from xreview.ports.model import ModelSignal

NO_ANSWER_ADVICE = "Review again, or choose another reviewer for this change."


async def stream_with_fallback(
    client: HttpClient,
    make_call: Callable[[], Call],
    open_reader: Callable[[str], ReplyReader],
    concede: Callable[[HttpError, Call], bool],
) -> AsyncGenerator[ModelSignal, None]:
    """Stream the answer, asking for less each time the server rejects the request.

    Args:
        make_call: returns the next request.
        concede: gets the error and the rejected request, and returns whether the next request asks
            for less; it must return False eventually.

    Raises HttpError.
    """
    while True:
        call = make_call()
        try:
            async with aclosing(client.stream(call, open_reader)) as signals:
                async for signal in signals:
                    yield signal
        except HttpError as refusal:
            # An error without a status comes from inside a stream: it is about the answer.
            if not refusal.complaint.status or not concede(refusal, call):
                raise
        else:
            return
