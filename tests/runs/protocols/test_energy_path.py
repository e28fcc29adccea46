"""The way of least energy as a run: its guess, what is refused, and a wall that bends on its way."""

import numpy as np
import pytest
from pydantic import ValidationError
from rows import rows
from scipy import constants

import runs.native as nc
from analysis import energy_path, wall_energy_path
from geometries import Material, Pillar, Stripe
from runs import EnergyPath, Numerics, RunSpec, simulate
from runs.system.demagnetisation import cell_demagnetising_factors

FILM = {"name": "film", "Ms": 6e5, "A": 12e-12, "Ku": 5e5, "D": 0.5e-3, "easy_axis": (0, 0, 1), "alpha": 0.3}
KT = constants.k * 300


def wells(wall, width=20, period=32, count=2, **keys):
    """Strips of 12 nm with less anisotropy, and a wall in one of them."""
    places = [34 + number * period for number in range(count)]
    parts = [{"name": f"w{at}", "x": [(at - 6) * 1e-9, (at + 6) * 1e-9], "Ku": 0.38e6} for at in places]
    fields = {
        "length": (places[-1] + 34) * 1e-9,
        "width": width * 1e-9,
        "thickness": "2 nm",
        "cell": ("4 nm", "4 nm", "2 nm"),
        "walls": [{"position": places[wall] * 1e-9, "kind": "neel"}],
        "parts": parts,
    }
    return Stripe(**(fields | keys))


def way(begins="everywhere", width=20, period=32, count=2, **keys):
    stops = [wells(each, width, period, count) for each in range(1, count)]
    return RunSpec(
        device=wells(0, width, period, count),
        material=FILM,
        protocol=EnergyPath(stops=stops, begins=begins, **keys),
        numerics=Numerics(stopping_torque=1.0),
        engine="native",
    )


def test_a_guess_turns_from_one_state_to_the_other_everywhere_or_from_one_side():
    up, down = (np.broadcast_to(np.array([0.0, 0.0, each]), (3, 4, 1, 3)) for each in (1.0, -1.0))
    stops = [wells(1)]
    together = EnergyPath(stops=stops, images=5).guessed_way(up, down)
    np.testing.assert_allclose(np.linalg.norm(together, axis=-1), 1)
    np.testing.assert_allclose(together[:, 0, 0, 0, 2], np.cos(np.linspace(0, np.pi, 5)), atol=1e-12)
    assert np.ptp(together[..., 2], axis=(1, 2)).max() == 0
    for begins, first in (("bottom", (0, 0)), ("top", (0, 3)), ("left", (0, 0)), ("right", (2, 0))):
        half = EnergyPath(stops=stops, images=5, begins=begins).guessed_way(up, down)[2, ..., 0, 2]
        assert half[first] == half.min() == -1
        assert half.max() == 1


@rows(
    ("spec", "message"),
    [
        (lambda: way().model_copy().for_engine("oommf"), "energy_path.*engine is 'oommf'.*use engine 'native'"),
        (lambda: RunSpec(device=wells(0), material=FILM, protocol=EnergyPath(stops=[wells(1, width=24)])), "stops.0"),
        (
            lambda: RunSpec(
                device=wells(0),
                material=FILM,
                protocol=EnergyPath(stops=[wells(1, width=15, cell=("4 nm", "3 nm", "2 nm"))]),
            ),
            "stops.0 has other cells",
        ),
        (lambda: EnergyPath(stops=[]), "stops"),
        (lambda: EnergyPath(stops=[wells(1)], images=4), "images"),
        (lambda: EnergyPath(stops=[wells(1)], begins="middle"), "begins"),
    ],
)
def test_what_makes_no_way_is_refused(spec, message):
    with pytest.raises((ValidationError, ValueError), match=message):
        spec()


