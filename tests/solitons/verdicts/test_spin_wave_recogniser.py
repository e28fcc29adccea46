"""What speaks against a film that is trained to recognise."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.spin_waves.spin_wave_recogniser.judgement import about_film
from solitons.campaigns.spin_waves.spin_wave_recogniser.results import (
    FilmFit,
    Recognised,
    SpinWaveRecogniserResults,
    Transmission,
)
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/spin_waves/spin_wave_recogniser/judgement.py"]


def known(share, half=0.01):
    return Recognised(name="one", right=round(1000 * share), total=1000, interval=(share - half, share + half))


def judged(fit=None, transmission=None, film=0.9, model=0.9, linear=0.3, quadratic=0.92, untrained=0.4, fitted=True):
    numbers = {"wavenumber": 4e7, "attenuation_length": None, "grid": 0.0, "ellipticity": 0.1, "misfit": 0.01}
    numbers |= {"strengths": ((-0.1, -0.3),) * 3, "scatterer_misfit": 0.01, "run_ids": ("a", "b")}
    waves = {"run_ids": ("c",), "error": 0.05, "phase_error": 0.1, "drift": 0.01, "sum_error": 0.001}
    results = SpinWaveRecogniserResults(
        fit=FilmFit(**numbers | (fit or {})) if fitted else None,
        transmission=Transmission(**waves | (transmission or {})),
        film=known(film),
        model=known(model),
        linear=known(linear),
        quadratic=known(quadratic),
        random=(untrained,),
        untrained=untrained,
    )
    return judge(about_film(results))


@both_ways(
    Limit("no_wave", "failed", {"fitted": False}, {}),
    Limit("reflected", "limited", {"fit": {"misfit": 0.051}}, {"fit": {"misfit": 0.049}}),
    Limit("reflected", "failed", {"fit": {"misfit": 0.21}}, {"fit": {"misfit": 0.19}}),
    Limit("scatterer_off", "limited", {"fit": {"scatterer_misfit": 0.11}}, {"fit": {"scatterer_misfit": 0.09}}),
    Limit("scatterer_off", "failed", {"fit": {"scatterer_misfit": 0.31}}, {"fit": {"scatterer_misfit": 0.29}}),
    Limit(
        "power_made",
        "limited",
        {"fit": {"strengths": ((0.06, 0.0),)}},
        {"fit": {"strengths": ((0.04, 0.0), (-1.04, 0.0))}},
    ),
    Limit("transmissions_off", "limited", {"transmission": {"error": 0.21}}, {"transmission": {"error": 0.19}}),
    Limit("transmissions_off", "failed", {"transmission": {"error": 0.51}}, {"transmission": {"error": 0.49}}),
    Limit(
        "waves_do_not_add", "limited", {"transmission": {"sum_error": 0.031}}, {"transmission": {"sum_error": 0.029}}
    ),
    Limit("waves_do_not_add", "failed", {"transmission": {"sum_error": 0.21}}, {"transmission": {"sum_error": 0.19}}),
    Limit("not_settled", "limited", {"transmission": {"drift": 0.051}}, {"transmission": {"drift": 0.049}}),
    Limit("not_trained", "failed", {"untrained": 0.89}, {"untrained": 0.88}),
    Limit("accuracy_lost", "limited", {"model": 0.97}, {"model": 0.95}),
    Limit("linear_as_good", "limited", {"linear": 0.9}, {"linear": 0.88}),
    Limit("quadratic_lost", "limited", {"quadratic": 0.961}, {"quadratic": 0.959}),
)
def test_a_limit_of_a_trained_film(limit):
    crosses(judged, limit)


def test_a_good_film_is_trusted():
    assert judged().verdict == "trusted"
