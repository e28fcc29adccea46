"""Parameters over what was swept: what is drawn of results that are written down here."""

import numpy as np
import pytest

from solitons import Axis
from solitons.campaigns.framework.results import Parameter, Results, Variant
from solitons.campaigns.framework.swept_parameters import parameters_figure

KU = Axis(name="anisotropy", fields=["material.Ku"], unit="J/m^3", values=[4e5, 5e5, 6e5], label="Anisotropy")
ALPHA = Axis(name="alpha", fields=["material.alpha"], values=[0.1, 0.2])


class Fitted(Results):
    parameters: tuple[Parameter, ...] = ()

    def headlines(self):
        return []


def variant(value, *, verdict="trusted", **at):
    found = [
        Parameter(name="drift_per_current", unit="m3/(A s)", value=value, ci95=(value - 1, value + 2)),
        Parameter(name="beta", unit="1", value=0.1, ci95=(0.0, 0.2)),
    ]
    return Variant(at=at, results=Fitted(verdict=verdict, parameters=found))


def drawn(ax):
    """The points of each series of a panel."""
    return [container.lines[0].get_xydata() for container in ax.containers]


def test_each_parameter_is_drawn_over_the_first_axis():
    variants = [variant(value, anisotropy=at) for at, value in ((4e5, 3.0), (5e5, 4.0), (6e5, 5.0))]
    first, second = parameters_figure([KU], variants).axes
    np.testing.assert_array_equal(*drawn(first), [[4e5, 3.0], [5e5, 4.0], [6e5, 5.0]])
    np.testing.assert_array_equal(*drawn(second), [[4e5, 0.1], [5e5, 0.1], [6e5, 0.1]])
    assert first.get_ylabel() == "drift per current (m3/(A s))"
    assert second.get_ylabel() == "beta"
    assert first.get_xlabel() == "Anisotropy (J/m^3)"
    (bars,) = first.containers
    np.testing.assert_array_equal([each[:, 1] for each in bars.lines[2][0].get_segments()], [[2, 5], [3, 6], [4, 7]])


def test_other_axes_are_colours():
    variants = [variant(at * k, anisotropy=at, alpha=k) for at in (4e5, 5e5) for k in (0.1, 0.2)]
    figure = parameters_figure([KU, ALPHA], variants)
    one, other = drawn(figure.axes[0])
    np.testing.assert_allclose(one[:, 1], [4e4, 5e4])
    np.testing.assert_allclose(other[:, 1], [8e4, 1e5])
    (legend,) = figure.legends
    assert [each.get_text() for each in legend.get_texts()] == ["0.1", "0.2"]


@pytest.mark.parametrize("verdict", ["failed", None])
def test_failed_fits_are_not_drawn(verdict):
    variants = [variant(at, anisotropy=at) for at in (4e5, 5e5)] + [variant(1.0, anisotropy=6e5, verdict=verdict)]
    (points,) = drawn(parameters_figure([KU], variants).axes[0])
    assert len(points) == (2 if verdict == "failed" else 3)
    failed = [variant(1.0, anisotropy=at, verdict="failed") for at in (4e5, 5e5)]
    assert parameters_figure([KU], [*failed, variant(1.0, anisotropy=6e5)]) is None


def test_results_without_parameters_have_no_figure():
    assert parameters_figure([KU], [Variant(at={"anisotropy": at}, results=Fitted()) for at in (4e5, 5e5)]) is None
