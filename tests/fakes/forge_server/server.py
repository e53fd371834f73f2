"""The HTTP part of the double: threads, HTTP/1.1, on a port of its own."""

import base64
import socket
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError, read_query
from tests.fakes.forge_server.faults import Fault, Faults
from tests.fakes.forge_server.git_http import serve_git
from tests.fakes.forge_server.kinds import Api, new_api
from tests.fakes.forge_server.state import FakeAccount, FakeForge, FakeProject
from xreview.domain.pull.address import ForgeHost, ForgeKind

_SECRET_HEADERS = ("authorization", "private-token", "cookie", "proxy-authorization")
_USUAL = ("the usual",)
_SCOPES = {
    ForgeKind.GITHUB: ("repo",),
    ForgeKind.GITLAB: ("api",),
    ForgeKind.GITEA: ("write:repository", "write:issue", "read:user"),
}
_GIT_PATHS = ("/info/refs", "/git-upload-pack", "/git-receive-pack")


class ForgeServer:
    """A forge on 127.0.0.1. Use it with `with`; it serves its API, and its repositories to git.

        with ForgeServer() as server:
            token = server.account("ada")
            project = server.project("acme/shop", tmp_path / "shop")
            pull = project.open_pull(head="topic", author="ada")
            pull.comment("ada", "a.py", 3, "Why?")

    `requests` is the log. Requests and own replies that don't fit the official description are
    collected in `violations`, and raised at the end of the `with`.

    Args:
        checks: whether to check against the description, which takes milliseconds per request.
        without: what this version doesn't have: fields of GitHub's GraphQL,
            "PullRequestReviewThread.line", or the names in `gitea.writing`.
        remembers: whether to answer what was asked before as it did then, in no time.
    """

    def __init__(
        self,
        kind: ForgeKind = ForgeKind.GITHUB,
        *,
        checks: bool = True,
        without: tuple[str, ...] = (),
        remembers: bool = False,
    ) -> None:
        self.requests: list[ForgeRequest] = []
        self.violations: list[str] = []
        self.seconds = 0.0
        """How long it was busy with answering, in git's program too."""
        self._remembered: dict[tuple[object, ...], Answer] | None = {} if remembers else None
        self.faults = Faults()
        self._scratch = tempfile.TemporaryDirectory(prefix="forge-")
        self.state = FakeForge(kind, Path(self._scratch.name))
        self.state.without = without
        self._http = _Listener(("127.0.0.1", 0), _Handler)
        self._http.forge = self
        self.host = ForgeHost(kind, f"http://127.0.0.1:{self._http.server_address[1]}")
        self._api: Api = new_api(kind, self.state, self.host.origin, checks, without)
        self._lock = threading.Lock()

    def __enter__(self) -> "ForgeServer":
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
        self._scratch.cleanup()
        if kind is None and self.violations:
            raise AssertionError("Not as the forge describes it:\n" + "\n".join(self.violations))

    def account(
        self,
        login: str,
        *,
        scopes: tuple[str, ...] | None = _USUAL,
        is_bot: bool = False,
        can_push: bool = True,
    ) -> str:
        """Make an account; returns its token. `scopes=()` is a token that can only read."""
        number = self.state.next_id()
        token = f"{_TOKEN_STARTS[self.host.kind]}{number:036d}"
        scopes = _SCOPES[self.host.kind] if scopes is _USUAL else scopes
        is_bot = is_bot or login.endswith("[bot]")
        self.state.accounts[login] = FakeAccount(
            number, login, token, scopes, is_bot, can_push=can_push
        )
        return token

    def expire(self, login: str) -> None:
        """Let the account's token be expired from now on."""
        self.state.accounts[login].is_expired = True

    def project(self, name: str, repo: Path, *, is_private: bool = False) -> FakeProject:
        """Make a project out of a repository on disk, which stays the source of later commits."""
        folder = self.state.folder / f"{self.state.next_id()}.git"
        project = FakeProject(self.state, name, repo, folder, is_private=is_private)
        self.state.projects[name.lower()] = project
        return project

    def fail(self, next: Fault, *, times: int = 1, path: str = "") -> None:
        """Let the next requests, of those whose path contains `path`, meet a fault."""
        self.faults.add(next, times, path)

    def writes(self) -> list[ForgeRequest]:
        """The requests that change something, without GraphQL queries."""
        return [
            one
            for one in self.requests
            if one.method not in ("GET", "HEAD")
            and not one.path.endswith(_GIT_PATHS)
            and not (one.path.endswith("/graphql") and "mutation" not in one.body["query"])
        ]

    def answer(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        """Answer a request to the API."""
        with self._lock:
            began = time.perf_counter()
            self.requests.append(request)
            wrong = self._api.request_violations(request)
            self.violations += wrong
            fault = self.faults.next_for(request)
            answer = fault.instead(request) if fault and fault.instead else None
            if wrong and answer is None and not request.path.endswith("/graphql"):
                answer = Answer(422, {"message": "Invalid request.", "errors": wrong})
            if answer is None:
                answer = self._known_or_new(request, account)
                if fault and fault.after:
                    answer = fault.after(answer)
            self.seconds += time.perf_counter() - began
        return answer

    def _known_or_new(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        if self._remembered is None:
            return self._new_answer(request, account)
        asked = tuple(sorted(request.query.items())), request.raw, request.account
        key = (request.method, request.path, request.accepts, *asked)
        if key not in self._remembered:
            answer = self._new_answer(request, account)
            self._remembered[key] = replace(answer, value=answer.content())
        return self._remembered[key]

    def _new_answer(self, request: ForgeRequest, account: FakeAccount | None) -> Answer:
        try:
            answer = self._api.answer(request, account)
        except RefusedError as refusal:
            answer = self._api.refused(refusal, account)
        self.violations += self._api.reply_violations(request, answer)
        return answer

    def account_of(self, token: str) -> FakeAccount | None:
        return self.state.account_of(token)


_TOKEN_STARTS = {
    ForgeKind.GITHUB: "ghp_",
    ForgeKind.GITLAB: "glpat-",
    ForgeKind.GITEA: "",
    ForgeKind.BITBUCKET: "ATCTT3",
}


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    forge: ForgeServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up; that's no news. Anything else is a defect of the double."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            self.forge.violations.append(f"The double failed: {sys.exception()!r}")
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Listener

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
        if parts.path.endswith(_GIT_PATHS):
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
        service = next(end for end in _GIT_PATHS if request.path.endswith(end))
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
