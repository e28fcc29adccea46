"""What oommfc and OOMMF lose without a word is refused by name, with what would keep it."""

import discretisedfield as df
import micromagneticmodel as mm
import oommfc as oc
import pytest
from rows import rows

from runs import EngineFailedError
from runs.mif import ModelLostError
from runs.native.terms.spin_orbit import SpinOrbitTorque

PRECESSION_AND_DAMPING = mm.Precession(gamma0=2.2e5) + mm.Damping(alpha=0.1)
SLONCZEWSKI = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1.5)
ZHANG_LI = mm.ZhangLi(u=-20.0, beta=0.04)
SCRIPT = {"script": "proc Pulse { total_time } { return 1 }\n", "script_args": "total_time", "script_name": "Pulse"}


def zero(t):
    return 0.0


def signed(mesh):
    return df.Field(mesh, nvdim=1, value=lambda p: 1e5 if p[0] < 1e-8 else -1e5)


def refused(check):
    with pytest.raises(ModelLostError) as error:
        check()
    message = str(error.value)
    assert message.startswith("run r1: ")
    assert isinstance(error.value, EngineFailedError)
    return message


@pytest.mark.parametrize("driver", [oc.MinDriver, oc.TimeDriver])
def test_a_temperature(make_system, write, driver):
    driver = driver(evolver=oc.Xf_ThermHeunEvolver()) if driver is oc.TimeDriver else driver()
    _, check = write(make_system(T=300), driver)
    assert "system 'device': OOMMF would lose T=300" in refused(check)


UNWRITTEN = "it is not in what the workbench writes"
FIELD = {"H": (0, 0, 1)}
PULSED = FIELD | {"tcl_strings": SCRIPT | {"energy": "Oxs_ScriptUZeeman"}}
OTHER = PULSED["tcl_strings"] | {"script": "proc Pulse { total_time } { return 2 }\n"}


@rows(
    ("energy", "lost"),
    [
        # Terms, parameters and blocks that the workbench does not write.
        (mm.CubicAnisotropy(K=-3e4, u1=(1, 0, 0), u2=(0, 1, 0)), "CubicAnisotropy 'cubicanisotropy': OOMMF would lose"),
        (
            mm.MagnetoElastic(B1=8e6, B2=7e6, e_diag=(1e-3, 2e-3, 3e-3), e_offdiag=(0, 0, 0)),
            "MagnetoElastic 'magnetoelastic': OOMMF would lose the term",
        ),
        (mm.RKKY(sigma=-1e-4, subregions=["left", "right"]), "RKKY 'rkky': OOMMF would lose the term"),
        (mm.Demag(asymptotic_radius=6), f"would lose asymptotic_radius=6: {UNWRITTEN}"),
        (mm.Zeeman(**FIELD, f=1e9), f"would lose f=1000000000.0: {UNWRITTEN}"),
        (mm.Zeeman(**FIELD, dt=1e-12), f"would lose dt=1e-12: {UNWRITTEN}"),
        (mm.Zeeman(**PULSED, f=1e9), f"would lose f=1000000000.0: {UNWRITTEN}"),
        (mm.UniaxialAnisotropy(K=7e5, K1=1e5, u=(0, 0, 1)), f"would lose K1=100000.0: {UNWRITTEN}"),
        (mm.Zeeman(**FIELD, func=zero, dt=1e-12), "OOMMF would lose the term: the MIF has"),
        (mm.Zeeman(**FIELD, func="sin", f=1e9, t0=0), "OOMMF would lose the term: the MIF has"),
        (mm.UniaxialAnisotropy(K1=1e5, K2=2e5, u=(0, 0, 1)), "OOMMF would lose the term: the MIF has"),
        # Values that are not one for a region.
        (mm.UniaxialAnisotropy(K={"centre": 1e5}, u=(0, 0, 1)), "'centre' is no region of the mesh (there are: left"),
        (mm.Exchange(A={"left:right": 1e-12, "right:left": 2e-12}), "one value for 'right:left' and the reverse"),
        (
            mm.Zeeman(**PULSED) + mm.Zeeman(H=(0, 0, 1), tcl_strings=OTHER, name="second"),
            "procedure Pulse is also Zeeman 'zeeman''s",
        ),
    ],
)
def test_energy_that_would_be_lost(make_system, write, energy, lost):
    _, check = write(make_system(energy=mm.Exchange(A=1e-11, name="other") + energy))
    assert lost in refused(check)


