"""Against the worked examples of NIST SP 800-22 rev. 1a: of each section, and of the first million bits of e."""

import numpy as np
import pytest
from rows import rows

from solitons.junctions import SwitchingRates
from solitons.junctions.bit_tests import (
    approximate_entropy,
    bit_tests,
    block_frequency,
    frequency,
    linear_complexity,
    longest_run,
    matrix_rank,
    non_overlapping_template,
    overlapping_counts,
    overlapping_template,
    runs,
    serial,
    spectral,
    universal,
)
from solitons.junctions.bit_walks import cumulative_sums, random_excursions, random_excursions_variant
from solitons.junctions.random_bits import junction_bits

PI = "1100100100001111110110101010001000100001011010001100001000110100110001001100011001100010100010111000"
RUN = (
    "11001100000101010110110001001100111000000000001001001101010100010001001111010110100000001101011111001100111001101101"
    "100010110010"
)
WALK = "0110110101"
# The probabilities before the revision, exp(-1) times these.
BEFORE = np.exp(-1) * np.array([1, 1 / 2, 3 / 8, 13 / 48, 73 / 384])
MISPRINTED = (0.01047, 0.03125, 0.125, 0.5, 0.25, 0.0625, 0.020833)


def bits(text):
    return np.array([int(each) for each in text], dtype=np.uint8)


