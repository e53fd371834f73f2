"""Every rule of weighing, and what holds for all evidence."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xreview.domain.authorship.author import (
    MIXED,
    UNKNOWN_AUTHOR,
    Attribution,
    Evidence,
    EvidenceKind,
    VendorShare,
    WrittenLines,
)
from xreview.domain.authorship.weighing import REAL_SHARE, weigh
from xreview.domain.report import Confidence

ONE = {"c1": {"a.py": 100}}
FILES = ("a.py", "b.py")


def trace(
    kind: EvidenceKind,
    vendor: str,
    model: str = "",
    *,
    tool: str = "",
    sure: Confidence = Confidence.HIGH,
    commit: str = "c1",
    lines: tuple[WrittenLines, ...] = (),
    pointer: str = "",
) -> Evidence:
    return Evidence(kind, tool, vendor, model, sure, pointer, commit, lines)


def note(vendor: str, *ranges: tuple[int, int], path: str = "a.py", commit: str = "c1", model=""):
    return trace(
        EvidenceKind.NOTE, vendor, model, commit=commit, lines=(WrittenLines(path, ranges),)
    )


def trailer(vendor: str, model: str = "", commit: str = "c1", **more):
    return trace(EvidenceKind.TRAILER, vendor, model, commit=commit, **more)


def identity(vendor: str, commit: str = "c1", **more):
    return trace(EvidenceKind.IDENTITY, vendor, commit=commit, **more)


def answer(vendor: str, model: str = ""):
    return trace(EvidenceKind.ANSWER, vendor, model, commit="")


def branch(vendor: str, sure: Confidence = Confidence.MEDIUM):
    return trace(EvidenceKind.BRANCH, vendor, commit="", sure=sure)


def session(vendor: str, *ranges: tuple[int, int], path: str = "a.py"):
    return trace(EvidenceKind.SESSION, vendor, commit="", lines=(WrittenLines(path, ranges),))


@pytest.mark.parametrize(
    ("evidence", "vendor", "confidence"),
    [
        ([], "", None),
        ([trailer("anthropic", "opus")], "anthropic", Confidence.HIGH),
        ([identity("google", sure=Confidence.MEDIUM)], "google", Confidence.MEDIUM),
        ([branch("openai")], "openai", Confidence.MEDIUM),
        ([branch("openai"), trailer("anthropic")], "anthropic", Confidence.HIGH),
        ([note("openai", (1, 100)), trailer("anthropic")], "openai", Confidence.MEDIUM),
        ([note("openai", (1, 60)), trailer("openai")], "openai", Confidence.HIGH),
        ([answer("xai"), note("openai", (1, 100))], "xai", Confidence.MEDIUM),
        ([answer("xai"), trailer("openai")], "xai", Confidence.MEDIUM),
        ([answer("xai"), branch("openai")], "xai", Confidence.HIGH),
        ([answer("")], "", None),
        ([answer(""), trailer("anthropic")], "", None),
        ([trailer("anthropic"), trailer("openai")], MIXED, Confidence.HIGH),
        ([trailer("anthropic"), identity("openai")], MIXED, Confidence.MEDIUM),
        ([trace(EvidenceKind.CHECKPOINT, "google"), trailer("xai")], "google", Confidence.MEDIUM),
        ([trace(EvidenceKind.TRACE, "google"), trailer("xai")], "google", Confidence.MEDIUM),
    ],
)
def test_the_order_of_trust(evidence, vendor, confidence):
    author = weigh(evidence, ONE, FILES).author
    assert (author.vendor, author.confidence) == (vendor, confidence)


def test_silence_is_unknown_and_never_a_person():
    found = weigh([], ONE, FILES)
    assert found.author == UNKNOWN_AUTHOR
    assert found.by_path == {}
    assert found.shares == (VendorShare("", 1.0),)


def test_a_tool_of_many_vendors_is_a_trace_but_no_vendor():
    copilot = identity("", tool="copilot")
    author = weigh([copilot], ONE, FILES).author
    assert (author.tool, author.vendor, author.confidence) == ("copilot", "", Confidence.HIGH)
    assert not author.is_known


def test_a_named_vendor_outweighs_a_tool_without_one():
    cursor = trace(
        EvidenceKind.NOTE, "", "", tool="cursor", lines=(WrittenLines("a.py", ((1, 100),)),)
    )
    found = weigh([cursor, trailer("anthropic")], ONE, FILES)
    assert found.author.vendor == "anthropic"
    assert not found.contradictions


def test_the_branch_breaks_the_tie_of_a_tool_without_a_vendor():
    copilot = identity("", tool="copilot")
    assert weigh([copilot, branch("google")], ONE, FILES).author.vendor == "google"


def test_the_branch_says_nothing_of_silent_commits_where_others_speak():
    lines = {"c1": {"a.py": 10}, "c2": {"a.py": 90}}
    found = weigh([trailer("anthropic"), branch("openai")], lines, FILES)
    assert found.author.vendor == "anthropic"
    assert found.shares == (VendorShare("", 0.9), VendorShare("anthropic", 0.1))
    assert found.author.confidence is Confidence.MEDIUM


def test_commits_weigh_by_their_changed_lines():
    lines = {"c1": {"a.py": 95}, "c2": {"a.py": 5}}
    evidence = [trailer("anthropic", commit="c1"), trailer("openai", commit="c2")]
    found = weigh(evidence, lines, FILES)
    assert found.author.vendor == "anthropic"
    assert found.shares == (VendorShare("anthropic", 0.95), VendorShare("openai", 0.05))


@pytest.mark.parametrize(("minor", "vendor"), [(10, MIXED), (9, "anthropic")])
def test_a_tenth_of_the_lines_is_a_real_share(minor, vendor):
    assert REAL_SHARE == 0.1
    lines = {"c1": {"a.py": 100 - minor}, "c2": {"a.py": minor}}
    evidence = [trailer("anthropic", commit="c1"), trailer("openai", commit="c2")]
    assert weigh(evidence, lines, FILES).author.vendor == vendor


def test_many_vendors_with_small_shares_are_mixed():
    lines = {f"c{number}": {"a.py": 10} for number in range(11)}
    evidence = [trailer(f"vendor{number}", commit=f"c{number}") for number in range(11)]
    assert weigh(evidence, lines, FILES).author.is_mixed


def test_files_of_a_mixed_change_have_authors_of_their_own():
    lines = {"c1": {"a.py": 10}, "c2": {"b.py": 10}}
    evidence = [trailer("anthropic", "opus", "c1"), trailer("openai", "gpt-6", "c2")]
    found = weigh(evidence, lines, FILES)
    assert found.author.is_mixed
    assert {path: author.vendor for path, author in found.by_path.items()} == {
        "a.py": "anthropic",
        "b.py": "openai",
    }
    assert found.by_path["b.py"].model == "gpt-6"


def test_lines_of_a_note_make_a_file_mixed():
    found = weigh([note("openai", (1, 40)), note("anthropic", (41, 100))], ONE, FILES)
    assert found.by_path["a.py"].is_mixed
    assert found.shares_by_path["a.py"] == (
        VendorShare("anthropic", 0.6),
        VendorShare("openai", 0.4),
    )
    assert not found.contradictions


def test_a_note_for_one_file_puts_a_trailer_in_doubt_for_all_of_the_commit():
    lines = {"c1": {"a.py": 10, "b.py": 10}}
    found = weigh([note("openai", (1, 10)), trailer("anthropic")], lines, FILES)
    assert found.author.vendor == "openai"
    assert "b.py" not in found.by_path
    assert found.contradictions == (
        "The git note names openai, the trailer anthropic: the git note counts, commit c1.",
    )


def test_a_trailer_of_the_same_vendor_tells_of_the_lines_a_note_does_not_list():
    found = weigh([note("openai", (1, 2), model="gpt-6"), trailer("openai")], ONE, FILES)
    assert found.shares == (VendorShare("openai", 1.0),)
    assert found.author.model == "gpt-6"
    assert found.author.confidence is Confidence.HIGH


def test_a_note_about_few_lines_is_less_sure():
    assert weigh([note("openai", (1, 2))], ONE, FILES).author.confidence is Confidence.MEDIUM


def test_sessions_that_claim_different_lines_do_not_clash_and_the_same_lines_do():
    lines = {"": {"a.py": 20}}
    checkpoint = trace(
        EvidenceKind.CHECKPOINT, "google", commit="", lines=(WrittenLines("a.py", ((11, 20),)),)
    )
    apart = weigh([session("openai", (1, 10)), checkpoint], lines, FILES)
    assert apart.author.is_mixed
    assert not apart.contradictions
    over = weigh([session("openai", (1, 15)), checkpoint], lines, FILES)
    assert over.shares == (VendorShare("openai", 0.75), VendorShare("google", 0.25))
    assert over.contradictions == (
        "The local session names openai, the checkpoint google: the local session counts.",
    )


def test_co_authors_of_one_kind_are_no_contradiction_but_another_kind_is_told():
    assert not weigh([trailer("anthropic"), trailer("openai")], ONE, FILES).contradictions
    assert weigh([trailer("anthropic"), identity("openai")], ONE, FILES).contradictions == (
        "The trailer names anthropic, the identity openai: both count, commit c1.",
    )


def test_contradictions_of_many_commits_are_one_sentence():
    lines = {f"c{number}": {"a.py": 5} for number in range(3)}
    evidence = [
        one
        for commit in lines
        for one in (note("openai", (1, 5), commit=commit), trailer("anthropic", commit=commit))
    ]
    (said,) = weigh(evidence, lines, FILES).contradictions
    assert said.endswith("the git note counts, commit c0 and 2 others.")


def test_a_note_can_not_claim_more_lines_than_the_commit_added():
    lines = {"c1": {"a.py": 1}, "c2": {"b.py": 99}}
    found = weigh([note("openai", (1, 10**15)), trailer("anthropic", commit="c2")], lines, FILES)
    assert found.shares == (VendorShare("anthropic", 0.99), VendorShare("openai", 0.01))


def test_what_commits_did_to_other_files_does_not_count_unless_there_is_nothing_else():
    lines = {"c1": {"gone.py": 90}, "c2": {"a.py": 10}}
    evidence = [trailer("openai", commit="c1"), trailer("anthropic", commit="c2")]
    assert weigh(evidence, lines, FILES).author.vendor == "anthropic"
    assert weigh(evidence, {"c1": {"gone.py": 90}}, FILES).author.vendor == "openai"


def test_a_commit_that_only_deletes_has_an_author():
    assert weigh([trailer("anthropic")], {"c1": {"a.py": 0}}, FILES).author.vendor == "anthropic"


def test_the_author_tells_what_it_rests_on_once_for_the_same_trace_in_many_commits():
    lines = {"c1": {"a.py": 5}, "c2": {"a.py": 5}}
    line = "Co-Authored-By: Claude <noreply@anthropic.com>"
    evidence = [trailer("anthropic", "opus", commit, pointer=line) for commit in lines]
    assert weigh(evidence, lines, FILES).author.evidence == (
        f"trailer: anthropic opus ({line}), commit c1 and 1 other",
    )


def person(*ranges: tuple[int, int]):
    lines = (WrittenLines("a.py", ranges),)
    return trace(EvidenceKind.NOTE, "", tool="person", lines=lines)


def test_lines_that_a_note_says_a_person_wrote_are_no_models():
    found = weigh([person((1, 80)), trailer("anthropic")], ONE, FILES)
    assert found.shares == (VendorShare("person", 0.8), VendorShare("anthropic", 0.2))
    assert (found.author.vendor, found.author.confidence) == ("anthropic", Confidence.HIGH)
    assert not found.contradictions


def test_a_person_is_an_author_without_a_vendor():
    author = weigh([person((1, 100))], ONE, FILES).author
    assert (author.tool, author.vendor) == ("person", "")


def session_of_commit(vendor: str, *ranges: tuple[int, int]):
    return replace(session(vendor, *ranges), commit="c1")


def test_a_file_that_is_shared_out_has_no_lines_left_whatever_the_rounding():
    for lines in range(20, 50):
        for end in range(lines, 60):
            evidence = [note("openai", (1, end)), session_of_commit("openai", (1, 1))]
            assert weigh(evidence, {"c1": {"a.py": lines}}, FILES).author.vendor == "openai"


KINDS = st.sampled_from(EvidenceKind)
VENDORS = st.sampled_from(["", "anthropic", "openai", "google"])
COMMITS = st.sampled_from(["", "c1", "c2"])
PATHS = st.sampled_from(["a.py", "b.py", "gone.py"])
RANGES = st.lists(st.tuples(st.integers(-3, 60), st.integers(-3, 60)), max_size=3).map(tuple)
EVIDENCE = st.lists(
    st.builds(
        Evidence,
        kind=KINDS,
        tool=st.sampled_from(["", "cursor", "person"]),
        vendor=VENDORS,
        model=st.sampled_from(["", "m1", "m2"]),
        confidence=st.sampled_from(Confidence),
        pointer=st.text(max_size=3),
        commit=COMMITS,
        lines=st.lists(st.builds(WrittenLines, path=PATHS, ranges=RANGES), max_size=2).map(tuple),
    ),
    max_size=8,
)
LINES = st.dictionaries(COMMITS, st.dictionaries(PATHS, st.integers(0, 50), max_size=3), max_size=3)


SHARED_OUT = [note("openai", (0, 45)), session_of_commit("openai", (0, 0))]


@given(EVIDENCE, LINES, st.randoms())
@example(SHARED_OUT, {"c1": {"a.py": 27}}, Random(0))
def test_the_order_of_evidence_does_not_matter(evidence, lines, random):
    shuffled = random.sample(evidence, len(evidence))
    turned = dict(random.sample(list(lines.items()), len(lines)))
    first, second = weigh(evidence, lines, FILES), weigh(shuffled, turned, FILES)
    assert first.author == second.author
    assert first.by_path == second.by_path
    assert first.evidence == second.evidence
    assert first.contradictions == second.contradictions


@given(EVIDENCE, LINES)
def test_shares_make_up_the_whole_and_only_named_vendors_write(evidence, lines):
    found = weigh(evidence, lines, FILES)
    for shares in ([found.shares] if found.shares else []) + list(found.shares_by_path.values()):
        assert sum(share.part for share in shares) == pytest.approx(1)
        assert all(0 < share.part <= 1 for share in shares)
    named = {one.vendor for one in evidence}
    assert {share.vendor for share in found.shares} <= named | {"", "person"}
    assert found.author.vendor in named | {"", MIXED}
    assert (found.author.confidence is None) == (
        not (found.author.vendor or found.author.tool or found.author.model)
    )


@given(EVIDENCE, LINES)
def test_an_answer_is_the_author_of_all_that_was_not_taken_from_attempts(evidence, lines):
    apart = (EvidenceKind.ANSWER, EvidenceKind.ATTEMPT)
    others = [one for one in evidence if one.kind not in apart]
    found = weigh([*others, answer("xai")], lines, FILES)
    if any(lines.values()):
        assert found.author.vendor == "xai"
        assert {author.vendor for author in found.by_path.values()} == {"xai"}


def taken(vendor: str, *ranges: tuple[int, int], path: str = "a.py", commit: str = "") -> Evidence:
    return trace(EvidenceKind.ATTEMPT, vendor, commit=commit, lines=(WrittenLines(path, ranges),))


def parts(found: Attribution) -> dict[str, float]:
    return {share.vendor: round(share.part, 2) for share in found.shares}


def test_taken_lines_are_their_writers_whatever_else_names_them():
    lines = {"": {"a.py": 10}}
    session = trace(
        EvidenceKind.SESSION, "google", commit="", lines=(WrittenLines("a.py", ((1, 10),)),)
    )
    found = weigh([taken("openai", (1, 4)), session], lines, FILES)
    assert parts(found) == {"google": 0.6, "openai": 0.4}
    assert found.contradictions == (
        "The attempt names openai, the local session google: the attempt counts.",
    )
    said = weigh([taken("openai", (1, 4)), answer("xai")], lines, FILES)
    assert parts(said) == {"xai": 0.6, "openai": 0.4}
    assert said.contradictions == ()


def test_a_trailer_has_what_was_not_taken():
    lines = {"c1": {"a.py": 10, "b.py": 10}}
    found = weigh(
        [taken("openai", (1, 4), commit="c1"), trailer("anthropic", commit="c1")], lines, FILES
    )
    assert parts(found) == {"anthropic": 0.8, "openai": 0.2}
    assert found.contradictions == ()
