"""A wall in a trap: the protocol's fields, what is refused, and a landscape that is known in closed form."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows
from scipy import constants

from analysis import held_wall
from geometries import SpinIce, Stripe
from runs import HeldWall, Numerics, RunSpec, simulate

FILM = {"name": "film", "Ms": 6e5, "A": 12e-12, "Ku": 5e5, "easy_axis": (0, 0, 1), "alpha": 0.1}


def stripe(**keys):
    return Stripe(
        **{
            "length": "160 nm",
            "width": "4 nm",
            "thickness": "1 nm",
            "cell": ("2 nm", "4 nm", "1 nm"),
            "walls": [{"position": "60 nm"}],
        }
        | keys
    )


def held(**keys):
    return HeldWall(**{"start": "60 nm", "stop": "100 nm", "positions": 5, "gradient": "-5 kA/m/nm"} | keys)


def test_the_field_is_zero_where_the_trap_is_and_along_the_domains_beside_it():
    device, protocol = stripe(), held(static_field=(0.0, 100.0, 30.0))
    (local,) = protocol.local_fields(device)
    x = device.cell_centres()[0]
    for place, uniform in zip(protocol.held_at, protocol.rest_fields, strict=True):
        np.testing.assert_allclose(uniform[:2], (0.0, 100.0))
        along_z = local.field[:, 0, 0, 2] + uniform[2] - 30.0
        np.testing.assert_allclose(along_z, -5e12 * (x - place), atol=1e-6)
        # Up on the left, as the stripe's first domain.
        assert (np.sign(along_z) == np.where(x < place, 1, -1)).all()
    np.testing.assert_array_equal(local.share, 1.0)
    assert protocol.steady_field == (0.0, 0.0, 0.0)
    assert protocol.relaxes
    along = stripe(walls=[{"position": "60 nm", "kind": "transverse"}])
    (local,), uniform = held(axis="x").local_fields(along), held(axis="x").rest_fields
    np.testing.assert_allclose(local.field[:, 0, 0, 0] + uniform[0, 0], -5e12 * (x - 60e-9), atol=1e-6)
    assert not local.field[..., 1:].any()


@rows(
    ("keys", "message"),
    [
        ({"stop": "60 nm"}, "so that the wall stays; give another stop"),
        ({"gradient": 0.0}, "gradient = 0 A/m\\^2 holds no wall"),
        ({"positions": 1}, "positions"),
        ({"positions": 10**9}, "positions"),
        ({"gradient": "5 kA/m"}, "gradient"),
    ],
)
def test_a_trap_that_holds_nothing_is_refused(keys, message):
    with pytest.raises(ValidationError, match=message):
        held(**keys)


@rows(
    ("device", "keys", "message"),
    [
        (stripe(walls=[]), {}, "a stripe with 0 walls"),
        (stripe(walls=[{"position": "50 nm"}, {"position": "100 nm"}]), {}, "a stripe with 2 walls"),
        (stripe(walls=[{"position": "60 nm", "kind": "transverse"}]), {}, "domains along x"),
        (SpinIce.example(), {}, "device is a spin_ice; give a stripe with one wall"),
        (stripe(), {"stop": "170 nm"}, "protocol.stop = 1.7e-07 m is outside the stripe"),
        (stripe(), {"gradient": 5e12}, "points along \\+z away; give -5e\\+12 A/m\\^2"),
        (stripe(first_domain=-1), {}, "points along -z away; give 5e\\+12 A/m\\^2"),
    ],
)
def test_a_device_that_it_does_not_fit_is_refused(device, keys, message):
    with pytest.raises(ValidationError, match=message):
        RunSpec(device=device, material=FILM, protocol=held(**keys))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_a_step_of_the_anisotropy_pushes_as_its_closed_form_says(engine):
    # V(q) / S = dK Delta (1 + tanh((q - b) / Delta)) of a wall that keeps its shape, so that the push is
    # -dK / (2 mu0 Ms) / cosh^2((q - b) / Delta): at most the coercive field of a step (H. Kronmueller and D. Goll,
    # Physica B 319, 122 (2002), in the limit of a small step).
    step = 0.01 * FILM["Ku"]
    device = stripe(parts=[{"name": "harder", "x": ("80 nm", "160 nm"), "Ku": FILM["Ku"] + step}])
    spec = RunSpec(
        device=device,
        material=FILM,
        protocol=held(gradient=-2e12, positions=21),
        numerics=Numerics(demagnetisation=False, stopping_torque=0.01),
        engine=engine,
    )
    found = held_wall(simulate(spec))
    # The trap squeezes the wall by some per cent: its width is that of the frames.
    width = found.width.values
    np.testing.assert_allclose(width, np.sqrt(FILM["A"] / FILM["Ku"]), rtol=0.06)
    closed = -step / (2 * constants.mu_0 * FILM["Ms"]) / np.cosh((found.position.values - 80e-9) / width) ** 2
    assert found.attrs["polarity"] == -1
    # What the mesh pins besides has the period of a cell and is some A/m here.
    np.testing.assert_allclose(found.push.values, closed, atol=0.03 * np.abs(closed).max())
