"""Files that usually change together, from counts."""

from xreview.domain.related import CoChange
from xreview.repo.past_commits import PastCommit
from xreview.review.related.co_change import MOST_PATHS, MOST_SHOWN, WINDOW, co_changes

MODEL, SCHEMA = "models/user.py", "db/schema.sql"
BOTH, ONE = (MODEL, SCHEMA), (MODEL,)


def history(*paths: tuple[str, ...]) -> list[PastCommit]:
    """Commits with these paths, the newest first."""
    return [
        PastCommit(f"{number}", 1_700_000_000 - number, "ada@example.org", "change", touched)
        for number, touched in enumerate(paths)
    ]


def found(*commits: tuple[str, ...], changed: tuple[str, ...] = ONE) -> tuple[CoChange, ...]:
    existing = {path for touched in commits for path in touched}
    return co_changes(changed, history(*commits), existing)


def test_a_usual_companion_is_named_with_its_counts() -> None:
    (one,) = found(*[ONE] * 2, *[BOTH] * 8)

    assert one == CoChange(SCHEMA, MODEL, together=8, of=10)
    assert one.words == "changed in 8 of the last 10 commits to models/user.py"


def test_a_companion_of_too_few_commits_is_not_named() -> None:
    assert found(*[ONE] * 4, *[BOTH] * 6) == ()
    assert found(*[BOTH] * 4, *[("other.py",)] * 20) == ()


def test_what_the_change_contains_is_not_named() -> None:
    assert found(*[BOTH] * 10, changed=BOTH) == ()


def test_a_file_that_is_gone_is_not_named() -> None:
    assert co_changes(ONE, history(*[BOTH] * 10), existing={MODEL}) == ()


def test_only_the_newest_commits_to_a_file_count() -> None:
    assert found(*[ONE] * WINDOW, *[BOTH] * 100) == ()


def test_a_companion_at_rest_is_not_named() -> None:
    elsewhere = [("other.py",)] * 47
    assert found(*elsewhere, *[BOTH] * 20) == ()


def test_mass_edits_say_nothing() -> None:
    everything = (*BOTH, *(f"{number}.py" for number in range(MOST_PATHS)))

    assert found(*[everything] * 20) == ()
    assert found(*[BOTH] * 20, changed=everything[:1] + everything[2:]) == ()


def test_a_log_or_a_list_of_dependencies_implies_nothing() -> None:
    for name in ("CHANGELOG.md", "docs/release.rst", "web/package.json", "Cargo.lock", "go.sum"):
        assert found(*[(name, MODEL)] * 10, changed=(name,)) == ()


def test_the_surest_few_come_first() -> None:
    others = tuple(f"{number}.py" for number in range(6))
    commits = [*[(MODEL, *others)] * 8, (MODEL, others[3])]

    named = found(*commits)

    assert len(named) == MOST_SHOWN
    assert named[0].path == others[3]
