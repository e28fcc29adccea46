"""Figures of error rates that the reports of gates and of netlists share."""

import pytest

from solitons.campaigns.magnet_logic.logic_report import error_figure, rates_table
from solitons.campaigns.magnet_logic.nml_netlist.results import NetlistRow, RowTrials
from solitons.campaigns.magnet_logic.wrong_trials import WrongTrials


@pytest.fixture
def rows():
    """1 of 12,000 is below 1e-4, and the bound of none of them, 3.1e-4, is above it."""
    found = []
    for row, (wrong, low, high) in {(1,): (1, 2.1e-6, 4.6e-4), (-1,): (0, 0.0, 3.1e-4)}.items():
        counts = RowTrials(trials=12_000, wrong=wrong, undecided=0, low=low, high=high, outputs={"out": wrong})
        found.append(NetlistRow(row=row, expected={"out": 1}, model={"out": 1}, model_margin=1.0, thermal=counts))
    return found


def test_one_error_beside_none_can_be_drawn(rows):
    ax = error_figure(rows, ["a"], 300.0).axes[0]
    assert ax.get_ylim()[0] < 1 / 12_000
    assert [each.get_text() for each in ax.get_legend().get_texts()] == [
        "macrospins, 12,000 a row",
        "no error, 95 % below the line (0.00031)",
    ]


def test_micromagnetics_is_drawn_beside_its_row(rows):
    seen = WrongTrials(trials=200, wrong=24, undecided=0, low=0.08, high=0.17)
    ax = error_figure(rows, ["a"], 300.0, beside=(1, seen)).axes[0]
    assert "micromagnetics, 200 runs" in [each.get_text() for each in ax.get_legend().get_texts()]
    assert any(line.get_xydata().tolist() == [[1.15, 0.12]] for line in ax.lines)


def test_the_table_has_further_counts_between_the_errors_and_the_trials(rows):
    text = str(rates_table(rows, ["a"], digits=3, further={"out fails": [1, 0]}).__html__())
    assert text.index("undecided") < text.index("out fails") < text.index("error rate")
    assert "0.008%" in text
    assert "0.01%" in str(rates_table(rows, ["a"], digits=2).__html__())
