import numpy as np
import pytest

from solitons import DomainWallNeuron, DomainWallSynapse, LinearSynapse
from solitons.devices import Junction, ProgrammingPulse
from solitons.walls import WallDynamics


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
