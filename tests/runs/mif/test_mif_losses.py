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


THERMAL = {
    "UHH_ThetaEvolver": lambda: oc.UHH_ThetaEvolver(fixed_timestep=1e-15),
    "Xf_ThermHeunEvolver": lambda: oc.Xf_ThermHeunEvolver(),
}


@rows("evolver", THERMAL.values(), ids=THERMAL)
@pytest.mark.parametrize("torque", [SLONCZEWSKI, ZHANG_LI], ids=["Slonczewski", "ZhangLi"])
def test_a_spin_torque_with_a_thermal_evolver_without_one(make_system, write, torque, evolver):
    system = make_system(dynamics=PRECESSION_AND_DAMPING + torque, T=300)
    text, check = write(system, oc.TimeDriver(evolver=evolver()))
    assert "  J " not in text
    assert "  u " not in text
    message = refused(check)
    kind = type(evolver()).__name__.removesuffix("r")
    if torque is SLONCZEWSKI:
        assert message == (
            f"run r1: Slonczewski 'slonczewski': OOMMF would lose J=1000000000000.0: the evolver is {kind}; "
            "use oommfc.Xf_ThermSpinXferEvolver, or use engine 'native' (runs.native)"
        )
    else:
        assert message == (
            f"run r1: ZhangLi 'zhangli': OOMMF would lose u=-20.0: the evolver is {kind}, not Anv_SpinTEvolve; "
            "use engine 'native' (runs.native)"
        )


def test_zhang_li_with_the_thermal_evolver_of_slonczewski(make_system, write):
    system = make_system(dynamics=PRECESSION_AND_DAMPING + ZHANG_LI, T=300)
    text, check = write(system, oc.TimeDriver(evolver=oc.Xf_ThermSpinXferEvolver()))
    assert "  u " not in text
    assert "u=-20.0: the evolver is Xf_ThermSpinXferEvolve" in refused(check)


@rows("evolver", [oc.RungeKuttaEvolver, oc.EulerEvolver])
@rows("torque", [SLONCZEWSKI, ZHANG_LI], ids=["Slonczewski", "ZhangLi"])
def test_a_spin_torque_with_an_evolver_of_none(make_system, write, torque, evolver):
    system = make_system(dynamics=PRECESSION_AND_DAMPING + torque)
    _, check = write(system, oc.TimeDriver(evolver=evolver()))
    message = refused(check)
    assert f"Oxs_{evolver.__name__.removesuffix('r')}" in message
    assert ("use oommfc.SpinXferEvolver" if torque is SLONCZEWSKI else "use oommfc.SpinTEvolver") in message


def test_slonczewski_beside_zhang_li(make_system, write):
    # The one that oommfc drops; the time dependence of the dropped one would drive the other.
    pulsed = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, func=zero, dt=1e-12)
    text, check = write(make_system(dynamics=PRECESSION_AND_DAMPING + ZHANG_LI + pulsed))
    assert "Anv_SpinTEvolve:evolver" in text
    assert "u_profile TimeFunction" in text
    message = refused(check)
    assert "Slonczewski 'slonczewski': OOMMF would lose the term" in message
    assert "beside a Zhang-Li torque; use engine 'native'" in message


def test_slonczewski_without_precession(make_system, write):
    text, check = write(make_system(dynamics=mm.Damping(alpha=0.1) + SLONCZEWSKI))
    assert "do_precess 0" in text
    message = refused(check)
    assert "would lose most of its torque: without precession OOMMF's evolver keeps only what holds alpha" in message
    assert "add mm.Precession, or use engine 'native'" in message


def test_a_dynamics_term_that_oommfc_does_not_know(make_system, write):
    _, check = write(make_system(dynamics=PRECESSION_AND_DAMPING + SpinOrbitTorque(J=1e12, theta_SH=0.1)))
    assert "SpinOrbitTorque 'spinorbittorque': OOMMF would lose the term" in refused(check)


def test_the_second_of_two_dampings(make_system, write):
    dynamics = PRECESSION_AND_DAMPING + mm.Damping(alpha=0.3, name="more")
    text, check = write(make_system(dynamics=dynamics))
    assert "0.3" not in text
    assert "2 terms of Damping, and an evolver takes one; keep one of them" in refused(check)


