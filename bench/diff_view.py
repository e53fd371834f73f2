"""The code pane alone, for comparison with a bare Line-API diff and a Textual hello world.

    python bench/diff_view.py --repos DIR [--lines N] [--pages N] [--runs N] [w1 w3 …]
        ratio tables, pane against `../shared/tools/baselines/lazyproto.py` and `hello.py`
    python bench/diff_view.py --show REPOSITORY [BASE]
        the host itself: the pane and one line of status in a bare app

Needs the benchmark tools in `../shared/tools`. Machines are noisy: trust the ratios only.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).parents[2] / "shared" / "tools"
FRAMES_PER_SECOND = "240"


def show(repository: str, base: str) -> None:
    """Run the host app on a repository."""
    os.environ.setdefault("TEXTUAL_FPS", FRAMES_PER_SECOND)
    from diff_view_host import Host

    Host(repository, base).run()


def compare(repositories: Path, workloads: list[str], arguments: argparse.Namespace) -> int:
    """Run the harness on every workload; the exit code says whether an aim was missed."""
    worst = 0
    for workload in workloads:
        limit = "1.3" if workload in ("w1", "w2") else "1.6"
        repository = repositories / workload
        hello = ["--subject", f"hello={sys.executable} {TOOLS}/baselines/hello.py"]
        if arguments.keys_only:
            hello = []
        command = [
            sys.executable, str(TOOLS / "tuibench.py"), "vs",
            "--subject", f"lazy={sys.executable} {TOOLS}/baselines/lazyproto.py {repository} main",
            *hello,
            "--subject", f"pane={sys.executable} {__file__} --show {repository} main",
            "--wait", "first_change_marker|hello world", "--cols", "160", "--rows", "48",
            "--keys", f"line=j*{arguments.lines} page=<pgdn>*{arguments.pages}",
            "--runs", str(arguments.runs), "--quit", "q",
        ]  # fmt: skip
        print(f"== {workload}", flush=True)
        worst = max(worst, subprocess.run(command, check=False).returncode)
        print(f"aims: pane/lazy line p50, p99, page <= 1.15; pane/hello text <= {limit}")
    return worst


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--show", nargs="+", metavar="REPOSITORY")
    parser.add_argument("--repos", type=Path)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--pages", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keys-only", action="store_true")
    parser.add_argument("workloads", nargs="*", default=["w1", "w3"])
    arguments = parser.parse_args()
    if arguments.show:
        show(arguments.show[0], [*arguments.show, "main"][1])
        return 0
    if arguments.repos is None:
        parser.error("--repos or --show is needed")
    if not TOOLS.is_dir():
        print(f"no benchmark tools at {TOOLS}", file=sys.stderr)
        return 2
    return compare(arguments.repos, arguments.workloads, arguments)


if __name__ == "__main__":
    raise SystemExit(main())
