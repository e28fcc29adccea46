"""ubermag's own suite for calculators, `micromagnetictests`, with `runs.native` as the calculator.

OOMMF through oommfc passes 103 of its 105 tests and skips the 2 of a RelaxDriver, which it does not have.
"""

import inspect
import random
import types

import micromagnetictests as mt
import pytest
from micromagnetictests.calculatortests import *  # noqa: F403

import runs.native as nc

EVOLVER = "names an OOMMF evolver, of which runs.native has none"
MIF = "looks for OOMMF's input file, a MIF"
QUEUE = "submits OOMMF to a batch queue"
LEFT = {
    "TestMinDriver.test_evolver_nodriver": EVOLVER,
    "TestMinDriver.test_evolver_driver": EVOLVER,
    "TestMinDriver.test_wrong_evolver": EVOLVER,
    "TestMinDriver.test_output_files": MIF,
    "TestSlonczewski.test_single_values_finite_temperature": EVOLVER,
    "TestTimeDriver.test_rungekutta_evolver_nodriver": EVOLVER,
    "TestTimeDriver.test_euler_evolver_nodriver": EVOLVER,
    "TestTimeDriver.test_theta_evolver_nodriver": EVOLVER,
    "TestTimeDriver.test_therm_heun_evolver_nodriver": EVOLVER,
    "TestTimeDriver.test_wrong_evolver": EVOLVER,
    "TestTimeDriver.test_output_files": MIF,
    "test_schedule": QUEUE,
}
"""Tests that only OOMMF can pass, and why."""
AS_OOMMF = {
    "TestDMI.test_scalar": "wants DMI without exchange refused",
    "TestDMI.test_dict": "wants DMI without exchange refused",
    "TestDMI.test_crystalclass_init": "wants classes of DMI other than Cnv_z and T refused",
    "TestDemag.test_demag_3_pbc": "wants demag in a system without a surface, which OOMMF and native refuse",
}
"""Tests that take a calculator with a RelaxDriver for mumax3, and what they want of it.

Native is asked what OOMMF is asked: the same functions and drivers, without the RelaxDriver.
"""
TESTS_IN_SUITE = 105
for slow in (
    mt.calculatortests.test_stdprob3,
    mt.calculatortests.test_stdprob4,
    mt.calculatortests.test_stdprob5,
    mt.calculatortests.test_skyrmion,
    mt.calculatortests.TestDMI.test_crystalclass,
    mt.calculatortests.TestZeeman.test_time_vector,
    mt.calculatortests.TestZhangLi,
):
    pytest.mark.slow(slow)


def name_of(request):
    return ".".join(part.__name__ for part in (request.cls, request.function) if part is not None)


@pytest.fixture
def calculator(request):
    if name_of(request) not in AS_OOMMF:
        return nc
    return types.SimpleNamespace(**{name: getattr(nc, name) for name in nc.__all__ if name != "RelaxDriver"})


@pytest.fixture(autouse=True)
def suite(request, tmp_path, monkeypatch, record_property):
    """Run every test of the suite in a directory of its own, count it, and expect what is left to fail."""
    if "calculator" not in request.fixturenames:
        return
    monkeypatch.chdir(tmp_path)
    random.seed(1)  # the suite draws initial states
    if "tcl_strings" in inspect.getsource(request.function):
        pytest.importorskip("tkinter", reason="this Python has no Tcl (tkinter)")
    record_property("suite", "micromagnetictests")
    if name_of(request) in LEFT:
        kinds = (AttributeError, AssertionError, TypeError)
        request.applymarker(pytest.mark.xfail(strict=True, raises=kinds, reason=LEFT[name_of(request)]))


def test_what_is_left_is_named():
    """The suite has the tests it had, and no more than 13 are left, each with its reason."""
    names = []
    for name, thing in mt.get_tests():
        if isinstance(thing, type):
            names += [f"{name}.{method}" for method in vars(thing) if method.startswith("test_")]
        elif name.startswith("test_"):
            names.append(name)
    assert len(names) == TESTS_IN_SUITE
    assert set(LEFT) | set(AS_OOMMF) <= set(names)
    assert len(LEFT) <= 13
