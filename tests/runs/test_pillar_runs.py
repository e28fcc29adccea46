"""Pillars that are driven through their plane: a macrospin's growth and precession, and voltages on gates."""

import math

import numpy as np
import pytest
from pydantic import ValidationError
from scipy import constants
from scipy.integrate import quad, solve_ivp

from analysis import logic_values
from analysis.schema import check_run
from geometries import Magnet, MagnetArray, Material, Pillar, Stripe, demagnetising_factors
from runs import (
    AlternatingCurrent,
    AlternatingVoltage,
    AtOnce,
    ConstantCurrent,
    ConstantVoltage,
    CurrentPulses,
    Numerics,
    Protocol,
    Relax,
    Rest,
    RunSpec,
    VoltagePulses,
    simulate,
)
from runs.system.demagnetisation import cell_demagnetising_factors
from runs.waveforms.waveform import PiecewiseLinear

engines = pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
FILM = Material(name="film", Ms=6e5, A=1.5e-11, Ku=3e5, alpha=0.05)
GAMMA0 = FILM.gamma0
GATE = {"kind": "voltage_gate", "name": "gate", "efficiency": "60 fJ/(V m)", "barrier_thickness": "1.2 nm"}
NANO = 1e-9


def pillar(layers=1, ratio=0.0, **keys):
    sizes = {
        "length": 16 * NANO,
        "thickness": 1.2 * NANO,
        "cell": (4 * NANO, 4 * NANO, 1.2 * NANO / layers),
        "fixed_layer": "up",
        "barrier": {"resistance_area": 1e-11, "tmr": 1.0, "polarisation": 0.5},
        "terminals": [{"kind": "through_plane", "name": "junction", "field_like_ratio": ratio}, GATE],
    }
    return Pillar(**sizes | keys)


def spec_of(device, *steps, engine="native", demagnetisation=False, frames=20, material=FILM):
    duration = Protocol(steps=steps, sampling_interval=sum(step.duration for step in steps)).duration
    return RunSpec(
        device=device,
        material=material,
        protocol=Protocol(steps=steps, sampling_interval=duration / frames),
        numerics=Numerics(demagnetisation=demagnetisation),
        engine=engine,
    )


def constant(amplitude, duration=0.2 * NANO):
    return ConstantCurrent(amplitude=amplitude, duration=duration, terminal="junction")


def macrospin(times, start, factors=(0, 0, 0), constant=FILM.Ku, current=lambda _: 0.0, ratio=0.0):
    """Gilbert's equation of one moment under Slonczewski's torque along +z, by SciPy; K may be a function of t."""
    spin = constants.hbar * 0.5 / (2 * constants.e * constants.mu_0 * FILM.Ms * 1.2 * NANO)
    anisotropy = constant if callable(constant) else lambda _: constant

    def rate(t, m):
        field = -FILM.Ms * np.array(factors) * m
        field[2] += 2 * anisotropy(t) / (constants.mu_0 * FILM.Ms) * m[2] + ratio * spin * current(t)
        torque = -np.cross(m, field) + spin * current(t) * np.cross(m, np.cross([0, 0, 1], m))
        # dm/dt - alpha m x dm/dt = torque.
        x, y, z = FILM.alpha * m
        return GAMMA0 * np.linalg.solve([[1, z, -y], [-z, 1, x], [y, -x, 1]], torque)

    return solve_ivp(rate, times[[0, -1]], start, t_eval=times, rtol=1e-9, atol=1e-11).y


@pytest.mark.parametrize(
    ("engine", "share", "ratio"),
    [("native", 0.7, 0.0), ("native", 1.5, 0.4), pytest.param("oommf", 1.5, 0.4, marks=pytest.mark.oommf)],
)
def test_a_moment_leaves_its_axis_or_returns_by_the_closed_form_about_the_critical_current(engine, share, ratio):
    # Against the polariser dm_z/dt = gamma0 / (1 + alpha^2) (1 - m_z^2) [a + alpha b + alpha H_K m_z], and the bracket
    # is 0 at m_z = -1 and the critical current. Divided and integrated it says how long the way takes.
    device = pillar(ratio=ratio, start="down", start_tilt=0.3)
    field = 2 * FILM.Ku / (constants.mu_0 * FILM.Ms)
    # Where the bracket is 0, a = hbar P J / (2 e mu0 Ms t).
    torque = constants.hbar * device.barrier.spin_polarisation / (2 * constants.e * constants.mu_0 * FILM.Ms)
    critical = FILM.alpha * field / (1 + FILM.alpha * ratio) / torque * device.thickness
    run = simulate(spec_of(device, constant(share * critical), engine=engine))
    speed = GAMMA0 * FILM.alpha * field / (1 + FILM.alpha**2)
    first, last = float(run["mz"][0]), float(run["mz"][-1])
    expected = quad(lambda z: 1 / (speed * (1 - z**2) * (share + z)), first, last)[0]
    assert (last > first) == (share > 1)
    assert expected == pytest.approx(0.2 * NANO, rel=0.005)


