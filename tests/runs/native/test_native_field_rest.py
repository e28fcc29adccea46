"""Rest in the next field: where something turns far, damping is followed."""

from types import SimpleNamespace

import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet

import runs.native as nc
from runs import RunSpec
from runs.native.rest import field_rest
from runs.native.rest.hysteresis import hysteresis
from runs.system import build_system

# Three moments along x, and what is outside.
START = np.array([[1.0, 1.0, 1.0, 0.0], [0.0] * 4, [0.0] * 4]).reshape(3, 1, 1, 4)


def turned(*places):
    m = START.copy()
    m[0, 0, 0, list(places)] *= -1
    return m


def followed(found, monkeypatch):
    """Where it ends and what it took, if the minimiser finds `found` and damping island 2 turned."""
    monkeypatch.setattr(field_rest, "damped", lambda *_: (SimpleNamespace(m=turned(2)), 7))
    state, evaluations = field_rest.followed(
        None, jnp.asarray(START), None, lambda _model, _m, nearest: _ended(found, nearest)
    )
    return np.asarray(state.m), evaluations


def _ended(found, nearest):
    nearness = (START * found).sum(axis=0)[0, 0, :3].min()
    assert nearest == pytest.approx(np.cos(0.5))
    return SimpleNamespace(m=jnp.asarray(found), iteration=100, nearness=jnp.asarray(nearness))


def test_what_follows_the_field_is_not_done_twice(monkeypatch):
    leaning = START * np.cos(0.3)
    leaning[1] = np.sin(0.3) * START[0]
    m, evaluations = followed(leaning, monkeypatch)
    np.testing.assert_allclose(m, leaning)
    assert evaluations == 100


def test_what_turns_far_is_asked_of_damping(monkeypatch):
    m, evaluations = followed(turned(0, 1), monkeypatch)
    np.testing.assert_array_equal(m, turned(2))
    assert evaluations == 107


def test_damping_switches_a_macrospin_where_stoner_and_wohlfarth_say():
    system = magnet((1, 1, 1), (1, 0.1, 0), mm.UniaxialAnisotropy(K=1e5, u=(1, 0, 0)))
    psi = np.radians(160)
    critical = 2e5 / (mm.consts.mu0 * 8e5) / (np.abs(np.cos(psi)) ** (2 / 3) + np.sin(psi) ** (2 / 3)) ** 1.5
    fields = critical * np.array([[0.5], [0.999], [1.001]]) * [np.cos(psi), np.sin(psi), 0]
    nc.HysteresisDriver(damped=True).drive(system, fields=fields, save=False, verbose=0)
    np.testing.assert_array_equal(system.table.data.mx > 0, [True, True, False])
    expected = hysteresis(system, fields[2:])[1]
    assert system.table.data.mx.iloc[-1] == pytest.approx(expected.mx.iloc[-1], abs=1e-8)


@pytest.mark.slow
def test_an_avalanche_goes_no_further_than_damping_takes_it():
    """Of four islands the last turns alone; steps of the minimiser, long ones and half as long, turn three with it."""
    fields = 58e3, 62e3, 64e3, 64246.0, 64343.0
    places = [(398, 128, 90), (488, 218, 0), (578, 308, 90), (488, 398, 0)]
    size = {"length": 100e-9, "width": 35e-9}
    islands = [
        {"x": (x - 0.5) * 1e-9, "y": (y - 0.5) * 1e-9, "angle": np.radians(angle)} | size for x, y, angle in places
    ]
    ice = {
        "kind": "spin_ice",
        "lattice": {"kind": "table", "islands": islands, "box": [[370e-9, 65e-9], [610e-9, 425e-9]]},
        "thickness": "10 nm",
        "cell": ["5 nm", "5 nm", "10 nm"],
        "margin": 0.0,
        "initial_spins": {"kind": "given", "values": [1, 1, 1, 1]},
    }
    steps = [{"do": "ramp to", "to": field, "angle": "215 deg", "field_steps": 1} for field in fields]
    spec = RunSpec(material="permalloy", device=ice, protocol={"kind": "field_steps", "steps": steps})
    system, labels = build_system(spec, drive=True, time_dependence="function"), spec.device.labels().values
    m, _ = hysteresis(system, spec.protocol.applied_field, stopping_mxHxm=1.0)
    axis = spec.device.islands(spec.material)["axis"].values
    spins = [[np.sign((state[labels == i + 1][:, :2] @ axis[i]).mean()) for i in range(4)] for state in m]
    assert spins == [[1, 1, 1, 1]] * 5 + [[1, 1, 1, -1]]
