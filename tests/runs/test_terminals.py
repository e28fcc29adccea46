"""Terminals: each drives the torque of its kind, where it is and as long as its waveform says."""

import math
import warnings
from typing import Literal

import micromagneticmodel as mm
import numpy as np
import pytest
from announced import announce
from pydantic import ValidationError
from rows import rows
from scipy import constants

from analysis.schema import check_run, current_density_of
from geometries import SpinIce, Stripe
from geometries.wires import AbstractWire
from runs import (
    AlternatingCurrent,
    AtOnce,
    CurrentPulses,
    Numerics,
    Protocol,
    Rest,
    RunSpec,
    StripLinePulses,
    simulate,
)
from runs.protocols.abstract import Channel
from runs.system import build_system, drift_velocity
from runs.system.fields import driven_fields
from runs.system.torques import torques

# Cells that are macrospins of their own are coarse.
pytestmark = pytest.mark.filterwarnings("ignore:the cell is")
engines = pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
FILM = {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 3e5, "alpha": 0.5, "P": 0.5, "spin_hall_angle": 0.1}
CURRENT = {"kind": "in_plane", "name": "current"}
METAL = {"kind": "heavy_metal", "name": "metal"}
JUNCTION = {"kind": "through_plane", "name": "junction", "polariser": (1, 0, 0), "polarisation": 0.4}
LINE = {"kind": "strip_line", "name": "line", "centre": 16e-9, "width": 40e-9, "height": 20e-9}
ANISOTROPY_FIELD = 2 * 3e5 / (constants.mu_0 * 6e5)


def pulse(terminal=None, amplitude=4e11, width=2e-9):
    return CurrentPulses(amplitude=amplitude, width=width, period=width, terminal=terminal)


def spec_of(terminals, steps, engine="native", layers=1, walls=(), parts=(), **material):
    device = Stripe(
        length=32e-9,
        width=8e-9,
        thickness=1e-9,
        cell=(4e-9, 4e-9, 1e-9 / layers),
        terminals=terminals,
        walls=walls,
        parts=parts,
    )
    interval = Protocol(steps=steps, sampling_interval=sum(step.duration for step in steps)).duration / 10
    return RunSpec(
        device=device,
        material=FILM | material,
        protocol=Protocol(steps=steps, sampling_interval=interval),
        numerics=Numerics(demagnetisation=False),
        engine=engine,
    )


def end(run):
    """The last frame under the full current."""
    return run["m"].isel(t=-2).values


@engines
def test_a_current_through_the_plane_tilts_a_macrospin_by_the_closed_form(engine):
    # m x (H_K m_z z + a m x p) = 0 with p = x has the solution m = (0, sin t, cos t), sin 2t = 2 a / H_K.
    density, run = 4e11, simulate(spec_of([JUNCTION], [pulse()], engine))
    a = constants.hbar * 0.4 * density / (2 * constants.e * constants.mu_0 * 6e5 * 1e-9)
    tilt = 0.5 * math.asin(2 * a / ANISOTROPY_FIELD)
    np.testing.assert_allclose(end(run)[..., 1], math.sin(tilt), atol=2e-5)
    np.testing.assert_allclose(end(run)[..., 0], 0.0, atol=2e-5)


@pytest.mark.slow
@engines
def test_layers_share_a_spin_current(engine):
    once, twice = (simulate(spec_of([METAL], [pulse()], engine, layers=layers)) for layers in (1, 2))
    np.testing.assert_allclose(once["m"].isel(z=0), twice["m"].isel(z=0), atol=2e-5)
    assert abs(float(once["mx"][-2])) > 0.01


@engines
@pytest.mark.parametrize("angle", [0.1, -0.1])
def test_a_heavy_metal_acts_only_under_its_region(engine, angle):
    # Almost without exchange every cell is a macrospin of its own.
    left = METAL | {"x": (0, 16e-9), "spin_hall_angle": angle}
    run = simulate(spec_of([left], [pulse()], engine, A=1e-20))
    a = constants.hbar * angle * 4e11 / (2 * constants.e * constants.mu_0 * 6e5 * 1e-9)
    tilt = 0.5 * math.asin(2 * a / ANISOTROPY_FIELD)
    np.testing.assert_allclose(end(run)[:4, ..., 0], -math.sin(tilt), atol=2e-5)
    np.testing.assert_allclose(end(run)[4:, ..., 0], 0.0, atol=2e-5)


