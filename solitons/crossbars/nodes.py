"""The nodes of a crossbar and the wires between them: what linear and non-linear cells share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from solitons.crossbars.wires import Wires

__all__ = ["CrossbarNodes", "crossbar_nodes"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class CrossbarNodes:
    """Nodes that join cells and wires of a crossbar.

    Nodes whose voltage is free come first, `free` of them; then the `ends` at which a voltage is applied, the word
    lines' before the bit lines'. A wire without resistance joins its ends to one node. `words` and `bits` are the nodes
    of each cell, (words, bits); `driven_words` and `driven_bits` mark lines that are connected at their end, others
    float. Wires with a resistance have the conductance `conductance` in S between the nodes `one` and `other`.
    """

    words: Ints
    bits: Ints
    free: int
    ends: int
    driven_words: npt.NDArray[np.bool_]
    driven_bits: npt.NDArray[np.bool_]
    one: Ints
    other: Ints
    conductance: Floats

    @cached_property
    def wires(self) -> sparse.csc_matrix:
        """Kirchhoff's matrix of the wires alone in S, over all nodes."""
        return self.stamped(self.one, self.other, self.conductance)

    def stamped(self, one: Ints, other: Ints, conductance: Floats) -> sparse.csc_matrix:
        """Kirchhoff's matrix in S of conductances between pairs of nodes, over all nodes."""
        total = self.free + self.ends
        rows = np.concatenate([one, other, one, other])
        columns = np.concatenate([one, other, other, one])
        values = np.concatenate([conductance, conductance, -conductance, -conductance])
        return sparse.csc_matrix((values, (rows, columns)), shape=(total, total))

    def end_voltages(self, word_voltage: npt.ArrayLike, bit_voltage: npt.ArrayLike, owner: str) -> Floats:
        """Voltages of all ends, (..., ends) in V, from voltages of the word and the bit lines.

        Floating lines are left out.
        """
        parts = []
        for name, given, driven in (
            ("word_voltage", word_voltage, self.driven_words),
            ("bit_voltage", bit_voltage, self.driven_bits),
        ):
            values = np.asarray(given, dtype=np.float64)
            if values.ndim == 0:
                values = np.broadcast_to(values, driven.shape)
            if values.shape[-1] != driven.size:
                raise ValueError(f"{owner}: {name} has the shape {values.shape}; its last axis has {driven.size} lines")
            chosen = values[..., driven]
            if not np.isfinite(chosen).all():
                raise ValueError(f"{owner}: a {name} of a line that is connected is not finite; give numbers in V")
            parts.append(chosen)
        shape = np.broadcast_shapes(parts[0].shape[:-1], parts[1].shape[:-1])
        return np.concatenate([np.broadcast_to(each, (*shape, each.shape[-1])) for each in parts], axis=-1)

    def line_currents(self, into_ends: Floats) -> tuple[Floats, Floats]:
        """Currents into the word lines and out of the bit lines in A, of those into the ends; 0 of what floats."""
        words = np.zeros((*into_ends.shape[:-1], self.driven_words.size))
        bits = np.zeros((*into_ends.shape[:-1], self.driven_bits.size))
        count = int(self.driven_words.sum())
        words[..., self.driven_words] = into_ends[..., :count]
        bits[..., self.driven_bits] = -into_ends[..., count:]
        return words, bits


