"""Overlapping spikes on a wall: the threshold in closed form, and the window's symmetry."""

import numpy as np
import pytest

from solitons.devices import Junction
from solitons.domain_walls import DomainWallSynapse, PeriodicPinning, WallDynamics
from solitons.domain_walls.spike_pairs import level_of, moves_in_heat, spike_margin, walls_after
from solitons.drives.spikes import Spike, SpikePair

STRENGTH, PERIOD, TORQUE = 2e4, 40e-9, 4e-8


def synapse():
    """A strongly damped Neel wall in a sinusoidal landscape: no inertia."""
    pinning = PeriodicPinning(strength=STRENGTH, period=PERIOD, site=20e-9)
    wall = WallDynamics(
        alpha=1.0, width=6e-9, hard_axis_field=-2e4, polarity=-1, dmi_field=3e5, damping_like_per_current=TORQUE,
        moment_per_length=1e-10, pinning=pinning,
    )  # fmt: skip
    junction = Junction(left=0.0, right=200e-9, parallel=5e-4, antiparallel=2e-4)
    return DomainWallSynapse(wall=wall, junction=junction, left=0.0, right=200e-9)


CRITICAL = STRENGTH / (np.pi / 2 * TORQUE)
"""A Neel wall that DMI holds is pushed by (pi / 2) a J, and free where that is more than the landscape's strength."""
SPIKE = Spike(amplitude=-0.7 * CRITICAL, width=5e-9, rise=0.5e-9, tail=0.8, tail_length=10e-9)


def test_a_long_spike_frees_the_wall_at_the_current_of_the_closed_form():
    pulse = Spike(amplitude=CRITICAL / 1.3, width=20e-9, rise=1e-9)
    assert spike_margin(synapse(), SpikePair(pulse, pulse), 25e-9) == pytest.approx(1.3, abs=0.06)


def test_a_symmetric_landscape_gives_an_antisymmetric_window():
    model, times = synapse(), np.array([1.0, 5.0, 7.0, 14.0]) * 1e-9
    pair, start = SpikePair(SPIKE, SPIKE), model.wells()[2]
    forth, back = (
        walls_after(model, [pair.current(sign * each) for each in times], start, [0.0, 40e-9])[:, 0, -1] - start
        for sign in (1, -1)
    )
    assert forth == pytest.approx(-back, abs=1e-10)
    assert (np.abs(forth) > PERIOD / 2).tolist() == [False, True, True, False]
    # Two pulses without tails, of opposite signs at the terminals, push alike whichever is first.
    one = Spike(amplitude=0.7 * CRITICAL, width=5e-9, rise=0.5e-9)
    both = SpikePair(one, one.model_copy(update={"amplitude": -one.amplitude}))
    moved = walls_after(model, [both.current(each) for each in (-1e-9, 1e-9)], start, [0.0, 40e-9])[:, 0, -1] - start
    assert moved[0] == pytest.approx(moved[1])
    assert abs(moved[0]) > PERIOD / 2


def test_a_pair_moves_the_wall_of_every_well_and_a_weak_spike_none():
    model = synapse()
    wells = np.arange(model.wells().size)
    pair = SpikePair(SPIKE, SPIKE).current(5e-9)
    after = moves_in_heat(model.wall, model, pair, 40e-9, temperature=0.0, walls=50, seed=0)
    assert after.shape == (wells.size, 1)
    assert len(set(np.sign(after[1:-1, 0] - wells[1:-1]))) == 1
    # These wells are tens of kT deep.
    silent = SpikePair(SPIKE.model_copy(update={"amplitude": 1.0}), None).current()
    hot = moves_in_heat(model.wall, model, silent, 17e-9, temperature=300.0, walls=20, seed=0)
    assert (hot == wells[:, None]).all()


def test_a_wall_that_is_gone_is_in_no_well():
    assert level_of([np.nan, 21e-9, 55e-9], np.array([20e-9, 60e-9])).tolist() == [-1, 0, 1]
