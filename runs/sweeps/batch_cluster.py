"""A batch system as data: what the jobs that compute runs ask for.

The YAML file holds no shell code: modules and environment variables are listed, and what goes
into the job script is checked and quoted.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from geometries.description import Description
from geometries.quantities import parse_quantity
from runs.strict_yaml import read_description

__all__ = ["BatchCluster", "load_cluster"]

_MODULE = re.compile(r"[A-Za-z0-9_.+-]+(/[A-Za-z0-9_.+-]+)*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def _plain_name(name: str) -> str:
    # It goes into the job script as it is.
    if not re.fullmatch(r"[A-Za-z0-9_.@:+-]{1,200}", name):
        raise ValueError(f"{name[:80]!r} cannot be a name here; use letters (A to Z), digits and _ . @ : + -")
    return name


Name = Annotated[str, AfterValidator(_plain_name)]


def _seconds(value: Any) -> int:
    return round(parse_quantity(value, "s"))


def _bytes(value: Any) -> int:
    return round(parse_quantity(value, "byte"))


class BatchCluster(Description):
    """Jobs of a batch system, each with several worker processes that compute one run at a time.

    Parameters
    ----------
    queue_system : {"slurm", "pbs", "sge"}
        Batch system that takes the jobs.
    interface : str
        The network interface of this machine that the compute nodes reach, such as "ib0" or
        "eth0"; the scheduler listens there.
    max_jobs : int
        How many jobs there are at a time at most.
    runs_per_job : int
        How many runs a job computes at a time.
    memory : int or str
        Memory of a job, in bytes or such as "16 GB".
    wall_time : int or str
        How long a job may run, in seconds or such as "12 hours". It should be several times a run's.
    queue, account : str, optional
        Queue of the jobs, and the account that pays.
    modules : sequence of str
        Environment modules that a job loads.
    environment : dict
        Environment variables of a job.
    directives : sequence of str
        More options of the batch system, such as "--exclusive", written as they are into the job's head.
    resource_spec : str, optional
        For PBS and SGE, what dask-jobqueue would otherwise write for the cores and the memory.
    python : str, optional
        The interpreter on the compute nodes; this one by default. OOMMF beside it is found.
    scratch : str, optional
        A folder on the compute nodes for what Dask spills; the runs' own files are in the store.
    encrypted : bool
        Whether scheduler and workers know each other by TLS certificates that are made for this sweep.

    Raises
    ------
    pydantic.ValidationError
        If a field is unknown, missing, or holds what could be read as more than itself.

    Examples
    --------
    >>> BatchCluster(
    ...     queue_system="slurm", interface="ib0", max_jobs=10, runs_per_job=8, memory="16 GB", wall_time="12 hours"
    ... ).walltime_text
    '12:00:00'
    """

    queue_system: Literal["slurm", "pbs", "sge"]
    interface: Name
    max_jobs: Annotated[int, Field(ge=1, le=100_000)]
    runs_per_job: Annotated[int, Field(ge=1, le=10_000)]
    memory: Annotated[int, BeforeValidator(_bytes), Field(ge=100_000_000, le=10**15)]
    wall_time: Annotated[int, BeforeValidator(_seconds), Field(ge=600, le=10**9)]
    queue: Name | None = None
    account: Name | None = None
    modules: tuple[str, ...] = ()
    environment: dict[str, str] = {}  # noqa: RUF012  # pydantic copies it
    directives: tuple[str, ...] = ()
    resource_spec: str | None = None
    python: str | None = None
    scratch: str | None = None
    encrypted: bool = True

    @field_validator("modules")
    @classmethod
    def _check_modules(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not _MODULE.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of a module, such as 'oommf/2.0'")
        return names

    @field_validator("environment")
    @classmethod
    def _check_environment(cls, variables: dict[str, str]) -> dict[str, str]:
        for name, value in variables.items():
            if not _VARIABLE.fullmatch(name):
                raise ValueError(f"{name!r} is not the name of an environment variable")
            _check_line(value, f"the value of {name}")
        return variables

    @field_validator("directives")
    @classmethod
    def _check_directives(cls, directives: tuple[str, ...]) -> tuple[str, ...]:
        for directive in directives:
            if not directive.startswith("-"):
                raise ValueError(f"{directive!r} is not an option of a batch system; it begins with '-'")
            _check_line(directive, "a directive")
        return directives

    @field_validator("resource_spec")
    @classmethod
    def _check_resources(cls, text: str | None) -> str | None:
        return text if text is None else _check_line(text, "resource_spec")

    @field_validator("python", "scratch")
    @classmethod
    def _check_path(cls, path: str | None) -> str | None:
        # Dask-jobqueue writes them into the job script unquoted.
        if path is not None and (not os.path.isabs(path) or not re.fullmatch(r"[\w./+@-]+", path)):
            raise ValueError(f"{path!r} is not an absolute path of letters, digits and _ . / + @ -")
        return path

    @property
    def walltime_text(self) -> str:
        """The wall time as batch systems write it, HH:MM:SS."""
        minutes, seconds = divmod(self.wall_time, 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"

    @property
    def lifetime(self) -> int:
        """Seconds after which a worker ends, a while before the wall time would end it."""
        return self.wall_time - max(120, self.wall_time // 50)


def _check_line(text: str, what: str) -> str:
    if not text.isprintable():
        raise ValueError(f"{what} is {text!r}; it must be one line of printable characters")
    return text


def load_cluster(path: str | Path) -> BatchCluster:
    r"""Read a batch system from a YAML file.

    Parameters
    ----------
    path : str or pathlib.Path
        The file. It is data: it is read with YAML's safe loader and can name no code.

    Raises
    ------
    ValueError
        If there is no such file, or it does not describe a batch system; names the file and the field.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from runs import load_cluster
    >>> text = "queue_system: slurm\ninterface: ib0\nmax_jobs: 20\nruns_per_job: 4\nmemory: 8 GB\nwall_time: 12 hours\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "cluster.yaml")
    ...     _ = path.write_text(text)
    ...     load_cluster(path).walltime_text
    '12:00:00'
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"cluster {str(path)!r}: there is no such file")
    return read_description(path, BatchCluster, "a cluster")
