"""The figure of error rates that the reports of gates and of netlists share."""

import pytest

from solitons.campaigns.magnet_logic.logic_figures import error_figure
from solitons.campaigns.magnet_logic.logic_results import EnsembleResult, LogicResults, LogicRow, WrongTrials


@pytest.fixture
def results():
    """1 of 12,000 is below 1e-4, and the bound of none of them, 3.1e-4, is above it."""
    found = []
    for row, (wrong, low, high) in {(1,): (1, 2.1e-6, 4.6e-4), (-1,): (0, 0.0, 3.1e-4)}.items():
        counts = WrongTrials(trials=12_000, wrong=wrong, undecided=0, low=low, high=high, outputs={"out": wrong})
        found.append(LogicRow(row=row, expected={"out": 1}, model={"out": 1}, model_margin=1.0, thermal=counts))
    return LogicResults[LogicRow](
        signals=["a"], temperature=300.0, barrier=50.0, anisotropy_field=1e5, response_time=1e-9, rows=found
    )


def test_one_error_beside_none_can_be_drawn(results):
    ax = error_figure(results).axes[0]
    assert ax.get_ylim()[0] < 1 / 12_000
    assert [each.get_text() for each in ax.get_legend().get_texts()] == [
        "macrospins, 12,000 a row",
        "no error, 95 % below the line (0.00031)",
    ]


def test_micromagnetics_is_drawn_beside_its_row(results):
    seen = WrongTrials(trials=200, wrong=24, undecided=0, low=0.08, high=0.17, outputs={"out": 24})
    ensemble = EnsembleResult(row=(-1,), thermal=seen, length=0.95, models=[], engine_seconds=1.0, model_seconds=1.0)
    ax = error_figure(results.model_copy(update={"ensemble": ensemble})).axes[0]
    assert "micromagnetics, 200 runs" in [each.get_text() for each in ax.get_legend().get_texts()]
    assert any(line.get_xydata().tolist() == [[1.15, 0.12]] for line in ax.lines)