FULL = {"J": 1e12, "mp": (0, 1, 0), "P": 0.4, "Lambda": 1}


@rows(
    ("dynamics", "lost"),
    [
        (mm.Damping(alpha=0.1) + SLONCZEWSKI, "OOMMF would lose the lack of Precession"),
        (mm.Precession(gamma0=2.2e5) + SLONCZEWSKI, "OOMMF would lose the lack of Damping"),
        (
            PRECESSION_AND_DAMPING + SpinOrbitTorque(J=1e12, theta_SH=0.1),
            "SpinOrbitTorque 'spinorbittorque': OOMMF would lose the term",
        ),
        *(
            (PRECESSION_AND_DAMPING + torque, "would lose func=<function")
            for step in ({}, {"dt": 1e-12})
            for torque in (mm.Slonczewski(**FULL, func=zero, **step), mm.ZhangLi(u=1.0, beta=0, func=zero, **step))
        ),
    ],
)
def test_dynamics_that_would_be_lost(make_system, write, dynamics, lost):
    _, check = write(make_system(dynamics=dynamics))
    assert lost in refused(check)


@rows("bc", ["xy", "neumann", "dirichlet"])
def test_boundaries_that_oommf_does_not_have(make_system, make_mesh, write, bc):
    _, check = write(make_system(make_mesh(bc=bc)))
    assert f"the mesh: OOMMF would lose bc='{bc}'" in refused(check)


@rows("evolver", [oc.RungeKuttaEvolver, oc.EulerEvolver])
@rows("torque", [SLONCZEWSKI, ZHANG_LI], ids=["Slonczewski", "ZhangLi"])
def test_a_spin_torque_with_an_evolver_of_none(make_system, write, torque, evolver):
    system = make_system(dynamics=PRECESSION_AND_DAMPING + torque)
    _, check = write(system, oc.TimeDriver(evolver=evolver()))
    message = refused(check)
    assert f"Oxs_{evolver.__name__.removesuffix('r')}" in message
    assert "use engine 'native'" in message


def test_slonczewski_beside_zhang_li(make_system, write):
    # The one that oommfc drops; the time dependence of the dropped one would drive the other.
    pulsed = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, tcl_strings=SCRIPT)
    text, check = write(make_system(dynamics=PRECESSION_AND_DAMPING + ZHANG_LI + pulsed))
    assert "Anv_SpinTEvolve:evolver" in text
    assert "u_profile Pulse" in text
    message = refused(check)
    assert "Slonczewski 'slonczewski': OOMMF would lose the term" in message
    assert "beside a Zhang-Li torque; use engine 'native'" in message


def test_the_second_of_two_dampings(make_system, write):
    dynamics = PRECESSION_AND_DAMPING + mm.Damping(alpha=0.3, name="more")
    text, check = write(make_system(dynamics=dynamics))
    assert "0.3" not in text
    assert "2 terms of Damping, and an evolver takes one" in refused(check)


def test_held_cells(make_system, write):
    text, check = write(make_system(), fixed_subregions=["left"])
    assert "fixed_spins" in text
    assert "fixed_spins 'main_atlas left', which the system does not ask for" in refused(check)


@rows("term", [lambda f: mm.DMI(D=f, crystalclass="T"), lambda f: mm.Exchange(A=f)], ids=["DMI", "Exchange"])
def test_the_d_or_the_a_of_a_field(make_system, make_mesh, write, term):
    mesh = make_mesh()
    _, check = write(make_system(mesh, energy=term(signed(mesh)) + mm.Demag()))
    refused(check)


