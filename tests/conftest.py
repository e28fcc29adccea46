"""What all tests share: which engines are here, a small stripe to run, and spin ices."""

import contextlib
import os
import signal
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from geometries import Material, SpinIce, Stripe
from runs.engines import EngineNotFoundError, get_engine
from runs.protocols.in_time import Protocol
from runs.protocols.steps import CurrentPulses, Relax
from runs.spec import RunSpec

# Compiling takes longer than any deadline, and a test must fail for everybody or for nobody.
settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")


# Every process that the tests start inherits it.
MARK = f"SOLITONS_TESTS={os.getpid()}"
os.environ.update([MARK.split("=")])
# What tests compile is shared by their processes and leaves nothing in the user's cache.
CACHE = tempfile.TemporaryDirectory(prefix="solitons-tests-")
os.environ["SOLITONS_CACHE"] = CACHE.name


def _oommf() -> tuple[str, str]:
    try:
        return get_engine("oommf").version(), ""
    except EngineNotFoundError as error:
        return "", str(error)


def pytest_collection_modifyitems(items):
    marked = [item for item in items if item.get_closest_marker("oommf")]
    if marked:
        version, reason = _oommf()
        for item in marked if not version else []:
            item.add_marker(pytest.mark.skip(reason=f"no OOMMF here: {reason}"))


def pytest_sessionfinish():
    """End what oommfc's own runner, which some tests use as the reference, leaves in the background.

    oommfc would ask OOMMF's `killoommf` to do it after pytest's last line, which needs a
    display with some builds of OOMMF and then ends nothing.
    """
    import oommfc

    oommfc.oommf.oommf._oommf_instances.clear()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and MARK.encode() in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)


def pytest_terminal_summary(terminalreporter):
    version, reason = _oommf()
    terminalreporter.section("engines")
    terminalreporter.write_line(f"OOMMF: {version}" if version else f"OOMMF: not here ({reason})")
    terminalreporter.write_line(f"native: {get_engine('native').version()}")
    suite = ("suite", "micromagnetictests")
    outcomes = {
        outcome: sum(report.when == "call" and suite in report.user_properties for report in reports)
        for outcome, reports in terminalreporter.stats.items()
        if outcome in ("passed", "failed", "xfailed")
    }
    if any(outcomes.values()):
        passed, left = outcomes.get("passed", 0), outcomes.get("xfailed", 0)
        terminalreporter.write_line(
            f"micromagnetictests: {passed} of {sum(outcomes.values())} pass with runs.native, {left} need OOMMF "
            "(named in tests/runs/native/test_native_conformance.py)"
        )


@pytest.fixture
def material_fields():
    return {
        "name": "perpendicular film",
        "Ms": 6e5,
        "A": 1.2e-11,
        "Ku": 5e5,
        "alpha": 0.1,
        "P": 0.6,
        "beta": 0.05,
    }


@pytest.fixture
def stripe():
    return Stripe(
        length=160e-9,
        width=16e-9,
        thickness=1e-9,
        cell=(4e-9, 4e-9, 1e-9),
        walls=[{"position": 60e-9, "kind": "bloch"}],
        readout_window={"x": (20e-9, 140e-9)},
    )


@pytest.fixture
def make_spec(stripe, material_fields):
    """A spec of a short run; keyword arguments replace its parts."""

    def make(**changes):
        parts = {
            "device": stripe,
            "material": material_fields,
            "protocol": Protocol(
                steps=[
                    Relax(),
                    CurrentPulses(amplitude=1e12, width=0.2e-9, rise=20e-12, period=0.3e-9, polarity="negative"),
                ],
                sampling_interval=50e-12,
            ),
            "engine": "mock",
        }
        return RunSpec(**(parts | changes))

    return make


@pytest.fixture(scope="session")
def ice():
    """Make the closed 3 x 3 square ice that was recorded with OOMMF, or another with other keys."""

    def make(**keys):
        described = {
            "lattice": {"kind": "square", "columns": 3, "rows": 3, "lattice_constant": "180 nm"},
            "island": {"length": "120 nm", "width": "40 nm"},
            "thickness": "10 nm",
            "cell": ("5 nm", "5 nm", "10 nm"),
            "margin": "70 nm",
        }
        return SpinIce(**described | keys)

    return make


@pytest.fixture(scope="session")
def soft():
    """The soft magnet of the recorded ice."""
    return Material(name="soft", Ms=8e5, A=1.3e-11, alpha=0.1)
