"""Exports of synapses by the rules of their readers, what is refused, and the command."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from solitons import load_model, save_model
from solitons.commands import cli
from solitons.devices import Spreads, TabulatedSynapse
from solitons.devices.synapse import example_synapse
from solitons.exports import CannotExpressError, ExportSettings, export_model, export_models, read_table
from solitons.exports.aihwkit_device import aihwkit_module
from solitons.exports.crosssim import crosssim_device, crosssim_tables
from solitons.fits.provenance import PulseProvenance

from .conftest import wall_origin


@pytest.fixture(scope="module")
def device():
    return TabulatedSynapse(
        lowest=10e-6,
        highest=50e-6,
        up=[3e-6, 2e-6, 0.5e-6],
        down=[-0.2e-6, -1e-6, -4e-6],
        cycle_up=0.3e-6,
        cycle_down=0.2e-6,
    )


def as_crosssim_reads(path):
    """The rules of CrossSim 2's reader: three blocks by line, and means over all rows but the last."""
    conductance = np.genfromtxt(path, delimiter=",", skip_header=1, max_rows=1)
    probability = np.genfromtxt(path, delimiter=",", skip_header=2, max_rows=1)
    changes = np.genfromtxt(path, delimiter=",", skip_header=3)
    share = np.diff(probability)
    assert np.ptp(share) < share.max() / 1e4, "its fast interpolation needs equal spacings"
    width = np.diff(conductance)
    assert np.ptp(width) < width.max() / 1e4
    return conductance, probability, changes, share @ changes[:-1]


def test_crosssim_reads_the_steps_and_their_spread(device, tmp_path):
    found = {}
    for name, content in zip(("increasing", "decreasing"), crosssim_tables(device), strict=True):
        (tmp_path / name).write_text(content)
        found[name] = as_crosssim_reads(tmp_path / name)
    for one, other in zip(found["increasing"][:2], found["decreasing"][:2], strict=True):
        np.testing.assert_array_equal(one, other)
    conductance, probability, changes, mean = found["increasing"]
    # It leaves out the last row, so that a 400th of the noise's end is missing.
    np.testing.assert_allclose(mean, device.mean_step(conductance, 1), atol=0.3e-6 * 3.5 / 400)
    np.testing.assert_allclose(found["decreasing"][3], device.mean_step(conductance, -1), atol=0.2e-6 * 3.5 / 400)
    assert mean.mean() > 0 > found["decreasing"][3].mean()
    # Its quantiles are those of the noise.
    quartiles = changes[np.searchsorted(probability, [0.25, 0.75]), 0] - device.mean_step(10e-6, 1)
    np.testing.assert_allclose(quartiles, 0.3e-6 * stats.norm.ppf([0.25, 0.75]), rtol=0.01)
    assert (conductance[0], conductance[-1]) == (10e-6, 50e-6)


def test_crosssim_needs_pulses_of_both_signs(device):
    with pytest.raises(ValueError, match=r"pulses down change the conductance by 0 S in the mean"):
        crosssim_tables(replace(device, down=np.zeros(3)))


def test_the_device_of_crosssim_3_writes_what_counted_pulses_write(device, monkeypatch):
    """With a stand-in for its backend and its base class, by the rules of its `IDevice`."""
    import sys
    import types

    backend = types.ModuleType("simulator.backend")
    backend.ComputeBackend = lambda: np
    devices = types.ModuleType("simulator.devices.idevice")
    devices.EmptyDevice = type("EmptyDevice", (), {"__init__": lambda *_: None})
    for name, module in (
        ("simulator", types.ModuleType("simulator")),
        ("simulator.backend", backend),
        ("simulator.devices", types.ModuleType("simulator.devices")),
        ("simulator.devices.idevice", devices),
    ):
        monkeypatch.setitem(sys.modules, name, module)
    exported = {}
    exec(crosssim_device(device, seed=1), exported)
    made = exported["SolitonSynapse"](None, None)
    np.random.seed(3)  # noqa: NPY002 (CrossSim draws from NumPy's own)
    target = np.full(4000, 30e-6)
    written = made.programming_error(target / 50e-6) * 50e-6
    true = device.write(target, seed=9).conductance
    assert written.mean() == pytest.approx(true.mean(), rel=0.01)
    assert written.std() == pytest.approx(true.std(), rel=0.1)


def test_what_is_lost_is_refused_by_name(device):
    unlike = replace(device, gain=0.2, read_noise=1e-6)
    with pytest.raises(
        CannotExpressError, match=r"steps differ by 20\.0%\. Its readings are exact.*--accept device_sp"
    ):
        crosssim_tables(unlike)
    crosssim_tables(unlike, accept=("device_spread", "read_noise"))
    crosssim_device(unlike)
    with pytest.raises(CannotExpressError, match=r"noise of a pulse is a share of the step, here 1\d%"):
        aihwkit_module(device)
    with pytest.raises(ValueError, match="pulses down do nothing"):
        aihwkit_module(replace(device, down=np.zeros(3)))


def test_a_failed_fit_is_not_exported(device, tmp_path):
    origin = PulseProvenance(source="x.csv", model="constant", devices=1, cycles=1, pulses=40, verdict="failed")
    with pytest.raises(CannotExpressError, match=r"the fit that it comes from failed.*--accept failed_fit"):
        export_model(replace(device, provenance=origin), "crosssim", tmp_path / "out", "x")
    assert not list(tmp_path.iterdir())


