"""The double of a forge as tests use it."""

import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

from tests.fakes.forge_server.answers import Answer, ForgeRequest, RefusedError
from tests.fakes.forge_server.faults import Fault, Faults
from tests.fakes.forge_server.kinds import Api, new_api
from tests.fakes.forge_server.listener import GIT_PATHS, Handler, Listener
from tests.fakes.forge_server.state import FakeAccount, FakeForge, FakeProject
from xreview.domain.pull.address import ForgeHost, ForgeKind

_USUAL = ("the usual",)
_SCOPES = {
    ForgeKind.GITHUB: ("repo",),
    ForgeKind.GITLAB: ("api",),
    ForgeKind.GITEA: ("write:repository", "write:issue", "read:user"),
}


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
        self._http = Listener(("127.0.0.1", 0), Handler)
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
            and not one.path.endswith(GIT_PATHS)
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
