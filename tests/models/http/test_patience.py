"""How long a server is waited for, and what is said when it is not waited for any longer."""

import pytest

from tests.fakes.provider_server.reply import Ending, Reply, event_stream
from tests.fakes.provider_server.server import ProviderServer
from tests.models.http.asking import StillClock
from tests.models.http.test_client import PATH, client_of, failure_of, said
from xreview.http.patience import Patience
from xreview.models.http.patience import BRIEF, local_patience
from xreview.ports.failure import Failure

SILENT = Reply(is_headless=True, ending=Ending.STALL)
HEAD_ONLY = event_stream([], ending=Ending.STALL)


def test_a_slow_model_here_is_given_time_by_what_it_reads_and_writes():
    small, large = local_patience(3_000, 2_000), local_patience(24_000, 8_000)
    assert (small.first_byte, round(small.overall)) == (240.0, 907)
    assert (large.first_byte, round(large.overall)) == (1_080.0, 3_747)
    assert small.read == 120.0


def test_a_question_that_is_answered_at_once_or_not_at_all_is_given_up_after_ten_seconds():
    assert BRIEF.first_byte == BRIEF.read == 10.0
    assert BRIEF.overall == 20.0


@pytest.mark.parametrize("reply", [SILENT, HEAD_ONLY], ids=["no head", "head only"])
async def test_a_server_that_says_nothing_is_asked_once(reply):
    async with ProviderServer() as server:
        server.on(PATH, reply)
        patience = Patience(first_byte=0.4, read=60.0)
        error = await failure_of(client_of(server, StillClock(), patience=patience))
        assert len(server.requests) == 1
    assert error.failure is Failure.TIMEOUT
    assert "sent nothing for 0 seconds" in error.message
    assert error.advice


async def test_a_server_that_stops_in_the_middle_is_given_up_by_its_silence():
    async with ProviderServer() as server:
        server.on(PATH, said("no end", ending=Ending.STALL))
        patience = Patience(first_byte=60.0, read=0.4)
        error = await failure_of(client_of(server, StillClock(), patience=patience))
        assert len(server.requests) == 1
    assert error.failure is Failure.TIMEOUT
    assert "sent nothing for 0 seconds" in error.message


async def test_a_reply_without_a_byte_is_said_to_be_that():
    async with ProviderServer() as server:
        server.on(PATH, event_stream([]))
        error = await failure_of(client_of(server, StillClock()))
    assert error.failure is Failure.CONNECTION
    assert "sent an empty reply (3 attempts)" in error.message
