"""The ubermag side: drivers, tables, directories."""

import json
import os
import pathlib

import discretisedfield as df
import jax
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet

import runs.native as nc

LLG = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.5)


@pytest.fixture
def system():
    norm = np.full((4, 2, 1, 1), 8e5)
    norm[0, 0] = 0
    energy = mm.Exchange(A=1e-11) + mm.Zeeman(H=(0, 0, 1e5)) + mm.Demag()
    return magnet((4, 2, 1), (1, 0, 0.1), energy, LLG, Ms=norm, name="small")


def test_time_drive_is_readable_by_ubermag(system, tmp_path):
    md = pytest.importorskip("micromagneticdata")
    start = system.m.array.copy()
    nc.TimeDriver().drive(system, t=1e-12, n=2, dirname=str(tmp_path), verbose=0)
    assert system.drive_number == 1
    assert len(system.table.data) == 2
    assert system.table.x == "t"
    assert system.table.units["E"] == "J"
    drive = md.Data("small", dirname=str(tmp_path))[0]
    assert drive.info["driver"] == "TimeDriver"
    assert drive.info["success"] is True
    assert drive.n == 2
    assert list(drive.table.data.columns) == list(system.table.data.columns)
    np.testing.assert_allclose(drive.table.data, system.table.data)
    assert drive.table.units == system.table.units
    np.testing.assert_allclose(drive[-1].array, system.m.array)
    np.testing.assert_allclose(drive.m0.array, start)
    assert np.all(system.m.array[0, 0] == 0)


@pytest.mark.parametrize("representation", ["bin4", "txt"])
def test_second_drive_gets_its_own_directory(system, tmp_path, representation):
    for driver in (nc.MinDriver(), nc.RelaxDriver(stopping_dm_dt=1.0)):
        driver.drive(system, dirname=str(tmp_path), ovf_format=representation, verbose=0)
    information = [json.loads((tmp_path / f"small/drive-{n}/info.json").read_text()) for n in (0, 1)]
    assert [one["driver"] for one in information] == ["MinDriver", "RelaxDriver"]
    with pytest.raises(FileExistsError, match="append=True"):
        nc.MinDriver().drive(system, dirname=str(tmp_path), append=False)


