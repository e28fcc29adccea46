"""Places of a wall: their barriers, how often heat tries them, and where a pulse leads, against closed forms."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import constants
from scipy.integrate import quad

from geometries import Material, Stripe
from runs import Protocol, Relax, Rest, RunSpec
from solitons.devices.places import Passage, Place, lifetime
from solitons.domain_walls.barriers import barrier_uncertainty
from solitons.domain_walls.hopping import attempt_rate
from solitons.domain_walls.landscape import landscape_of
from solitons.domain_walls.pinning import PeriodicPinning
from solitons.domain_walls.places import left_by_heat, way_specs, with_attempt_rates, with_barriers, with_drives
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.fits.material_uncertainty import MaterialUncertainty

NM = 1e-9
KT = constants.k * 300
FILM = Material(name="film", Ms=6e5, A=12e-12, Ku=5e5, D=0.5e-3, easy_axis=(0, 0, 1), alpha=0.3)
PERIOD, STRENGTH, MOMENT = 40 * NM, 2e4, 1e-10
PINNING = PeriodicPinning(strength=STRENGTH, period=PERIOD, site=60 * NM)
WALL = WallDynamics(
    alpha=0.3, width=6 * NM, hard_axis_field=5e4, polarity=-1, moment_per_length=MOMENT, pinning=PINNING
)


def three_places():
    q = np.arange(20.0, 181.0) * NM
    values = {"position": q, "push": PINNING.push(q), "held_at": q, "width": 0 * q + 6 * NM}
    held = xr.Dataset({name: ("step", np.asarray(each)) for name, each in values.items()})
    return landscape_of([held]).places(MOMENT)


def stripe(**keys):
    parts = [{"name": f"w{at}", "x": [(at - 6) * NM, (at + 6) * NM], "Ku": 0.38e6} for at in (46, 90)]
    fields = {"length": 136 * NM, "width": 40 * NM, "thickness": 2 * NM, "cell": (4 * NM, 4 * NM, 2 * NM)}
    return Stripe(**(fields | {"parts": parts, "walls": [{"position": 46 * NM, "kind": "neel"}]} | keys))


def spec(device):
    return RunSpec(
        device=device, material=FILM, protocol=Protocol(steps=[Relax(), Rest(duration=1e-9)]), engine="native"
    )


def test_a_hill_is_tried_as_langers_rate_of_position_and_angle_has_it():
    # Parabolas: f = (gamma0 Delta / alpha) r s / (2 pi), both curvatures being s; the angle's share from its equation.
    middle = with_attempt_rates(WALL, three_places(), 300.0)[1]
    steep = 2 * np.pi * STRENGTH / PERIOD
    k, h, alpha = float(WALL.width) * steep, 5e4, 0.3
    growth = max(np.roots([1, -alpha * (k - h), -(1 + alpha**2) * h * k]).real)
    angle = alpha * growth / ((1 + alpha**2) * k)
    expected = float(WALL.gamma0) * float(WALL.width) / alpha * angle * steep / (2 * np.pi)
    assert 0.3 < angle < 0.9
    # At 20 kT the parabolas are good to some per cent.
    assert middle.right.barrier / KT == pytest.approx(15.5, abs=0.2)
    assert middle.right.attempt_rate == pytest.approx(expected, rel=0.06)
    assert middle.left.attempt_rate == pytest.approx(middle.right.attempt_rate, rel=1e-3)


def test_a_time_is_the_mean_first_passage_of_a_particle():
    # A damped particle in a sine: the two integrals of Kramers, by quadrature.
    slow = replace(WALL, hard_axis_field=1e9)  # the angle does not give way
    energy = 2 * constants.mu_0 * MOMENT * STRENGTH * PERIOD / (2 * np.pi)

    def height(q):
        return -energy * np.cos(2 * np.pi * q / PERIOD)

    mobility = float(slow.gamma0) * float(slow.width) / float(slow.alpha) / (2 * constants.mu_0 * MOMENT)
    well = quad(lambda q: np.exp(-(height(q) + energy) / KT), -PERIOD / 2, PERIOD / 2)[0]
    hill = quad(lambda q: np.exp((height(q) - energy) / KT), 0, PERIOD)[0]
    rate = attempt_rate(slow, (60 * NM - PERIOD / 2, 60 * NM + PERIOD / 2), (60 * NM, 60 * NM + PERIOD), 300.0)
    assert rate == pytest.approx(mobility * KT / (well * hill), rel=2e-3)


def test_outermost_places_have_the_ways_that_they_have():
    first, middle, last = with_attempt_rates(WALL, three_places(), 300.0)
    assert (first.right.to, middle.left.to, last.right.to) == (1, 0, None)
    one_way, end = replace(first, left=None), replace(middle, right=None)
    alone, _ = with_attempt_rates(WALL, [one_way, end], 300.0)
    assert alone.right.attempt_rate == pytest.approx(middle.right.attempt_rate, rel=0.05)
    assert lifetime(alone.passages, 300.0) == pytest.approx(np.exp(alone.right.barrier / KT) / alone.right.attempt_rate)


def test_the_lowest_way_over_each_hill_counts_and_one_that_is_not_known_does_not():
    places = three_places()
    straight, bent = (
        xr.Dataset({"forth": ("passage", forth), "back": ("passage", back)})
        for forth, back in (([5e-20, np.nan], [6e-20, np.nan]), ([4e-20, np.nan], [5e-20, 1e-20]))
    )
    found = with_barriers(places, [straight, bent])
    assert (found[0].right.barrier, found[1].left.barrier) == (4e-20, 5e-20)
    assert (found[1].right, found[2].left) == (places[1].right, places[2].left)
    assert found[0].left == places[0].left
    assert with_barriers(places, []) == places


def test_a_pulse_leads_to_a_place():
    # Strong DMI keeps the angle: the damping-like field pushes by (pi / 2) a, and a long pulse goes far.
    wall = replace(WALL, dmi_field=1e6, damping_like_per_current=4e-8, alpha=0.5)
    shape = {"rise": 0.0, "period": 6e-9, "largest": 1e13}
    brief, long = (with_drives(wall, three_places(), 0.0, width=each, **shape) for each in (0.2e-9, 2e-9))
    assert (brief[1].left.arrives, brief[1].right.arrives) == (0, 2)
    assert brief[1].right.drive * brief[1].left.drive < 0
    assert abs(brief[1].right.drive) > abs(long[1].right.drive)
    # From the last one out of all places.
    assert long[2].right.arrives is None
    still = replace(wall, damping_like_per_current=0.0)
    assert with_drives(still, three_places(), 0.0, width=0.2e-9, **shape)[1].right.drive is None


def test_a_field_lowers_the_hill_before_the_wall_and_raises_the_one_behind_it():
    # Of a sine, E (sqrt(1 - h^2) - h arccos h) with h = H / F; a field along +z drives an up-down wall to +x.
    q = np.arange(20.0, 181.0) * NM
    values = {"position": q, "push": PINNING.push(q), "held_at": q, "width": 0 * q + 6 * NM}
    landscape = landscape_of([xr.Dataset({name: ("step", np.asarray(each)) for name, each in values.items()})])
    still, pushed = (each.places(MOMENT)[1] for each in (landscape, landscape.in_field(1e3, -1)))
    for way, share in ((pushed.right, 1e3 / STRENGTH), (pushed.left, -1e3 / STRENGTH)):
        expected = np.sqrt(1 - share**2) - share * np.arccos(share)
        assert way.barrier / still.right.barrier == pytest.approx(expected, rel=1e-3)


def test_heat_leaves_of_a_barrier_what_it_leaves_of_push_and_moment():
    hot = replace(WALL, pinning=replace(PINNING, strength=0.8 * STRENGTH), moment_per_length=0.95 * MOMENT)
    assert left_by_heat(WALL, hot, three_places()) == pytest.approx(0.8 * 0.95, rel=1e-6)
    assert left_by_heat(WALL, hot, []) == 1.0


def test_how_well_a_barrier_is_known_is_left_open_where_the_material_does_not_make_it():
    places = [Place(46 * NM, None, Passage(None, 68 * NM, 1e-19))]
    assert barrier_uncertainty(stripe(parts=[]), FILM, places, MaterialUncertainty()) is None
    assert barrier_uncertainty(stripe(), FILM, [], MaterialUncertainty()) is None


def test_ways_begin_at_the_edges_that_differ():
    places = [Place(at * NM, None, None) for at in (46, 90)]
    assert list(way_specs(spec(stripe()), places)) == ["everywhere", "bottom"]
    notched = stripe(notches=[{"position": 68 * NM, "depth": 8 * NM, "width": 16 * NM, "edge": "top"}])
    one_sided = way_specs(spec(notched), places)
    assert {name: each.protocol.begins for name, each in one_sided.items()} == {
        name: name for name in ("everywhere", "bottom", "top")
    }
    (stop,) = one_sided["top"].protocol.way_through
    assert (one_sided["top"].device.walls[0].position, stop.walls[0].position) == (46 * NM, 90 * NM)
    assert way_specs(spec(stripe()), places[:1]) == {}


def test_a_barrier_of_strips_is_known_as_well_as_their_anisotropy():
    # A rigid wall in a strip of width a: E = w t dKu 2 Delta tanh(a / 2 Delta), less what both strips have on the hill.
    places = [Place(46 * NM, None, Passage(1, 68 * NM, 1e-19)), Place(90 * NM, Passage(0, 68 * NM, 1e-19), None)]
    stiffness = FILM.effective_anisotropy

    def barrier(exchange, anisotropy):
        width = np.sqrt(exchange / anisotropy)
        beside = np.tanh(28 * NM / width) - np.tanh(16 * NM / width)
        return width * (np.tanh(6 * NM / width) - beside)

    none = MaterialUncertainty.model_validate(0)
    by_exchange = barrier_uncertainty(stripe(), FILM, places, none.model_copy(update={"A": 0.1}))
    closed = barrier(1.1 * FILM.A, stiffness) / barrier(FILM.A, stiffness) - 1
    assert by_exchange == pytest.approx(closed, rel=0.05)
    by_field = barrier_uncertainty(stripe(), FILM, places, none.model_copy(update={"anisotropy_field": 0.05}))
    # The difference of two anisotropies at one magnetisation grows with their K_eff.
    closed = 1.05 * barrier(FILM.A, 1.05 * stiffness) / barrier(FILM.A, stiffness) - 1
    assert by_field == pytest.approx(closed, rel=0.05)
    both = barrier_uncertainty(stripe(), FILM, places, none.model_copy(update={"A": 0.1, "anisotropy_field": 0.05}))
    assert both == pytest.approx(np.hypot(by_exchange, by_field), rel=1e-3)
    assert barrier_uncertainty(stripe(), FILM, places, none) == 0.0
