import numpy as np
import pytest

from solitons import DomainWallNeuron, DomainWallSynapse, LinearSynapse
from solitons.devices import Junction, JunctionReadOut, ProgrammingPulse
from solitons.domain_walls import WallDynamics
from solitons.skyrmions import EdgeForce, ForceSum, PairForce, ThieleDynamics, synapse_of


@pytest.fixture
def wall():
    """An up-down wall that goes with the electrons; beta = alpha, so that it moves rigidly at u."""
    return WallDynamics(
        alpha=0.1,
        width=6e-9,
        hard_axis_field=5e3,
        polarity=-1,
        beta=0.1,
        drift_per_current=-5e-11,
    )


@pytest.fixture
def junction():
    return Junction(left=50e-9, right=250e-9, parallel=5e-4, antiparallel=2e-4)


@pytest.fixture
def synapse(wall, junction):
    return DomainWallSynapse(wall=wall, junction=junction, left=20e-9, right=280e-9, rest_angle=np.pi / 2)


@pytest.fixture
def linear(junction):
    return LinearSynapse(mobility=-5e-11, junction=junction, polarity=-1, left=20e-9, right=280e-9)


@pytest.fixture
def neuron(wall):
    return DomainWallNeuron(wall=wall, start=50e-9, threshold=200e-9, rest_angle=np.pi / 2)


@pytest.fixture
def pulse():
    return ProgrammingPulse(amplitude=1e12, shortest=0.1e-9, longest=0.4e-9, rise=20e-12, period=0.6e-9)


@pytest.fixture
def track_skyrmion():
    """Of the shipped campaign `skyrmion_track`, with a row's pair force, both rounded; track of 60 nm."""
    edges = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    return ThieleDynamics(
        -4 * np.pi,
        17 * np.eye(2),
        alpha=0.3,
        moment_per_area=5.8e-4,
        damping_like_per_current=4.5e-8,
        spin_orbit=np.array([[0.0, 8e-8, 0.0], [-8e-8, 0.0, 0.0]]),
        force=ForceSum((edges, PairForce(strength=2.93e-9, decay=5.04e-9))),
    )


@pytest.fixture
def row(track_skyrmion):
    """Three skyrmions, 60 nm apart."""
    read_out = JunctionReadOut(resistance_area=1e-11, tmr=1.5, polariser=(0.0, 0.0, -1.0))
    return synapse_of(track_skyrmion, (8e-9, 4e-9), read_out, count=3, pitch=60e-9)
