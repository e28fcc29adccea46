"""Systems that the native engine's tests share, and how the recorded OOMMF numbers were made."""

import functools
import math
import pathlib
import re
import sys
import tempfile
import unittest.mock
import warnings

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet

DATA = pathlib.Path(__file__).parent / "data"
MESHES = {"film": ((9, 6, 1), (2e-9, 3e-9, 4e-9)), "block": ((7, 5, 3), (2e-9, 3e-9, 4e-9))}


def random_state(shape):
    """Unit vectors at random, and a graded Ms with a hole and an empty edge cell, on a mesh with two subregions."""
    n, cell = MESHES[shape]
    boxes = {"one": ((0, 0, 0), (4, *n[1:])), "two": ((4, 2, 0), n)}
    random = np.random.default_rng(math.prod(n))
    m = random.normal(size=(*n, 3))
    saturation = random.uniform(4e5, 1e6, size=n)
    saturation[3, 2, 0] = saturation[0, 1, 0] = saturation[-1, -1, -1] = 0
    m *= (saturation / np.linalg.norm(m, axis=-1))[..., None]
    return magnet(n, m, cell=cell, Ms=None, boxes=boxes).m


def motions(mesh):
    """Dynamics in every form that OOMMF knows, some with a field that depends on time: (dynamics, field or 0)."""
    random = np.random.default_rng(2)
    positive = df.Field(mesh, nvdim=1, value=random.uniform(0.5, 2.0, size=(*mesh.n, 1)))
    vectors = df.Field(mesh, nvdim=3, value=random.normal(size=(*mesh.n, 3)))
    precession, damping = mm.Precession(gamma0=2.3e5), mm.Damping(alpha=0.3)
    both = precession + damping
    graded = mm.Precession(gamma0=2.3e5 * positive) + mm.Damping(alpha=0.3 * positive)
    regional = mm.Precession(gamma0={"one": 2e5, "two": 1e5, "default": 3e5}) + mm.Damping(alpha={"one": 0.3, "two": 1})
    numbers = {"J": 2e12, "mp": (0, 1, 0), "P": 0.4, "Lambda": 1.5, "eps_prime": 0.1}
    slonczewski, zhang_li = mm.Slonczewski(**numbers), mm.ZhangLi(u=-500.0, beta=0.05)
    frequency = 2e11

    def swinging(t):
        return math.exp(-t / 1e-12) * math.cos(2 * math.pi * frequency * t)

    def rotating(t):
        c, s = math.cos(2 * math.pi * frequency * t), math.sin(2 * math.pi * frequency * t)
        return [c, -s, 0, s, c, 0.5 * s, 0, 0.2 * s, c * c]

    turning = {"func": swinging, "dt": 1e-15}
    field = {"H": (3e5, 1e5, -2e5), "name": "turning"}
    fields = {"H": 3e5 * vectors, "name": "turning"}
    regions = {"H": {"one": (3e5, 0, 0), "two": (0, 0, -4e5)}, "name": "turning"}
    wave = {"f": frequency, "t0": 3e-13}
    return {
        "zhang_li": (both + zhang_li, 0),
        "zhang_li_vector": (both + mm.ZhangLi(u=(300.0, -400.0, 500.0), beta=0.2), 0),
        "zhang_li_local": (both + mm.ZhangLi(u=400 * vectors, beta=0.1), 0),
        "zhang_li_graded": (both + mm.ZhangLi(u=400 * positive, beta=0.1), 0),
        "zhang_li_regional": (both + mm.ZhangLi(u={"one": 500.0, "two": -300.0, "default": 100.0}, beta=0.1), 0),
        "zhang_li_turning": (both + mm.ZhangLi(u=(300.0, -400.0, 500.0), beta=0.2, **turning), 0),
        "zhang_li_all_graded": (graded + zhang_li, 0),
        "zhang_li_regional_damping": (regional + zhang_li, 0),
        "slonczewski": (both + slonczewski, 0),
        "spin_hall": (both + mm.Slonczewski(J=-3e12, mp=(0, 1, 0), P=0.3, Lambda=1), 0),
        "slonczewski_local": (
            both
            + mm.Slonczewski(
                J=1e12 * positive, mp=vectors, P=0.3 * positive, Lambda=1 + positive, eps_prime=0.1 * positive
            ),
            0,
        ),
        "slonczewski_regional": (
            both
            + mm.Slonczewski(
                J={"one": 1e12, "two": -2e12},
                mp={"one": (0, 1, 0), "two": (1, 0, 2), "default": (0, 0, 1)},
                P={"one": 0.3, "two": 0.5},
                Lambda={"one": 1.5, "two": 2},
                eps_prime={"one": 0.1, "two": 0.2},
            ),
            0,
        ),
        "slonczewski_turning": (both + mm.Slonczewski(**numbers, **turning), 0),
        "slonczewski_all_graded": (graded + slonczewski, 0),
        "slonczewski_regional_damping": (regional + slonczewski, 0),
        "graded": (graded, 0),
        "regional": (regional, 0),
        "no_damping": (mm.dynamics.Dynamics([precession]), 0),
        "zero_damping": (precession + mm.Damping(alpha=0), 0),
        "damping_alone": (mm.dynamics.Dynamics([damping]), 0),
        "sine": (both, mm.Zeeman(**field, **wave, func="sin")),
        "local_sine": (both, mm.Zeeman(**fields, **wave, func="sin")),
        "regional_sine": (both, mm.Zeeman(**regions, **wave, func="sin")),
        "sinc": (both, mm.Zeeman(**field, **wave, func="sinc")),
        "local_sinc": (both, mm.Zeeman(**fields, **wave, func="sinc")),
        "function": (both, mm.Zeeman(**field, **turning)),
        "local_function": (both, mm.Zeeman(**fields, **turning)),
        "local_rotating": (both, mm.Zeeman(**fields, func=rotating, dt=1e-15)),
        "regional_rotating": (both, mm.Zeeman(**regions, func=rotating, dt=1e-15)),
    }


