"""What all tests share: which engines are here, a small stripe to run, and spin ices."""

import contextlib
import ctypes
import gc
import itertools
import os
import platform
import shutil
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

from geometries import Material, SpinIce, Stripe
from runs.engines import EngineNotFoundError, get_engine
from runs.protocols.in_time import Protocol
from runs.protocols.pulses import CurrentPulses
from runs.protocols.steps import Relax
from runs.spec import RunSpec

# Compiling takes longer than any deadline, and a test must fail for everybody or for nobody.
settings.register_profile("workbench", deadline=None, derandomize=True)
settings.load_profile("workbench")

# pytest.approx calls anything equal that differs by less than 1e-12, even where a relative tolerance is given: areas in
# m2, energies in J, moments in A m2 and times in ps would be equal to whatever a test expects. 0 needs its own abs.
type(pytest.approx(1.0)).DEFAULT_ABSOLUTE_TOLERANCE = 0.0


# The mock engine is a plug-in, which only the tests install: it is on the path of whatever they start.
PLUGINS = str(Path(__file__).with_name("plugins"))
if PLUGINS not in sys.path:
    sys.path.append(PLUGINS)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), PLUGINS]))

from budget import SECONDS, package_of  # noqa: E402  # it is among the plug-ins

MARK = pytest.StashKey[str]()
ALLOWED = pytest.StashKey[float]()
ITEMS = pytest.StashKey[Counter[str]]()
# Workers that run side by side have a core each.
ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"),
    "OOMMF_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",  # of memory that is freed less is kept
    "XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} --xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def pytest_configure(config):
    """Prepare the environment of all processes of the session: workers and what tests start inherit it."""
    # Shells let what they start in the background ignore Ctrl-C, and tests interrupt what they start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if _is_worker(config):
        return
    # The workbench's source is compiled once a session, not once in each of some hundred processes.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # What tests compute is shared by their processes and leaves nothing in the user's cache.
    folder = tempfile.mkdtemp(prefix="solitons-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["SOLITONS_CACHE"] = folder
    # With a limit to its size JAX locks its cache, or a process could read what another has half written. Then it
    # looks at every entry to write another: 30 ms for the thousandth, so that the shortest cost more than they save.
    settings = {"jax_compilation_cache_max_size": 1 << 30, "jax_persistent_cache_min_compile_time_secs": 0.15}
    # What JAX compiles, half of the native engine's tests, is kept for the next session too: the key of an entry holds
    # the whole program, JAX's version and its options. One home directory may serve machines of several kinds.
    if hasattr(config, "cache") and "JAX_COMPILATION_CACHE_DIR" not in os.environ:
        settings["jax_compilation_cache_dir"] = str(config.cache.mkdir(f"compiled-{platform.node()}"))
    for name, value in settings.items():
        os.environ[name.upper()] = str(value)
        if "jax" in sys.modules:  # imported by the conftest of a folder that pytest was given
            sys.modules["jax"].config.update(name, value)
    os.environ["SOLITONS_TESTS"] = config.stash[MARK] = str(os.getpid())
    if config.getoption("dist", "no") != "no":
        os.environ |= ONE_THREAD


def _is_worker(config):
    """Whether this is one of the processes among which pytest-xdist shares out the tests."""
    return hasattr(config, "workerinput")


def _oommf() -> tuple[str, str]:
    try:
        return get_engine("oommf").version(), ""
    except EngineNotFoundError as error:
        return "", str(error)


# Doctests take no marks: these take a second or more, most of which is compiling.
LONG_EXAMPLES = {
    "runs.execution.execute",
    "runs.native.time.ensemble.evolve_ensemble",
    "runs.native.time.evolution.evolve",
    "runs.native.rest.hysteresis.hysteresis",
    "solitons.devices.pulse_response.compare_with_run",
    "solitons.exports.conductance_table.conductance_table",
    "solitons.exports.neuron_fit.fit_neuron",
    "solitons.networks.digits.read_digits",
    "solitons.skyrmions.fit.fit_thiele",
    "solitons.skyrmions.register.shift_error_map",
    "solitons.domain_walls.fit.fit_wall",
    "solitons.domain_walls.heat.follow_hot_walls",
    "solitons.domain_walls.pair_fit.fit_wall_pair",
}


def _whole_suite(config):
    """Whether this session collects all tests, of which it may choose some by their marks."""
    return set(config.getini("testpaths")) <= set(config.args)


@pytest.hookimpl(tryfirst=True)  # before any is deselected
def pytest_collection_modifyitems(config, items):
    config.stash[ITEMS] = Counter(package_of(item.nodeid) for item in items)
    marked = [item for item in items if item.get_closest_marker("oommf")]
    # What OOMMF gives is recorded for those that run without it.
    for item in (*marked, *(item for item in items if item.name in LONG_EXAMPLES)):
        item.add_marker(pytest.mark.slow)
    if marked:
        version, reason = _oommf()
        for item in marked if not version else []:
            item.add_marker(pytest.mark.skip(reason=f"no OOMMF here: {reason}"))


GROWTH = 400e6  # bytes


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """Between modules, drop the programs that JAX keeps, where a worker has grown: at the end they would fill 2 GB."""
    if (nextitem is not None and nextitem.path == item.path) or "jax" not in sys.modules:
        return
    allowed = item.config.stash.setdefault(ALLOWED, 1.2e9)
    if _memory() < allowed:
        return
    sys.modules["jax"].clear_caches()
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # other C libraries keep nothing, or have no such call
        ctypes.CDLL(None).malloc_trim(0)
    item.config.stash[ALLOWED] = _memory() + GROWTH


def _memory():
    """What this process has in memory, in bytes; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0.0


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    """End what oommfc's own runner leaves in the background, when the last worker of this session is gone.

    oommfc would ask OOMMF's `killoommf` to do it after pytest's last line, which needs a
    display with some builds of OOMMF and then ends nothing.
    """
    if "oommfc" in sys.modules:
        sys.modules["oommfc"].oommf.oommf._oommf_instances.clear()
    if _is_worker(session.config):
        # `make coverage`: what a worker has measured is whole before it is ended.
        if "coverage" in sys.modules and (measuring := sys.modules["coverage"].Coverage.current()):
            measuring.stop()
            measuring.save()
        return
    mark = f"SOLITONS_TESTS={session.config.stash[MARK]}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)


def pytest_terminal_summary(terminalreporter):
    version, reason = _oommf()
    terminalreporter.section("engines")
    terminalreporter.write_line(f"OOMMF: {version}" if version else f"OOMMF: not here ({reason})")
    terminalreporter.write_line(f"native: {get_engine('native').version()}")
    _keep_seconds(terminalreporter)
    suite = ("suite", "micromagnetictests")
    outcomes = {
        outcome: sum(report.when == "call" and suite in map(tuple, report.user_properties) for report in reports)
        for outcome, reports in terminalreporter.stats.items()
        if outcome in ("passed", "failed", "xfailed")
    }
    if any(outcomes.values()):
        passed, left = outcomes.get("passed", 0), outcomes.get("xfailed", 0)
        terminalreporter.write_line(
            f"micromagnetictests: {passed} of {sum(outcomes.values())} pass with runs.native, {left} need OOMMF "
            "(named in tests/runs/native/test_native_conformance.py)"
        )


def _keep_seconds(terminalreporter):
    """Leave for `make budget` how long the tests of each package took, all workers together."""
    config, seconds = terminalreporter.config, Counter()
    if not _whole_suite(config) or config.option.keyword or not hasattr(config, "cache"):
        return
    for report in itertools.chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            seconds[package_of(report.nodeid)] += report.duration
    if seconds:
        config.cache.set(SECONDS, {**config.cache.get(SECONDS, {}), config.option.markexpr: seconds})


@pytest.fixture
def items_of_the_suite(request):
    """How many tests each package has, with those that were deselected."""
    if not _whole_suite(request.config):
        pytest.skip("tests are counted in a session that collects all of them")
    return request.config.stash[ITEMS]


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
