"""Terminals of a device: named places where a current enters, or passes by.

A protocol gives each its waveform; a terminal defines what one unit of it does. Currents are of positive charges.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, SerializeAsAny

from geometries.description import told_apart_by
from geometries.directions import Direction, InPlaneDirection, direction_text
from geometries.fixed_layer import FixedLayer
from geometries.materials import MU0, Material
from geometries.oersted import field_of_cells, field_of_ellipse
from geometries.quantities import PureNumber
from geometries.regions import Meshed, RegionOfMagnet
from geometries.voltage_gate import VoltageGate
from geometries.wires import AbstractWire, StripLine

__all__ = [
    "AnyTerminal",
    "HeavyMetal",
    "InPlaneCurrent",
    "ThroughPlane",
    "VoltageGate",
    "check_terminals",
    "find_terminal",
]

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_SLACK = 1e-6
"""Of a squared distance: a centre on the outline is inside, whichever way it rounds."""
_SPIN_OF_A_CHARGE = 1.054571817e-34 / (2 * 1.602176634e-19)
"""hbar / (2 e) in J s / C."""


class _CurrentDensity(RegionOfMagnet):
    """A region of the magnet where a current density acts."""

    unit: ClassVar[str] = "A/m^2"


class _InPlane(_CurrentDensity):
    """A current along a direction in the plane, or along the way of its device."""

    direction: InPlaneDirection = (1.0, 0.0, 0.0)
    along_path: bool = False

    def check(self, device: Meshed, where: str) -> None:
        """Refuse what `_CurrentDensity` does, and a path that the device does not have.

        `where` is what the error calls it.
        """
        super().check(device, where)
        if not self.along_path:
            return
        if self.direction != (1.0, 0.0, 0.0):
            raise ValueError(
                f"{where} of {self.name!r} has both a direction and along_path; leave one of them out: along the path "
                "a positive current flows from its beginning to its end"
            )
        if device.current_paths() is None:
            raise ValueError(
                f"{where}.along_path of {self.name!r}: a current goes along one direction in this device; leave "
                "along_path out, and give the direction if it is not +x"
            )

    def way_text(self) -> str:
        """Say along what it flows."""
        return "the path" if self.along_path else direction_text(self.direction)


class InPlaneCurrent(_InPlane):
    """A current in the magnet itself, along its plane: the Zhang-Li torque.

    Its electrons carry walls against the current, with the drift velocity
    u = -g mu_B P J / (2 e Ms) along `direction`.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    x, y, z : tuple of two floats, optional
        Intervals in which it flows, in m; everywhere if left out.
    direction : tuple of three floats
        Direction of a positive current density, in the plane; normalised.
    along_path : bool
        Whether the current follows the device, such as a bent track, in the place of one direction; its
        density is that at the beginning.

    Examples
    --------
    >>> InPlaneCurrent(name="current").direction
    (1.0, 0.0, 0.0)
    """

    kind: Literal["in_plane"] = "in_plane"

    def describe(self) -> str:
        """Say in a few words what it is."""
        return f"current in the plane along {self.way_text()}{self.place_text()}"


class HeavyMetal(_InPlane):
    """A current in a heavy metal under a region of the magnet: the spin-orbit torque.

    The spin-Hall effect sends spins along sigma = z x direction into the magnet.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    x, y, z : tuple of two floats, optional
        Intervals in which the metal touches the magnet, in m; everywhere if left out.
    direction : tuple of three floats
        Direction of a positive current density, in the plane; normalised.
    along_path : bool
        Whether the current follows the device, such as a bent track, in the place of one direction; its
        density is that at the beginning.
    spin_hall_angle : float, optional
        Effective spin-Hall angle, with its sign; the material's if left out.
    field_like_ratio : float, optional
        Field-like over damping-like spin-orbit field; the material's if left out.

    Examples
    --------
    >>> HeavyMetal(name="write", direction=(0, 1, 0)).spin_direction
    (-1.0, 0.0, 0.0)
    """

    kind: Literal["heavy_metal"] = "heavy_metal"
    spin_hall_angle: PureNumber | None = None
    field_like_ratio: PureNumber | None = None

    @property
    def spin_direction(self) -> tuple[float, float, float]:
        """Direction z x J of the spins that a positive current sends, for a positive angle."""
        return 0.0 - self.direction[1], self.direction[0], 0.0

    def spin_orbit_fields(self, material: Material, thickness: float) -> tuple[float, float]:
        r"""Give the effective fields of 1 A/m2, as multiples of m x sigma and of sigma.

        .. math:: H_{DL} = \frac{\hbar\, \theta_{SH} J}{2 e \mu_0 M_s t}, \qquad H_{FL} = r H_{DL}

        Parameters
        ----------
        material : Material
            Material of the magnet: Ms, and angle and ratio where the terminal has none of its own.
        thickness : float
            t of the magnet in m.

        Returns
        -------
        tuple of two floats
            In A/m per A/m2.

        Examples
        --------
        >>> cobalt = Material(name="cobalt", Ms=8e5, A=1.2e-11, alpha=0.1, spin_hall_angle=0.3)
        >>> along_m_cross_sigma, _ = HeavyMetal(name="clock").spin_orbit_fields(cobalt, 4e-9)
        >>> round(1e12 * along_m_cross_sigma)  # A/m at 1e12 A/m2
        24553
        """
        angle = material.spin_hall_angle if self.spin_hall_angle is None else self.spin_hall_angle
        ratio = material.field_like_ratio if self.field_like_ratio is None else self.field_like_ratio
        damping_like = _SPIN_OF_A_CHARGE * angle / (MU0 * material.Ms * thickness)
        return damping_like, ratio * damping_like

    def describe(self) -> str:
        """Say in a few words what it is."""
        angle = "" if self.spin_hall_angle is None else f", spin-Hall angle {self.spin_hall_angle:g}"
        return f"heavy metal, current along {self.way_text()}{angle}{self.place_text()}"


class ThroughPlane(_CurrentDensity):
    """A current through the plane, spin-polarised by a fixed layer: Slonczewski's torque.

    A positive current density turns m towards `polariser`: electrons go from the fixed
    layer into the magnet.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    x, y, z : tuple of two floats, optional
        Intervals in which the current passes, in m; everywhere if left out.
    polariser : tuple of three floats, optional
        Magnetisation of the fixed layer; normalised. That of the device's own fixed layer if left out,
        as of a pillar.
    polarisation : float, optional
        Spin polarisation P of the current, above 0 and at most 1; by default from the device's barrier.
    asymmetry : float
        Slonczewski's Lambda, at least 1: the torque depends on the angle to the polariser
        where it is more than 1.
    field_like_ratio : float
        Field-like over damping-like torque at Lambda = 1.
    elliptic : bool
        Whether the current passes in the ellipse that touches the sides of x and y, such as a round nano-contact on a
        film, and not in all of the box.
    oersted : bool
        Whether the current's own magnetic field acts too, everywhere in the magnet (`geometries.oersted`). The
        fixed layer lies under the magnet and electrons go up from it, so that a positive current density is a
        current of positive charges along -z: its field turns clockwise, seen from +z.

    References
    ----------
    J. C. Slonczewski, J. Magn. Magn. Mater. 247, 324 (2002).

    Examples
    --------
    >>> ThroughPlane(name="junction", polariser=(0, 0, 2), polarisation=0.4).polariser
    (0.0, 0.0, 1.0)
    """

    kind: Literal["through_plane"] = "through_plane"
    polariser: Direction | None = None
    polarisation: Annotated[PureNumber, Field(gt=0, le=1)] | None = None
    asymmetry: Annotated[PureNumber, Field(ge=1)] = 1.0
    field_like_ratio: PureNumber = 0.0
    elliptic: bool = False
    oersted: bool = False

    def cells(self, device: Meshed) -> BoolArray:
        """The cells of the magnet (nx, ny, nz) in which the current passes; a ValueError if there are none."""
        chosen = super().cells(device)
        if self.elliptic and self.x is not None and self.y is not None:
            x, y, _ = device.cell_centres()
            across = [
                (2 * (centres - (low + high) / 2) / (high - low)) ** 2
                for centres, (low, high) in ((x, self.x), (y, self.y))
            ]
            chosen &= (across[0][:, None] + across[1][None, :] <= 1 + _SLACK)[:, :, None]
            if not chosen.any():
                raise ValueError(
                    f"{self.name!r}{self.place_text()} covers no cell's centre; make it larger than a cell"
                )
        return chosen

    def check(self, device: Meshed, where: str) -> None:
        """Refuse what `_CurrentDensity` does, and a current that nothing polarises.

        Raises
        ------
        ValueError
            Naming it; `where` is what the message calls it.
        """
        super().check(device, where)
        if self.elliptic and (self.x is None or self.y is None):
            raise ValueError(
                f"{where} of {self.name!r} is elliptic and has no box to touch; give x and y, such as of a contact "
                'of 80 nm {"x": ["460 nm", "540 nm"], "y": ["460 nm", "540 nm"]}'
            )
        if self.elliptic:
            self.cells(device)
        missing = [name for name in ("polariser", "polarisation") if getattr(self, name) is None]
        if missing and device.polarising_layer() is None:
            raise ValueError(
                f"{where} of {self.name!r} has no {' and no '.join(missing)}, and this device has no fixed layer of "
                'its own; give them, such as {"polariser": [0, 0, 1], "polarisation": 0.5}'
            )

    def layer_in(self, device: Meshed) -> FixedLayer:
        """Give what polarises the current in a device: what is given here, and of the rest the device's own.

        Raises
        ------
        ValueError
            If neither has it.
        """
        self.check(device, "terminal")
        own = device.polarising_layer()
        direction = self.polariser if own is None or self.polariser is not None else own.direction
        share = self.polarisation if own is None or self.polarisation is not None else own.polarisation
        assert direction is not None
        assert share is not None
        return FixedLayer(direction, share)

    def field_in(self, device: Meshed) -> FloatArray:
        """Give the Oersted field of 1 A/m2 in every cell's centre.

        Of a current through all of an ellipse it is the closed form, else that of the cells in which the current flows;
        where these differ between layers, a column is all cells under one another.

        Returns
        -------
        numpy.ndarray, shape (nx, ny, nz, 3)
            In A/m per A/m2, inside and outside the magnet.

        Examples
        --------
        >>> from geometries import Pillar
        >>> junction = ThroughPlane(name="junction", oersted=True)
        >>> field = junction.field_in(Pillar.example())
        >>> bool(field[0, 3, 0, 1] > 0 > field[-1, 3, 0, 1])  # clockwise: up on the left, down on the right
        True
        """
        axes, (x, y, _) = device.ellipse_axes(), device.cell_centres()
        if axes is not None and self.everywhere:
            middle, semi_axes = (device.extent[0] / 2, device.extent[1] / 2), (axes[0] / 2, axes[1] / 2)
            plane = field_of_ellipse((x - middle[0])[:, None], (y - middle[1])[None, :], semi_axes)
        else:
            plane = field_of_cells(self.cells(device).any(axis=2), device.spacing[:2])
        field = np.zeros((*device.shape, 3))
        field[..., :2] = -plane[:, :, None]
        return field

    def describe(self) -> str:
        """Say in a few words what it is."""
        layer = "the fixed layer" if self.polariser is None else f"polariser {direction_text(self.polariser)}"
        share = "" if self.polarisation is None else f", P {self.polarisation:g}"
        ratio = f", field-like ratio {self.field_like_ratio:g}" if self.field_like_ratio else ""
        field = ", with its Oersted field" if self.oersted else ""
        share += ", in an ellipse" if self.elliptic else ""
        return f"current through the plane, {layer}{share}{ratio}{field}{self.place_text()}"


AnyTerminal = Annotated[
    SerializeAsAny[InPlaneCurrent | HeavyMetal | ThroughPlane | VoltageGate | StripLine],
    Field(discriminator="kind"),
    told_apart_by("kind", "geometries.terminals", AbstractWire),
]
"""Any of the terminals, distinguished by ``kind``, and wires of other packages (`geometries.wires.AbstractWire`)."""


def check_terminals(terminals: tuple[AnyTerminal, ...], device: Meshed) -> None:
    """Refuse terminals that have no place on their device."""
    for index, terminal in enumerate(terminals):
        terminal.check(device, f"terminals[{index}]")


def find_terminal(terminals: Sequence[AnyTerminal], name: str | None, owner: str) -> AnyTerminal:
    """Find a terminal by its name, or the only one if `name` is None.

    `owner` is the kind of the device, for the error.
    """
    if not terminals:
        raise ValueError(
            f"this {owner} has no terminals, so that no current enters; give it one, such as "
            '{"kind": "in_plane", "name": "current"}'
        )
    names = [terminal.name for terminal in terminals]
    if name is None:
        if len(names) > 1:
            raise ValueError(f"there are several terminals; say which of {', '.join(names)}")
        return terminals[0]
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"{name!r} is no terminal of this {owner}; {hint}It has {', '.join(names)}")
    return terminals[names.index(name)]
