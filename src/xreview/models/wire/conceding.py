"""Asking a server again for less, where it refuses a request for what it can't do."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from xreview.models.http.call import Call, ReplyReader
from xreview.models.http.client import HttpClient
from xreview.models.http.server import HttpError
from xreview.ports.model import ModelSignal

NO_ANSWER_ADVICE = "Review again, or choose another reviewer for this change."
"""What to do where a model was asked in every way there is."""


async def stream_conceding(
    client: HttpClient,
    make_call: Callable[[], Call],
    open_reader: Callable[[str], ReplyReader],
    concede: Callable[[HttpError, Call], bool],
) -> AsyncGenerator[ModelSignal, None]:
    """Stream what the server answers, asked for less and less until it takes the request.

    Args:
        make_call: the request as it is to be sent now.
        concede: gets a refusal and the refused request, and tells whether the next request will
            ask for less; it must say no at some time.

    Raises HttpError.
    """
    while True:
        call = make_call()
        try:
            async with aclosing(client.stream(call, open_reader)) as signals:
                async for signal in signals:
                    yield signal
        except HttpError as refusal:
            # Without a status it is an error inside a stream, about the answer and not the request.
            if not refusal.complaint.status or not concede(refusal, call):
                raise
        else:
            return
