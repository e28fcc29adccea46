"""Pillars that share a current: Kirchhoff's laws, one alone, and two that lock as the published circuit has it."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from rows import rows
from scipy import constants

from analysis import oscillation, precession
from geometries import Material, Pillar
from solitons.junctions import follow_macrospins, pillar_junction
from solitons.oscillators import of_macrospin, threshold
from solitons.oscillators.circuit import follow_circuit
from solitons.oscillators.injection import signal_of_current

FILM = {"name": "film", "Ms": 1e6, "A": 2e-11, "easy_axis": (0, 0, 1)}
FIELD = (0, 0, 0.5 / constants.mu_0)


def disc(tmr=1.0, across=0.8):
    return Pillar(
        length="48 nm",
        thickness="2 nm",
        cell=("4 nm", "4 nm", "2 nm"),
        start="up",
        fixed_layer=(across, 0, -np.sqrt(1 - across**2)),
        barrier={"resistance_area": "1 ohm um^2", "tmr": tmr, "polarisation": 0.6},
    )


def moment(anisotropy=4.2e5, tmr=1.0, alpha=0.05):
    return pillar_junction(disc(tmr), Material(**FILM, Ku=anisotropy, alpha=alpha), temperature=0.0, field=FIELD)


def tilted(*angles):
    return [[np.sin(0.9) * np.cos(each), np.sin(0.9) * np.sin(each), np.cos(0.9)] for each in angles]


def frequencies(run, share=0.5):
    late = run.isel(t=slice(int(run.sizes["t"] * share), None))
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


def closed_pair(spin, pillar, load, current):
    """Source in A, tilt in rad, frequency and half width in Hz of a pair's mutual range, for a current density in each.

    Each resistance makes an alternating current, which pulls the other by a field h and a torque a as
    K sin(their lag - beta) (derived as `phase_reduction` is), so that a pair of Kuramoto's has the half width
    2 K cos(beta) = gamma sqrt((1 - p) / p) [nu h + a / (1 - p)]: below 0 where equal ones meet in antiphase.
    """
    polariser = spin.polariser_direction
    model, direct = of_macrospin(replace(spin, polariser=np.array([0, 0, -1.0]))), current * abs(polariser[2])
    power = model.power(direct)
    sine, cosine = 2 * np.sqrt(power * (1 - power)), (1 - 2 * power) * polariser[2]
    parallel = pillar.area / pillar.barrier.resistance_area
    antiparallel = parallel / (1 + pillar.barrier.tmr)
    each = 2 / (parallel * (1 + cosine) + antiparallel * (1 - cosine))
    swing = each**2 * (parallel - antiparallel) / 2 * polariser[0] * sine
    signal = signal_of_current(spin, (0, 0, 1), current * swing / (load + 2 * each))
    pull = model.nonlinearity(direct) * signal.field + signal.torque / (1 - power)
    half = float(model.gyromagnetic_ratio) * np.sqrt((1 - power) / power) * pull / (2 * np.pi)
    source = current * pillar.area * (load + 2 * each) / load
    return source, 2 * np.arcsin(np.sqrt(power)), model.frequency_at(direct), half


def test_two_pillars_lock_each_other_as_kuramotos_pair_in_the_time_of_adlers_equation():
    """The axis tilts with the torque, which is left out: 10 % of the range, of the field-like torque's sign."""
    pillar, load, known = disc(0.3, across=0.3), 30.0, []
    for ratio, offset in ((0.3, 0.0), (-0.3, np.pi)):

        def spin(alpha, ratio=ratio):
            film = Material(**FILM, Ku=4.2e5, alpha=alpha)
            return replace(pillar_junction(pillar, film, temperature=0.0, field=FIELD), field_like_ratio=ratio)

        current = 1.35 * threshold(spin(0.05), (0, 0, 1), 1e12).current_density
        source, tilt, own, half = closed_pair(spin(0.05), pillar, load, current)
        start = [[np.sin(tilt) * np.cos(each), np.sin(tilt) * np.sin(each), np.cos(tilt)] for each in (0, 2 + offset)]
        found = []
        for alpha in (0.05005, 0.0502):
            detuning = closed_pair(spin(alpha), pillar, load, current)[2] - own
            run = follow_circuit([spin(0.05), spin(alpha)], [pillar] * 2, start, source, load, 150e-9, samples=30_000)
            one, two = (each["phase"] for each in frequencies(run, 0))
            lag = (two - one).dropna("t") - offset
            if alpha == 0.05005:  # held at sin(lag) = detuning / half width
                end = float(lag[-1])
                found.append(detuning / np.sin(end))
                rate = 2 * np.pi * np.sqrt(found[0] ** 2 - detuning**2)
                took = float(lag["t"][np.flatnonzero(abs(lag - end) > 0.1)[-1]])
                first, last, rest, other = np.tan(np.array([float(lag[0]), end + 0.1, end, np.pi - end]) / 2)
                exact = np.log((first - rest) * (last - other) / ((last - rest) * (first - other))) / rate
                assert took == pytest.approx(exact, rel=0.1)  # some 30 ns
            else:  # slips at the beat sqrt(detuning^2 - half width^2), over whole turns
                turns = np.flatnonzero(np.diff(np.floor(lag / (2 * np.pi))))
                beat = (len(turns) - 1) / float(lag["t"][turns[-1]] - lag["t"][turns[0]])
                found.append(np.sqrt(detuning**2 - beat**2))
        known.append(found[0] / abs(half))
        assert found[1] == pytest.approx(abs(found[0]), rel=0.1)
    assert np.abs(known) == pytest.approx(1.0, abs=0.15)
    assert np.mean(np.abs(known)) == pytest.approx(1.0, abs=0.03)


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
