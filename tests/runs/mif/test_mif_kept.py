"""No false alarm: what oommfc writes right passes the check, whatever its terms and parameters are made of."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import oommfc as oc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rows import rows

from runs.waveforms.waveform import PiecewiseLinear

# ruff: noqa: ARG005
SCALARS = {
    "number": lambda mesh: 0.25,
    "dict": lambda mesh: {"left": 0.5, "bottom": 0.125},
    "dict with default": lambda mesh: {"default": 0.75, "right": 0.5},
    "field": lambda mesh: df.Field(mesh, nvdim=1, value=lambda p: 0.1 + p[0] * 1e7),
    "coarse field": lambda mesh: df.Field(df.Mesh(region=mesh.region, n=(2, 1, 1)), nvdim=1, value=0.3),
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
ENERGIES = {
    "exchange": lambda s, v: mm.Exchange(A=s),
    "anisotropy": lambda s, v: mm.UniaxialAnisotropy(K=s, u=v, name="ku"),
    "second order": lambda s, v: mm.UniaxialAnisotropy(K1=s, K2=s, u=v),
    "cubic": lambda s, v: mm.CubicAnisotropy(K=s, u1=v, u2=v),
    "magnetoelastic": lambda s, v: mm.MagnetoElastic(B1=s, B2=s, e_diag=v, e_offdiag=v),
    "zeeman": lambda s, v: mm.Zeeman(H=v),
    "sine": lambda s, v: mm.Zeeman(H=v, func="sin", f=1e9, t0=1e-12),
    "sinc": lambda s, v: mm.Zeeman(H=v, func="sinc", f=1e9, t0=0),
    "sampled": lambda s, v: mm.Zeeman(H=v, func=lambda t: 1e9 * t, dt=1e-12),
}


@rows("scalar", SCALARS.values(), ids=SCALARS)
@rows("energy", ENERGIES.values(), ids=ENERGIES)
def test_scalar_parameters(make_system, make_mesh, write, energy, scalar):
    mesh = make_mesh()
    _, check = write(make_system(mesh, energy=energy(scalar(mesh), (0, 0, 1))))
    check()


@rows("vector", VECTORS.values(), ids=VECTORS)
@rows("energy", list(ENERGIES.values())[1:], ids=list(ENERGIES)[1:])
def test_vector_parameters(make_system, make_mesh, write, energy, vector):
    mesh = make_mesh()
    _, check = write(make_system(mesh, energy=energy(1.5, vector(mesh))))
    check()


@rows("value", [-1e-3, {"left": 1e-3}, {"left": -1e-3, "left:right": 2e-3, "default": 1e-4}])
@rows("crystalclass", ["Cnv_z", "Cnv_x", "T", "O", "D2d_y"])
def test_dmi_and_exchange_by_region(make_system, write, crystalclass, value):
    _, check = write(make_system(energy=mm.DMI(D=value, crystalclass=crystalclass) + mm.Exchange(A=value)))
    check()


@pytest.mark.filterwarnings("ignore:Use of `Cnv`:FutureWarning")
def test_old_names_of_crystal_classes(make_system, write):
    _, check = write(make_system(energy=mm.DMI(D=1e-3, crystalclass="Cnv")))
    check()


@pytest.mark.filterwarnings("ignore:Parameter `wave`:FutureWarning")
def test_the_old_name_of_func(make_system, write):
    _, check = write(make_system(energy=mm.Zeeman(H=(0, 0, 1e5), wave="sin", f=1e9, t0=0)))
    check()


@pytest.mark.parametrize("order", [("lower", "upper"), ("upper", "lower")])
def test_rkky(make_system, make_mesh, write, order):
    layers = {
        "lower": df.Region(p1=(0, 0, 0), p2=(20e-9, 10e-9, 2e-9)),
        "upper": df.Region(p1=(0, 0, 2e-9), p2=(20e-9, 10e-9, 4e-9)),
    }
    rkky = mm.RKKY(sigma=-1e-4, sigma2=1e-5, subregions=list(order))
    _, check = write(make_system(make_mesh(subregions=layers), energy=rkky + mm.Demag(asymptotic_radius=6)))
    check()


def test_a_matrix_of_time_on_a_field(make_system, write):
    def turn(t):
        return [np.cos(1e9 * t), -np.sin(1e9 * t), 0, np.sin(1e9 * t), np.cos(1e9 * t), 0, 0, 0, 1]

    _, check = write(make_system(energy=mm.Zeeman(H={"left": (1e5, 0, 0)}, func=turn, dt=1e-12)))
    check()


TCL = {"script": "proc Pulse { total_time } { return 1 }\n", "script_args": "total_time", "script_name": "Pulse"}
PROFILES = {
    "constant": {},
    "function": {"func": lambda t: 1 - 1e9 * t, "dt": 1e-12},
    "piecewise": {"func": PiecewiseLinear((0.0, 1e-12), (0.0, 1.0)), "dt": 1e-12},
    "tcl": {"tcl_strings": TCL},
}


@rows("profile", PROFILES.values(), ids=PROFILES)
@rows("vector", [False, True])
@rows("kind", ["number", "dict", "field"])
def test_zhang_li(make_system, make_mesh, write, kind, vector, profile):
    mesh = make_mesh()
    u = (VECTORS if vector else SCALARS)[{"number": "tuple"}.get(kind, kind) if vector else kind](mesh)
    dynamics = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1) + mm.ZhangLi(u=u, beta=0.2, **profile)
    _, check = write(make_system(mesh, dynamics=dynamics))
    check()


@rows("profile", PROFILES.values(), ids=PROFILES)
@rows("temperature", [0, 300])
@rows("kind", ["number", "dict", "field"])
def test_slonczewski(make_system, make_mesh, write, kind, temperature, profile):
    mesh = make_mesh()
    value, field_like = SCALARS[kind](mesh), {} if kind == "number" else {"eps_prime": -0.02}
    torque = mm.Slonczewski(
        J=value,
        P=value,
        Lambda={"left": 1.5} if kind == "dict" else 1.5,
        mp=VECTORS[{"number": "tuple"}.get(kind, kind)](mesh),
        **field_like,
        **profile,
    )
    dynamics = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1) + torque
    driver = oc.TimeDriver(evolver=oc.Xf_ThermSpinXferEvolver(uniform_seed=1)) if temperature else oc.TimeDriver()
    _, check = write(make_system(mesh, dynamics=dynamics, T=temperature), driver, fixed_subregions=["left"])
    check()


@rows("dynamics", ["both", "damping", "precession"])
@rows(
    ("evolver", "temperature"),
    [
        (lambda: oc.EulerEvolver(), 0),
        (lambda: oc.RungeKuttaEvolver(method="rk4", error_rate=1.0), 0),
        (lambda: oc.UHH_ThetaEvolver(fixed_timestep=1e-15, uniform_seed=3), 10),
        (lambda: oc.Xf_ThermHeunEvolver(uniform_seed=3), 10),
        (lambda: oc.Xf_ThermHeunEvolver(uniform_seed=3), 0),
    ],
)
def test_evolvers(make_system, write, evolver, temperature, dynamics):
    terms = {"precession": mm.Precession(gamma0=2.2e5), "damping": mm.Damping(alpha=0.1)}
    chosen = terms["precession"] + terms["damping"] if dynamics == "both" else terms[dynamics]
    driver = oc.TimeDriver(evolver=evolver(), stage_iteration_limit=1000)
    _, check = write(make_system(dynamics=chosen, T=temperature), driver)
    check()


@rows("scalar", list(SCALARS.values())[:4], ids=list(SCALARS)[:4])
def test_damping_and_gyromagnetic_ratio_by_region(make_system, make_mesh, write, scalar):
    mesh = make_mesh()
    dynamics = mm.Precession(gamma0=scalar(mesh)) + mm.Damping(alpha=scalar(mesh))
    _, check = write(make_system(mesh, dynamics=dynamics), fixed_subregions=["right", "left"])
    check()


@rows("bc", ["", "neumann", "x", "zx"])
@rows("subregions", [True, False])
def test_meshes(make_system, make_mesh, write, bc, subregions):
    mesh = make_mesh(bc=bc) if subregions else make_mesh(bc=bc, subregions={})
    _, check = write(make_system(mesh, energy=mm.Exchange(A=1e-11) + mm.DMI(D=1e-3, crystalclass="T")))
    check()


@rows(
    ("driver", "arguments"),
    [
        (lambda: oc.MinDriver(stopping_mxHxm=0.1, evolver=oc.CGEvolver(method="Polak-Ribiere")), {}),
        (lambda: oc.MinDriver(), {"output_step": True, "fixed_subregions": ["left"]}),
        (lambda: oc.HysteresisDriver(), {"Hmin": (0, 0, -1e5), "Hmax": (0, 0, 1e5), "n": 3}),
        (lambda: oc.HysteresisDriver(), {"Hsteps": [[(0, 0, 0), (1e5, 0, 0), 2], [(1e5, 0, 0), (0, 0, 0), 4]]}),
        (lambda: oc.TimeDriver(), {"compute": 'Schedule "Oxs_UniformExchange:exchange:Field" archive Step 1\n'}),
        (lambda: oc.TimeDriver(), {"ovf_format": "txt", "n_threads": 1}),
        (lambda: oc.TimeDriver(), {"ovf_format": "bin4", "verbose": 0}),
    ],
)
def test_drivers(make_system, write, driver, arguments):
    _, check = write(make_system(), driver(), **arguments)
    check()


def test_a_system_driven_before_is_checked_as_it_is_now(make_system, write):
    # oommfc leaves its samples on the terms and its words on the evolver.
    system = make_system(energy=mm.Zeeman(H=(0, 0, 1e5), func=lambda t: 1e9 * t, dt=1e-12))
    driver = oc.TimeDriver()
    for duration in (4e-12, 8e-12):
        _, check = write(system, driver, t=duration)
        check()


numbers = st.floats(min_value=-1e12, max_value=1e12, allow_nan=False)
positive = st.floats(min_value=1e-30, max_value=1e12)
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
        "easy-plane": lambda: mm.UniaxialAnisotropy(K1=draw(numbers), K2=draw(numbers), u=draw(vectors), name="K.2"),
        "cubic": lambda: mm.CubicAnisotropy(K=draw(by_region(numbers)), u1=draw(vectors), u2=draw(vectors)),
        "dmi": lambda: mm.DMI(D=draw(by_region(numbers)), crystalclass=draw(st.sampled_from(["T", "Cnv_y", "D2d_x"]))),
        "zeeman": lambda: mm.Zeeman(H=draw(by_region(vectors))),
        "pulse": lambda: mm.Zeeman(H=draw(vectors), func=lambda t: t, dt=draw(st.floats(1e-13, 1e-11)), name="pulse"),
        "wave": lambda: mm.Zeeman(H=draw(vectors), func="sinc", f=draw(positive), t0=draw(numbers), name="wave"),
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
