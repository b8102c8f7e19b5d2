import pytest

from matrix.cells import AXIS_NAMES, AxesError, Cell, NothingLeft, all_cells, left_out, load_axes, read_axes, select

DOCUMENT = {
    "axes": {
        "platform": {"default": ["heroku"]},
        "layout": {"default": ["flat", "nested"]},
        "package_manager": {"default": ["pip"], "optional": ["uv"]},
        "django": {"default": ["5.2"], "optional": ["6.0"]},
        "python": {"default": ["3.12"], "optional": ["3.10"]},
        "settings_style": {"default": ["single"], "optional": ["package"]},
    },
    "exclusions": [{"django": ["6.0"], "python": ["3.10"], "reason": "Django 6.0 needs Python 3.12."}],
}
AXES = read_axes(DOCUMENT)


def ids(**filters):
    return [cell.id for cell in select(AXES, filters)]


def test_a_cell_id_contains_every_value():
    cell = Cell(platform="heroku", layout="nested", package_manager="pip", django="5.2", python="3.12")
    assert cell.id == "heroku-nested-pip-django5.2-py3.12"


def test_without_a_filter_only_default_values_run():
    assert ids() == ["heroku-flat-pip-django5.2-py3.12", "heroku-nested-pip-django5.2-py3.12"]


def test_a_filter_replaces_only_the_defaults_of_its_axis():
    assert ids(package_manager=["uv"], layout=["nested"]) == ["heroku-nested-uv-django5.2-py3.12"]


def test_an_excluded_combination_is_left_out_of_a_wider_selection():
    assert ids(layout=["flat"], django=["5.2", "6.0"], python=["3.10"]) == ["heroku-flat-pip-django5.2-py3.10"]


def test_a_completely_excluded_selection_is_an_error_with_the_reason():
    with pytest.raises(NothingLeft, match=r"^No cell is left: Django 6\.0 needs Python 3\.12\.$"):
        ids(django=["6.0"], python=["3.10"])


def test_an_exclusion_can_be_limited_to_places():
    never = {"layout": ["flat"], "system": ["Windows"], "isolation": ["folder"], "reason": "Flat needs walls there."}
    axes = read_axes({**DOCUMENT, "exclusions": [never]})
    there = {"system": "Windows", "isolation": "folder"}
    assert {cell.layout for cell in select(axes, {}, there)} == {"nested"}
    assert {cell.layout for cell in all_cells(axes, there)} == {"nested"}
    assert left_out(axes, {}, there) == ("Flat needs walls there.",)
    assert left_out(axes, {"layout": ["nested"]}, there) == ()
    for place in ({}, {"system": "Windows"}, {**there, "system": "Linux"}, {**there, "isolation": "bubblewrap"}):
        assert {cell.layout for cell in select(axes, {}, place)} == {"flat", "nested"}
        assert left_out(axes, {}, place) == ()
    with pytest.raises(NothingLeft, match=r"^No cell is left: Flat needs walls there\.$"):
        select(axes, {"layout": ["flat"]}, there)


def test_an_unknown_value_is_an_error_that_lists_the_known_ones():
    with pytest.raises(AxesError, match=r"^Unknown django: 5\.3, 7\.0\. Known: 5\.2, 6\.0\.$"):
        ids(django=["5.3", "5.2", "7.0"])


def test_all_cells_has_optional_values_but_nothing_excluded():
    cells = all_cells(AXES)
    assert len(cells) == len(set(cells)) == 2 * 2 * 3 * 2
    assert not any(cell.django == "6.0" and cell.python == "3.10" for cell in cells)


@pytest.mark.parametrize("change", [{"planet": {"default": ["earth"]}}, {"python": None}])
def test_axes_other_than_the_five_are_rejected(change):
    axes = {name: {"default": ["x"]} for name in AXIS_NAMES}
    axes = {name: value for name, value in {**axes, **change}.items() if value}
    with pytest.raises(AxesError, match="The axes are platform, layout"):
        read_axes({"axes": axes})


def test_an_exclusion_of_an_unknown_axis_is_rejected():
    axes = {name: {"default": ["x"]} for name in AXIS_NAMES}
    with pytest.raises(AxesError, match="planet"):
        read_axes({"axes": axes, "exclusions": [{"planet": ["earth"], "reason": "none"}]})


def test_both_layouts_are_defaults_in_axes_toml():
    assert {cell.layout for cell in select(load_axes(), {})} == {"flat", "nested"}


def test_the_everyday_python_and_django_have_cells_with_every_other_value():
    axes = load_axes()
    assert axes.values["python"].default == ("3.12",)
    assert axes.values["django"].default == ("5.2",)
    for platform in axes.values["platform"].default:
        for django in ("4.2", "5.2", "6.0", "6.1"):
            assert select(axes, {"platform": [platform], "django": [django]})


def test_only_a_non_default_settings_style_is_in_the_name_of_a_cell():
    cells = select(AXES, {"settings_style": ["single", "package"], "layout": ["flat"]})
    assert [cell.id for cell in cells] == [
        "heroku-flat-pip-django5.2-py3.12-package",
        "heroku-flat-pip-django5.2-py3.12",
    ]
