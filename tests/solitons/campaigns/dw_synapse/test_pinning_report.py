"""Truth of the picture of what holds a wall: what lies between the ends can be seen."""

from types import SimpleNamespace

import numpy as np
import pytest

from solitons.campaigns.dw_synapse.pinning_report import landscape_figure, landscape_sections
from solitons.walls.landscape import Landscape
from solitons.walls.pinning import TabulatedPinning


def landscape(strength):
    """Ends that push with 300 kA/m, and between them wells of a strength in A/m."""
    places = np.linspace(0, 400e-9, 801)
    ends = 3e5 * (np.exp(-places / 8e-9) - np.exp(-(400e-9 - places) / 8e-9))
    push = ends + strength * np.sin(2 * np.pi * places / 40e-9)
    seen = slice(60, -60)
    return Landscape(places[seen], push[seen], 1e-9, TabulatedPinning(0.0, 400e-9, push))


@pytest.mark.parametrize(("strength", "cut"), [(5e3, (5, 8)), (2e5, None), (0.0, (0.1, 5))])
def test_wells_that_the_ends_would_hide_are_shown_and_what_is_cut_off_is_said(strength, cut):
    measured = landscape(strength)
    low, high = landscape_figure(measured, SimpleNamespace(site_temperature=300.0, sites=[])).axes[0].get_ylim()
    if cut:
        assert cut[0] < high == -low < cut[1]  # kA/m
    else:
        assert high > 200
    shown = SimpleNamespace(landscape=measured)
    (section,) = landscape_sections(SimpleNamespace(site_temperature=300.0, sites=[]), shown)
    assert ("Cut off: at the ends the push is up to 300 kA/m." in str(section)) == bool(cut)
