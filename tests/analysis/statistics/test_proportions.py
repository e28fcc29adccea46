import numpy as np
import pytest
from scipy import stats

from analysis.statistics.proportions import wilson_interval


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_the_wilson_interval_covers_as_often_as_it_says(share):
    # Exact coverage over the binomial distribution; Wilson's is near 95 % on average over n.
    total = 629
    right = np.arange(total + 1)
    probability = stats.binom.pmf(right, total, share)
    covers = [low <= share <= high for low, high in (wilson_interval(int(k), total) for k in right)]
    assert 0.93 < float(probability[covers].sum()) < 0.97