@engines
def test_a_pillar_in_its_plane_precesses_as_a_macrospin_of_its_cells(engine):
    device = pillar(length=24 * NANO, width=16 * NANO, start="right", start_tilt=0.3, ratio=0.3)
    soft = FILM.model_copy(update={"Ku": 1e4})
    spec = spec_of(device, constant(8e11, 0.3 * NANO), engine=engine, demagnetisation=True, material=soft)
    run = simulate(spec)
    start = device.initial_magnetisation(FILM)[device.mask()][0]
    expected = macrospin(run["t"].values, start, cell_demagnetising_factors(device), 1e4, lambda _: 8e11, ratio=0.3)
    # Exchange keeps so small a pillar together, but the demagnetising field in it is not quite uniform.
    for name, values in zip(("mx", "my", "mz"), expected, strict=True):
        np.testing.assert_allclose(run[name], values, atol=0.02)
    assert np.ptp(expected[2]) > 0.2


@pytest.mark.slow
@engines
def test_pulses_and_sines_on_the_junction_are_a_macrospins(engine):
    device = pillar(start="down", start_tilt=0.2)
    steps = [
        CurrentPulses(amplitude=4e12, width=0.1 * NANO, period=0.1 * NANO, rise=0.02 * NANO, terminal="junction"),
        AlternatingCurrent(amplitude=4e12, frequency=10e9, duration=0.2 * NANO, terminal="junction"),
    ]
    spec = spec_of(device, *steps, engine=engine)
    run = simulate(spec)
    start = device.initial_magnetisation(FILM)[device.mask()][0]
    expected = macrospin(run["t"].values, start, current=lambda t: float(spec.protocol.current("junction")(t)))
    # OOMMF lets a step be off by 0.2 degrees.
    tolerance = math.radians(0.2) if engine == "oommf" else 1e-3
    for name, values in zip(("mx", "my", "mz"), expected, strict=True):
        np.testing.assert_allclose(run[name], values, atol=tolerance)


@pytest.mark.slow
@pytest.mark.parametrize("layers", [1, 2])
def test_a_voltage_changes_the_anisotropy_as_its_waveform_does(layers):
    # Delta K = -xi V / (t_b t): 60 fJ/(V m) at 2 V over 1.2 nm on 1.2 nm is 83 kJ/m3, whatever the layers of cells.
    device = pillar(layers, start=(1, 0, 2))
    spec = spec_of(device, AlternatingVoltage(amplitude=2, frequency=5e9, duration=0.3 * NANO, terminal="gate"))
    run = simulate(spec)
    change = 60e-15 / (1.2 * NANO) ** 2

    def anisotropy(t):
        return FILM.Ku - change * 2 * math.sin(2 * math.pi * 5e9 * t)

    start = np.array([1, 0, 2]) / math.sqrt(5)
    for name, values in zip(("mx", "my", "mz"), macrospin(run["t"].values, start, constant=anisotropy), strict=True):
        np.testing.assert_allclose(run[name], values, atol=2e-4)
    still = macrospin(run["t"].values, start)
    assert np.abs(still[0] - run["mx"]).max() > 0.05
    check_run(run, complete=True)
    assert run["voltage"].attrs["units"] == "V"
    assert float(run["voltage"].max()) == pytest.approx(2, rel=0.05)
    # The energy has the change in it: -Delta K m_z^2 in the volume of the cells, K counted from m along z.
    volume = device.mask().sum() * math.prod(device.cell)
    expected = volume * (FILM.Ku * (1 - run["mz"] ** 2) + change * run["voltage"] * run["mz"] ** 2)
    np.testing.assert_allclose(run["energy"], expected, rtol=1e-4)


def test_a_gate_acts_under_its_region_only():
    device = Stripe(
        length=32 * NANO,
        width=8 * NANO,
        thickness=1.2 * NANO,
        cell=(4 * NANO, 4 * NANO, 1.2 * NANO),
        terminals=[GATE | {"x": (0, 16 * NANO)}],
    )
    from runs.system import build_system

    step = VoltagePulses(amplitude=1, width=NANO, period=NANO, polarity="negative")
    spec = spec_of(device, step)
    (term,) = [each for each in build_system(spec, drive=True).energy if each.name == "gate_gate"]
    change = 60e-15 / (1.2 * NANO) ** 2
    np.testing.assert_allclose(term.K.array[:4] * term.func(0.5 * NANO), change, rtol=1e-12)
    assert not term.K.array[4:].any()
    assert isinstance(term.func, PiecewiseLinear)
    with pytest.raises(ValueError, match="terminal 'gate': a voltage on a gate cannot be written as Tcl"):
        build_system(spec, drive=True, time_dependence="tcl")


