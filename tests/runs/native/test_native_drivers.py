"""The ubermag side: drivers, tables, directories."""

import json

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest

import runs.native as nc


@pytest.fixture
def system():
    mesh = df.Mesh(p1=(0, 0, 0), p2=(8e-9, 4e-9, 2e-9), cell=(2e-9, 2e-9, 2e-9))
    norm = np.full((4, 2, 1, 1), 8e5)
    norm[0, 0] = 0
    m = df.Field(mesh, nvdim=3, value=(1, 0, 0.1), norm=norm)
    energy = mm.Exchange(A=1e-11) + mm.Zeeman(H=(0, 0, 1e5)) + mm.Demag()
    return mm.System(name="small", m=m, energy=energy, dynamics=mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.5))


def test_time_drive_is_readable_by_ubermag(system, tmp_path):
    md = pytest.importorskip("micromagneticdata")
    start = system.m.array.copy()
    nc.TimeDriver().drive(system, t=5e-11, n=5, dirname=str(tmp_path), verbose=0)
    assert system.drive_number == 1
    assert len(system.table.data) == 5
    assert system.table.x == "t"
    assert system.table.units["E"] == "J"
    drive = md.Data("small", dirname=str(tmp_path))[0]
    assert drive.info["driver"] == "TimeDriver"
    assert drive.info["success"] is True
    assert drive.n == 5
    np.testing.assert_allclose(drive.table.data["t"], system.table.data["t"])
    np.testing.assert_allclose(drive.table.data["mz"], system.table.data["mz"])
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


def test_nothing_is_written_unless_asked(system, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    nc.TimeDriver(tolerance=1e-4).drive(system, t=1e-12, n=1, save=False)
    nc.compute(system.energy.energy, system)
    assert list(tmp_path.iterdir()) == []
    assert "runs.native TimeDriver" in capsys.readouterr().out


def test_failed_drive_is_recorded_as_failed(system, tmp_path):
    before = system.m.array.copy()
    with pytest.raises(nc.MinimisationError):
        nc.MinDriver(max_iterations=1).drive(system, dirname=str(tmp_path), verbose=0)
    information = json.loads((tmp_path / "small/drive-0/info.json").read_text())
    assert information["success"] is False
    assert np.array_equal(system.m.array, before)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"t": -1e-9, "n": 1}, "t="), ({"t": 1e-9, "n": 0}, "n="), ({"t": 1e-9, "n": 1.5}, "n=")],
)
def test_time_and_number_are_checked(system, arguments, message):
    with pytest.raises(ValueError, match=message):
        nc.TimeDriver().drive(system, save=False, **arguments)


def test_unknown_things_are_refused(system, tmp_path):
    with pytest.raises(AttributeError):
        nc.TimeDriver(evolver=1)
    with pytest.raises(TypeError, match="fixed_subregions"):
        nc.MinDriver().drive(system, fixed_subregions=["r"], dirname=str(tmp_path))
    with pytest.raises(ValueError, match="ovf_format='bin16'"):
        nc.MinDriver().drive(system, ovf_format="bin16", dirname=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_progress_reports_and_can_interrupt(system):
    seen = []
    nc.simulate(system, [0, 1e-12, 3e-12], progress=seen.append)
    assert seen == [1e-12, 3e-12]

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        nc.simulate(system, [0, 1e-12, 3e-12], progress=interrupt)


def test_minimise_and_relax_find_the_same_rest(system):
    m, table = nc.minimise(system, stopping_mxHxm=1e-2)
    relaxed, other = nc.relax(system, stopping_dm_dt=1e-3)
    np.testing.assert_allclose(m, relaxed, atol=1e-4)
    assert table.E[0] == pytest.approx(other.E[0], rel=1e-6)
    assert table.max_mxHxm[0] < 1e-2
    assert other.max_dmdt[0] < 1e-3


def test_minimiser_finds_a_skyrmion():
    mesh = df.Mesh(p1=(0, 0, 0), p2=(60e-9, 60e-9, 0.6e-9), cell=(2e-9, 2e-9, 0.6e-9))

    def core_down(point):
        return (0, 0, -1) if (point[0] - 30e-9) ** 2 + (point[1] - 30e-9) ** 2 < (10e-9) ** 2 else (0, 0, 1)

    system = mm.System(name="skyrmion", m=df.Field(mesh, nvdim=3, value=core_down, norm=5.8e5))
    system.energy = mm.Exchange(A=1.5e-11) + mm.UniaxialAnisotropy(K=8e5, u=(0, 0, 1)) + mm.Demag()
    system.energy += mm.DMI(D=3.2e-3, crystalclass="Cnv_z")
    m, table = nc.minimise(system)
    assert table.max_mxHxm[0] < 0.1
    assert m[15, 15, 0, 2] < -0.9
    # The wall of a skyrmion with D > 0 in micromagneticmodel's sign points outwards from the reversed core.
    assert np.abs(m[..., :2]).max() > 0.9


def test_empty_equations_are_named(system):
    with pytest.raises(RuntimeError, match="System's dynamics is not defined for 'small'"):
        nc.TimeDriver().drive(mm.System(name="small", m=system.m, energy=system.energy), t=1e-12, n=1)
    with pytest.raises(RuntimeError, match="System's energy is not defined for 'small'"):
        nc.MinDriver().drive(mm.System(name="small", m=system.m))


def test_delete_removes_the_systems_directory(system, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nc.MinDriver().drive(system, verbose=0)
    nc.delete(system)
    assert list(tmp_path.iterdir()) == []
    assert system.drive_number == 0
    nc.delete(system, silent=True)
    with pytest.raises(FileNotFoundError, match="silent=True"):
        nc.delete(system)
