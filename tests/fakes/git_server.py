"""Repositories over HTTP on this machine, by git's own `git http-backend` (a CGI program).

with git_server(folder) as server:
    git clone f"{server.origin}/owner/project.git"
"""

import os
import subprocess
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from tests.repo.builder import isolated_environment


@dataclass
class GitServer:
    """A running server.

    Attributes:
        authorizations: the Authorization header of each request, "" for none.
        wanted: the header without which it answers 401; "" for none.
        elsewhere: an origin that it redirects everything to; "" for none.
        says: the status, media type and content of every answer, in place of git's.
    """

    origin: str
    authorizations: list[str] = field(default_factory=list[str])
    wanted: str = ""
    elsewhere: str = ""
    says: tuple[int, str, bytes] | None = None


@contextmanager
def git_server(folder: Path) -> Generator[GitServer]:
    """Serve the bare repositories below a folder."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server = GitServer(f"http://127.0.0.1:{http.server_address[1]}")
    http.git, http.folder = server, folder
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server.git
        given = self.headers.get("Authorization", "")
        server.authorizations.append(given)
        if server.elsewhere:
            self.send_response(302)
            self.send_header("Location", server.elsewhere + self.path)
            self.end_headers()
        elif server.says is not None:
            status, media, content = server.says
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.end_headers()
            self.wfile.write(content)
        elif server.wanted and given != server.wanted:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()
        else:
            self._answer()

    do_POST = do_GET  # noqa: N815 - named by http.server

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        body = self._body()
        environment = isolated_environment(self.server.folder) | {
            "GIT_PROJECT_ROOT": str(self.server.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        done = subprocess.run(
            ["git", "http-backend"], input=body, capture_output=True, env=environment, check=False
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        rows = dict(row.split(": ", 1) for row in head.decode().split("\r\n") if row)
        self.send_response(int(rows.pop("Status", "200").split()[0]))
        for name, value in rows.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        return body

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def clone(url: str, top: Path, *words: str) -> None:
    """Clone a repository as its user would."""
    home = top.parent / f"{top.name}.home"
    home.mkdir(parents=True, exist_ok=True)
    command = ["git", "clone", "--quiet", *words, url, os.fspath(top)]
    subprocess.run(command, env=isolated_environment(home), check=True, capture_output=True)
