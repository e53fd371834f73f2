"""The panel makes a coding agent that can change a tree, within what is left of the budget."""

import json
from pathlib import Path

import pytest

from tests.agents.playing import result
from tests.agents.real import signals_of
from tests.agents.test_detection import Machine
from tests.models.requests import FULL
from xreview.agents.base.agent import WritableFolder
from xreview.config.paths import Folders
from xreview.config.schema import Settings
from xreview.models.local_servers import PORTS_VARIABLE
from xreview.ports.model import Finished, Stop
from xreview.review.asking.money import Money
from xreview.review.choosing.panel import Panel


@pytest.fixture
def machine(tmp_path) -> Machine:
    made = Machine(tmp_path)
    said = json.dumps(result(structured_output={"findings": []}))
    program = made.programs / "claude"
    program.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo 2.1.330; exit; fi\n'
        f'cat > /dev/null; pwd > "{made.home}/where"; echo "$@" > "{made.home}/arguments"\n'
        f"echo '{said}'\n"
    )
    program.chmod(0o755)
    made.write(".claude/.credentials.json")
    return made


async def panel_of(machine: Machine, folder: Path) -> Panel:
    folders = Folders(*(folder / name for name in ("config", "data", "cache", "state")))
    machine.variables[PORTS_VARIABLE] = ""
    money = Money(2.0)
    money.spent = 0.5
    panel = Panel(Settings(), folders, machine.environ, money, machine.top)
    await panel.find()
    return panel


async def test_an_agent_in_its_write_mode(machine, tmp_path):
    panel = await panel_of(machine, tmp_path)
    tree = tmp_path / "tree"
    tree.mkdir()
    (name,) = (one.settings.name for one in panel.prospects if one.detected and not one.why_not)
    voice = panel.fixer_voice(name, WritableFolder(machine.top, tree))
    assert voice.model.identity.vendor == "anthropic"
    assert voice.terms.money is panel.money
    last = (await signals_of(voice.model, FULL))[-1]
    assert isinstance(last, Finished)
    assert last.stop is Stop.OK
    assert (machine.home / "where").read_text().strip() == str(tree)
    arguments = (machine.home / "arguments").read_text()
    assert "--max-budget-usd 1.5000" in arguments
    assert "Read,Grep,Glob,Edit,Write" in arguments
    await panel.close()


async def test_only_an_agent_can(machine, tmp_path):
    panel = await panel_of(machine, tmp_path)
    with pytest.raises(LookupError, match="risk isn't a coding agent"):
        panel.fixer_voice("risk", WritableFolder(machine.top, tmp_path))
