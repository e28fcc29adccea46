"""What a reader sees of devices of one drawing."""

from types import SimpleNamespace

import numpy as np
import pytest

from solitons.campaigns.domain_walls.dw_synapse.devices_report import devices_sections
from solitons.campaigns.framework.device_samples import SpreadResult

FOUND = SpreadResult(devices=3, lost=1, gain=0.12, gain_ci95=(0.07, 0.4), place=2e-9, at_rest=5e-9, start=1e-9)


def test_the_mean_is_of_devices_that_keep_their_wall(drawn):
    rests = 1e-9 * np.array([[60, 70, 80], [62, 76, 90], [64, 90, np.nan]])
    (section,) = devices_sections(SimpleNamespace(devices=FOUND), SimpleNamespace(samples=rests))
    shown = str(section.__html__())
    assert section.title == "From device to device"
    assert "In 2 devices of one drawing" in shown
    assert "by 12.0% more or less (standard deviation over devices; 95 % interval 7.0% to 40.0%)" in shown
    assert "rests 2 nm apart" in shown
    assert "1 of 3 lost it" in shown
    (ax,) = drawn[0].axes
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("pulse", "wall position (nm)")
    mean = next(line for line in ax.lines if line.get_label() == "mean")
    assert mean.get_ydata() == pytest.approx([61, 73, 85])


def test_nothing_is_shown_of_one_device():
    assert devices_sections(SimpleNamespace(devices=None), SimpleNamespace(samples=None)) == []
