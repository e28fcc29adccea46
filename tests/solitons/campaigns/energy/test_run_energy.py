"""What pulses of a run cost: ohmic heat against a closed form, heat of the magnet against that of a moving wall."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from rows import rows

from analysis import artificial, damping_heat
from runs import RunSpec
from solitons.campaigns.domain_walls.dw_synapse.energy import wall_energy
from solitons.campaigns.energy.run_energy import (
    DeviceEnergy,
    ReadEnergy,
    pulse_run_rows,
    read_row,
    weakest_and_strongest,
    write_pulse_rows,
)
from solitons.energy import EnergyLedger
from solitons.energy.electric_paths import squared_pulse_time

TRAIN = {
    "do": "current pulses", "amplitude": 0.3e12, "width": 0.4e-9, "rise": 50e-12, "period": 1e-9, "count": 3,
}  # fmt: skip
BASE = {
    "material": {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "spin_hall_angle": 0.1},
    "device": {
        "kind": "stripe", "length": 128e-9, "width": 32e-9, "thickness": 2e-9, "cell": [4e-9, 4e-9, 2e-9],
        "walls": [{"position": 64e-9, "kind": "neel"}],
    },
    "protocol": {"sampling_interval": 50e-12, "steps": [{"do": "rest", "duration": 1e-9}, TRAIN]},
    "engine": "native",
}  # fmt: skip
GIVEN = {"resistivity": 2e-7, "metal_thickness": 5e-9, "source": "a test"}


@dataclass(frozen=True, eq=False)
class Seen:
    """What a ledger looks at of a run."""

    spec: RunSpec
    run: xr.Dataset
    peak: float
    conductances_at_rest: np.ndarray


def spec_of(*, metal=False, temperature=0.0):
    device = BASE["device"] | ({"terminals": [{"kind": "heavy_metal", "name": "metal"}]} if metal else {})
    protocol = BASE["protocol"] | ({"temperature": temperature, "seed": 1} if temperature else {})
    return RunSpec.model_validate(BASE | {"device": device, "protocol": protocol})


def run_of(spec):
    times = spec.in_time.sample_times
    positions = [[40e-9 + 2e-9 * n / 4] for n in range(len(times))]
    return artificial.domain_walls(
        positions, t=times, length=128e-9, magnet_width=32e-9, thickness=2e-9, cell=(4e-9, 4e-9, 2e-9)
    )


@pytest.mark.parametrize(("metal", "thickness"), [(False, 2e-9), (True, 5e-9)])
def test_ohmic_heat_of_a_pulse(metal, thickness):
    spec = spec_of(metal=metal)
    rows = pulse_run_rows("wall", "pulse", spec, run_of(spec), DeviceEnergy(**GIVEN), second=1e-9)
    volume = 128e-9 * 32e-9 * thickness
    assert rows[0].joule == pytest.approx(2e-7 * 0.3e12**2 * volume * squared_pulse_time(0.4e-9, 50e-12))
    assert EnergyLedger(rows=tuple(rows)).second("wall", "pulse") == 1e-9
    # Up to a moment, all together: two pulses and a half, or half of the third's square.
    until = 1e-9 + 2e-9 + 0.2e-9
    some = pulse_run_rows(
        "wall", "spike", spec, run_of(spec), DeviceEnergy(**GIVEN), second=until, count=1, until=until
    )
    assert some[0].joule == pytest.approx(2.5 * rows[0].joule)


def test_heat_of_the_magnet_is_that_of_the_pulses_alone():
    spec = spec_of()
    run = run_of(spec)
    heat = damping_heat(run, 6e5, 0.1, spec.material.gamma0)
    rows = pulse_run_rows("wall", "pulse", spec, run, DeviceEnergy(), second=1e-9)
    assert rows[1].origin == "measured in the run"
    # The wall moves on through the rest at the beginning too, which is no pulse's doing.
    assert rows[1].joule == pytest.approx(float(heat[-1] - heat.interp(t=1e-9)) / 3)
    assert 0 < rows[1].joule < 1e-18


def with_trains(*trains, terminals=()):
    steps = [{"do": "rest", "duration": 1e-9}, *(TRAIN | train for train in trains)]
    device = BASE["device"] | ({"terminals": list(terminals)} if terminals else {})
    return RunSpec.model_validate(BASE | {"device": device, "protocol": BASE["protocol"] | {"steps": steps}})


def test_a_write_pulse_is_one_of_the_train_that_names_it():
    """The train back may be stronger, and one of no current says nothing."""
    spec = with_trains({"amplitude": 0.0}, {}, {"amplitude": 0.6e12, "polarity": "negative"})
    rows = write_pulse_rows("wall", spec, run_of(spec), DeviceEnergy(**GIVEN))
    assert rows[0].operation == "write pulse of 0.3 × 10¹² A/m², 400 ps"
    volume = 128e-9 * 32e-9 * 2e-9
    assert rows[0].joule == pytest.approx(2e-7 * 0.3e12**2 * volume * squared_pulse_time(0.4e-9, 50e-12))
    heat = damping_heat(run_of(spec), 6e5, 0.1, spec.material.gamma0)
    assert rows[1].joule == pytest.approx(float(heat.interp(t=7e-9) - heat.interp(t=4e-9)) / 3, rel=1e-3)


def test_runs_of_equal_pulses_are_one_operation():
    """Two of them would have been added up as one pulse."""
    alike = [with_trains({"count": count}) for count in (3, 4, 5)]
    assert weakest_and_strongest(alike) == [0]
    assert weakest_and_strongest([*alike, with_trains({"amplitude": 0.2e12})]) == [3, 0]


def test_terminals_that_carry_a_train_together_share_no_heat_of_the_magnet():
    halves = [{"kind": "in_plane", "name": name, "x": x} for name, x in (("a", (0, 64e-9)), ("b", (64e-9, 128e-9)))]
    spec = with_trains({"terminal": ["a", "b"]}, terminals=halves)
    both = pulse_run_rows("wall", "pulse", spec, run_of(spec), DeviceEnergy(**GIVEN), second=1e-9)
    one = pulse_run_rows("wall", "pulse", spec_of(), run_of(spec_of()), DeviceEnergy(**GIVEN), second=1e-9)
    assert both[0].joule + both[1].joule == pytest.approx(one[0].joule)
    assert both[2].joule == pytest.approx(one[1].joule)


def test_a_current_through_the_plane_is_not_left_out():
    through = {"kind": "through_plane", "name": "top", "polariser": (0, 0, 1), "polarisation": 0.5}
    spec = with_trains({}, terminals=[through])
    rows = pulse_run_rows("wall", "pulse", spec, run_of(spec), DeviceEnergy(**GIVEN), second=1e-9)
    assert EnergyLedger(rows=tuple(rows)).joule("wall", "pulse") is None
    assert "terminal 'top' is not described" in rows[0].missing


def test_a_spike_costs_all_pulses_of_the_weakest_train_that_fires_until_it_does():
    def seen(amplitude):
        train = TRAIN | {"amplitude": amplitude}
        protocol = {"sampling_interval": 50e-12, "steps": [{"do": "rest", "duration": 1e-9}, train]}
        device = BASE["device"] | {"terminals": [{"kind": "heavy_metal", "name": "metal"}]}
        spec = RunSpec.model_validate(BASE | {"device": device, "protocol": protocol})
        return Seen(spec, run_of(spec), amplitude, np.array([2e-4, 4e-4, np.nan]))

    silent, weak, strong = (seen(each) for each in (0.1e12, 0.2e12, 0.4e12))
    # The strong train fires in its first pulse, the weak one in the middle of its third; the silent one does not.
    moments = [None, 1e-9 + 2e-9 + 0.2e-9, 1e-9 + 0.2e-9]

    def neuron(*moments):
        seen = (silent, weak, strong)
        fired = [SimpleNamespace(measured=at, amplitude=run.peak) for at, run in zip(moments, seen, strict=True)]
        results = SimpleNamespace(firings=fired, resets=[])
        return SimpleNamespace(results=results, observations=seen)

    ledger = wall_energy([weak, strong], neuron(*moments), DeviceEnergy(**GIVEN))
    (operation,) = {row.operation for row in ledger.rows if row.operation.startswith("spike")}
    assert operation == "spike at 0.2 × 10¹² A/m²"
    heat, magnet = (row for row in ledger.rows if row.operation == operation)
    volume = 128e-9 * 32e-9 * 5e-9
    assert heat.joule == pytest.approx(2.5 * 2e-7 * 0.2e12**2 * volume * squared_pulse_time(0.4e-9, 50e-12))
    assert 0 < magnet.joule < heat.joule
    assert ledger.second("domain wall", operation) == pytest.approx(moments[1])
    silent_ledger = wall_energy([weak, strong], neuron(None, None, None), DeviceEnergy(**GIVEN))
    assert not [row for row in silent_ledger.rows if row.operation.startswith("spike")]


def test_what_is_not_known_is_said():
    spec = spec_of(metal=True, temperature=300.0)
    rows = pulse_run_rows("wall", "pulse", spec, run_of(spec), DeviceEnergy(), second=1e-9)
    assert [row.joule for row in rows] == [None, None]
    assert "give energy.resistivity" in rows[0].missing
    assert "give energy.metal_thickness" in rows[0].missing
    assert "a run at 0 K shows it" in rows[1].missing
    assert read_row("wall", 1e-4, ReadEnergy()).missing.endswith("energy.read_time")
    assert read_row("wall", 1e-4, ReadEnergy(read_voltage=0.1, read_time=5e-9, source="a test")).joule == pytest.approx(
        0.1**2 * 1e-4 * 5e-9
    )


@rows(
    ("given", "message"),
    [
        ({"read_voltage": 0.1, "source": "a test"}, "read_voltage and read_time belong together"),
        ({"resistivity": 2e-7}, "numbers are given without a source"),
        ({"resistivity": "20 ohm", "source": "a test"}, "resistivity"),
        ({"metal_thickness": -1e-9, "source": "a test"}, "metal_thickness"),
    ],
)
def test_bad_descriptions_are_refused(given, message):
    with pytest.raises(ValueError, match=message):
        DeviceEnergy(**given)


def test_a_jump_in_the_current_takes_no_time():
    from solitons.campaigns.energy.run_energy import squared_current_time

    times, values = np.array([0.0, 1.0, 1.0, 3.0, 3.0]), np.array([0.0, 0.0, 2.0, 2.0, 0.0])
    assert squared_current_time(times, values) == pytest.approx(8.0)
    assert squared_current_time(times, values, until=2.0) == pytest.approx(4.0)