@pytest.mark.parametrize("torque", [mm.Slonczewski, mm.ZhangLi])
def test_a_function_of_time_without_dt(make_system, write, torque):
    parts = {"J": 1e12, "mp": (0, 1, 0), "P": 0.4, "Lambda": 1} if torque is mm.Slonczewski else {"u": 1.0, "beta": 0}
    term = torque(**parts, func=zero)
    text, check = write(make_system(dynamics=PRECESSION_AND_DAMPING + term))
    assert "profile" not in text
    message = refused(check)
    assert "would lose func=<function" in message
    assert "OOMMF would run with func=1; give it a dt" in message


def test_a_function_of_time_beside_tcl(make_system, write):
    term = mm.ZhangLi(u=1.0, beta=0, func=zero, dt=1e-12, tcl_strings=SCRIPT)
    _, check = write(make_system(dynamics=PRECESSION_AND_DAMPING + term))
    assert "func=<function" in refused(check)


@rows("bc", ["x", "y"])
@rows("torque", [SLONCZEWSKI, ZHANG_LI], ids=["Slonczewski", "ZhangLi"])
def test_spin_torques_on_a_periodic_mesh(make_system, make_mesh, write, torque, bc):
    # OOMMF stops here by itself.
    _, check = write(make_system(make_mesh(bc=bc), dynamics=PRECESSION_AND_DAMPING + torque))
    assert f"the mesh: OOMMF would lose bc='{bc}'" in refused(check)


@pytest.mark.parametrize(
    ("dynamics", "driver", "remedy"),
    [
        (PRECESSION_AND_DAMPING + ZHANG_LI, lambda: oc.TimeDriver(), "use engine 'native'"),
        (
            PRECESSION_AND_DAMPING,
            lambda: oc.TimeDriver(evolver=oc.UHH_ThetaEvolver(fixed_timestep=1e-15)),
            "use another evolver, which has fixed_spins",
        ),
    ],
)
def test_held_cells_with_an_evolver_that_gets_none(make_system, write, dynamics, driver, remedy):
    text, check = write(make_system(dynamics=dynamics), driver(), fixed_subregions=["left"])
    assert "fixed_spins" not in text
    message = refused(check)
    assert "the drive: OOMMF would lose fixed_subregions=['left']: the evolver is" in message
    assert remedy in message


def test_held_cells_that_an_earlier_subregion_takes(make_system, write):
    # The bottom layer lies in left and right, which the mesh names before it.
    _, check = write(make_system(), fixed_subregions=["bottom"])
    assert "8 cells of 'bottom' lie in a subregion that the mesh names before it" in refused(check)


@pytest.mark.parametrize("subregions", ["left", ["centre"]])
def test_held_cells_by_a_wrong_name(make_system, write, subregions):
    _, check = write(make_system(), fixed_subregions=subregions)
    assert "there are: left, right, bottom" in refused(check)


def test_the_d_of_a_field(make_system, make_mesh, write):
    mesh = make_mesh()
    system = make_system(mesh, energy=mm.DMI(D=signed(mesh), crystalclass="T") + mm.Demag())
    text, check = write(system)
    assert text.count("{") > text.count("}")
    message = refused(check)
    assert "DMI 'dmi': OOMMF would lose D=<Field, -100000 to 100000>" in message
    assert "give a dict with one D a subregion, or use engine 'native'" in message


SIGNED = {
    "A": lambda f: {"energy": mm.Exchange(A=f)},
    "K": lambda f: {"energy": mm.UniaxialAnisotropy(K=f, u=(0, 0, 1))},
    "K1": lambda f: {"energy": mm.UniaxialAnisotropy(K1=f, K2=1, u=(0, 0, 1))},
    "B2": lambda f: {"energy": mm.MagnetoElastic(B1=1, B2=f, e_diag=(1, 0, 0), e_offdiag=(0, 0, 0))},
    "u": lambda f: {"dynamics": PRECESSION_AND_DAMPING + mm.ZhangLi(u=f, beta=0.1)},
    "J": lambda f: {"dynamics": PRECESSION_AND_DAMPING + mm.Slonczewski(J=f, mp=(0, 1, 0), P=0.4, Lambda=1)},
    "eps_prime": lambda f: {
        "dynamics": PRECESSION_AND_DAMPING + mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, eps_prime=f)
    },
}


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
        (lambda mesh: df.Field(df.Mesh(region=mesh.region, n=(8, 2, 2)), nvdim=1, value=1), "evenly; resample it"),
    ],
)
def test_fields_that_oommf_would_read_as_others(make_system, make_mesh, write, field, message):
    mesh = make_mesh()
    _, check = write(make_system(mesh, energy=mm.UniaxialAnisotropy(K=field(mesh), u=(0, 0, 1))))
    assert message in refused(check)