@engines
def test_the_direction_of_a_metals_current_turns_its_spins(engine):
    along_x = METAL | {"spin_hall_angle": -0.1}
    along_y = along_x | {"direction": (0, 1, 0)}
    reference, turned = (simulate(spec_of([each], [pulse()], engine)) for each in (along_x, along_y))
    # z x J turns from +y to -x, and the tilt from -x to -y; the other way where the spin Hall angle is negative.
    np.testing.assert_allclose(turned["my"][:-1], reference["mx"][:-1], atol=2e-5)
    assert float(reference["mx"][-2]) > 0.01


def test_parts_have_their_own_spin_hall_angles():
    parts = [{"name": "other", "x": (16e-9, 32e-9), "material": FILM | {"A": 1e-20, "spin_hall_angle": -0.05}}]
    run = simulate(spec_of([METAL], [pulse()], parts=parts, A=1e-20))
    left, right = end(run)[:4, ..., 0].mean(), end(run)[4:, ..., 0].mean()
    assert left < -0.01
    assert right == pytest.approx(-left / 2, rel=2e-3)


WALL = [{"position": 14e-9, "kind": "bloch", "width": 4e-9}]


@pytest.mark.slow
@pytest.mark.oommf
@pytest.mark.parametrize("changes", [{"x": (8e-9, 24e-9)}, {"direction": (1, 1, 0)}, {"direction": (-1, 0, 0)}])
def test_both_engines_have_the_same_current_in_the_plane(changes):
    steps = [pulse(amplitude=2e12, width=0.2e-9)]
    specs = (spec_of([CURRENT | changes], steps, engine, walls=WALL, alpha=0.1) for engine in ("oommf", "native"))
    reference, native = map(simulate, specs)
    for name in ("mx", "my", "mz"):
        np.testing.assert_allclose(native[name], reference[name], atol=5e-4)
    still = simulate(spec_of([CURRENT], [Rest(duration=0.2e-9)], walls=WALL, alpha=0.1))
    assert np.abs(native["mz"] - still["mz"]).max() > 5e-3


def test_a_reversed_direction_is_a_reversed_current():
    u = drift_velocity(spec_of([CURRENT], [pulse()]).material, 4e11)
    term = build_system(spec_of([CURRENT | {"direction": (-1, 0, 0)}], [pulse()]), drive=True).dynamics.zhangli
    np.testing.assert_allclose(term.u, (-u, 0, 0))


@rows("spread", [0.0, 0.03])
@rows("where", [{}, {"x": (0, 180e-9)}])
def test_islands_with_an_ms_of_their_own_have_a_drift_velocity_of_their_own(spread, where):
    ice = SpinIce(
        lattice={"kind": "square", "columns": 1, "rows": 1, "lattice_constant": 180e-9},
        island={"length": 120e-9, "width": 40e-9},
        thickness=5e-9,
        cell=(5e-9, 5e-9, 5e-9),
        disorder={"saturation_magnetisation": spread, "seed": 1},
        terminals=[CURRENT | where],
    )
    protocol = Protocol(steps=[pulse()], sampling_interval=1e-9)
    spec = RunSpec(device=ice, material=FILM, protocol=protocol)
    u = build_system(spec, drive=True).dynamics.zhangli.u
    if not spread and not where:
        assert u == drift_velocity(spec.material, 4e11)
        return
    # u = -mu_B P J / (e Ms) with the Ms of the island, so that u Ms is that of the current everywhere.
    cells, values = ice.terminal().cells(ice), ice.saturation_magnetisation(spec.material)
    expected = drift_velocity(spec.material, 4e11) * spec.material.Ms
    np.testing.assert_allclose(u.array[cells, 0] * values[cells], expected, rtol=1e-12)
    assert not u.array[~cells].any()
    assert np.unique(u.array[cells, 0]).size == (np.unique(values[cells]).size if spread else 1)


