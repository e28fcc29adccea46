"""What the `summary.json` of a spin ice's campaign holds."""

from __future__ import annotations

from solitons.campaigns.summary import CampaignSummary, Parameter, SummaryPart

__all__ = ["AvalancheSummary", "IceAvalancheSummary", "PairSummary", "PredictionSummary"]


class PairSummary(SummaryPart):
    """A kind of pairs: its coupling and what it does to the switching field.

    Parameters
    ----------
    islands : (int, int)
        Two islands of the lattice that are such a pair.
    distance : float
        Of their centres in m.
    coupling, dipole_coupling : float
        J in J at rest: from energies of micromagnetics, and of point dipoles.
    shift_before, shift_after : float
        Of the first island's switching field in A/m, before and after the second has turned.
    scatter : float
        Standard deviation of `shift_before` over the disorder, in A/m.
    """

    islands: tuple[int, int]
    distance: float
    coupling: float
    dipole_coupling: float
    shift_before: float
    shift_after: float
    scatter: float


class PredictionSummary(SummaryPart):
    """A lattice that the fit has not seen, and how well the model predicts it.

    Fields that are not there, because no island turned or the moment never passed 0, are None.

    Parameters
    ----------
    seed, run_id, islands
        Of its disorder; of its run; how many.
    final_overlap, coercive_overlap, worst_overlap : float
        Fraction of spins that are predicted: at the end of the run, in the step nearest to the
        coercive field, and in the worst of all steps.
    coercive_field, predicted_coercive_field : float
        In A/m.
    coercive_field_error : float
        Their ratio less 1.
    concordance, kendall_tau, same_step : float
        Of the order of the flips, see `solitons.spin_ice.comparison.LatticeComparison`.
    first_flip_field : float
        Field of the step in which the first island turned, in A/m.
    predicted_first_flip_field : float
        The smallest field that turns an island, by the model, in A/m.
    dipole_coercive_overlap, dipole_coercive_field_error : float
        The same two with the usual point dipoles along the axes in place of what was fitted.
    """

    seed: int
    run_id: str
    islands: int
    final_overlap: float
    coercive_overlap: float | None
    worst_overlap: float
    coercive_field: float | None
    predicted_coercive_field: float | None
    coercive_field_error: float | None
    concordance: float | None
    kendall_tau: float | None
    same_step: float | None
    first_flip_field: float | None
    predicted_first_flip_field: float | None
    dipole_coercive_overlap: float | None
    dipole_coercive_field_error: float | None


class AvalancheSummary(SummaryPart):
    """Avalanches of large lattices, by the model.

    Parameters
    ----------
    islands, lattices, flips, avalanches, largest : int
        Islands of each lattice, how many lattices; flips and avalanches of all, flips of the largest.
    mean_size : float
        Flips an avalanche.
    verdict, reason : str
        Whether the sizes follow a power law, see `analysis.fit_power_law`.
    exponent, exponent_error : float or None
        Of the power law; None where the sizes follow none, or that cannot be told.
    minimum : float or None
        Size from which on the law was looked for.
    """

    islands: int
    lattices: int
    flips: int
    avalanches: int
    largest: int
    mean_size: float | None
    verdict: str
    reason: str
    exponent: float | None
    exponent_error: float | None
    minimum: float | None


class IceAvalancheSummary(CampaignSummary):
    """Everything that a spin ice's campaign found, in numbers.

    Parameters
    ----------
    held_out : list of str
        The runs of whole lattices, which the fit did not see.
    parameters : list of Parameter
        Of the islands: h_k, the astroid's shape, and the exponents of the sizes.
    fit_errors : dict of str to float
        As in `solitons.provenance.IceProvenance`.
    pairs : list of PairSummary
        Kinds of pairs.
    predictions : list of PredictionSummary
        The lattices.
    avalanches : AvalancheSummary or None
        Of large lattices, if the campaign has them.
    notes : list of str
        What went otherwise than asked, such as a field that turns no island.
    """

    held_out: list[str]
    parameters: list[Parameter]
    fit_errors: dict[str, float]
    pairs: list[PairSummary]
    predictions: list[PredictionSummary]
    avalanches: AvalancheSummary | None = None
    notes: list[str]
