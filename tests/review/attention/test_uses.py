"""What uses changed code from outside of the change, in real repositories."""

from pathlib import Path

import pytest

from tests.repo.builder import Builder, isolate
from tests.review.attention.changes import whole
from xreview.domain.attention.file_facts import FileFacts
from xreview.review.attention import uses
from xreview.review.attention.file_facts import find_facts

STORE = "app/store.py"
BEFORE = "def save_user(user):\n    return user\n"
AFTER = "def save_user(user, store):\n    return user\n"
CALLER = "from app.store import save_user\n\n\nsave_user(1)\n"


@pytest.fixture
def builder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Builder:
    isolate(monkeypatch, tmp_path / "home")
    made = Builder(tmp_path / "project")
    made.write(STORE, BEFORE)
    return made


def committed(builder: Builder, **files: str) -> None:
    for name, text in files.items():
        builder.write(name.replace("__", "/").replace("_DOT_", "."), text)
    builder.commit("first")


def found(builder: Builder, path: str = STORE, **named: object) -> tuple[int | None, int | None]:
    change = whole(builder, **named)
    facts = find_facts(change, change.files).files.get(path, FileFacts())
    return facts.callers, facts.dependents


def test_calls_and_importing_files_are_counted_in_every_kind_of_change(builder: Builder) -> None:
    builder.write("web.py", CALLER)
    builder.write("job.py", "import app.store\n\nx = [app.store.save_user(2)]\nsave_user (3)\n")
    builder.write("only_imports.py", "from app import store\n")
    builder.write("README.md", "Call save_user(1).\n")
    builder.write("tests/test_store.py", CALLER)
    builder.write("web.js", "save_user(1)\n")
    builder.commit("first")
    builder.write(STORE, AFTER)
    assert found(builder) == (3, 3)

    builder.add()
    assert found(builder, staged=True) == (3, 3)
    builder.commit("second")
    assert found(builder, commit="HEAD") == (3, 3)
    assert found(builder, base="HEAD^") == (3, 3)


def test_nothing_that_uses_it_is_known_to_be_nothing(builder: Builder) -> None:
    builder.commit("first")
    builder.write(STORE, AFTER)
    assert found(builder) == (0, 0)


def test_a_call_in_the_same_file_is_a_caller_unless_the_change_has_it(builder: Builder) -> None:
    filler = "\n" * 20
    builder.write(STORE, f"{BEFORE}{filler}def again():\n    save_user(1)\n")
    builder.commit("first")
    builder.write(STORE, f"{AFTER}{filler}def again():\n    save_user(1)\n")
    assert found(builder) == (1, 0)

    builder.write(STORE, f"{AFTER}{filler}def again():\n    save_user(2)\n")
    assert found(builder)[0] == 0


def test_calls_of_what_is_gone_are_counted(builder: Builder) -> None:
    builder.write("web.py", CALLER)
    builder.commit("first")
    builder.delete(STORE)
    assert found(builder) == (1, 1)


def test_what_was_not_adapted_to_a_move_uses_the_old_name(builder: Builder) -> None:
    builder.write("web.py", "from app import store\n")
    builder.commit("first")
    builder.git("mv", STORE, "app/archive.py")
    assert found(builder, "app/archive.py") == (None, 1)


def test_a_namesake_counts_only_where_the_file_is_imported(builder: Builder) -> None:
    builder.write("other/people.py", "def save_user(a):\n    return a\n")
    builder.write("a.py", "from other.people import save_user\nsave_user(1)\n")
    builder.write("b.py", CALLER)
    builder.commit("first")
    builder.write(STORE, AFTER)
    assert found(builder) == (1, 1)


def test_of_modules_with_the_same_name_the_folder_tells(builder: Builder) -> None:
    builder.write("shop/store.py", "def other():\n    return 1\n")
    builder.write("a.py", "from shop.store import other\n")
    builder.write("b.py", "from app.store import something\n")
    builder.write("app/c.py", "from .store import something\n")
    builder.write("shop/d.py", "from .store import other\n")
    builder.commit("first")
    builder.write(STORE, AFTER)
    assert found(builder) == (0, 2)


