"""What the loopback GitHub checks against is what GitHub's official packages say."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "forge"
FILES = ("github-openapi.json", "github.graphql")
_SOURCE = re.compile(r"(@octokit/[\w-]+) (\d[\w.-]*) \(MIT license\)")

pytestmark = [
    pytest.mark.endurance,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm isn't installed"),
]


def test_the_extracts_are_those_of_the_official_packages(tmp_path):
    sources = [_SOURCE.findall((DATA / name).read_text("utf-8")) for name in FILES]
    assert [len(found) for found in sources] == [1, 1]
    packages = [f"{name}@{version}" for [(name, version)] in sources]
    install = ["npm", "install", "--silent", "--ignore-scripts", "--prefix", str(tmp_path)]
    if subprocess.run([*install, *packages], cwd=tmp_path).returncode:
        pytest.skip("npm could not install the packages")
    subprocess.run(
        [
            *(sys.executable, str(ROOT / "tools" / "forge_schemas.py")),
            *(str(tmp_path / "node_modules"), str(tmp_path / "made")),
        ],
        check=True,
    )
    for name in FILES:
        assert (tmp_path / "made" / name).read_text("utf-8") == (DATA / name).read_text("utf-8")
