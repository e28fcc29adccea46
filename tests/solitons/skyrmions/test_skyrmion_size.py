"""The radius and the wall of a relaxed skyrmion beside Wang, Yuan and Wang's formulas."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from rows import rows

import runs.native as nc
from analysis import artificial, find_skyrmions
from solitons.skyrmions import skyrmion_size


@pytest.mark.slow
@pytest.mark.parametrize("dmi", [3.6e-3, 3.9e-3])
def test_a_relaxed_skyrmion_without_demagnetisation(dmi):
    exchange, anisotropy = 15e-12, 0.8e6
    radius, width = skyrmion_size(exchange, anisotropy, dmi)
    cell, size = 1e-9, 96e-9
    start = artificial.skyrmions([[size / 2, size / 2]], extent=(size, size), thickness=cell, cell=(cell,) * 3,
                                 radius=radius, wall_width=width, helicity=np.pi)  # fmt: skip
    mesh = df.Mesh(p1=(0, 0, 0), p2=(size, size, cell), cell=(cell,) * 3)
    system = mm.System(name="skyrmion", m=df.Field(mesh, nvdim=3, value=start.m.values[0].astype(float), norm=5.8e5))
    system.energy = mm.Exchange(A=exchange) + mm.UniaxialAnisotropy(K=anisotropy, u=(0, 0, 1))
    system.energy += mm.DMI(D=dmi, crystalclass="Cnv_z")
    nc.MinDriver(stopping_mxHxm=1.0).drive(system, save=False, verbose=0)
    relaxed = start.copy()
    relaxed["m"] = (start.m.dims, system.m.orientation.array[None].astype(np.float32))
    found = find_skyrmions(relaxed)
    assert (found.radius.item(), found.width.item()) == pytest.approx((radius, width), rel=0.05)


@rows(
    ("constants", "message"),
    [
        ((15e-12, -1e5, 3e-3), "magnetises in its plane"),
        ((15e-12, 8e5, 5e-3), "stripes cost less"),
        ((15e-12, 8e5, 0.0), "collapses"),
    ],
)
def test_films_without_an_isolated_skyrmion_are_refused(constants, message):
    with pytest.raises(ValueError, match=message):
        skyrmion_size(*constants)
