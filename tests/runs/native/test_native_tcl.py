"""Time dependence in Tcl: the scripts that OOMMF runs, read by Python's own Tcl."""

import builtins
import importlib.util

import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from rows import rows

import runs.native as nc

needs_tcl = pytest.mark.skipif(importlib.util.find_spec("_tkinter") is None, reason="this Python has no Tcl (tkinter)")

OMEGA = 2 * np.pi * 5e9
FACTOR = {
    "script": f"proc Factor {{ t }} {{ return [expr {{sin({OMEGA!r} * $t)}}] }}",
    "script_args": "total_time",
    "script_name": "Factor",
}


def system(energy, dynamics):
    return magnet((2, 1, 1), (0.1, 0, 1), energy, mm.Precession(gamma0=2.2e5) + dynamics)


def field_script(kind, values):
    script = (
        f"proc Applied {{ t }} {{ set f [expr {{sin({OMEGA!r} * $t)}}]; return [list {values} 0 0 0 0 0 0 0 0 0] }}"
    )
    return {"script": script, "script_args": "total_time", "script_name": "Applied"} | kind


@needs_tcl
@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ({"energy": "Oxs_ScriptUZeeman"}, "[expr {3e4 * $f}] 0 [expr {1e4 * $f}]"),
        ({"energy": "Oxs_TransformZeeman", "type": "diagonal"}, "$f 0 $f"),
        ({"energy": "Oxs_TransformZeeman", "type": "symmetric"}, "$f 0 0 0 0 $f"),
        ({"energy": "Oxs_TransformZeeman", "type": "general"}, "$f 0 0 0 $f 0 0 0 $f"),
        ({"energy": "Oxs_TransformZeeman", "type": "identity"}, ""),
    ],
)
def test_field_is_that_of_a_python_function(kind, values):
    times = [0, 2e-11, 5e-11]
    field = (3e4, 0, 1e4)
    damping = mm.Damping(alpha=0.1)
    script = field_script(kind, values)
    ours, _ = nc.evolve(system(mm.Zeeman(H=field, tcl_strings=script), damping), times)
    function = mm.Zeeman(H=field, func=lambda t: np.sin(OMEGA * t), dt=1e-13)
    if kind.get("type") == "identity":
        function = mm.Zeeman(H=field)
    expected, _ = nc.evolve(system(function, damping), times)
    assert np.abs(expected[-1] - expected[0]).max() > 0.01
    np.testing.assert_allclose(ours, expected, atol=1e-12)


@needs_tcl
@pytest.mark.parametrize(
    "torque",
    [
        lambda **when: mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=2, **when),
        lambda **when: mm.ZhangLi(u=500.0, beta=0.5, **when),
    ],
)
def test_current_is_that_of_a_python_function(torque):
    times = [0, 2e-11, 5e-11]
    states = []
    for when in ({"tcl_strings": FACTOR}, {"func": lambda t: np.sin(OMEGA * t), "dt": 1e-13}):
        one = system(mm.Zeeman(H=(0, 0, 1e5)), mm.Damping(alpha=0.1) + torque(**when))
        one.m.array[1] = [0, 8e5, 0]
        states.append(nc.evolve(one, times)[0])
    assert np.abs(states[0][-1] - states[0][0]).max() > 0.01
    np.testing.assert_allclose(*states, atol=1e-12)


def evolved(changes, field=(0, 0, 1)):
    script = FACTOR | {"energy": "Oxs_TransformZeeman", "type": "general"} | changes
    script = {name: value for name, value in script.items() if value is not None}
    return nc.evolve(system(mm.Zeeman(H=field, tcl_strings=script), mm.Damping(alpha=0.1)), [0, 1e-12])


@needs_tcl
@rows(
    ("changes", "message"),
    [
        ({"script": "proc Factor { t } { return [expr {1 / 0}] }"}, "divide by zero"),
        ({"script": "proc Factor { t } { return [open /etc/passwd] }"}, "open"),
        ({"script": "proc Factor { t } { return nothing }"}, "'nothing'"),
        ({"script_name": "Other"}, "Other"),
        ({"energy": "Oxs_TransformZeeman", "type": "diagonal"}, "diagonal"),
    ],
)
def test_scripts_that_cannot_be_run_are_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        evolved(changes)


@rows(
    ("changes", "message"),
    [
        ({"script_args": "stage_time"}, "total_time"),
        ({"energy": "Oxs_StageZeeman"}, "Oxs_ScriptUZeeman"),
        ({"energy": "Oxs_TransformZeeman", "type": "oblique"}, "general"),
    ],
)
def test_what_oommf_would_do_otherwise_is_refused_before_a_script_is_read(changes, message):
    with pytest.raises(nc.UnsupportedError, match=message):
        evolved(changes)


def test_a_script_has_a_name_and_a_field_a_direction():
    with pytest.raises(ValueError, match="tcl_strings lacks script_name"):
        evolved({"script_name": None})
    with pytest.raises(ValueError, match="not zero"):
        evolved(field_script({"energy": "Oxs_ScriptUZeeman"}, "0 0 $f"), field=(0, 0, 0))


def test_a_python_without_tcl_is_named(monkeypatch):
    real = builtins.__import__

    def without_tkinter(name, *arguments, **keywords):
        if name == "tkinter":
            raise ImportError("No module named 'tkinter'")
        return real(name, *arguments, **keywords)

    monkeypatch.setattr(builtins, "__import__", without_tkinter)
    torque = mm.ZhangLi(u=500.0, beta=0.5, tcl_strings=FACTOR)
    with pytest.raises(nc.UnsupportedError, match="tkinter"):
        nc.evolve(system(mm.Zeeman(H=(0, 0, 1)), mm.Damping(alpha=0.1) + torque), [0, 1e-12])
