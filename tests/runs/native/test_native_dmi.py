"""Dzyaloshinskii-Moriya interaction: helices against the continuum's equation, and values that vary in space."""

import warnings

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest

import runs.native as nc

AXES = np.eye(3)
CONSTANT = 3e-3
CELL = (2e-9, 2.5e-9, 3e-9)


def continuum(crystalclass, m, gradient):
    """Energy density per D in micromagneticmodel's equations; `gradient[a]` is dm/da."""
    kind, _, along = crystalclass.partition("_")
    n = "xyz".index(along or "z")
    if kind in ("T", "O"):
        curl = sum(np.cross(AXES[a], gradient[a]) for a in range(3))
        return m @ curl
    if kind == "Cnv":
        divergence = sum(gradient[a][a] for a in range(3))
        return m @ gradient[:, n] - m[n] * divergence
    first, second = (n + 1) % 3, (n + 2) % 3
    return m @ (np.cross(gradient[first], AXES[first]) - np.cross(gradient[second], AXES[second]))


def helix(along, about, count, wavenumber):
    """A helix of one period on a mesh that is periodic along an axis, turning about an axis, at constant |m|."""
    n = np.where(AXES[along] == 1, count, 2)
    mesh = df.Mesh(p1=(0, 0, 0), p2=n * CELL, n=tuple(map(int, n)), bc="xyz"[along])
    phase = wavenumber * mesh.cells[along].reshape([-1 if axis == along else 1 for axis in range(3)])[..., None]
    first, second = AXES[(about + 1) % 3], AXES[(about + 2) % 3]
    value = np.broadcast_to(np.cos(phase) * first + np.sin(phase) * second, (*mesh.n, 3))
    return df.Field(mesh, nvdim=3, value=value, norm=8e5)


@pytest.mark.parametrize("along", range(3), ids="xyz")
@pytest.mark.parametrize("crystalclass", ["T", "O", "Cnv_x", "Cnv_y", "Cnv_z", "Cnv", "D2d_x", "D2d_y", "D2d_z", "D2d"])
def test_helix_has_the_energy_of_the_continuum(crystalclass, along):
    with warnings.catch_warnings():
        term = mm.DMI(D=CONSTANT, crystalclass=crystalclass)
    count, expected, found = 24, [], []
    wavenumber = 2 * np.pi / (count * CELL[along])
    for about in range(3):
        first, second = AXES[(about + 1) % 3], AXES[(about + 2) % 3]
        # A helix has the same energy density everywhere; this is it at phase 0.
        gradient = np.outer(AXES[along], wavenumber * second)
        expected.append(CONSTANT * continuum(crystalclass, first, gradient))
        system = mm.System(name="helix", m=helix(along, about, count, wavenumber), energy=term)
        found.append(nc.compute(system.energy.energy, system) / system.m.mesh.region.volume)
    # Two cells that differ by the angle q d have sin(q d) of what the gradient q d has: too little by (q d)^2 / 6.
    turn = wavenumber * CELL[along]
    scale = CONSTANT * wavenumber
    assert found == pytest.approx(np.multiply(expected, np.sin(turn) / turn), abs=1e-12 * scale)
    assert found == pytest.approx(expected, abs=1.01 * turn**2 / 6 * scale)
    # Along its axis a class of Cnv or D2d turns nothing; everywhere else it turns one of the three helices.
    axis = "" if crystalclass in ("T", "O") else crystalclass.partition("_")[2] or "z"
    assert np.count_nonzero(np.abs(expected) > 0.5 * scale) == (axis != "xyz"[along])


def test_field_of_values_is_the_mean_of_both_cells(make_energy_system):
    system = make_energy_system("block", "exchange")
    mesh = system.m.mesh
    of_region = {"one": 2e-3, "two": -1e-3, "three": 5e-4, "entire": -4e-3}
    pairs = {f"{a}:{b}": 0.5 * (of_region[a] + of_region[b]) for a in of_region for b in of_region}
    value = {**{name: of_region[name] for name in mesh.subregions}, "default": of_region["entire"]}
    for crystalclass in ("T", "Cnv_z", "D2d_y"):
        results = []
        for D in (pairs, df.Field(mesh, nvdim=1, value=value)):
            system.energy = mm.DMI(D=D, crystalclass=crystalclass)
            results.append(nc.compute(system.energy.effective_field, system).array)
        np.testing.assert_allclose(results[0], results[1], rtol=0, atol=1e-14 * np.abs(results[0]).max())