SIGNED = {
    "K": lambda f: {"energy": mm.UniaxialAnisotropy(K=f, u=(0, 0, 1))},
    "J": lambda f: {"dynamics": PRECESSION_AND_DAMPING + mm.Slonczewski(J=f, mp=(0, 1, 0), P=0.4, Lambda=1)},
    "eps_prime": lambda f: {
        "dynamics": PRECESSION_AND_DAMPING + mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, eps_prime=f)
    },
}


def test_a_scalar_field_of_drift_velocities(make_system, make_mesh, write):
    # OOMMF would read its absolute value.
    mesh = make_mesh()
    _, check = write(make_system(mesh, dynamics=PRECESSION_AND_DAMPING + mm.ZhangLi(u=signed(mesh), beta=0.1)))
    assert "would lose u=<Field, -100000 to 100000>" in refused(check)


@rows("parameter", SIGNED)
def test_the_sign_of_a_scalar_field(make_system, make_mesh, write, parameter):
    mesh = make_mesh()
    text, check = write(make_system(mesh, **SIGNED[parameter](signed(mesh))))
    assert "Oxs_VecMagScalarField" in text
    message = refused(check)
    assert f"OOMMF would lose {parameter}=<Field, -100000 to 100000>" in message
    assert "OOMMF reads the absolute value; give a dict with one number a subregion" in message


@rows(
    ("field", "message"),
    [
        (lambda mesh: df.Field(mesh, nvdim=1, value=float("nan")), "not finite"),
        (lambda mesh: df.Field(df.Mesh(p1=(0, 0, 0), p2=(40e-9, 10e-9, 4e-9), n=mesh.n), nvdim=1, value=1), "stretch"),
        (lambda mesh: df.Field(df.Mesh(region=mesh.region, n=(2, 1, 1)), nvdim=1, value=1), "resample it"),
    ],
)
def test_fields_that_oommf_would_read_as_others(make_system, make_mesh, write, field, message):
    mesh = make_mesh()
    _, check = write(make_system(mesh, energy=mm.UniaxialAnisotropy(K=field(mesh), u=(0, 0, 1))))
    assert message in refused(check)


def test_terms_whose_files_have_one_name(make_system, make_mesh, write):
    # The field of "K_of" and the K of the anisotropy "K_of" come into blocks of one name.
    field = df.Field(make_mesh(), nvdim=1, value=lambda p: p[0])
    energy = mm.UniaxialAnisotropy(K=field, u=(0, 0, 1), name="K_of") + mm.Exchange(A=1e-12, name="K_of_K")
    _, check = write(make_system(energy=energy))
    refused(check)


def test_output_that_is_not_read(make_system, write):
    _, check = write(make_system(), oc.MinDriver(), output_step=True)
    assert "the drive: OOMMF would lose its output: the MIF has no 'Schedule DataTable table Stage 1'" in refused(check)
    _, check = write(make_system(), compute='Schedule "Oxs_UniformExchange:exchange:Field" archive Step 1\n')
    assert "which nothing asks for" in refused(check)


def test_what_an_evolver_still_holds_from_another_system(make_system, write):
    driver = oc.TimeDriver(evolver=oc.RungeKuttaEvolver())
    write(make_system(dynamics=mm.Damping(alpha=0.1)), driver)
    text, check = write(make_system(), driver)
    assert "do_precess 0" in text
    assert "Precession 'precession': OOMMF would lose gamma0=220000.0" in refused(check)


def test_a_current_that_an_evolver_still_pulses(make_system, write):
    driver = oc.TimeDriver(evolver=oc.SpinXferEvolver())
    pulsed = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, tcl_strings=SCRIPT)
    write(make_system(dynamics=PRECESSION_AND_DAMPING + pulsed), driver)
    text, check = write(make_system(dynamics=PRECESSION_AND_DAMPING + SLONCZEWSKI), driver)
    assert "J_profile Pulse" in text
    assert "J_profile 'Pulse', which the system does not ask for" in refused(check)


def test_a_file_of_another_drive(make_system, write):
    system = make_system()
    text, _ = write(system, t=4e-12)
    _, check = write(system, t=8e-12)
    with pytest.raises(ModelLostError, match="would lose t=8e-12"):
        check(text)
