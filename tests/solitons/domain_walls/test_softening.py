"""A softened wall against integrals over a spin, determinants of matrices, and micromagnetics with heat."""

from dataclasses import replace

import micromagneticmodel as mm
import numpy as np
import pytest
from rows import rows
from scipy import constants, stats

from runs import Protocol, Rest, RunSpec
from solitons.domain_walls.pinning import PeriodicPinning
from solitons.domain_walls.runs import tilting_of, wall_of
from solitons.domain_walls.softening import film_in_heat, landscape_in_heat, softened

STRIPE = {"kind": "stripe", "length": 112e-9, "width": 40e-9, "thickness": 1e-9, "cell": [4e-9, 4e-9, 1e-9]}
FILM = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "D": 5e-4, "alpha": 0.3}
WALLS = [{"position": 56e-9, "kind": "neel"}]
NOTCH = [{"position": 56e-9, "depth": 4e-9, "width": 24e-9}]
KT = constants.k * 300.0


def run(**device):
    return RunSpec(
        device={**STRIPE, "walls": WALLS, **device},
        material=FILM,
        protocol=Protocol(steps=[Rest(duration="0.4 ns")], temperature=300.0, sampling_interval="20 ps"),
        engine="native",
    )


def test_cells_without_exchange_are_spins_by_themselves_to_first_order():
    spec = run()
    loose = spec.material.model_copy(update={"A": 1e-20, "D": 0.0})
    angle = np.linspace(0, np.pi / 2, 20001)

    def off(temperature):
        moment, stiffness, hardness = film_in_heat(spec.device, loose, temperature)
        assert stiffness == pytest.approx(moment**2)
        energy = loose.effective_anisotropy * 16e-27 * np.sin(angle) ** 2
        weight = np.sin(angle) * np.exp(-energy / (constants.k * temperature))
        weight /= weight.sum()
        mean, anisotropy = weight @ np.cos(angle), weight @ (np.cos(angle) ** 2 - np.sin(angle) ** 2 / 2)
        expected = loose.Ku * anisotropy - constants.mu_0 * loose.Ms**2 / 2 * mean**2
        return np.array([moment - mean, hardness - expected / loose.effective_anisotropy])

    # What is left out is of second order in the temperature.
    np.testing.assert_allclose(off(4.0) / off(2.0), 4.0, rtol=0.1)
    assert np.all(np.abs(off(4.0)) < 0.01)


def determinants(squares, hardness, stiffness):
    """Logarithms of the determinants of a wall's modes for each k^2, over those of a domain; the shift is left out."""
    width, step = np.sqrt(stiffness / hardness), 0.12
    x = np.arange(-12, 12, step)
    chain = (2 * np.eye(x.size) - np.eye(x.size, k=1) - np.eye(x.size, k=-1)) / step**2
    wall, domain = (np.linalg.eigvalsh(chain + np.diag(well)) for well in (1 - 2 / np.cosh(x) ** 2, 1 + 0 * x))
    k2 = np.asarray(squares)[:, None] * width**2
    shifts = np.log(hardness * np.abs(wall + k2))
    shifts[0, 0] = 0.0
    return (shifts - np.log(hardness * (domain + k2))).sum(axis=1)


def standing(count):
    return (2 - 2 * np.cos(np.pi * np.arange(count) / count)) / 16e-18


def test_what_holds_a_wall_falls_as_the_determinants_of_its_modes_do():
    straight, notched = run(), run(notches=NOTCH)
    hardness, stiffness = straight.material.effective_anisotropy, straight.material.A
    width, cross = np.sqrt(stiffness / hardness), 40e-18
    moment = film_in_heat(straight.device, straight.material, 300.0)[0]
    share, bent = landscape_in_heat(straight.device, straight.material, width, 300.0)
    up, down = (determinants(standing(10), hardness * (1 + sign * 1e-3), stiffness).sum() for sign in (1, -1))
    lost = -KT * (up - down) / (2e-3 * hardness) / (2 * width * cross)
    # The matrices have the continuum's modes along x to (step / width)^2 / 12.
    assert -np.log(share * moment) == pytest.approx(lost, rel=0.01)
    rows_of = 60
    more = determinants(standing(rows_of + 1), hardness, stiffness).sum()
    more -= determinants(standing(rows_of), hardness, stiffness).sum()
    tension = 4 * np.sqrt(stiffness * hardness) - np.pi * 5e-4
    share, _ = landscape_in_heat(notched.device, notched.material, width, 300.0)
    assert -np.log(share * moment) == pytest.approx(-KT * more / (tension * 4e-18), rel=1 / rows_of)
    # A string of free ends, cos(n pi y / w): k T / (tension t w) over k^2, each.
    assert bent**2 == pytest.approx(KT / (tension * cross) * np.sum(1 / standing(10)[1:]))


