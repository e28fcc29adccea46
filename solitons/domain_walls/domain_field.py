r"""The stray field of a stripe's two domains on the wall between them: nothing is fitted, and no landscape is measured.

A prism of length a, width w and thickness t, magnetised along z, meets itself with the demagnetising factor N(a), the
mean over its volume. Two domains of lengths q and L - q with opposite magnetisation have the energy

.. math::

   V(q) = \frac{\mu_0 M_s^2 w t}{2} \bigl[ 2 G(q) + 2 G(L - q) - G(L) \bigr], \qquad G(a) = a N(a),

since G(L) = G(q) + G(L - q) + twice what the domains share. So they push a wall that is thin and straight with

.. math::

   F(q) = -\frac{1}{2 \mu_0 M_s w t} \frac{dV}{dq} = M_s \bigl[ n(L - q) - n(q) \bigr], \qquad n(a) = \frac{G'(a)}{2},

n(a) being the mean of the factor over an end face: the field of one domain on the wall less the other's. With the
second differences of Newell's potential [1]_ in G it is a closed form. Far from an end n(a) is the value of an
endless stripe less w t / (8 pi a^2), the field of dipoles, so that

.. math:: F(q) \approx \frac{M_s w t}{8 \pi} \Bigl[ \frac{1}{q^2} - \frac{1}{(L - q)^2} \Bigr] :

both domains want to be alike, and the wall goes to the middle. A wall of Walker's profile is a sum of thin ones at q'
with the weight w(q' - q) = sech^2((q' - q) / Delta) / 2 Delta, each in the field of all. What they do to each other
cancels, and of those beyond an end no domain is left:

.. math::

   F(q) = M_s \int_0^L w(x - q) \Bigl[ n(L - x) \tanh\frac{L - q}{\Delta} - n(x) \tanh\frac{q}{\Delta} \Bigr] dx,

some per cent more than a thin wall's at seven widths from an end.

Domains along the stripe are magnetised along x instead. The three factors of a prism sum to 1, so that n_x is 1/2 less
those of the other two axes, and far from an end

.. math:: F(q) \approx \frac{M_s w t}{4 \pi} \Bigl[ \frac{1}{(L - q)^2} - \frac{1}{q^2} \Bigr],

the attraction of a head-to-head wall's charge, 2 Ms w t, by those of the ends: it goes to the nearer end.

Left out are the wall's tilt, and domains that lean where DMI turns them at the stripe's edges and ends.

References
----------
.. [1] A. J. Newell, W. Williams and D. J. Dunlop, J. Geophys. Res. 98, 9551 (1993).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from solitons.domain_walls.pinning import TabulatedPinning

__all__ = ["domain_push", "face_factor"]

Floats = npt.NDArray[np.float64]

_WHOLE = 4.0  # widths from an end, nearer to which there is no whole wall
_STEPS = 4  # of the table, in a wall's width
_REACH = 20.0  # widths, beyond which nothing of a wall's profile is left in double precision
_AT_ONCE = 256  # places of the table


def face_factor(length: npt.ArrayLike, stripe_width: float, thickness: float) -> Floats:
    """Demagnetising factor of a prism magnetised along z, averaged over the face at its end.

    Half of the endless prism's where it is long. Sizes in m; the shape of `length`, which is along x.
    """
    x, y = np.asarray(length, dtype=np.float64) / thickness, stripe_width / thickness
    # Newell's potential at four edges of the prism, whose terms grow as x^2 and cancel to S / a^2: differences of roots
    # are quotients of sums, and of inverse hyperbolic sines one logarithm, so that double precision is enough.
    near, beside = np.sqrt(x * x + 1), np.sqrt(x * x + y * y)
    far = np.sqrt(x * x + y * y + 1)
    diagonal = np.hypot(y, 1.0)
    terms = x * y**2 / 2 * (1 / (x + beside) + 1 / (near + far)) / ((far + beside) * (near + x))
    terms = terms - x * y * np.arcsinh(y / ((beside + far) * x * near))
    terms = terms + _difference(x, 1.0, diagonal) / 2 - y**2 / 2 * _difference(x, y, diagonal)
    terms = terms - y * np.arctan(x * y / far)
    found: Floats = -terms / (np.pi * y)
    return found


def _difference(x: Floats, smaller: float, larger: float) -> Floats:
    """Arsinh(x / smaller) - arsinh(x / larger), which goes to ln(larger / smaller) far out."""
    roots = np.hypot(x, smaller), np.hypot(x, larger)
    less = (smaller - larger) * (smaller + larger) / (roots[0] + roots[1])
    difference: Floats = np.log(larger / smaller) + np.log1p(less / (x + roots[1]))
    return difference


def domain_push(
    saturation: float, width: float, *, length: float, stripe_width: float, thickness: float, domain_axis: str = "z"
) -> TabulatedPinning | None:
    """How the two domains of a straight stripe push the wall between them.

    Ms in A/m, sizes in m (`width` is Delta); domains along "z" or "x". The table reaches from four widths behind
    one end to four before the other; None for a stripe that is shorter.
    """
    start, stop = _WHOLE * width, length - _WHOLE * width
    if not stop - start > width:
        return None
    places = np.linspace(start, stop, int(np.ceil((stop - start) / width * _STEPS)) + 1)
    x, step = _along(length, width, thickness)
    left, right = (step * _factor(to, stripe_width, thickness, domain_axis) for to in (x, length - x))
    push = np.empty_like(places)
    # Each place sees what is near it: all places beside all of a stripe of 20 um would take gigabytes.
    for begin in range(0, places.size, _AT_ONCE):
        here = slice(begin, begin + _AT_ONCE)
        at = places[here]
        near = slice(*np.searchsorted(x, (at[0] - _REACH * width, at[-1] + _REACH * width)))
        weight = 1 / np.cosh((x[near] - at[:, None]) / width) ** 2 / (2 * width)
        push[here] = (weight @ right[near]) * np.tanh((length - at) / width)
        push[here] -= (weight @ left[near]) * np.tanh(at / width)
    return TabulatedPinning(start, stop, saturation * push)


def _factor(length: Floats, stripe_width: float, thickness: float, axis: str) -> Floats:
    """Half the derivative of a N(a), for prisms magnetised along an axis."""
    along_z = face_factor(length, stripe_width, thickness)
    return along_z if axis == "z" else 0.5 - along_z - face_factor(length, thickness, stripe_width)


def _along(length: float, width: float, thickness: float) -> tuple[Floats, Floats]:
    """Places along the stripe with the weights of an integral, denser at its ends, whose field begins within t."""
    near = np.geomspace(thickness / 8, width, 9)
    near = np.concatenate([[0.0], near[near < length / 4]])
    middle = np.linspace(near[-1], length - near[-1], int(np.ceil(length / width)) + 1)
    edges = np.concatenate([near, middle[1:-1], (length - near)[::-1]])
    at, weight = np.polynomial.legendre.leggauss(8)
    half = np.diff(edges)[:, None] / 2
    return (edges[:-1, None] + half * (1 + at)).ravel(), (half * weight).ravel()
