"""States of a spin ice to start from: one sign for every island."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from geometries.description import Description, told_apart_by
from geometries.quantities import Angle

__all__ = ["AnySpins", "GivenSpins", "RandomSpins", "SaturatedSpins"]

FloatArray = npt.NDArray[np.float64]
SpinArray = npt.NDArray[np.int8]


class SaturatedSpins(Description):
    """Every island magnetised along a direction, as after a strong field.

    Parameters
    ----------
    angle : float
        The direction, in rad from x. An island across it points from tail to head.

    Examples
    --------
    >>> import numpy as np
    >>> SaturatedSpins(angle="180 deg").spins(np.array([0.0, np.pi])).tolist()
    [-1, 1]
    """

    kind: Literal["saturated"] = "saturated"
    angle: Angle = 0.0

    def spins(self, angle: FloatArray) -> SpinArray:
        """Give the spin of islands with easy axes at `angle` (rad), 1 from tail to head."""
        return np.where(np.cos(angle - self.angle) < -1e-9, -1, 1).astype(np.int8)


class RandomSpins(Description):
    """Every island magnetised at random, from a seed.

    Parameters
    ----------
    seed : int
        Seed of the random numbers.

    Examples
    --------
    >>> import numpy as np
    >>> sorted(set(RandomSpins(seed=1).spins(np.zeros(100)).tolist()))
    [-1, 1]
    """

    kind: Literal["random"] = "random"
    seed: int = Field(ge=0)

    def spins(self, angle: FloatArray) -> SpinArray:
        """Give the spin of islands with easy axes at `angle` (rad), 1 from tail to head."""
        return (2 * np.random.default_rng(self.seed).integers(0, 2, angle.size) - 1).astype(np.int8)


class GivenSpins(Description):
    """The spin of every island, one by one.

    Parameters
    ----------
    values : tuple of {1, -1}
        In the order of the islands; 1 is magnetised from tail to head.

    Examples
    --------
    >>> import numpy as np
    >>> GivenSpins(values=[1, -1]).spins(np.zeros(2)).tolist()
    [1, -1]
    """

    kind: Literal["given"] = "given"
    values: tuple[Literal[1, -1], ...]

    def spins(self, angle: FloatArray) -> SpinArray:
        """Give the spins.

        Raises
        ------
        ValueError
            If their number differs from the number of islands.
        """
        if len(self.values) != angle.size:
            raise ValueError(
                f"initial_spins.values has {len(self.values)} spins for {angle.size} islands; give one for each"
            )
        return np.array(self.values, dtype=np.int8)


AnySpins = Annotated[SaturatedSpins | RandomSpins | GivenSpins, Field(discriminator="kind"), told_apart_by("kind")]
"""Any of the states, distinguished by ``kind``."""
