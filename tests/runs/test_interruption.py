"""Ctrl-C and SIGTERM end the program wherever they strike, and the store is whole."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runs import Store, execute, interruption
from runs.store import verify

ROOT = Path(__file__).parents[2]
SIGNALS = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture(autouse=True)
def _as_before(monkeypatch):
    before = {number: signal.getsignal(number) for number in SIGNALS}
    monkeypatch.setattr(interruption, "_interrupted", False)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Struck:
    """Interrupts the program while it is finalised, where Python forgets the exception."""

    def __init__(self, number):
        self.number = number

    def __del__(self):
        os.kill(os.getpid(), self.number)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_program_that_listens_again_is_not_interrupted():
    """What was interrupted before is over; in a process of its own, as the handlers stay."""
    program = (
        "import os, signal\nfrom runs import interruption\ninterruption.listen()\n"
        "try:\n    os.kill(os.getpid(), signal.SIGTERM)\nexcept KeyboardInterrupt:\n    pass\n"
        "assert interruption.is_interrupted()\ninterruption.listen()\ninterruption.check()\nprint('goes on')"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.stdout == "goes on\n", result.stderr


@pytest.mark.parametrize("number", SIGNALS)
def test_an_interrupt_in_a_finaliser_ends_the_next_run(number, make_spec, tmp_path):
    interruption.listen()
    Struck(number)
    assert interruption.is_interrupted(), "its exception was lost, or the test has ended"
    with pytest.raises(KeyboardInterrupt):
        list(execute([make_spec()], tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (signal.SIGINT, None, ["half", "whole"]),
        (signal.SIGTERM, None, ["half", "whole"]),
        (signal.SIGINT, signal.SIGINT, ["half"]),
    ],
)
def test_a_block_that_must_not_be_left_half_done_is_finished_unless_a_second_interrupt_comes(first, second, expected):
    interruption.listen()
    done = []

    def work():
        with interruption.held():
            for number, word in ((first, "half"), (second, "whole")):
                if number is not None:
                    os.kill(os.getpid(), number)
                done.append(word)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == expected
    assert interruption.is_interrupted()


MANY = """
import gc, json, os, signal, sys, warnings
from pathlib import Path

sys.path.insert(0, "tests/plugins")
import mock_engine
from runs import RunSpec, Store, interruption
from runs.attempt import run_one

specs = [RunSpec.model_validate_json(line) for line in Path(sys.argv[2]).read_text().splitlines()]
honest = mock_engine.simulate


def simulate(spec, directory, progress, limits):
    for step in range(200):
        # Most of the time the garbage collector calls back, in which an exception is lost.
        gc.collect(0)
        progress(step / 200)
    return honest(spec, directory, progress, limits)


def call_back(phase, info):
    sum(range(20_000))


mock_engine.simulate = simulate
for line in sys.stdin:
    wanted = json.loads(line)
    child = os.fork()
    if child == 0:
        warnings.simplefilter("ignore")
        sys.unraisablehook = lambda _: None
        interruption.listen()
        gc.callbacks.append(call_back)
        code = 0
        os.setpgid(0, 0)
        try:
            for number, spec in enumerate(specs):

                def report(_fraction, number=number):
                    os.write(1, b"%d .\\n" % os.getpid())

                run_one(spec, Store(Path(wanted["store"])), report)
        except KeyboardInterrupt:
            code = 130
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    os.write(1, b"ended %d\\n" % os.waitstatus_to_exitcode(status))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork processes")
def test_a_hundred_random_signals_end_a_hundred_programs_and_leave_whole_stores(make_spec, tmp_path):
    protocol = make_spec().protocol
    specs = [
        make_spec(protocol=protocol.model_copy(update={"static_field": (0.0, 0.0, field)})) for field in (0.0, 1.0, 2.0)
    ]
    (tmp_path / "specs").write_text("\n".join(spec.model_dump_json() for spec in specs))
    chance = random.Random(30)
    process = subprocess.Popen(
        [sys.executable, "-c", MANY, "", str(tmp_path / "specs")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    codes = []
    with process:
        for number in range(100):
            print(json.dumps({"store": str(tmp_path / f"store-{number}")}), file=process.stdin)
            strike = chance.randrange(1, 500)  # of some 600 reports; where between two of them is chance
            for count, line in enumerate(process.stdout, 1):
                if line.startswith("ended"):
                    codes.append(int(line.split()[1]))
                    break
                if count == strike:
                    os.kill(int(line.split()[0]), chance.choice(SIGNALS))
        process.stdin.close()
    assert codes == [130] * 100
    for number in range(100):
        store = Store(tmp_path / f"store-{number}")
        assert list(verify(store)) == []
        assert {path.name for path in store.root.iterdir()} == set(store.ids())


STARTING = """
import runs.sweeps.clusters as clusters
from runs import interruption
from runs.engines import DEFAULT_LIMITS

if __name__ == "__main__":
    interruption.listen()
    shield = clusters._shield_processes

    async def announced():
        await shield()
        print("starting", flush=True)

    clusters._shield_processes = announced
    try:
        with clusters.local_workers(2, DEFAULT_LIMITS):
            print("up", flush=True)
            while True:
                input()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", SIGNALS)
def test_an_interrupt_while_workers_start_is_no_flood(number, tmp_path):
    script = tmp_path / "starting.py"
    script.write_text(STARTING)
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == "starting\n"
    # Ctrl-C reaches every process of a terminal, a batch system's SIGTERM one.
    (os.killpg if number == signal.SIGINT else os.kill)(process.pid, number)
    output, errors = process.communicate()
    assert (output, errors) == ("interrupted\n", "")


@pytest.mark.slow
def test_a_batch_system_leaves_ctrl_c_as_it_was():
    # In a process of its own: the import may have happened here.
    code = """
import signal
from runs.sweeps.clusters import _jobqueue

before = signal.getsignal(signal.SIGINT)
_jobqueue()
assert signal.getsignal(signal.SIGINT) is before
"""
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
