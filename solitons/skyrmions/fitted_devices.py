"""A skyrmion as the devices that it makes in a straight track: a synapse of a row of them, and a neuron."""

from __future__ import annotations

from dataclasses import replace

from solitons.devices.junction_read_out import JunctionReadOut
from solitons.devices.pair import DevicePair
from solitons.devices.spreads import Spreads
from solitons.skyrmions.along_track import TrackEnds
from solitons.skyrmions.forces import AbstractForce, EdgeForce, ForceSum, part_of
from solitons.skyrmions.junction import skyrmion_junction
from solitons.skyrmions.skyrmion_neuron import SkyrmionNeuron
from solitons.skyrmions.skyrmion_synapse import SkyrmionSynapse
from solitons.skyrmions.thiele import ThieleDynamics

__all__ = ["devices_of", "neuron_of", "synapse_of"]


def synapse_of(
    skyrmion: ThieleDynamics,
    size: tuple[float, float],
    read_out: JunctionReadOut,
    *,
    count: int,
    pitch: float,
    temperature: float = 0.0,
    spreads: Spreads | None = None,
    length: float | None = None,
    window: tuple[float, float] | None = None,
) -> SkyrmionSynapse:
    """The synapse of a row of skyrmions in a track whose ends hold it as its edges do, the shortest if left open.

    The track is 2 count + 1 pitches long; its junction begins in the middle of it but half a pitch, and is count
    pitches long.

    Parameters
    ----------
    skyrmion : ThieleDynamics
        With an `EdgeForce`, alone or in a `ForceSum`; a `PairForce` for what its skyrmions do to each other.
    size : (float, float)
        Radius and wall width in m, as a trajectory has them.
    read_out : JunctionReadOut
        The junction.
    count : int
        Skyrmions in the row.
    pitch : float
        In m.
    temperature : float
        In K.
    spreads : Spreads, optional
        How devices differ.
    length : float, optional
        Length of the track in m.
    window : (float, float), optional
        Ends of the junction along the track in m.

    Raises
    ------
    ValueError
        If the skyrmion has no edges, or the row does not fit left of the junction or under it.

    Examples
    --------
    >>> import numpy as np
    >>> from solitons.skyrmions import EdgeForce, ThieleDynamics
    >>> edges = EdgeForce(low=0.0, high=60e-9, strength=3.5e-12, distance=14e-9, decay=8e-9)
    >>> skyrmion = ThieleDynamics(-4 * np.pi, 17 * np.eye(2), alpha=0.3, moment_per_area=5.8e-4, force=edges)
    >>> read_out = JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5, polariser=(0, 0, -1))
    >>> row = synapse_of(skyrmion, (8e-9, 4e-9), read_out, count=3, pitch=60e-9)
    >>> round(float(row.right - row.left) * 1e9), row.count  # nm: seven pitches
    (420, 3)
    """
    edges = edges_of(skyrmion.force)
    low, high = float(edges.low), float(edges.high)
    length = (2 * count + 1) * pitch if length is None else length
    window = ((count + 0.5) * pitch, (2 * count + 0.5) * pitch) if window is None else window
    ends = TrackEnds(replace(edges, low=0.0, high=length))
    parts = (*(skyrmion.force.parts if isinstance(skyrmion.force, ForceSum) else (skyrmion.force,)), ends)
    return SkyrmionSynapse(
        skyrmion=replace(skyrmion, force=ForceSum(parts)),
        junction=skyrmion_junction(read_out, window, high - low, size, core=-1 if skyrmion.gyration < 0 else 1),
        count=count,
        pitch=pitch,
        left=0.0,
        right=length,
        middle=(low + high) / 2,
        temperature=temperature,
        spreads=spreads if spreads is not None else Spreads(),
    )


def neuron_of(skyrmion: ThieleDynamics, distance: float, leak_force: float = 0.0) -> SkyrmionNeuron:
    """The neuron of a skyrmion that fires a distance (m) along its track, pulled back by a force in N.

    Raises
    ------
    ValueError
        If the skyrmion has no edges.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_skyrmion
    >>> skyrmion = example_skyrmion()
    >>> neuron = neuron_of(skyrmion, 140e-9, leak_force=2e-14)
    >>> round(float(neuron.threshold - neuron.start) * 1e9), round(float(neuron.middle) * 1e9)  # nm
    (140, 30)
    """
    edges = edges_of(skyrmion.force)
    middle = (float(edges.low) + float(edges.high)) / 2
    return SkyrmionNeuron(skyrmion=skyrmion, start=0.0, threshold=distance, middle=middle, leak_force=leak_force)


def devices_of(
    skyrmion: ThieleDynamics,
    size: tuple[float, float],
    read_out: JunctionReadOut,
    *,
    count: int,
    pitch: float,
    leak_force: float = 0.0,
    temperature: float = 0.0,
    spreads: Spreads | None = None,
    error: float | None = None,
    amplitude: tuple[float, float] | None = None,
) -> DevicePair:
    """Both devices of a skyrmion, for a network; the neuron fires as far along as the row is long.

    Parameters
    ----------
    skyrmion, size, read_out, count, pitch, temperature, spreads
        As of `synapse_of`.
    leak_force : float
        As of `neuron_of`.
    error : float, optional
        Error of the model in m; by default the held-out error of the fit.
    amplitude : (float, float), optional
        Currents in A/m2 in which inputs are coded; by default the fit's.

    Raises
    ------
    ValueError
        If the skyrmion has no edges, or was not fitted and error or amplitude are left out.

    Examples
    --------
    >>> from solitons.skyrmions.examples import example_skyrmion
    >>> skyrmion = example_skyrmion()
    >>> from solitons.devices import JunctionReadOut
    >>> read_out = JunctionReadOut(resistance_area="10 ohm um^2", tmr=1.5, polariser=(0, 0, -1))
    >>> pair = devices_of(
    ...     skyrmion, (8e-9, 4e-9), read_out, count=3, pitch=60e-9, leak_force=2e-14, error=1e-9, amplitude=(1e11, 5e11)
    ... )
    >>> round(float(pair.neuron.threshold - pair.neuron.start) * 1e9), pair.synapse.count  # nm: three pitches
    (180, 3)
    """
    origin = skyrmion.provenance
    if error is None:
        error = origin.held_out_error if origin is not None else None
    if amplitude is None and origin is not None:
        amplitude = origin.fitted_range.amplitude
    if error is None or amplitude is None:
        raise ValueError(
            "devices_of: the skyrmion has no provenance with held-out runs, so that neither its error nor its currents "
            "are known; give error and amplitude"
        )
    return DevicePair(
        synapse=synapse_of(
            skyrmion, size, read_out, count=count, pitch=pitch, temperature=temperature, spreads=spreads
        ),
        neuron=neuron_of(skyrmion, count * pitch, leak_force),
        error=error,
        amplitude=amplitude,
    )


def edges_of(force: AbstractForce) -> EdgeForce:
    """The edges among the forces on a skyrmion; ValueError if there are none."""
    edges = part_of(force, EdgeForce)
    if edges is not None:
        return edges
    raise ValueError("edges_of: the skyrmion's force has no EdgeForce, so that its track has no width; give it one")