def test_a_run_knows_its_states_of_rest_and_its_hills_and_has_an_id_of_its_own():
    spec = way(images=9)
    run = simulate(spec)
    assert run["stop"].values.tolist() == [0, *[-1] * 7, 1]
    found = wall_energy_path(run)
    forth, back = float(found["forth"][0]), float(found["back"][0])
    # Alike but for the ends of the stripe; half of the barrier of a stripe that is twice as wide.
    assert forth == pytest.approx(back, rel=0.01)
    assert 5 * KT < forth < 12 * KT
    assert np.diff(found["position"].values).min() > 0
    assert found["position"].values[[0, -1]] == pytest.approx([34e-9, 66e-9], abs=1e-9)
    assert spec.run_id != way(images=11).run_id != way(images=11, begins="top").run_id


def test_a_state_that_does_not_come_to_rest_leaves_its_hill_unknown_and_loses_no_run(monkeypatch):
    at_rest, seen = nc.minimise, []

    def once(system, **keys):
        if seen:
            raise nc.MinimisationError("no rest", magnetisation=seen[0])
        found = at_rest(system, **keys)
        seen.append(found[0])
        return found

    monkeypatch.setattr(nc, "minimise", once)
    run = simulate(way(images=5))
    assert np.isfinite(run["energy"].values).tolist() == [True, False, False, False, False]
    assert np.isnan(energy_path(run)["forth"].values).all()


@pytest.mark.slow
def test_a_wide_wall_leaves_its_well_at_one_edge_over_the_hill_of_a_line_that_bends():
    # 100 nm wide and 32 nm from well to well: a straight wall has half as much again.
    straight, bent = (
        wall_energy_path(simulate(way(begins, width=100, count=4))) for begins in ("everywhere", "bottom")
    )
    middle, (rigid, low) = 1, (float(each["forth"][1]) / KT for each in (straight, bent))
    assert 40 < rigid < 52
    assert low < 0.75 * rigid
    tilt = np.abs(np.rad2deg(bent["tilt"].values[int(bent["saddle"][middle])]))
    assert tilt > 15
    assert np.abs(straight["tilt"].values).max() < 0.01
    # The closed form of solitons.domain_walls.places, from the straight wall's energy along its way: with the line's
    # tension 4 sqrt(A K_eff) - pi D.
    steps = slice(*np.flatnonzero(straight["stop"].values >= 0)[[1, 2]])
    q, rise = straight["position"].values[steps], straight["rise"].values[steps]
    per_length = (rise - rise[0]) / 100e-9
    keff = 5e5 - constants.mu_0 * 6e5**2 / 2
    tension = (4 * np.sqrt(12e-12 * keff) - np.pi * 0.5e-3) * 2e-9
    limit = np.trapezoid(np.sqrt(np.maximum(per_length * (per_length + 2 * tension), 0)), q) / KT
    assert low == pytest.approx(limit, rel=0.1)


@pytest.mark.slow
@rows("field", [0.0, -5e4])
def test_a_small_pillar_turns_as_one_moment_over_its_anisotropy(field):
    # 20 nm of a stiff film: K_eff V (1 - h)^2 of Stoner and Wohlfarth, with the demagnetising factors of its cells.
    layer = {"length": "20 nm", "thickness": "1 nm", "cell": ("4 nm", "4 nm", "1 nm"), "fixed_layer": "up"}
    layer["barrier"] = {"resistance_area": "10 ohm um^2", "tmr": 1.0}
    up, down = (Pillar(start=start, **layer) for start in ("up", "down"))
    film = Material(name="CoFeB", Ms=1e6, A=20e-12, Ku=8e5, alpha=0.02)
    protocol = EnergyPath(stops=[down], static_field=(0, 0, field))
    found = energy_path(simulate(RunSpec(device=up, material=film, protocol=protocol, engine="native")))
    in_plane, _, along = cell_demagnetising_factors(up)
    volume = int(up.mask().sum()) * 16e-27
    anisotropy = film.Ku - constants.mu_0 * film.Ms**2 / 2 * (along - in_plane)
    h = field * constants.mu_0 * film.Ms / (2 * anisotropy)
    assert float(found["forth"][0]) == pytest.approx(anisotropy * volume * (1 + h) ** 2, rel=0.01)
    assert float(found["back"][0]) == pytest.approx(anisotropy * volume * (1 - h) ** 2, rel=0.01)
