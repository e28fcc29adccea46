"""The one place that turns a `RunSpec` into a `micromagneticmodel.System`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import lazy_loader
import numpy as np
import numpy.typing as npt
from scipy import constants

from geometries import Material, SpinIce
from runs.protocols.field_steps import FieldSteps
from runs.protocols.in_time import Protocol
from runs.protocols.local_fields import cell_values, local_fields
from runs.protocols.waveform import PiecewiseLinear
from runs.spec import RunSpec

if TYPE_CHECKING:
    import discretisedfield as df
    import micromagneticmodel as mm
else:
    # They take seconds to import, and engines say their version without them.
    df, mm = lazy_loader.load("discretisedfield"), lazy_loader.load("micromagneticmodel")

__all__ = ["build_system", "drift_velocity"]


def drift_velocity(material: Material, current_density: float) -> float:
    """Zhang-Li drift velocity u of a current density along +x, in m/s.

    u = -g mu_B P J / (2 e Ms) with g = 2 [1]_. Electrons flow against the
    current, and a wall moves with them: it moves along +x for u > 0.

    Parameters
    ----------
    material : geometries.Material
        Its P and Ms are used.
    current_density : float
        J in A/m2.

    References
    ----------
    .. [1] A. Thiaville, Y. Nakatani, J. Miltat and Y. Suzuki, Europhys. Lett. 69,
       990 (2005), where u = g P mu_B J / (2 e Ms) for the electrons' direction.

    Examples
    --------
    >>> from geometries import get_material
    >>> permalloy = get_material("permalloy")
    >>> drift_velocity(permalloy, 0.0)
    -0.0
    """
    bohr_magneton = constants.physical_constants["Bohr magneton"][0]
    return float(-bohr_magneton * material.P * current_density / (constants.elementary_charge * material.Ms))


def build_system(
    spec: RunSpec,
    *,
    drive: bool,
    time_dependence: Literal["tcl", "function"] = "function",
) -> mm.System:
    """The spec as a ubermag system, ready for a calculator.

    Of a protocol in field steps it has local fields only, with the number of the field
    step in the place of time: the field that acts everywhere is a hysteresis driver's.

    Parameters
    ----------
    spec : RunSpec
        What to build.
    drive : bool
        Whether the currents and the fields that change are part of it. Without
        them it is the system that is relaxed.
    time_dependence : {"tcl", "function"}
        How a waveform is said: as Tcl that OOMMF evaluates exactly, or as a
        `PiecewiseLinear` in the term's ``func``.

    Returns
    -------
    micromagneticmodel.System
        With energy, dynamics, and the device's initial magnetisation.
    """
    device, material = spec.device, spec.material
    mesh = device.mesh()
    # No magnet: Ms = 0 there, and ubermag wants a finite vector beside it.
    initial = np.nan_to_num(device.initial_magnetisation(material), nan=0.0)
    norm = device.saturation_magnetisation(material)[..., np.newaxis]
    magnetisation = df.Field(mesh, nvdim=3, value=initial, norm=norm, valid="norm")

    return mm.System(
        name=device.kind,
        energy=_energy(spec, mesh, drive, time_dependence),
        dynamics=_dynamics(spec, drive, time_dependence),
        m=magnetisation,
    )


def _energy(spec: RunSpec, mesh: df.Mesh, drive: bool, how: str) -> Any:
    material = spec.material
    energy = mm.Exchange(A=material.A)
    if material.Ku:
        energy = energy + mm.UniaxialAnisotropy(K=material.Ku, u=material.easy_axis)
    if material.D:
        crystal_class = {"interfacial": "Cnv_z", "bulk": "T"}[material.dmi]
        energy = energy + mm.DMI(D=material.D, crystalclass=crystal_class)
    if spec.numerics.demagnetisation:
        energy = energy + mm.Demag()
    protocol = spec.protocol
    if isinstance(protocol, Protocol) and any(protocol.static_field):
        energy = energy + mm.Zeeman(H=protocol.static_field, name="static_field")
    bias = spec.device.bias_field()
    if bias is not None:
        energy = energy + mm.Zeeman(H=df.Field(mesh, nvdim=3, value=bias), name="exchange_bias")
    if drive and isinstance(protocol, FieldSteps):
        for number, local in enumerate(local_fields(spec.device, protocol)):
            assert isinstance(spec.device, SpinIce)  # another device has no local fields
            energy = energy + mm.Zeeman(
                H=df.Field(mesh, nvdim=3, value=cell_values(spec.device, local.on_islands)),
                name=f"local_field_{number}",
                **_step_dependence(local.share, how, number),
            )
    if drive and isinstance(protocol, Protocol):
        for axis, waveform in enumerate(protocol.applied_field):
            if waveform.peak:
                direction = [0.0, 0.0, 0.0]
                direction[axis] = waveform.peak
                energy = energy + mm.Zeeman(
                    H=tuple(direction),
                    name=f"applied_field_{'xyz'[axis]}",
                    **_time_dependence(waveform, how, axis),
                )
    return energy


def _dynamics(spec: RunSpec, drive: bool, how: str) -> Any:
    material, protocol = spec.material, spec.protocol
    dynamics = mm.Precession(gamma0=material.gamma0) + mm.Damping(alpha=material.alpha)
    if not (drive and isinstance(protocol, Protocol) and protocol.current_density.peak):
        return dynamics
    current = protocol.current_density
    if "zhang-li" in protocol.torques:
        dynamics = dynamics + mm.ZhangLi(
            u=drift_velocity(material, current.peak),
            beta=material.beta,
            **_time_dependence(current, how, None),
        )
    if "spin-orbit" in protocol.torques:
        # Slonczewski's torque with Lambda = 1 and P = |theta_SH| is the damping-like spin-orbit
        # torque of a spin current polarised along z x J; its thickness is the cell's, the magnet's here.
        angle = material.spin_hall_angle
        dynamics = dynamics + mm.Slonczewski(
            J=float(np.sign(angle)) * current.peak,
            mp=(0, 1, 0),
            P=abs(angle),
            Lambda=1,
            # With H_DL = (P/2) beta_S (m x sigma), eps_prime gives H_FL = eps_prime beta_S sigma.
            eps_prime=material.field_like_ratio * abs(angle) / 2,
            **_time_dependence(current, how, None),
        )
    return dynamics


def _time_dependence(waveform: PiecewiseLinear, how: str, axis: int | None) -> dict[str, Any]:
    """A waveform normalised to its peak, as keyword arguments of a ubermag term."""
    profile = waveform * (1 / waveform.peak)
    if how == "function":
        return {"func": profile, "dt": _finest_step(waveform)}
    if axis is None:
        return {
            "tcl_strings": {
                "script": _tcl_profile("CurrentProfile", profile),
                "script_args": "total_time",
                "script_name": "CurrentProfile",
            }
        }
    name = f"FieldProfile{'XYZ'[axis]}"
    vector = ["0"] * 6
    vector[axis], vector[axis + 3] = "$value", "$slope"
    script = _tcl_profile(f"{name}Scalar", waveform, with_slope=True) + (
        f"proc {name} {{ total_time }} {{\n"
        f"  lassign [{name}Scalar $total_time] value slope\n"
        f"  return [list {' '.join(vector)}]\n"
        "}\n"
    )
    return {
        "tcl_strings": {
            "script": script,
            "energy": "Oxs_ScriptUZeeman",
            "script_args": "total_time",
            "script_name": name,
        }
    }


def _step_dependence(share: npt.NDArray[np.float64], how: str, number: int) -> dict[str, Any]:
    """A factor for each field step, as keyword arguments of a ubermag term."""
    if how == "function":
        return {"func": PiecewiseLinear(tuple(map(float, range(share.size))), tuple(share.tolist()))}
    name = f"LocalShare{number}"
    script = (
        f"set {name}s [list {' '.join(repr(float(part)) for part in share)}]\n"
        f"proc {name} {{ stage }} {{\n"
        f"  global {name}s\n"
        f"  set share [lindex ${name}s $stage]\n"
        "  return [list $share $share $share 0 0 0]\n"
        "}\n"
    )
    return {
        "tcl_strings": {
            "script": script,
            "energy": "Oxs_TransformZeeman",
            "type": "diagonal",
            "script_args": "stage",
            "script_name": name,
        }
    }


def _finest_step(waveform: PiecewiseLinear) -> float:
    gaps = np.diff(waveform.times)
    return float(gaps[gaps > 0].min())


def _tcl_profile(name: str, waveform: PiecewiseLinear, with_slope: bool = False) -> str:
    """A Tcl procedure that evaluates the waveform by bisection of its breakpoints."""
    times = [*waveform.times, waveform.times[-1] + 1.0]
    values = [*waveform.values, waveform.values[-1]]
    gaps = np.diff(times)
    slopes = np.divide(np.diff(values), gaps, out=np.zeros(len(gaps)), where=gaps > 0)

    def tcl_list(numbers: Any) -> str:
        return " ".join(repr(float(number)) for number in numbers)

    result = "[list $value $slope]" if with_slope else "$value"
    return (
        f"set {name}Times [list {tcl_list(waveform.times)}]\n"
        f"set {name}Values [list {tcl_list(waveform.values)}]\n"
        f"set {name}Slopes [list {tcl_list(slopes)}]\n"
        f"proc {name} {{ total_time }} {{\n"
        f"  global {name}Times {name}Values {name}Slopes\n"
        f"  set index [lsearch -sorted -real -bisect ${name}Times $total_time]\n"
        "  if {$index < 0} { set index 0 }\n"
        f"  set slope [lindex ${name}Slopes $index]\n"
        f"  set start [lindex ${name}Times $index]\n"
        f"  set value [expr {{[lindex ${name}Values $index] + $slope * ($total_time - $start)}}]\n"
        f"  return {result}\n"
        "}\n"
    )
