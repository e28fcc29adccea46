"""Torques of driven terminals, by kind.

| kind of terminal | torque |
|---|---|
| in_plane | Zhang-Li, u = -g mu_B P J / (2 e Ms) along the current |
| heavy_metal | spin-orbit: Slonczewski's with Lambda = 1 and P = |theta_SH|, polarised along z x J |
| through_plane | Slonczewski, polarised along the fixed layer |

A spin current is absorbed by the magnetic cells under (or between) which it enters: in a
column of n layers of cells each gets its n-th part, so that the torque on the column belongs to its thickness.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

import lazy_loader
import numpy as np
import numpy.typing as npt

from geometries import Material
from geometries.device import AbstractDevice
from geometries.fixed_layer import FixedLayer
from geometries.parts import PlacedPart
from geometries.terminals import HeavyMetal, InPlaneCurrent, ThroughPlane
from geometries.wires import AbstractWire
from runs.protocols.abstract import Channel
from runs.system.drift import drift_velocity
from runs.system.time_dependence import TimeDependence, of_current
from runs.waveforms.waveform import Waveform

if TYPE_CHECKING:
    import discretisedfield as df
    import micromagneticmodel as mm
else:
    df, mm = lazy_loader.load("discretisedfield"), lazy_loader.load("micromagneticmodel")

__all__ = ["torques"]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]


class _Torque(NamedTuple):
    """A term that is not made yet: which class, and its parameters but the time dependence."""

    term: str
    parameters: dict[str, Any]
    label: str
    waveform: Waveform


class _Place(NamedTuple):
    """Cells in which a terminal acts."""

    parts: Sequence[PlacedPart]
    cells: BoolArray
    mask: BoolArray
    relative_magnetisation: FloatArray
    mesh: df.Mesh
    paths: FloatArray | None

    @property
    def inside(self) -> list[tuple[Material, BoolArray]]:
        """Materials in which the current acts, with their cells in it."""
        shared = [(part.material, part.cells & self.cells) for part in self.parts]
        return [(material, cells) for material, cells in shared if cells.any()]

    @property
    def everywhere(self) -> bool:
        """Whether the current acts on all of the magnet."""
        return bool(np.array_equal(self.cells, self.mask))

    def along(self, direction: FloatArray) -> FloatArray:
        """Direction of the current in every cell, times its density over the waveform's: (nx, ny, nz, 3)."""
        if self.paths is None:
            return np.broadcast_to(direction, (*self.cells.shape, 3))
        vectors = np.concatenate([self.paths, np.zeros((*self.paths.shape[:2], 1))], axis=2)
        return np.broadcast_to(vectors[:, :, np.newaxis], (*self.cells.shape, 3))

    def uniform(self, read: Callable[[Material], Any]) -> bool:
        """Whether a property is the same wherever the current acts."""
        return len({read(material) for material, _ in self.inside}) == 1


def torques(
    device: AbstractDevice, parts: Sequence[PlacedPart], channels: Sequence[Channel], mesh: df.Mesh, how: TimeDependence
) -> list[Any]:
    """Give the torques of the terminals that are driven, as micromagneticmodel terms.

    The waveforms of the channels are not 0 throughout; wires have a field, and gates an anisotropy, no torque.
    One term has its class's name; several of one class have the terminals' names.
    """
    mask, relative, found = device.mask(), device.relative_magnetisation(), list[_Torque]()
    for terminal, waveform in channels:
        paths = None
        if (terminal.kind == "in_plane" or terminal.kind == "heavy_metal") and terminal.along_path:
            paths = device.current_paths()
        place = _Place(parts, terminal.cells(device), mask, relative, mesh, paths)
        if terminal.kind == "in_plane":
            found += _zhang_li(terminal, waveform, place)
        elif terminal.kind == "heavy_metal":
            found.append(_spin_orbit(terminal, waveform, place))
        elif terminal.kind == "through_plane":
            found.append(_through_plane(terminal, terminal.layer_in(device), waveform, place))
        elif not isinstance(terminal, AbstractWire) and terminal.kind != "voltage_gate":
            assert_never(terminal)
    counts = Counter(torque.term for torque in found)
    return [
        getattr(mm, torque.term)(
            **torque.parameters,
            **({"name": torque.label} if counts[torque.term] > 1 else {}),
            **of_current(torque.waveform, how),
        )
        for torque in found
    ]


def _zhang_li(terminal: InPlaneCurrent, waveform: Waveform, place: _Place) -> list[_Torque]:
    """One term, or one for each beta, which is a number in every calculator; u is by the Ms of each cell."""
    along_x, unit = terminal.direction == (1.0, 0.0, 0.0), np.array(terminal.direction)
    ideal = bool((place.relative_magnetisation[place.cells] == 1).all())
    straight = place.paths is None
    if (
        straight
        and ideal
        and place.everywhere
        and place.uniform(lambda material: (material.P, material.Ms, material.beta))
    ):
        material, _ = place.inside[0]
        speed = drift_velocity(material, waveform.peak)
        u = speed if along_x else tuple((speed * unit).tolist())
        return [_Torque("ZhangLi", {"u": u, "beta": material.beta}, terminal.name, waveform)]
    found = []
    for number, beta in enumerate(dict.fromkeys(material.beta for material, _ in place.inside)):
        velocity = np.zeros((*place.cells.shape, 3))
        for material, cells in place.inside:
            if material.beta == beta:
                relative = place.relative_magnetisation[cells][:, np.newaxis]
                velocity[cells] = drift_velocity(material, waveform.peak) * place.along(unit)[cells] / relative
        # Three components even along x: of a scalar field OOMMF would read the absolute value.
        parameters = {"u": df.Field(place.mesh, nvdim=3, value=velocity), "beta": beta}
        found.append(_Torque("ZhangLi", parameters, f"{terminal.name}_{number}", waveform))
    return found


