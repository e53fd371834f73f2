import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import texts
from xreview.domain.identity.outline import Outline

PYTHON = """\
class Cart(Base):
    def total(
        self, rate: float
    ) -> float:
        if self.items:
            try:
                return sum(self.items)
            except ValueError:
                raise

        return 0


def main():
\treturn Cart().total()
""".splitlines()

JAVASCRIPT = """\
describe('cart', function () {
  it('adds up', async () => {
    if (empty) {
      fail()
    } else {
      pass()
    }
  })
})

export class Cart
{
  total () {
    return 0
  }
}
""".splitlines()

GO = """\
func (c *Cart) Total(rate float64) float64 {
\tfor _, item := range c.items {
\t\tsum += item
\t}
}
""".splitlines()


@pytest.mark.parametrize(
    ("code", "line", "headers"),
    [
        (PYTHON, 1, ()),
        (PYTHON, 2, ("class Cart",)),
        (PYTHON, 5, ("class Cart", "def total")),
        (PYTHON, 7, ("class Cart", "def total")),
        (PYTHON, 9, ("class Cart", "def total")),
        (PYTHON, 11, ("class Cart", "def total")),
        (PYTHON, 15, ("def main",)),
        (PYTHON, 0, ()),
        (PYTHON, 99, ()),
        (PYTHON, -1, ()),
        (JAVASCRIPT, 4, ("describe('cart', function", "it('adds up', async () =>")),
        (JAVASCRIPT, 6, ("describe('cart', function", "it('adds up', async () =>")),
        (JAVASCRIPT, 14, ("class Cart", "total")),
        (GO, 3, ("func Total",)),
    ],
)
def test_the_blocks_around_a_line_are_named_without_control_flow(code, line, headers):
    assert Outline(code).headers(line) == headers


def test_parameters_are_no_part_of_a_name():
    changed = [row.replace("rate: float", "rate: float, tax") for row in PYTHON]
    assert Outline(changed).headers(11) == Outline(PYTHON).headers(11)


@pytest.mark.parametrize(
    ("code", "line", "block"),
    [
        (PYTHON, 11, range(2, 12)),  # the function around it
        (PYTHON, 7, range(2, 12)),  # not the try
        (PYTHON, 14, range(14, 16)),  # the block that it opens itself
        (PYTHON, 5, range(5, 10)),
        (JAVASCRIPT, 14, range(13, 16)),
        (["a()", "b()"], 2, range(2, 3)),
    ],
)
def test_the_block_is_the_one_a_line_opens_or_stands_in(code, line, block):
    assert Outline(code).block(line, line) == block


@given(st.lists(texts | st.sampled_from(["  if x:", "}", "\t)", " a", "    b"]), max_size=12))
def test_any_lines_have_an_outline(lines):
    outline = Outline(lines)
    for line in range(-1, len(lines) + 2):
        assert all(outline.headers(line))
        inside = outline.block(line, line)
        assert not inside or (inside.start >= 1 and inside.stop <= len(lines) + 1)


def test_code_nested_beyond_all_measure_is_read_to_a_bound():
    lines = [" " * depth + "x" for depth in range(3000)]
    assert len(Outline(lines).headers(3000)) == 32
