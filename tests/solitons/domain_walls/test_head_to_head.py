"""Head-to-head walls: the model's axes turned, beside closed forms and both engines' micromagnetics."""

from dataclasses import replace

import numpy as np
import pytest
from rows import rows
from scipy import constants

from analysis import artificial, thiele_width, tunnel_junction, walls
from geometries import Material, Stripe
from runs import PiecewiseLinear, RunSpec, simulate
from solitons.devices.junction_read_out import JunctionReadOut
from solitons.domain_walls.choice import choose_wall
from solitons.domain_walls.junction import junction_over
from solitons.domain_walls.runs import wall_of
from solitons.domain_walls.simulation import follow_wall
from solitons.domain_walls.trajectory import Trajectory, trajectory_from
from solitons.domain_walls.wall_dynamics import wall_from_material

PERMALLOY = {"name": "Permalloy", "Ms": 8e5, "A": 13e-12, "Ku": 0.0, "alpha": 0.1, "P": 0.5, "beta": 0.2}
SIZE = {"thickness": 3e-9, "stripe_width": 60e-9, "domain_axis": "x"}


def wall(polarity=-1, **changes):
    return wall_from_material(Material(**PERMALLOY | changes), polarity=polarity, **SIZE)


@pytest.mark.slow
@pytest.mark.parametrize("first_domain", [1, -1])
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_micromagnetics_moves_a_transverse_wall_as_thiaville_and_others_say(engine, first_domain):
    pulse = {"do": "current pulses", "amplitude": 1e12, "width": 1.5e-9, "period": 1.5e-9, "count": 1,
             "polarity": "negative"}  # fmt: skip
    spec = RunSpec.model_validate({
        "material": PERMALLOY,
        "device": {
            "kind": "stripe", "length": 1200e-9, "width": 60e-9, "thickness": 3e-9, "cell": (5e-9, 5e-9, 3e-9),
            "walls": [{"position": 600e-9, "kind": "transverse"}], "first_domain": first_domain,
        },
        "protocol": {"sampling_interval": 50e-12, "steps": [{"do": "relax"}, pulse]},
        "engine": engine,
    })  # fmt: skip
    run = simulate(spec)
    found = walls(run)
    seen = trajectory_from(run, found, length=1200e-9)
    model = wall_of(spec, seen.polarity, float(np.nanmedian(thiele_width(run, found).values)))
    assert seen.polarity == -first_domain
    # Electrons, against J, take it along at beta u / alpha: EPL 69, 990 (2005).
    velocity = (seen.position[-1] - seen.position[-11]) / 0.5e-9
    assert velocity == pytest.approx(-0.2 / 0.1 * 1e12 * float(model.drift_per_current), rel=0.03)
    # Nothing is fitted, and the way there is the model's too: beta is not alpha, so that phi turns first.
    path = follow_wall(
        model, seen.time, seen.current_density, seen.field, position=seen.position[0], angle=seen.angle[0]
    )
    np.testing.assert_allclose(path.position, seen.position, atol=0.5e-9)
    np.testing.assert_allclose(path.angle[5:], seen.angle[5:], rtol=0.15)
    assert -first_domain * seen.angle[-1] < 0


def test_the_walker_limit_of_the_current_is_that_of_the_demagnetising_factors():
    one = wall()
    # gamma0 Delta |H_K| alpha / (2 |beta - alpha|), with m_y and m_z as the wall's soft plane.
    limit = float(one.gamma0 * one.width * -one.hard_axis_field) * 0.1 / (2 * 0.1)
    ends = []
    for share in (0.98, 1.02):
        current = PiecewiseLinear((0.0, 10e-9), (0.0, share * limit / float(one.drift_per_current)))
        path = follow_wall(one, np.array([0.0, 10e-9, 30e-9, 31e-9]), current, None, position=0.0, angle=0.0)
        ends.append((path.angle[-1], (path.position[-1] - path.position[-2]) / 1e-9))
    assert abs(ends[0][0]) < np.pi / 2 < abs(ends[1][0])
    assert ends[0][1] == pytest.approx(2 * 0.98 * limit, rel=1e-3)
    # A film that is wide beside the wall, and thin beside both: its whole shape anisotropy, Ms.
    thin = wall_from_material(
        Material(**PERMALLOY), polarity=-1, thickness=1e-11, stripe_width=1e-6, width=1e-8, domain_axis="x"
    )
    assert float(thin.hard_axis_field) == pytest.approx(-8e5, rel=1e-3)


def test_runs_that_the_equations_made_give_their_constants_back():
    truth = replace(wall(), drift_per_current=-3.3e-11, beta=0.26)
    runs, times = [], np.linspace(0.0, 3e-9, 31)
    for name, current in (("a", -0.8e12), ("b", 1.6e12), ("c", -2.4e12), ("d", 1.2e12)):
        drive = PiecewiseLinear((0.0, 0.1e-9, 1.5e-9, 1.6e-9), (0.0, current, current, 0.0))
        path = follow_wall(truth, times, drive, None, position=600e-9, angle=0.0)
        runs.append(Trajectory(name, times, path.position, drive, length=1200e-9, angle=path.angle))
    found = choose_wall(runs, wall(), held_out=["d"], pinning=False).fit
    fitted = {each.name: each.value for each in found.parameters}
    assert fitted["drift_per_current"] == pytest.approx(-3.3e-11, rel=1e-3)
    assert fitted["beta"] == pytest.approx(0.26, rel=1e-3)
    assert found.held_out_error < 1e-11


