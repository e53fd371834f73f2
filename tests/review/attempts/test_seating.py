"""Who can write, and who sits where."""

from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xreview.domain.attempt.seat import LABELS, Preset
from xreview.domain.errors import UsageError
from xreview.domain.report import ReviewerKind
from xreview.domain.stakes.tier import Tier, TierAdvice
from xreview.ports.model import ModelIdentity
from xreview.ports.provider import ReviewerSettings
from xreview.review.asking.prospects import Prospect
from xreview.review.attempts.seating import (
    WriterChoice,
    parse_writer,
    seats_for,
    writer_choices,
)
from xreview.review.attempts.seating_words import seating_words
from xreview.review.attempts.wish import TrialWish

IS_AGENT = cast("object", SimpleNamespace())
DEEP = TierAdvice(Tier.DEEP, "deep: it touches money (“refund” in the task)")
FAST = TierAdvice(Tier.FAST, "fast: a mistake is cheap")


def model(name: str, vendor: str, fast: str = "", why_not: str = "") -> Prospect:
    settings = ReviewerSettings(name, "openai", f"{name}-deep", fast)
    identity = ModelIdentity(name, vendor, f"{name}-deep", "h")
    return Prospect(settings, identity, None, None, why_not)


def agent(name: str, vendor: str, fast: str = "", why_not: str = "") -> Prospect:
    found = model(name, vendor, fast, why_not)
    return replace(found, detected=IS_AGENT)  # pyright: ignore[reportArgumentType]


def local(name: str, vendor: str) -> Prospect:
    found = model(name, vendor)
    return replace(found, identity=replace(found.identity, is_local=True))


CLAUDE, GPT = model("claude", "anthropic", "haiku"), model("gpt", "openai", "luna")
GEMINI, GROK = model("gemini", "google", "flash"), model("grok", "xai")
CODE, CODEX = agent("claude-code", "anthropic"), agent("codex", "openai", "mini")
QWEN, ODD = local("ollama:qwen3", "qwen"), model("odd", "")
NO_KEY = model("claude", "anthropic", "haiku", "no key in $ANTHROPIC_API_KEY")
ALL = (CLAUDE, GPT, GEMINI, GROK, CODE, CODEX, QWEN, ODD)


def default_of(*prospects: Prospect, wanted: tuple[str, ...] = ()) -> list[str]:
    choices = writer_choices(prospects, wanted)
    flags = [one.is_default for one in choices]
    assert flags == sorted(flags, reverse=True)
    return [one.identity.name for one in choices if one.is_default]


@pytest.mark.parametrize(
    ("prospects", "names"),
    [
        (ALL, ["claude-code", "codex", "gemini"]),
        ((CLAUDE, GPT, GEMINI, GROK), ["claude", "gpt", "gemini"]),
        ((CLAUDE, CODE), ["claude-code"]),
        ((NO_KEY, GPT), ["gpt"]),
        ((QWEN, CLAUDE), ["claude"]),
        ((QWEN, ODD), ["odd"]),
        ((QWEN,), ["ollama:qwen3"]),
        ((NO_KEY,), []),
        ((), []),
    ],
)
def test_who_writes_by_default(prospects: tuple[Prospect, ...], names: list[str]) -> None:
    assert default_of(*prospects) == names


def test_the_settings_say_who_writes_by_default() -> None:
    assert default_of(*ALL, wanted=("gemini:fast", "gpt")) == ["gpt", "gemini"]
    chosen = [one for one in writer_choices(ALL, ("gemini:fast",)) if one.is_default]
    assert [(one.tier, one.identity.model) for one in chosen] == [(Tier.FAST, "flash")]