def test_a_kind_of_terminal_that_contributes_nothing_is_refused():
    spec = spec_of([CURRENT], [pulse()])
    gate = spec.device.terminal().model_copy(update={"kind": "gate", "name": "upper"})
    channels = [Channel(gate, spec.protocol.current())]
    mesh, parts = spec.device.mesh(), spec.device.placed_parts(spec.material)
    with pytest.raises(AssertionError, match=r"InPlaneCurrent.name='upper'"):
        torques(spec.device, parts, channels, mesh, "function")
    with pytest.raises(AssertionError, match=r"InPlaneCurrent.name='upper'"):
        driven_fields(spec.device, spec.protocol, channels, mesh, "function")


@engines
@pytest.mark.parametrize("changes", [{}, {"grounds": {"gap": 10e-9, "width": 20e-9}}], ids=["single", "coplanar"])
def test_a_strip_line_makes_its_field(engine, changes):
    spec = spec_of([LINE | changes], [StripLinePulses(amplitude=20e-3, width=2e-9, period=2e-9)], engine, A=1e-20)
    run, field = simulate(spec), spec.device.terminal().field_in(spec.device)
    # At rest m is parallel to the field, anisotropy included.
    m = end(run).astype(float)
    total = 20e-3 * field + ANISOTROPY_FIELD * m[..., 2:] * np.array([0, 0, 1])
    np.testing.assert_allclose(np.cross(m, total), 0, atol=2e-4 * ANISOTROPY_FIELD)
    assert np.abs(m[..., 0]).max() > 0.05
    assert run["current"].dims == ("t",)
    np.testing.assert_allclose(run["current"][5], 20e-3)


@pytest.mark.slow
def test_two_terminals_have_their_own_waveforms_at_once():
    left, right = (METAL | {"name": name, "x": x} for name, x in (("left", (0, 16e-9)), ("right", (16e-9, 32e-9))))
    wave = AlternatingCurrent(amplitude=4e11, frequency=2e9, duration=2e-9, terminal="right")
    both = simulate(spec_of([left, right], [AtOnce(branches=[[pulse("left")], [wave]])], A=1e-20))
    one = simulate(spec_of([left], [pulse()], A=1e-20))
    other = simulate(spec_of([right], [wave], A=1e-20))
    np.testing.assert_allclose(both["m"][:, :4], one["m"][:, :4], atol=1e-5)
    np.testing.assert_allclose(both["m"][:, 4:], other["m"][:, 4:], atol=1e-5)
    check_run(both, complete=True)
    with pytest.raises(
        ValueError, match=r"several terminals, 'left', 'right'.*choose it with run\.sel\(terminal='left'\)"
    ):
        current_density_of(both, purpose="a pulse summary")
    np.testing.assert_array_equal(
        current_density_of(both.sel(terminal="left"), purpose="a pulse summary"), one["current_density"]
    )
    assert both["current_density"].dims == ("t", "terminal")
    assert both["terminal"].values.tolist() == ["left", "right"]
    np.testing.assert_allclose(both["current_density"].sel(terminal="right"), other["current_density"])


def test_one_current_can_flow_in_magnet_and_metal():
    spec = spec_of([CURRENT, METAL], [pulse(["current", "metal"])])
    dynamics = build_system(spec, drive=True).dynamics
    assert len(dynamics.get(type=mm.ZhangLi)) == len(dynamics.get(type=mm.Slonczewski)) == 1
    assert spec.protocol.current_density.peak == 4e11
    np.testing.assert_allclose(spec.protocol.pulse_edges(), [[0, 2e-9]])


