"""What is kept beside a tree, so that a later run can apply it."""

import json
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.fixing import fixed, snapshot_of
from tests.fakes.reports import finding, report
from xreview.domain.errors import ChangeError
from xreview.domain.fixing.check_run import CheckRun
from xreview.domain.fixing.outcome import FixOutcome
from xreview.domain.fixing.tampering import Tampering, TamperingKind
from xreview.repo.disposable.applying import PatchPart
from xreview.review.fixing.kept import keep, kept

FIRST, SECOND = finding(report("First")), finding(report("Second"))
ODD = os.fsdecode(b"caf\xe9.py")
SNAPSHOT = snapshot_of(
    [
        fixed(FIRST, FixOutcome.FIXED, PatchPart("a.py", 0), PatchPart(ODD)),
        fixed(SECOND, None, PatchPart("a.py", 0)),
    ]
)


def test_it_reads_what_it_keeps(tmp_path):
    keep(tmp_path, "session-1", SNAPSHOT)
    found = kept(tmp_path)
    assert (found.id, found.session, found.header) == ("fix-1", "session-1", SNAPSHOT.header)
    assert [one.outcome for one in found.findings] == [FixOutcome.FIXED, FixOutcome.NOT_VERIFIED]
    assert found.wanted == SNAPSHOT.wanted == (PatchPart("a.py", 0), PatchPart(ODD))
    assert found.subjects_of([PatchPart(ODD)]) == FIRST.fingerprints
    assert found.subjects_of([PatchPart("a.py", 0)]) == FIRST.fingerprints + SECOND.fingerprints
    assert found.subjects_of([]) == ()
    assert [one.name for one in tmp_path.iterdir()] == ["kept.json"]


def test_what_a_second_round_needs_is_kept(tmp_path):
    runs = (
        CheckRun("make test", 1, 2.5, "1 failed", ("test_a",), 3),
        CheckRun("make slow", None, 9.0, trouble="it took longer than 9 seconds"),
    )
    keep(tmp_path, "session-1", SNAPSHOT, runs)
    found = kept(tmp_path)
    assert (found.fixer, found.is_round_two) == (SNAPSHOT.fixer.name, False)
    assert [replace(one, seconds=0.0) for one in runs] == list(found.before)
    assert found.findings[0].evidence == SNAPSHOT.findings[0].verdict.evidence
    assert found.findings[0].files == ("app.py",)
    assert [one.subjects for one in found.unfixed] == [SECOND.fingerprints]
    keep(tmp_path, "session-1", replace(SNAPSHOT, is_round_two=True))
    assert kept(tmp_path).is_round_two


def test_whether_the_patch_weakens_checks(tmp_path):
    keep(tmp_path, "session-1", SNAPSHOT)
    assert not kept(tmp_path).is_tampered
    for kind, is_tampered in ((TamperingKind.TESTS, True), (TamperingKind.UNREAD, False)):
        tampering = (Tampering(kind, "test_a.py", 0, "it is gone"),)
        keep(tmp_path, "session-1", replace(SNAPSHOT, tampering=tampering))
        assert kept(tmp_path).is_tampered is is_tampered


def test_the_last_round_is_kept(tmp_path):
    keep(tmp_path, "session-1", SNAPSHOT)
    keep(tmp_path, "session-1", replace(SNAPSHOT, id="fix-2"))
    assert kept(tmp_path).id == "fix-2"


def test_one_that_did_not_end_is_a_sentence(tmp_path):
    with pytest.raises(ChangeError, match="didn't come to its end"):
        kept(tmp_path)


def test_a_disk_that_refuses_is_a_sentence(tmp_path):
    with pytest.raises(ChangeError, match="can't be kept"):
        keep(tmp_path / "nosuch", "session-1", SNAPSHOT)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=4),
        lambda one: (
            st.lists(one, max_size=3)
            | st.dictionaries(
                st.sampled_from(["id", "findings", "subjects", "parts", "outcome"]), one, max_size=4
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_in_the_file_is_read_or_refused(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("kept")
    (folder / "kept.json").write_text(json.dumps(document))
    try:
        found = kept(folder)
    except ChangeError:
        return
    assert all(isinstance(part, PatchPart) for part in found.wanted)


@pytest.mark.parametrize("parts", [[["zz", 0]], [["6120", True]], [["61", "0"]], [["61"]], ["61"]])
def test_parts_that_are_none_are_refused(tmp_path, parts):
    document = {"id": "x", "findings": [{"subjects": [], "outcome": "fixed", "parts": parts}]}
    (tmp_path / "kept.json").write_text(json.dumps(document))
    with pytest.raises(ChangeError):
        kept(tmp_path)
