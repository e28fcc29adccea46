"""Formants of vowels by published means and standard deviations, from which speakers are drawn.

Steady-state F1 and F2 of American English vowels in h-V-d words: J. Hillenbrand, L. A. Getty, M. J. Clark and
K. Wheeler, J. Acoust. Soc. Am. 97, 3099 (1995), 45 men and 48 women. Means and standard deviations are those that the
authors give with their measurements, rounded; correlations of F1 and F2 over the speakers of a vowel were computed from
the measurements (`vowdata.dat`, columns of the steady state; three vowels with one unmeasured speaker).

Speakers are drawn from normal distributions with these numbers, each vowel by itself: how the vowels of one speaker go
together is not in it, nor the tails of real distributions.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["FORMANTS", "WORDS", "Formants", "Group", "draw_formants", "groups_of"]

Group = Literal["men", "women", "both"]
Sex = Literal["men", "women"]


class Formants(NamedTuple):
    """Mean and standard deviation of F1 and of F2 in Hz, and their correlation."""

    f1: float
    f1_deviation: float
    f2: float
    f2_deviation: float
    correlation: float


# The vowel's code, the word in which it was spoken, and its formants by men and by women.
_TABLE = (
    ("ae", "had", (591, 42, 1930, 133, -0.17), (676, 69, 2335, 159, -0.40)),
    ("ah", "hod", (756, 62, 1309, 111, 0.25), (916, 92, 1526, 125, 0.38)),
    ("aw", "hawed", (656, 34, 1023, 66, 0.18), (801, 72, 1188, 129, 0.65)),
    ("eh", "head", (588, 41, 1803, 117, 0.27), (727, 74, 2063, 143, -0.08)),
    ("ei", "hayed", (476, 41, 2090, 140, -0.27), (536, 63, 2526, 154, -0.20)),
    ("er", "heard", (475, 29, 1379, 78, 0.05), (524, 45, 1588, 126, -0.08)),
    ("ih", "hid", (429, 31, 2034, 122, -0.09), (484, 34, 2369, 149, -0.04)),
    ("iy", "heed", (343, 28, 2323, 136, 0.13), (437, 41, 2761, 147, 0.21)),
    ("oa", "hoed", (498, 43, 910, 98, 0.69), (556, 81, 1035, 123, 0.70)),
    ("oo", "hood", (469, 28, 1123, 97, 0.18), (519, 41, 1229, 145, 0.40)),
    ("uh", "hud", (621, 30, 1181, 87, -0.05), (760, 58, 1416, 115, 0.38)),
    ("uw", "who'd", (380, 33, 992, 113, 0.39), (460, 39, 1106, 205, -0.05)),
)
WORDS = {vowel: word for vowel, word, _, _ in _TABLE}
FORMANTS: dict[Sex, dict[str, Formants]] = {
    "men": {vowel: Formants(*men) for vowel, _, men, _ in _TABLE},
    "women": {vowel: Formants(*women) for vowel, _, _, women in _TABLE},
}


def groups_of(group: Group) -> tuple[Sex, ...]:
    """The groups of the table that a choice joins."""
    return ("men", "women") if group == "both" else (group,)


def draw_formants(
    vowels: tuple[str, ...], group: Group, speakers: int, generator: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.intp]]:
    """Draw speakers, each of whom says each vowel once; of both groups men and women take turns.

    Returns
    -------
    formants, labels : array (speakers * vowels, 2), array of int (speakers * vowels,)
        F1 and F2 in Hz, and the number of the vowel; all of a vowel follow each other.

    Examples
    --------
    >>> formants, labels = draw_formants(("iy", "ah"), "women", 2000, np.random.default_rng(0))
    >>> formants[labels == 0].mean(axis=0).round(-1).tolist()
    [440.0, 2760.0]
    """
    of = groups_of(group)
    drawn = np.empty((len(vowels), speakers, 2))
    for vowel, rows in zip(vowels, drawn, strict=True):
        normals = generator.standard_normal((speakers, 2))
        for turn, each in enumerate(of):
            at, own = FORMANTS[each][vowel], slice(turn, None, len(of))
            one, other = normals[own].T
            rows[own, 0] = at.f1 + at.f1_deviation * one
            mixed = at.correlation * one + np.sqrt(1 - at.correlation**2) * other
            rows[own, 1] = at.f2 + at.f2_deviation * mixed
    return drawn.reshape(-1, 2), np.repeat(np.arange(len(vowels)), speakers)
