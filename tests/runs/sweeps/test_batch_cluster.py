"""Batch systems: what their file may say, the job scripts, and a sweep through a stand-in for SLURM."""

import os
import stat
import sys
from collections import Counter

import dask
import pytest
import yaml
from pydantic import ValidationError
from rows import rows

from runs import BatchCluster, Store, execute, load_cluster
from runs.engines import Limits
from runs.sweeps.clusters import _jobqueue_options, _preloads, _security_of_jobs

FIELDS = {
    "queue_system": "slurm",
    "interface": "lo",
    "max_jobs": 3,
    "runs_per_job": 2,
    "memory": "4 GB",
    "wall_time": "90 minutes",
}


def test_yaml_and_python_say_the_same(tmp_path):
    path = tmp_path / "cluster.yaml"
    path.write_text(yaml.safe_dump(FIELDS))
    cluster = load_cluster(path)
    assert cluster == BatchCluster(**FIELDS)
    assert (cluster.memory, cluster.wall_time, cluster.walltime_text) == (4_000_000_000, 5400, "01:30:00")
    assert 0 < cluster.lifetime < cluster.wall_time
    assert cluster.encrypted


@rows(
    ("change", "message"),
    [
        ({"que": "long"}, "did you mean 'queue'"),
        ({"queue_system": "lsf"}, "queue_system"),
        ({"interface": "eth0; rm -rf ~"}, "interface"),
        ({"queue": "long\n#SBATCH --mail-user=x"}, "queue"),
        ({"account": "$(id)"}, "account"),
        ({"modules": ["oommf; rm -rf ~"]}, "is not the name of a module"),
        ({"modules": ["../oommf/$(id)"]}, "is not the name of a module"),
        ({"environment": {"A;B": "1"}}, "environment variable"),
        ({"environment": {"A": "1\nrm -rf ~"}}, "one line"),
        ({"directives": ["--exclusive\nrm -rf ~"]}, "one line"),
        ({"directives": ["rm -rf ~"]}, "begins with '-'"),
        ({"python": "python; id"}, "absolute path"),
        ({"scratch": "/scratch/$(id)"}, "absolute path"),
        ({"memory": "4 hours"}, "dimension"),
        ({"wall_time": "4 GB"}, "dimension"),
        ({"wall_time": "1 minute"}, "greater than or equal to 600"),
        ({"max_jobs": 0}, "max_jobs"),
    ],
)
def test_what_could_be_more_than_itself_is_refused(change, message):
    with pytest.raises(ValidationError, match=message):
        BatchCluster(**(FIELDS | change))


@rows(
    ("text", "message"),
    [
        ("!!python/object/apply:os.system ['id']", "holds data only"),
        ("queue_system: slurm\nqueue_system: pbs", "given twice"),
        ("- slurm", "a cluster is a table"),
        ("queue_system: slurm", "interface: it is missing; give it"),
    ],
)
def test_a_file_that_is_not_a_cluster_is_named(tmp_path, text, message):
    path = tmp_path / "cluster.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=message) as raised:
        load_cluster(path)
    assert str(path) in str(raised.value)
    with pytest.raises(ValueError, match="no such file"):
        load_cluster(tmp_path / "other.yaml")


def job_script(cluster, tmp_path, threads=1):
    import dask_jobqueue

    kind = {"slurm": "SLURMCluster", "pbs": "PBSCluster", "sge": "SGECluster"}[cluster.queue_system]
    with _security_of_jobs(cluster, tmp_path) as security:
        options = _jobqueue_options(cluster, Limits(threads=threads), tmp_path, str(tmp_path), security)
        with getattr(dask_jobqueue, kind)(**options) as made:
            return made.job_script(), made.scheduler_address


