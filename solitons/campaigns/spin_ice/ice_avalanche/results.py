"""Results of a spin ice's campaign."""

from __future__ import annotations

from collections.abc import Iterator

from solitons.campaigns.framework.results import FiniteOrNone, Headline, Parameter, Results, ResultsPart

__all__ = [
    "AvalancheResults",
    "IceAvalancheResults",
    "OtherModel",
    "PairResults",
    "PredictionResults",
    "RampResults",
]


class RampResults(ResultsPart):
    """Fields of the ramps of some runs, from the lowest to the highest."""

    of: str  # what ran
    start: float  # A/m
    end: float  # A/m
    smallest_step: float  # A/m
    found: bool  # by coarse runs; False where the description has it


class PairResults(ResultsPart):
    """A kind of pairs: their coupling J at rest, and by how much the second shifts the switching field of the first."""

    islands: tuple[int, int]  # two of the lattice that are such a pair
    distance: float  # of their centres, m
    coupling: float  # from energies of micromagnetics, J
    dipole_coupling: float  # of point dipoles, J
    shift_before: FiniteOrNone  # while the second has not, mean over the disorder, A/m; None where that was not seen
    shift_after: float  # once it has, A/m
    scatter: float  # standard deviation of shift_before over the disorder, A/m


class OtherModel(ResultsPart):
    """How well a simpler model predicts the same lattice."""

    coercive_overlap: FiniteOrNone
    worst_overlap: float
    coercive_field_error: FiniteOrNone
    concordance: FiniteOrNone
    flip_field_error: FiniteOrNone


class PredictionResults(ResultsPart):
    """A lattice that the fit has not seen, and how well the model predicts it; see `LatticeComparison`.

    None stands for what cannot be determined: no island turned, or the moment never passed 0.
    """

    seed: int  # of the disorder
    run_id: str
    islands: int
    final_overlap: float  # fraction of the spins that are predicted
    coercive_overlap: FiniteOrNone
    worst_overlap: float
    field_step: FiniteOrNone  # of the ramp where islands turn, over its last field
    islands_off: int  # that turn more than one step from where they do in the run
    coercive_field: FiniteOrNone  # A/m
    predicted_coercive_field: FiniteOrNone  # A/m
    coercive_field_error: FiniteOrNone  # their ratio less 1
    concordance: FiniteOrNone
    kendall_tau: FiniteOrNone
    same_step: FiniteOrNone
    flip_field_error: FiniteOrNone  # of single islands, root mean square
    first_flip_field: FiniteOrNone  # of the step in which the first island turned, A/m
    predicted_first_flip_field: FiniteOrNone  # smallest that turns an island of the model, A/m
    two_state: OtherModel  # islands that are +1 or -1, with the shifts of measured pairs
    dipoles: OtherModel  # such islands with point dipoles along the axes, no pair fitted


class AvalancheResults(ResultsPart):
    """Avalanches of large lattices, by the model, and whether their sizes follow a power law (`fit_power_law`)."""

    islands: int  # of each lattice
    lattices: int
    flips: int  # of all lattices
    avalanches: int  # of all lattices
    largest: int  # flips
    mean_size: FiniteOrNone  # flips an avalanche
    verdict: str
    reason: str
    exponent: FiniteOrNone  # None where the sizes follow no power law, or this is open
    exponent_error: FiniteOrNone  # one standard error
    minimum: FiniteOrNone  # size from which on the law was looked for


class IceAvalancheResults(Results):
    """Everything that a spin ice's campaign found, in numbers."""

    ramps: list[RampResults]
    held_out: list[str]  # runs of whole lattices, which the fit did not see
    parameters: list[Parameter]  # h_k, the astroid's shape, and the exponents of the sizes
    fit_errors: dict[str, float]  # as in `IceProvenance`
    coherence: float  # smallest length of an island's mean magnetisation just before it turns, 1 if all is parallel
    pairs: list[PairResults]
    predictions: list[PredictionResults]
    avalanches: AvalancheResults | None = None

    def headlines(self) -> Iterator[Headline]:
        """The numbers that a reader sees first: the worst of the lattices."""
        lattices = len(self.predictions)
        overlaps = [each.coercive_overlap for each in self.predictions if each.coercive_overlap is not None]
        errors = [abs(each.coercive_field_error) for each in self.predictions if each.coercive_field_error is not None]
        orders = [each.concordance for each in self.predictions if each.concordance is not None]
        at_the_end = f"{min(each.final_overlap for each in self.predictions):.1%}"
        worst_of = "a lattice that the fit has not seen"
        if lattices > 1:
            worst_of = f"the worst of {lattices} lattices that the fit has not seen"
        if overlaps:
            if len(overlaps) < lattices:
                worst_of = f"the worst of {len(overlaps)} of {lattices} lattices, which alone reach it in their runs"
            detail = f"{worst_of}; {at_the_end} at the end"
            yield Headline(value=f"{min(overlaps):.1%}", name="spins right at coercivity", detail=detail)
        else:
            detail = f"{worst_of}; the coercive field is not reached in any run"
            yield Headline(value=at_the_end, name="spins right at the end", detail=detail)
        if len(errors) < len(overlaps):
            detail = f"by the fitted lattice, in {len(overlaps) - len(errors)} of {len(overlaps)} lattices"
            yield Headline(value="not reached", name="coercive field error", detail=detail)
        elif errors:
            detail = "the largest of them" if len(errors) > 1 else ""
            yield Headline(value=f"{max(errors):.2%}", name="coercive field error", detail=detail)
        if orders:
            detail = "of all pairs of islands that turn in different steps"
            yield Headline(value=f"{min(orders):.1%}", name="flips in the right order", detail=detail)
        detail = "of single islands, root mean square over the field's angle"
        yield Headline(value=f"{self.fit_errors['astroid']:.2%}", name="switching field error", detail=detail)
        if self.avalanches is not None and self.avalanches.avalanches:
            found = self.avalanches
            detail = f"in {found.lattices} lattices of {found.islands:,} islands; sizes: {found.verdict}"
            yield Headline(value=f"{found.avalanches:,}", name="avalanches counted", detail=detail)
