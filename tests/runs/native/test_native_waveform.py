"""How a drive depends on time: everywhere alike, as a matrix, and region by region."""

import math

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from rate_of_change import rate
from rows import rows

import runs.native as nc

GAMMA0 = mm.consts.gamma0
LLG = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=0.2)


def system_of(energy, dynamics=LLG, m=(1, 0, 0)):
    """Six cells in a row; "a" and "b" overlap in the third cell, the last belongs to none."""
    boxes = {name: ((first, 0, 0), (end, 1, 1)) for name, first, end in (("a", 0, 3), ("b", 2, 4), ("c", 4, 5))}
    return magnet((6, 1, 1), m, energy, dynamics, boxes=boxes)


def test_each_region_has_its_own_function_of_time():
    pulse = nc.PiecewiseLinear((1e-11, 1e-11, 3e-11, 3e-11), (0.0, 2.0, 2.0, 0.0))
    functions = {"b": math.cos, "a": pulse, "c": "sin"}
    field = mm.Zeeman(H=(0, 0, 1e5), func=nc.PerRegion(functions), dt=1e-12, f=5e9, t0=0)
    times = np.linspace(0, 5e-11, 6)
    m, _ = nc.evolve(system_of(field, mm.Precession(gamma0=GAMMA0)), times, tolerance=1e-8)
    turned = np.unwrap(np.arctan2(m[..., 1], m[..., 0]), axis=0)[:, :, 0, 0]
    omega = 2 * np.pi * 5e9
    impulse = {
        "a": 2 * np.clip(times - 1e-11, 0, 2e-11),
        "b": np.sin(times),
        "c": (1 - np.cos(omega * times)) / omega,
        "rest": times,
    }
    # Where two subregions overlap the mesh's first counts.
    for cell, name in enumerate(("a", "a", "a", "b", "c", "rest")):
        np.testing.assert_allclose(turned[:, cell], GAMMA0 * 1e5 * impulse[name], atol=1e-6)


def test_default_is_for_cells_of_no_named_region():
    field = mm.Zeeman(H=(0, 0, 1e5), func=nc.PerRegion({"c": 3.0, "default": 0.5}))
    system = system_of(field)
    applied = nc.compute(system.energy.effective_field, system).array[:, 0, 0, 2]
    np.testing.assert_allclose(applied, np.array([0.5, 0.5, 0.5, 0.5, 3.0, 0.5]) * 1e5)


def factors(mesh):
    """What the PerRegion of `torques` is at t = 0."""
    return df.Field(mesh, nvdim=1, value={"a": 2.0, "b": -0.5, "c": 1.0, "default": 1.0})


def torques(scale, **options):
    return {
        "zhang_li": mm.ZhangLi(u=300.0 * scale, beta=0.1, **options),
        "slonczewski": mm.Slonczewski(J=1e12 * scale, mp=(0, 1, 1), P=0.4, Lambda=1.5, eps_prime=0.1, **options),
        "spin_orbit": nc.SpinOrbitTorque(J=1e12 * scale, theta_SH=0.1, field_like_ratio=0.3, **options),
    }


@pytest.mark.parametrize("name", list(torques(1.0)))
def test_torque_of_each_region_is_that_of_a_current_field(name):
    m = np.random.default_rng(1).normal(size=(6, 1, 1, 3))
    function = nc.PerRegion({"a": lambda t: 2.0 + t, "b": nc.PiecewiseLinear((0.0, 1.0), (-0.5, 1.0))})
    energy = mm.Zeeman(H=(0, 0, 1e5))
    ours = rate(system_of(energy, LLG + torques(1.0, func=function, dt=1e-13)[name], m))
    expected = rate(system_of(energy, LLG + torques(factors(system_of(0).m.mesh))[name], m))
    np.testing.assert_allclose(ours, expected, rtol=1e-13, atol=1e-13 * np.abs(expected).max())
    assert np.abs(ours - rate(system_of(energy, LLG + torques(1.0)[name], m))).max() > 0.1 * np.abs(ours).max()


