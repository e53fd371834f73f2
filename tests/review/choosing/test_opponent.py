"""Who reads what somebody wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.authorship.author import MIXED, Attribution, Author, VendorShare
from xreview.domain.errors import ReviewerError, UsageError
from xreview.domain.report import Lens, ReviewerKind
from xreview.review.choosing.choice import Candidate
from xreview.review.choosing.opponent import asks_for_author, choose, lenses_against

RISK = Candidate("risk", "", ReviewerKind.ANALYSER)
ECONOMY = Candidate("economy", "", ReviewerKind.ANALYSER)
ANALYSERS = [RISK, ECONOMY]
OPUS = Candidate("opus", "anthropic", ReviewerKind.MODEL)
GPT = Candidate("gpt", "openai", ReviewerKind.MODEL)
GEMINI = Candidate("gemini", "google", ReviewerKind.MODEL)
CODEX = Candidate("codex", "openai", ReviewerKind.AGENT)
LOCAL = Candidate("qwen", "qwen", ReviewerKind.MODEL, is_local=True)
ODD = Candidate("odd", "", ReviewerKind.MODEL)
ALL = [LOCAL, CODEX, ODD, GEMINI, GPT, OPUS, *ANALYSERS]


def by(vendor: str, model: str = "") -> Attribution:
    return Attribution(Author(vendor=vendor, model=model))


def mixed(**vendor_of: str) -> Attribution:
    """Who wrote each file; `a="x+y"` is a file of two vendors."""
    authors, shares = {}, {}
    for path, vendors in vendor_of.items():
        names = vendors.split("+")
        authors[path] = Author(vendor=MIXED if len(names) > 1 else names[0])
        shares[path] = tuple(VendorShare(name, 1 / len(names)) for name in names)
    return Attribution(Author(vendor=MIXED), authors, shares_by_path=shares)


def reading(choice) -> set[tuple[str, str, tuple[str, ...] | None]]:
    return {
        (
            one.candidate.name,
            one.lens.value if one.lens else "",
            None if one.paths is None else tuple(sorted(one.paths)),
        )
        for one in choice.assignments
        if one.candidate.is_model
    }


@pytest.mark.parametrize(
    ("author", "candidates", "expected"),
    [
        (by("anthropic"), ALL, {("gemini", "economy", None)}),
        (by("openai"), ALL, {("gemini", "risk", None)}),
        (by("google", "gemini-3-flash"), ALL, {("gpt", "risk", None), ("gpt", "economy", None)}),
        (by("anthropic"), [GPT, CODEX, LOCAL], {("gpt", "economy", None)}),
        (by("anthropic"), [CODEX, LOCAL], {("codex", "economy", None)}),
        (by("openai"), [GPT, CODEX, LOCAL], {("qwen", "risk", None)}),
        (by("openai"), [GPT, ODD, LOCAL], {("qwen", "risk", None)}),
        (by("openai"), [GPT, ODD], {("odd", "risk", None)}),
        (by("openai"), [GPT, CODEX], set()),
        (by(""), [OPUS], {("opus", "risk", None), ("opus", "economy", None)}),
        (by("qwen"), [LOCAL, OPUS], {("opus", "risk", None), ("opus", "economy", None)}),
        (by("openai"), ANALYSERS, set()),
    ],
)
def test_who_is_chosen_where_nobody_is_asked_for(author, candidates, expected):
    assert reading(choose(author, candidates, paths=["a.py"])) == expected


@pytest.mark.parametrize(
    ("vendor", "model", "first"),
    [
        ("openai", "", Lens.RISK),
        ("anthropic", "", Lens.ECONOMY),
        ("google", "gemini-3-pro", Lens.ECONOMY),
        ("google", "gemini-3-flash", Lens.RISK),
    ],
)
def test_the_lens_follows_what_the_author_misses(vendor, model, first):
    assert lenses_against(Author(vendor=vendor, model=model))[0] is first


def test_an_unusable_opponent_is_passed_over_and_the_sentence_says_why():
    gone = Candidate("gpt", "openai", ReviewerKind.MODEL, False, "OPENAI_API_KEY is not set")
    choice = choose(by("anthropic"), [gone, OPUS, *ANALYSERS])
    assert reading(choice) == set()
    assert choice.sentence == (
        "Written by anthropic; no model from a family other than anthropic can be asked "
        "(gpt: OPENAI_API_KEY is not set; opus: the author's own family), "
        "the analysers risk and economy read it."
    )


def test_the_sentence_says_who_reads_for_what():
    assert choose(by("openai", "gpt-6"), [OPUS]).sentence == (
        "Written by openai gpt-6; opus (anthropic) reads it for risk."
    )
    assert "since the author's is unknown" in choose(by(""), [OPUS]).sentence


def test_the_same_family_reads_only_when_asked_for_and_is_marked():
    choice = choose(by("anthropic"), ALL, ["opus", "gpt"])
    assert choice.same_family == ("opus",)
    assert reading(choice) == {("opus", "economy", None), ("gpt", "economy", None)}
    assert "opus (anthropic, the author's own family)" in choice.sentence
    assert choose(by("anthropic"), ALL).same_family == ()


def test_analysers_always_read_unless_some_of_them_are_named():
    assert choose(by("openai"), ALL, ["opus"]).reviewers == ("opus", "risk", "economy")
    assert choose(by("openai"), ALL, ["opus", "risk"]).reviewers == ("opus", "risk")


def test_analysers_asked_for_alone_do_not_keep_models_away():
    assert "gemini" in choose(by("openai"), ALL, ["risk"]).reviewers


@pytest.mark.parametrize(("name", "error"), [("nobody", UsageError), ("gone", ReviewerError)])
def test_who_is_asked_for_and_can_not_read_is_an_error(name, error):
    gone = Candidate("gone", "openai", ReviewerKind.MODEL, False, "no key")
    with pytest.raises(error, match=name):
        choose(by(""), [gone, *ANALYSERS], [name])


def test_a_third_family_reads_all_of_a_mixed_change():
    author = mixed(a="anthropic", b="openai")
    assert reading(choose(author, [GPT, OPUS, GEMINI], paths=["a", "b"])) == {
        ("gemini", "economy", ("a",)),
        ("gemini", "risk", ("b",)),
    }


def test_without_a_third_family_each_part_is_read_by_the_opponent_of_its_author():
    author = mixed(a="anthropic", b="openai")
    choice = choose(author, [GPT, OPUS], paths=["a", "b"])
    assert reading(choice) == {("gpt", "economy", ("a",)), ("opus", "risk", ("b",))}
    assert choice.same_family == ()


def test_a_file_of_two_vendors_is_read_by_both_opponents():
    choice = choose(mixed(a="anthropic+openai"), [GPT, OPUS], paths=["a"])
    assert {name for name, _, _ in reading(choice)} == {"gpt", "opus"}


def test_a_part_that_nobody_opposes_is_said():
    choice = choose(mixed(a="anthropic", b="openai"), [GPT], paths=["a", "b"])
    assert reading(choice) == {("gpt", "economy", ("a",))}
    assert "no model from a family other than openai" in choice.sentence


def test_a_small_file_of_another_family_is_not_read_by_that_family():
    author = Attribution(
        Author(vendor="anthropic"),
        {"a": Author(vendor="anthropic"), "b": Author(vendor="openai")},
    )
    assert reading(choose(author, [GPT, OPUS], paths=["a", "b"])) == {
        ("gpt", "economy", ("a",)),
        ("opus", "risk", ("b",)),
    }


def test_a_silent_file_goes_with_the_author_of_the_change():
    author = Attribution(Author(vendor="anthropic"), {"a": Author(vendor="anthropic")})
    assert reading(choose(author, [GPT], paths=["a", "b"])) == {("gpt", "economy", None)}


def test_the_author_matters_only_where_a_model_can_read():
    assert not asks_for_author(ANALYSERS)
    assert not asks_for_author([Candidate("gpt", "openai", ReviewerKind.MODEL, False)])
    assert asks_for_author([*ANALYSERS, OPUS])


VENDORS = st.sampled_from(["", "anthropic", "openai", "google"])
PATHS = st.sampled_from("abcd")


@given(
    st.dictionaries(PATHS, VENDORS),
    VENDORS,
    st.lists(st.sampled_from(ALL), unique=True),
)
def test_nobody_reads_only_what_its_own_family_wrote_unasked(files, vendor, candidates):
    author = Attribution(
        Author(vendor=vendor), {path: Author(vendor=name) for path, name in files.items() if name}
    )
    choice = choose(author, candidates, paths="abcd")
    wrote = {path: files.get(path) or vendor for path in "abcd"}
    for one in choice.assignments:
        if one.candidate.is_model and one.candidate.vendor:
            read = "abcd" if one.paths is None else one.paths
            assert one.candidate.vendor not in {wrote[path] for path in read}
    assert choice.same_family == ()