@pytest.mark.slow
def test_nothing_is_written_unless_asked(system, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    nc.TimeDriver(tolerance=1e-4).drive(system, t=1e-12, n=1, save=False)
    nc.compute(system.energy.energy, system)
    assert list(tmp_path.iterdir()) == []
    assert "runs.native TimeDriver" in capsys.readouterr().out


def test_failed_drive_is_recorded_as_failed(system, tmp_path):
    before = system.m.array.copy()
    with pytest.raises(nc.MinimisationError, match=r"raise max_iterations.*drive-0/last_good_state\.omf") as caught:
        nc.MinDriver(max_iterations=1).drive(system, dirname=str(tmp_path), verbose=0)
    information = json.loads((tmp_path / "small/drive-0/info.json").read_text())
    assert information["success"] is False
    assert np.array_equal(system.m.array, before)
    saved = df.Field.from_file(str(tmp_path / "small/drive-0/last_good_state.omf"))
    np.testing.assert_allclose(saved.array, np.nan_to_num(caught.value.magnetisation) * system.m.norm.array)


@pytest.mark.filterwarnings("ignore:overflow")
def test_energy_that_is_no_number_stops_the_minimiser(system):
    system.energy += mm.UniaxialAnisotropy(K=1e308, u=(0, 1, 1))
    with pytest.raises(nc.MinimisationError, match="no step brings the energy down"):
        nc.minimise(system)


@pytest.mark.parametrize(
    ("calculator", "options", "error", "message"),
    [
        (nc.TimeDriver(), {"t": -1e-9, "n": 1}, ValueError, "t="),
        (nc.TimeDriver(), {"t": 1e-9, "n": 0}, ValueError, "n="),
        (nc.TimeDriver(), {"t": 1e-9, "n": 1.5}, ValueError, "n="),
        (nc.TimeDriver(), {"t": 1e-12, "n": 1, "output_step": True}, nc.UnsupportedError, "larger n"),
        (nc.MinDriver(), {"ovf_format": "bin16"}, ValueError, "ovf_format"),
        (nc.MinDriver(), {"n_threads": 0}, ValueError, "n_threads"),
        (nc.MinDriver(), {"runner": object()}, nc.UnsupportedError, "runner"),
        (nc.MinDriver(), {"compute": "Schedule Oxs_Demag::Field archive Step 1"}, nc.UnsupportedError, "compute"),
        (nc.MinDriver(), {"overwrite": True}, TypeError, "overwrite"),
    ],
)
def test_what_a_driver_does_not_take_is_named(system, tmp_path, calculator, options, error, message):
    with pytest.raises(error, match=message):
        calculator.drive(system, dirname=str(tmp_path), **options)
    assert list(tmp_path.iterdir()) == []


def test_empty_equations_and_unknown_evolvers_are_named(system):
    with pytest.raises(AttributeError):
        nc.TimeDriver(evolver=1)
    with pytest.raises(RuntimeError, match="System's dynamics is not defined for 'small'"):
        nc.TimeDriver().drive(mm.System(name="small", m=system.m, energy=system.energy), t=1e-12, n=1)
    with pytest.raises(RuntimeError, match="System's energy is not defined for 'small'"):
        nc.MinDriver().drive(mm.System(name="small", m=system.m))


@pytest.mark.parametrize("driver", ["TimeDriver", "HysteresisDriver"])
def test_an_interrupted_drive_leaves_what_it_reached(system, tmp_path, driver):
    md = pytest.importorskip("micromagneticdata")

    def interrupt(done):
        if done >= (2.5e-12 if driver == "TimeDriver" else 3):
            raise KeyboardInterrupt

    def drive(name, progress=None):
        arguments = (
            {"t": 5e-12, "n": 5} if driver == "TimeDriver" else {"fields": [(0, 0, 1e3 * step) for step in range(5)]}
        )
        getattr(nc, driver)().drive(system, dirname=str(tmp_path / name), verbose=0, progress=progress, **arguments)

    before = system.m.array.copy()
    with pytest.raises(KeyboardInterrupt):
        drive("early", interrupt)
    assert np.array_equal(system.m.array, before)
    drive("whole")
    early, whole = (md.Data("small", dirname=str(tmp_path / name))[0] for name in ("early", "whole"))
    assert early.info["success"] is False
    assert early.n == 3
    assert whole.n == 5
    np.testing.assert_array_equal(early.table.data, whole.table.data.iloc[:3])
    np.testing.assert_array_equal(early[2].array, whole[2].array)


def test_a_state_that_is_kept_is_not_held(system):
    kept, seen = [], []
    m, table = nc.evolve(system, [0, 1e-12, 2e-12], keep=lambda frame, row: kept.append((frame, row)))
    frames, expected = nc.evolve(system, [0, 1e-12, 2e-12], progress=seen.append)
    assert seen == [1e-12, 2e-12]
    assert m.shape == (1, *frames.shape[1:])
    np.testing.assert_array_equal(np.stack([frame for frame, _ in kept]), frames)
    np.testing.assert_array_equal(np.concatenate([row for _, row in kept]), expected)
    np.testing.assert_array_equal(table, expected)


@pytest.mark.parametrize("stopping", [1e-6, 10.0])
def test_minimise_and_relax_find_the_same_rest(system, stopping):
    """With damping to the end, and with the minimiser for the rest."""
    m, table = nc.minimise(system)
    relaxed, other = nc.relax(system, stopping_dm_dt=stopping)
    # At rest the difference is that of the torques; here the weakest field is some 1e5 A/m.
    torque = np.radians(stopping) * 1e9 / (mm.consts.gamma0 / 2)
    np.testing.assert_allclose(m, relaxed, atol=torque / 1e4)
    # That of the energy is of second order in the angle, and it has not fallen below the minimum.
    assert other.E[0] == pytest.approx(table.E[0], rel=1e-9 + (torque / 1e5) ** 2)
    assert other.E[0] > table.E[0] * (1 - 1e-9)
    assert table.max_mxHxm[0] < 1e-4
    assert 0 < other.max_dmdt[0] < stopping


def test_energies_of_the_terms_are_in_every_table(system):
    """They add up, and are those that compute says."""
    drivers = {nc.MinDriver(): {}, nc.RelaxDriver(stopping_dm_dt=10.0): {}, nc.TimeDriver(): {"t": 1e-12, "n": 2}}
    for driver, arguments in drivers.items():
        driver.drive(system, save=False, verbose=0, **arguments)
        last = system.table.data.iloc[-1]
        terms = {"E_exchange": system.energy.exchange, "E_zeeman": system.energy.zeeman, "E_demag": system.energy.demag}
        assert sum(last[name] for name in terms) == pytest.approx(last.E)
        for name, term in terms.items():
            assert last[name] == pytest.approx(nc.compute(term.energy, system), rel=1e-9, abs=1e-9 * abs(last.E))
            assert system.table.units[name] == "J"


def test_every_step_to_rest_is_kept_if_asked(system, tmp_path):
    md = pytest.importorskip("micromagneticdata")
    for number, driver in enumerate((nc.MinDriver(), nc.RelaxDriver())):
        start = system.m.array.copy()
        driver.drive(system, output_step=True, dirname=str(tmp_path), verbose=0)
        table = system.table.data
        assert len(table) > 3
        assert np.all(np.diff(table[system.table.x]) > -1e-30)
        assert table.E.iloc[-1] < table.E.iloc[0]
        drive = md.Drive("small", number, dirname=str(tmp_path), x=system.table.x)
        assert drive.n == len(list((tmp_path / f"small/drive-{number}").glob("small*.omf"))) == len(table)
        assert drive.info["output_step"] is True
        np.testing.assert_allclose(drive[-1].array, system.m.array)
        system.m.array = start


@pytest.mark.parametrize("driver", [nc.MinDriver(), nc.RelaxDriver(), nc.TimeDriver()])
def test_fixed_subregions_stay(driver, tmp_path):
    boxes = {"left": ((0, 0, 0), (2, 2, 1)), "end": ((3, 0, 0), (4, 2, 1))}
    energy = mm.Exchange(A=1e-12) + mm.Zeeman(H=(0, 0, 1e6))
    system = magnet((4, 2, 1), (1, 0, 0.1), energy, LLG, boxes=boxes, name="held")
    before = system.m.array.copy()
    time = {"t": 1e-11, "n": 1} if isinstance(driver, nc.TimeDriver) else {}
    driver.drive(system, fixed_subregions=["left", "end"], dirname=str(tmp_path), verbose=0, **time)
    assert np.array_equal(system.m.array[[0, 1, 3]], before[[0, 1, 3]])
    assert np.all(system.m.array[2, ..., 2] > 2 * before[2, ..., 2])
    assert json.loads((tmp_path / "held/drive-0/info.json").read_text())["fixed_subregions"] == ["left", "end"]
    with pytest.raises(ValueError, match=r"'middle'.*'left', 'end'"):
        driver.drive(system, fixed_subregions=["middle"], save=False, **time)


@pytest.mark.slow
@pytest.mark.oommf
@pytest.mark.parametrize("name", ["MinDriver", "TimeDriver"])
def test_drive_with_held_cells_follows_oommf(name, tmp_path, monkeypatch):
    oc = pytest.importorskip("oommfc")
    monkeypatch.chdir(tmp_path)
    energy = mm.Exchange(A=1.3e-11) + mm.Demag() + mm.Zeeman(H=(0, 1e5, 3e5))
    dynamics = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.3)
    tables, states = [], []
    for calculator in (nc, oc):
        boxes = {"end": ((0, 0, 0), (3, 2, 1))}
        system = magnet((10, 2, 1), (1, 0.1, 0), energy, dynamics, cell=3e-9, boxes=boxes, name="held")
        if name == "MinDriver":
            calculator.MinDriver(stopping_mxHxm=1e-3).drive(system, fixed_subregions=["end"], verbose=0)
        else:
            tight = {"evolver": oc.RungeKuttaEvolver(error_rate=1e-3)} if calculator is oc else {"tolerance": 1e-8}
            calculator.TimeDriver(**tight).drive(system, t=2e-11, n=4, fixed_subregions=["end"], verbose=0)
        tables.append(system.table.data)
        states.append(system.m.orientation.array)
    ours, theirs = tables
    assert np.abs(states[1][-1] - [1, 0, 0]).max() > 0.1
    np.testing.assert_allclose(states[0], states[1], atol=1e-6)
    energies = ["E", "E_exchange", "E_demag", "E_zeeman"]
    np.testing.assert_allclose(ours[energies], theirs[energies], atol=1e-6 * np.abs(theirs.E).max())
    np.testing.assert_allclose(ours[["mx", "my", "mz"]], theirs[["mx", "my", "mz"]], atol=1e-6)


