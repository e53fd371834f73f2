from tests.repo.builder import Builder
from xreview.domain.authorship.author import MIXED, EvidenceKind
from xreview.domain.authorship.weighing import weigh
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.report import ReviewerIdentity, ReviewerKind
from xreview.repo.attribution.attempt_writers import writers_evidence
from xreview.repo.change.attempt_files import AttemptFiles
from xreview.repo.repository import find_repository

CLAUDE = ReviewerIdentity("claude", ReviewerKind.AGENT, "anthropic", "claude-opus-5-5")
GPT = ReviewerIdentity("gpt", ReviewerKind.MODEL, "openai", "gpt-6.2-sol")
LOCAL = ReviewerIdentity("mine", ReviewerKind.MODEL, "", "my-model")
FILES = tuple(FileDiff(path, FileStatus.ADDED) for path in ("a.py", "b.py", "c.py"))
LINES = {"": {"a.py": 10, "b.py": 10, "c.py": 0}}


def written(tmp_path, **who) -> AttemptFiles:
    repository = find_repository(Builder(tmp_path / "project").top)
    return AttemptFiles("A", "the task", repository, **who)


def weighed(attempt):
    return weigh(writers_evidence(attempt, FILES), LINES, {file.path for file in FILES})


def test_one_writer_wrote_all(tmp_path):
    made = weighed(written(tmp_path, writer=CLAUDE))
    assert (made.author.tool, made.author.vendor) == ("claude", "anthropic")
    assert made.family_of("c.py") == "anthropic"
    (evidence,) = made.evidence
    assert evidence.kind is EvidenceKind.ATTEMPT
    assert (evidence.pointer, evidence.commit) == ("attempt A, written by claude", "")


def test_of_a_graft_each_file_has_its_own(tmp_path):
    made = weighed(written(tmp_path, writers={"a.py": CLAUDE, "b.py": GPT}))
    assert made.author.vendor == MIXED
    assert [made.family_of(path) for path in ("a.py", "b.py")] == ["anthropic", "openai"]
    assert made.by_path["b.py"].tool == ""
    assert made.contradictions == ()


def test_a_model_of_no_known_family_is_no_author_but_named(tmp_path):
    made = weighed(written(tmp_path, writer=LOCAL))
    assert (made.author.vendor, made.author.model) == ("", "my-model")
    assert writers_evidence(written(tmp_path), FILES) == ()