ENERGY_MESHES = {
    # Cells along x, y and z, periodic axes, and subregions as first cell and end; "three" overlaps the others.
    "film": (
        (9, 6, 1),
        "",
        {"one": ((0, 0, 0), (4, 6, 1)), "two": ((6, 1, 0), (9, 5, 1)), "three": ((2, 1, 0), (7, 4, 1))},
    ),
    "block": (
        (7, 5, 3),
        "",
        {"one": ((0, 0, 0), (7, 5, 1)), "two": ((1, 0, 2), (6, 4, 3)), "three": ((2, 1, 0), (7, 5, 3))},
    ),
    "ring": (
        (5, 4, 3),
        "x",
        {"one": ((0, 0, 0), (5, 4, 1)), "two": ((0, 0, 2), (5, 4, 3)), "three": ((2, 1, 0), (5, 4, 3))},
    ),
    "torus": (
        (5, 4, 1),
        "xy",
        {"one": ((0, 0, 0), (2, 4, 1)), "two": ((3, 1, 0), (5, 3, 1)), "three": ((1, 1, 0), (4, 2, 1))},
    ),
    "crystal": (
        (4, 3, 2),
        "xyz",
        {"one": ((0, 0, 0), (4, 3, 1)), "two": ((1, 0, 1), (4, 2, 2)), "three": ((2, 1, 0), (3, 3, 2))},
    ),
    "thread": (
        (1, 2, 5),
        "xyz",
        {"one": ((0, 0, 0), (1, 1, 2)), "two": ((0, 0, 3), (1, 2, 5)), "three": ((0, 1, 0), (1, 2, 3))},
    ),
}
CLASSES = ("T", "O", "Cnv_x", "Cnv_y", "Cnv_z", "Cnv", "D2d_x", "D2d_y", "D2d_z", "D2d")


