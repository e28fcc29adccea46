"""Whether a fitted lattice may be used: what it predicts of lattices that the fit has not seen."""

from __future__ import annotations

from collections.abc import Sequence

from solitons.campaigns.spin_ice.ice_avalanche.results import PredictionResults
from solitons.figures import number_label
from solitons.fits.verdict import Reason, Verdict, judge

__all__ = ["judge_predictions"]

_SPINS_RIGHT = 0.9  # share of the spins in every field step that a lattice must have right to be trusted
_COHERENT = 0.9  # length of an island's mean magnetisation, below which it does not rotate as a whole
_FIELD = (0.05, 0.2)  # error of the coercive field: limited, failed


def judge_predictions(predictions: Sequence[PredictionResults], coherence: float = 1.0) -> Verdict:
    """Judge a fitted lattice by the runs of lattices that it predicts, one result a lattice.

    `coherence` is the smallest length of an island's mean magnetisation just before it turns over; 1 for a model whose
    islands do not rotate.
    """
    found = [reason for each in predictions for reason in _about(each)]
    if coherence < _COHERENT:
        found.append(
            Reason(
                code="not_coherent",
                weight="limited",
                sentence=f"Just before a single island turns over, its mean magnetisation is {coherence:.2f} of Ms: it "
                "does not rotate as a whole, as the model has it. Make the islands smaller or thinner.",
            )
        )
    return judge(found)


def _about(each: PredictionResults) -> list[Reason]:
    where = f"In the lattice of seed {each.seed}"
    if each.first_flip_field is None:
        model = each.predicted_first_flip_field
        first = f"; by the fitted lattice the first does at {model / 1e3:.4g} kA/m" if model is not None else ""
        return [
            Reason(
                code="nothing_turned",
                weight="failed",
                sentence=f"{where} no island turns{first}. Nothing was predicted: go to higher fields.",
            )
        ]
    found = []
    if each.coercive_field is None:
        found.append(
            Reason(
                code="coercivity_not_reached",
                weight="limited",
                sentence=f"{where} the coercive field is not reached: what happens above the last field is not known.",
            )
        )
    elif each.predicted_coercive_field is None:
        found.append(
            Reason(
                code="model_does_not_turn",
                weight="failed",
                sentence=f"{where} the model does not reach the coercive field, which micromagnetics reaches at "
                f"{each.coercive_field / 1e3:.4g} kA/m.",
            )
        )
    else:
        found += _about_coercivity(where, each)
    model, dipoles = each.flip_field_error, each.dipoles.flip_field_error
    if model is not None and dipoles is not None and model >= dipoles and model > 0:
        found.append(
            Reason(
                code="no_better_than_dipoles",
                weight="failed" if each.worst_overlap < _SPINS_RIGHT else "limited",
                sentence=f"{where} the islands flip within {model:.2%} (rms) of their fields by the fit, and within "
                f"{dipoles:.2%} by rigid dipoles. Of these nothing is fitted.",
            )
        )
    # A run resolves the field at which an island turns to one step.
    if each.worst_overlap < _SPINS_RIGHT and each.islands_off:
        found.append(
            Reason(
                code="spins_wrong",
                weight="limited",
                sentence=f"{where} {each.worst_overlap:.1%} of the spins are right in the worst field step, of "
                f"{number_label(each.field_step, '.2%')} of the field. Below {_SPINS_RIGHT:.0%} a cascade is not "
                f"followed step by step. {each.islands_off} of {each.islands} islands turn more than one step off. The "
                f"islands flip within {number_label(each.flip_field_error, '.2%')} (rms) of their fields.",
            )
        )
    return found


def _about_coercivity(where: str, each: PredictionResults) -> list[Reason]:
    found = []
    error = each.coercive_field_error
    if error is not None and abs(error) > _FIELD[0]:
        found.append(
            Reason(
                code="coercive_field_off",
                weight="failed" if abs(error) > _FIELD[1] else "limited",
                sentence=f"{where} the coercive field is off by {number_label(error, '+.1%')}.",
            )
        )
    return found
