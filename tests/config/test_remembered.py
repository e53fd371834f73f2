import json

from hypothesis import given
from hypothesis import strategies as st

from xreview.config.remembered import Arranged, Remembered, Split

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
names = st.sampled_from(["splits", "wraps", "theme", "theme_over", "told", "other"])


def test_what_is_remembered_is_there_in_the_next_run(tmp_path):
    first = Remembered(tmp_path / "state")
    first.remember(wraps=True, splits=(Split("wide", "list", 30),))
    first.remember(theme="paper", theme_over="dark", told=("keys",))
    again = Remembered(tmp_path / "state").arranged
    assert again == Arranged((Split("wide", "list", 30),), True, "paper", "dark", ("keys",))
    assert [one.name for one in (tmp_path / "state").iterdir()] == ["screen.json"]


def test_a_theme_chosen_in_the_app_holds_until_the_settings_name_another():
    arranged = Arranged(theme="paper", theme_over="dark")
    assert arranged.theme_for("dark") == "paper"
    assert arranged.theme_for("light") == "light"


def test_a_folder_that_cant_be_written_costs_only_the_memory(tmp_path):
    (tmp_path / "file").write_text("")
    remembered = Remembered(tmp_path / "file")
    remembered.remember(wraps=False)
    assert remembered.arranged.wraps is False


@given(found=st.dictionaries(names, json_values) | json_values)
def test_whatever_the_file_holds_it_can_be_read(tmp_path_factory, found):
    folder = tmp_path_factory.mktemp("state")
    (folder / "screen.json").write_text(json.dumps(found))
    arranged = Remembered(folder).arranged
    assert arranged.wraps in (None, True, False)
    assert all(isinstance(one, str) for one in arranged.told)
    assert all(type(split.share) is int for split in arranged.splits)


def test_a_file_of_an_older_version_keeps_what_it_says(tmp_path):
    (tmp_path / "screen.json").write_text('{"theme": "paper"}')
    assert Remembered(tmp_path).arranged == Arranged(theme="paper")
