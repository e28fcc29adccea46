"""What the native engine refuses, and what it says."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from rows import rows

import runs.native as nc

DYNAMICS = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1)


@pytest.fixture
def system():
    mesh = df.Mesh(p1=(0, 0, 0), p2=(8e-9, 4e-9, 2e-9), cell=(2e-9, 2e-9, 2e-9))
    m = df.Field(mesh, nvdim=3, value=(1, 0, 1), norm=8e5)
    return mm.System(name="small", m=m, energy=mm.Zeeman(H=(0, 0, 1e5)), dynamics=DYNAMICS)


@pytest.mark.parametrize(
    "term",
    [
        mm.Zeeman(H=(0, 0, 1), tcl_strings={"script": "", "script_name": "x"}),
        mm.Zeeman(H=(0, 0, 1), func=lambda t: [t] * 3, dt=1e-12),
    ],
    ids=lambda term: repr(term)[:30],
)
def test_unsupported_energy_is_named(system, term):
    system.energy = term
    for run in (lambda: nc.evolve(system, [0, 1e-12]), lambda: nc.minimise(system)):
        with pytest.raises(nc.UnsupportedError, match=f"{type(term).__name__} '{term.name}'"):
            run()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda s: setattr(s, "T", 300), RuntimeError, "T=300 K needs a thermal field"),
        (lambda s: setattr(s, "m", None), ValueError, "no magnetisation"),
        (lambda s: setattr(s, "dynamics", 0), ValueError, "no dynamics"),
        (lambda s: setattr(s.m, "array", np.nan * s.m.array), ValueError, "not finite in 8 cells"),
        (lambda s: setattr(s.m, "array", 0 * s.m.array), ValueError, "Ms"),
        (lambda s: setattr(s.m.mesh, "bc", "dirichlet"), nc.UnsupportedError, "bc='dirichlet'"),
        (lambda s: setattr(s, "energy", mm.DMI(D={"r": 1e-3}, crystalclass="Cnv_z")), ValueError, "value for 'r'"),
        (lambda s: setattr(s, "energy", mm.Exchange(A={"r": 1e-11})), ValueError, "value for 'r'"),
        (lambda s: setattr(s, "energy", mm.Zeeman(H={"typo": (0, 0, 1)})), ValueError, "value for 'typo'"),
        (lambda s: setattr(s, "energy", mm.UniaxialAnisotropy(K=1, u=(0, 0, 0))), ValueError, "u=.* is zero"),
        (lambda s: setattr(s, "energy", mm.UniaxialAnisotropy(K=1)), ValueError, "u is not set"),
        (lambda s: setattr(s, "energy", mm.Zeeman(H=(0, 0, 1), func=lambda t: t)), ValueError, "needs dt"),
        (lambda s: setattr(s, "energy", mm.Zeeman(H=(0, 0, 1), func="sin", f=1e9)), ValueError, "t0"),
        (lambda s: setattr(s, "energy", mm.Zeeman(H=(0, 0, 1), dt=1e-12)), ValueError, "without func"),
        (
            lambda s: setattr(s, "energy", mm.Zeeman(H=(0, 0, 1), func=lambda _: np.nan, dt=1e-12)),
            ValueError,
            "finite",
        ),
        (
            lambda s: setattr(
                s,
                "energy",
                mm.Exchange(A=df.Field(df.Mesh(p1=(0, 0, 0), p2=(1, 1, 1), n=(1, 1, 1)), nvdim=1, value=1.0)),
            ),
            ValueError,
            "another mesh",
        ),
    ],
)
def test_bad_system_is_named(system, change, error, message):
    change(system)
    with pytest.raises(error, match=message):
        nc.evolve(system, [0, 1e-12])


@rows("times", [[], [1e-12], [0, 1e-12, 1e-12], [0, np.nan], [[0, 1]]])
def test_times_must_increase_from_zero(system, times):
    with pytest.raises(ValueError, match="increase from 0"):
        nc.evolve(system, times)


@pytest.mark.slow
def test_broken_integration_tells_the_last_good_time(system):
    pulse = nc.PiecewiseLinear((1e-12, 1e-12), (0.0, 1e20))
    system.energy = mm.Zeeman(H=(0, 0, 1e5), func=pulse)
    with pytest.raises(nc.IntegrationError, match="tolerance") as caught:
        nc.evolve(system, [0, 5e-13, 1e-12, 2e-12])
    assert caught.value.time == 1e-12
    assert np.all(np.isfinite(caught.value.magnetisation))


def test_minimiser_that_stalls_says_so(system):
    with pytest.raises(nc.MinimisationError, match=r"took 1 evaluations.*raise max_iterations") as caught:
        nc.minimise(system, max_iterations=1)
    assert caught.value.magnetisation.shape == (4, 2, 1, 3)


def test_relaxation_that_takes_too_long_says_so(system):
    with pytest.raises(nc.IntegrationError, match="raise longest"):
        nc.relax(system, longest=1e-12)


@pytest.mark.parametrize("find", [nc.minimise, nc.relax])
def test_stopping_criterion_must_be_positive(system, find):
    name = {nc.minimise: "stopping_mxHxm", nc.relax: "stopping_dm_dt"}[find]
    with pytest.raises(ValueError, match=name):
        find(system, **{name: 0})


def at_rest(drive):
    """A film exactly at rest, whose drive alone can move it."""
    mesh = df.Mesh(p1=(0, 0, 0), p2=(12e-9, 6e-9, 1e-9), n=(6, 3, 1))
    m = df.Field(mesh, nvdim=3, value=(0, 0, 1), norm=8e5)
    dynamics = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1) + nc.SpinOrbitTorque(J=3e12, theta_SH=0.3, **drive)
    return mm.System(name="film", m=m, energy=mm.UniaxialAnisotropy(K=8e5, u=(0, 0, 1)), dynamics=dynamics)


@pytest.mark.slow
@pytest.mark.parametrize("ends", [(0.55e-9, 0.95e-9), (10e-12, 40e-12)])
def test_no_pulse_is_stepped_over(ends):
    pulse = nc.PiecewiseLinear(np.repeat(ends, 2), np.array([0, 1, 1, 0]))
    times = [0, ends[1] + 20e-12]
    exact, _ = nc.evolve(at_rest({"func": pulse}), times)
    sampled, _ = nc.evolve(at_rest({"func": lambda t: float(ends[0] < t < ends[1]), "dt": 1e-12}), times)
    moved = np.abs(exact[-1][..., :2]).max()
    assert moved > 1e-3
    # The samples make the pulse's edges 1 ps wide.
    assert np.abs(sampled[-1] - exact[-1]).max() < 0.2 * moved


@rows(
    ("arguments", "message"),
    [
        ({"tolerance": -1e-6}, "tolerance=-1e-06"),
        ({"tolerance": 0.0}, "tolerance=0"),
        ({"stopping_dm_dt": -1.0}, "stopping_dm_dt"),
        ({"tolerance": 1e-6, "thermal": nc.ThermalField(seed=1, time_step=1e-14, temperature=1.0)}, "leave one out"),
        ({"thermal": nc.ThermalField(seed=1, time_step=1e-14)}, "no temperature"),
    ],
)
def test_numbers_that_make_no_sense_are_named(system, arguments, message):
    with pytest.raises(ValueError, match=message):
        nc.evolve(system, [0, 1e-12], **arguments)


def test_a_temperature_needs_damping(system):
    system.dynamics = mm.Precession(gamma0=2.2e5)
    with pytest.raises(ValueError, match="a temperature without damping"):
        nc.evolve(system, [0, 1e-12], thermal=nc.ThermalField(seed=1, time_step=1e-14, temperature=300.0))


def test_the_longest_step_of_a_thermal_run_is_checked(system):
    thermal = nc.ThermalField(seed=1, time_step=1e-11, temperature=1e4)
    with pytest.raises(nc.IntegrationError, match="too long"):
        nc.evolve(system, [0, 1e-15, 1e-10], thermal=thermal)


def test_what_is_refused_leaves_nothing(system, tmp_path):
    system.T = 300
    with pytest.raises(RuntimeError, match="thermal field"):
        nc.TimeDriver().drive(system, t=1e-12, n=1, dirname=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_numpy_numbers_and_stray_directories_are_taken(system, tmp_path):
    (tmp_path / "small" / "drive-0-backup").mkdir(parents=True)
    nc.TimeDriver().drive(system, t=np.float32(1e-13), n=np.int64(2), dirname=str(tmp_path), verbose=0)
    assert (tmp_path / "small" / "drive-0" / "info.json").exists()


@rows("functions", [{"r": "cos"}, {"r": None}, [1.0], {}])
def test_bad_functions_of_regions_are_named(functions):
    with pytest.raises(ValueError, match="PerRegion"):
        nc.PerRegion(functions)
