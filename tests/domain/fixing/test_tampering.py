"""What a patch does to tests, settings and rules, in several languages."""
# ruff: noqa: E501

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.fixing.diffs import edited
from xreview.domain.change import FileDiff, FileStatus
from xreview.domain.fixing import tampering
from xreview.domain.fixing.tampering import (
    Tampering,
    TamperingKind,
    tampering_in,
    tampering_is_certain,
)

PYTHON = """\
import pytest

from shop import pay


def test_pays():
    total = pay(3)
    assert total == 3


def test_refuses():
    with pytest.raises(ValueError):
        pay(-1)
"""
JEST = """\
describe('pay', () => {
  it('pays', () => {
    expect(pay(3)).toBe(3);
  });
  it('refuses', () => {
    expect(() => pay(-1)).toThrow();
  });
});
"""
GO = """\
package shop

func TestPays(t *testing.T) {
	if Pay(3) != 3 {
		t.Fatal("no")
	}
}

func TestRefuses(t *testing.T) {
	require.Error(t, Pay(-1))
}
"""
RUST = """\
#[test]
fn pays() {
    assert_eq!(pay(3), 3);
}

#[test]
fn refuses() {
    assert!(pay(-1).is_err());
}
"""
JAVA = """\
class PayTest {
    @Test
    void pays() {
        assertEquals(3, pay(3));
    }

    @Test
    void refuses() {
        assertThrows(E.class, () -> pay(-1));
    }
}
"""
CSHARP = """\
public class PayTests {
    [Fact]
    public void Pays() {
        Assert.Equal(3, Pay(3));
    }

    [Fact]
    public async Task Refuses() {
        await Assert.ThrowsAsync<E>(() => Pay(-1));
    }
}
"""
RUBY = """\
describe Pay do
  it 'pays' do
    expect(pay(3)).to eq(3)
  end

  it 'refuses' do
    expect { pay(-1) }.to raise_error
  end
end
"""


def found(*files: FileDiff, about: tuple[str, ...] = (), **given) -> tuple[Tampering, ...]:
    return tampering_in(files, lambda path: path in about, **given)


def kinds(*files: FileDiff, **given) -> set[TamperingKind]:
    return {one.kind for one in found(*files, **given)}


REMOVED = (
    ("tests/test_pay.py", PYTHON, "def test_refuses():\n    with pytest.raises(ValueError):\n        pay(-1)\n"),
    ("pay.test.ts", JEST, "  it('refuses', () => {\n    expect(() => pay(-1)).toThrow();\n  });\n"),
    ("pay_test.go", GO, "func TestRefuses(t *testing.T) {\n\trequire.Error(t, Pay(-1))\n}\n"),
    ("tests/pay.rs", RUST, "#[test]\nfn refuses() {\n    assert!(pay(-1).is_err());\n}\n"),
    ("src/test/PayTest.java", JAVA, "    @Test\n    void refuses() {\n        assertThrows(E.class, () -> pay(-1));\n    }\n"),
    ("tests/PayTests.cs", CSHARP, "    [Fact]\n    public async Task Refuses() {\n        await Assert.ThrowsAsync<E>(() => Pay(-1));\n    }\n"),
    ("spec/pay_spec.rb", RUBY, "  it 'refuses' do\n    expect { pay(-1) }.to raise_error\n  end\n"),
)  # fmt: skip


@pytest.mark.parametrize(("path", "text", "test"), REMOVED, ids=[one[0] for one in REMOVED])
def test_a_removed_test_is_named(path, text, test):
    assert test in text
    (first, *_) = found(edited(path, text, text.replace(test, "")))
    assert first.kind is TamperingKind.TESTS
    assert "efuses" in first.what
    assert "is gone" in first.what


