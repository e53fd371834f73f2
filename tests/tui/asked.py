"""Models behind loopback servers that answer about findings of the scripted analysers."""

import json
from typing import Any

from tests.fakes.provider_server import chat as double
from tests.fakes.provider_server import openai
from tests.fakes.provider_server.server import ProviderServer
from tests.tui.harness import Stage
from xreview.config.schema import Settings
from xreview.domain.authorship.author_answer import AuthorAnswer
from xreview.domain.finding import Finding
from xreview.journal.store import Journal
from xreview.ports.provider import ReviewerSettings
from xreview.tui.app import XReviewApp

KEY = "sk-test-Zq3R8vXk1LmT0pWd"
UNLOCKED_TITLE = "Balance changed without a lock"
SAID = {
    "claim": 1,
    "path": "app.py",
    "side": "new",
    "start_line": 10,
    "quote": "    account.balance -= amount",
    "argument": "The caller holds the lock.",
    "stance": "rebuts",
    "settle": "A test with two threads.",
}


def says(server: ProviderServer, found: dict[str, Any]) -> None:
    server.on("/v1/models", openai.models("gpt-1", "gem-1"))
    server.on(double.PATH, double.reply(json.dumps({"findings": [found]})))


def model(name: str, server: ProviderServer, **changed: Any) -> ReviewerSettings:
    given = {
        "base_url": f"{server.url}/v1",
        "key_variable": "MODEL_KEY",
        "context": 128_000,
        **changed,
    }
    return ReviewerSettings(name, "compatible", f"{name}-1", **given)


def settings(*models: ReviewerSettings, **changed: Any) -> Settings:
    """Of these models, one of another family than the author's also reads."""
    return Settings(
        reviewers={one.name: one for one in models},
        **{"review_with": ("risk", "economy"), "rebuttals": False, **changed},
    )


def prepared(stage: Stage, author: str = "openai") -> Stage:
    stage.environ["MODEL_KEY"] = KEY
    stage.said = AuthorAnswer(author)
    return stage


def titled(app: XReviewApp, title: str = UNLOCKED_TITLE) -> Finding:
    found = [one for one in app.triage.snapshot.findings if one.lead.title == title]
    assert len(found) == 1
    return found[0]


def go_to(app: XReviewApp, title: str = UNLOCKED_TITLE) -> None:
    """Put the cursor on a finding, though its group be folded."""
    finding = titled(app, title)
    app.triage.arrangement.fold(app.triage.arrangement.group_of(finding), False)
    app.triage.refresh_list()
    assert app.triage.findings.go_to(finding)


def events(stage: Stage, kind: type) -> list[Any]:
    with Journal.open(stage.journal) as journal:
        return [event.payload for event in journal.events(types=(kind,))]


def notices(app: XReviewApp) -> str:
    return "\n".join(one.message for one in app._notifications)
