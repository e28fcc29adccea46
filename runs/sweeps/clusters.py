"""Sources of worker processes: this machine, a scheduler that somebody runs, or a batch system."""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from runs import interruption
from runs.engines import Limits
from runs.sweeps.batch_cluster import BatchCluster
from runs.sweeps.certificate import write_certificate
from runs.sweeps.connections import closed_at_last, connected, is_protected, private_scratch, warn_of_open_scheduler
from runs.sweeps.tls import mend_encrypted_connections
from runs.whole_files import make_directory

if TYPE_CHECKING:
    from distributed import Client, LocalCluster
    from distributed.security import Security

__all__ = ["batch_workers", "local_workers", "scheduler_at"]

_WORKER, _SCHEDULER = "runs.sweeps.worker", "runs.sweeps.scheduler"  # what Dask's processes load at their start
_START = 120.0  # seconds that workers of this machine may take to start
_STUCK = 600.0  # seconds after which a process that does not come up is given up
_RETURN = 20.0  # seconds that a scheduler may be without workers
# Nobody knows how long runs take before the first has ended. Dask's guess is half a second, for which it would
# ask for few jobs; with this one there is a worker for each run, and later for each second of work.
_UNKNOWN_DURATION, _WORK_OF_A_WORKER = "1 hour", "1 s"
_IDLE = 60  # seconds until a job that has nothing to do is given back


@contextlib.contextmanager
def local_workers(jobs: int, limits: Limits) -> Iterator[Client]:
    """Worker processes on this machine, that end with the context, and with this process if it is killed.

    Scheduler and workers listen on loopback only, and know each other by a certificate that is made now and is in their
    memory alone: other users of the machine reach the ports, and nothing behind them. A process that takes more than
    its limit of memory is ended and started anew; without a limit each may take its share of the machine's.
    """
    from distributed import LocalCluster
    from distributed.security import Security

    mend_encrypted_connections()
    with private_scratch() as scratch, contextlib.ExitStack() as stack:
        # Dask cannot close a cluster whose workers are just starting.
        with interruption.held():
            cluster = LocalCluster(
                n_workers=0,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                protocol="tls",
                security=Security.temporary(),
                scheduler_kwargs=_scheduler_options(scratch),
                local_directory=scratch,
                memory_limit=limits.memory or "auto",
                env=_environment(limits.threads),
                preload=_preloads("worker", _WORKER),
                death_timeout=_STUCK,
                # The outcome of runs reports what happens to their workers.
                silence_logs=logging.CRITICAL,
            )
            stack.enter_context(closed_at_last(cluster))
            cluster.sync(_shield_processes)
            # `scale` would leave it to a thread to start them, and say nothing of one that cannot start.
            for _ in range(jobs):
                cluster.worker_spec |= cluster.new_worker_spec()
            cluster.sync(_all_up, cluster)
        client = stack.enter_context(connected(cluster))
        client.wait_for_workers(jobs, timeout=_START)
        yield client


async def _all_up(cluster: LocalCluster) -> None:
    await cluster


async def _shield_processes() -> None:
    """Keep Ctrl-C from processes that this thread starts, until they ignore it; a terminal sends it to all."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _scheduler_options(scratch: str) -> dict[str, Any]:
    """A scheduler in this process: where its files are, and the least of what it shows, until that is closed."""
    return {
        "local_directory": scratch,
        "dashboard": False,
        "dashboard_address": "127.0.0.1:0",
        "preload": _preloads("scheduler", _SCHEDULER),
    }


def _preloads(process: str, ours: str) -> list[str]:
    """Configuration that a process of Dask loads: the user's own, and ours."""
    import dask

    theirs = dask.config.get(f"distributed.{process}.preload") or []
    # Dask takes one name for a list of one: DASK_DISTRIBUTED__WORKER__PRELOAD=name is such.
    return list(dict.fromkeys([*([theirs] if isinstance(theirs, str) else theirs), ours]))


@contextlib.contextmanager
def scheduler_at(address: str) -> Iterator[Client]:
    """The workers of a Dask scheduler that runs already, at an address such as ``tls://10.0.0.1:8786``.

    Certificates come from Dask's own configuration; with ``tcp://...`` there are none, and a warning. A ConnectionError
    if there is no scheduler, or it has no workers.
    """
    if not address.startswith(("tcp://", "tls://", "ucx://", "ws://", "wss://")):
        raise ValueError(f"scheduler = {address!r} is not an address such as tls://10.0.0.1:8786")
    mend_encrypted_connections()
    if not is_protected(address):
        warn_of_open_scheduler(f"the scheduler at {address}")
    with contextlib.ExitStack() as stack:
        try:
            client = stack.enter_context(connected(address))
        except TypeError as error:
            # Dask has no certificate to show.
            raise ValueError(
                f"scheduler = {address!r} asks for a certificate, and Dask's configuration names none; set DASK_CONFIG "
                "to the dask.yaml that 'solitons certificate' has made"
            ) from error
        except OSError as error:
            raise ConnectionError(
                f"no Dask scheduler answers at {address} ({error}); start one with 'dask scheduler'"
            ) from error
        try:
            # Those that were ended by another sweep's run are on their way back.
            client.wait_for_workers(1, timeout=_RETURN)
        except TimeoutError as error:
            raise ConnectionError(
                f"the Dask scheduler at {address} has no workers; start some with "
                f"'dask worker {address} --interface NETWORK --nthreads 1 --nworkers N'"
            ) from error
        yield client