def energy_state(shape):
    """Unit vectors at random, a graded Ms with one cell in twelve empty, on a mesh with subregions."""
    n, bc, boxes = ENERGY_MESHES[shape]
    random = np.random.default_rng(math.prod(n))
    m = random.normal(size=(*n, 3))
    saturation = random.uniform(4e5, 1e6, size=n)
    saturation.flat[random.choice(math.prod(n), size=math.prod(n) // 12, replace=False)] = 0
    m *= (saturation / np.linalg.norm(m, axis=-1))[..., None]
    return magnet(n, m, cell=(2e-9, 3e-9, 4e-9), Ms=None, bc=bc, boxes=boxes).m


def interactions(mesh):
    """Terms that couple neighbours, which a periodic boundary changes: constant, in regions, varying in space."""
    random = np.random.default_rng(1)
    positive = df.Field(mesh, nvdim=1, value=random.uniform(0.5, 2.0, size=(*mesh.n, 1)))
    between = {"one": 1e-11, "two": -2e-11, "three": 5e-12, "one:three": 3e-12, "two:entire": 4e-12, "default": 7e-12}
    terms = {
        "exchange": mm.Exchange(A=1.3e-11),
        "negative_exchange": mm.Exchange(A=-5e-12),
        "graded_exchange": mm.Exchange(A=1e-11 * positive),
        "regional_exchange": mm.Exchange(A=between),
        "separate_exchange": mm.Exchange(A={"one": 1e-11, "three": 5e-12, "three:one": 3e-12}),
    }
    between = {"one": 2e-3, "two": -1e-3, "one:three": 4e-3, "two:entire": 1.5e-3, "default": 3e-3}
    for name in CLASSES:
        with warnings.catch_warnings():
            terms[f"dmi_{name}"] = mm.DMI(D=3e-3, crystalclass=name)
        if name not in ("O", "Cnv", "D2d"):
            terms[f"regional_dmi_{name}"] = mm.DMI(D=between, crystalclass=name)
    return terms


def local_terms(mesh):
    """Terms of single cells and of two surfaces: constant, in regions, varying in space."""
    random = np.random.default_rng(2)
    positive = df.Field(mesh, nvdim=1, value=random.uniform(0.5, 2.0, size=(*mesh.n, 1)))
    vectors = random.normal(size=(*mesh.n, 3))
    across = np.cross(vectors, random.normal(size=(*mesh.n, 3)))
    # OOMMF wants unit vectors in a field of axes of cubic anisotropy and of the fourth order.
    unit, perpendicular = (
        df.Field(mesh, nvdim=3, value=v / np.linalg.norm(v, axis=-1, keepdims=True)) for v in (vectors, across)
    )
    vectors = df.Field(mesh, nvdim=3, value=vectors)
    constant = {"one": 4e5, "two": -2e5, "three": 1e5, "default": 3e5}
    second = {"one": -1e5, "two": 3e5, "three": 2e5, "default": 1e5}
    axis = {"one": (0, 0, 1), "two": (1, 0, 0), "three": (0, 1, 0), "default": (0, 0.6, 0.8)}
    other = {"one": (1, 0, 0), "two": (0, 1, 0), "three": (0, 0, 1), "default": (0, -0.8, 0.6)}
    strain, shear = (1e-3, 2e-3, -1e-3), (3e-3, -1e-3, 2e-3)
    return {
        "anisotropy": mm.UniaxialAnisotropy(K=4e5, u=(1, 2, 3)),
        "easy_plane": mm.UniaxialAnisotropy(K=-4e5, u=(0, 1, 1)),
        "graded_anisotropy": mm.UniaxialAnisotropy(K=4e5 * positive, u=vectors),
        "regional_anisotropy": mm.UniaxialAnisotropy(K=constant, u=axis),
        "fourth_order": mm.UniaxialAnisotropy(K1=4e5, K2=1e5, u=(0, 0, 1)),
        "fourth_order_plane": mm.UniaxialAnisotropy(K1=-4e5, K2=6e5, u=(0, 0.6, 0.8)),
        "fourth_order_alone": mm.UniaxialAnisotropy(K1=0, K2=6e5, u=(0, 0.6, 0.8)),
        "graded_fourth_order": mm.UniaxialAnisotropy(K1=4e5 * positive, K2=2e5 * positive**2, u=unit),
        "regional_fourth_order": mm.UniaxialAnisotropy(K1=constant, K2=second, u=axis),
        "cubic": mm.CubicAnisotropy(K=1e5, u1=(1, 1, 0), u2=(1, -1, 0)),
        "negative_cubic": mm.CubicAnisotropy(K=-1e5, u1=(1, 2, 2), u2=(2, 1, -2)),
        "graded_cubic": mm.CubicAnisotropy(K=1e5 * positive, u1=unit, u2=perpendicular),
        "regional_cubic": mm.CubicAnisotropy(K=constant, u1=axis, u2=other),
        "magnetoelastic": mm.MagnetoElastic(B1=1e7, B2=-2e7, e_diag=strain, e_offdiag=shear),
        "graded_magnetoelastic": mm.MagnetoElastic(
            B1=1e7 * positive, B2=2e7 * positive**2, e_diag=1e-3 * vectors, e_offdiag=2e-3 * unit
        ),
        "regional_magnetoelastic": mm.MagnetoElastic(B1=constant, B2=second, e_diag=axis, e_offdiag=other),
        "rkky": mm.RKKY(sigma=-1e-4, subregions=["one", "two"]),
        "biquadratic_rkky": mm.RKKY(sigma2=-2e-4, subregions=["two", "one"]),
        "full_rkky": mm.RKKY(sigma=1e-4, sigma2=3e-4, subregions=["one", "two"]),
        "zeeman": mm.Zeeman(H=(1e5, -2e5, 3e5)),
        "local_zeeman": mm.Zeeman(H=1e5 * vectors),
        "demag": mm.Demag(),
    }


def energy_cases():
    """Which term is tried on which mesh."""
    mesh = energy_state("block").mesh
    few = ("graded_exchange", "regional_exchange", "dmi_T", "regional_dmi_T", "dmi_Cnv_x", "regional_dmi_D2d_y")
    return [
        *(("block", name) for name in (*interactions(mesh), *local_terms(mesh))),
        *(("crystal", name) for name in interactions(mesh)),
        *((shape, name) for shape in ("film", "ring", "torus", "thread") for name in few),
        *(("film", name) for name in ("dmi_Cnv_z", "regional_dmi_D2d_z", "rkky", "demag")),
        ("ring", "full_rkky"),
    ]


def energy_system(shape, name):
    m = energy_state(shape)
    return mm.System(name=f"{shape}_{name}", m=m, energy={**interactions(m.mesh), **local_terms(m.mesh)}[name])


def ask_oommf(shape, directory):
    """Effective field (A/m), energy (J) and density (J/m3) of every term that is tried on a mesh, by its name."""
    m = energy_state(shape)
    every = {**interactions(m.mesh), **local_terms(m.mesh)}
    names = [name for where, name in energy_cases() if where == shape]
    # The names in oommfc's input allow one RKKY a system.
    surfaces = [name for name in names if isinstance(every[name], mm.RKKY)]
    groups = [[name for name in names if name not in surfaces[1:]], *([name] for name in surfaces[1:])]
    said = {}
    for number, group in enumerate(groups):
        system = mm.System(name=f"{shape}_{number}", m=m)
        said |= ask_oommf_of_terms(system, {name: every[name] for name in group}, directory)
    return said


def ask_oommf_of_terms(system, terms, directory):
    """Effective field, energy and density of terms that are in one system, by name: OOMMF has the three of each apart.

    It takes longer to start than to compute.
    """
    import oommfc as oc
    import ubermagtable as ut

    for name, term in terms.items():
        term.name = name
        system.energy += term

    def outputs(func, system):
        scheduled = ""
        for name, term in terms.items():
            script = getattr(oc.scripts.energy, f"{type(term).__name__.lower()}_script")(term, system)
            owner = re.search(rf"^Specify (\w+:{name}) ", script, re.MULTILINE)[1]
            for output in ("Field", "Energy density"):
                scheduled += f'Schedule "{owner}:{output}" archive Step 1\n'
        return scheduled

    # The module, whose name in oommfc is that of its function.
    patched = unittest.mock.patch.object(sys.modules["oommfc.compute"], "schedule_script", outputs)
    with warnings.catch_warnings(), patched:
        # Of the old names "Cnv" and "D2d".
        warnings.simplefilter("ignore", FutureWarning)
        oc.compute(system.energy.energy, system, dirname=str(directory), n_threads=1, verbose=0)
    (drive,) = (pathlib.Path(directory) / system.name).iterdir()
    table = ut.Table.fromfile(next(drive.glob("*.odt")), rename=False).data

    def said(name):
        field, density = (df.Field.from_file(next(drive.glob(f"*-{name}-*.{kind}"))).array for kind in ("ohf", "oef"))
        (column,) = (column for column in table if column.endswith(f":{name}:Energy"))
        return field, table[column][0].item(), density

    return {name: said(name) for name in terms}


def torque_system(shape, name):
    """A system whose motion over `TORQUE_TIME` shows the torque."""
    m = random_state(shape)
    dynamics, field = motions(m.mesh)[name]
    energy = mm.Exchange(A=1e-12) + mm.Zeeman(H=(1e5, -2e5, 3e5))
    return mm.System(name=f"{shape}_{name}", m=m, energy=energy + field if field else energy, dynamics=dynamics)


def drive_oommf(system, directory):
    """Unit vectors after `TORQUE_TIME` from oommfc."""
    import oommfc as oc

    driver = oc.TimeDriver()
    if any(callable(term.func) for term in system.energy.get(type=mm.Zeeman)):
        # oommfc makes a staircase of the function; at its edges OOMMF's steps would become shorter without end.
        driver = oc.TimeDriver(evolver=oc.RungeKuttaEvolver(min_timestep=5e-15))
    # OOMMF's steps are as short as its stages: in one stage its error is some 1e-4, in 32 below 1e-8.
    driver.drive(system, t=TORQUE_TIME, n=32, n_threads=1, verbose=0, dirname=str(directory))
    return system.m.orientation.array


TORQUE_TIME = 2e-12
TORQUES = tuple(motions(random_state("film").mesh))


@pytest.fixture(params=["film", pytest.param("block", marks=pytest.mark.slow)])
def shape(request):
    return request.param


@pytest.fixture(params=energy_cases(), ids="-".join)
def energy_case(request):
    return request.param


@pytest.fixture(params=TORQUES)
def torque_name(request):
    return request.param


@pytest.fixture
def make_energy_system():
    return energy_system


@pytest.fixture(scope="session")
def oommf_says(tmp_path_factory):
    """What OOMMF says of all terms on a mesh; it is asked once."""
    return functools.cache(lambda shape: ask_oommf(shape, tmp_path_factory.mktemp(shape)))


@pytest.fixture(scope="session")
def recorded_energies():
    """What OOMMF 2.1a0 said through oommfc 0.66.0: field, energy and density by energy case.

    `PYTHONPATH=tests/plugins python tests/runs/native/conftest.py` records them.
    """
    with np.load(DATA / "oommf_energies.npz") as data:
        energies = zip(data["cases"], data["energies"], strict=True)
        return {case: (data[case][..., :3], energy, data[case][..., 3:]) for case, energy in energies}


@pytest.fixture
def make_torque_system():
    return torque_system


@pytest.fixture
def oommf_moves():
    return drive_oommf


@pytest.fixture(scope="session")
def recorded_motions():
    """What OOMMF 2.1a0 said through oommfc 0.66.0: unit vectors after `TORQUE_TIME`.

    `PYTHONPATH=tests/plugins python tests/runs/native/conftest.py` records them.
    """
    with np.load(DATA / "oommf_motions.npz") as data:
        return dict(data)


def record_energies():
    """Ask OOMMF for every energy case and write `recorded_energies`' file."""
    cases, energies, fields = [], [], {}
    with tempfile.TemporaryDirectory() as directory:
        said = {shape: ask_oommf(shape, directory) for shape in ENERGY_MESHES}
        for shape, name in energy_cases():
            field, energy, density = said[shape][name]
            cases.append(f"{shape}/{name}")
            energies.append(energy)
            fields[cases[-1]] = np.concatenate([field, density], axis=-1)
    np.savez_compressed(DATA / "oommf_energies.npz", cases=cases, energies=energies, **fields)


def record_motions():
    """Ask OOMMF for every motion and write `recorded_motions`' file."""
    with tempfile.TemporaryDirectory() as directory:
        states = {
            f"{shape}/{name}": drive_oommf(torque_system(shape, name), directory)
            for shape in MESHES
            for name in TORQUES
        }
    np.savez_compressed(DATA / "oommf_motions.npz", **states)


if __name__ == "__main__":
    record_energies()
    record_motions()
