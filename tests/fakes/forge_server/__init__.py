"""A loopback double of forges: a small forge in memory over real git repositories.

`server` is what tests use, `listener` the HTTP part, `state`, `pulls` and `said` what it remembers,
`faults` what can go wrong; each folder beside them speaks the API of one kind of forge, with the
rules that the real one enforces.
"""

from tests.fakes.forge_server import faults
from tests.fakes.forge_server.answers import ForgeRequest
from tests.fakes.forge_server.server import ForgeServer
from tests.fakes.forge_server.state import (
    FakeAccount,
    FakeComment,
    FakeProject,
    FakePull,
    FakeReview,
    FakeThread,
)

__all__ = [
    "FakeAccount",
    "FakeComment",
    "FakeProject",
    "FakePull",
    "FakeReview",
    "FakeThread",
    "ForgeRequest",
    "ForgeServer",
    "faults",
]
