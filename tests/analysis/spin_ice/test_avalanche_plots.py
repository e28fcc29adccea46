import numpy as np
import pytest
import xarray as xr

from analysis import fit_power_law, plot_distribution


def sizes(values, units="1"):
    return xr.DataArray(np.asarray(values), dims="avalanche", name="size", attrs={"units": units})


def test_distribution_shows_the_sample_and_the_fit_where_they_are():
    values = sizes(np.random.default_rng(2).zipf(2.5, 1000))
    fitted = fit_power_law(values, resamples=5)
    ax = plot_distribution(values, fitted)
    points, line = ax.lines
    np.testing.assert_allclose(points.get_ydata()[:2], [1.0, np.mean(values.values >= 2)])
    assert line.get_xdata()[0] == fitted["minimum"]
    # The line begins where the sample's tail does.
    assert line.get_ydata()[0] == pytest.approx(float(fitted["tail_events"]) / 1000)
    assert line.get_label().startswith(f"exponent {float(fitted['exponent']):.2f} ±")
    assert ax.get_title() == "power law"
    assert (ax.get_xlabel(), ax.get_xscale(), ax.get_yscale()) == ("size", "log", "log")


def test_a_cut_off_is_drawn_with_its_own_exponent():
    places = np.arange(1, 5000)
    weights = places**-1.5 * np.exp(-0.02 * places)
    values = sizes(np.random.default_rng(6).choice(places, 4000, p=weights / weights.sum()))
    ax = plot_distribution(values, fit_power_law(values, minimum=1, resamples=5))
    assert ax.get_title() == "power law with a cut-off"
    _, line = ax.lines
    drawn = np.interp(30, line.get_xdata(), line.get_ydata())
    assert drawn == pytest.approx(np.mean(values.values >= 30), rel=0.1)
    assert "exponent 1.5" in line.get_label() or "exponent 1.4" in line.get_label()


def test_a_rejected_power_law_is_dashed_and_too_few_events_have_no_line():
    values = sizes(np.random.default_rng(1).geometric(0.1, 2000))
    _, line = plot_distribution(values, fit_power_law(values, minimum=1, resamples=5)).lines
    assert line.get_linestyle() == "--"
    assert line.get_label().startswith("rejected")
    few = sizes([1, 2, 2])
    ax = plot_distribution(few, fit_power_law(few))
    assert len(ax.lines) == 1
    assert ax.get_title() == "too few events"


def test_an_undecided_power_law_is_dashed_and_said_to_be_one_of_two():
    values = sizes(np.random.default_rng(2).geometric(0.5, 2000))
    fitted = fit_power_law(values, resamples=20)
    assert fitted["verdict"] == "undecided"
    _, line = plot_distribution(values, fitted).lines
    assert line.get_linestyle() == "--"
    assert line.get_label().startswith("if a power law: ")


def test_lengths_are_drawn_in_nanometres():
    values = sizes(1e-7 * (1 + np.random.default_rng(3).pareto(1.5, 300)), "m").rename("radius_of_gyration")
    ax = plot_distribution(values, fit_power_law(values, resamples=5))
    assert ax.get_xlabel() == "radius of gyration (nm)"
    assert ax.lines[0].get_xdata()[0] == pytest.approx(float(values.min()) * 1e9)
    with pytest.raises(ValueError, match="nothing above 0"):
        plot_distribution(sizes([0]), fit_power_law([0]))
