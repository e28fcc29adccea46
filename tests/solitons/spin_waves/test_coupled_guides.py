"""Coupled guides: K beside Newell's tensor and both engines, networks beside formulas, and what ports read."""

import numpy as np
import pytest
import yaml
from rows import rows
from scipy import constants
from scipy.optimize import brentq

from analysis import wave_at, wave_traces
from analysis.artificial_runs import complete_run
from analysis.observables import NotInThisRun, SeenRun, measured, why_unfit
from analysis.spin_waves.observables import OBSERVABLES as PORTS
from geometries import Material, Waveguide
from runs import AlternatingStripLine, Protocol, Relax, RunSpec, simulate
from runs.native.terms.newell import tensor
from solitons.campaigns.sweep.campaign import SweepCampaign
from solitons.spin_waves import coupling_matrix, fit_coupling_matrix, transmission
from solitons.spin_waves.observables import OBSERVABLES

YIG = Material(name="YIG", Ms=1.4e5, A=3.7e-12, alpha=5e-4)
FIELD, WIDTH, THICK = 0.02 / constants.mu_0, 75e-9, 30e-9
LINE = {"kind": "strip_line", "name": "in", "centre": 6e-7, "width": 6e-8, "height": 4e-8, "y": (0, WIDTH)}
OBSERVED = {each.name: each for each in (*PORTS.numbers, *OBSERVABLES.numbers)}


@rows(("axis", "field", "frequency"), [("x", FIELD, 3.74e9), ("z", 0.25 / constants.mu_0, 4.8e9)])
def test_the_coupling_splits_the_branches_that_newells_tensor_gives(axis, field, frequency):
    """Guides of one cell across: exact averages between cuboids 5 nm long; branches not expanded in the coupling."""
    own, _, other = tensor((4000, 3, 1), (5e-9, WIDTH, THICK), ("xx", "yy", "zz"))[..., 0].transpose(2, 0, 1)
    rest = "xyz".index(axis)
    across = [each for each in range(3) if each != rest]

    def branch(k, sign):
        phases = 2 * np.cos(k * 5e-9 * np.arange(4000))
        phases[0] = 1
        inside = field - YIG.Ms * (2 * (own + other)[rest].sum() - (own + other)[rest, 0])
        exchange = 2 * YIG.A / (constants.mu_0 * YIG.Ms) * k**2
        stiffness = inside + exchange + YIG.Ms * (own + sign * other)[across] @ phases
        return YIG.gamma0 * np.sqrt(stiffness.prod()) / (2 * np.pi) - frequency

    matrix = coupling_matrix(frequency, [YIG, YIG], [0, 2 * WIDTH], WIDTH, THICK, axis, field)
    even, odd, alone = (brentq(branch, 1.2e7, 6e7, args=(sign,)) for sign in (1, -1, 0))
    assert matrix[0, 0].real == pytest.approx(alone, rel=2e-3)
    assert matrix[0, 1].real == pytest.approx((even - odd) / 2, rel=0.02)


def test_networks_in_a_batch_keep_the_power_and_are_reciprocal():
    detuned, coupling, length = np.random.default_rng(1).uniform(-3e6, 3e6, 1000), 1e6, 2e-6
    pair = np.array([[3e7, coupling], [coupling, 3e7]]) + detuned[:, None, None] * np.diag([1, -1])
    there = np.abs(transmission([(pair, length)])[:, 1, 0]) ** 2
    size = np.hypot(coupling, detuned)
    np.testing.assert_allclose(there, (coupling / size * np.sin(size * length)) ** 2, rtol=1e-9)
    # Plain guides between half couplers, one of them longer by half a wave: the wave comes back.
    half, plain = (np.array([[3e7, 1e6], [1e6, 3e7]]), np.pi / 4e6), (np.diag([3e7, 3e7 + np.pi * 1e6]), 1e-6)
    assert abs(transmission([half, plain, half])[0, 0]) == pytest.approx(1)
    chain = [(pair, length), plain, half]
    np.testing.assert_allclose(transmission(chain[::-1]), np.swapaxes(transmission(chain), -1, -2), rtol=1e-9)


def steady(gap, engine):
    """Waves in both guides, the second from 1 um on, and their x."""
    far = (WIDTH + gap, 2 * WIDTH + gap)
    device = Waveguide(
        length=3.4e-6, width=far[1], thickness=THICK, cell=(10e-9, 15e-9, THICK), start=(1, 0.03, 0),
        absorbing_ends={"length": 5e-7}, terminals=[LINE],
        slots=[{"name": "gap", "y": (WIDTH, far[0])}, {"name": "end", "x": (0, 1e-6), "y": far}],
    )  # fmt: skip
    drive = AlternatingStripLine(amplitude=2e-4, frequency=3.74e9, duration=12e-9, ramp=2e-9)
    protocol = Protocol(steps=[Relax(), drive], static_field=(FIELD, 0, 0), sampling_interval=2e-11)
    run = simulate(RunSpec(device=device, material=YIG, protocol=protocol, engine=engine))
    traces = [wave_traces(run, "y", between=each).sel(t=slice(None, 1e-8)) for each in ((0, WIDTH), far)]
    return [wave_at(each, 3.74e9, begin=7.9e-9).sel(x=slice(1.01e-6, None)) for each in traces]