def crossbar_nodes(
    shape: tuple[int, int],
    wires: Wires,
    floating_words: npt.ArrayLike | None = None,
    floating_bits: npt.ArrayLike | None = None,
    sense: npt.ArrayLike | None = None,
) -> CrossbarNodes:
    """Number the nodes of a crossbar of `shape` (words, bits).

    Nothing is connected to floating lines; by default there are none, and not all may float. `sense` (ohm) is
    the resistance that each bit line ends in, `wires.sense` by default.
    """
    many_words, many_bits = shape
    wires.require_one_tile(shape, "crossbar")
    driven_words, driven_bits = (
        np.ones(count, dtype=bool) if given is None else ~np.asarray(given, dtype=bool)
        for count, given in ((many_words, floating_words), (many_bits, floating_bits))
    )
    ending = np.full(many_bits, wires.sense) if sense is None else np.asarray(sense, dtype=np.float64)
    for name, values, count in (
        ("floating_words", driven_words, many_words),
        ("floating_bits", driven_bits, many_bits),
        ("sense", ending, many_bits),
    ):
        if values.shape != (count,):
            raise ValueError(f"crossbar: {name} has the shape {values.shape}, but there are {count} such lines")
    if not (driven_words.any() or driven_bits.any()):
        raise ValueError("crossbar: all lines float, so that no voltage is defined; connect one line at least")
    if not (np.isfinite(ending).all() and ending.min() >= 0):
        raise ValueError(f"crossbar: sense has {ending.min()} to {ending.max()} ohm; each must be finite, 0 or above")
    words, bits, ends = _line_nodes(shape, wires, driven_words, driven_bits)
    one, other, resistance = _wires_between(words, bits, ends, wires, ending, driven_words, driven_bits)
    return _joined(words, bits, ends, one, other, resistance, driven_words, driven_bits)


def _line_nodes(
    shape: tuple[int, int], wires: Wires, driven_words: npt.NDArray[np.bool_], driven_bits: npt.NDArray[np.bool_]
) -> tuple[Ints, Ints, Ints]:
    """A node for every cell on each of its lines, and one for every end."""
    words = np.arange(shape[0] * shape[1], dtype=np.intp).reshape(shape)
    bits = words + words.size
    if not wires.word_segment:
        words = np.broadcast_to(words[:, :1], shape)
    if not wires.bit_segment:
        bits = np.broadcast_to(bits[:1], shape)
    first = 2 * shape[0] * shape[1]
    return words, bits, np.arange(first, first + int(driven_words.sum() + driven_bits.sum()), dtype=np.intp)


def _wires_between(
    words: Ints,
    bits: Ints,
    ends: Ints,
    wires: Wires,
    sense: Floats,
    driven_words: npt.NDArray[np.bool_],
    driven_bits: npt.NDArray[np.bool_],
) -> tuple[Ints, Ints, Floats]:
    count = int(driven_words.sum())
    pairs = [
        (ends[:count], words[driven_words, 0], np.full(count, wires.driver + wires.word_segment)),
        (bits[-1, driven_bits], ends[count:], sense[driven_bits] + wires.bit_segment),
    ]
    if wires.word_segment:
        pairs.append((words[:, :-1].ravel(), words[:, 1:].ravel(), np.full(words[:, 1:].size, wires.word_segment)))
    if wires.bit_segment:
        pairs.append((bits[:-1].ravel(), bits[1:].ravel(), np.full(bits[1:].size, wires.bit_segment)))
    one, other, resistance = (np.concatenate([pair[k] for pair in pairs]) for k in range(3))
    return one, other, resistance


def _joined(
    words: Ints,
    bits: Ints,
    ends: Ints,
    one: Ints,
    other: Ints,
    resistance: Floats,
    driven_words: npt.NDArray[np.bool_],
    driven_bits: npt.NDArray[np.bool_],
) -> CrossbarNodes:
    """Join what no resistance lies between, and number the rest: free nodes first, then the ends."""
    name = np.arange(ends[-1] + 1 if ends.size else bits.size + words.size, dtype=np.intp)
    short = resistance == 0
    for a, b in zip(one[short], other[short], strict=True):
        end, line = max(a, b), min(a, b)
        name[line] = end
    used = np.unique(np.concatenate([name[words].ravel(), name[bits].ravel()]))
    free = used[used < (ends[0] if ends.size else name.size)]
    number = np.full(name.size, -1, dtype=np.intp)
    number[free] = np.arange(free.size)
    number[ends] = free.size + np.arange(ends.size)
    return CrossbarNodes(
        words=number[name[words]],
        bits=number[name[bits]],
        free=int(free.size),
        ends=int(ends.size),
        driven_words=driven_words,
        driven_bits=driven_bits,
        one=number[name[one[~short]]],
        other=number[name[other[~short]]],
        conductance=1 / resistance[~short],
    )
