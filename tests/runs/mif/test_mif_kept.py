"""No false alarm: what oommfc writes right passes the check, whatever its terms and parameters are made of."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import oommfc as oc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rows import rows

from runs.mif import ModelLostError

# ruff: noqa: ARG005
SCALARS = {
    "number": lambda mesh: 0.25,
    "dict": lambda mesh: {"left": 0.5, "bottom": 0.125},
    "dict with default": lambda mesh: {"default": 0.75, "right": 0.5},
    "field": lambda mesh: df.Field(mesh, nvdim=1, value=lambda p: 0.1 + p[0] * 1e7),
    "integer": lambda mesh: 1,
    "single": lambda mesh: np.float32(0.1),
}
VECTORS = {
    "tuple": lambda mesh: (0, 0, 1),
    "array": lambda mesh: np.array([0.1, 0.0, 0.3]),
    "dict": lambda mesh: {"left": (0, 0, 1), "default": [1, 0, 0]},
    "dict without default": lambda mesh: {"left": (0, 0, 1), "right": (0, 1, 0)},
    "field": lambda mesh: df.Field(mesh, nvdim=3, value=lambda p: (p[0] * 1e8, -1, 0)),
}


@rows("scalar", SCALARS.values(), ids=SCALARS)
@rows("vector", VECTORS.values(), ids=VECTORS)
def test_parameters_of_an_anisotropy(make_system, make_mesh, write, scalar, vector):
    mesh = make_mesh()
    _, check = write(make_system(mesh, energy=mm.UniaxialAnisotropy(K=scalar(mesh), u=vector(mesh), name="ku")))
    check()


@rows("vector", VECTORS.values(), ids=VECTORS)
def test_fields(make_system, make_mesh, write, vector):
    mesh = make_mesh()
    _, check = write(make_system(mesh, energy=mm.Zeeman(H=vector(mesh))))
    check()


@rows("value", [-1e-3, {"left": 1e-3}, {"left": -1e-3, "left:right": 2e-3, "default": 1e-4}])
@rows("crystalclass", ["Cnv_z", "T"])
def test_dmi_and_exchange_by_region(make_system, write, crystalclass, value):
    _, check = write(make_system(energy=mm.DMI(D=value, crystalclass=crystalclass) + mm.Exchange(A=value)))
    check()


TCL = {"script": "proc Pulse { total_time } { return 1 }\n", "script_args": "total_time", "script_name": "Pulse"}
PROFILES = {
    "constant": {},
    "tcl": {"tcl_strings": TCL},
}


@rows("profile", PROFILES.values(), ids=PROFILES)
@rows("u", [-20.0, (1.0, -2.0, 3.0), None])
def test_zhang_li(make_system, make_mesh, write, u, profile):
    mesh = make_mesh()
    u = VECTORS["field"](mesh) if u is None else u
    dynamics = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1) + mm.ZhangLi(u=u, beta=0.2, **profile)
    _, check = write(make_system(mesh, dynamics=dynamics))
    check()


@rows("scalar", list(SCALARS.values())[:4], ids=list(SCALARS)[:4])
def test_damping_and_gyromagnetic_ratio_by_region(make_system, make_mesh, write, scalar):
    mesh = make_mesh()
    dynamics = mm.Precession(gamma0=scalar(mesh)) + mm.Damping(alpha=scalar(mesh))
    _, check = write(make_system(mesh, dynamics=dynamics))
    check()


numbers = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)
vectors = st.tuples(numbers, numbers, numbers)


def by_region(values):
    regions = st.sampled_from(["default", "left", "right", "bottom", "entire"])
    return values | st.dictionaries(regions, values, min_size=1)


@st.composite
def energies(draw):
    """Any sum of terms, of which each can come twice with another name."""
    makers = {
        "exchange": lambda: mm.Exchange(A=draw(by_region(numbers))),
        "exchange_2": lambda: mm.Exchange(A=draw(numbers), name="exchange_2"),
        "anisotropy": lambda: mm.UniaxialAnisotropy(K=draw(by_region(numbers)), u=draw(by_region(vectors))),
        "dmi": lambda: mm.DMI(D=draw(by_region(numbers)), crystalclass=draw(st.sampled_from(["T", "Cnv_z"]))),
        "zeeman": lambda: mm.Zeeman(H=draw(by_region(vectors))),
        "demag": mm.Demag,
    }
    names = draw(st.lists(st.sampled_from(sorted(makers)), unique=True, min_size=1))
    return mm.Energy(terms=[makers[name]() for name in names])


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    energy=energies(),
    alpha=by_region(st.floats(0, 10)),
    duration=st.floats(1e-13, 1e-11),
    stages=st.integers(1, 7),
)
def test_any_sum_of_terms(make_system, write, energy, alpha, duration, stages):
    system = make_system(energy=energy, dynamics=mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=alpha))
    _, check = write(system, t=duration, n=stages)
    check()


def test_a_driver_with_checkpoints(make_system, write):
    _, check = write(make_system(), oc.TimeDriver(checkpoint_interval=0.5))
    check()


def test_a_mesh_that_repeats_along_one_axis(make_system, make_mesh, write):
    text, check = write(make_system(make_mesh(bc="y")))
    check()
    for other in (text.replace("periodic y", "periodic x"), text.replace("  periodic y\n", "")):
        with pytest.raises(ModelLostError, match="the mesh: OOMMF would lose bc='y'"):
            check(other)