def test_each_writer_is_there_in_each_of_its_tiers() -> None:
    choices = writer_choices((NO_KEY, CODE))

    assert [(one.identity.name, one.tier, one.identity.model, one.why_not) for one in choices] == [
        ("claude-code", Tier.DEEP, "claude-code-deep", ""),
        ("claude", Tier.DEEP, "claude-deep", "no key in $ANTHROPIC_API_KEY"),
        ("claude", Tier.FAST, "haiku", "no key in $ANTHROPIC_API_KEY"),
    ]
    assert choices[0].identity.kind is ReviewerKind.AGENT
    assert all(one.about for one in choices)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("claude", ("claude", None)),
        (" claude:fast ", ("claude", Tier.FAST)),
        ("claude:deep", ("claude", Tier.DEEP)),
        ("ollama:qwen3-coder:30b", ("ollama:qwen3-coder:30b", None)),
        ("ollama:qwen3-coder:30b:fast", ("ollama:qwen3-coder:30b", Tier.FAST)),
    ],
)
def test_a_writer_is_named_with_its_tier(text: str, parsed: tuple[str, Tier | None]) -> None:
    assert parse_writer(text) == parsed


@pytest.mark.parametrize("text", ["", " ", ":fast", "claude:", "::deep", "\x1b:"])
def test_what_names_no_writer(text: str) -> None:
    with pytest.raises(UsageError, match="names no writer") as raised:
        parse_writer(text)
    assert raised.value.message.isprintable()


def seated(
    *writers: str,
    preset: Preset | None = None,
    prospects: tuple[Prospect, ...] = ALL,
    default: tuple[str, ...] = (),
    advice: TierAdvice = DEEP,
    seed: str = "1",
) -> dict[str, tuple[str, Tier]]:
    """Who reviews in which tier, by writer; only for writers that are all different."""
    wish = TrialWish("Do it", writers, preset=preset)
    seats = seats_for(wish, writer_choices(prospects), default, advice, seed)
    assert [seat.label for seat in seats] == list(LABELS[: len(seats)])
    return {
        f"{seat.writer.name}:{seat.tier}": (seat.reviewer, seat.reviewer_tier) for seat in seats
    }  # pyright: ignore[reportReturnType]


def test_the_pipeline_chooses_reviewers_without_a_preset() -> None:
    assert seated("gpt", "claude:fast") == {"gpt:deep": ("", None), "claude:fast": ("", None)}
    assert set(seated()) == {"claude-code:deep", "codex:deep", "gemini:deep"}
    assert set(seated(default=("grok", "gpt:fast"))) == {"grok:deep", "gpt:fast"}


def test_the_advice_is_for_writers_without_a_tier() -> None:
    found = seated("gpt", "claude:deep", "grok", advice=FAST)

    assert set(found) == {"gpt:fast", "claude:deep", "grok:deep"}


def test_in_a_swap_each_reviews_the_other_in_its_own_tier() -> None:
    assert seated("gpt:fast", "claude", preset=Preset.SWAP) == {
        "gpt:fast": ("claude", Tier.DEEP),
        "claude:deep": ("gpt", Tier.FAST),
    }
    assert seated(preset=Preset.SWAP) == {
        "claude-code:deep": ("codex", Tier.DEEP),
        "codex:deep": ("claude-code", Tier.DEEP),
    }
    # What the settings name is completed with another family.
    assert set(seated(preset=Preset.SWAP, default=("grok",))) == {"grok:deep", "claude-code:deep"}


def test_two_of_one_family_can_be_swapped_only_by_name() -> None:
    assert set(seated("claude", "claude:fast", preset=Preset.SWAP)) == {
        "claude:deep",
        "claude:fast",
    }
    with pytest.raises(UsageError, match="these can write: anthropic") as raised:
        seated(preset=Preset.SWAP, prospects=(CLAUDE, CODE, ODD))
    assert "Export the key of another vendor" in raised.value.advice


def test_three_are_of_three_families() -> None:
    assert set(seated(preset=Preset.THREE)) == {"claude-code:deep", "codex:deep", "gemini:deep"}
    assert set(seated("gpt", "grok", "gemini", preset=Preset.THREE)) == {
        "gpt:deep",
        "grok:deep",
        "gemini:deep",
    }
    with pytest.raises(UsageError, match="anthropic and openai"):
        seated(preset=Preset.THREE, prospects=(CLAUDE, GPT, ODD))


def test_fast_ones_write_and_deep_ones_review() -> None:
    assert seated(preset=Preset.FAST_DEEP) == {
        "codex:fast": ("", Tier.DEEP),
        "claude:fast": ("", Tier.DEEP),
        "gemini:fast": ("", Tier.DEEP),
    }
    assert set(seated("gpt", "grok:deep", preset=Preset.FAST_DEEP)) == {"gpt:fast", "grok:deep"}
    with pytest.raises(UsageError, match="No writer has a fast model"):
        seated(preset=Preset.FAST_DEEP, prospects=(GROK, CODE))


