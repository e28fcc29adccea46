"""The fifteen tests of NIST SP 800-22 revision 1a on a sequence of bits, after its own text and worked examples.

A. Rukhin et al., A Statistical Test Suite for Random and Pseudorandom Number Generators for Cryptographic Applications,
NIST Special Publication 800-22 rev. 1a (2010). Each function is a section of its chapter 2 and gives P-values: the
probability that ideal bits would look less random. `bit_tests` runs all with the parameters for a million bits; of the
148 templates of nine bits that cannot overlap themselves it looks for one, 000000001.

A pass is no proof. An ideal source has one P-value in a hundred below 0.01, and a model's bits are as random as its
random numbers: what the tests show of junctions is what bias, drift and memory do.

The probabilities of the classes of the longest run are the publication's, rounded to four digits, so that its numbers
come out to the last one. Its numbers of the overlapping template and of the linear complexity are from probabilities
that it corrects itself, or that it misprints (0.01047 for 1 / 96); here the corrected ones are the default.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from scipy import special

from solitons.junctions.bit_walks import cumulative_sums, random_excursions, random_excursions_variant

__all__ = [
    "approximate_entropy",
    "bit_tests",
    "block_frequency",
    "frequency",
    "linear_complexity",
    "longest_run",
    "matrix_rank",
    "non_overlapping_template",
    "overlapping_template",
    "runs",
    "serial",
    "spectral",
    "universal",
]

Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint8]

FEWEST = 1_000_000
"""Bits that `bit_tests` asks for: with fewer some of the tests are not defined."""

_LONGEST_RUN = {
    8: (1, (0.2148, 0.3672, 0.2305, 0.1875)),
    128: (4, (0.1174, 0.2430, 0.2493, 0.1752, 0.1027, 0.1124)),
    10_000: (10, (0.0882, 0.2092, 0.2483, 0.1933, 0.1208, 0.0675, 0.0727)),
}
"""By the length of a block: the longest run that is counted in the first class, and the classes' probabilities."""
_OVERLAPPING = (0.364091, 0.185659, 0.139381, 0.100571, 0.070432, 0.139865)
_COMPLEXITY = (1 / 96, 1 / 32, 1 / 8, 1 / 2, 1 / 4, 1 / 16, 1 / 48)
_UNIVERSAL = {
    1: (0.7326495, 0.690), 2: (1.5374383, 1.338), 3: (2.4016068, 1.901), 4: (3.3112247, 2.358), 5: (4.2534266, 2.705),
    6: (5.2177052, 2.954), 7: (6.1962507, 3.125), 8: (7.1836656, 3.238), 9: (8.1764248, 3.311), 10: (9.1723243, 3.356),
    11: (10.170032, 3.384), 12: (11.168765, 3.401), 13: (12.168070, 3.410), 14: (13.167693, 3.416),
    15: (14.167488, 3.419), 16: (15.167379, 3.421),
}  # fmt: skip
"""By the length of a block: mean and variance of the logarithm of the distance."""


def as_bits(bits: npt.ArrayLike, owner: str) -> Bits:
    """Read a sequence of 0 and 1, refusing any other number."""
    found = np.asarray(bits)
    if found.ndim != 1 or not found.size or not np.isin(found, (0, 1)).all():
        raise ValueError(f"{owner}: bits must be a row of 0 and 1; convert text by [int(each) for each in text]")
    return found.astype(np.uint8)


def _chi_square(counts: Floats, expected: Floats) -> float:
    return float(special.gammaincc((len(counts) - 1) / 2, np.sum((counts - expected) ** 2 / expected) / 2))


def frequency(bits: npt.ArrayLike) -> float:
    """Section 2.1: are there as many ones as zeros."""
    each = as_bits(bits, "frequency")
    return float(special.erfc(abs(2.0 * each.sum() - each.size) / np.sqrt(2 * each.size)))


def block_frequency(bits: npt.ArrayLike, block: int = 128) -> float:
    """Section 2.2: are there as many ones as zeros in each block."""
    each = as_bits(bits, "block_frequency")
    count = each.size // block
    share = each[: count * block].reshape(count, block).mean(axis=1)
    return float(special.gammaincc(count / 2, 2 * block * np.sum((share - 0.5) ** 2)))


def runs(bits: npt.ArrayLike) -> float:
    """Section 2.3: does the sequence change as often as it should; 0 where it is too unbalanced to ask."""
    each = as_bits(bits, "runs")
    share = each.mean()
    if abs(share - 0.5) >= 2 / np.sqrt(each.size):
        return 0.0
    changes = 1 + np.count_nonzero(each[1:] != each[:-1])
    product = 2 * share * (1 - share)
    return float(special.erfc(abs(changes - each.size * product) / (np.sqrt(2 * each.size) * product)))