CHANGES = (
    ("tests/test_pay.py", "    assert total == 3\n", "    assert total != 3\n", "opposite"),
    ("tests/test_pay.py", "    assert total == 3\n", "    assert not total == 3\n", "opposite"),
    ("tests/test_pay.py", "    assert total == 3\n", "    assert True\n", "can't fail"),
    ("tests/test_pay.py", "    assert total == 3\n", "    assert total == total\n", "can't fail"),
    ("tests/test_pay.py", "    assert total == 3\n", "    assert total == 3 or True\n", "can't fail"),
    ("tests/test_pay.py", "    assert total == 3\n", "", "removed"),
    ("tests/test_pay.py", "    assert total == 3\n", "    # assert total == 3\n", "removed"),
    ("tests/test_pay.py", "    assert total == 3\n", "    assert total == 4\n", "something else"),
    ("tests/test_pay.py", "    total = pay(3)\n", "    return\n    total = pay(3)\n", "can't be reached"),
    ("tests/test_pay.py", "def test_pays():\n", "@pytest.mark.skip\ndef test_pays():\n", "skipped"),
    ("tests/test_pay.py", "def test_pays():\n", "@pytest.mark.xfail(strict=False)\ndef test_pays():\n", "skipped"),
    ("tests/test_pay.py", "    total = pay(3)\n", "    pytest.skip('later')\n    total = pay(3)\n", "skipped"),
    ("tests/test_pay.py", "        pay(-1)\n", "        try:\n            pay(-1)\n        except Exception:\n            pass\n", "swallowed"),
    ("pay.test.ts", "toBe(3)", "not.toBe(3)", "opposite"),
    ("pay.test.ts", "expect(pay(3)).toBe(3)", "expect(true).toBe(true)", "can't fail"),
    ("pay.test.ts", "it('pays'", "it.skip('pays'", "skipped"),
    ("pay.test.ts", "it('pays'", "it.only('pays'", "skipped"),
    ("pay.test.ts", "it('pays'", "xit('pays'", "skipped"),
    ("pay.test.ts", "it('pays', () => {", "it.todo('pays', () => {", "skipped"),
    ("pay.test.ts", "    expect(pay(3))", "    return;\n    expect(pay(3))", "can't be reached"),
    ("pay_test.go", "\tif Pay(3) != 3 {", "\tt.Skip(\"flaky\")\n\tif Pay(3) != 3 {", "skipped"),
    ("pay_test.go", "\t\tt.Fatal(\"no\")\n", "", "removed"),
    ("pay_test.go", "\tif Pay(3) != 3 {", "\treturn\n\tif Pay(3) != 3 {", "can't be reached"),
    ("tests/pay.rs", "#[test]\nfn pays", "#[test]\n#[ignore]\nfn pays", "skipped"),
    ("tests/pay.rs", "is_err()", "is_ok()", "opposite"),
    ("tests/pay.rs", "assert_eq!(pay(3), 3)", "assert_ne!(pay(3), 3)", "opposite"),
    ("src/test/PayTest.java", "    @Test\n    void pays", "    @Disabled\n    @Test\n    void pays", "skipped"),
    ("src/test/PayTest.java", "assertEquals(3, pay(3))", "assertNotEquals(3, pay(3))", "opposite"),
    ("tests/PayTests.cs", "[Fact]\n    public void", "[Fact(Skip = \"flaky\")]\n    public void", "skipped"),
    ("tests/PayTests.cs", "Assert.Equal(3", "Assert.NotEqual(3", "opposite"),
    ("spec/pay_spec.rb", "it 'pays'", "xit 'pays'", "skipped"),
    ("spec/pay_spec.rb", ".to eq(3)", ".not_to eq(3)", "opposite"),
    ("spec/pay_spec.rb", "    expect(pay(3))", "    skip 'later'\n    expect(pay(3))", "skipped"),
)  # fmt: skip
TEXTS = {path: text for path, text, _ in REMOVED}


@pytest.mark.parametrize(("path", "old", "new", "word"), CHANGES)
def test_a_weakened_test_is_told_how(path, old, new, word):
    text = TEXTS[path]
    assert old in text
    told = found(edited(path, text, text.replace(old, new, 1)))
    assert any(word in one.what for one in told), told
    assert {one.kind for one in told} == {TamperingKind.TESTS}


@pytest.mark.parametrize("path", TEXTS)
def test_new_tests_are_no_tampering(path):
    assert not found(edited(path, "", TEXTS[path]))
    assert not found(
        edited(
            path,
            TEXTS[path],
            TEXTS[path] + "\n" + TEXTS[path].replace("ays", "ayz").replace("efuses", "efuzes"),
        )
    )


def test_a_test_that_moves_to_another_file_is_not_gone():
    test = PYTHON[PYTHON.index("def test_refuses") :]
    before = edited("tests/test_pay.py", PYTHON, PYTHON.replace(test, ""))
    assert not found(before, edited("tests/test_refunds.py", "", f"import pytest\n\n\n{test}"))
    assert found(before)


def test_a_new_assertion_does_not_make_up_for_a_removed_one():
    new = (
        PYTHON.replace("    assert total == 3\n", "")
        + "\n\ndef test_more():\n    assert 1 < pay(2)\n"
    )
    assert any("removed" in one.what for one in found(edited("tests/test_pay.py", PYTHON, new)))


