"""No line that looks like a secret is in what leaves the machine, and no other line moves."""

from tests.fakes.reviewer import GivenContents
from xreview.domain.change import FileDiff, FileStatus, Side
from xreview.review.egress.secrets import WITHHELD
from xreview.review.egress.withholding import Withholding

SECRET = 'password = "correct-horse-9"'
FILE = FileDiff(
    "app.py",
    FileStatus.MODIFIED,
    body=(
        f"@@ -1,2 +1,3 @@ {SECRET}\n context = 1\n-old = 'x'\n+{SECRET}\n+new = 2\n"
        "\\ No newline at end of file\n"
    ).encode(),
)


async def test_a_secret_is_in_neither_the_diff_nor_the_file() -> None:
    withholding = Withholding(GivenContents({"app.py": f"a = 1\n{SECRET}\nb = 2\n"}))

    (file,) = await withholding.files([FILE])
    content = await withholding.read(FILE, Side.NEW)

    assert b"correct-horse" not in file.body
    assert [line.text for hunk in file.hunks for line in hunk.lines] == [
        "context = 1",
        "old = 'x'",
        WITHHELD,
        "new = 2",
    ]
    assert content == f"a = 1\n{WITHHELD}\nb = 2\n".encode()
    assert withholding.note("app.py") == "2 lines withheld as possible secrets: line 2"
    assert withholding.total == 2


async def test_what_holds_no_secret_stays_as_it_is() -> None:
    plain = FileDiff("a.bin", FileStatus.ADDED, body=b"@@ -0,0 +1 @@\n+\xff\xfe = 1\n")
    withholding = Withholding(GivenContents({}))

    assert (await withholding.files([plain]))[0] is plain
    assert await withholding.read(plain, Side.NEW) is None
    assert withholding.note("a.bin") == ""
