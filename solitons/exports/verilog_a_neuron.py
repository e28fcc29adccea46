r"""A leaky integrate-and-fire neuron as a Verilog-A module for circuit simulators.

A voltage over the write path drives a current density through it, J = V(in, ret) times `density_per_volt`. With s the
share of the way from the reset to the threshold the soliton moves by

.. math:: \tau \dot s = \frac{v_{leak} + r J - v_{reset}}{v_{threshold} - v_{reset}} - s, \qquad s \ge 0,

and s at 1 sets a second state, the spike, which falls back when s has come to 0. While it is set s falls evenly, so
that the neuron is deaf for its refractory time. Both states are nodes of 1 F whose voltages are the numbers; the spike
follows within 1 % of the refractory time, which is taken off the fall. There is no event in the module: simulators and
compilers without them take it, and steps have to be shorter than that 1 %.

A neuron without a refractory time gets a spike of one two-hundredth of its shortest interval, which is a loss.
"""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np

from solitons.exports.leaky_neuron import LeakyNeuron
from solitons.exports.losses import Loss, neuron_losses, refuse_losses

__all__ = ["SHORTEST_SPIKE", "verilog_a_neuron"]

SHORTEST_SPIKE = 1 / 200
"""Share of the shortest interval: the spike of a neuron without a refractory time."""
_FOLLOWS = 0.01
"""Time in which the spike follows, over the refractory time."""


def verilog_a_neuron(neuron: LeakyNeuron, *, temperature: float = 0.0, accept: Collection[str] = ()) -> str:
    """The text of a module `neuron`; 1 V over its write path is the strongest current density that it was fitted on.

    `temperature` (K) is the soliton's. `accept` names what may be lost: "heat", "spike_time", and "stop" of a neuron
    whose start does not stop it. A neuron that does not fire at its strongest current density is refused.
    """
    strongest = float(neuron.drive[1])
    if not np.isfinite(strongest):
        raise ValueError("verilog_a_neuron: neuron.drive has no strongest current density; give the range of currents")
    sign = 1.0 if neuron.r > 0 else -1.0
    shortest = float(neuron.interval(sign * strongest))
    if not np.isfinite(shortest):
        raise ValueError(
            f"verilog_a_neuron: the neuron does not fire at {strongest:.4g} A/m2, the strongest of neuron.drive; give "
            "stronger currents"
        )
    losses = neuron_losses(neuron, temperature, refractory=True, stop=True)
    spike = neuron.refractory
    if spike == 0:
        spike = SHORTEST_SPIKE * shortest
        losses.append(
            Loss("spike_time", f"A spike takes {spike:.3g} s, by which intervals are longer; here it takes no time.")
        )
    if not neuron.stopped:
        losses.append(Loss("stop", "Its potential stops at the reset; here it falls below."))
    lost = refuse_losses("Verilog-A", losses, accept)
    sentences = "".join(f"\n// Lost: {loss.sentence}" for loss in lost)
    span = neuron.v_threshold - neuron.v_reset
    slope = neuron.r * strongest / span
    offset = (neuron.v_leak - neuron.v_reset) / span
    follows = _FOLLOWS * spike
    return f"""// A neuron fitted by the soliton workbench.{sentences}
// V(in, ret) drives a current density of `density_per_volt` times it through the write path; V(out, ret) is `level`
// while it spikes, which lasts {spike!r} s. Steps in time must be shorter than `follows`.
`include "disciplines.vams"

module neuron(in, ret, out);
  inout in, ret, out;
  electrical in, ret, out, state, spike;
  parameter real density_per_volt = {sign * strongest!r};  // A/m2 for 1 V, which excites
  parameter real tau = {neuron.tau!r} from (0:inf);         // s
  parameter real slope = {sign * slope / strongest!r};       // of the way to the threshold, for 1 A/m2 that excites
  parameter real offset = {offset!r};                        // of the way, without a current
  parameter real fall = {spike - 2 * math.log(2) * follows!r} from (0:inf);    // s
  parameter real follows = {follows!r} from (0:inf);         // s, in which the spike follows
  parameter real level = 1.0;                                // V, of a spike
  parameter real write_conductance = 0.0 from [0:inf);       // S, of the write path; 0 draws no current
  parameter real output_conductance = 1.0e-3 from (0:inf);   // S, behind the output
  real share, set, rate, goal;

  analog begin
    share = V(state);  // of the way from the reset to the threshold
    set = V(spike);    // 0 to 1
    if (set > 0.5) begin
      if (share > 0.0) begin
        rate = -1.0 / fall;
        goal = 1.0;
      end else begin
        rate = 0.0;
        goal = 0.0;
      end
    end else begin
      rate = (offset + slope * abs(density_per_volt) * V(in, ret) - share) / tau;
      if (share <= 0.0 && rate < 0.0) rate = 0.0;
      if (share >= 1.0) goal = 1.0;
      else goal = 0.0;
    end
    I(state) <+ ddt(V(state)) - rate;
    I(spike) <+ ddt(V(spike)) - (goal - set) / follows;
    I(in, ret) <+ write_conductance * V(in, ret);
    I(out, ret) <+ output_conductance * (V(out, ret) - level * set);
  end
endmodule
"""