@pytest.mark.filterwarnings("ignore:Parameter `wave`:FutureWarning")
@pytest.mark.parametrize(
    ("parts", "lost"),
    [
        ({"f": 1e9}, "f=1000000000.0: Oxs_FixedZeeman:zeeman does not depend on it"),
        ({"dt": 1e-12}, "dt=1e-12: Oxs_FixedZeeman:zeeman does not depend on it"),
        ({"func": zero, "dt": 1e-12, "f": 1e9}, "f=1000000000.0"),
        ({"func": "sinc", "wave": "sin", "f": 1e9, "t0": 0}, "wave='sin': func is given too"),
        ({"func": "sin", "f": 1e9}, "func='sin'"),
        (
            {"func": zero, "dt": 1e-12, "tcl_strings": SCRIPT | {"energy": "Oxs_ScriptUZeeman"}},
            "tcl_strings={'script': 'proc Pulse",
        ),
        ({"func": lambda t: 9 * [t], "dt": 1e-12}, "it returns a list"),
    ],
)
def test_parameters_of_a_field_that_do_not_act(make_system, write, parts, lost):
    _, check = write(make_system(energy=mm.Zeeman(H=(0, 0, 1e5), **parts)))
    assert lost in refused(check)


def test_a_k_beside_k1_and_k2(make_system, write):
    text, check = write(make_system(energy=mm.UniaxialAnisotropy(K=7e5, K1=1e5, K2=2e5, u=(0, 0, 1))))
    assert "700000" not in text
    assert "UniaxialAnisotropy 'uniaxialanisotropy': OOMMF would lose K=700000.0" in refused(check)


def test_a_k1_beside_k(make_system, write):
    text, check = write(make_system(energy=mm.UniaxialAnisotropy(K=7e5, K1=1e5, u=(0, 0, 1))))
    assert "100000" not in text
    assert "would lose K1=100000.0" in refused(check)


def test_a_region_that_is_none(make_system, write):
    _, check = write(make_system(energy=mm.UniaxialAnisotropy(K={"centre": 1e5}, u=(0, 0, 1))))
    assert "'centre' is no region of the mesh (there are: left, right, bottom, entire)" in refused(check)


def test_two_values_for_one_pair_of_regions(make_system, write):
    _, check = write(make_system(energy=mm.Exchange(A={"left:right": 1e-12, "right:left": 2e-12})))
    assert "one value for 'right:left' and the reverse" in refused(check)


def test_a_second_rkky(make_system, make_mesh, write):
    layers = {
        name: df.Region(p1=(0, 0, index * 2e-9), p2=(20e-9, 10e-9, index * 2e-9 + 2e-9))
        for index, name in enumerate(["one", "two", "three"])
    }
    mesh = make_mesh(p2=(20e-9, 10e-9, 6e-9), subregions=layers)
    energy = mm.RKKY(sigma=1e-4, subregions=["one", "two"]) + mm.RKKY(
        sigma=1e-4, subregions=["two", "three"], name="other"
    )
    _, check = write(make_system(mesh, energy=energy))
    assert "RKKY 'other': OOMMF would lose subregions=['two', 'three']" in refused(check)


def test_an_rkky_surface_that_an_earlier_subregion_takes(make_system, make_mesh, write):
    regions = {
        "island": df.Region(p1=(0, 0, 0), p2=(5e-9, 5e-9, 4e-9)),
        "lower": df.Region(p1=(0, 0, 0), p2=(20e-9, 10e-9, 2e-9)),
        "upper": df.Region(p1=(0, 0, 2e-9), p2=(20e-9, 10e-9, 4e-9)),
    }
    _, check = write(make_system(make_mesh(subregions=regions), energy=mm.RKKY(sigma=1, subregions=["lower", "upper"])))
    assert "1 cells of 'lower' lie in a subregion" in refused(check)


def test_terms_whose_files_have_one_name(make_system, make_mesh, write):
    field = df.Field(make_mesh(), nvdim=1, value=lambda p: p[0])
    energy = mm.UniaxialAnisotropy(K=2.0 * field, u=(0, 0, 1), name="K_of") + mm.CubicAnisotropy(
        K=field, u1=(1, 0, 0), u2=(0, 1, 0), name="K_of"
    )
    _, check = write(make_system(energy=energy))
    assert "2 blocks Oxs_FileVectorField:K_of_K" in refused(check)