def longest_run(bits: npt.ArrayLike) -> float:
    """Section 2.4: the longest run of ones in blocks of 8, 128 or 10,000 bits, by the length of the sequence."""
    each = as_bits(bits, "longest_run")
    if each.size < 128:
        raise ValueError(f"longest_run: {each.size} bits; it needs 128 or more")
    block = 8 if each.size < 6272 else 128 if each.size < 750_000 else 10_000
    first, expected = _LONGEST_RUN[block]
    count = each.size // block
    rows = each[: count * block].reshape(count, block)
    # Ones since the last zero.
    place = np.arange(block)
    since = place - np.maximum.accumulate(np.where(rows == 0, place, -1), axis=1)
    classes = np.clip(since.max(axis=1), first, first + len(expected) - 1) - first
    return _chi_square(np.bincount(classes, minlength=len(expected)).astype(float), count * np.array(expected))


def matrix_rank(bits: npt.ArrayLike, size: int = 32) -> float:
    """Section 2.5: ranks over GF(2) of square matrices that the sequence fills."""
    from solitons.junctions.compiled.bit_algebra import ranks

    each = as_bits(bits, "matrix_rank")
    count = each.size // size**2
    if count < 1:
        raise ValueError(f"matrix_rank: {each.size} bits; a matrix needs {size**2}, and the test 38 matrices")
    found = ranks(each[: count * size**2].reshape(count, size, size).copy())

    def chance(rank: int) -> float:
        i = np.arange(rank)
        factors = (1 - 2.0 ** (i - size)) ** 2 / (1 - 2.0 ** (i - rank))
        return float(2.0 ** (rank * (2 * size - rank) - size**2) * factors.prod())

    full, less = chance(size), chance(size - 1)
    counts = np.array([np.sum(found == size), np.sum(found == size - 1), np.sum(found < size - 1)], dtype=float)
    return _chi_square(counts, count * np.array([full, less, 1 - full - less]))


