import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "tools" / "screenshots.py"


@pytest.mark.endurance
def test_the_script_draws_the_demonstration(tmp_path):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--only", "narrow", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    picture = (tmp_path / "narrow.svg").read_text("utf-8")
    assert ET.fromstring(picture).tag.endswith("svg")
    assert "scripted-demo" in picture.replace("&#160;", " ")


def test_the_readme_shows_pictures_that_exist_and_are_made_by_the_script():
    shown = re.findall(r"\]\((docs/[\w-]+\.svg)\)", (PROJECT / "README.md").read_text("utf-8"))
    assert shown
    script = SCRIPT.read_text("utf-8")
    for name in shown:
        assert (PROJECT / name).is_file()
        # The tour is an animation, which `tools/tour.py` records.
        assert name == "docs/tour.svg" or f'"{Path(name).stem}": Picture(' in script
