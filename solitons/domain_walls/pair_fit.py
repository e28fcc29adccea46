"""Two walls of one stripe, fitted to runs: what both share, and how strongly they see each other.

How walls push and turn each other follows from the material (`solitons.domain_walls.wall_pair`). The fit multiplies
that energy by one factor, `strength`: 1 if the derivation is right, 0 if walls do not see each other. What the walls
share, such as a / J and H_D, may be fitted beside it. Held-out runs are predicted, and the fit ends in a verdict,
which asks besides what every fit is asked whether the runs show an interaction at all, whether it is the material's,
and whether walls meet in the runs as they do in the model.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import jax
import numpy as np
import numpy.typing as npt

from solitons.domain_walls.fit_problem import descend, start_values, with_values
from solitons.domain_walls.intervals import wall_parameters
from solitons.domain_walls.judgement import about_parameters
from solitons.domain_walls.noisy_starts import marginalise, settle
from solitons.domain_walls.pair_problem import STRENGTH, PairRun, pair_paths, pose_pair
from solitons.domain_walls.parameters import WALL_PARAMETERS
from solitons.domain_walls.wall_dynamics import WallDynamics
from solitons.domain_walls.wall_pair import PairInteraction
from solitons.figures import number_label, value_label
from solitons.fits.consider_parameters import Considered
from solitons.fits.fitted_parameter import FittedParameter, HasParameters
from solitons.fits.reasons import beside_trivial, far_from
from solitons.fits.trivial_model import root_mean_square
from solitons.fits.verdict import Reason, Verdict, judge, limitation

__all__ = ["PairFit", "fit_wall_pair"]

Floats = npt.NDArray[np.float64]

_DOUBTFUL, _ABSURD = 2.0, 4.0  # times the derived interaction, or a part of it
_RESOLVED = 1e-9  # m: errors below it are as good as the engines'
_FREE = ("drift_per_current", "damping_like_per_current", "dmi_field")


@dataclass(frozen=True, eq=False)
class PairFit(HasParameters):
    """Two fitted walls.

    The left one with the fitted parameters (the right one has the opposite polarity), the parameters, "strength" being
    the factor on the walls' interaction, and their covariance if the residuals are noise. Residuals are model minus
    measured positions in m by run id, (2, samples), NaN once the walls have met. Errors are root mean squares of
    positions in m, NaN without such runs; `alone_rms` is the error of the held-out runs (or of the fitted ones, where
    none is held out) for walls with the same parameters that do not interact.
    """

    wall: WallDynamics
    parameters: tuple[FittedParameter, ...]
    covariance: Floats
    residuals: Mapping[str, Floats]
    held_out: tuple[str, ...]
    training_rms: float
    held_out_rms: float
    alone_rms: float
    verdict: Verdict


def fit_wall_pair(
    runs: Sequence[PairRun],
    wall: WallDynamics,
    interaction: PairInteraction,
    *,
    shape_field: float,
    held_out: Sequence[str] = (),
    free: Sequence[str] | None = None,
    angle_weight: float = 0.2,
    max_step: float = 5e-12,
    considered: Mapping[str, Considered[tuple[WallDynamics, PairInteraction]]] | None = None,
) -> PairFit:
    """Fit what two walls share, and the strength of what they do to each other.

    Minimises the squares of the positions of both walls and, weighted, of their angles, from the first sample of each
    run up to where the walls meet. Where first samples are as noisy as others, the starts are given that noise
    (`solitons.domain_walls.noisy_starts`), and parameters and starts are found in turn.

    Parameters
    ----------
    runs : sequence of PairRun
        Training and held-out runs of one stripe.
    wall : WallDynamics
        The material's, of the left wall: start values, and the values of what is not fitted. It stands straight and
        has a rigid width.
    interaction : PairInteraction
        From `pair_interaction`.
    shape_field : float
        In A/m, to within which the stripe's shape gives H_K (`solitons.domain_walls.runs.shape_field_of`).
    held_out : sequence of str
        Ids of the runs that are predicted.
    free : sequence of str, optional
        Parameters of the wall to fit beside the strength: by default the torques that act and the DMI field,
        as far as the material has them.
    angle_weight : float
        Weight of the angles, in wall widths.
    max_step : float
        Longest step of the integration in s.
    considered : mapping of str to Considered, optional
        Wall and interaction with a constant smaller and larger by its standard uncertainty, for each that is not known
        exactly (`solitons.consider`). The verdict takes the material as exact.

    Returns
    -------
    PairFit

    Raises
    ------
    ValueError
        If an id is twice there or unknown, no run is left to fit, a parameter is none of the wall's, or the wall tilts
        or breathes.

    Examples
    --------
    >>> from runs import PiecewiseLinear
    >>> from geometries import Material
    >>> from solitons.domain_walls import PairRun, fit_wall_pair, follow_wall_pair, wall_from_material
    >>> from solitons.domain_walls.wall_pair import pair_interaction
    >>> film = Material(name="film", Ms=6e5, A=1.2e-11, Ku=5e5, alpha=0.3, D=1e-3)
    >>> size = {"thickness": 1e-9, "stripe_width": 32e-9, "width": 6e-9}
    >>> pair = pair_interaction(film, length=320e-9, **size)
    >>> wall = wall_from_material(film, polarity=-1, **size)
    >>> times, still = np.linspace(0, 0.5e-9, 11), PiecewiseLinear((0.0,), (0.0,))
    >>> path = follow_wall_pair(wall, pair, times, position=(140e-9, 170e-9), angle=(0.0, 3.14))
    >>> seen = PairRun("apart", times, path.position, path.angle, still)
    >>> fit = fit_wall_pair([seen], wall, pair, shape_field=1.6e4, free=())
    >>> print(f"{fit['strength'].value:.2f}")
    1.00
    """
    trainees, tests = _split(runs, wall, held_out)
    names = [*(_acting(wall) if free is None else free), STRENGTH]
    if set(names) - set(WALL_PARAMETERS) - {STRENGTH} or len(set(names)) < len(names):
        raise ValueError(
            f"fit_wall_pair: free = {list(free or ())}; name parameters of the wall, such as 'dmi_field', each once"
        )
    with jax.enable_x64(True):
        problem = pose_pair(trainees, wall, interaction, names, angle_weight, max_step)
        start = np.append(start_values(wall, names[:-1]), 1.0)
        best = descend(problem, names, start, wall)
        marginal, best = settle(
            marginalise(problem, best), best, lambda freer, vector: descend(freer, names, vector, wall)
        )
        parameters, covariance, _ = wall_parameters(marginal, names, best, considered)
    residuals, met = _residuals(runs, wall, interaction, names, best, max_step)
    alone = _residuals(runs, wall, interaction, names, np.append(best[:-1], 0.0), max_step)[0]
    fit = PairFit(
        wall=with_values(wall, dict(zip(names[:-1], best[:-1], strict=True))),
        parameters=parameters,
        covariance=covariance,
        residuals=residuals,
        held_out=tuple(run.run_id for run in tests),
        training_rms=_rms(residuals, trainees),
        held_out_rms=_rms(residuals, tests),
        alone_rms=_rms(alone, tests or trainees),
        verdict=Verdict(verdict="trusted"),
    )
    reasons = [*_about_errors(fit), *_about_strength(fit), *_about_meeting(runs, met)]
    reasons += about_parameters(fit, wall, shape_field)
    return PairFit(**{**vars(fit), "verdict": judge(reasons)})


def _split(runs: Sequence[PairRun], wall: WallDynamics, held_out: Sequence[str]) -> tuple[list[PairRun], list[PairRun]]:
    ids = [run.run_id for run in runs]
    if len(set(ids)) < len(ids):
        raise ValueError("fit_wall_pair: two runs have the same run_id; give each once")
    if unknown := sorted(set(held_out) - set(ids)):
        raise ValueError(f"fit_wall_pair: held_out names runs that are not there: {', '.join(unknown)}")
    if wall.tilting is not None or np.any(wall.breathing.softness):
        raise ValueError("fit_wall_pair: the wall tilts or breathes; give one without tilting and breathing")
    trainees = [run for run in runs if run.run_id not in held_out]
    if not any(np.isfinite(run.position[:, 1:]).all(axis=0).any() for run in trainees):
        raise ValueError("fit_wall_pair: no run is left in which both walls are there after the first sample")
    return trainees, [run for run in runs if run.run_id in held_out]


def _acting(wall: WallDynamics) -> list[str]:
    return [name for name in _FREE if float(getattr(wall, name))]


def _residuals(
    runs: Sequence[PairRun],
    wall: WallDynamics,
    interaction: PairInteraction,
    names: Sequence[str],
    values: Floats,
    max_step: float,
) -> tuple[dict[str, Floats], dict[str, bool]]:
    states, met = pair_paths(runs, wall, interaction, names, values, max_step)
    off = {run.run_id: state[:, :2].T - run.position for run, state in zip(runs, states, strict=True)}
    return off, {run.run_id: each for run, each in zip(runs, met, strict=True)}


def _rms(residuals: Mapping[str, Floats], runs: Sequence[PairRun]) -> float:
    errors = np.concatenate([np.empty(0), *(residuals[run.run_id][:, 1:].ravel() for run in runs)])
    return root_mean_square(errors[np.isfinite(errors)])


def _about_errors(fit: PairFit) -> Iterator[Reason]:
    """Reasons from the errors, compared with walls that do not interact."""
    if not np.isfinite(fit.held_out_rms):
        sentence = "No run was held out, so that nothing is known of the error in others. Hold one out."
        if fit.held_out:
            sentence = (
                "In no held-out run are both walls there after the first sample, so that nothing is known of the error "
                "in others. Hold out a run that keeps both."
            )
        yield limitation("untested", sentence)
        return
    yield from beside_trivial(
        fit.held_out_rms,
        fit.alone_rms,
        f"The model is off by {_nm(fit.held_out_rms)} in held-out runs, walls that do not see each other by "
        f"{_nm(fit.alone_rms)}: what the walls do to each other explains ",
        nothing="nothing.",
        little="little.",
        least=_RESOLVED,
        than="alone",
    )


def _about_strength(fit: PairFit) -> Iterator[Reason]:
    strength = fit[STRENGTH].taking_material_as_exact
    size = f"The interaction is {number_label(strength.value, '.2g')} times what the material gives (95 %: "
    size += f"{number_label(strength.low, '.2g')} to {number_label(strength.high, '.2g')})".replace("-", "−")
    if strength.low <= 0 <= strength.high:
        sentence = f"{size}: the runs do not show that the walls see each other. Let them come nearer."
        yield limitation("interaction_unseen", sentence)
        return
    sentence = f"{size}: it stands for something that the model leaves out, such as pinning or a tilt."
    yield from far_from("interaction_unlike", strength, 1.0, sentence, doubtful=_DOUBTFUL, absurd=_ABSURD)


def _about_meeting(runs: Sequence[PairRun], met: Mapping[str, bool]) -> Iterator[Reason]:
    otherwise = [run for run in runs if run.met != met[run.run_id]]
    if not otherwise:
        return
    first = otherwise[0]
    what = "meet in the run and not in the model" if first.met else "meet in the model and not in the run"
    yield Reason(
        code="meet_otherwise",
        weight="failed" if 2 * len(otherwise) > len(runs) else "limited",
        sentence=f"In {len(otherwise)} of {len(runs)} runs (the first: {first.run_id}) the walls {what}: do not "
        "use it for whether walls annihilate.",
    )


def _nm(length: float) -> str:
    return value_label(length, "m", digits=2)
