"""Systems that the native engine's tests share, and how the recorded OOMMF numbers were made."""

import pathlib

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest

DATA = pathlib.Path(__file__).parent / "data"
MESHES = {"film": ((9, 6, 1), (2e-9, 3e-9, 4e-9)), "block": ((7, 5, 3), (2e-9, 3e-9, 4e-9))}


def random_state(shape):
    """A mesh, unit vectors at random, and a graded Ms with a hole and an empty edge cell."""
    (nx, ny, nz), cell = MESHES[shape]
    mesh = df.Mesh(p1=(0, 0, 0), p2=tuple(n * d for n, d in zip((nx, ny, nz), cell, strict=True)), n=(nx, ny, nz))
    random = np.random.default_rng(nx * ny * nz)
    m = random.normal(size=(nx, ny, nz, 3))
    saturation = random.uniform(4e5, 1e6, size=(nx, ny, nz))
    saturation[3, 2, 0] = saturation[0, 1, 0] = saturation[-1, -1, -1] = 0
    m *= (saturation / np.linalg.norm(m, axis=-1))[..., None]
    return df.Field(mesh, nvdim=3, value=m)


def energy_terms(mesh):
    """Every energy term, constant and varying in space."""
    random = np.random.default_rng(1)
    positive = df.Field(mesh, nvdim=1, value=random.uniform(0.5, 2.0, size=(*mesh.n, 1)))
    vectors = df.Field(mesh, nvdim=3, value=random.normal(size=(*mesh.n, 3)))
    return {
        "exchange": mm.Exchange(A=1.3e-11),
        "graded_exchange": mm.Exchange(A=1e-11 * positive),
        "anisotropy": mm.UniaxialAnisotropy(K=4e5, u=(1, 2, 3)),
        "easy_plane": mm.UniaxialAnisotropy(K=-4e5, u=(0, 1, 1)),
        "graded_anisotropy": mm.UniaxialAnisotropy(K=4e5 * positive, u=vectors),
        "dmi": mm.DMI(D=3e-3, crystalclass="Cnv_z"),
        "zeeman": mm.Zeeman(H=(1e5, -2e5, 3e5)),
        "local_zeeman": mm.Zeeman(H=1e5 * vectors),
        "demag": mm.Demag(),
    }


def spin_torques(mesh):
    """Spin torques in every form that OOMMF knows."""
    random = np.random.default_rng(2)
    positive = df.Field(mesh, nvdim=1, value=random.uniform(0.5, 2.0, size=(*mesh.n, 1)))
    vectors = df.Field(mesh, nvdim=3, value=random.normal(size=(*mesh.n, 3)))
    return {
        "zhang_li": mm.ZhangLi(u=-500.0, beta=0.05),
        "zhang_li_vector": mm.ZhangLi(u=(300.0, -400.0, 500.0), beta=0.2),
        "zhang_li_local": mm.ZhangLi(u=400 * vectors, beta=0.1),
        "zhang_li_graded": mm.ZhangLi(u=400 * positive, beta=0.1),
        "slonczewski": mm.Slonczewski(J=2e12, mp=(0, 1, 0), P=0.4, Lambda=1.5, eps_prime=0.1),
        "spin_orbit": mm.Slonczewski(J=-3e12, mp=(0, 1, 0), P=0.3, Lambda=1),
        "slonczewski_local": mm.Slonczewski(
            J=1e12 * positive, mp=vectors, P=0.3 * positive, Lambda=1 + positive, eps_prime=0.1 * positive
        ),
    }


def energy_system(shape, name):
    m = random_state(shape)
    return mm.System(name=f"{shape}_{name}", m=m, energy=energy_terms(m.mesh)[name])


def torque_system(shape, name):
    """A system whose motion over `TORQUE_TIME` shows the torque."""
    m = random_state(shape)
    energy = mm.Exchange(A=1e-12) + mm.Zeeman(H=(1e5, -2e5, 3e5))
    dynamics = mm.Precession(gamma0=2.3e5) + mm.Damping(alpha=0.3) + spin_torques(m.mesh)[name]
    return mm.System(name=f"{shape}_{name}", m=m, energy=energy, dynamics=dynamics)


TORQUE_TIME = 2e-12
ENERGY_TERMS = tuple(energy_terms(random_state("film").mesh))
TORQUES = tuple(spin_torques(random_state("film").mesh))


@pytest.fixture(params=list(MESHES))
def shape(request):
    return request.param


@pytest.fixture(params=ENERGY_TERMS)
def energy_name(request):
    return request.param


@pytest.fixture(params=TORQUES)
def torque_name(request):
    return request.param


@pytest.fixture
def make_energy_system():
    return energy_system


@pytest.fixture
def make_torque_system():
    return torque_system


@pytest.fixture(scope="session")
def recorded():
    """What OOMMF 2.1a0 said: fields, energies, and states after `TORQUE_TIME`."""
    with np.load(DATA / "oommf_terms.npz") as data:
        return dict(data)
