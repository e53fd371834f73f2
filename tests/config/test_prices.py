"""What a request costs, by the shipped file and the user's own."""

from pathlib import Path

import pytest

from xreview.config.prices import load_prices
from xreview.domain.errors import ConfigError


def test_a_request_is_priced_by_kind_of_token() -> None:
    price = load_prices().of("claude-opus-5-5")

    assert price is not None
    # 1,000 plain + 9,000 cached + 2,000 written + 500 out
    assert price.cost(12_000, 500, cached=9_000, cache_written=2_000) == pytest.approx(
        (1_000 * 4 + 9_000 * 0.20 + 2_000 * 5 + 500 * 20) / 1e6
    )


def test_a_large_request_is_dearer_as_a_whole() -> None:
    price = load_prices().of("gpt-6.2-sol")

    assert price is not None
    assert price.cost(272_000, 0) == pytest.approx(272_000 * 2 / 1e6)
    assert price.cost(272_001, 10) == pytest.approx((272_001 * 4 + 10 * 15) / 1e6)


@pytest.mark.parametrize(
    "name",
    [
        "anthropic/claude-opus-5-5",
        "claude-opus-5-5-20261001",
        "Claude-Opus-5-5",
        "claude-opus-5-5:beta",
    ],
)
def test_other_spellings_of_a_model_cost_the_same(name: str) -> None:
    prices = load_prices()

    assert prices.of(name) == prices.of("claude-opus-5-5") is not None


def test_what_is_not_listed_is_unknown() -> None:
    assert load_prices().of("claude-opus-9") is None
    assert load_prices().of("") is None


def test_the_users_file_replaces_and_adds(tmp_path: Path) -> None:
    own = tmp_path / "prices.toml"
    own.write_text(
        "[models.mine]\ninput = 1\ncached = 0\noutput = 2\n"
        "[models.claude-opus-5-5]\ninput = 5\ncached = 1\noutput = 6\n"
    )
    prices = load_prices(own)

    mine, opus = prices.of("mine"), prices.of("claude-opus-5-5")
    assert mine is not None
    assert mine.cost(1_000_000, 1_000_000) == 3
    assert opus is not None
    assert opus.rates.input == 5
    assert prices.of("claude-sonnet-5-5") is not None


@pytest.mark.parametrize(
    "text",
    [
        "[models.x]\ninput = 1\n",
        '[models.x]\ninput = "1"\ncached = 1\noutput = 1\n',
        "[models.x]\ninput = -1\ncached = 1\noutput = 1\n",
        "[models.x]\ninput = nan\ncached = 1\noutput = 1\n",
        "[models]\nx = 1\n",
        "models = 1\n",
        "[models.x]\ninput = 1\ncached = 1\noutput = 1\ntiers = 3\n",
        "[models.x]\ninput = 1\ncached = 1\noutput = 1\ncontext = true\n",
    ],
)
def test_a_malformed_file_is_a_sentence_with_its_place(tmp_path: Path, text: str) -> None:
    own = tmp_path / "prices.toml"
    own.write_text(text)

    with pytest.raises(ConfigError) as caught:
        load_prices(own)
    assert caught.value.path == str(own)


def test_no_file_of_the_users_is_fine(tmp_path: Path) -> None:
    assert load_prices(tmp_path / "prices.toml").models
