"""Commands that only look import only what they need, and so do the main names of the four packages.

Modules are counted, not seconds: `tests/budget.toml` has how many each may import.
"""

import json
import os
import subprocess
import sys

import pytest
from budget import allowed, excesses

from runs import Store
from runs.attempt import run_one
from runs.store import remember_campaign

MOST = allowed("imported_modules")
HEAVY = {
    *("dask", "diffrax", "discretisedfield", "equinox", "jax", "lmfit", "matplotlib", "micromagneticmodel", "numba"),
    *("oommfc", "pandas", "pint", "sklearn", "ubermag", "ubermagtable", "xarray", "zarr"),
    *("scipy.interpolate", "scipy.linalg", "scipy.ndimage", "scipy.optimize", "scipy.signal", "scipy.special"),
    *("scipy.sparse", "scipy.spatial", "scipy.stats"),
}
NEEDED = {"names": {"pandas", "xarray"}, "kinds": {"scipy.linalg", "scipy.special"}}
"""Observables are xarray's Datasets. `random_bits` has its shortest length from the tests of bits."""
ARGUMENTS = {"new": ["dw-synapse", "mine.yaml"]}

NAMES = """
from analysis import artificial, avalanches, find_skyrmions, flips, held_wall, logic_values, macrospins
from analysis import plot_magnetisation, plot_positions, switching, truth_table, tunnel_junction, vertices, walls
from geometries import AbstractDevice, MagnetArray, Material, Pillar, SkyrmionTrack, SpinIce, Stripe
from geometries.devices import Device
from geometries import get_material
from runs import ConstantCurrent, ConstantField, CurrentPulses, Ensemble, FieldPulses, FieldSteps, Loop, Protocol
from runs import RampTo, Relax, Rest, RunSpec, Store, execute, open_run, simulate
from solitons import campaign_table, load_campaign, load_model, open_campaign, run_campaign, save_model
from solitons.devices import send_pulses
from solitons.exports import export_model
from solitons.skyrmions import fit_thiele
from solitons.domain_walls import fit_wall
"""
KINDS = """
from importlib.metadata import entry_points

for each in entry_points(group="solitons.campaigns"):
    if each.dist.name == "soliton-workbench":
        each.load()
"""
# What is only named, to be imported when it is used (`lazy_loader.load`), counts neither as a module nor as heavy.
COUNT = """
import json, sys
names = [name for name, module in sys.modules.items() if type(module).__name__ != "_LazyModule"]
print(json.dumps(names), file=sys.stderr)
"""


def imported(code, folder):
    """The modules that Python holds in the end, the tests' own plug-ins left out."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run(
        [sys.executable, "-c", code + COUNT], capture_output=True, text=True, cwd=folder, env=environment, check=True
    )
    return set(json.loads(found.stderr.splitlines()[-1]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where commands are typed: beside a store with a run and a campaign."""
    return tmp_path_factory.mktemp("typed")


@pytest.fixture
def store(folder, make_spec):
    found, spec = Store(folder / "store"), make_spec()
    run_one(spec, found)
    remember_campaign(found, "small", "mock", [spec.run_id])
    return found


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted(MOST))
def test_no_more_is_imported_than_is_needed(command, folder, store):
    typed = (
        f"from solitons.commands.cli import main\nsys.argv = {['solitons', command, *ARGUMENTS.get(command, [])]!r}\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
    )
    found = imported({"names": NAMES, "kinds": KINDS}.get(command, f"import sys\n{typed}"), folder)
    assert sorted(HEAVY & found - NEEDED.get(command, set())) == []
    assert excesses("imported_modules", {command: len(found)}, MOST) == []
