"""What the native engine refuses, and what it says."""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from rows import rows

import runs.native as nc

DYNAMICS = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1)


@pytest.fixture
def system():
    return magnet((4, 2, 1), (1, 0, 1), mm.Zeeman(H=(0, 0, 1e5)), DYNAMICS, name="small")


@rows(
    "term",
    [
        mm.Zeeman(H=(0, 0, 1), tcl_strings={"script": "", "script_name": "x"}),
        mm.Zeeman(H=(0, 0, 1), func=lambda t: [t] * 3, dt=1e-12),
    ],
)
def test_unsupported_energy_is_named(system, term):
    system.energy = term
    for run in (lambda: nc.evolve(system, [0, 1e-12]), lambda: nc.minimise(system)):
        with pytest.raises(nc.UnsupportedError, match=f"{type(term).__name__} '{term.name}'"):
            run()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (lambda s: setattr(s, "m", None), ValueError, "no magnetisation"),
        (lambda s: setattr(s, "dynamics", 0), ValueError, "no dynamics"),
        (lambda s: setattr(s.m, "array", np.nan * s.m.array), ValueError, "not finite in 8 cells"),
        (lambda s: setattr(s.m, "array", 0 * s.m.array), ValueError, "Ms"),
        (lambda s: setattr(s.m.mesh, "bc", "dirichlet"), nc.UnsupportedError, "bc='dirichlet'"),
    ],
)
def test_bad_system_is_named(system, change, error, message):
    change(system)
    with pytest.raises(error, match=message):
        nc.evolve(system, [0, 1e-12])


ELSEWHERE = df.Field(df.Mesh(p1=(0, 0, 0), p2=(1, 1, 1), n=(1, 1, 1)), nvdim=1, value=1.0)


@rows(
    ("term", "message"),
    [
        (mm.Zeeman(H={"typo": (0, 0, 1)}), "value for 'typo'"),
        (mm.UniaxialAnisotropy(K=1, u=(0, 0, 0)), "u=.* is zero"),
        (mm.UniaxialAnisotropy(K=1), "u is not set"),
        (mm.Zeeman(H=(0, 0, 1), func=lambda t: t), "needs dt"),
        (mm.Zeeman(H=(0, 0, 1), func="sin", f=1e9), "t0"),
        (mm.Zeeman(H=(0, 0, 1), dt=1e-12), "without func"),
        (mm.Exchange(A=ELSEWHERE), "another mesh"),
    ],
)
def test_bad_term_is_named(system, term, message):
    system.energy = term
    with pytest.raises(ValueError, match=message):
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


def test_relaxation_that_takes_too_long_says_so(system):
    with pytest.raises(nc.IntegrationError, match="raise longest"):
        nc.relax(system, longest=1e-12)


@pytest.mark.parametrize("find", [nc.minimise, nc.relax])
def test_stopping_criterion_must_be_positive(system, find):
    name = {nc.minimise: "stopping_mxHxm", nc.relax: "stopping_dm_dt"}[find]
    with pytest.raises(ValueError, match=name):
        find(system, **{name: 0})


@pytest.mark.slow
@pytest.mark.parametrize("ends", [(0.55e-9, 0.95e-9), (10e-12, 40e-12)])
def test_no_pulse_is_stepped_over(ends):
    """A film exactly at rest, whose drive alone can move it."""

    def driven(**drive):
        dynamics = DYNAMICS + nc.SpinOrbitTorque(J=3e12, theta_SH=0.3, **drive)
        film = magnet(
            (6, 3, 1), (0, 0, 1), mm.UniaxialAnisotropy(K=8e5, u=(0, 0, 1)), dynamics, cell=(2e-9, 2e-9, 1e-9)
        )
        return nc.evolve(film, [0, ends[1] + 20e-12])[0]

    exact = driven(func=nc.PiecewiseLinear(np.repeat(ends, 2), np.array([0, 1, 1, 0])))
    sampled = driven(func=lambda t: float(ends[0] < t < ends[1]), dt=1e-12)
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
    ],
)
def test_numbers_that_make_no_sense_are_named(system, arguments, message):
    with pytest.raises(ValueError, match=message):
        nc.evolve(system, [0, 1e-12], **arguments)


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
