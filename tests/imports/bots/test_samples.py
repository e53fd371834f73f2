"""Comments of the known bots, as they are really written."""

import pytest

from tests.imports.bots.samples import samples
from xreview.imports.bots.adapter import bot_adapters

SAMPLES = samples()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_sample_is_read_as_expected(sample):
    wrong = [(what, want, got) for what, want, got in sample.checks() if want != got]
    assert not wrong


def test_there_are_samples_of_every_bot():
    known = {sample.adapter.reviewer for sample in SAMPLES if sample.adapter}
    assert known == {adapter.reviewer for adapter in bot_adapters()}
