from contextlib import aclosing

import pytest

from xreview.analysers import process
from xreview.review.prompt import blocks as blocks_module
from xreview.review.prompt.blocks import Blocks, CodeBlock

PYTHON = """\
import x

@deco
class A:
    y = 1

    @wrapped
    def f(self):
        def g():
            return 1
        return g
"""
TYPESCRIPT = """\
class A {
  m(a) {
    return a.map((q) => {
      return q;
    });
  }
}
"""


async def found(path: str, text: str, *lines: int) -> list[CodeBlock]:
    async with aclosing(Blocks()) as blocks:
        return await blocks.around(path, text, lines)


async def test_python() -> None:
    assert await found("a.py", PYTHON, 10) == [
        CodeBlock(3, 11, is_function=False),
        CodeBlock(4, 11, is_function=False),
        CodeBlock(7, 11, is_function=True),
        CodeBlock(8, 11, is_function=True),
        CodeBlock(9, 10, is_function=True),
    ]
    assert await found("a.py", PYTHON, 5) == [CodeBlock(3, 11), CodeBlock(4, 11)]


async def test_typescript() -> None:
    assert await found("a.ts", TYPESCRIPT, 4) == [
        CodeBlock(1, 7),
        CodeBlock(2, 6, is_function=True),
        CodeBlock(3, 5, is_function=True),
    ]


@pytest.mark.parametrize(
    ("path", "text", "function"),
    [
        ("a.go", "package a\n\nfunc (s *S) F() {\n\tx := 1\n}\n", CodeBlock(3, 5, True)),
        ("a.rs", "impl A {\n    fn f() {\n        1;\n    }\n}\n", CodeBlock(2, 4, True)),
        ("a.rb", "class A\n  def f\n    1\n  end\nend\n", CodeBlock(2, 4, True)),
        ("A.java", "class A {\n  int f() {\n    return 1;\n  }\n}\n", CodeBlock(2, 4, True)),
        ("a.c", "int f(void)\n{\n  return 1;\n}\n", CodeBlock(1, 4, True)),
        ("a.kt", "class A {\n  fun f() {\n    g()\n  }\n}\n", CodeBlock(2, 4, True)),
        ("a.swift", "class A {\n  func f() {\n    g()\n  }\n}\n", CodeBlock(2, 4, True)),
        ("a.cs", "class A {\n  void F() {\n    G();\n  }\n}\n", CodeBlock(2, 4, True)),
        ("a.php", "<?php\nclass A {\n  function f() {\n    g();\n  }\n}\n", CodeBlock(3, 5, True)),
        ("a.sh", "f() {\n  echo\n}\n", CodeBlock(1, 3, True)),
        ("a.scala", "object A {\n  def f() = {\n    g()\n  }\n}\n", CodeBlock(2, 4, True)),
    ],
)
async def test_other_languages(path: str, text: str, function: CodeBlock) -> None:
    assert function in await found(path, text, function.start + 1)


async def test_without_a_grammar_indentation_tells() -> None:
    text = "a:\n  b:\n    c: 1\n    d: 2\ne: 3\n"
    async with aclosing(Blocks()) as blocks:
        assert await blocks.around("a.yaml", text, [3, 5]) == [CodeBlock(2, 4)]
        assert blocks.asked == 0


async def test_a_parser_that_is_lost_leaves_indentation(monkeypatch) -> None:
    monkeypatch.setattr(process, "_START", "import os; os._exit(1)")
    async with aclosing(Blocks()) as blocks:
        for _ in range(5):
            assert await blocks.around("a.py", PYTHON, [10]) == [CodeBlock(9, 10)]
        assert blocks.asked == 3


async def test_a_parser_that_hangs_is_ended(monkeypatch) -> None:
    monkeypatch.setattr(process, "_START", "import time; time.sleep(600)")
    monkeypatch.setattr(blocks_module, "_SECONDS", 0.2)

    assert await found("a.py", PYTHON, 10) == [CodeBlock(9, 10)]


@pytest.mark.parametrize(
    "text",
    ["", "\udce9", "def f(:\n  \x00", "x = (" * 5_000],
    ids=["empty", "surrogate", "broken", "nested"],
)
async def test_nothing_hostile_raises(text: str) -> None:
    assert isinstance(await found("a.py", text, 1), list)