@pytest.mark.slow
@pytest.mark.parametrize("varying", [False, True], ids=["uniform", "field"])
def test_matrix_turns_the_field(varying):
    def matrix(t):
        c, s = math.cos(1e11 * t), math.sin(1e11 * t)
        return [c, -s, 0, s, c, 0, 0, 0, 1 + s]

    def term(vector, function, name):
        value = np.broadcast_to(vector, (6, 1, 1, 3)) * (np.linspace(1, 2, 6)[:, None, None, None] if varying else 1)
        field = df.Field(system_of(0).m.mesh, nvdim=3, value=value) if varying else vector
        return mm.Zeeman(H=field, func=function, dt=1e-14, name=name)

    x, y, z = 3e5, -1e5, 2e5
    one = term((x, y, z), matrix, "turning")
    many = (
        term((x, y, 0), lambda t: math.cos(1e11 * t), "first")
        + term((-y, x, 0), lambda t: math.sin(1e11 * t), "second")
        + term((0, 0, z), lambda t: 1 + math.sin(1e11 * t), "third")
    )
    times = [0, 1e-11, 4e-11]
    ours, table = nc.evolve(system_of(one), times, tolerance=1e-9)
    expected, other = nc.evolve(system_of(many), times, tolerance=1e-9)
    np.testing.assert_allclose(ours, expected, atol=1e-7)
    np.testing.assert_allclose(table.E, other.E, rtol=1e-6)
    assert np.abs(ours[2] - ours[0]).max() > 0.5


def test_matrix_and_number_in_different_regions():
    swap = nc.PerRegion({"a": lambda _: [0, 1, 0, 1, 0, 0, 0, 0, -1], "b": 2.0})
    system = system_of(mm.Zeeman(H=(1.0, 2.0, 3.0), func=swap, dt=1e-13))
    applied = nc.compute(system.energy.effective_field, system).array[:, 0, 0]
    np.testing.assert_allclose(applied[0], (2, 1, -3))
    np.testing.assert_allclose(applied[3], (2, 4, 6))
    np.testing.assert_allclose(applied[5], (1, 2, 3))


def test_old_name_of_func():
    wave = {"H": (0, 0, 1e5), "f": 1e9, "t0": 1e-11}
    first, second = (
        nc.evolve(system_of(mm.Zeeman(**wave, **{name: "sin"})), [0, 1e-10])[0] for name in ("wave", "func")
    )
    np.testing.assert_array_equal(first, second)
    with pytest.raises(ValueError, match="func and wave"):
        nc.evolve(system_of(mm.Zeeman(**wave, wave="sin", func="sin")), [0, 1e-10])


@rows(
    ("function", "error", "message"),
    [
        (lambda t: [t] * 3, nc.UnsupportedError, "returned 3 values.*one, or 9"),
        (lambda t: [1.0] * 9 if t == 0 else 1.0, ValueError, "returned 1 values.*9 before"),
        (lambda t: math.inf if t else 1.0, ValueError, "finite"),
        (nc.PerRegion({"a": 1.0, "d": 2.0}), ValueError, "'d'.*there are: 'a', 'b', 'c'"),
        (nc.PerRegion({"a": "sin"}), ValueError, "needs f and t0"),
    ],
)
def test_bad_function_is_named(function, error, message):
    with pytest.raises(error, match=f"Zeeman 'zeeman'.*{message}"):
        nc.evolve(system_of(mm.Zeeman(H=(0, 0, 1), func=function, dt=1e-13)), [0, 1e-12])


def test_torque_takes_no_matrix():
    torque = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, func=lambda _: [1.0] * 9, dt=1e-13)
    with pytest.raises(nc.UnsupportedError, match=r"Slonczewski.*takes one"):
        nc.evolve(system_of(mm.Zeeman(H=(0, 0, 1)), LLG + torque), [0, 1e-12])


def test_per_region_is_only_for_this_engine():
    with pytest.raises(ValueError, match="must map names"):
        nc.PerRegion({})
    with pytest.raises(nc.UnsupportedError, match=r"only runs\.native"):
        nc.PerRegion({"a": 1.0})(0.0)
