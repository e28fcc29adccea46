r"""Random bits from junctions: the state of a junction, read at a clock, raw or XORed with others.

Between two readings a two-state junction forgets where it was with the probability :math:`1 - e^{-\lambda t}`, where
:math:`\lambda` is the sum of its rates, and is then wherever its equilibrium has it. So raw bits have the bias of the
current's set point and a memory that falls as :math:`e^{-\lambda t}`; the XOR of k junctions has the product of the
biases, :math:`2^{k-1} \prod (p_i - 1/2)` (the piling-up lemma of M. Matsui, EUROCRYPT '93).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from solitons.junctions.rates import SwitchingRates

__all__ = ["junction_bits"]


def junction_bits(
    junctions: SwitchingRates | Sequence[SwitchingRates],
    count: int,
    interval: float,
    *,
    seed: int,
    current_density: float | npt.ArrayLike = 0.0,
) -> npt.NDArray[np.uint8]:
    """Read junctions at a clock, and XOR what several of them show: `count` bits, 1 in the upper state.

    `interval` between two readings is in s. The current density in A/m2 is the same through all; an array (count,) is a
    drift of the set point, slow beside the interval. ValueError if the junction would hardly flip once in all that
    time.
    """
    many = [junctions] if isinstance(junctions, SwitchingRates) else list(junctions)
    if count < 1 or not interval > 0 or not many:
        raise ValueError(
            f"junction_bits: {count} bits of {len(many)} junctions at {interval} s; give 1 or more, and an interval "
            "above 0 s"
        )
    generator = np.random.default_rng(seed)
    current = np.broadcast_to(np.asarray(current_density, dtype=np.float64), (count,))
    found = np.zeros(count, dtype=np.uint8)
    for each in many:
        up, down = each.rates(current)
        expected = float(np.sum(2 * up * down / (up + down))) * interval
        if expected < 1:
            raise ValueError(
                f"junction_bits: a junction with a barrier of {float(each.stability):.3g} k T flips {expected:.2g} "
                f"times in the {count * interval:.3g} s of the record, and its bits are all alike; read less often, "
                "or take a lower barrier"
            )
        forgets = generator.random(count) < -np.expm1(-(up + down) * interval)
        forgets[0] = True
        drawn = generator.random(count) < up / (up + down)
        last = np.maximum.accumulate(np.where(forgets, np.arange(count), 0))
        found ^= drawn[last].astype(np.uint8)
    return found
