"""What `runs.mif` restates is what oommfc writes: its MIF files of a few systems, word by word, as they were read then.

Everything else that the check knows follows from these. A new oommfc that writes something else fails here, with what
is different; before that, the bound in pyproject.toml keeps it away.
"""

import difflib
import re
from importlib.metadata import version
from pathlib import Path

import micromagneticmodel as mm
import oommfc as oc
from rows import rows

DATA = Path(__file__).with_name("data")
RESTATED = "0.66.0"
TURN = {"script": "proc Pulse { total_time } { return 1 }\n", "script_args": "total_time", "script_name": "Pulse"}
LLG = mm.Precession(gamma0={"left": 2.2e5, "default": 2.3e5}) + mm.Damping(alpha={"right": 0.1, "bottom": 0.2})
KU = mm.UniaxialAnisotropy(K={"left": 0.5, "bottom": 0.125}, u={"left": (0, 0, 1), "default": (1, 0, 0)})
TURNED = mm.Zeeman(H=(0, 0, 1e5), tcl_strings=TURN | {"energy": "Oxs_ScriptUZeeman"}, name="turned")
SCALED = mm.Zeeman(
    H={"left": (0, 0, 1e5), "right": (1e5, 0, 0)},
    tcl_strings=TURN | {"script": "", "energy": "Oxs_TransformZeeman", "type": "diagonal"},
    name="scaled",
)
TORQUE = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=2, eps_prime=0.1, tcl_strings=TURN)
ENERGIES = {
    "exchange": mm.Exchange(A={"left": 1e-11, "left:right": 1e-12, "default": 2e-11}) + mm.Demag(),
    "anisotropy": KU,
    "dmi": mm.DMI(D={"left": 1e-3, "default": 0}, crystalclass="Cnv_z") + mm.DMI(D=1e-3, crystalclass="T", name="b"),
    "fields": mm.Zeeman(H=(0, 0, 1e5)) + TURNED + SCALED,
}
SYSTEMS = {
    **{name: ({"energy": energy}, oc.TimeDriver, {}) for name, energy in ENERGIES.items()},
    "llg": ({"dynamics": LLG}, oc.TimeDriver, {"n": 3}),
    "zhang-li": ({"dynamics": LLG + mm.ZhangLi(u=1.0, beta=0.2, tcl_strings=TURN)}, oc.TimeDriver, {}),
    "slonczewski": ({"dynamics": LLG + TORQUE}, oc.TimeDriver, {}),
    "minimum": ({}, lambda: oc.MinDriver(evolver=oc.CGEvolver()), {}),
    "hysteresis": ({}, oc.HysteresisDriver, {"Hsteps": [[(0, 0, 0), (1e5, 0, 0), 2], [(1e5, 0, 0), (0, 0, 0), 4]]}),
}
REMEDY = """\
oommfc {found} writes another MIF of '{name}' than oommfc {read}, which runs.mif restates:

{difference}

If OOMMF does the same with both, write the new text into {path}
and take the new version within the bound of pyproject.toml and environment.yml. If it does not, runs.mif (and what it
says would be lost) has to follow first. Lines with - are what was read, lines with + what is written now."""


@rows("name", SYSTEMS)
def test_oommfc_writes_what_was_read(make_system, make_mesh, write, name):
    parts, driver, arguments = SYSTEMS[name]
    text, check = write(make_system(**parts), driver(), **arguments)
    check()
    path = DATA / f"{name}.mif"
    difference = list(
        difflib.unified_diff(path.read_text().splitlines(), text.splitlines(), "read", "written", "", "", 1, "")
    )
    assert not difference, REMEDY.format(
        found=version("oommfc"), read=RESTATED, name=name, difference="\n".join(difference), path=path
    )


def test_the_bound_keeps_a_newer_oommfc_away_until_it_was_read():
    project = Path(__file__).parents[3] / "pyproject.toml"
    (least, below) = re.search(r'"oommfc>=([\d.]+),<([\d.]+)"', project.read_text()).groups()
    read = RESTATED.rpartition(".")[0]
    major, minor = map(int, read.split("."))
    assert (least, below) == (read, f"{major}.{minor + 1}"), "one version was read, and that is what may be installed"