def test_field_of_a_term_that_depends_on_time_is_in_the_table(system, tmp_path):
    """As in oommfc's table: `B_<name>` and its components in mT, at the end of each stretch."""
    omega, amplitude = 2 * np.pi * 1e10, np.array([3e4, 0, -4e4])
    system.energy = mm.Zeeman(H=tuple(amplitude), func=lambda t: np.cos(omega * t), dt=1e-13, name="wave")
    pulse = nc.PiecewiseLinear((0.0, 2e-11, 2e-11), (1.0, 1.0, 0.0))
    system.energy += mm.Zeeman(H=(0, 0, 1e4), func=pulse, name="pulse") + mm.Zeeman(H=(0, 0, 1e3), name="bias")
    nc.TimeDriver().drive(system, t=4e-11, n=4, dirname=str(tmp_path), verbose=0)
    table, to_mt = system.table.data, 1e3 * mm.consts.mu0
    factor = np.cos(omega * table.t)
    np.testing.assert_allclose(table["B_wave"], 5e4 * to_mt * np.abs(factor), rtol=1e-6)
    for column, strength in zip(("Bx_wave", "By_wave", "Bz_wave"), amplitude, strict=True):
        np.testing.assert_allclose(table[column], strength * to_mt * factor, rtol=1e-6)
    # A jump at a kept time shows the value before it.
    np.testing.assert_allclose(table["Bz_pulse"], 1e4 * to_mt * np.array([1, 1, 0, 0]), rtol=1e-6)
    assert "B_bias" not in table
    assert system.table.units["Bx_wave"] == "mT"
    assert {"E_wave", "E_pulse", "E_zeeman_bias"} <= set(table)


