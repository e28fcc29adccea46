"""Whether a fitted lattice may be used: what it predicts of lattices that the fit has not seen.

Of a reversal three things are asked, and each has its own measure: in which field it happens, the error of the coercive
field; in which order the islands turn, the share of pairs of islands that turn in the right one
(`LatticeComparison.concordance`); and what it leaves, the share of spins that are right at the end. The order does not
ask whether the last islands turn at all: with islands that never turn it is as right as with islands that turn last.

The share of spins that are right in the worst field step is reported and not judged.
It is one number of the field: it is lost where a cascade of many islands begins two steps early, of 0.3 % of the field
each, though all that turns is right; narrow steps lower it with the same model; and it says nothing about the order of
islands that turn close to each other, as long as few are wrong at a time.

Of pairs ordered by lot one half is right. At 95 % a model has nine tenths of what there is to gain above that, and if
it is compared at equal numbers of turned islands instead of equal fields, at least 95 % of its
spins are right on average. Pairs
that turn far apart are right in most models, so that the share is also reported for rigid dipoles, and the model must
beat these in the fields of its flips.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from solitons.campaigns.spin_ice.ice_avalanche.results import PredictionResults
from solitons.figures import number_label
from solitons.fits.verdict import Reason, failure, limitation

__all__ = ["about_predictions"]

_ORDER = 0.95  # share of pairs of islands that must turn in the right order
_END = 0.9  # share of spins that must be right after the last step
_COHERENT = 0.9  # length of an island's mean magnetisation, below which it does not rotate as a whole
_FIELD = (0.05, 0.2)  # error of the coercive field: limited, failed


def about_predictions(predictions: Sequence[PredictionResults], coherence: float = 1.0) -> Iterator[Reason]:
    """Reasons against a fitted lattice from the runs of lattices that it predicts, one result a lattice.

    `coherence` is the smallest length of an island's mean magnetisation just before it turns over; 1 for a model whose
    islands do not rotate.
    """
    for each in predictions:
        yield from _about(each)
    if coherence < _COHERENT:
        yield limitation(
            "not_coherent",
            f"Just before a single island turns over, its mean magnetisation is {coherence:.2f} of Ms: it "
            "does not rotate as a whole, as the model has it. Make the islands smaller or thinner.",
        )


def _about(each: PredictionResults) -> Iterator[Reason]:
    where = f"In the lattice of seed {each.seed}"
    if each.first_flip_field is None:
        model = each.predicted_first_flip_field
        first = f"; by the fitted lattice the first does at {model / 1e3:.4g} kA/m" if model is not None else ""
        yield failure("nothing_turned", f"{where} no island turns{first}. Nothing was predicted: go to higher fields.")
        return
    if each.coercive_field is None:
        yield limitation(
            "coercivity_not_reached",
            f"{where} the coercive field is not reached: what happens above the last field is not known.",
        )
    elif each.predicted_coercive_field is None:
        yield failure(
            "model_does_not_turn",
            f"{where} the model does not reach the coercive field, which micromagnetics reaches at "
            f"{each.coercive_field / 1e3:.4g} kA/m.",
        )
    else:
        yield from _about_coercivity(where, each)
    if each.final_overlap < _END:
        yield limitation(
            "end_wrong",
            f"{where} {each.final_overlap:.1%} of the spins are right in the last field: the others turn "
            f"in the run and not in the model, or the other way round. Below {_END:.0%} do not rely on the state "
            "that the field leaves.",
        )
    # None where all islands turn in one step of both: there is no order.
    order = each.concordance if each.concordance is not None else 1.0
    model, dipoles = each.flip_field_error, each.dipoles.flip_field_error
    if model is not None and dipoles is not None and model >= dipoles and model > 0:
        yield Reason(
            code="no_better_than_dipoles",
            weight="failed" if order < _ORDER else "limited",
            sentence=f"{where} the islands flip within {model:.2%} (rms) of their fields by the fit, and within "
            f"{dipoles:.2%} by rigid dipoles. Of these nothing is fitted.",
        )
    # A run resolves the field at which an island turns to one step.
    if order < _ORDER and each.islands_off:
        yield limitation(
            "order_wrong",
            f"{where} {order:.1%} of the pairs of islands turn in the right order. Below {_ORDER:.0%} do "
            f"not rely on which islands a cascade takes. {each.islands_off} of {each.islands} islands turn more "
            f"than one step off, of {number_label(each.field_step, '.2%')} of the field. The islands flip within "
            f"{number_label(each.flip_field_error, '.2%')} (rms) of their fields.",
        )


def _about_coercivity(where: str, each: PredictionResults) -> Iterator[Reason]:
    error = each.coercive_field_error
    if error is not None and abs(error) > _FIELD[0]:
        yield Reason(
            code="coercive_field_off",
            weight="failed" if abs(error) > _FIELD[1] else "limited",
            sentence=f"{where} the coercive field is off by {number_label(error, '+.1%')}.",
        )