@contextlib.contextmanager
def batch_workers(description: BatchCluster, runs: int, limits: Limits, log_directory: Path) -> Iterator[Client]:
    """Workers in jobs of a batch system, as many as so many runs need, which end with the context.

    They come when the batch system starts the jobs, and it writes their output into `log_directory`. `limits` are those
    of each run.
    """
    import dask

    dask_jobqueue = _jobqueue()
    mend_encrypted_connections()
    if not description.encrypted:
        warn_of_open_scheduler(f"a scheduler on {description.interface} with encrypted: false")
    make_directory(log_directory)
    kinds = {
        "slurm": dask_jobqueue.SLURMCluster,
        "pbs": dask_jobqueue.PBSCluster,
        "sge": dask_jobqueue.SGECluster,
    }
    needed = -(-runs // description.runs_per_job)
    with contextlib.ExitStack() as stack:
        scratch = stack.enter_context(private_scratch())
        security = stack.enter_context(_security_of_jobs(description, log_directory))
        # Dask cannot close half a cluster. It has no jobs yet, so that this takes a moment.
        with (
            interruption.held(),
            dask.config.set({"distributed.scheduler.unknown-task-duration": _UNKNOWN_DURATION}),
        ):
            cluster = kinds[description.queue_system](
                **_jobqueue_options(description, limits, log_directory, scratch, security)
            )
            stack.enter_context(closed_at_last(cluster))
        client = stack.enter_context(connected(cluster))
        # Jobs that reach their wall time, and with them the workers, are replaced while there is work.
        cluster.adapt(
            minimum_jobs=1,
            maximum_jobs=min(description.max_jobs, needed),
            target_duration=_WORK_OF_A_WORKER,
            interval="1 s",
            wait_count=_IDLE,
        )
        yield client


def _jobqueue() -> ModuleType:
    """dask_jobqueue, whose import would leave a handler that ends the program at Ctrl-C without a clean end."""
    handler = signal.getsignal(signal.SIGINT)
    import dask_jobqueue

    module: ModuleType = dask_jobqueue
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler if handler is None else handler)
    return module


@contextlib.contextmanager
def _security_of_jobs(description: BatchCluster, shared: Path) -> Iterator[Security | None]:
    """A certificate for this sweep in a folder that jobs see and no other user, which goes with the context."""
    from distributed.security import Security

    if not description.encrypted:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix=".tls-", dir=shared, ignore_cleanup_errors=True) as folder:
        certificate, key = map(str, write_certificate(Path(folder)))
        roles = ("scheduler", "worker", "client")
        yield Security(
            require_encryption=True,
            tls_ca_file=certificate,
            **{f"tls_{role}_cert": certificate for role in roles},
            **{f"tls_{role}_key": key for role in roles},
        )


def _jobqueue_options(
    description: BatchCluster, limits: Limits, log_directory: Path, scratch: str, security: Security | None
) -> dict[str, Any]:
    python = description.python or sys.executable
    environment = {**_environment(limits.threads), **description.environment}
    # The interpreter's folder first: a conda environment's OOMMF is found there.
    lines = [f"module load {name}" for name in description.modules]
    lines.append(f"export PATH={shlex.quote(os.path.dirname(python))}:$PATH")
    lines += [f"export {name}={shlex.quote(value)}" for name, value in environment.items()]
    lines += _scratch_lines(description.scratch)
    options: dict[str, Any] = {
        "cores": description.runs_per_job * limits.threads,
        "processes": description.runs_per_job,
        "memory": f"{description.memory} B",
        "walltime": description.walltime_text,
        "queue": description.queue,
        "project" if description.queue_system == "sge" else "account": description.account,
        "interface": description.interface,
        "python": python,
        "log_directory": str(log_directory),
        "job_name": "solitons",
        "job_extra_directives": list(description.directives),
        "job_script_prologue": lines,
        # A worker takes one run; a job that is about to reach its wall time begins no more.
        "worker_extra_args": [
            *("--nthreads", "1", "--no-dashboard"),
            *(part for name in _preloads("worker", _WORKER) for part in ("--preload", shlex.quote(name))),
            *("--lifetime", f"{description.lifetime}s"),
        ],
        "scheduler_options": _scheduler_options(scratch),
        "security": security,
        "silence_logs": "error",
    }
    if security is not None:
        options["protocol"] = "tls"
    if description.resource_spec is not None:
        options["resource_spec"] = description.resource_spec
    return options


def _scratch_lines(scratch: str | None) -> list[str]:
    """Lines of a job's script that make a folder of this user alone for what Dask writes there, and remove it."""
    folder = '"${TMPDIR:-/tmp}"' if scratch is None else shlex.quote(scratch)
    return [
        f"mkdir -p {folder} && DASK_TEMPORARY_DIRECTORY=$(mktemp -d {folder}/solitons-XXXXXXXX) || exit 1",
        "export DASK_TEMPORARY_DIRECTORY",
        """trap 'rm -rf "$DASK_TEMPORARY_DIRECTORY"' EXIT""",
    ]


def _environment(threads: int) -> dict[str, str]:
    """Settings that keep a worker to its threads, whichever engine it runs, and from watching them all the time."""
    pools = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OOMMF_THREADS")
    flags = f"--xla_cpu_multi_thread_eigen={str(threads > 1).lower()} intra_op_parallelism_threads={threads}"
    return {name: str(threads) for name in pools} | {
        "XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip(),
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
    }