def test_time_drive_ends_where_nothing_moves(system):
    nc.TimeDriver(stopping_dm_dt=10.0).drive(system, t=1e-9, n=50, save=False, verbose=0)
    table = system.table.data
    assert 1 < len(table) < 50
    assert table.max_dmdt.iloc[-1] < 10.0 <= table.max_dmdt.iloc[-2]


def test_many_frames_keep_their_order(system, tmp_path):
    """Tools sort the files by name, as text."""
    nc.TimeDriver(tolerance=1e-3).drive(system, t=1.01e-13, n=101, dirname=str(tmp_path), verbose=0)
    names = sorted(path.name for path in (tmp_path / "small/drive-0").glob("small*.omf"))
    assert [int(name.split("-")[-2]) for name in names] == list(range(101))


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="only Linux binds threads to cores")
def test_threads_are_bound_to_cores_and_released(system):
    allowed = os.sched_getaffinity(0)
    seen = []
    quietly = {"n_threads": 1, "save": False, "verbose": 0}
    nc.TimeDriver().drive(system, t=1e-12, n=1, progress=lambda _: seen.append(os.sched_getaffinity(0)), **quietly)
    assert [len(cores) for cores in seen] == [1]
    tasks = [int(task.name) for task in pathlib.Path("/proc/self/task").iterdir()]
    assert all(os.sched_getaffinity(task) == allowed for task in tasks)

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nc.MinDriver().drive(system, progress=interrupt, **quietly)
    assert os.sched_getaffinity(0) == allowed


def test_minimiser_stops_where_rounding_does(system):
    """1e-4 A/m cannot be told from nothing in a field of 1e13 A/m, unless it is asked for."""
    system.energy = mm.Zeeman(H=(0, 0, 1e13))
    m, table = nc.minimise(system)
    assert table.max_mxHxm[0] < 1e-14 * 1e13
    assert np.nanmin(m[..., 2]) == pytest.approx(1, abs=1e-12)