def test_a_folder_of_models_is_exported(device, fitted, tmp_path):
    folder = tmp_path / "campaign"
    folder.mkdir()
    save_model(device, folder / "synapse.json")
    (folder / "summary.json").write_text("{}")
    written = export_models(folder, "crosssim", tmp_path / "out")
    assert sorted(path.name for path in written) == [
        "synapse_crosssim.py",
        "synapse_dG_decreasing.txt",
        "synapse_dG_increasing.txt",
    ]
    with pytest.raises(ValueError, match=r"nir takes a neuron, and .* has synapse.json \(TabulatedSynapse\)"):
        export_models(folder, "nir", tmp_path / "other")
    with pytest.raises(ValueError, match=r"'xml' is no target; neurons go to brian2, nir, norse"):
        export_models(folder, "xml", tmp_path / "other")
    with pytest.raises(ValueError, match=r"is not there; give a campaign's folder"):
        export_models(tmp_path / "nothing", "nir", tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_the_command_fits_a_file_and_exports_it(measured, tmp_path, capsys):
    lines = ["# pulse: 1 V, 100 ns", "pulse,sign,cycle,conductance (uS)"]
    for each in measured.sequences:
        for number, value in enumerate(each.conductance):
            sign = "" if number == 0 else each.sign[number - 1]
            lines.append(f"{number},{sign},{each.cycle},{1e6 * float(value)!r}")
    (tmp_path / "mine.csv").write_text("\n".join(lines))
    cli.app(["fit-pulses", str(tmp_path / "mine.csv")], exit_on_error=False, result_action="return_value")
    printed = capsys.readouterr().out
    assert "mine.csv: limited; 480 pulses of 1 device, a pulse is exponential" in printed
    synapse = load_model(tmp_path / "mine_synapse.json")
    assert synapse.provenance.pulse == "1 V, 100 ns"
    assert read_table(tmp_path / "mine_table.nc").attrs["verdict"] == "limited"
    accepted = ["--accept", "read_noise", "--accept", "noise_of_small_steps"]
    cli.app(
        ["export", str(tmp_path / "mine_synapse.json"), "--to", "aihwkit", "--out", str(tmp_path / "out"), *accepted],
        exit_on_error=False,
        result_action="return_value",
    )
    assert "PiecewiseStepDevice(" in (tmp_path / "out" / "mine_synapse_aihwkit.py").read_text()


def test_the_command_writes_nothing_of_a_failed_fit(tmp_path, capsys):
    """Two short cycles of a conductance that wanders by itself."""
    noise = np.random.default_rng(3).standard_normal((2, 13))
    lines = ["pulse,sign,cycle,conductance (uS)"]
    for cycle, values in enumerate(noise):
        lines += [f"{n},{1 if n <= 6 else -1},{cycle},{20 + float(value)!r}" for n, value in enumerate(values)]
    (tmp_path / "noise.csv").write_text("\n".join(lines))
    command = ["fit-pulses", str(tmp_path / "noise.csv"), "--out", str(tmp_path / "out")]
    with pytest.raises(ValueError, match=r"noise\.csv: the fit failed, so that no synapse and no table were written"):
        cli.app(command, exit_on_error=False, result_action="return_value")
    printed = capsys.readouterr().out
    assert "noise.csv: failed; 24 pulses" in printed
    assert "nan" not in printed
    assert [file.name for file in tmp_path.iterdir()] == ["noise.csv"]


def test_a_refused_model_leaves_no_other_behind(device, tmp_path):
    folder = tmp_path / "campaign"
    folder.mkdir()
    save_model(device, folder / "a.json")
    save_model(replace(device, read_noise=1e-6), folder / "b.json")
    with pytest.raises(CannotExpressError, match=r"Its readings are exact"):
        export_models(folder, "crosssim", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_wall_goes_to_a_table_by_pulses_that_are_asked_for(synapse, tmp_path):
    with pytest.raises(ValueError, match="no pulse is known for it; give --amplitude and --width"):
        export_model(synapse, "csv", tmp_path, "wall")
    settings = ExportSettings(amplitude=5e11, width=0.4e-9)
    (path,) = export_model(replace(synapse, left=50e-9, right=250e-9), "csv", tmp_path, "wall", settings)
    table = read_table(path)
    assert table.attrs["verdict"] in ("trusted", "limited")
    assert 2e-4 < float(table.conductance.min()) < 2.1e-4
    assert 4.9e-4 < float(table.conductance.max()) < 5.1e-4


@pytest.mark.slow
def test_a_fitted_wall_goes_with_where_it_comes_from(synapse, tmp_path):
    origin = wall_origin((4e11, 6e11), "limited")
    fitted_wall = replace(synapse, wall=replace(synapse.wall, provenance=origin), left=50e-9, right=250e-9)
    (path,) = export_model(fitted_wall, "netcdf", tmp_path, "wall")
    table = read_table(path)
    assert table.attrs["origin"] == origin.model_dump_json()
    # The middle of its amplitudes, and its shortest width.
    assert "0.5 × 10¹² A/m², 400 ps" in table.attrs["provenance"]


@pytest.mark.slow
def test_a_spread_that_is_known_by_places_alone_goes_into_the_table(tmp_path):
    unlike = replace(example_synapse(), spreads=Spreads(place=5e-9, devices=8))
    save_model(unlike, tmp_path / "synapse.json")
    (file,) = export_models(
        tmp_path / "synapse.json", "csv", tmp_path / "out", ExportSettings(amplitude=1e12, width=0.4e-9)
    )
    table = read_table(file)
    assert np.isfinite(table.attrs["device_spread_of_gain"])
    assert float(table.device_spread.max()) > 0