@pytest.mark.parametrize(
    ("writers", "preset", "said"),
    [
        (("nobody",), None, "Unknown writer “nobody”"),
        (("claude:quick",), None, "Unknown writer “claude:quick”"),
        (("risk",), None, "Unknown writer “risk”"),
        (("grok:fast",), None, "grok has no fast model"),
        (("grok",), Preset.FAST_DEEP, "grok has no fast model"),
        (("gpt",), Preset.SWAP, "needs two writers, and there are 1"),
        (("gpt", "grok", "claude"), Preset.SWAP, "needs two writers, and there are 3"),
        (("gpt", "grok"), Preset.THREE, "three writers of different families"),
        (("gpt", "codex", "claude"), Preset.THREE, "three writers of different families"),
        (("gpt", "grok", "odd"), Preset.THREE, "three writers of different families"),
        (("gpt",) * 21, None, "There are 21 writers"),
        (("\x1b[31m",), None, "Unknown writer"),
    ],
)
def test_what_cannot_be_seated(writers: tuple[str, ...], preset: Preset | None, said: str) -> None:
    with pytest.raises(UsageError, match=said) as raised:
        seated(*writers, preset=preset)
    assert str(raised.value).isprintable()
    assert raised.value.advice


def test_who_cannot_be_used_is_said_with_who_could() -> None:
    with pytest.raises(UsageError, match="no key in") as raised:
        seated("claude", prospects=(NO_KEY, CODE, GPT))
    assert raised.value.advice == "Fix that, or use claude-code, of the same family."
    with pytest.raises(UsageError, match="No model or agent can write"):
        seated(prospects=(NO_KEY,))


def test_the_same_writer_can_write_twice() -> None:
    wish = TrialWish("Do it", ("gpt",) * 20)
    seats = seats_for(wish, writer_choices(ALL), (), DEEP)

    assert [seat.label for seat in seats] == list(LABELS)
    assert {seat.writer.name for seat in seats} == {"gpt"}


@given(st.text(max_size=10), st.permutations(["claude", "gpt", "gemini", "grok"]))
def test_labels_are_the_same_for_a_seed(seed: str, names: list[str]) -> None:
    choices = writer_choices(ALL)

    def order() -> list[str]:
        seats = seats_for(TrialWish("t", tuple(names)), choices, (), DEEP, seed)
        return [seat.writer.name for seat in seats]

    assert order() == order()
    assert sorted(order()) == sorted(names)


def test_labels_tell_nothing_about_the_order_of_names() -> None:
    first = [next(iter(seated("claude", "gpt", "gemini", seed=str(n)))) for n in range(60)]

    assert all(10 <= first.count(f"{name}:deep") <= 30 for name in ("claude", "gpt", "gemini"))


def words(*writers: str, advice: TierAdvice = DEEP, preset: Preset | None = None) -> str:
    choices = writer_choices(ALL)
    seats = seats_for(TrialWish("t", writers, preset=preset), choices, (), advice)
    return seating_words(seats, choices, advice, preset)


def test_the_reason_for_the_tiers_is_said() -> None:
    assert words("gpt", "claude") == DEEP.reason
    assert words("gpt:fast", "claude") == f"{DEEP.reason}; fast as you chose: gpt"
    assert words("gpt", "claude:deep", "grok", advice=FAST) == (
        "fast: a mistake is cheap; without a fast model, so deep: grok; deep as you chose: claude"
    )
    assert words("gpt", "codex") == f"{DEEP.reason}; all writers are of one family (openai)"
    assert words("gpt", "claude", preset=Preset.FAST_DEEP) == (
        "fast models write, and deep ones review"
    )


def test_a_choice_without_a_reason_against_it_is_usable() -> None:
    identity = writer_choices(ALL)[0].identity

    assert WriterChoice(identity, Tier.DEEP).is_usable
    assert not WriterChoice(identity, Tier.DEEP, "no key").is_usable
