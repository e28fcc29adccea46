"""OOMMF through oommfc: the reference engine.

oommfc writes the input, OOMMF runs it as one drive in a private directory, with a
host server and a process group of its own that end with the run whatever happens.
Standard output goes to files: OOMMF's helpers keep pipes open.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import numpy.typing as npt
import oommfc as oc
import ubermagtable
import xarray as xr

from runs.dataset import run_dataset
from runs.engines import EngineFailedError, EngineNotFoundError
from runs.mif import check_mif, check_names
from runs.spec import RunSpec
from runs.system import build_system

__all__ = ["command", "simulate", "version"]

_SETTLE = 60.0  # seconds that OOMMF's archiver may take to write its last file


def command() -> tuple[str, ...]:
    """How OOMMF is started here: by ``OOMMFTCL``, else by ``oommf`` on the path.

    Raises
    ------
    EngineNotFoundError
        If there is neither.
    """
    script = os.environ.get("OOMMFTCL")
    if script:
        if not Path(script).is_file():
            raise EngineNotFoundError(f"OOMMFTCL names {script!r}, which is no file; {_REMEDY}")
        tclsh = shutil.which("tclsh")
        if tclsh is None:
            raise EngineNotFoundError(f"OOMMFTCL is set, but there is no 'tclsh' on the path; {_REMEDY}")
        return tclsh, script
    executable = shutil.which("oommf")
    if executable is None:
        raise EngineNotFoundError(
            f"engine 'oommf' is not installed: OOMMFTCL is not set and there is no 'oommf' on the path; {_REMEDY}"
        )
    return (executable,)


_REMEDY = (
    "install it with 'conda install -c conda-forge oommf', or set OOMMFTCL to the path of oommf.tcl, or use "
    "'--engine native'"
)


def version() -> str:
    """Version of OOMMF and of oommfc.

    Raises
    ------
    EngineNotFoundError
        If OOMMF is not there, or is there and refuses to run.
    """
    return _version(command())


@cache
def _version(oommf: tuple[str, ...]) -> str:
    with tempfile.TemporaryFile() as output:
        code = subprocess.run([*oommf, "+version"], stdout=output, stderr=output, check=False).returncode
        output.seek(0)
        text = output.read().decode("utf-8", "replace")
    match = re.search(r"OOMMF (\d\S*)", text)
    if code or match is None:
        reason = text.strip().rstrip(".") or f"it ended with {code} and said nothing"
        root = (
            "OOMMF does not run as root: use an ordinary account. "
            if hasattr(os, "geteuid") and os.geteuid() == 0
            else ""
        )
        raise EngineNotFoundError(f"{' '.join(oommf)} does not run: {reason}. {root}Or use '--engine native'")
    return f"{match[1]} (oommfc {oc.__version__})"


class _PrivateRunner(mm.ExternalRunner):  # type: ignore[misc]
    """An oommfc runner whose processes all end with the call."""

    def __init__(self, run_id: str, last_frame: Callable[[Path], bool], progress: Callable[[Path], None]):
        self._run_id, self._last_frame, self._progress = run_id, last_frame, progress
        self.check: Callable[[Path], None] = lambda _: None

    @property
    def package_name(self) -> str:
        return "OOMMF"

    def _call(self, argstr: str, n_threads: int | None = None, **_: Any) -> subprocess.CompletedProcess[bytes]:
        directory = Path.cwd()
        self.check(directory / argstr)
        # The host server would otherwise be shared with whatever else this account runs in OOMMF.
        script = (
            'mif=$1; threads=$2; shift 2; OOMMF_HOSTPORT=$("$@" launchhost 0) || exit 1; export OOMMF_HOSTPORT; '
            'exec "$@" boxsi +fg "$mif" -exitondone 1 -logfile boxsi.errors -threads "$threads"'
        )
        arguments = ["sh", "-c", script, "sh", argstr, str(n_threads or 1), *command()]
        with open("oommf.stdout", "wb") as stdout, open("oommf.stderr", "wb") as stderr:
            process = subprocess.Popen(
                arguments,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                start_new_session=True,
                env=os.environ | {"SOLITONS_RUN": self._run_id},
            )
            try:
                while process.poll() is None:
                    self._progress(directory)
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        process.wait(0.2)
                deadline = time.monotonic() + _SETTLE
                while process.returncode == 0 and not self._last_frame(directory) and time.monotonic() < deadline:
                    time.sleep(0.02)
            finally:
                _end_group(process)
        if process.returncode or not self._last_frame(directory):
            raise EngineFailedError(
                f"run {self._run_id}: OOMMF ended with {process.returncode} before its last frame was written. It "
                f"said: {_complaint(directory)} Its input and logs are in {directory}"
            )
        return subprocess.CompletedProcess(arguments, process.returncode)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End OOMMF, its host server and its archiver, politely and then not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(2)
        for _ in range(50):
            try:
                os.killpg(process.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.01)


def _complaint(directory: Path) -> str:
    text = "".join(
        (directory / name).read_text("utf-8", "replace")
        for name in ("boxsi.errors", "oommf.stderr", "oommf.stdout")
        if (directory / name).exists()
    ).strip()
    return f"{text[-2000:]}\n" if text else "nothing.\n"


def simulate(spec: RunSpec, directory: Path, progress: Callable[[float], None]) -> xr.Dataset:
    """Relax the spec's system and run its whole protocol as one drive."""
    provenance = {"engine": "oommf", "engine_version": version()}
    frames = spec.protocol.sample_times.size - 1

    initial = build_system(spec, drive=False)
    start_energy = np.nan
    if spec.protocol.relaxes:
        runner = _PrivateRunner(spec.run_id, lambda where: bool(list(where.glob("*.omf"))[1:]), lambda _: None)
        driver = oc.MinDriver(stopping_mxHxm=spec.numerics.stopping_torque)
        _drive(driver, initial, runner, spec.run_id, dirname=str(directory / "relax"))
        start_energy = float(initial.table.data["E"].iloc[-1])

    system = build_system(spec, drive=True, time_dependence="tcl")
    system.m.array = initial.m.array
    output = directory / "drive"

    def frame_files(where: Path) -> list[Path]:
        return sorted(where.glob(f"{system.name}-*Magnetization-*.omf"), key=_stage)

    def complete(where: Path) -> bool:
        files = frame_files(where)
        table = where / f"{system.name}.odt"
        return (
            len(files) == frames
            and files[-1].stat().st_size >= files[0].stat().st_size
            and table.exists()
            and "# Table End" in table.read_text()[-200:]
        )

    runner = _PrivateRunner(spec.run_id, complete, lambda where: progress(len(frame_files(where)) / frames))
    # oommfc reads the last file by name, which is not the last stage once there are a hundred or more;
    # the frames are read here by stage, so only its checks and its input files matter.
    driver = oc.TimeDriver()
    _drive(driver, system, runner, spec.run_id, t=spec.protocol.duration, n=frames, dirname=str(output))
    (where,) = (output / system.name).glob("drive-*")
    m = _read_frames(frame_files(where), initial.m.array)
    table = ubermagtable.Table.fromfile(str(where / f"{system.name}.odt"), x="t").data
    times = table["t"].to_numpy()
    if times.size != frames or not np.allclose(times, spec.protocol.sample_times[1:], rtol=1e-6, atol=0):
        raise EngineFailedError(
            f"run {spec.run_id}: OOMMF's table has {times.size} rows that do not lie at the {frames} sampling "
            f"times; its output is in {where}"
        )
    progress(1.0)
    energy = np.concatenate([[start_energy], table["E"].to_numpy()])
    return run_dataset(spec, m, energy, provenance)


def _drive(driver: Any, system: mm.System, runner: _PrivateRunner, run_id: str, **arguments: Any) -> None:
    def check(mif: Path) -> None:
        check_mif(system, mif.read_text("utf-8"), driver, directory=mif.parent, run_id=run_id, **arguments)

    check_names(system, run_id=run_id)
    runner.check = check
    try:
        driver.drive(system, runner=runner, n_threads=1, verbose=0, **arguments)
    except UnboundLocalError as error:
        # An interrupted drive of oommfc 0.66 trips over its own bookkeeping and hides the interrupt.
        if isinstance(error.__context__, KeyboardInterrupt):
            raise error.__context__ from None
        raise


def _stage(file: Path) -> int:
    return int(file.stem.split("-")[-2])


def _read_frames(files: list[Path], initial: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    frames = np.empty((len(files) + 1, *initial.shape))
    frames[0] = initial
    for index, file in enumerate(files):
        frames[index + 1] = df.Field.from_file(str(file)).array
    return frames
