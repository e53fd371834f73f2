#!/usr/bin/env python3
"""Plays Claude Code in its write mode: runs `HOME/plan` (a shell script) in its folder, and says of
each finding of the prompt what `HOME/status` says (`fixed` where there is none). JSON in
`HOME/statement` is what it says of an attempt instead.

`HOME/says` replaces what it prints, `HOME/complains` goes to standard error, and it exits with the
number in `HOME/exit`. Keeps its prompt in `HOME/prompt` and its arguments in `HOME/arguments`.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

home = Path(os.environ["HOME"])


def told(name: str, otherwise: str = "") -> str:
    file = home / name
    return file.read_text() if file.exists() else otherwise


if "--version" in sys.argv:
    print("2.1.330 (Claude Code)")
    sys.exit()
prompt = sys.stdin.read()
with (home / "prompt").open("a") as kept:
    kept.write(prompt)
(home / "arguments").write_text(json.dumps(sys.argv[1:]))
(home / "folder").write_text(str(Path.cwd()))
subprocess.run(["/bin/sh", "-c", told("plan", "true")], stdin=subprocess.DEVNULL)
names = dict.fromkeys(re.findall(r"Fingerprint: `(\S+?)`", prompt))
status = told("status", "fixed")
results = [
    {
        "fingerprint": name,
        "status": status,
        "files": told("files", "run.py").split(),
        "explanation": "I changed it.",
        "reason": told("reason") if status == "blocked" else "",
    }
    for name in names
]
answer = {"results": results, "checks_run": []}
if statement := told("statement"):
    answer = {"statement": json.loads(statement)}
end = {
    "type": "result",
    "subtype": "success",
    "is_error": False,
    "result": "",
    "structured_output": answer,
    "usage": {"input_tokens": 10, "output_tokens": 20},
    "total_cost_usd": 0.25,
}
sys.stderr.write(told("complains"))
sys.stderr.flush()
print(told("says", json.dumps(end)), flush=True)
sys.exit(int(told("exit", "0")))