def test_a_deleted_file_of_tests_is_tampering_even_with_a_finding_about_it():
    gone = edited("tests/test_pay.py", PYTHON, "")
    assert kinds(gone) == kinds(gone, about=("tests/test_pay.py",)) == {TamperingKind.TESTS}


def test_a_file_of_tests_that_no_runner_finds_any_more():
    moved = FileDiff("tests/pay_checks.py", FileStatus.RENAMED, "tests/test_pay.py")
    assert kinds(moved) == {TamperingKind.TESTS}
    assert not found(replace(moved, path="tests/test_payment.py"))


def test_a_finding_about_a_test_lets_its_expectation_change_and_nothing_else():
    changed = edited("tests/test_pay.py", PYTHON, PYTHON.replace("total == 3", "total == 4"))
    fewer = edited("tests/test_pay.py", PYTHON, PYTHON.replace("    assert total == 3\n", ""))
    assert not found(changed, about=("tests/test_pay.py",))
    assert found(changed)
    assert found(fewer, about=("tests/test_pay.py",))


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml", ".gitlab-ci.yml", ".circleci/config.yml", "Jenkinsfile",
        ".pre-commit-config.yaml", ".eslintrc.json", "eslint.config.mjs", "tsconfig.json",
        "ruff.toml", "mypy.ini", "pytest.ini", "tox.ini", ".coveragerc", "conftest.py",
        "jest.config.ts", "vitest.config.ts", ".golangci.yml", "clippy.toml", ".rubocop.yml",
        ".editorconfig", "codecov.yml", "web/.nycrc",
    ],
)  # fmt: skip
def test_edited_settings_of_checks(path):
    file = edited(path, "a: 1\n", "a: 2\n")
    assert TamperingKind.SETTINGS in kinds(file)
    assert not found(file, about=(path,))


PYPROJECT = '[project]\nname = "shop"\nversion = "1"\n\n[tool.pytest.ini_options]\naddopts = "-q"\n\n[tool.hatch]\nx = 1\n'
PACKAGE = '{\n  "name": "shop",\n  "scripts": {\n    "build": "tsc",\n    "test": "jest"\n  },\n  "jest": {\n    "bail": true\n  },\n  "version": "1"\n}\n'


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "part"),
    [
        ("pyproject.toml", PYPROJECT, '"-q"', '"-q --deselect x"', "tool.pytest.ini_options"),
        ("pyproject.toml", PYPROJECT, "[tool.hatch]", "[tool.ruff]", "tool.ruff"),
        ("pyproject.toml", PYPROJECT, 'version = "1"', 'version = "2"', ""),
        ("pyproject.toml", PYPROJECT, "x = 1", "x = 2", ""),
        ("package.json", PACKAGE, '"jest"\n', '"true"\n', "test"),
        ("package.json", PACKAGE, "true", "false", "jest"),
        ("package.json", PACKAGE, '"version": "1"', '"version": "2"', ""),
        ("package.json", PACKAGE, '"tsc"', '"tsc -b"', ""),
        ("setup.cfg", "[metadata]\nname = x\n\n[flake8]\nmax = 1\n", "max = 1", "max = 9", "flake8"),
        ("setup.cfg", "[metadata]\nname = x\n\n[flake8]\nmax = 1\n", "name = x", "name = y", ""),
        ("Cargo.toml", '[package]\nname = "x"\n[lints.clippy]\nall = "deny"\n', "deny", "allow", "lints.clippy"),
    ],
)  # fmt: skip
def test_parts_of_mixed_settings(path, text, old, new, part):
    assert old in text
    after = text.replace(old, new, 1)
    told = [
        one.what
        for one in found(edited(path, text, after), new_text={path: after}.get)
        if one.kind is TamperingKind.SETTINGS
    ]
    assert told == ([f"“{part}” is edited"] if part else [])


