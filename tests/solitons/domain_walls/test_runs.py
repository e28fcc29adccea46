"""The wall of a run, before anything is fitted."""

import numpy as np
import pytest

from solitons.domain_walls.pinning import NoPinning, TabulatedPinning
from solitons.domain_walls.runs import wall_of
from solitons.drives.current_torques import torques_of

METAL = {"kind": "heavy_metal", "name": "metal"}
FILM = {"kind": "in_plane", "name": "film"}


@pytest.fixture
def spec_with(make_spec, stripe, material_fields):
    def make(*terminals, driven=None, **constants):
        described = stripe.model_copy(update={"terminals": ()}).model_dump() | {"terminals": terminals}
        spec = make_spec(engine="native").model_dump()
        spec["protocol"]["steps"][1]["terminal"] = driven
        return make_spec(
            device=described, material=material_fields | constants, protocol=spec["protocol"], engine="native"
        )

    return make


def test_a_terminals_kind_says_what_the_current_does(spec_with):
    assert torques_of(spec_with(FILM)) == ("zhang-li",)
    assert torques_of(spec_with(METAL, spin_hall_angle=0.1)) == ("spin-orbit",)
    both = spec_with(FILM, METAL, driven=["film", "metal"], spin_hall_angle=0.1)
    assert torques_of(both) == ("zhang-li", "spin-orbit")
    assert torques_of(spec_with(FILM, METAL, driven="film")) == ("zhang-li",)


def test_a_heavy_metal_may_have_a_spin_hall_angle_of_its_own(spec_with):
    from_material = wall_of(spec_with(METAL, spin_hall_angle=0.1), -1)
    from_terminal = wall_of(spec_with(METAL | {"spin_hall_angle": 0.2}, spin_hall_angle=0.1), -1)
    ratio = from_terminal.damping_like_per_current / from_material.damping_like_per_current
    assert float(ratio) == pytest.approx(2)
    assert float(from_material.drift_per_current) == 0


def test_the_stray_field_of_two_domains_pushes_one_wall_and_not_two(make_spec, stripe, material_fields):
    one, other = stripe.walls[0], stripe.walls[0].model_copy(update={"position": 0.7 * stripe.length})
    found = [
        wall_of(
            make_spec(device=stripe.model_copy(update={"walls": walls}), material=material_fields, engine="native"), -1
        ).pinning
        for walls in ((one,), (one, other))
    ]
    assert [type(each) for each in found[0].parts] == [TabulatedPinning]
    assert isinstance(found[1], NoPinning)


def test_pinned_ends_hold_the_wall_by_the_bias_field_that_its_profile_meets(make_spec, stripe, material_fields):
    ends = {"length": "30 nm", "field": 3e5}
    device = stripe.model_dump() | {"pinned_ends": ends}
    with_ends, without = (
        wall_of(make_spec(device=each, material=material_fields, engine="native"), -1) for each in (device, stripe)
    )
    width, x = float(with_ends.width), np.linspace(-2e-7, 30e-9, 40001)
    for place in (30e-9, 36e-9):
        # Mean of the bias field over dm_z / dx.
        met = 3e5 * np.trapezoid(1 / np.cosh((x - place) / width) ** 2, x) / (2 * width)
        added = float(with_ends.pinning.push(place) - without.pinning.push(place))
        assert added == pytest.approx(met, rel=1e-3)
        mirrored = float(with_ends.pinning.push(stripe.length - place) - without.pinning.push(stripe.length - place))
        assert mirrored == pytest.approx(-met, rel=1e-3)
