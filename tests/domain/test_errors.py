import pytest

from xreview.domain import errors


def everyone(kind=errors.XReviewError):
    yield kind
    for below in kind.__subclasses__():
        yield from everyone(below)


# Others of the tree are made in the rooms above, with more to say; which are loaded by now depends
# on the tests that ran before.
@pytest.mark.parametrize("kind", [one for one in everyone() if one.__module__ == errors.__name__])
def test_every_error_says_what_happened_and_what_to_do(kind):
    error = kind("It broke.", "Mend it.")
    assert (error.message, error.advice) == ("It broke.", "Mend it.")
    assert str(error) == "It broke. Mend it."
    assert str(kind("It broke.")) == "It broke."
    assert error.exit_code in (
        errors.ExitCode.USAGE,
        errors.ExitCode.INCOMPLETE,
        errors.ExitCode.INTERRUPTED,
    )


def test_the_tree_is_as_drawn():
    drawn = errors.__doc__ or ""
    own = [kind for kind in everyone() if kind.__module__ == errors.__name__]
    assert len(own) > 3
    assert all(kind.__name__ in drawn for kind in own)


def test_a_configuration_error_has_a_place():
    error = errors.ConfigError("Unknown key.", "Drop it.", path="a.toml", line=3)
    assert str(error) == "a.toml:3: Unknown key. Drop it."
    assert str(errors.ConfigError("No.", path="a.toml")) == "a.toml: No."
