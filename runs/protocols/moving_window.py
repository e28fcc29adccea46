"""A window that moves along a long track with what it follows."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

from geometries.along_x import changes_along_x
from geometries.description import Description
from geometries.device import AbstractDevice
from runs.domains_at_ends import domains_at_ends

__all__ = ["MovingWindow"]

_FEWEST = 8  # cells along x: a texture, and a domain on either side


class MovingWindow(Description):
    """The device is a window that moves along a uniform track without ends, with what it follows.

    The track goes on beyond both ends of the device as it is there: neighbours outside act by
    exchange and Dzyaloshinskii-Moriya interaction, so that moments do not tilt at the ends, and the
    stray field of the domains outside, at rest, is a static field inside, so that there are no charges at
    the ends. As soon as what is followed is a cell or more out of the middle, the window moves by whole
    cells; cells that enter get the magnetisation at their end. A run has ``window_position`` (m) over t,
    how far the window has moved along +x since the start: x + window_position is the place in the track.

    The domains outside do not respond to the drive in their stray field, which a strong field or torque
    would tilt; the cells next to the ends do. What that leaves out at the texture is computed after the run,
    from how far the cells at the ends have turned: the run's attribute ``outside_field_left_out`` (A/m), with a
    warning where it is more than 0.1 % of Ms. The native engine has it.

    Parameters
    ----------
    follow : {"wall", "skyrmion"}
        "wall": the domain wall between opposite domains at both ends, along z or along x.
        "skyrmion": all that is magnetised against the domain at both ends, along z: one skyrmion, a few, or a
        domain between two walls. Where all of it has gone the window stays.

    Examples
    --------
    >>> from runs import ConstantCurrent, Protocol, Relax
    >>> drive = ConstantCurrent(amplitude="1e12 A/m2", duration="10 ns")
    >>> Protocol(steps=[Relax(), drive], moving_window={"follow": "wall"}).moving_window
    MovingWindow(follow='wall')
    """

    follow: Literal["wall", "skyrmion"]

    def check(self, device: AbstractDevice) -> None:
        """Refuse a device that is not the same all along x, or that has too few cells.

        Raises
        ------
        ValueError
            Naming what changes along x.
        """
        differing = changes_along_x(device)
        if differing:
            verb = "change" if len(differing) > 1 else "changes"
            raise ValueError(
                "protocol.moving_window moves along a track that is the same everywhere, and along this "
                f"{device.name_of_kind} {'; '.join(differing)} {verb}: leave that out, or run the whole track without "
                "moving_window"
            )
        if device.shape[0] < _FEWEST:
            raise ValueError(
                f"protocol.moving_window needs a texture with a domain on either side, and the device has "
                f"{device.shape[0]} cells along x; give it {_FEWEST} or more"
            )

    def check_start(self, magnetisation: npt.NDArray[np.floating]) -> None:
        """Refuse a magnetisation that has nothing to follow.

        Parameters
        ----------
        magnetisation : numpy.ndarray, shape (nx, ny, nz, 3)
            Magnetisation that the run starts from.

        Raises
        ------
        ValueError
            Saying what is there and what is needed.
        """
        ends = domains_at_ends(magnetisation)
        if ends is None:
            raise ValueError(
                f"protocol.moving_window follows a {self.follow}, and the device starts with no domain along z or x at "
                "one of its ends; place what is followed in the middle, or make the device longer"
            )
        left, right = (("-", "", "+")[sign + 1] + "xyz"[ends.component] for sign in ends.signs)
        if self.follow == "wall" and left == right:
            raise ValueError(
                f"protocol.moving_window.follow is 'wall', and the device starts with the domain {left} at both ends; "
                "give it one wall, or follow a 'skyrmion'"
            )
        if self.follow == "skyrmion":
            along = magnetisation[..., ends.component] * ends.signs[0]
            if left != right or ends.component != 2:
                raise ValueError(
                    f"protocol.moving_window.follow is 'skyrmion', and the device starts with the domains {left} and "
                    f"{right} at its ends, where one along z at both is needed; follow a 'wall'"
                )
            if not np.nanmin(along) < 0:
                raise ValueError(
                    "protocol.moving_window.follow is 'skyrmion', and the device starts with none; give it one"
                )
