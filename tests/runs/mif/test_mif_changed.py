"""Every change of a good MIF file that changes what runs is refused: lines left out, twice, numbers, words, files."""

import re

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
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


def ramp(t):
    return 1e9 * t


def rotation(t):
    return [np.cos(1e9 * t), -np.sin(1e9 * t), 0, np.sin(1e9 * t), np.cos(1e9 * t), 0, 0, 0, 1]


def fields_of(mesh):
    scalar = df.Field(mesh, nvdim=1, value=lambda p: 0.1 + p[0] * 1e7)
    return scalar, df.Field(mesh, nvdim=3, value=lambda p: (p[0] * 1e8, -1, 0))


def couplings(system, mesh):
    scalar, _ = fields_of(mesh)
    energy = (
        mm.Exchange(A=1.1e-11)
        + mm.Exchange(A={"left": 1e-11, "left:right": 2e-12, "default": 3e-12}, name="regions")
        + mm.Exchange(A=scalar, name="field")
        + mm.DMI(D=-1.5e-3, crystalclass="Cnv_z")
        + mm.DMI(D={"left": 1e-3, "left:right": 2e-4}, crystalclass="D2d_x", name="other")
        + mm.Demag(asymptotic_radius=6)
    )
    return system(mesh, energy=energy), None, {}


def anisotropies(system, mesh):
    scalar, vector = fields_of(mesh)
    energy = (
        mm.UniaxialAnisotropy(K={"left": 1e5, "right": -2e5}, u=(0, 0.6, 0.8))
        + mm.UniaxialAnisotropy(K1=1e5, K2=scalar, u={"left": (0, 0, 1), "default": (1, 0, 0)}, name="second")
        + mm.CubicAnisotropy(K=-3e4, u1=(1, 0, 0), u2=(0, 1, 0))
        + mm.MagnetoElastic(B1=8e6, B2={"left": 7e6}, e_diag=(1e-3, 2e-3, 3e-3), e_offdiag=vector)
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


def waves(system, mesh):
    energy = mm.Zeeman(H=(1e4, 2e4, 3e4), func="sin", f=1e9, t0=2e-12, name="sine") + mm.Zeeman(
        H={"left": (1e4, 2e4, 3e4)}, func="sinc", f=1e9, t0=2e-12, name="sinc"
    )
    return system(mesh, energy=energy), None, {}


def sampled_fields(system, mesh):
    _, vector = fields_of(mesh)
    energy = (
        mm.Zeeman(H=(1e4, 2e4, 3e4), func=ramp, dt=2e-12, name="ramp")
        + mm.Zeeman(H=vector, func=ramp, dt=2e-12, name="fields")
        + mm.Zeeman(H={"right": (1e4, 2e4, 3e4)}, func=rotation, dt=2e-12, name="rotation")
    )
    return system(mesh, energy=energy), None, {}


def periodic(system, mesh):
    layers = {
        "lower": df.Region(p1=(0, 0, 0), p2=(20e-9, 10e-9, 2e-9)),
        "upper": df.Region(p1=(0, 0, 2e-9), p2=(20e-9, 10e-9, 4e-9)),
    }
    mesh = df.Mesh(region=mesh.region, cell=mesh.cell, subregions=layers, bc="xy")
    return system(mesh, energy=mm.RKKY(sigma=-1e-4, sigma2=1e-5, subregions=["lower", "upper"])), None, {}


def slonczewski(system, mesh):
    torque = mm.Slonczewski(
        J={"left": 1e12, "right": -2e12},
        mp=df.Field(mesh, nvdim=3, value=(0.6, 0.8, 0)),
        P=df.Field(mesh, nvdim=1, value=0.4),
        Lambda={"left": 1.5},
        eps_prime=-0.02,
        func=ramp,
        dt=2e-12,
    )
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque), None, {"fixed_subregions": ["left", "right"]}


def warm_slonczewski(system, mesh):
    torque = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, tcl_strings=SCRIPT)
    driver = oc.TimeDriver(evolver=oc.Xf_ThermSpinXferEvolver(uniform_seed=7, max_timestep=1e-14))
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque, T=77), driver, {"fixed_subregions": ["right"]}


def zhang_li(system, mesh):
    torque = mm.ZhangLi(u={"left": -30.0, "default": 2}, beta=0.04, func=ramp, dt=2e-12)
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque), None, {}


def zhang_li_in_any_direction(system, mesh):
    torque = mm.ZhangLi(u=df.Field(mesh, nvdim=3, value=(1, -2, 3)), beta=0.04, tcl_strings=SCRIPT)
    return system(mesh, dynamics=PRECESSION_AND_DAMPING + torque), None, {}


def warm(system, mesh):
    dynamics = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1)
    return system(mesh, dynamics=dynamics, T=300), oc.TimeDriver(evolver=oc.UHH_ThetaEvolver(fixed_timestep=2e-15)), {}


def damping_only(system, mesh):
    driver = oc.TimeDriver(evolver=oc.Xf_ThermHeunEvolver(method="rk2heun"))
    return system(mesh, dynamics=mm.Damping(alpha=0.2), T=4), driver, {}


def precession_only(system, mesh):
    dynamics = mm.Precession(gamma0=df.Field(mesh, nvdim=1, value=2e5))
    compute = 'Schedule "Oxs_UniformExchange:exchange:Field" archive Step 1\n'
    return system(mesh, dynamics=dynamics), None, {"compute": compute}


def minimum(system, mesh):
    driver = oc.MinDriver(stopping_mxHxm=0.02, evolver=oc.CGEvolver(gradient_reset_count=50))
    return system(mesh), driver, {"fixed_subregions": ["left"], "output_step": True}


def loop(system, mesh):
    steps = [[(0, 0, 0), (1e5, 2e4, 3), 2], [(1e5, 2e4, 3), (-4, 5, 6), 4]]
    mesh = df.Mesh(region=mesh.region, cell=mesh.cell)
    return system(mesh), oc.HysteresisDriver(), {"Hsteps": steps}


MODELS = [
    *(couplings, anisotropies, constant_fields, waves, sampled_fields, periodic),
    *(slonczewski, warm_slonczewski, zhang_li, zhang_li_in_any_direction),
    *(warm, damping_only, precession_only, minimum, loop),
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
