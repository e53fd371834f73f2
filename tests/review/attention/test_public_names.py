"""Which lines define a public name."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.review.attention.public_names import altered_names, names_defined, public_names


@pytest.mark.parametrize(
    ("path", "line", "name"),
    [
        ("a.py", "def charge(a):", "charge"),
        ("a.py", "async def charge(a):", "charge"),
        ("a.py", "class Bank(Base):", "Bank"),
        ("a.py", "    def charge(self, a):", "charge"),
        ("a.py", '    parser.add_argument("-f", "--force", action="store_true")', "--force"),
        ("a.py", "@click.option('--dry-run')", "--dry-run"),
        ("a.ts", "export async function charge(a) {", "charge"),
        ("a.ts", "export default class Bank {", "Bank"),
        ("a.ts", "export const RATE = 3", "RATE"),
        ("a.js", "module.exports.charge = charge", "charge"),
        ("a.go", "func (b *Bank) Charge(a int) error {", "Charge"),
        ("a.go", "type Bank struct {", "Bank"),
        ("a.rs", "    pub const fn charge(a: u8) {", "charge"),
        ("a.rs", "pub struct Bank;", "Bank"),
        ("A.java", "    public static <T> List<T> charge(int a) {", "charge"),
        ("A.java", "public final class Bank {", "Bank"),
        ("a.php", "    public static function charge($a)", "charge"),
        ("a.rb", "  def charge!(a)", "charge!"),
        ("a.h", "int charge(int a, long b);", "charge"),
        ("a.hpp", "std::string Bank::name(int a) const;", "name"),
        ("a.proto", "message Bank {", "Bank"),
        ("a.proto", "  repeated string owners = 3;", "owners"),
        ("a.proto", "  rpc Charge(Request) returns (Answer);", "Charge"),
        ("a.graphql", "type Bank {", "Bank"),
        ("a.graphql", "  owner(id: ID!): Person!", "owner"),
        ("api/openapi.yaml", "  /banks/{id}:", "/banks/{id}"),
        ("swagger.json", '    "/banks": {', "/banks"),
        ("openapi.yml", "      operationId: charge", "charge"),
    ],
)
def test_a_public_name_is_found(path: str, line: str, name: str) -> None:
    assert names_defined(path, [line]) == {name}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", "def _charge(a):"),
        ("a.py", "    def inner(a):"),
        ("a.py", "x = charge(a)"),
        ("a.ts", "function charge(a) {"),
        ("a.go", "func charge(a int) {"),
        ("a.rs", "pub(crate) fn charge() {"),
        ("a.rs", "fn charge() {"),
        ("A.java", "    private int charge(int a) {"),
        ("A.java", "    public int rate = compute(3);"),
        ("a.h", "static int charge(int a);"),
        ("a.h", "    if (charge(a)) {"),
        ("a.h", "#define charge(a) 1"),
        ("a.c", "int charge(int a) {"),
        ("_a.py", "def charge(a):"),
        ("internal/a.go", "func Charge() {"),
        ("a.txt", "def charge(a):"),
        ("compose.yaml", "  /data:"),
    ],
)
def test_a_line_that_defines_none_has_none(path: str, line: str) -> None:
    assert names_defined(path, [line]) == set()


def altered(path: str, before: str, after: str) -> set[str]:
    sides = (public_names(path, text.split("\n")) for text in (before, after))
    return set(altered_names(*sides))


@pytest.mark.parametrize(
    ("path", "before", "after", "names"),
    [
        ("a.py", "def f(a): pass", "def f(a): return 1", set()),
        ("a.py", "def f(a, b):", "def f(\n    a,\n    b,\n):", set()),
        ("a.py", "def f(a: dict[str, int]) -> int:", "def f(a: dict[str, int]) -> str:", {"f"}),
        ("a.py", 'x("--force", help="a")', 'x("--force", help="b")', set()),
        ("a.ts", "export const f = (a) => 1", "export const f = (a) => 2", set()),
        ("a.go", "func F(a int) { return }", "func F(a int) { go x() }", set()),
        ("a.go", "func F(a int) {", "func F(a int) error {", {"F"}),
        ("a.proto", "  string a = 1;", "  string a = 2;", {"a"}),
        ("openapi.yaml", "/a: {one}", "/a: {two}", set()),
    ],
)  # fmt: skip
def test_only_the_head_of_a_definition_counts(
    path: str, before: str, after: str, names: set[str]
) -> None:
    assert altered(path, before, after) == names


ENDINGS = ["py", "ts", "go", "rs", "java", "php", "rb", "h", "proto", "graphql"]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "row",
    [" " * 2000, "public " * 300, "a " * 900, "def f(" * 400, "pub const " * 200, "export " * 300,
     "option" * 300, "optional a.b " * 200, "func (" * 300, "(" * 2000],
)  # fmt: skip
def test_no_line_takes_long(ending: str, row: str) -> None:
    began = time.process_time()
    list(public_names(f"a.{ending}", [row] * 20))
    assert time.process_time() - began < 0.5


@given(st.sampled_from(ENDINGS), st.lists(st.text()))
def test_any_lines_give_names(ending: str, rows: list[str]) -> None:
    found = list(public_names(f"a.{ending}", rows))
    assert {one.name for one in found} == names_defined(f"a.{ending}", rows)