def test_oommf_is_refused_a_voltage_by_name_and_takes_a_gate_that_is_not_driven():
    both = AtOnce(branches=[[constant(1e10)], [ConstantVoltage(amplitude=0.5, duration=0.2 * NANO, terminal="gate")]])
    protocol = Protocol(steps=[both], sampling_interval=0.1 * NANO)
    keys = {"device": pillar(), "material": FILM, "protocol": protocol}
    assert RunSpec(**keys).engine == "native"
    with pytest.raises(
        ValidationError, match=r"terminal 'gate' \(voltage_gate\), and engine is 'oommf'.*use engine 'native'"
    ):
        RunSpec(**keys, engine="oommf")
    assert spec_of(pillar(), constant(1e10), engine="oommf").engine == "oommf"


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            CurrentPulses(amplitude=1e10, width=NANO, period=NANO, terminal="gate"),
            r"'gate' \(voltage_gate\) takes a voltage in V; use 'voltage pulses', 'constant voltage'",
        ),
        (
            ConstantVoltage(amplitude=1, duration=NANO, terminal="junction"),
            r"'junction' \(through_plane\) takes a current density",
        ),
    ],
)
def test_a_gate_takes_voltages_and_a_junction_currents(step, message):
    with pytest.raises(ValidationError, match=message):
        spec_of(pillar(), step)


def test_the_junction_of_a_pillar_is_no_part_of_a_runs_id():
    made = pillar(terminals=Pillar.model_fields["terminals"].default)
    step = ConstantCurrent(amplitude=1e10, duration=NANO)
    assert "junction" not in spec_of(made, step).canonical_json()
    other = made.model_copy(update={"barrier": made.barrier.model_copy(update={"polarisation": 0.4})})
    assert spec_of(made, step).run_id != spec_of(other, step).run_id


def test_the_factors_of_finer_cells_come_nearer_to_those_of_the_outline():
    errors = []
    for cell in (2, 1, 0.5):
        device = pillar(length=24 * NANO, width=16 * NANO, thickness=8 * NANO, cell=(cell * NANO,) * 3)
        of_cells, of_outline = cell_demagnetising_factors(device), demagnetising_factors(24e-9, 16e-9, 8e-9)
        assert sum(of_cells) == pytest.approx(1, abs=1e-9)
        errors.append(np.abs(np.subtract(of_cells, of_outline)).max())
    # The steps of the outline are as deep as cells are wide.
    assert errors[2] < 0.7 * errors[1] < 0.7**2 * errors[0]
    assert errors[2] < 0.004


@pytest.mark.slow
def test_the_factors_of_cells_give_the_engines_energy():
    # A single relaxation-free frame: E = mu0 Ms^2 / 2 V m.N m, plus the anisotropy's.
    device = pillar(length=24 * NANO, width=16 * NANO, start=(1, 2, 3))
    run = simulate(spec_of(device, constant(0.0, 1e-12), demagnetisation=True, frames=1))
    m = np.array([1, 2, 3]) / math.sqrt(14)
    volume = device.mask().sum() * math.prod(device.cell)
    shape = 0.5 * constants.mu_0 * FILM.Ms**2 * np.dot(m**2, cell_demagnetising_factors(device))
    assert float(run["energy"][0]) == pytest.approx(volume * (shape + FILM.Ku * (1 - m[2] ** 2)), rel=1e-5)


@pytest.mark.slow
def test_of_a_group_of_junctions_the_driven_one_switches():
    magnets = [Magnet(name=name, x=x, y=0, length=40e-9, width=20e-9) for name, x in (("left", 0), ("right", 60e-9))]
    alone = MagnetArray(magnets=magnets, thickness=2e-9, cell=(4e-9, 4e-9, 2e-9), margin=4e-9)
    middle, end = (alone.shape[0] * alone.cell[0] / half for half in (2, 1))
    layer = {"kind": "through_plane", "polariser": (0, -1, 0), "polarisation": 0.4}
    terminals = [layer | {"name": "left", "x": (0, middle)}, layer | {"name": "right", "x": (middle, end)}]
    spec = RunSpec(
        device=MagnetArray(**alone.model_dump() | {"terminals": terminals}),
        material={"name": "film", "Ms": 8e5, "A": 1.3e-11, "alpha": 0.05},
        # Three times the critical current of the left one; the field takes both off their axes.
        protocol=Protocol(
            steps=[
                Relax(),
                ConstantCurrent(amplitude=1e12, duration=NANO, terminal="left"),
                Rest(duration=NANO),
            ],
            static_field=(4e3, 0, 0),
            sampling_interval=NANO / 2,
        ),
        engine="native",
    )
    values = logic_values(simulate(spec), spec.device).value
    assert values[0].values.tolist() == [1, 1]
    assert values[-1].values.tolist() == [-1, 1]
