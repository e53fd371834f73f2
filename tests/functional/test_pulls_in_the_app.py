"""A pull request from `P` to its published review, by keys on a terminal, at a loopback forge."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.forge_server import faults
from tests.functional.at_forge import ISSUE, RABBIT, SWALLOWED, WRITABLE, AtForge, at_forge
from tests.functional.terminal import Terminal
from xreview.domain.pull.address import ForgeKind
from xreview.domain.pull.marker import markers_in

SIZE = (160, 48)


@pytest.fixture(params=WRITABLE, ids=lambda kind: kind.value)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AtForge]:
    with at_forge(request.param, tmp_path) as made:
        made.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
        made.clone()
        yield made


@pytest.fixture
def github(tmp_path: Path) -> Iterator[AtForge]:
    with at_forge(ForgeKind.GITHUB, tmp_path) as made:
        made.pull.comment(RABBIT, "a.py", SWALLOWED, ISSUE)
        made.clone()
        yield made


def app(there: AtForge, *words: str) -> Terminal:
    return Terminal(
        there.program.folder, *words, home=there.program.home, size=SIZE, extra={"PATH": "/usr/bin"}
    )


def by_ada(there: AtForge) -> list[str]:
    """What she has said on lines that everybody sees, in the order of the threads."""
    return [
        one.body
        for thread in there.pull.threads
        for one in thread.seen_by(None)
        if one.author is not None and one.author.login == "ada"
    ]


def test_from_the_list_to_a_published_review(there: AtForge):
    there.pull.ask("ada")
    with app(there) as terminal:
        terminal.type("P")
        terminal.wait_for("Run commands")
        terminal.type("\r")
        terminal.wait_for("Errors are swallowed")
        terminal.wait_for("all read")
        terminal.type("aa")
        terminal.wait_for("2 accepted")
        terminal.type("P")
        terminal.wait_for("On their lines (1)")
        terminal.type("p")
        terminal.wait_for("Post to acme/shop as ada?")
        terminal.type("1")
        terminal.wait_for("Posted 1 finding")
        assert by_ada(there) == [], "only she sees it"
        terminal.type("c")
        terminal.wait_for("Everybody who can see")
        terminal.type("1")
        terminal.wait_for("Published: ")
        (posted,) = by_ada(there)
        assert len(markers_in(posted)) == 1
        terminal.type("u")
        terminal.wait_for("nobody has answered")
        terminal.type("1")
        terminal.wait_for("1 comment deleted")
        assert by_ada(there) == []
        terminal.type("\x1bq")
        assert terminal.wait_for_end() == 0
        assert there.token not in terminal.text()


def test_a_thread_is_answered_and_the_answer_taken_away(there: AtForge):
    with app(there, "--pr", "12") as terminal:
        terminal.wait_for("Errors are swallowed")
        terminal.wait_for("all read")
        terminal.type("riri")
        terminal.wait_for("2 rejected")
        terminal.type("P2")
        terminal.wait_for("Not changed: this is intended.")
        terminal.type("\r")
        terminal.wait_for("as ada?")
        terminal.type("1")
        terminal.wait_for("replied")
        (thread,) = there.pull.threads
        assert thread.comments[-1].body.startswith("Not changed: this is intended.")
        start = len(terminal.output)
        terminal.type("u")
        terminal.wait_for("nobody has answered", start)
        terminal.type("1")
        terminal.wait_for("The reply was deleted.", start)
        assert by_ada(there) == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (faults.bad_credentials(), "token"),
        (faults.sso_required(), "single sign-on"),
        (faults.captive_page(), "Check"),
        (faults.server_error(), "502"),
        (faults.primary_limit(), "limit"),
    ],
    ids=lambda one: getattr(one, "name", None),
)
def test_a_fault_is_told_and_the_triage_goes_on(github: AtForge, fault: faults.Fault, said: str):
    with app(github, "--pr", "12") as terminal:
        terminal.wait_for("Errors are swallowed")
        terminal.wait_for("all read")
        terminal.type("a")
        terminal.wait_for("1 accepted")
        github.server.fail(fault, times=999, path="/api/")
        start = len(terminal.output)
        terminal.type("P")
        terminal.wait_for(said, start)
        terminal.wait_for("could not be asked", start)
        terminal.type("\x1b")
        terminal.read(0.5)
        terminal.type("a")
        terminal.wait_for("2 accepted", start)
        terminal.type("q")
        assert terminal.wait_for_end() == 0


@pytest.mark.parametrize("fault", [faults.not_found(), faults.captive_page(), faults.cut_off()])
def test_a_request_that_can_not_be_opened_is_said_in_the_app(github: AtForge, fault: faults.Fault):
    github.server.fail(fault, times=999, path="/api/")
    with app(github, "--pr", "12") as terminal:
        terminal.wait_for("127.0.0.1")
        terminal.type("q")
        terminal.wait_for_end()
        assert "Traceback" not in terminal.text()
