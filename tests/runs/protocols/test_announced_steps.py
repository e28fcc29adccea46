"""Steps of protocols that other packages announce."""

import sys

import numpy as np
import pytest
from announced import announce

from runs import FieldSteps, Protocol, RunSpec

SOURCE = """
from typing import Literal
import numpy as np
from runs.protocols.field_steps import AbstractFieldStep
from geometries.quantities import CurrentDensity
from runs.protocols.abstract_step import AbstractStep, Duration, Shape

class Triangle(AbstractStep):
    do: Literal["triangle"] = "triangle"
    amplitude: CurrentDensity
    duration: Duration

    @property
    def driven(self):
        return (None,)

    def current_shape(self):
        return Shape(((0.0, 0.0), (self.duration / 2, self.amplitude), (self.duration, 0.0)))

class Jump(AbstractFieldStep):
    do: Literal["jump"] = "jump"
    to: tuple[float, float, float]

    @property
    def most_fields(self):
        return 1

    def fields(self, present):
        return np.array([self.to])

number = 3
"""
TRIANGLE = {"do": "triangle", "amplitude": "2e12 A/m^2", "duration": "0.2 ns"}


@pytest.fixture
def lab(tmp_path, monkeypatch):
    (tmp_path / "my_steps.py").write_text(SOURCE)
    steps = {"triangle": "my_steps:Triangle", "other": "my_steps:Triangle", "number": "my_steps:number"}
    announce(tmp_path, "my_steps", {"runs.steps": steps, "runs.field_steps": {"jump": "my_steps:Jump"}})
    monkeypatch.syspath_prepend(tmp_path)
    yield
    sys.modules.pop("my_steps", None)


def protocol(*steps):
    return Protocol(steps=[{"do": "relax"}, *steps, {"do": "rest", "duration": "0.2 ns"}], sampling_interval="50 ps")


@pytest.mark.usefixtures("lab")
def test_a_step_of_a_package_drives_a_run(make_spec):
    found = protocol(TRIANGLE)
    assert type(found.steps[1]).__name__ == "Triangle"
    spec = make_spec(protocol=found)
    applied = spec.protocol.applied(spec.device)["current_density"].values
    assert applied == pytest.approx(np.array([0, 1, 2, 1, 0, 0, 0, 0, 0]) * 1e12)
    again = RunSpec.model_validate_json(spec.model_dump_json())
    assert again == spec
    assert again.run_id == spec.run_id
    assert make_spec(protocol=protocol(TRIANGLE | {"amplitude": "1e12 A/m^2"})).run_id != spec.run_id


@pytest.mark.usefixtures("lab")
def test_it_stands_in_branches_too_and_one_of_field_steps_gives_its_fields():
    at_once = {"do": "at once", "branches": [[TRIANGLE], [{"do": "rest", "duration": "0.1 ns"}]]}
    assert protocol(at_once).duration == pytest.approx(0.4e-9)
    assert FieldSteps(steps=[{"do": "jump", "to": [0, 0, 3e4]}]).applied_field[-1].tolist() == [0, 0, 3e4]


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"do": "triangel", "duration": 1e-10}, "triangel"),
        (TRIANGLE | {"do": "other"}, "Triangle has not do = 'other'"),
        (TRIANGLE | {"do": "number"}, "'number' of the package my_steps 1.0 is no Description"),
        (TRIANGLE | {"amplitude": "2 m"}, "amplitude"),
        (TRIANGLE | {"rise": 1e-11}, "rise"),
    ],
)
def test_what_is_wrong_with_one_is_named(step, message):
    with pytest.raises(ValueError, match=message):
        protocol(step)
