"""A sweep that a script does not finish, and a network that does not answer: nothing waits for ever."""

import asyncio
import logging
import os
import signal
from collections import Counter

import pytest

from runs import Store, execute
from runs.attempt import Outcome
from runs.engines import Limits
from runs.sweeps import scheduler_at
from runs.sweeps.sweep import check_workers, sweep

# The first report is taken, the others are not; and the generator is still there when Python ends.
SCRIPT = """
import sys
from runs import RunSpec, execute

if __name__ == "__main__":
    _, store, specs, where = sys.argv
    specs = [RunSpec.model_validate_json(line) for line in open(specs)]
    reports = execute(specs, store, **({"jobs": 2} if where == "here" else {"scheduler": where}))
    print(next(reports).outcome, flush=True)
    sys.stdin.readline()
    print("end", flush=True)
"""


@pytest.fixture
def script(plan, several, start_script):
    """Start a script that leaves a sweep: one run is stored, and the others are held at work."""
    wanted = several(4)
    plan.write(held=wanted[1:])

    def start(where):
        process = start_script(SCRIPT, wanted, where)
        assert process.stdout.readline() == "computed\n", process.communicate()
        return process

    return start


@pytest.mark.slow
def test_a_script_that_leaves_a_sweep_ends_and_so_do_its_workers(plan, several, script, tmp_path):
    process = script("here")
    plan.wait_until_begun(3)
    # This waits for the workers too, which hold on to the same pipes.
    assert process.communicate("\n", timeout=120) == ("end\n", "")
    assert process.returncode == 0
    # What was at work has been told to stop, and has cleared up after itself; the sweep goes on another time.
    assert [path.name for path in (tmp_path / "store").iterdir() if path.name.startswith(".")] == []
    plan.write()
    outcomes = Counter(report.outcome for report in execute(several(4), tmp_path / "store"))
    assert outcomes == {"stored": 1, "computed": 3}


@pytest.mark.slow
def test_a_sweep_whose_scheduler_has_died_is_left_at_once(plan, several, script, address, tmp_path):
    with scheduler_at(address) as client:
        scheduler = client.run_on_scheduler(os.getpid)
    process = script(address)
    plan.wait_until_begun(3)
    os.kill(scheduler, signal.SIGKILL)
    output, errors = process.communicate("\n", timeout=120)
    assert (process.returncode, output) == (0, "end\n")
    assert "Traceback" not in errors


def test_what_dask_calls_off_after_a_client_has_gone_is_not_printed(scheduler_here, caplog):
    with scheduler_at(scheduler_here(workers=1)):
        pass
    logger = logging.getLogger("distributed.client")
    for error in (asyncio.CancelledError(), OSError("no route")):
        try:
            raise error
        except BaseException as raised:
            logger.exception(raised)
    assert [record.exc_info[0] for record in caplog.records if record.name == logger.name] == [OSError]


class Deaf:
    """A client whose network has fallen silent."""

    status = "running"

    def __init__(self, future=None):
        self.future, self.waited = future, []

    def nthreads(self, callback_timeout):
        self.waited.append(callback_timeout)
        return {"tls://10.0.0.1:1": 1}

    def run(self, *_, callback_timeout):
        self.waited.append(callback_timeout)
        raise TimeoutError

    def sync(self, *_, callback_timeout):
        self.waited.append(callback_timeout)
        raise TimeoutError

    def submit(self, *_, **__):
        return self.future


@pytest.mark.slow
def test_workers_that_do_not_answer_are_said(tmp_path):
    client = Deaf()
    with pytest.raises(ConnectionError, match="has not answered for 120 s"):
        check_workers(client, Store(tmp_path), ["mock"])
    assert client.waited == [120.0, 120.0]
    assert list(tmp_path.iterdir()) == []


class SilentOnce:
    """The answer of a worker that is cut off when it is fetched, and there when it is asked for again."""

    status = "finished"

    def __init__(self, answer):
        self.answers = iter([TimeoutError(), answer])

    def add_done_callback(self, tell):
        tell(self)

    def result(self, timeout):
        assert timeout > 0
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.slow
def test_an_answer_that_does_not_come_is_asked_for_again(make_spec, tmp_path):
    client = Deaf(SilentOnce(Outcome("failed", reason="the wall fell off")))
    ((_, outcome, _),) = sweep(
        [make_spec()], Store(tmp_path), client, limits=Limits(), retries=0, progress=lambda *_: None
    )
    assert outcome.reason == "the wall fell off"


class AtWork:
    """The answer of a run that takes for ever."""

    def add_done_callback(self, tell):
        pass


@pytest.mark.slow
def test_a_sweep_that_nobody_can_be_told_of_is_left(make_spec, tmp_path):
    client = Deaf(AtWork())

    def interrupt(*_):
        raise KeyboardInterrupt

    (work := tmp_path / ".work" / f"{make_spec().run_id}-1-a").mkdir(parents=True)
    (work / "fraction.json").write_text('{"fraction": 0.5}')
    with pytest.raises(KeyboardInterrupt):
        list(sweep([make_spec()], Store(tmp_path), client, limits=Limits(), retries=0, progress=interrupt))
    assert client.waited == [10.0]
