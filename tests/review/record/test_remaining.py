"""A running session and its record in the journal say the same of what no reader found."""

from dataclasses import replace

from tests.domain.remaining.test_remaining import CLAUDE, GPT
from tests.fakes.reports import report
from tests.tui.screens.triage.test_finished import ACCEPTED, WRONG, decided_on
from xreview.domain.account import Account, AccountEntry, Fate
from xreview.domain.events.carried import CarriedState, Suppression
from xreview.domain.identity.carry_over import Carried
from xreview.domain.report import Lens
from xreview.domain.state import Triage
from xreview.review.record.remaining import code_readers, remaining_in, remaining_recorded
from xreview.review.record.session_record import KnownOfFindings, recorded_now

DONE = decided_on(*[ACCEPTED] * 7, WRONG)


def test_the_record_gives_the_same_estimate_as_the_running_session() -> None:
    now = remaining_in(DONE)
    assert (now.found, now.shared, now.lenses) == (7, 3, {Lens.RISK})
    recorded = recorded_now(DONE, "2026-01-01")
    entries = recorded.entries(KnownOfFindings(DONE.triage))
    assert remaining_recorded(recorded, entries) == now


def test_unanchored_and_suppressed_findings_do_not_count() -> None:
    first, second, *_ = DONE.findings
    unanchored = replace(first, reports=(report("A problem", reviewer=CLAUDE, anchored=False),))
    kept = Suppression("intended", "you", "2026-01-01", "c1")
    known = Carried(second.lead, CarriedState.STILL_THERE, second.fingerprint, suppression=kept)
    carried = {second.fingerprint: known}
    open_again = replace(DONE, findings=(unanchored, *DONE.findings[1:7]), triage=Triage())
    assert remaining_in(open_again).found == 6
    assert remaining_in(replace(open_again, carried=carried)).found == 5


def test_a_reader_counts_only_for_files_that_it_read() -> None:
    account = Account(
        (
            AccountEntry("a.py", 1, Fate.READ, ("claude", "gpt")),
            AccountEntry("b.py", 1, Fate.READ, ("claude",)),
            AccountEntry("c.py", 1, Fate.NOT_READ),
        )
    )
    readers = code_readers(account, [CLAUDE, GPT], {"claude": [Lens.RISK], "gpt": list(Lens)})
    assert [(one.family, one.lens, sorted(one.paths)) for one in readers] == [
        ("anthropic", Lens.RISK, ["a.py", "b.py"]),
        ("openai", Lens.RISK, ["a.py"]),
        ("openai", Lens.ECONOMY, ["a.py"]),
    ]
