"""Discs and ellipses at any places and angles, for problems whose answer is the array's state of least energy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geometries.magnet_logic.device import MagnetArray
from geometries.magnet_logic.magnets import Magnet

__all__ = ["free_array"]


def free_array(
    places: npt.ArrayLike,
    *,
    length: float,
    thickness: float,
    cell: tuple[float, float, float],
    width: float | None = None,
    angles: npt.ArrayLike = 0.0,
    fields: npt.ArrayLike = 0.0,
    margin: float = 20e-9,
) -> MagnetArray:
    """Put alike magnets at given places: discs, or ellipses if they have a width.

    Parameters
    ----------
    places : array (magnets, 2)
        Centres in m, from any origin.
    length : float
        Diameter of a disc, or an ellipse's long axis, in m.
    thickness : float
        Thickness of the film in m.
    cell : tuple of three floats
        In m.
    width : float, optional
        An ellipse's short axis in m; a disc if left out.
    angles : float or array (magnets,)
        Angles of the long axes from x, in rad.
    fields : float or array (magnets,)
        Bias in A/m along each magnet's axis, against it where negative. A magnet with a bias is an input that starts
        along it; all others start along their axis.
    margin : float
        Empty space around the magnets in m.

    Returns
    -------
    MagnetArray
        With the magnets "m0", "m1", and so on.

    Raises
    ------
    ValueError
        If places are no list of pairs, or there is not one angle and one field for each.
    pydantic.ValidationError
        If magnets touch or cannot be meshed, as in `MagnetArray`.

    Examples
    --------
    >>> row = free_array([[0, 0], [130e-9, 0]], length=100e-9, thickness=20e-9, cell=(5e-9, 5e-9, 20e-9))
    >>> [(magnet.name, magnet.width) for magnet in row.magnets]
    [('m0', 1e-07), ('m1', 1e-07)]
    """
    at = np.asarray(places, dtype=np.float64)
    if at.ndim != 2 or at.shape[1:] != (2,) or not len(at):
        raise ValueError(f"free_array: places has the shape {at.shape}; give (magnets, 2) in m")
    axes, biases = (np.asarray(each, dtype=np.float64) for each in (angles, fields))
    for name, values in (("angles", axes), ("fields", biases)):
        if values.shape not in ((), (len(at),)):
            raise ValueError(
                f"free_array: {name} has the shape {values.shape}; give one number, or one for each of the {len(at)} "
                "magnets"
            )
    axes, biases = (np.broadcast_to(each, len(at)).tolist() for each in (axes, biases))
    return MagnetArray(
        magnets=tuple(
            Magnet(
                name=f"m{i}",
                x=x,
                y=y,
                length=length,
                width=length if width is None else width,
                angle=angle,
                role="input" if bias else "magnet",
                state=-1 if bias < 0 else 1,
                field=abs(bias) or None,
            )
            for i, ((x, y), angle, bias) in enumerate(zip(at.tolist(), axes, biases, strict=True))
        ),
        thickness=thickness,
        cell=cell,
        margin=margin,
    )
