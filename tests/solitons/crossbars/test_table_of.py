"""A synapse that is known by its pulses, as a table of steps for arrays: the same steps and the same spreads."""

import numpy as np
import pytest
from rows import rows

from solitons.crossbars import DeviceArray
from solitons.crossbars.measured_trains import table_of
from solitons.devices import TabulatedSynapse

NODES = {"up": [3e-7, 2e-7, 5e-8], "down": [-1e-7, -3e-7, -4e-7]}


def test_an_array_goes_where_the_mean_device_goes():
    synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, **NODES)
    table = table_of(synapse)
    assert (table.devices, table.steps.shape[-1]) == (1, 1)
    array = DeviceArray.of(table, np.full(3, 1e-6), seed=0)
    signs = [1] * 12 + [-1] * 5 + [1] * 3
    followed = []
    for sign in signs:
        array.send(np.full(3, sign))
        followed.append(array.conductance[0])
    np.testing.assert_allclose(followed, synapse.train(1e-6, signs)[1:], rtol=1e-12)


def test_spreads_are_those_of_the_synapse():
    synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=[2e-7] * 2, down=[-2e-7] * 2, cycle_up=5e-8, gain=0.2)
    table = table_of(synapse, devices=16, quantiles=32)
    up, down = np.moveaxis(table.steps[:, :, 5], 1, 0) * 4e-6
    assert up.std(axis=1) == pytest.approx(5e-8)
    assert down.std(axis=1) == pytest.approx(0.0, abs=1e-20)
    assert up.mean(axis=1).std() / up.mean() == pytest.approx(0.2)
    assert table.spread_known
    assert table.chance_known


@rows("nodes", [2, 3, 5, 17])
def test_places_hold_the_nodes(nodes):
    up = np.linspace(1e-7, 3e-7, nodes) ** 2 * 1e7
    synapse = TabulatedSynapse(lowest=1e-6, highest=5e-6, up=up, down=-up)
    table = table_of(synapse)
    assert all(np.isclose(table.conductance, node, rtol=1e-12, atol=0).any() for node in synapse.nodes)
