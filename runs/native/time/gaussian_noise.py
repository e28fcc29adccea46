"""Normal random numbers for the thermal field, drawn in one pass over the cells.

A step of a macrospin or a small pillar takes a few microseconds, and with `jax.random.normal` a third of
them go into its numbers: on a CPU it generates bits in a loop and calls a logarithm number by number. The bits here are
the same; written out, XLA makes one vectorised pass of everything.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
PARITY = 0x1BD11BDA
CENTRE = (2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
          -0.00417768164, 0.246640727, 1.50140941)  # fmt: skip
"""Giles's polynomial in w - 2.5, of highest order first."""
TAIL = (-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
        1.00167406, 2.83297682)  # fmt: skip
"""That in sqrt(w) - 3 where w is 5 or more."""


def normal(key: Array, shape: tuple[int, ...]) -> Array:
    r"""Draw standard normal numbers in single precision, for a key of "threefry2x32".

    The inverse error function of a uniform number u between -1 and 1, by Giles's polynomials in :math:`w = -\ln[(1 -
    u)(1 + u)]`, good to some 4e-7; the product keeps the digits that 1 - u^2 loses in the tails. M. Giles, in GPU
    Computing Gems Jade Edition, chapter 10 (2011).
    """
    bits = random_bits(jax.random.key_data(key), shape)
    # 23 bits are a mantissa, which makes a number from 1 to 2.
    share = lax.bitcast_convert_type((bits >> jnp.uint32(9)) | jnp.uint32(0x3F800000), jnp.float32) - np.float32(1)
    lowest = np.nextafter(np.float32(-1), np.float32(0))
    u = jnp.maximum(lowest, share * (np.float32(1) - lowest) + lowest)
    w = -jnp.log((1 - u) * (1 + u))
    value = jnp.where(w < 5, _polynomial(CENTRE, w - np.float32(2.5)), _polynomial(TAIL, jnp.sqrt(w) - np.float32(3)))
    return np.float32(math.sqrt(2)) * value * u


def random_bits(key: Array, shape: tuple[int, ...]) -> Array:
    """Return 32 random bits (uint32) for every place, as `jax.random.bits` does for the same key.

    The key is two numbers of uint32. Threefry with 20 rounds of its counter 0, 1, ..., the two halves of each result
    combined. Salmon et al., Proc. SC11, 16 (2011).
    """
    counter = lax.iota(jnp.uint32, math.prod(shape)).reshape(shape)
    keys = (key[0], key[1], key[0] ^ key[1] ^ jnp.uint32(PARITY))
    high, low = jnp.zeros_like(counter) + keys[0], counter + keys[1]
    for block in range(5):
        for distance in ROTATIONS[block % 2]:
            high = high + low
            low = ((low << jnp.uint32(distance)) | (low >> jnp.uint32(32 - distance))) ^ high
        high, low = high + keys[(block + 1) % 3], low + keys[(block + 2) % 3] + jnp.uint32(block + 1)
    return high ^ low


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    value = jnp.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value = np.float32(coefficient) + value * x
    return value
