"""What is drawn over time: a drive that keeps its value and jumps is no ramp."""

import pytest

from runs import ConstantField, CurrentPulses, Protocol, Rest, execute
from runs.store import Store, run_states
from solitons.watch.open_runs import details, open_run_of

FIELD = ConstantField(amplitude=(0, 0, 2e5), duration=40e-12)
PULSE = CurrentPulses(amplitude=1e11, width=20e-12, rise=5e-12, period=40e-12)


@pytest.mark.parametrize(
    ("steps", "held"),
    [([FIELD], True), ([FIELD, Rest(duration=20e-12)], True), ([FIELD, PULSE], False)],
    ids=["a field", "a field and a rest", "a field and a pulse"],
)
def test_a_constant_field_is_held_from_frame_to_frame(make_spec, tmp_path, steps, held):
    spec = make_spec(protocol=Protocol(steps=steps, sampling_interval=10e-12))
    list(execute([spec], tmp_path))
    store = Store(tmp_path)
    told = details(open_run_of(run_states(store).runs[spec.run_id], store))
    (chart,) = (chart for chart in told["charts"] if chart["title"] == "applied field")
    assert chart.get("held", False) == held
    assert not any(chart.get("held") for chart in told["charts"] if chart["title"].startswith("mean"))
