"""Pillars that share a current: Kirchhoff's laws, one alone, and two that lock as the published circuit has it."""

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import constants

from analysis import oscillation, precession
from geometries import Material, Pillar
from solitons.junctions import follow_macrospins, pillar_junction
from solitons.oscillators import threshold
from solitons.oscillators.circuit import follow_circuit

FILM = {"name": "film", "Ms": 1e6, "A": 2e-11, "easy_axis": (0, 0, 1)}
FIELD = (0, 0, 0.5 / constants.mu_0)


def disc(tmr=1.0):
    return Pillar(
        length="48 nm",
        thickness="2 nm",
        cell=("4 nm", "4 nm", "2 nm"),
        start="up",
        fixed_layer=(0.8, 0, -0.6),
        barrier={"resistance_area": "1 ohm um^2", "tmr": tmr, "polarisation": 0.6},
    )


def moment(anisotropy=4.2e5, tmr=1.0, alpha=0.05):
    return pillar_junction(disc(tmr), Material(**FILM, Ku=anisotropy, alpha=alpha), temperature=0.0, field=FIELD)


def tilted(*angles):
    return [[np.sin(0.9) * np.cos(each), np.sin(0.9) * np.sin(each), np.cos(0.9)] for each in angles]


def frequencies(run):
    late = run.isel(t=slice(run.sizes["t"] // 2, None))
    found = []
    for at in range(run.sizes["oscillator"]):
        parts = {f"m{name}": late["m"].sel(vdims=name, drop=True).isel(oscillator=at) for name in "xyz"}
        found.append(oscillation(precession(xr.Dataset(parts), (0, 0, 1))))
    return found


@pytest.mark.parametrize("arrangement", ["series", "parallel"])
def test_kirchhoffs_laws_hold_at_every_sample(arrangement):
    spins, pillars = [moment(4.2e5), moment(4.1e5), moment(4.3e5)], [disc()] * 3
    source, load = 6e-4, 300.0
    run = follow_circuit(spins, pillars, tilted(0, 1, 3), source, load, 2e-9, arrangement=arrangement, samples=50)
    fixed = np.array(pillars[0].fixed_layer)
    cosine = run["m"].values @ fixed
    resistance = 1e-12 / pillars[0].area / ((1 + cosine) / 2 + (1 - cosine) / 4)
    current = run["current"].values
    if arrangement == "series":
        np.testing.assert_allclose(current[0], current[1], rtol=1e-14)
        np.testing.assert_allclose(current[0] * resistance.sum(axis=0), (source - current[0]) * load, rtol=1e-12)
    else:
        np.testing.assert_allclose(
            current * resistance, (source - current.sum(axis=0)) * load * np.ones((3, 1)), rtol=1e-12
        )


def test_one_pillar_without_magnetoresistance_is_a_moment_under_its_current():
    spin, pillar = moment(tmr=1e-9), disc(tmr=1e-9)
    source, load = 1e-3, 500.0
    resistance = 1e-12 / pillar.area
    density = source * load / (load + resistance) / pillar.area
    run = follow_circuit([spin], [pillar], tilted(0.3), source, load, 3e-9, samples=30)
    alone = follow_macrospins(spin, tilted(0.3), 3e-9, seed=0, current_density=density, samples=30)
    np.testing.assert_allclose(run["m"][0], alone["m"][0], atol=2e-3)


@pytest.mark.slow
def test_two_unlike_pillars_lock_by_their_common_current_and_not_without_magnetoresistance():
    # Under one current the frequency is gamma0 a_j / alpha, whatever the anisotropy.
    spins = [moment(), moment(alpha=0.0503)]
    known = threshold(spins[0], (0, 0, 1), 1e12).current_density
    load = 30.0
    found = {}
    for tmr in (1e-6, 1.0):
        pillars = [disc(tmr)] * 2
        # As much current through the chain, whatever its resistance is in the mean.
        cosine = np.cos(0.9) * pillars[0].fixed_layer[2]
        each = 1e-12 / pillars[0].area / ((1 + cosine) / 2 + (1 - cosine) / 2 / (1 + tmr))
        source = 1.35 * known * pillars[0].area * (load + 2 * each) / load
        run = follow_circuit(spins, pillars, tilted(0.0, 2.0), source, load, 120e-9, samples=24_000)
        one, two = frequencies(run)
        found[tmr] = float(two["phase"][-1] - two["phase"][0] - one["phase"][-1] + one["phase"][0]) / (2 * np.pi)
    # Turns of one less those of the other, in 60 ns.
    assert abs(found[1e-6]) > 3
    assert abs(found[1.0]) < 0.1


REFUSED = {
    "lengths": ({"pillars": []}, "differ"),
    "direction": ({"start": [[0, 0, 0]]}, "a row that is 0"),
    "load": ({"load": 0.0}, "load = 0.0 ohm"),
    "arrangement": ({"arrangement": "ring"}, "must be 'series' or 'parallel'"),
    "step": ({"time_step": -1.0}, "time_step = -1.0 s"),
}


@rows(("changes", "message"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused(changes, message):
    content = {"spins": [moment()], "pillars": [disc()], "start": tilted(0), "current": 1e-3, "load": 50.0}
    with pytest.raises(ValueError, match=message):
        follow_circuit(**content | {"duration": 1e-9} | changes)