def theory(gap):
    return coupling_matrix(3.74e9, [YIG, YIG], [0, WIDTH + gap], WIDTH, THICK, "x", FIELD)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["native", pytest.param("oommf", marks=pytest.mark.oommf)])
def test_one_run_gives_the_coupling_and_predicts_another_length(engine):
    waves = steady(15e-9, engine)
    found = fit_coupling_matrix(*waves, (1.2e-6, 2e-6))
    assert found[0, 1].real == pytest.approx(theory(15e-9)[0, 1].real, rel=0.05)
    assert found[0, 0].real == pytest.approx(theory(15e-9)[0, 0].real, rel=0.02)
    begin, end = (np.array([each.sel(x=x, method="nearest").item() for each in waves]) for x in (1.205e-6, 2.705e-6))
    predicted = transmission([(found, 1.5e-6)]) @ begin
    assert np.linalg.norm(predicted - end) < 0.03 * np.linalg.norm(end)


@pytest.mark.slow
def test_the_coupling_of_one_gap_and_the_theory_predict_another_gap():
    near, far = (fit_coupling_matrix(*steady(gap, "native"), (1.2e-6, 2.8e-6))[0, 1].real for gap in (15e-9, 30e-9))
    assert far == pytest.approx(near * (theory(30e-9) / theory(15e-9))[0, 1].real, rel=0.01)


def shipped(**changes):
    """Spec of the shipped coupler, with other values in its base."""
    base = yaml.safe_load(SweepCampaign.report_file().with_name("spin-wave-coupler.yaml").read_text())["base"]
    drive, gate = (branch[0] for branch in base["protocol"]["steps"][1]["branches"])
    for part, name in ((drive, "drive"), (gate, "gate"), (base["material"], "material")):
        part |= changes.pop(name, {})
    base["device"] |= changes
    return RunSpec(**base, engine="native")


def seen(spec, amplitudes, growth=0.0):
    """A run in which the ports move as their amplitudes, and grow with a rate in 1/s."""
    t, device = spec.protocol.sample_times, spec.device
    m = np.zeros((t.size, *device.shape, 3), dtype=np.float32) + np.float32([1, 0, 0])
    for port, amplitude in zip(device.ports, amplitudes, strict=True):
        wave = (amplitude * np.exp(-2j * np.pi * 3.74e9 * t + growth * t)).real
        m[(slice(None), *(slice(*each) for each in port.box(device)), 1)] = wave[:, None, None, None]
    return SeenRun(spec, complete_run(m, t, device.cell_centres(), {}, kind="waveguide"))


def test_ports_read_amplitude_phase_and_share_of_a_steady_wave():
    spec = shipped()
    run = seen(spec, (3e-3 * np.exp(0.4j), 4e-3))
    found = {name: measured(OBSERVED[name], run) for name in ("port_amplitude", "port_phase", "port_share")}
    assert found == pytest.approx({"port_amplitude": 3e-3, "port_phase": 0.4, "port_share": 9 / 25}, rel=1e-4)
    for run, message in ((seen(spec, (0, 1e-8)), "no wave arrives"), (seen(spec, (1e-3, 0), 5e7), "is not steady")):
        with pytest.raises(NotInThisRun, match=message):
            measured(OBSERVED["port_share"], run)


def test_a_voltage_switches_the_coupler_off_as_the_formula_has_it():
    for voltage in (-0.4, 0.0, 0.3):
        # 100 fJ/(V m) over 1 nm and 30 nm.
        gated = YIG.model_copy(update={"Ku": -1e-13 * voltage / 3e-17, "easy_axis": (0.0, 0.0, 1.0)})
        matrix = coupling_matrix(3.74e9, [YIG, gated], [0, 90e-9], WIDTH, THICK, "x", FIELD).real
        coupling, detuned = matrix[0, 1], (matrix[0, 0] - matrix[1, 1]) / 2
        size = np.hypot(coupling, detuned)
        # Gated over 1.12 um, and 20 nm more to the middle of the port: a wave so short is left out here.
        expected = (coupling / size * np.sin(size * 1.13e-6)) ** 2
        share = measured(OBSERVED["coupler_share"], SeenRun(shipped(gate={"amplitude": voltage}), None))
        assert share == pytest.approx(expected, abs=0.02)