PULL = 1e14
"""A/m; what the moments of `coupled` exert on each other when they are at right angles, over the square root of 2."""


def coupled(seed):
    """Two layers with a strong ferromagnetic coupling: its field vanishes at rest, its rounding does not."""
    layers = {"bottom": ((0, 0, 0), (10, 10, 1)), "top": ((0, 0, 2), (10, 10, 3))}
    norm = np.full((10, 10, 3, 1), 8e5)
    norm[:, :, 1] = 0
    m = np.random.default_rng(seed).normal(size=(10, 10, 3, 3))
    # RKKY's field is 2 sigma / (mu0 Ms Delta) (m_j - m_i), with surfaces Delta = 2 nm apart.
    sigma = PULL * mm.consts.mu0 * 8e5 * 2e-9 / 2
    return magnet((10, 10, 3), m, mm.RKKY(sigma=sigma, subregions=["top", "bottom"]), cell=1e-9, Ms=norm, boxes=layers)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_rounding_is_that_of_the_coupling_where_its_field_vanishes(seed):
    """A component of m near 1 is known to 1.1e-16, so a torque of 0.01 A/m is left between parallel moments."""
    m, table = nc.minimise(coupled(seed))
    assert table.max_mxHxm[0] < 1e-14 * 2 * PULL
    # A torque of 1e-14 of the pull is an angle of 1e-14.
    assert np.linalg.norm(m[:, :, 2] - m[:, :, 0], axis=-1).max() < 3e-14
    np.testing.assert_allclose(np.linalg.norm(m[:, :, 2], axis=-1), 1)


@pytest.fixture
def held():
    """Moments within 1e-13 rad of their fields of 5.9e15 A/m, nearer than which few numbers come.

    One of some hundred directions is always rounded, whatever the processor adds and multiplies at once.
    """
    random = np.random.default_rng(0)
    m = random.normal(size=(8, 8, 2, 3))
    m /= np.linalg.norm(m, axis=-1, keepdims=True)
    system = magnet((8, 8, 2), m)
    H = 5.9e15 * (m + 1e-13 * random.uniform(-0.5, 0.5, m.shape))
    system.energy = mm.Zeeman(H=df.Field(system.m.mesh, nvdim=3, value=H))
    return system


def test_relaxation_stops_where_rounding_does(held):
    m, table = nc.relax(held)
    grain = 1.1e-16 * 5.9e15
    assert 1e-6 < table.max_dmdt[0] < np.degrees(mm.consts.gamma0 / 2 * 100 * grain) * 1e-9
    np.testing.assert_allclose(m, held.m.orientation.array, atol=1e-12)


@pytest.mark.slow
def test_rest_that_rounding_forbids_is_named(held):
    """What is asked for is not loosened; the error says how much rounding may leave, and of what."""
    with pytest.raises(nc.MinimisationError, match=r"rounding may leave 59 A/m of fields of 5.9e\+15 A/m, loosen stop"):
        nc.minimise(held, stopping_mxHxm=1e-4, max_iterations=1000)
    with pytest.raises(nc.MinimisationError, match=r"rounding may leave 59 A/m of.*loosen stopping_dm_dt"):
        nc.relax(held, stopping_dm_dt=1e-6)


def test_minimiser_is_compiled_once(caplog):
    """However often it stops on its way."""
    film = magnet((7, 3, 1), (0.3, 0.1, 1), mm.Demag() + mm.Exchange(A=1e-11))
    with jax.log_compiles():
        nc.MinDriver().drive(film, output_step=True, save=False, verbose=0)
    compiled = [record.getMessage().split()[1] for record in caplog.records if "Compiling" in record.getMessage()]
    assert compiled.count("jit(evaluate)") == 1
    assert "jit(_steps)" not in compiled


def test_delete_removes_the_systems_directory(system, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nc.MinDriver().drive(system, verbose=0)
    nc.delete(system)
    assert list(tmp_path.iterdir()) == []
    assert system.drive_number == 0
    nc.delete(system)
    nc.MinDriver().drive(system, verbose=0)
    (tmp_path / "small").rename(tmp_path / "elsewhere")
    with pytest.raises(FileNotFoundError, match="silent=True"):
        nc.delete(system)
    nc.delete(system, silent=True)