@pytest.mark.parametrize(
    ("queue_system", "lines"),
    [
        (
            "slurm",
            ["#SBATCH -p long", "#SBATCH -A spin", "#SBATCH --cpus-per-task=4", "#SBATCH -t 01:30:00", "#SBATCH --x"],
        ),
        (
            "pbs",
            [
                "#PBS -q long",
                "#PBS -A spin",
                "#PBS -l select=1:ncpus=4:mem=3815MB",
                "#PBS -l walltime=01:30:00",
                "#PBS --x",
            ],
        ),
        ("sge", ["#$ -q long", "#$ -P spin", "#$ -l h_rt=01:30:00", "#$ --x"]),
    ],
)
def test_the_job_script_asks_for_what_the_file_says(tmp_path, queue_system, lines):
    cluster = BatchCluster(
        **FIELDS
        | {
            "queue_system": queue_system,
            "queue": "long",
            "account": "spin",
            "modules": ["oommf/2.0"],
            "environment": {"OOMMFTCL": "/opt/o o/oommf.tcl'; id"},
            "directives": ["--x"],
            "scratch": "/scratch/me",
            "encrypted": False,
        }
    )
    script, address = job_script(cluster, tmp_path, threads=2)
    assert address.startswith("tcp://127.0.0.1:")
    text = script.splitlines()
    for line in [*lines, "module load oommf/2.0", "export OMP_NUM_THREADS=2"]:
        assert line in text
    assert """export OOMMFTCL='/opt/o o/oommf.tcl'"'"'; id'""" in text
    # What Dask writes there is in a folder of this user's own, in the place of one that all users share.
    assert (
        "mkdir -p /scratch/me && DASK_TEMPORARY_DIRECTORY=$(mktemp -d /scratch/me/solitons-XXXXXXXX) || exit 1" in text
    )
    assert "export DASK_TEMPORARY_DIRECTORY" in text
    worker = text[-1]
    assert worker.startswith(f"{sys.executable} -m distributed.cli.dask_worker {address}")
    assert "--nworkers 2" in worker
    # The last one given counts: a worker computes one run, whatever threads that has.
    assert worker.rindex("--nthreads 1") > worker.index("--nthreads 2")


def test_workers_of_a_batch_system_are_encrypted_unless_told_otherwise(tmp_path):
    script, address = job_script(BatchCluster(**FIELDS), tmp_path)
    assert address.startswith("tls://127.0.0.1:")
    assert "--tls-key" in script


SBATCH = """#!/bin/sh
# Runs the job here and now, as SLURM would on a node.
for job in "$@"; do :; done
cp "$job" "{folder}/job.$$"
sh "{folder}/job.$$" >"{folder}/job.$$.log" 2>&1 </dev/null &
echo $! >>"{folder}/jobs"
alive=0
for job in $(cat "{folder}/jobs"); do kill -0 "$job" 2>/dev/null && alive=$((alive + 1)); done
echo $alive >>"{folder}/at-once"
echo "Submitted batch job $(tail -n 1 "{folder}/jobs")"
"""

SCANCEL = """#!/bin/sh
pkill -TERM -P "$1"
kill "$1" 2>/dev/null
exit 0
"""


@pytest.mark.slow
def test_a_sweep_runs_in_the_jobs_of_a_batch_system(several, plan, listening, tmp_path, monkeypatch):
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, text in (("sbatch", SBATCH), ("scancel", SCANCEL)):
        path = commands / name
        path.write_text(text.replace("{folder}", str(tmp_path)))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
    cluster = BatchCluster(**FIELDS | {"max_jobs": 2})
    wanted = several(5)
    before, places, keys = listening(os.getpid()), [], []

    def look(_run, fraction):
        """While two runs are at work: their processes, and the scheduler in this one."""
        if fraction == 0.5 and not places and plan.count("begun") >= 2:
            places.append([place for place in listening(os.getpid()) if place not in before])
            places.extend(listening(worker) for worker in plan.processes("begun"))
            keys.extend(stat.S_IMODE(path.stat().st_mode) for path in (*logs.glob(".tls-*"), *logs.rglob("*.pem")))
            plan.write()

    logs = tmp_path / "store" / "batch-logs"
    plan.write(held=wanted)
    reports = list(execute(wanted, tmp_path / "store", cluster=cluster, progress=look))
    assert Counter(report.outcome for report in reports) == {"computed": 5}, [
        path.read_text() for path in tmp_path.glob("job.*.log")
    ]
    assert Store(tmp_path / "store").ids() == sorted(spec.run_id for spec in wanted)
    # Each listens once, on the network that the file names, and the key that they share is ours alone and goes.
    assert [len(each) for each in places] == [1] * len(places)
    assert len(places) >= 3
    assert {place.rpartition(":")[0] for each in places for place in each} == {"127.0.0.1"}
    assert sorted(keys) == [0o600, 0o600, 0o700]
    assert list(logs.glob(".*")) == []
    # Five runs, two in a job, ask for three; never more than two at a time. One that does not come up is replaced.
    assert 1 <= max(int(count) for count in (tmp_path / "at-once").read_text().split()) <= 2
    assert not [path for path in (tmp_path / "store").iterdir() if path.name.startswith(".")]


@rows(("theirs", "all_of_them"), [("lab.setup", ["lab.setup", "ours"]), (None, ["ours"]), (["ours"], ["ours"])])
def test_what_dask_preloads_may_be_one_name(theirs, all_of_them):
    with dask.config.set({"distributed.worker.preload": theirs}):
        assert _preloads("worker", "ours") == all_of_them
