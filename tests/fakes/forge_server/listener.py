"""Sockets, HTTP/1.1 and git's part of the double: a thread per connection."""

import base64
import socket
import sys
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from tests.fakes.forge_server.answers import Answer, ForgeRequest, read_query
from tests.fakes.forge_server.git_http import serve_git
from tests.fakes.forge_server.state import FakeAccount, FakeProject

if TYPE_CHECKING:
    from tests.fakes.forge_server.server import ForgeServer

_SECRET_HEADERS = ("authorization", "private-token", "cookie", "proxy-authorization")
GIT_PATHS = ("/info/refs", "/git-upload-pack", "/git-receive-pack")


class Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    forge: "ForgeServer"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up; that's no news. Anything else is a defect of the double."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            self.forge.violations.append(f"The double failed: {sys.exception()!r}")
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Listener

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _handle(self) -> None:
        forge = self.server.forge
        parts = urlsplit(self.path)
        named = {name.lower(): value for name, value in self.headers.items()}
        token, scheme = _token(named)
        account = forge.account_of(token)
        request = ForgeRequest(
            self.command,
            parts.path,
            read_query(parts.query),
            {name: value for name, value in named.items() if name not in _SECRET_HEADERS},
            self._body(named),
            account.login if account else "?" * bool(token),
            scheme,
        )
        if parts.path.endswith(GIT_PATHS):
            self._serve_git(request, account, parts.query)
        else:
            self._send(forge.answer(request, account))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _handle  # noqa: N815

    def _body(self, named: dict[str, str]) -> bytes:
        if named.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(named.get("content-length", "0")))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _send(self, answer: Answer) -> None:
        if answer.delay:
            time.sleep(answer.delay)
        content = answer.content()
        self.send_response(answer.status)
        if answer.status not in (204, 304):
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content[: answer.cut])
        self.wfile.flush()
        if answer.cut is not None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)

    def _serve_git(self, request: ForgeRequest, account: FakeAccount | None, query: str) -> None:
        forge = self.server.forge
        forge.requests.append(request)
        fault = forge.faults.next_for(request)
        if fault and fault.instead and (answer := fault.instead(request)):
            return self._send(answer)
        service = next(end for end in GIT_PATHS if request.path.endswith(end))
        name = unquote(request.path.removesuffix(service)).strip("/").removesuffix(".git").lower()
        project = forge.state.projects.get(name)
        is_anonymous = not request.account
        if (account is None and not is_anonymous) or (account and account.is_expired):
            return self._ask_for_token()
        if project is None or not project.is_seen_by(account):
            return self._ask_for_token() if is_anonymous else self._send(Answer(404, b""))
        if "receive-pack" in f"{service}{query}":
            return self._send(Answer(403, b"The double takes no pushes.\n", kind="text/plain"))
        self._pass_on(request, service, query, project)
        return None

    def _pass_on(
        self, request: ForgeRequest, service: str, query: str, project: FakeProject
    ) -> None:
        began = time.perf_counter()
        reply = serve_git(
            project.repository, request.method, service, query, request.headers, request.raw
        )
        self.send_response(reply.status)
        for header, value in reply.headers.items():
            self.send_header(header, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for piece in reply.pieces:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
        self.server.forge.seconds += time.perf_counter() - began

    def _ask_for_token(self) -> None:
        realm = {"WWW-Authenticate": 'Basic realm="forge"'}
        self._send(Answer(401, b"Authentication required.\n", realm, "text/plain"))


def _token(named: dict[str, str]) -> tuple[str, str]:
    """The token of a request, and how it was sent."""
    if found := named.get("private-token"):
        return found, "private-token"
    scheme, _, value = named.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        with suppress(ValueError):
            return base64.b64decode(value).decode().partition(":")[2], "basic"
    return value.strip(), scheme.lower()