def test_mixed_settings_whose_sections_are_not_known_are_not_judged():
    file = edited("pyproject.toml", PYPROJECT, PYPROJECT.replace("-q", "-x"))
    assert kinds(file) == {TamperingKind.UNREAD}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "x = 1  # noqa: S602"), ("a.py", "x = f()  # type: ignore[arg-type]"),
        ("a.py", "x = f()  # nosec"), ("a.py", "if x:  # pragma: no cover"),
        ("a.ts", "// eslint-disable-next-line no-eval"), ("a.ts", "// @ts-expect-error"),
        ("a.go", "x := f() //nolint:errcheck"), ("a.rs", "#[allow(unused)]"),
        ("A.java", '@SuppressWarnings("unchecked")'), ("a.cs", "#pragma warning disable CS0168"),
        ("a.rb", "x = 1 # rubocop:disable Style/X"), ("a.sh", "# shellcheck disable=SC2086"),
    ],
)  # fmt: skip
def test_a_new_comment_that_silences_a_rule(path, line):
    new = edited(path, "x\n", f"x\n{line}\n")
    assert kinds(new) == {TamperingKind.SILENCED}
    assert not found(edited(path, f"x\n{line}\n", "x\n"))
    assert not found(edited(path, f"{line}\nx\n", f"y\n{line}\nx\n"))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("Makefile", "\tpytest || true"), ("Makefile", "\t-pytest"), ("run.sh", "set +e"),
        ("deploy.yml", "  continue-on-error: true"), ("run.sh", "npm test || exit 0"),
        ("build.gradle", "ignoreFailures = true"),
    ],
)  # fmt: skip
def test_a_command_that_hides_failures(path, line):
    assert TamperingKind.TOLERATED in kinds(edited(path, "a\n", f"a\n{line}\n"))


def test_code_that_behaves_differently_in_tests():
    file = edited("shop/pay.py", "x = 1\n", 'if "PYTEST_CURRENT_TEST" in os.environ:\n    x = 3\n')
    assert kinds(file) == {TamperingKind.DETECTED}


def test_rewritten_snapshots_and_new_ones():
    path = "web/__snapshots__/pay.test.ts.snap"
    assert kinds(edited(path, "a\n", "b\n")) == {TamperingKind.EXPECTED}
    assert not found(edited(path, "", "b\n"))


def test_lock_files_and_prose_are_left_alone():
    lock = edited("package-lock.json", '{"a": "1"}\n', '{"a": "nolint || true"}\n')
    assert not found(lock, edited("README.md", "a\n", "Write `# noqa` or `|| true`.\n"))


def test_tests_inside_of_rust_code():
    code = "pub fn pay(x: i32) -> i32 {\n    assert!(x > 0);\n    x\n}\n\n#[cfg(test)]\nmod tests {\n" + "".join(
        f"    {row}\n" if row else "\n" for row in RUST.splitlines()
    ) + "}\n"  # fmt: skip
    fewer = code.replace("        assert_eq!(pay(3), 3);\n", "")
    guard = code.replace("    assert!(x > 0);\n", "    assert!(x >= 0);\n", 1)
    assert found(edited("src/pay.rs", code, fewer), new_text={"src/pay.rs": fewer}.get)
    assert not found(edited("src/pay.rs", code, guard), new_text={"src/pay.rs": guard}.get)


def test_what_can_not_be_read_is_not_judged_rather_than_fine(monkeypatch):
    monkeypatch.setattr(tampering, "MOST_BYTES_READ", 100)
    large = edited("shop/data.py", "", "x = 1\n" * 100)
    assert kinds(large) == {TamperingKind.UNREAD}
    assert not tampering_is_certain(found(large))
    monkeypatch.undo()
    assert not found(large)
    assert kinds(replace(large, unread="cut off")) == {TamperingKind.UNREAD}
    binary = FileDiff("tests/data.bin", FileStatus.MODIFIED, binary=True)
    assert kinds(binary) == {TamperingKind.UNREAD}


def test_a_patch_of_a_hundred_megabytes_is_judged_in_seconds():
    rows = b"+value = compute(1, 2, 3)\n" * 4_000_000
    large = FileDiff("data.py", FileStatus.ADDED, body=b"@@ -0,0 +1,4000000 @@\n" + rows)
    gone = edited("tests/test_pay.py", PYTHON, "")
    begin = time.perf_counter()
    told = found(large, gone)
    assert time.perf_counter() - begin < 30
    assert {one.kind for one in told} == {TamperingKind.UNREAD, TamperingKind.TESTS}


LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"), max_size=30))


@given(LINES, LINES, st.sampled_from([*TEXTS, "Makefile", "pyproject.toml", "src/a.rs"]))
def test_any_patch_can_be_judged(old, new, path):
    before, after = "\n".join(old), "\n".join(new)
    for one in found(edited(path, before, after), new_text=lambda _: after):
        assert one.path == path
        assert one.what


@given(st.lists(st.sampled_from(PYTHON.splitlines()), min_size=1))
def test_an_unchanged_file_is_never_tampering(lines):
    text = "\n".join(lines)
    assert not found(
        FileDiff("tests/test_a.py", FileStatus.MODIFIED, body=b""), edited("b.py", text, text)
    )