@pytest.mark.parametrize(
    ("path", "before", "after", "user", "text"),
    [
        ("lib/pay.ts", "export function charge(a) {\n}\n", "export function charge(a, b) {\n}\n",
         "web/x.tsx", "import {\n  charge,\n} from '../lib/pay';\ncharge(1)\n"),
        ("pay/rest.go", "func Rest(a int) {\n}\n", "func Rest(b int) {\n}\n",
         "cmd/main.go", 'import (\n\t"example.com/bank/pay"\n)\n\nvar x = pay.Rest(1)\n'),
        ("src/Bank.java", "public class Bank {\n  public int rest(int a) {\n  }\n}\n",
         "public class Bank {\n  public int rest(long a) {\n  }\n}\n",
         "src/Shop.java", "import com.acme.Bank;\nclass Shop {\n  int x = new Bank().rest(1);\n}"),
        ("src/pay.rs", "pub fn charge(a: u8) {\n}\n", "pub fn charge(a: u16) {\n}\n",
         "src/main.rs", "mod pay;\nuse crate::pay::charge;\nfn main() { charge(1); }\n"),
        ("pay.h", "int charge(int a);\n", "int charge(long a);\n",
         "main.c", '#include "pay.h"\nint main(void) {\n  return charge(1);\n}\n'),
        ("lib/pay.rb", "def charge(a)\nend\n", "def charge(a, b)\nend\n",
         "bin/x.rb", "require_relative '../lib/pay'\ncharge(1)\n"),
    ],
)  # fmt: skip
def test_in_each_language(
    builder: Builder, path: str, before: str, after: str, user: str, text: str
) -> None:
    builder.write(path, before)
    builder.write(user, text)
    builder.commit("first")
    builder.write(path, after)
    assert found(builder, path) == (1, 1)


def test_a_name_that_is_everywhere_is_left_out_and_the_others_counted(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "MOST_HITS", 50)
    builder.write("a_noise.py", "common_name(1)\n" * 100)
    builder.write("web.py", CALLER)
    builder.write("other.py", "def common_name(a):\n    return a\n")
    builder.commit("first")
    builder.write(STORE, AFTER)
    builder.write("other.py", "def common_name(b):\n    return b\n")
    assert found(builder) == (1, 1)
    assert found(builder, "other.py") == (None, 0)


def test_if_too_much_is_left_nothing_is_said(
    builder: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "MOST_HITS", 5)
    builder.write("web.py", CALLER * 10)
    builder.commit("first")
    builder.write(STORE, AFTER)
    assert found(builder) == (None, None)


def test_documents_and_data_are_not_looked_for(builder: Builder) -> None:
    builder.write("notes.md", "one\n")
    builder.commit("first")
    builder.write("notes.md", "two\n")
    assert found(builder, "notes.md") == (None, None)


@pytest.mark.parametrize("name", ["-e.py", "a b.py", "$(touch x).py", "é.py", "a\nb.py", "*.py"])
def test_a_strange_name_is_no_option_and_no_pattern(builder: Builder, name: str) -> None:
    builder.write(name, BEFORE)
    builder.write("web.py", "save_user(1)\n")
    builder.delete(STORE)
    builder.commit("first")
    builder.write(name, AFTER)
    assert found(builder, name) == (1, 1)
    assert not builder.path("x").exists()


def test_a_package_is_imported_by_the_name_of_its_folder(builder: Builder) -> None:
    builder.write("app/money/__init__.py", "RATE = 1\n")
    builder.write("shop/money/__init__.py", "RATE = 1\n")
    builder.write("a.py", "from app.money import RATE\n")
    builder.write("b.py", "from shop.money import RATE\n")
    builder.commit("first")
    builder.write("app/money/__init__.py", "RATE = 2\n")
    assert found(builder, "app/money/__init__.py") == (None, 1)


def test_a_changed_test_is_looked_for_by_its_name_alone(builder: Builder) -> None:
    builder.write("tests/test_store.py", BEFORE)
    builder.write("tests/store.test.ts", "export const a = 1\n")
    builder.write("web.py", CALLER)
    builder.write("store.ts", "import { a } from './store'\n")
    builder.commit("first")
    builder.write("tests/test_store.py", AFTER)
    builder.write("tests/store.test.ts", "export const a = 2\n")
    assert found(builder, "tests/test_store.py") == (None, 0)
    assert found(builder, "tests/store.test.ts") == (None, None)


def test_the_product_can_use_what_is_called_a_test(builder: Builder) -> None:
    committed(
        builder, app__test_gateway_DOT_py=BEFORE, web_DOT_py="from app.test_gateway import *\n"
    )
    builder.write("app/test_gateway.py", AFTER)
    assert found(builder, "app/test_gateway.py") == (None, 1)


def test_the_function_around_a_change_is_what_is_called(builder: Builder) -> None:
    builder.write(STORE, BEFORE)
    builder.write("web.py", CALLER)
    builder.commit("first")
    builder.write(STORE, BEFORE.replace("return user", "return None"))
    assert found(builder) == (1, 1)
