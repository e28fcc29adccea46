"""How a model's parameters go with what was swept: one panel a parameter, over the first axis of the variants."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from solitons.campaigns.framework.axes import Axis
from solitons.campaigns.framework.results import Parameter, Variant
from solitons.figures import bare, new_figure, plain_text, value_label

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["parameters_figure"]

_COLUMNS = 3
_COLOURS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")


def parameters_figure(axes: Sequence[Axis], variants: Sequence[Variant[Any]]) -> Figure | None:
    """Draw every fitted parameter with its 95 % interval over the first axis; a colour for each value of the others.

    Variants whose fit failed are left out: their parameters stand for something else. None where fewer than two
    variants have parameters that may be used.
    """
    usable = [each for each in variants if each.results.verdict != "failed" and getattr(each.results, "parameters", ())]
    if len(usable) < 2:
        return None
    names = list(dict.fromkeys(one.name for each in usable for one in _parameters(each)))
    first, others = axes[0], [axis.name for axis in axes[1:]]
    units = {axis.name: axis.unit for axis in axes}
    families = list(dict.fromkeys(tuple(each.at[name] for name in others) for each in usable))
    columns = min(_COLUMNS, len(names))
    rows = -(-len(names) // columns)
    figure = new_figure(2.6 * columns, 2.3 * rows + (0.4 if others else 0.0))
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True)
    for ax in panels.flat[len(names) :]:
        ax.set_visible(False)
    for ax, name in zip(panels.flat, names, strict=False):
        for index, family in enumerate(families):
            found = [
                (each.at[first.name], one)
                for each in usable
                if tuple(each.at[other] for other in others) == family
                for one in _parameters(each)
                if one.name == name
            ]
            if not found:
                continue
            found.sort(key=lambda each: each[0])
            at = np.array([place for place, _ in found])
            value = np.array([one.value for _, one in found])
            ends = np.array([one.ci95 or (one.value, one.value) for _, one in found])
            label = ", ".join(value_label(each, units[other]) for other, each in zip(others, family, strict=True))
            ax.errorbar(
                *(at, value, np.abs(ends.T - value)),
                fmt="o-",
                markersize=4,
                linewidth=1,
                capsize=2,
                color=_COLOURS[index % len(_COLOURS)],
                label=label,
            )
            ax.set_ylabel(f"{name.replace('_', ' ')} ({found[0][1].unit})".replace(" (1)", ""), fontsize="small")
        ax.set_xlabel(f"{plain_text(first.heading)}{f' ({first.unit})' if first.unit else ''}")
        bare(ax)
    if others:
        # A model that was chosen for one family may lack a parameter of another's.
        pairs = [pair for ax in panels.flat for pair in zip(*ax.get_legend_handles_labels(), strict=True)]
        handles = {label: handle for handle, label in pairs}
        figure.legend(
            *(list(handles.values()), list(handles)),
            loc="outside upper center",
            ncols=3,
            frameon=False,
            fontsize="small",
        )
    return figure


def _parameters(variant: Variant[Any]) -> Sequence[Parameter]:
    found: Sequence[Parameter] = getattr(variant.results, "parameters", ())
    return found
