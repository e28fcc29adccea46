"""A terminal without a current: a voltage that changes the anisotropy."""

from __future__ import annotations

from typing import ClassVar, Literal

from geometries.description import PositiveLength
from geometries.quantities import VoltageAnisotropy, format_quantity
from geometries.regions import Meshed, RegionOfMagnet

__all__ = ["VoltageGate"]


class VoltageGate(RegionOfMagnet):
    """A voltage over a barrier on the magnet, which changes its perpendicular anisotropy.

    The electric field V / t_b in the barrier changes the anisotropy of the interface, and the anisotropy of a
    column of magnetic cells of height t by

        Delta K = -xi V / (t_b t)

    in the energy density -Delta K m_z^2: a positive voltage lowers the barrier out of the plane, for xi > 0. A
    current that the voltage drives through the barrier is another terminal's.

    Parameters
    ----------
    name : str
        Letters, digits and underscores.
    x, y, z : tuple of two floats, optional
        Intervals of the gate, in m; everywhere if left out.
    efficiency : float
        xi in J/(V m), with its sign ("100 fJ/(V m)").
    barrier_thickness : float
        t_b in m.

    References
    ----------
    T. Maruyama et al., Nature Nanotechnology 4, 158 (2009).

    Examples
    --------
    >>> gate = VoltageGate(name="gate", efficiency="100 fJ/(V m)", barrier_thickness="1 nm")
    >>> gate.anisotropy_change(1.0, thickness=1e-9)  # J/m3
    -100000.0
    """

    unit: ClassVar[str] = "V"

    kind: Literal["voltage_gate"] = "voltage_gate"
    efficiency: VoltageAnisotropy
    barrier_thickness: PositiveLength

    def anisotropy_change(self, voltage: float, thickness: float) -> float:
        """Give Delta K in J/m3 at a voltage in V for a magnet of a thickness in m."""
        return float(f"{-self.efficiency * voltage / (self.barrier_thickness * thickness):.15g}")

    def check(self, device: Meshed, where: str) -> None:
        """Refuse what `RegionOfMagnet` does, and a gate without effect; `where` is what the error calls it."""
        super().check(device, where)
        if self.efficiency == 0:
            raise ValueError(
                f"{where}.efficiency of {self.name!r} is 0, so that no voltage would change anything; give another, "
                'such as "50 fJ/(V m)"'
            )

    def describe(self) -> str:
        """Say in a few words what it is."""
        return (
            f"voltage gate, {format_quantity(self.efficiency, 'J/(V m)')} over "
            f"{format_quantity(self.barrier_thickness, 'm')}{self.place_text()}"
        )