def spectral(bits: npt.ArrayLike) -> float:
    """Section 2.6: how many peaks of the spectrum are below the level that 95 % should be below."""
    each = as_bits(bits, "spectral")
    peaks = np.abs(np.fft.rfft(2.0 * each - 1))[: each.size // 2]
    below = np.count_nonzero(peaks < np.sqrt(each.size * np.log(20)))
    off = (below - 0.95 * each.size / 2) / np.sqrt(each.size * 0.95 * 0.05 / 4)
    return float(special.erfc(abs(off) / np.sqrt(2)))


def _matches(each: Bits, template: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Positions where a template begins."""
    wanted = np.asarray(template, dtype=np.uint8)
    found = np.ones(each.size - wanted.size + 1, dtype=bool)
    for offset, bit in enumerate(wanted):
        found &= each[offset : offset + found.size] == bit
    return found


def non_overlapping_template(
    bits: npt.ArrayLike, template: npt.ArrayLike = (0, 0, 0, 0, 0, 0, 0, 0, 1), blocks: int = 8
) -> float:
    """Section 2.7: how often a template that cannot overlap itself is in each block."""
    each = as_bits(bits, "non_overlapping_template")
    m, block = np.size(template), each.size // blocks
    counts = []
    for index in range(blocks):
        # A template that cannot overlap itself has no overlapping matches.
        counts.append(int(_matches(each[index * block : (index + 1) * block], template).sum()))
    mean = (block - m + 1) / 2.0**m
    variance = block * (1 / 2.0**m - (2 * m - 1) / 2.0 ** (2 * m))
    return float(special.gammaincc(blocks / 2, np.sum((np.array(counts) - mean) ** 2) / variance / 2))


def overlapping_template(
    bits: npt.ArrayLike, ones: int = 9, block: int = 1032, probabilities: tuple[float, ...] = _OVERLAPPING
) -> float:
    """Section 2.8: how often so many ones follow each other in a block, by the probabilities of 0, 1, 2, 3, 4, more."""
    each = as_bits(bits, "overlapping_template")
    counts = overlapping_counts(each, ones, block)
    return _chi_square(counts, counts.sum() * np.array(probabilities))


def overlapping_counts(each: Bits, ones: int, block: int) -> Floats:
    """Blocks by how often so many ones begin in them: 0, 1, 2, 3, 4, more."""
    count = each.size // block
    found = [int(_matches(each[k * block : (k + 1) * block], np.ones(ones)).sum()) for k in range(count)]
    return np.bincount(np.minimum(found, 5), minlength=6).astype(float)


def universal(bits: npt.ArrayLike, length: int | None = None, first: int | None = None) -> float:
    """Section 2.9 (Maurer): how far back each block of `length` bits was seen before, after `first` blocks to learn."""
    each = as_bits(bits, "universal")
    if length is None:
        fitting = [size for size in range(6, 17) if each.size >= 1010 * 2**size * size]
        if not fitting:
            raise ValueError(f"universal: {each.size} bits; it needs 387,840 or more")
        length = fitting[-1]
    begin = 10 * 2**length if first is None else first
    count = each.size // length
    words = each[: count * length].reshape(count, length) @ (1 << np.arange(length - 1, -1, -1))
    order = np.argsort(words, kind="stable")
    before = np.full(count, -1)
    same = words[order[1:]] == words[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    distance = (np.arange(count) - before)[begin:]
    tested = count - begin
    mean, variance = _UNIVERSAL[length]
    spread = (0.7 - 0.8 / length + (4 + 32 / length) * tested ** (-3 / length) / 15) * np.sqrt(variance / tested)
    return float(special.erfc(abs(np.log2(distance).mean() - mean) / (np.sqrt(2) * spread)))


def linear_complexity(bits: npt.ArrayLike, block: int = 500, probabilities: tuple[float, ...] = _COMPLEXITY) -> float:
    """Section 2.10: how long a shift register must be to make each block (Berlekamp and Massey)."""
    from solitons.junctions.compiled.bit_algebra import complexities

    each = as_bits(bits, "linear_complexity")
    count = each.size // block
    found = complexities(each[: count * block].reshape(count, block))
    sign = (-1.0) ** block
    mean = block / 2 + (9 - sign) / 36 - (block / 3 + 2 / 9) / 2.0 ** min(block, 1000)
    off = sign * (found - mean) + 2 / 9
    classes = np.clip(np.ceil(off + 2.5), 0, 6).astype(int)
    return _chi_square(np.bincount(classes, minlength=7).astype(float), count * np.array(probabilities))


def _patterns(each: Bits, length: int) -> Floats:
    """How often each pattern of `length` bits is in the sequence, closed to a ring."""
    ring = np.concatenate([each, each[: max(length - 1, 0)]]).astype(np.int64)
    words = np.zeros(each.size, dtype=np.int64)
    for offset in range(length):
        words = 2 * words + ring[offset : offset + each.size]
    return np.bincount(words, minlength=2**length).astype(float)


def serial(bits: npt.ArrayLike, length: int = 16) -> tuple[float, float]:
    """Section 2.11: are all patterns of `length` bits as frequent; of the first and second difference."""
    each = as_bits(bits, "serial")
    if not 2 <= length <= each.size:
        raise ValueError(f"serial: length = {length} of {each.size} bits; give 2 or more, and no more than there are")
    psi = [
        2.0**m / each.size * np.sum(_patterns(each, m) ** 2) - each.size if m > 0 else 0.0
        for m in (length, length - 1, length - 2)
    ]
    one, two = psi[0] - psi[1], psi[0] - 2 * psi[1] + psi[2]
    return float(special.gammaincc(2.0 ** (length - 2), one / 2)), float(
        special.gammaincc(2.0 ** (length - 3), two / 2)
    )


def approximate_entropy(bits: npt.ArrayLike, length: int = 10) -> float:
    """Section 2.12: patterns of `length` bits against those one bit longer."""
    each = as_bits(bits, "approximate_entropy")
    entropy = []
    for m in (length, length + 1):
        share = _patterns(each, m) / each.size
        entropy.append(float(special.xlogy(share, share).sum()))
    chi_square = 2 * each.size * (np.log(2) - (entropy[0] - entropy[1]))
    return float(special.gammaincc(2.0 ** (length - 1), chi_square / 2))


def bit_tests(bits: npt.ArrayLike) -> dict[str, float]:
    """Run the fifteen tests with the parameters for a million bits, with one template that cannot overlap itself.

    P-values by test, several where a test has several; ValueError for fewer than a million bits. The excursion tests
    are left out where the walk of the sequence comes back to 0 fewer than 500 times, as the publication asks.
    """
    each = as_bits(bits, "bit_tests")
    if each.size < FEWEST:
        raise ValueError(f"bit_tests: {each.size} bits, but the tests are for {FEWEST:,} or more; record longer")
    return dict(_all(each))


def _all(each: Bits) -> Iterator[tuple[str, float]]:
    for test in (
        frequency, block_frequency, runs, longest_run, matrix_rank, spectral, non_overlapping_template,
        overlapping_template, universal, linear_complexity,
    ):  # fmt: skip
        yield test.__name__, test(each)
    yield from zip(("serial 1", "serial 2"), serial(each), strict=True)
    yield "approximate_entropy", approximate_entropy(each)
    yield from zip(("cumulative_sums forward", "cumulative_sums backward"), cumulative_sums(each), strict=True)
    for name, found in (
        ("random_excursions", random_excursions(each)),
        ("random_excursions_variant", random_excursions_variant(each)),
    ):
        yield from ((f"{name} {state:+d}", p) for state, p in found.items())
