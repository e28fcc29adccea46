"""Result of a network of fitted devices that reads handwritten digits."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["DigitsResult"]


class DigitsResult(BaseModel):
    """How three networks with the same weights read the test images.

    Parameters
    ----------
    accuracy : float
        Fraction read right by fitted synapses and fitted neurons, which are
        off by what the fit gets wrong, and which heat and chance make differ as far as that is known.
    ci95 : (float, float)
        Its 95 % Wilson interval.
    float_accuracy : float
        The weights in floating point, the largest output wins.
    ideal_synapse_accuracy : float
        The weights written by the same pulses into ideal linear synapses, read by
        the same neurons.
    test_size : int
        Number of test images.
    confusion : tuple of tuple of int
        Test images by true digit and digit read by the fitted devices.
    pulses_a_synapse : float
        Programming pulses that a fitted synapse took, on average.
    temperature : float
        Temperature of the network in K.
    cycle_spread, gain_spread, place_spread : float
        Spreads of its devices, as in `solitons.devices.spreads`: in m, of the mean and in m.
    mean_device_accuracy : float or None
        The same network at 0 K, of devices that are all the mean one; None where it is that already.
    by_current : float or None
        Fraction read right where the largest current of the same synapses wins: what the neurons cost. None in results
        that were saved without it.
    accuracy_at_rest : float or None
        `accuracy` after the synapses, left alone once they were written, have come to rest; None if that was not asked
        for.

    Examples
    --------
    >>> result = DigitsResult(
    ...     accuracy=0.93, ci95=(0.91, 0.95), float_accuracy=0.96, ideal_synapse_accuracy=0.955, test_size=629,
    ...     confusion=((60, 3), (2, 62)), pulses_a_synapse=3.1,
    ... )
    >>> bool(result.ci95[1] < result.ideal_synapse_accuracy)  # the fitted synapses cost accuracy
    True
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    accuracy: float
    ci95: tuple[float, float]
    float_accuracy: float
    ideal_synapse_accuracy: float
    test_size: int
    confusion: tuple[tuple[int, ...], ...]
    pulses_a_synapse: float
    temperature: float = 0.0
    cycle_spread: float = 0.0
    gain_spread: float = 0.0
    place_spread: float = 0.0
    mean_device_accuracy: float | None = None
    by_current: float | None = None
    accuracy_at_rest: float | None = None