@pytest.mark.slow
@pytest.mark.parametrize(("voltage", "start"), [(-0.4, 1), (0.2, 1), (0.0, -1)])
def test_runs_of_the_coupler_are_as_theory_has_them(voltage, start):
    # The last one is magnetised against its field, which its shape allows: another wavenumber.
    spec = shipped(gate={"amplitude": voltage}, start=(start, 0.03, 0))
    run = SeenRun(spec, simulate(spec))
    assert measured(OBSERVED["port_share"], run) == pytest.approx(measured(OBSERVED["coupler_share"], run), abs=0.1)


CELL, ONE = ("5 nm", "5 nm", "30 nm"), [{"name": "crossed", "x": ("2.12 um", "2.16 um")}]
APART = {"name": "stayed", "x": ("1.5 um", "1.54 um"), "y": ("90 nm", "165 nm")}
SLOTS = [{"name": "gap", "y": ("75 nm", "90 nm")}, {"name": "end", "x": (0, "1 um"), "y": ("90 nm", "165 nm")}]


@rows(
    ("changes", "observable", "message"),
    [
        ({"ports": []}, "port_share", "give a waveguide with ports"),
        ({"drive": {"duration": "8 ns"}}, "port_share", "there are 15 periods between the ramps"),
        ({"drive": {"frequency": "7 GHz"}}, "port_share", "7.14 frames in each"),
        ({"drive": {"final_frequency": "4 GHz"}}, "port_phase", "one antenna at one frequency"),
        ({"ports": ONE}, "port_share", "two or more ports of one size; there are 1"),
        ({"ports": ONE}, "coupler_share", "no two ports of one width at the same x"),
        ({"ports": [{**ONE[0], "y": (0, "75 nm")}, APART]}, "coupler_share", "no two ports of one width at the same x"),
        ({"parts": [{"name": "hot", "x": (0, "1 um"), "alpha": 0.1}]}, "coupler_share", "here are parts"),
        ({"material": {"D": 1e-4, "dmi": "interfacial"}}, "coupler_share", "here are parts, repeats, D"),
        ({"start": (0, 1, 0)}, "coupler_share", "not magnetised along x in a steady field"),
        ({"slots": [*SLOTS, {"name": "cut", "x": ("1.5 um", "1.6 um")}]}, "coupler_share", "not one guide alone"),
        ({"slots": [{**SLOTS[0], "x": ("1.2 um", "2.8 um")}, SLOTS[1]]}, "coupler_share", "not one guide alone"),
        ({"slots": [SLOTS[0], {**SLOTS[1], "x": (0, "600 nm")}]}, "coupler_share", "not one guide alone"),
        ({"absorbing_ends": {"length": "700 nm"}}, "coupler_share", "absorbing ends or sides reach over"),
        (
            {"material": {"Ms": 2.8e5}, "cell": CELL},
            "coupler_share",
            "wider than 8 exchange lengths",
        ),
        ({"drive": {"frequency": "2 GHz"}}, "coupler_share", r"has no wave of 2e\+09 Hz: waves begin at 2"),
        ({"gate": {"amplitude": "20 V"}}, "coupler_share", r"Ku = -6\.667e\+04 J/m3, has no wave"),
    ],
)
def test_what_ports_cannot_have_is_refused_with_the_reason(changes, observable, message):
    spec = shipped(**changes)
    assert why_unfit(OBSERVED[observable], spec)
    with pytest.raises(NotInThisRun, match=message):
        measured(OBSERVED[observable], SeenRun(spec, None))


def test_unlike_guides_far_apart_have_each_its_own_wave_and_a_field_of_the_others_moments():
    strong = YIG.model_copy(update={"Ms": 2 * YIG.Ms})
    for other in (YIG, strong):
        near, far = (
            coupling_matrix(7e9, [YIG, other], [0, apart], WIDTH, THICK, "z", 250e3) for apart in (90e-9, 3.75e-6)
        )
        assert abs(far[0, 1]) < 1e-3 * abs(near[0, 1])
        shift = (near - far)[0, 0].real
    # Along z a neighbour's field is along m, and as large as its moment.
    alike = coupling_matrix(7e9, [YIG, YIG], [0, 90e-9], WIDTH, THICK, "z", 250e3)[0, 0].real - far[0, 0].real
    assert shift == pytest.approx(2 * alike, rel=0.1)


@rows(
    ("changes", "message"),
    [
        ({"centres": [0, 50e-9]}, r"the least gap between guides, -2\.5e-08 m"),
        ({"centres": [0]}, "2 materials, 1 centres"),
        ({"magnetisation": "w"}, "one of 'x', 'y' and 'z'"),
        ({"width": -1e-9}, "width = -1e-09 m"),
    ],
)
def test_what_no_guides_have_is_refused(changes, message):
    given = {"frequency": 3.74e9, "materials": [YIG, YIG], "centres": [0, 90e-9], "width": WIDTH, "thickness": THICK}
    with pytest.raises(ValueError, match=message):
        coupling_matrix(**given | {"magnetisation": "x", "field": FIELD} | changes)
