"""Erasing a bit: quasi-static work against k T ln 2, and heats of ramps against both."""

import math

import numpy as np
import pytest
from scipy import stats

from solitons.magnet_logic import ERASURE, perform, slow_limit
from solitons.magnet_logic.operations import OVERWRITING, RETRACING, quasi_static_work

from .test_driven import ellipse

SHAPES = [(30e-9, 20e-9, 5e-9), (36e-9, 22e-9, 5e-9), (24e-9, 14e-9, 8e-9)]


def fields(bit, bias=0.3):
    return {"bias": bias * bit.anisotropy_field(), "hard_field": 1.5 * bit.anisotropy_field()}


@pytest.mark.parametrize("size", SHAPES)
def test_quasi_static_work_is_k_t_ln_2_whatever_the_anisotropy(size):
    bit = ellipse(size)
    for operation, expected in ((ERASURE, math.log(2)), (OVERWRITING, math.log(2)), (RETRACING, 0.0)):
        total = quasi_static_work(bit, operation, **fields(bit)).sum() / bit.thermal_energy
        assert total == pytest.approx(expected, abs=1e-3)


def test_a_weak_bias_costs_less_by_the_share_that_ends_in_the_other_state():
    # F of the state of the bias is above that of both by -k T ln of its share.
    bit = ellipse()
    weak = fields(bit, bias=0.02)
    share = 1 / (1 + math.exp(-2 * bit.moment[0] * weak["bias"] / bit.thermal_energy))
    total = quasi_static_work(bit, ERASURE, **weak).sum() / bit.thermal_energy
    assert total == pytest.approx(math.log(2) + math.log(share), abs=0.02)


def test_erasing_writes_every_bit_and_costs_more_the_faster_it_is():
    bit = ellipse()
    works = []
    for ramp_time in (2e-10, 2e-9):
        run = perform(bit, ERASURE, ramp_time, members=300, seed=1, **fields(bit))
        assert bool(run.written.all())
        works.append(float(run.work.sum("ramp").mean()) / bit.thermal_energy)
    assert works[0] > works[1] > math.log(2)


@pytest.mark.slow
def test_knowing_a_bit_saves_nothing_unless_the_order_of_the_fields_uses_it():
    bit = ellipse()
    work = {
        operation: (perform(bit, operation, 2e-9, members=400, seed=2, **fields(bit)).work.sum("ramp").values)
        / bit.thermal_energy
        for operation in (ERASURE, OVERWRITING, RETRACING)
    }
    assert stats.ttest_ind(work[ERASURE], work[OVERWRITING], equal_var=False).pvalue > 1e-3
    assert work[RETRACING].mean() < work[ERASURE].mean() - math.log(2) / 2


@pytest.mark.slow
# The work scatters with the root of what is dissipated, which grows with the damping.
@pytest.mark.parametrize(("damping", "members"), [(0.03, 190), (0.3, 420)])
def test_slow_ramps_tend_to_the_quasi_static_work_of_each_ramp(damping, members):
    bit = ellipse(damping=damping)
    times = np.array([2e-9, 4e-9, 8e-9])
    exact = quasi_static_work(bit, ERASURE, **fields(bit)) / bit.thermal_energy
    runs = [perform(bit, ERASURE, t, members=round(members * times[-1] / t), seed=3, **fields(bit)) for t in times]
    works = [run.work.values / bit.thermal_energy for run in runs]
    for ramp, expected in enumerate(exact):
        means = [each[:, ramp].mean() for each in works]
        errors = [each[:, ramp].std(ddof=1) / math.sqrt(len(each)) for each in works]
        found = slow_limit(times, means, errors)
        assert found.p_value > 1e-3
        assert abs(found.heat - expected) < 3.3 * found.heat_error
        assert found.heat_error < 0.05


def test_the_interval_of_the_slow_limit_holds_the_truth_as_often_as_it_says():
    generator = np.random.default_rng(0)
    times, errors = np.array([1.0, 2.0, 4.0, 8.0]) * 1e-9, np.array([0.04, 0.03, 0.02, 0.02])
    heats = 0.7 + 1e-9 / times + generator.normal(size=(400, 4)) * errors
    found = [slow_limit(times, each, errors) for each in heats]
    held = sum(each.interval[0] < 0.7 < each.interval[1] for each in found)
    assert stats.binomtest(held, 400, 0.95).pvalue > 1e-3
    assert stats.kstest([each.p_value for each in found], "uniform").pvalue > 1e-3


def test_ramps_that_are_too_fast_do_not_lie_on_the_line():
    times, heats = np.array([1e-10, 2e-10, 4e-10, 8e-10]), [9.0, 5.7, 3.3, 1.9]
    found = slow_limit(times, heats, [0.03] * 4)
    assert found.p_value < 1e-6
    # The errors of the heats tell nothing then, however small they are: those of the line are from the scatter.
    design = np.stack([np.ones(4), 1 / times], axis=1)
    scatter = np.sum((design @ (found.heat, found.slope) - heats) ** 2) / 2
    expected = np.sqrt(scatter * np.diag(np.linalg.inv(design.T @ design)))
    assert (found.heat_error, found.slope_error) == pytest.approx(tuple(expected))
    assert slow_limit(times, heats, [0.003] * 4).heat_error == pytest.approx(found.heat_error)


def test_two_ramp_times_are_refused():
    with pytest.raises(ValueError, match="three ramp times or more"):
        slow_limit([1e-9, 2e-9, 2e-9], [1, 1, 1], [0.1, 0.1, 0.1])