def test_scripts_that_define_one_procedure_twice(make_system, write):
    strings = SCRIPT | {"energy": "Oxs_ScriptUZeeman"}
    other = strings | {"script": "proc Pulse { total_time } { return 2 }\n"}
    energy = mm.Zeeman(H=(0, 0, 1), tcl_strings=strings) + mm.Zeeman(H=(0, 0, 1), tcl_strings=other, name="second")
    _, check = write(make_system(energy=energy))
    assert "procedure Pulse is also Zeeman 'zeeman''s" in refused(check)


@rows(
    ("changes", "lost"),
    [
        ({"bc": "dirichlet"}, "bc='dirichlet': nothing is outside the magnet"),
        ({"region": df.Region(p1=(0, 0, 0), p2=(20, 10, 4), units=["nm"] * 3), "cell": (5, 5, 2)}, "takes the numbers"),
        (
            {"region": df.Region(p1=(0, 0, 0), p2=(20e-9, 10e-9, 4e-9), dims=["z", "y", "x"]), "bc": "z"},
            "name the axes x, y and z",
        ),
    ],
)
def test_meshes_that_oommf_would_read_as_others(make_system, make_mesh, write, changes, lost):
    box = {} if "region" not in changes else {"p1": None, "p2": None, "subregions": {}}
    _, check = write(make_system(make_mesh(**(box | changes))))
    assert lost in refused(check)


@pytest.mark.parametrize("driver", [oc.MinDriver, oc.HysteresisDriver])
def test_a_temperature_at_rest(make_system, write, driver):
    arguments = {} if driver is oc.MinDriver else {"Hmin": (0, 0, -1), "Hmax": (0, 0, 1), "n": 2}
    _, check = write(make_system(T=300), driver(), **arguments)
    assert "system 'device': OOMMF would lose T=300" in refused(check)


def test_output_that_a_driver_does_not_write(make_system, write):
    _, check = write(make_system(), output_step=True)
    assert "the drive: OOMMF would lose output_step=True" in refused(check)
    _, check = write(make_system(), oc.MinDriver(), compute='Schedule "Oxs_Demag:demag:Field" archive Step 1\n')
    assert "the drive: OOMMF would lose compute=" in refused(check)


def test_what_an_evolver_still_holds_from_another_system(make_system, write):
    driver = oc.TimeDriver(evolver=oc.RungeKuttaEvolver())
    write(make_system(dynamics=mm.Damping(alpha=0.1)), driver)
    text, check = write(make_system(), driver)
    assert "do_precess 0" in text
    assert "Precession 'precession': OOMMF would lose gamma0=220000.0" in refused(check)


def test_a_current_that_an_evolver_still_pulses(make_system, write):
    driver = oc.TimeDriver(evolver=oc.SpinXferEvolver())
    pulsed = mm.Slonczewski(J=1e12, mp=(0, 1, 0), P=0.4, Lambda=1, func=zero, dt=1e-12)
    write(make_system(dynamics=PRECESSION_AND_DAMPING + pulsed), driver)
    text, check = write(make_system(dynamics=PRECESSION_AND_DAMPING + SLONCZEWSKI), driver)
    assert "J_profile TimeFunction" in text
    assert "J_profile TimeFunction, which the system does not ask for" in refused(check).replace("'", "")


def test_a_function_that_is_not_one_of_time_alone(make_system, write):
    calls = iter(range(1000))
    _, check = write(make_system(energy=mm.Zeeman(H=(0, 0, 1), func=lambda t: next(calls) * t, dt=1e-12)))
    assert "Zeeman 'zeeman': OOMMF would lose func=" in refused(check)


def test_samples_that_end_before_the_drive(make_system, write):
    system = make_system(energy=mm.Zeeman(H=(0, 0, 1), func=lambda t: 1e9 * t, dt=1e-12))
    text, check = write(system, t=4e-12)
    with pytest.raises(ModelLostError, match=r"procedure TimeFunction:zeeman has '}'"):
        check(text.replace("0.003 0.004 }", "0.003 }"))


def test_a_file_of_another_drive(make_system, write):
    system = make_system()
    text, _ = write(system, t=4e-12)
    _, check = write(system, t=8e-12)
    with pytest.raises(ModelLostError, match="would lose t=8e-12"):
        check(text)
