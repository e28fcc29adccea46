"""What the plans of all devices show: parts and terminals over the cells of the family."""

import base64
import re
from typing import Annotated, Literal

import numpy as np
import pytest
from matplotlib.figure import Figure
from pydantic import Field

from geometries import Description, Stripe
from geometries.description import PositiveLength
from geometries.drawing import field_rows
from geometries.quantities import Angle, FieldStrength, Length

SIZES = {"length": "400 nm", "width": "80 nm", "thickness": "2 nm", "cell": ["4 nm", "4 nm", "1 nm"]}
PARTS = [{"name": "gate", "x": ("100 nm", "200 nm"), "Ku": 1e5}]
TERMINALS = [
    {"kind": "in_plane", "name": "shift"},
    {"kind": "heavy_metal", "name": "write", "x": ("0 nm", "100 nm"), "direction": (0, 1, 0)},
    {
        "kind": "through_plane",
        "name": "junction",
        "x": ("200 nm", "300 nm"),
        "polariser": (0, 0, 1),
        "polarisation": 0.5,
    },
    {"kind": "strip_line", "name": "line", "centre": "350 nm", "width": "40 nm", "height": "20 nm"},
]


@pytest.fixture(params=["stripe", "spin ice"])
def device(request, ice):
    if request.param == "spin ice":
        return ice(bridge={"width": "20 nm"}, missing={"sites": [5, 6]}, disorder={"position": "2 nm", "seed": 3})
    notch = {"first": "100 nm", "period": "100 nm", "count": 3, "depth": "8 nm", "width": "24 nm"}
    return Stripe(**SIZES, notches=[notch], taper={"ratio": 0.9}, pinned_ends={"length": "20 nm", "field": "100 kA/m"})


def test_the_plan_shows_the_mask_to_scale_in_nm_on_the_axes_it_is_given(device):
    ax = Figure().add_subplot()
    assert device.plot(ax) is ax
    (image,) = ax.images
    np.testing.assert_array_equal(~np.ma.getmaskarray(image.get_array()).T, device.mask()[..., 0])
    x, y, _ = device.extent
    assert image.get_extent() == pytest.approx([0, x * 1e9, 0, y * 1e9])
    assert image.origin == "lower"
    assert ax.get_aspect() == 1
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x (nm)", "y (nm)")


def test_a_notebook_shows_a_table_and_a_picture_that_needs_no_file(device):
    shown = device._repr_html_()
    assert f"<strong>{device.kind.replace('_', ' ').capitalize()}</strong>" in shown
    assert all(text in shown for text in ("400 nm x 80 nm x 2 nm", "pinned ends") if device.kind == "stripe")
    picture = re.search(r'src="data:image/png;base64,([^"]+)"', shown).group(1)
    assert base64.b64decode(picture).startswith(b"\x89PNG")
    assert "http" not in shown


def test_parts_and_terminals_are_drawn_where_they_are():
    ax = Stripe(**SIZES, parts=PARTS, terminals=TERMINALS).plot()
    boxes = [patch.get_bbox().extents.tolist() for patch in ax.patches if patch.get_label() != "_child"]
    expected = [[100, 0, 200, 80], [0, 0, 400, 80], [0, 0, 100, 80], [200, 0, 300, 80], [330, 0, 370, 80]]
    np.testing.assert_allclose(boxes, expected)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["magnet", "part gate", "terminal"]
    assert [text.get_text() for text in ax.texts if text.get_text()] == ["shift", "write", "junction", "line"]


def test_the_current_that_every_stripe_has_is_not_drawn_nor_listed():
    plain = Stripe(**SIZES)
    assert not plain.plot().patches
    assert not any("terminal" in name for name, _ in plain.rows())


def test_the_rows_say_what_parts_and_terminals_are():
    rows = dict(Stripe(**SIZES, parts=PARTS, terminals=TERMINALS).rows())
    assert rows["part gate"] == "Ku 100 kJ/m^3 at x 100 nm to 200 nm"
    assert rows["terminal shift"] == "current in the plane along +x"
    assert rows["terminal write"] == "heavy metal, current along +y at x 0 m to 100 nm"
    assert rows["terminal junction"] == "current through the plane, polariser +z, P 0.5 at x 200 nm to 300 nm"
    assert rows["terminal line"] == "strip line 40 nm wide at x 350 nm, 20 nm over the middle of the film"


@pytest.mark.parametrize("name", ["<b>", "a b"])
def test_a_name_is_no_markup(name):
    with pytest.raises(ValueError, match="cannot be a name"):
        Stripe(**SIZES, parts=[PARTS[0] | {"name": name}])


class Vortex(Description):
    radius: PositiveLength
    core_radius: Annotated[Length, Field(ge=0)] | None = None
    tilt: Angle | None = None
    bias: FieldStrength = 0.0
    layers: int = 1
    ratio: float = 0.25
    pinned: bool = False
    chirality: Literal["left", "right"] = "left"
    remark: str = ""
    centre: tuple[Length, Length] = (0.0, 0.0)


def test_fields_that_are_numbers_quantities_or_texts_are_rows():
    assert field_rows(Vortex(radius="1 um"), list(Vortex.model_fields)) == [
        ("radius", "1 µm"),
        ("bias", "0 A/m"),
        ("layers", "1"),
        ("ratio", "0.25"),
        ("pinned", "no"),
        ("chirality", "left"),
    ]
    changed = Vortex(radius="1 um", core_radius="8 nm", tilt=0.1, pinned=True, remark="thin")
    assert field_rows(changed, ["core_radius", "tilt", "pinned", "remark"]) == [
        ("core radius", "8 nm"),
        ("tilt", "100 mrad"),
        ("pinned", "yes"),
        ("remark", "thin"),
    ]


def test_parts_that_are_alike_have_one_colour_and_one_line_in_the_legend():
    """A stripe with thirty wells has no legend of thirty lines, which would cover it."""
    wells = [{"name": f"well_{k}", "x": (20e-9 + k * 40e-9, 32e-9 + k * 40e-9), "Ku": 3.8e5} for k in range(9)]
    ax = Stripe(**SIZES, parts=[*wells, {"name": "soft", "x": (380e-9, 400e-9), "alpha": 0.5}]).plot()
    texts = [text.get_text() for text in ax.get_legend().get_texts()]
    assert texts[-2:] == ["9 parts: Ku 380 kJ/m³", "part soft"]
    assert len({patch.get_edgecolor() for patch in ax.patches}) == 2
