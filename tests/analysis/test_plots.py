import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from analysis import (
    artificial,
    plot_conductance,
    plot_magnetisation,
    plot_positions,
    pulses,
    tunnel_junction,
    walls,
)


@pytest.fixture(scope="module")
def train():
    """Potentiation, then depression."""
    positions = 100e-9 + 10e-9 * np.array([0, 1, 1, 2, 2, 1, 1, 0, 0])
    current = np.array([-1, 0, -1, 0, 1, 0, 1, 0, 0]) * 1e12
    return artificial.domain_walls(positions, current_density=current)


def test_magnetisation_panels_carry_time_and_wall(train):
    figure = plot_magnetisation(train, [0.0, 1.04e-10], walls=walls(train))
    first, second, bar = figure.axes
    assert [text.get_text() for text in second.texts] == ["t = 0.10 ns"]
    (line,) = second.lines
    np.testing.assert_allclose(line.get_xdata(), 110.0, atol=1e-6)
    assert second.get_xlabel() == "x (nm)"
    assert bar.get_ylabel() == "$m_z$"
    assert first.images[0].get_extent() == pytest.approx([0, 512, 0, 64], abs=1e-9)


def test_positions_share_time_with_the_pulses(train):
    figure = plot_positions(walls(train), train)
    above, below = figure.axes
    np.testing.assert_allclose(above.lines[0].get_ydata()[1], 110.0)
    assert below.get_ylabel() == "J ($10^{12}$ A/m$^2$)"
    assert above.get_shared_x_axes().joined(above, below)


def test_positions_mark_birth_and_exit():
    absent = [np.nan, np.nan]
    run = artificial.domain_walls(np.array([absent, [20, 60], [10, 80], [-50, 90]]) * 1e-9, left=-1)
    above = plot_positions(walls(run), run).axes[0]
    assert [line.get_marker() for line in above.lines] == ["None", "o", "x", "None", "o"]


def test_positions_without_a_wall_say_so():
    run = artificial.domain_walls([[-50e-9], [-60e-9]])
    above = plot_positions(walls(run), run).axes[0]
    assert [text.get_text() for text in above.texts] == ["no wall"]


def test_conductance_tells_potentiation_from_depression(train):
    junction = tunnel_junction(train, (50e-9, 300e-9), resistance_area=1e-11, tmr=1.0)
    ax = plot_conductance(pulses(train, junction=junction))
    labels = [text.get_text() for text in ax.get_legend().get_texts()]
    assert labels == ["before", "pulses with J > 0", "pulses with J < 0"]
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), np.arange(5))
    own = Figure().subplots()
    assert plot_conductance(pulses(train, junction=junction), ax=own) is own


def test_own_figure_is_drawn_on(train):
    figure = Figure()
    assert plot_magnetisation(train, [0.0], figure=figure) is figure
    figure = Figure()
    assert plot_positions(walls(train), train, figure=figure) is figure


def test_bad_input_is_named(train):
    with pytest.raises(ValueError, match="component is 'mz'"):
        plot_magnetisation(train, [0.0], component="mz")
    with pytest.raises(ValueError, match="times is empty"):
        plot_magnetisation(train, [])
    with pytest.raises(ValueError, match="pulses has no conductance"):
        plot_conductance(pulses(train))


def test_a_drive_of_oommfc_has_no_current_to_draw(train):
    (above,) = plot_positions(walls(train), train.drop_vars("current_density")).axes
    assert (above.get_xlabel(), above.get_ylabel()) == ("t (ns)", "wall position (nm)")


def test_style_is_untouched(train):
    before = dict(matplotlib.rcParams)
    plot_positions(walls(train), train)
    assert dict(matplotlib.rcParams) == before


def test_importing_analysis_does_not_import_matplotlib():
    code = "import sys, analysis; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
