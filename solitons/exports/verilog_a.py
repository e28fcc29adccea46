r"""A synapse as a Verilog-A module for circuit simulators: a conductance that a write voltage moves.

Between `top` and `bottom` lies the conductance G, between `write` and `ret` the write path. While its voltage is above
`level` in size, G moves as a train of pulses of the width t_p would move it, in continuous time,

.. math:: \frac{dG}{dt} = \frac{v_s(G)}{t_p}\,\frac{\ln(1 + b)}{b}, \qquad b = \frac{dv_s}{dG},

with v_s the mean step of the synapse, linear between its nodes. The last factor makes one pulse within a stretch
between two nodes exact: dG/dt is linear there, and takes G to G + v_s(G) in t_p. Shorter and longer pulses do as much
less and more. The state is a node whose voltage is the share of the range. What differs by chance is lost.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from solitons.devices.tabulated_synapse import TabulatedSynapse
from solitons.exports.losses import Loss, refuse_losses, spread_note, synapse_losses

__all__ = ["verilog_a_module"]

_STEEPEST = -0.99
"""Slope of a step by the conductance below which a pulse passes the place to which it leads: taken as this."""


def verilog_a_module(synapse: TabulatedSynapse, *, width: float, accept: Collection[str] = ()) -> str:
    """The text of a module `synapse`, the mean device; `width` is the width of one of its pulses in s.

    `accept` names what may be lost: "device_spread", "cycle_spread", "read_noise".
    """
    if not 0 < width < np.inf:
        raise ValueError(f"verilog_a_module: width = {width} s must be a finite number above 0")
    cycles = max(float(synapse.cycle_up), float(synapse.cycle_down))
    losses = synapse_losses(synapse)
    if cycles > 0:
        losses.append(Loss("cycle_spread", f"Its pulses are all alike; here they differ by up to {cycles:.3g} S."))
    lost = refuse_losses("Verilog-A", losses, accept)
    sentences = "".join(f"\n// Lost: {loss.sentence}" for loss in lost)
    sentences += "" if synapse.spread_known else f"\n// {spread_note(synapse)}"
    span = float(synapse.highest) - float(synapse.lowest)
    return f"""// A synapse fitted by the soliton workbench.{sentences}
// While V(write, ret) is above `level` it moves up, and below -`level` down, as pulses of `width` move the mean device.
`include "disciplines.vams"

module synapse(top, bottom, write, ret);
  inout top, bottom, write, ret;
  electrical top, bottom, write, ret, state;
  parameter real lowest = {float(synapse.lowest)!r} from (0:inf);   // S
  parameter real highest = {float(synapse.highest)!r} from (0:inf);  // S
  parameter real width = {width!r} from (0:inf);       // s, of one pulse
  parameter real level = 0.1 from (0:inf);             // V, of the write path from which it moves
  parameter real write_conductance = 0.0 from [0:inf); // S, of the write path; 0 draws no current
  real share, g, rate;

  analog begin
    share = V(state);  // of the range of conductance, 0 to 1
    g = lowest + (highest - lowest) * share;
    rate = 0.0;        // of the share, for one pulse
    if (V(write, ret) > level) begin
{_branches(np.asarray(synapse.up) / span)}
    end else if (V(write, ret) < -level) begin
{_branches(np.asarray(synapse.down) / span)}
    end
    I(top, bottom) <+ g * V(top, bottom);
    I(write, ret) <+ write_conductance * V(write, ret);
    I(state) <+ ddt(V(state)) - rate / width;
  end
endmodule
"""


def _branches(steps: np.ndarray) -> str:
    """The rate by the share, stretch by stretch between the nodes; 0 beyond the end to which it leads."""
    places = np.linspace(0.0, 1.0, steps.size)
    slopes = np.diff(steps) / np.diff(places)
    rises = bool(steps.sum() > 0)
    lines = [f"      if ({'share >= 1.0' if rises else 'share <= 0.0'}) rate = 0.0;"]
    for index, (place, step, slope) in enumerate(zip(places, steps, slopes, strict=False)):
        kept = max(float(slope), _STEEPEST)
        factor = float(np.log1p(kept) / kept) if abs(kept) > 1e-9 else 1.0
        value = f"{factor!r} * ({float(step)!r} + {float(slope)!r} * (share - {float(place)!r}))"
        condition = "else" if index == slopes.size - 1 else f"else if (share < {float(places[index + 1])!r})"
        lines.append(f"      {condition} rate = {value};")
    return "\n".join(lines)