@rows(
    ("terminals", "steps", "message"),
    [
        ([CURRENT, METAL], [pulse()], "there are several terminals; say which of current, metal"),
        ([CURRENT, METAL], [pulse("metla")], "'metla' is no terminal of this stripe; did you mean 'metal'"),
        ([], [pulse()], "has no terminals"),
        (
            [LINE],
            [pulse()],
            r"'current pulses' gives a current density.*'line' \(strip_line\).*use 'strip line pulses'",
        ),
        (
            [METAL],
            [StripLinePulses(amplitude=1e-3, width=1e-9, period=1e-9)],
            "takes a current density.*'current pulses'",
        ),
        ([METAL], [AtOnce(branches=[[pulse()], [pulse("metal")]])], "two steps drive terminal 'metal' at 0 s"),
        (
            [METAL],
            [AtOnce(branches=[[pulse()], [pulse()]])],
            "while 'current pulses' changes the terminal until 2e-09 s",
        ),
    ],
)
def test_steps_that_fit_no_terminal_are_refused(terminals, steps, message):
    with pytest.raises(ValidationError, match=message):
        spec_of(terminals, steps)


@rows("others", [[METAL], [JUNCTION], [CURRENT | {"name": "second"}]])
def test_oommf_is_refused_several_torques_by_their_terminals(others):
    steps = [pulse("current"), pulse(others[0]["name"])]
    spec_of([CURRENT, *others], steps)
    with pytest.raises(
        ValidationError, match=r"currents flow in 2 terminals, 'current' \(in_plane\), .*use engine 'nativ"
    ):
        spec_of([CURRENT, *others], steps, "oommf")


def test_what_is_read_off_several_terminals_needs_a_name():
    protocol = spec_of([CURRENT, METAL], [pulse("current"), pulse("metal", 2e11)]).protocol
    with pytest.raises(ValueError, match="driven differently; say which of 'current', 'metal'"):
        protocol.pulse_edges()
    np.testing.assert_allclose(protocol.pulse_edges("metal"), [[2e-9, 4e-9]])
    assert protocol.current("metal").peak == 2e11
    with pytest.raises(ValueError, match="no step drives terminal 'line'; they drive 'current', 'metal'"):
        protocol.current("line")


@rows("terminal", [None, "current"])
@rows("names", [(None, "current"), ("current", None), (None, None), ("current", "current")])
def test_a_step_may_name_the_only_terminal_or_not(names, terminal):
    spec = spec_of([CURRENT], [pulse(name, amplitude) for name, amplitude in zip(names, (4e11, 2e11), strict=True)])
    (channel,) = spec.protocol.channels(spec.device)
    assert spec.protocol.current(terminal) == channel.waveform
    assert channel.waveform([1e-9, 3e-9]).tolist() == [4e11, 2e11]
    np.testing.assert_allclose(spec.protocol.pulse_edges(terminal), [[0, 2e-9], [2e-9, 4e-9]])
    if names != (None, None):
        with pytest.raises(ValueError, match="no step drives terminal 'line'; they drive 'current'"):
            spec.protocol.current("line")


class RoundWire(AbstractWire):
    """A wire of another package."""

    kind: Literal["round_wire"] = "round_wire"
    height: float

    def field_in(self, device):
        return np.full((*device.shape, 3), 1 / (2 * np.pi * abs(self.height)))

    def describe(self):
        return "round wire"


def test_a_wire_of_another_package_is_a_terminal_that_comes_back_from_text(tmp_path, monkeypatch):
    announce(tmp_path, "my-lab", {"geometries.terminals": {"round_wire": f"{__name__}:RoundWire"}})
    monkeypatch.syspath_prepend(str(tmp_path))
    sizes = {"length": "200 nm", "width": "40 nm", "thickness": "4 nm", "cell": ("5 nm", "5 nm", "2 nm")}
    made = Stripe(**sizes, terminals=[{"kind": "round_wire", "name": "wire", "height": 2e-7}])
    (wire,) = made.terminals
    assert (type(wire), wire.unit, wire.span) == (RoundWire, "A", (None, None))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = type(made).model_validate_json(made.model_dump_json())
    assert again == made
    assert made.plot().figure.axes[0].patches
    steps = [{"do": "constant strip line", "amplitude": "2 mA", "duration": "1 ns", "terminal": "wire"}]
    protocol = {"steps": steps, "sampling_interval": "50 ps"}
    run = RunSpec(device=made, material=FILM, protocol=protocol, engine="native")
    (term,) = (each for each in build_system(run, drive=True).energy if each.name == "strip_line_wire")
    assert np.asarray(term.H.array).max() == pytest.approx(2e-3 / (2 * np.pi * 2e-7))
