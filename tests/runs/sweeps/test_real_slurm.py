"""A real SLURM of one node on loopback, where its programs are installed: a sweep by `--cluster`, and a killed job."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter

import pytest
import yaml

from runs import Store, execute, load_cluster

pytestmark = pytest.mark.slow

PATIENCE = 120.0  # seconds after which what has not come will not come
CONFIGURATION = """\
ClusterName=loopback
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
KillWait=10
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=8000
PartitionName=main Nodes=node Default=YES
"""


class Slurm:
    """A controller and a node, each in a process of its own, that know each other by a key of their own."""

    def __init__(self, folder):
        self.folder = folder
        self._started = []
        key = folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        for name in ("state", "spool"):
            (folder / name).mkdir()
        with socket.socket() as first, socket.socket() as second:
            for each in (first, second):
                each.bind(("127.0.0.1", 0))
            ports = [each.getsockname()[1] for each in (first, second)]
        (folder / "cgroup.conf").write_text("CgroupPlugin=disabled\n")
        (folder / "slurm.conf").write_text(
            CONFIGURATION.format(
                host=socket.gethostname().partition(".")[0],
                controller_port=ports[0],
                node_port=ports[1],
                user=os.getuid(),
                folder=folder,
            )
        )

    def start(self):
        # In a folder that not everybody can look into, munge has to be forced.
        self._spawn(
            "munged", "--foreground", "--force", f"--key-file={self.folder}/munge.key",
            f"--socket={self.folder}/munge.socket", f"--pid-file={self.folder}/munged.pid",
            f"--log-file={self.folder}/munged.log", f"--seed-file={self.folder}/munged.seed",
        )  # fmt: skip
        self.wait_until(lambda: (self.folder / "munge.socket").exists(), "munged does not listen")
        self._spawn("slurmctld", "-D", "-i")
        self._spawn("slurmd", "-D", "-N", "node")
        self.wait_until(lambda: self.ask("sinfo", "--noheader", "--format=%T") == "idle", "the node does not come up")

    def _spawn(self, program, *arguments):
        with (self.folder / f"{program}.out").open("w") as output:
            self._started.append(
                subprocess.Popen(
                    [where(program), *arguments],
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            )

    def ask(self, *command):
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE).stdout.strip()

    def jobs(self):
        """The numbers of the jobs that run."""
        return self.ask("squeue", "--noheader", "--states=RUNNING", "--format=%i").split()

    def wait_until(self, condition, otherwise):
        deadline = time.monotonic() + PATIENCE
        while not condition():
            ended = [process.args[0] for process in self._started if process.poll() is not None]
            assert not ended, f"{otherwise}, as these have ended: {ended}\n{self.outputs()}"
            assert time.monotonic() < deadline, f"{otherwise}\n{self.outputs()}"
            time.sleep(0.05)

    def outputs(self):
        return "\n".join(f"--- {path.name}\n{path.read_text()}" for path in sorted(self.folder.glob("*.out")))

    def stop(self):
        with contextlib.suppress(Exception):  # whatever state it is in, its processes go
            self.ask("scancel", "--partition=main")
            self.wait_until(lambda: not self.ask("squeue", "--noheader"), "jobs do not end")
        for process in reversed(self._started):
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def where(program):
    # Debian has daemons in a folder that is not on every user's PATH.
    return shutil.which(program, path=os.pathsep.join([os.environ["PATH"], "/usr/sbin", "/usr/local/sbin"]))


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    missing = [name for name in ("munged", "slurmctld", "slurmd", "sbatch") if where(name) is None]
    if missing:
        pytest.skip(f"no SLURM here: {', '.join(missing)} not found; Debian's package is slurm-wlm")
    made = Slurm(tmp_path_factory.mktemp("slurm"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SLURM_CONF", str(made.folder / "slurm.conf"))
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture
def cluster_file(tmp_path):
    """As docs/howto/cluster.md describes a job, on this machine's loopback."""
    (tmp_path / "scratch").mkdir()
    path = tmp_path / "cluster.yaml"
    path.write_text(
        yaml.safe_dump(
            {
                "queue_system": "slurm",
                "interface": "lo",
                "max_jobs": 2,
                "runs_per_job": 1,
                "memory": "2 GB",
                "wall_time": "20 minutes",
                "queue": "main",
                "scratch": str(tmp_path / "scratch"),
            }
        )
    )
    return path


def test_a_campaign_runs_in_jobs_of_slurm(slurm, cluster_file, tmp_path):
    store = tmp_path / "store"
    command = ["run", "sweep", "--engine", "mock", "--store", str(store), "--cluster", str(cluster_file)]
    done = subprocess.run(
        [sys.executable, "-c", "from solitons.commands.cli import main; main()", *command],
        cwd=tmp_path, capture_output=True, text=True, timeout=5 * PATIENCE,
    )  # fmt: skip
    logs = "\n".join(path.read_text() for path in (store / "batch-logs").glob("solitons-*"))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{logs}\n{slurm.outputs()}"
    assert len(Store(store).ids()) == 16  # eight fields, two dampings
    # SLURM, and nobody else, has written a log for each of the jobs.
    assert "Start worker" in logs
    slurm.wait_until(lambda: not slurm.ask("squeue", "--noheader"), "jobs outlive the sweep")
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_job_that_is_cancelled_is_replaced(slurm, several, plan, cluster_file, tmp_path):
    (wanted,) = several(1)
    cancelled = []

    def look(_run, _fraction):
        """Cancel the job in which the run is at work; let the run go when another job is at it."""
        if not cancelled:
            (job,) = slurm.jobs()
            cancelled.append(job)
            slurm.ask("scancel", job)
        elif plan.count("begun") > 1:
            plan.write()
        assert time.monotonic() < deadline, f"no other job has begun the run\n{slurm.outputs()}"

    # Dask waits for a lost worker for a while, and the next job starts a Python and a worker.
    deadline = time.monotonic() + 3 * PATIENCE
    plan.write(held=[wanted])
    reports = list(execute([wanted], tmp_path / "store", cluster=load_cluster(cluster_file), progress=look))
    assert Counter(report.outcome for report in reports) == {"computed": 1}, slurm.outputs()
    assert Store(tmp_path / "store").ids() == [wanted.run_id]
    first, second = plan.processes("begun")
    assert first != second
    assert plan.processes("done") == [second]
    assert "JobState=CANCELLED" in slurm.ask("scontrol", "show", "job", *cancelled)
    slurm.wait_until(lambda: not slurm.ask("squeue", "--noheader"), "jobs outlive the sweep")
    assert list((tmp_path / "scratch").iterdir()) == []
