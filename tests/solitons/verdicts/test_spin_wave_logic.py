"""What speaks against a majority gate of spin waves."""

from both_ways import Limit, both_ways, crosses

from solitons.campaigns.spin_waves.spin_wave_logic.campaign import ROWS
from solitons.campaigns.spin_waves.spin_wave_logic.judgement import about_gate
from solitons.campaigns.spin_waves.spin_wave_logic.results import (
    GateNoise,
    SentWave,
    SpinWaveLogicResults,
    WaveFit,
    WaveRow,
)
from solitons.fits.verdict import judge

OF = ["solitons/campaigns/spin_waves/spin_wave_logic/judgement.py"]


def sent(antenna, **changes):
    numbers = {"distance": 1e-6, "amplitude": 0.01, "ratio": 1.0, "lag": 0.0, "drift": 0.0}
    return SentWave(**{"run_id": antenna, "antenna": antenna, "fitted": antenna == "a"} | numbers | changes)


def ratio(low, high):
    return {"noise": {"ratio_interval": (low, high)}}


def judged(
    fit=None, first=None, second=None, first_row=None, noise=None, heated=True, fitted=True, hot=0.01, hot_problem=""
):
    numbers = {"error_probability": 1e-9, "error_interval": (1e-10, 1e-8)}
    rows = [
        WaveRow(run_id="r", bits=bits, output=(sum(bits), 0.0), predicted=(sum(bits), 0.0), **numbers) for bits in ROWS
    ]
    rows[0] = rows[0].model_copy(update=first_row or {})
    quiet = {
        "run_id": "q",
        "density": 1e-14,
        "interval": (8e-15, 1.2e-14),
        "in_rows": 1e-14,
        "ratio_interval": (0.7, 1.4),
    }
    quiet |= {"settled_p": 0.5, "row_error": 0.1, "chance_error": 0.1, "margin_loss": 0.0, "loss_error": 0.02}
    wave = {"wavenumber": 4e7, "attenuation_length": 5e-6, "reflection": 0.001, "misfit": 0.01}
    wave |= {"hot": False, "phase": 0.0, "currents": (1e-3,) * 3, "phases": (0.0,) * 3}
    results = SpinWaveLogicResults(
        fit=WaveFit(**wave | (fit or {})) if fitted else None,
        hot_fit=WaveFit(**wave | {"hot": True, "misfit": hot}),
        hot_problem=hot_problem,
        problem="" if fitted else "nothing moves",
        sent=[sent("a", **(first or {})), sent("b", **(second or {})), sent("c")],
        rows=rows,
        noise=GateNoise(**quiet | (noise or {})) if heated else None,
    )
    return judge(about_gate(results, heated=heated))


@both_ways(
    Limit("no_wave", "failed", {"fitted": False}, {}),
    Limit("rows_wrong", "failed", {"first_row": {"output": (-0.1, 0.0)}}, {"first_row": {"output": (0.1, 0.0)}}),
    Limit("rows_off", "limited", {"first_row": {"predicted": (3.17, 0.0)}}, {"first_row": {"predicted": (3.0, 0.14)}}),
    Limit("rows_off", "failed", {"first_row": {"predicted": (3.0, 0.98)}}, {"first_row": {"predicted": (3.8, 0.0)}}),
    Limit("not_plane", "limited", {"fit": {"misfit": 0.11}}, {"fit": {"misfit": 0.09}}),
    Limit("not_plane", "failed", {"fit": {"misfit": 0.31}}, {"fit": {"misfit": 0.29}}),
    Limit("reflected", "limited", {"fit": {"reflection": 0.011}}, {"fit": {"reflection": 0.009}}),
    Limit("not_settled", "limited", {"first": {"drift": 0.021}}, {"first": {"drift": 0.019}}),
    Limit("antennas_differ", "limited", {"second": {"ratio": 0.94}}, {"second": {"ratio": 0.96}}),
    Limit("antennas_differ", "limited", {"second": {"lag": -0.06}}, {"first": {"lag": -0.06}}),
    Limit("heat_not_checked", "limited", {"heated": False}, {}),
    Limit("no_hot_wave", "failed", {"hot_problem": "nothing moves"}, {}),
    Limit("not_plane", "failed", {"hot": 0.31}, {"hot": 0.29}),
    Limit("noise_differs", "limited", ratio(1.31, 1.9), ratio(1.29, 1.9)),
    Limit("noise_differs", "limited", ratio(0.51, 0.76), ratio(0.51, 0.78)),
    Limit("noise_differs", "failed", ratio(2.01, 3.0), ratio(1.99, 3.0)),
    Limit("noise_differs", "failed", ratio(0.3, 0.49), ratio(0.3, 0.51)),
    Limit("noise_not_known", "limited", ratio(0.8, 2.01), ratio(0.8, 1.99)),
    Limit("heat_not_settled", "limited", {"noise": {"settled_p": 0.009}}, {"noise": {"settled_p": 0.011}}),
    Limit("margin_lost", "limited", {"noise": {"margin_loss": 0.091}}, {"noise": {"margin_loss": 0.089}}),
    Limit("margin_lost", "failed", {"noise": {"margin_loss": 0.241}}, {"noise": {"margin_loss": 0.239}}),
    Limit("hot_rows_off", "limited", {"noise": {"row_error": 0.23}}, {"noise": {"row_error": 0.22}}),
    Limit(
        "lost_to_heat",
        "limited",
        {"first_row": {"error_interval": (1e-9, 0.011), "error_probability": 1e-3}},
        {"first_row": {"error_interval": (1e-9, 0.009), "error_probability": 1e-3}},
    ),
)
def test_a_limit_of_a_gate(limit):
    crosses(judged, limit)


def test_a_good_gate_is_trusted():
    assert judged().verdict == "trusted"