def test_a_field_along_the_stripe_is_the_one_that_pushes():
    run = artificial.domain_walls([100e-9, 110e-9], component="x")
    del run.attrs["spec"]
    run["applied_field"] = (("t", "vdims"), [[1.0, 2.0, 3.0]] * 2, {"units": "A/m"})
    field = trajectory_from(run, walls(run), length=512e-9).field
    assert [float(each(0.0)) for each in field] == [2.0, 3.0, 1.0]
    still = replace(wall(), drift_per_current=0.0)
    # The domain along the field grows: a head-to-head wall goes to +x.
    assert float(still.rates(0.0, 0.0, 0.0, np.array([0.0, 0.0, 1e3]))[0]) > 0


@pytest.mark.parametrize("left", [1, -1])
@pytest.mark.parametrize("polariser", [(1.0, 0.0, 0.0), (-1.0, 0.0, 0.0)])
def test_the_models_junction_reads_a_head_to_head_wall_as_the_textures_does(left, polariser):
    places = np.array([150e-9, 250e-9, 330e-9])
    run = artificial.domain_walls(places, component="x", left=left, wall_width=16e-9)
    seen = tunnel_junction(run, (100e-9, 400e-9), tmr=1.5, resistance_area=1e-11, polariser=polariser)
    stripe = Stripe(
        length=512e-9, width=64e-9, thickness=1e-9, cell=(4e-9, 4e-9, 1e-9),
        walls=[{"position": 150e-9, "kind": "transverse"}], readout_window={"x": (100e-9, 400e-9)},
    )  # fmt: skip
    junction = junction_over(stripe, JunctionReadOut(resistance_area=1e-11, tmr=1.5, polariser=polariser))
    np.testing.assert_allclose(junction.conductance(places, -left, 16e-9), seen.conductance.values, rtol=1e-3)


@rows(
    ("changes", "said"),
    [
        ({"Ku": 5e4, "easy_axis": (0.0, 1.0, 0.0)}, "whose shape holds domains along x by Ms n_y"),
        ({"Ku": 5e5, "easy_axis": (0.0, 1.0, 0.0)}, "whose shape holds domains along x by Ms n_y"),
        ({"Ku": 5e5}, "magnetises out of the film's plane"),
        ({"D": 1e-3}, "D = 0.001 J/m2"),
        ({"Ku": 1e3, "easy_axis": (1.0, 1.0, 0.0)}, "give one along x, y or z"),
    ],
)
def test_a_material_that_has_no_such_wall_is_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        wall(**changes)
    with pytest.raises(ValueError, match="does not drive a wall between"):
        wall_from_material(Material(**PERMALLOY), polarity=1, torques=("spin-orbit",), **SIZE)


def test_an_easy_axis_across_or_out_of_the_film_is_a_hard_axis_field():
    plain, across, out = (
        float(wall(**each).hard_axis_field)
        for each in ({}, {"Ku": 1e4, "easy_axis": (0.0, 1.0, 0.0)}, {"Ku": 1e4, "easy_axis": (0.0, 0.0, 1.0)})
    )
    strength = 2 * 1e4 / (4e-7 * np.pi * 8e5)
    assert [across - plain, out - plain] == pytest.approx([-strength, strength], rel=1e-6)


@pytest.mark.slow
def test_a_current_through_a_junction_moves_the_wall_under_it_by_the_field_like_torque():
    # Fig. 7 of the review by Grollier, Querlioz and Stiles; A. V. Khvalkovskiy et al., PRL 102, 067206 (2009). A fixed
    # layer along the stripe acts on a head-to-head wall as a field b along it, which is the field-like torque's, and
    # turns it out of the film by the damping-like one.
    def moved(current, ratio):
        junction = {"kind": "through_plane", "name": "junction", "x": (400e-9, 800e-9), "polariser": (1, 0, 0),
                    "polarisation": 0.4, "field_like_ratio": ratio}  # fmt: skip
        pulse = {"do": "current pulses", "amplitude": abs(current), "width": 1e-9, "period": 1e-9, "count": 1,
                 "polarity": "positive" if current > 0 else "negative"}  # fmt: skip
        spec = RunSpec.model_validate({
            "material": PERMALLOY, "engine": "native",
            "device": {
                "kind": "stripe", "length": 1200e-9, "width": 60e-9, "thickness": 3e-9, "cell": (5e-9, 5e-9, 3e-9),
                "walls": [{"position": 600e-9, "kind": "transverse"}], "terminals": [junction],
            },
            "protocol": {"sampling_interval": 50e-12, "steps": [{"do": "relax"}, pulse]},
        })  # fmt: skip
        run = simulate(spec)
        found = walls(run)
        position = found.position.isel(wall=0).values
        per_current = constants.hbar * 0.4 / (2 * constants.e * constants.mu_0 * 8e5 * 3e-9)
        width = float(np.nanmedian(thiele_width(run, found).values))
        field = ratio * per_current * current
        velocity = (position[20] - position[14]) / 0.3e-9
        return position[-1] - position[0], velocity, spec.material.gamma0 * width * field

    for current in (2e10, 4e10, -2e10):
        _, velocity, mobility = moved(current, 0.5)
        assert velocity == pytest.approx(mobility / 0.1, rel=0.03)
    way, velocity, _ = moved(4e10, 0.0)
    assert abs(way) < 1e-9
    assert abs(velocity) < 0.1
