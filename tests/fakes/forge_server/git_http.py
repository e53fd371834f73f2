"""Smart HTTP of git, by git's own program for it."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.forge_server.repositories import BareRepository

_PIECE = 1 << 16


@dataclass
class GitReply:
    status: int
    headers: dict[str, str]
    pieces: Iterator[bytes]


def serve_git(
    repository: BareRepository,
    method: str,
    service_path: str,
    query: str,
    headers: dict[str, str],
    body: bytes,
) -> GitReply:
    """Answer one request of a git client that only reads; `service_path` is “/info/refs” …"""
    environment = repository.environment | {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(repository.folder),
        "GIT_HTTP_EXPORT_ALL": "1",
        "PATH_INFO": service_path,
        "QUERY_STRING": query,
        "REQUEST_METHOD": method,
        "CONTENT_TYPE": headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_CONTENT_ENCODING": headers.get("content-encoding", ""),
        "GIT_PROTOCOL": headers.get("git-protocol", ""),
        "REMOTE_ADDR": "127.0.0.1",
    }
    program = subprocess.Popen(
        ["git", "http-backend"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert program.stdin
    assert program.stdout
    program.stdin.write(body)
    program.stdin.close()
    named: dict[str, str] = {}
    while line := program.stdout.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        named[name] = value.strip()
    status = int(named.pop("Status", "200").split(" ")[0])
    return GitReply(status, named, _pieces(program))


def _pieces(program: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    assert program.stdout
    with program.stdout:
        while piece := program.stdout.read(_PIECE):
            yield piece
    program.wait()
