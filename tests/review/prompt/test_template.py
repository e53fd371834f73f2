import json
import tomllib
from importlib.resources import files

import pytest

from xreview.domain.report import Category, Confidence, Lens, Severity
from xreview.review.prompt import template
from xreview.review.prompt.brief import NO_BACKGROUND
from xreview.review.prompt.compose import RequestFrame
from xreview.review.prompt.template import compact_template_for, question_template, template_for
from xreview.review.reply.schema import ANSWER_SCHEMA, FIELDS


@pytest.fixture
def unread():
    template_for.cache_clear()
    yield
    template_for.cache_clear()


@pytest.mark.parametrize("lens", Lens)
def test_a_template_is_complete_and_says_what_it_must(lens: Lens) -> None:
    found = template_for(lens)
    everything = "\n".join((found.instructions, found.change, found.closing, found.conventions))

    assert (found.name, found.version) == (lens.value, 2)
    assert found.label == f"{lens.value}/2 ({found.digest[:12]})"
    assert "$" not in everything
    for words in ("untrusted data", "character by character", "settle", "None is a good answer"):
        assert words in found.instructions
    for severity in Severity:
        assert f"{severity.word} (" in found.instructions
    for confidence in Confidence:
        assert f"{confidence.word} (" in found.instructions


@pytest.mark.parametrize("lens", Lens)
def test_the_compact_version_asks_for_the_same_in_half_the_tokens(lens: Lens) -> None:
    full, compact = template_for(lens), compact_template_for(lens)

    assert compact.name == f"{lens.value}-compact"
    assert compact.label.startswith(f"{lens.value}-compact/2 (")
    assert "$" not in "".join((compact.instructions, compact.change, compact.closing))
    for words in ("untrusted data", "character by character", "settle", "None is a good answer"):
        assert words in compact.instructions
    for field in FIELDS:
        assert field in compact.instructions
    assert (
        RequestFrame(compact, NO_BACKGROUND).tokens < RequestFrame(full, NO_BACKGROUND).tokens / 2
    )


def test_the_compact_schema_asks_for_the_same_fields() -> None:
    def bare(value):
        if isinstance(value, dict):
            return {
                name: bare(inner)
                for name, inner in value.items()
                if name != "description" or not isinstance(inner, str)
            }
        return [bare(one) for one in value] if isinstance(value, list) else value

    schema = compact_template_for(Lens.RISK).schema
    assert schema == bare(ANSWER_SCHEMA) != ANSWER_SCHEMA
    suggestion = schema["properties"]["findings"]["items"]["properties"]["suggestion"]
    assert "description" in suggestion["anyOf"][0]["properties"]


def test_each_category_belongs_to_one_lens() -> None:
    named = [
        category
        for lens in Lens
        for category in tomllib.loads(
            files("xreview.lenses").joinpath(f"{lens.value}.toml").read_text("utf-8")
        )["categories"]
    ]

    assert sorted(named) == sorted(Category)


def test_the_digest_covers_every_word_and_the_schema(monkeypatch, unread) -> None:
    before = template_for(Lens.RISK).digest
    read = template._read
    digests = {before, template_for(Lens.ECONOMY).digest}
    for name in ("instructions", "purpose", "conventions", "change", "closing"):
        template_for.cache_clear()
        with monkeypatch.context() as patch:
            changed = {**read("common"), name: read("common")[name] + "!"}
            patch.setattr(
                template,
                "_read",
                lambda of, changed=changed: changed if of == "common" else read(of),
            )
            digests.add(template_for(Lens.RISK).digest)
    template_for.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(template, "ANSWER_SCHEMA", {**ANSWER_SCHEMA, "title": "x"})
        digests.add(template_for(Lens.RISK).digest)
    template_for.cache_clear()

    assert len(digests) == 8
    assert template_for(Lens.RISK).digest == before


def test_the_versions_are_raised_with_the_words() -> None:
    """A changed prompt under an old number would make findings of two prompts look alike."""
    known = json.loads((files("tests.review.prompt") / "known_templates.json").read_text("utf-8"))

    found = {make(lens) for lens in Lens for make in (template_for, compact_template_for)}
    now = {f"{one.name}/{one.version}": one.digest for one in found}
    assert now.items() <= known.items()  # earlier versions stay: journals name them


@pytest.mark.parametrize(
    ("name", "words"),
    [("rebut", {}), ("arbiter", {}), ("measure", {"language": "Go", "framework": "go test"})],
)
def test_a_question_shows_the_change_as_a_review_does_and_says_how_data_is_marked(name, words):
    asked, review = question_template(name, {"type": "object"}, words), template_for(Lens.RISK)
    assert asked.change == review.change
    assert asked.name == name
    assert "untrusted data" in asked.instructions
    assert "$" not in asked.instructions + asked.closing + asked.introduction
    assert asked.digest != question_template(name, {"type": "array"}, words).digest