@pytest.fixture(scope="module")
def million_of_e():
    """The first million binary digits of e, "10" before the point with them."""

    def split(a, b):
        if b - a == 1:
            return 1, b
        (p, q), (r, s) = split(a, (a + b) // 2), split((a + b) // 2, b)
        return p * s + r, q * s

    p, q = split(0, 90_000)  # 1 / 90000! is below 2^-1.3e6
    digits = bin(((p + q) << 1_000_010) // q)[2:1_000_002]
    return np.frombuffer(digits.encode(), dtype=np.uint8) - ord("0")


@rows(
    ("found", "published"),
    [
        (lambda: frequency(bits("1011010101")), 0.527089),  # 2.1.4
        (lambda: frequency(bits(PI)), 0.109599),  # 2.1.8
        (lambda: block_frequency(bits("0110011010"), 3), 0.801252),  # 2.2.4
        (lambda: block_frequency(bits(PI), 10), 0.706438),  # 2.2.8
        (lambda: runs(bits("1001101011")), 0.147232),  # 2.3.4
        (lambda: runs(bits(PI)), 0.500798),  # 2.3.8
        (lambda: non_overlapping_template(bits("10100100101110010110"), (0, 0, 1), 2), 0.344154),  # 2.7.4
        (lambda: serial(bits("0011011101"), 3)[0], 0.808792),  # 2.11.6
        (lambda: serial(bits("0011011101"), 3)[1], 0.670320),
        (lambda: approximate_entropy(bits("0100110101"), 3), 0.261961),  # 2.12.4
        (lambda: approximate_entropy(bits(PI), 2), 0.235301),  # 2.12.8
        (lambda: cumulative_sums(bits(PI))[0], 0.219194),  # 2.13.8
        (lambda: cumulative_sums(bits(PI))[1], 0.114866),
        (lambda: random_excursions_variant(bits(WALK), 0)[1], 0.683091),  # 2.15.4
    ],
)
def test_short_examples_come_out_as_published(found, published):
    assert found() == pytest.approx(published, abs=1.5e-6)


@rows(
    ("found", "published", "rounding"),
    [
        (lambda: longest_run(bits(RUN)), 0.180609, 2e-5),  # 2.4.8, chi-square by rounded parts
        (lambda: cumulative_sums(bits("1011010111"))[0], 0.4116588, 1e-4),  # 2.13.4, by a table of the normal
        (lambda: random_excursions(bits(WALK), 0)[1], 0.502529, 5e-5),  # 2.14.4, 0.0312 for 1 / 32
    ],
)
def test_examples_that_the_publication_works_with_rounded_numbers_come_out_to_that(found, published, rounding):
    assert found() == pytest.approx(published, abs=rounding)


@pytest.mark.slow
def test_the_million_bits_of_e_give_the_published_values(million_of_e):
    # Appendix B, and sections 2.5.8, 2.9.8, 2.11.8, 2.14.8 and 2.15.8.
    published = {
        "frequency": 0.953749,
        "block_frequency": 0.211072,
        "cumulative_sums forward": 0.669887,
        "cumulative_sums backward": 0.724266,
        "runs": 0.561917,
        "longest_run": 0.718945,
        "matrix_rank": 0.306156,
        "spectral": 0.847187,
        "non_overlapping_template": 0.078790,
        "universal": 0.282568,
        "approximate_entropy": 0.700073,
        "random_excursions +1": 0.786868,
        "random_excursions -1": 0.007779,
        "random_excursions -4": 0.573306,
        "random_excursions_variant -1": 0.826009,
        "random_excursions_variant +1": 0.137861,
        "random_excursions_variant -9": 0.858946,
        "random_excursions_variant +9": 0.593930,
        "serial 1": 0.766182,
        "serial 2": 0.462921,
    }
    found = bit_tests(million_of_e)
    assert len(found) == 10 + 2 + 1 + 2 + 8 + 18
    for name, value in published.items():
        assert found[name] == pytest.approx(value, abs=1.5e-6), name


@pytest.mark.slow
def test_where_the_publication_corrects_itself_its_own_numbers_give_its_own_values(million_of_e):
    assert matrix_rank(million_of_e[:100_000]) == pytest.approx(0.532069, abs=1e-6)  # 2.5.8
    np.testing.assert_array_equal(overlapping_counts(million_of_e, 9, 1032), [329, 164, 150, 111, 78, 136])  # 2.8.8
    assert overlapping_template(million_of_e, probabilities=(*BEFORE, 1 - BEFORE.sum())) == pytest.approx(
        0.110434, abs=1e-6
    )
    assert linear_complexity(million_of_e, 1000, MISPRINTED) == pytest.approx(0.845406, abs=1e-6)  # 2.10.8
    assert linear_complexity(million_of_e, 1000) == pytest.approx(0.844738, abs=1e-6)
    assert serial(million_of_e, 2) == pytest.approx((0.843764, 0.561915), abs=1e-6)  # 2.11.8


def test_the_spectrum_and_the_distances_are_counted_as_other_implementations_count_them():
    # The publication's own examples of sections 2.6 and 2.9.4 are at odds with its formulas (0.168669 for 0.646355).
    assert spectral(bits(PI)) == pytest.approx(0.646355, abs=1e-6)
    assert spectral(bits("1001010011")) == pytest.approx(0.468160, abs=1e-6)
    generator = np.random.default_rng(1)
    assert universal(generator.integers(0, 2, 400_000)) > 1e-3


JUNCTION = SwitchingRates(attempt_rate=1e9, stability=6.0, critical_current=1e10)


def test_a_junctions_bits_have_the_bias_and_the_memory_of_its_rates():
    current, interval, count = 4e8, 4e-7, 400_000
    up, down = JUNCTION.rates(current)
    raw = junction_bits(JUNCTION, count, interval, seed=3, current_density=current)
    share = float(up / (up + down))
    memory = float(np.exp(-(up + down) * interval))
    spread = np.sqrt(share * (1 - share) / count * (1 + memory) / (1 - memory))
    assert abs(raw.mean() - share) < 3 * spread
    found = np.corrcoef(raw[1:], raw[:-1])[0, 1]
    assert found == pytest.approx(memory, abs=3 / np.sqrt(count))
    # Piling up: the XOR of two has twice the product of their biases.
    both = junction_bits([JUNCTION] * 2, count, interval, seed=4, current_density=current)
    assert abs(0.5 - both.mean() - 2 * (share - 0.5) ** 2) < 4 * 0.5 / np.sqrt(count)


@pytest.mark.slow
def test_raw_bits_fail_and_xored_ones_pass():
    # A memory of 0.3 % and a bias of 3 %; the XOR of four has none of both.
    drive = {"interval": 1.2e-6, "current_density": 5e7}
    raw = bit_tests(junction_bits(JUNCTION, 1_000_000, seed=5, **drive))
    assert raw["frequency"] < 1e-6
    mixed = bit_tests(junction_bits([JUNCTION] * 4, 1_000_000, seed=6, **drive))
    # The least of 41 P-values, many of them dependent.
    assert min(mixed.values()) > 1e-4
    assert np.mean(np.array(list(mixed.values())) < 0.01) <= 0.05


@rows(
    ("made", "said"),
    [
        (lambda: matrix_rank([0, 1, 1]), "a matrix needs 1024"),
        (lambda: serial([0, 1]), "length = 16 of 2 bits"),
        (lambda: frequency([0, 2]), "a row of 0 and 1"),
        (lambda: bit_tests(np.zeros(1000)), "for 1,000,000 or more"),
        (lambda: longest_run(np.zeros(100)), "128 or more"),
        (lambda: universal(np.zeros(1000)), "387,840 or more"),
        (
            lambda: junction_bits(
                SwitchingRates(attempt_rate=1e9, stability=60.0, critical_current=1e10), 1000, 1e-6, seed=1
            ),
            "flips 8.8e-21 times",
        ),
        (lambda: junction_bits(JUNCTION, 10, 0.0, seed=1), "above 0 s"),
    ],
)
def test_what_gives_no_bits_is_refused(made, said):
    with pytest.raises(ValueError, match=said):
        made()