def test_a_softened_wall_is_a_wall_of_a_softer_film():
    spec = run()
    cold = wall_of(spec, -1)
    cold = replace(cold, tilting=tilting_of(spec, float(cold.width)), pinning=PeriodicPinning(1e4, 40e-9, 56e-9))
    assert softened(cold, spec, 0.0) is cold
    hot = softened(cold, spec, 300.0)
    moment, stiffness, hardness = film_in_heat(spec.device, spec.material, 300.0)
    effective = hardness * spec.material.effective_anisotropy
    soft = spec.material.model_copy(
        update={
            "Ms": moment * FILM["Ms"],
            "A": stiffness * FILM["A"],
            "D": stiffness * FILM["D"],
            "Ku": effective + constants.mu_0 * (moment * FILM["Ms"]) ** 2 / 2,
        }
    )
    anew = wall_of(spec, -1, material=soft)
    assert float(hot.moment_per_length) == pytest.approx(float(anew.moment_per_length))
    assert float(hot.width) == pytest.approx(float(anew.width))
    # A wider wall has other shares of the mesh and of the stray field, which are per cents of per cents.
    assert float(hot.dmi_field) == pytest.approx(float(anew.dmi_field), rel=0.01)
    tension = float(tilting_of(spec, float(anew.width), soft).tension_field)
    assert float(hot.tilting.tension_field) == pytest.approx(tension, rel=0.01)
    share, bent = landscape_in_heat(spec.device, spec.material, float(cold.width), 300.0)
    push, wave = np.asarray(hot.pinning.values), 2 * np.pi / 40e-9
    assert np.abs(push).max() == pytest.approx(1e4 * share * np.exp(-((wave * bent) ** 2) / 2), rel=0.01)
    assert (hot.alpha, hot.damping_like_per_current) == (cold.alpha, cold.damping_like_per_current)


@rows(
    ("temperature", "message"),
    [(-1.0, "temperature = -1.0 K"), (np.nan, "temperature = nan K"), (5e3, "magnetises in its plane")],
)
def test_bad_input(temperature, message):
    spec = run()
    with pytest.raises(ValueError, match=message):
        softened(wall_of(spec, -1), spec, temperature)


@pytest.mark.slow
@rows(
    "device",
    [{"parts": [{"name": "well", "x": [50e-9, 62e-9], "Ku": 3.8e5}]}, {"notches": NOTCH}],
    ids=["strip", "notch"],
)
def test_a_trap_feels_the_softened_landscape(device, tmp_path):
    # The mean push in micromagnetics at 300 K, of many runs in a trap beside a well, on both sides.
    import discretisedfield as df

    import runs.native as nc
    from analysis import held_wall
    from analysis.domain_walls.kernels import find
    from runs import simulate
    from runs.engines.native_ensemble import thermal_field
    from runs.system import build_system
    from solitons.domain_walls.landscape import holding_specs, landscape_of

    spec, gradient, members = run(**device), 8e12, 32
    cold = wall_of(spec, -1)
    held = [held_wall(simulate(each, tmp_path)) for each in holding_specs(spec)]
    cold = replace(cold, pinning=landscape_of(held, spec.device).pinning)
    x, y = spec.device.cell_centres()[:2]
    places = [56e-9 - 10e-9, 56e-9 + 10e-9]
    systems = []
    for place in places:
        system = build_system(spec, drive=True)
        trap = df.Field(system.m.mesh, nvdim=3, value=lambda p, at=place: (0, 0, -gradient * (p[0] - at)))
        system.energy += mm.Zeeman(H=trap, name="trap")
        nc.MinDriver(stopping_mxHxm=100.0).drive(system, save=False, verbose=0)
        systems.append(system)
    seeds = range(2 * members)
    q, _ = nc.evolve_ensemble(
        [systems[seed % 2] for seed in seeds],
        spec.protocol.frames().values,
        measure=lambda m: find(m[np.newaxis], x=x, y=y, axis=2, threshold=0.2)["position"][0],
        thermal=[replace(thermal_field(spec, 0), seed=seed) for seed in seeds],
        precision="single",
    )
    q = q[:, 5:]  # from 0.1 ns on

    def unlike(wall):
        # Over both sides, whose pushes are opposite; the members are independent, the frames of one are not.
        push = gradient * (q - np.array(places)[np.arange(2 * members) % 2][:, np.newaxis])
        at = np.interp(q, wall.pinning.places, np.asarray(wall.pinning.values))
        off = (push - at).mean(axis=1) * np.where(np.arange(2 * members) % 2, 1, -1)
        return float(stats.ttest_1samp(off, 0.0).statistic)

    assert abs(unlike(softened(cold, spec, 300.0))) < 4
    assert unlike(cold) > 4  # without softening it is held too strongly
