"""Every change of a good MIF file that changes what runs is refused: lines left out, twice, numbers, words, files."""

import re

import discretisedfield as df
import micromagneticmodel as mm
import oommfc as oc
import pytest
from rows import rows

from runs.mif import ModelLostError

PRECESSION_AND_DAMPING = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha={"left": 0.1, "default": 0.02})
PULSE = "proc Pulse { total_time } {\n  if {$total_time > 1e-9} { return 0 }\n  return 1\n}\n"
SCRIPT = {"script": PULSE, "script_args": "total_time", "script_name": "Pulse"}
TURN = "proc Turn { total_time } {\n  return [list 1 0 0 0 0 0]\n}\n"
TURNS = {"script": TURN, "script_args": "total_time", "script_name": "Turn", "energy": "Oxs_ScriptUZeeman"}
SIGNED = {"type": "diagonal", "energy": "Oxs_TransformZeeman"}


def fields_of(mesh):
    scalar = df.Field(mesh, nvdim=1, value=lambda p: 0.1 + p[0] * 1e7)
    return scalar, df.Field(mesh, nvdim=3, value=lambda p: (p[0] * 1e8, -1, 0))


def couplings(system, mesh):
    energy = (
        mm.Exchange(A=1.1e-11)
        + mm.Exchange(A={"left": 1e-11, "left:right": 2e-12, "default": 3e-12}, name="regions")
        + mm.DMI(D=-1.5e-3, crystalclass="Cnv_z")
        + mm.DMI(D={"left": 1e-3, "left:right": 2e-4}, crystalclass="T", name="other")
        + mm.Demag()
    )
    return system(mesh, energy=energy), None, {}


def anisotropies(system, mesh):
    scalar, vector = fields_of(mesh)
    energy = (
        mm.UniaxialAnisotropy(K={"left": 1e5, "right": -2e5}, u=(0, 0.6, 0.8))
        + mm.UniaxialAnisotropy(K=1e5, u={"left": (0, 0, 1), "default": (1, 0, 0)}, name="second")
        + mm.UniaxialAnisotropy(K=scalar, u=vector, name="fields")
    )
    return system(mesh, energy=energy), None, {}


def constant_fields(system, mesh):
    _, vector = fields_of(mesh)
    energy = (
        mm.Zeeman(H=(1e4, 2e4, 3e4), name="constant")
        + mm.Zeeman(H=vector, name="bias")
        + mm.Zeeman(H=(1, 1, 1), tcl_strings=TURNS, name="script")
        + mm.Zeeman(H={"left": (1, 2, 1)}, tcl_strings=TURNS | SIGNED | {"script": ""}, name="signed")
    )
    return system(mesh, energy=energy), None, {}


def slonczewski(system, mesh):
    torque = mm.Slonczewski(
        J=df.Field(mesh, nvdim=1, value=1e12),
        mp=df.Field(mesh, nvdim=3, value=(0.6, 0.8, 0)),
        P=0.4,
        Lambda=1.5,
        eps_prime=-0.02,
        tcl_strings=SCRIPT,
    )
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque), None, {}


def uniform_slonczewski(system, mesh):
    torque = mm.Slonczewski(J=-1e12, mp=(0, 1, 0), P=0.4, Lambda=1, eps_prime=df.Field(mesh, nvdim=1, value=0.1))
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque), None, {}


def zhang_li(system, mesh):
    torque = mm.ZhangLi(u=-30.0, beta=0.04, tcl_strings=SCRIPT)
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque), None, {}


def zhang_li_in_any_direction(system, mesh):
    torque = mm.ZhangLi(u=df.Field(mesh, nvdim=3, value=(1, -2, 3)), beta=0.04, tcl_strings=SCRIPT)
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque), None, {}


def minimum(system, mesh):
    driver = oc.MinDriver(stopping_mxHxm=0.02, evolver=oc.CGEvolver(gradient_reset_count=50))
    return system(mesh), driver, {}


def loop(system, mesh):
    steps = [[(0, 0, 0), (1e5, 2e4, 3), 2], [(1e5, 2e4, 3), (-4, 5, 6), 4]]
    mesh = df.Mesh(region=mesh.region, cell=mesh.cell)
    return system(mesh), oc.HysteresisDriver(), {"Hsteps": steps}


MODELS = [
    *(couplings, anisotropies, constant_fields),
    *(slonczewski, uniform_slonczewski, zhang_li, zhang_li_in_any_direction),
    *(minimum, loop),
]
NUMBER = re.compile(r"(?<![\w.])-?\d+\.?\d*(?:[eE][-+]?\d+)?(?![\w.])")
WORD = re.compile(r"[A-Za-z_][\w.]*")


def changes(text):
    """Each line left out and twice, each number larger, of the other sign and a little other, each word longer.

    Left alone is what OOMMF does not look at: comments but the header, and the header's second copy; and
    "do_precess 1", which is what OOMMF takes where it is not said.
    """
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if not line.strip() or (line.startswith("#") and index):
            continue
        variants = [] if line == "  do_precess 1" else [[]]
        variants += [[line, line]] if index else []
        for match in NUMBER.finditer(line):
            before, after, number = line[: match.start()], line[match.end() :], float(match[0])
            for other in {number * 2 + 1, -number, number * (1 + 1e-12)} - {number}:
                variants.append([f"{before}{other!r}{after}"])
        for match in WORD.finditer(line):
            variants.append([f"{line[: match.end()]}x{line[match.end() :]}"])
        for variant in variants:
            yield index + 1, variant, "\n".join([*lines[:index], *variant, *lines[index + 1 :]])


@pytest.mark.parametrize("stride", [13, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_change_of_the_text_is_refused(make_system, make_mesh, write, model, stride):
    system, driver, arguments = model(make_system, make_mesh())
    text, check = write(system, driver, **arguments)
    check()
    tried = list(changes(text))[::stride]
    accepted = []
    for line, variant, changed in tried:
        try:
            check(changed)
            accepted.append((line, variant))
        except ModelLostError:
            pass
    assert not accepted
    assert len(tried) > 200 / stride


@rows("model", MODELS, ids=lambda model: model.__name__)
def test_every_change_of_a_file_is_refused(make_system, make_mesh, write, model):
    system, driver, arguments = model(make_system, make_mesh())
    text, check = write(system, driver, **arguments)
    names = re.findall(r"^  file (\S+)$", text, re.MULTILINE)
    assert "m0.omf" in names
    for name in names:
        path = check.directory / name
        whole = path.read_bytes()
        field = df.Field.from_file(str(path))
        for component in range(3):
            other = field.array.copy()
            other[0, 1, 0, component] += 1e-3 + abs(other).max()
            df.Field(field.mesh, nvdim=3, value=other).to_file(str(path))
            with pytest.raises(ModelLostError, match=re.escape(name)):
                check()
        path.unlink()
        with pytest.raises(ModelLostError, match=re.escape(name)):
            check()
        path.write_bytes(whole)
    check()