def _spin_orbit(terminal: HeavyMetal, waveform: Waveform, place: _Place) -> _Torque:
    """Slonczewski's torque with Lambda = 1 and P = |theta_SH|, polarised along z x J: H_DL = (P/2) beta_S m x sigma.

    Then eps_prime gives H_FL = eps_prime beta_S sigma.
    """

    def angle(material: Material) -> float:
        return material.spin_hall_angle if terminal.spin_hall_angle is None else terminal.spin_hall_angle

    def ratio(material: Material) -> float:
        return material.field_like_ratio if terminal.field_like_ratio is None else terminal.field_like_ratio

    if place.paths is not None:
        largest, carried = _along_path(angle, waveform, place)
    elif place.uniform(angle):
        theta = angle(place.inside[0][0])
        # The current takes the sign where it is one number: a field of negative ones OOMMF would not read.
        current = _shared(waveform.peak, place)
        sign = float(np.sign(theta))
        carried = {"J": sign * current, "mp": terminal.spin_direction}
        if not isinstance(current, float):
            carried = {"J": current, "mp": tuple(sign * component for component in terminal.spin_direction)}
        largest = abs(theta)
    else:
        largest = max(abs(angle(material)) for material, _ in place.inside)
        spins = np.zeros((*place.cells.shape, 3))
        weight = np.zeros(place.cells.shape)
        for material, cells in place.inside:
            spins[cells] = (np.sign(angle(material)) or 1.0) * np.array(terminal.spin_direction)
            weight[cells] = abs(angle(material)) / largest
        current = df.Field(place.mesh, nvdim=1, value=(weight * _density(waveform.peak, place))[..., np.newaxis])
        carried = {"J": current, "mp": df.Field(place.mesh, nvdim=3, value=spins)}
    secondary: Any
    if place.uniform(ratio):
        secondary = ratio(place.inside[0][0]) * largest / 2
    else:
        values = np.zeros((*place.cells.shape, 1))
        for material, cells in place.inside:
            values[cells] = ratio(material) * largest / 2
        secondary = df.Field(place.mesh, nvdim=1, value=values)
    parameters = carried | {"P": largest, "Lambda": 1, "eps_prime": secondary}
    return _Torque("Slonczewski", parameters, terminal.name, waveform)


def _along_path(angle: Callable[[Material], float], waveform: Waveform, place: _Place) -> tuple[float, dict[str, Any]]:
    """Largest spin-Hall angle, and current and spins where the current follows the device."""
    largest = max(abs(angle(material)) for material, _ in place.inside)
    ways = place.along(np.array([1.0, 0.0, 0.0]))
    share = np.hypot(ways[..., 0], ways[..., 1])
    spins, weight = np.zeros(ways.shape), np.zeros(place.cells.shape)
    for material, cells in place.inside:
        sign = np.sign(angle(material)) or 1.0
        # sigma = z x J, of length 1: the density is in the current.
        spins[cells, 0], spins[cells, 1] = -sign * ways[cells, 1] / share[cells], sign * ways[cells, 0] / share[cells]
        weight[cells] = share[cells] * abs(angle(material)) / largest
    current = df.Field(place.mesh, nvdim=1, value=(weight * _density(waveform.peak, place))[..., np.newaxis])
    return largest, {"J": current, "mp": df.Field(place.mesh, nvdim=3, value=spins)}


def _through_plane(terminal: ThroughPlane, layer: FixedLayer, waveform: Waveform, place: _Place) -> _Torque:
    parameters = {
        "J": _shared(waveform.peak, place),
        "mp": layer.direction,
        "P": layer.polarisation,
        "Lambda": terminal.asymmetry,
        # At Lambda = 1 the damping-like part is P / 2.
        "eps_prime": terminal.field_like_ratio * layer.polarisation / 2,
    }
    return _Torque("Slonczewski", parameters, terminal.name, waveform)


def _shared(density: float, place: _Place) -> Any:
    """A current density by the number of layers that share it: a number where it is one, else a field."""
    layers = np.unique(place.cells.sum(axis=2)[place.cells.any(axis=2)])
    if place.everywhere and layers.size == 1:
        return density / int(layers[0])
    return df.Field(place.mesh, nvdim=1, value=_density(density, place)[..., np.newaxis])


def _density(density: float, place: _Place) -> FloatArray:
    layers = np.maximum(place.cells.sum(axis=2), 1)
    values: FloatArray = density * place.cells / layers[:, :, np.newaxis]
    return values
