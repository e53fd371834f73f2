"""The connections that all HTTP clients share."""

import asyncio

import httpx
import pytest

from tests.models.http.asking import StillClock
from xreview.hardening.address import address_of
from xreview.http.connection_failures import ConnectionFault, ConnectionTrouble
from xreview.http.wire import StepBounds, Wire


def wire_of(still: StillClock) -> Wire:
    transport = httpx.MockTransport(lambda _: httpx.Response(200))
    return Wire(address_of("https://forge.example"), still.clock, transport)


async def test_it_opens_once_and_again_after_it_was_closed():
    wire = wire_of(StillClock())
    first = wire.open()
    assert wire.open() is first
    assert not first.follow_redirects
    await wire.close()
    assert first.is_closed
    second = wire.open()
    assert second is not first
    await wire.close()


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (StepBounds(deadline=1_000.0, silence=60.0), "did not finish in time"),
        (StepBounds(deadline=9_000.0, silence=0.0), "sent nothing for 0 seconds"),
        (StepBounds(deadline=9_000.0, silence=60.0, by=1_000.0), "sent nothing for 60 seconds"),
    ],
)
async def test_a_step_that_takes_too_long_says_what_was_waited_for(bounds, words):
    with pytest.raises(ConnectionFault) as caught:
        await wire_of(StillClock(now=1_000.0)).within(asyncio.Event().wait(), bounds)
    assert caught.value.trouble is ConnectionTrouble.TIMEOUT
    assert caught.value.message == f"forge.example {words}."


async def test_a_step_in_time_gives_its_result():
    async def step() -> int:
        return 7

    assert await wire_of(StillClock()).within(step(), StepBounds(9_000.0, 60.0)) == 7
