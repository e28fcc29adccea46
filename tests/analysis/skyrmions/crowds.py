"""Crowds of skyrmions whose way and fate are known, and how many links and events an extraction has right."""

import itertools

import numpy as np

from analysis import artificial

NM = 1e-9
RADIUS, WIDTH, CELL = 14 * NM, 4 * NM, 4 * NM


def crowd(seed, *, count=50, frames=40, extent=(960 * NM, 480 * NM), step=8 * NM, noise=1.5 * NM, closest=2.2):
    """A film in which skyrmions drift and diffuse, pass close by, appear, vanish, leave and come in.

    None comes closer to another than `closest` radii from centre to centre. Gives the run and the events as
    (kind, frame, x, y, skyrmion).
    """
    rng = np.random.default_rng(seed)
    size = np.array(extent)
    place = np.full((frames, count, 2), np.nan)
    birth = np.where(rng.random(count) < 0.6, 0, rng.integers(2, frames - 6, count))
    death = np.where(rng.random(count) < 0.7, frames, birth + rng.integers(5, frames, count))
    angle = rng.normal(0.3, 0.5, count) + np.pi * (rng.random(count) < 0.3)
    velocity = step * rng.uniform(0.3, 1.5, count)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    now, there, events = np.full((count, 2), np.nan), np.zeros(count, dtype=bool), []
    margin = np.array([1.6, 1.6]) * RADIUS
    for frame in range(frames):
        now[there] += velocity[there] + rng.normal(0, noise, (there.sum(), 2))
        for each in np.flatnonzero((birth == frame) & ~there):
            for _ in range(200):
                if frame and rng.random() < 0.3:
                    # Comes in from the left or the right end.
                    side = rng.random() < 0.5
                    trial = np.array([-2.0 * RADIUS if side else size[0] + 2 * RADIUS, rng.uniform(0.2, 0.8) * size[1]])
                    velocity[each] = (step if side else -step, 0.0)
                else:
                    trial = rng.uniform(margin + 2 * CELL, size - margin - 2 * CELL)
                if not there.any() or np.hypot(*(now[there] - trial).T).min() > 3.2 * RADIUS:
                    now[each], there[each] = trial, True
                    break
        vanish = there & (death == frame) & (np.minimum(now, size - now).min(axis=1) > 2.5 * RADIUS)
        there[vanish], now[vanish] = False, np.nan
        for _ in range(30):
            moved = False
            alive = np.flatnonzero(there)
            for a, one in enumerate(alive):
                for other in alive[a + 1 :]:
                    apart = now[other] - now[one]
                    distance = np.hypot(*apart)
                    if distance < closest * RADIUS:
                        push = (closest * RADIUS * 1.01 - distance) / 2 * apart / distance
                        now[one] -= push
                        now[other] += push
                        moved = True
            if not moved:
                break
        gone = there & ((now < -3 * RADIUS) | (now > size + 3 * RADIUS)).any(axis=1)
        there[gone], now[gone] = False, np.nan
        place[frame] = now
    inside = np.isfinite(place[..., 0]) & (np.minimum(place, size - place).min(axis=-1) > RADIUS + CELL / 2)
    for each in range(count):
        # One that only touches an edge for a moment has not left.
        seen = np.flatnonzero(_closed(inside[:, each], np.isfinite(place[:, each, 0])))
        for begin, end in zip(*_stretches(seen), strict=True):
            before, after = begin - 1, end + 1
            if begin > 0:
                kind = (
                    "entering"
                    if np.isfinite(place[before, each, 0]) or _at_edge(place[begin, each], size)
                    else "creation"
                )
                events.append((kind, begin, *place[begin, each], each))
            if end < frames - 1:
                kind = "leaving" if np.isfinite(place[after, each, 0]) else "annihilation"
                events.append((kind, after, *place[end, each], each))
    run = artificial.skyrmions(place, extent=extent, cell=(CELL, CELL, NM), radius=RADIUS, wall_width=WIDTH)
    return run, np.where(inside[..., None], place, np.nan), events


def hot_film(seed, radius, *, noise, closest, frames=32):
    """Sixteen skyrmions of which six pairs cross at `closest` radii, one is born, one vanishes and one leaves.

    The radius is in cells. Every moment has noise of its own, as no time step between frames is short. Gives the
    run, the places, NaN where a skyrmion is not wholly inside, and the kinds of events that there are.
    """
    rng = np.random.default_rng(seed)
    radius = radius * CELL
    slot = np.round(np.array([13, 7]) * radius / CELL) * CELL
    ways = np.full((frames, 16, 2), np.nan)
    ways[..., 1] = slot[1] / 2
    for way in range(12):
        side = 1 - 2 * (way % 2)
        ways[:, way, 0] = slot[0] / 2 + 0.27 * side * radius * (np.arange(frames) - frames / 2 + rng.uniform())
        ways[:, way, 1] += side * closest * radius / 2
    for way, (start, step) in enumerate([(3, 0.1), (9, 0.1), (3, 0.1), (10, 0.2)], start=12):
        ways[:, way, 0] = radius * (start + step * np.arange(frames))
    ways[: frames // 3, 12], ways[2 * frames // 3 :, 13] = np.nan, np.nan
    ways += slot * np.stack([np.arange(16) // 2 % 2, np.arange(16) // 4], axis=1)
    extent = 2 * slot[0], 4 * slot[1]
    run = artificial.skyrmions(ways, extent=extent, cell=(CELL, CELL, NM), radius=radius, wall_width=radius / 3)
    noisy = run.m.values + rng.normal(0, noise, run.m.shape)
    run["m"] = run.m.copy(data=(noisy / np.linalg.norm(noisy, axis=-1, keepdims=True)).astype(np.float32))
    inside = np.minimum(ways, np.array(extent) - ways).min(axis=-1) > radius + 2 * CELL
    return run, np.where(inside[..., None], ways, np.nan), ["annihilation", "creation", "leaving"]


def switches(found, truth, within):
    """How often one of the true skyrmions is found under another name than when it was last found, or never."""
    count = 0
    for places in np.moveaxis(truth, 1, 0):
        there = np.flatnonzero(np.isfinite(places[:, 0]))
        apart = np.hypot(*(np.stack([found.x, found.y]) - places.T[..., None]))[there]
        names = np.where(np.nanmin(apart, axis=1) < within, np.argmin(np.nan_to_num(apart, nan=np.inf), axis=1), -1)
        names = names[names >= 0]
        count += int((np.diff(names) != 0).sum() + (names.size == 0))
    return count


def _closed(inside, somewhere, memory=2):
    seen = np.flatnonzero(inside)
    filled = inside.copy()
    for before, after in itertools.pairwise(seen):
        if 1 < after - before <= memory + 1 and somewhere[before:after].all():
            filled[before:after] = True
    return filled


def _stretches(seen):
    if not seen.size:
        return [], []
    cuts = np.flatnonzero(np.diff(seen) > 1)
    return seen[np.append(0, cuts + 1)], seen[np.append(cuts, seen.size - 1)]


def _at_edge(place, size):
    return np.minimum(place, size - place).min() < 2 * RADIUS


def right_links(found, truth):
    """Numbers of right and of all links from frame to frame."""
    names = np.full(truth.shape[:2], -1)
    for frame, places in enumerate(truth):
        x, y = found.x.values[frame], found.y.values[frame]
        for each in np.flatnonzero(np.isfinite(places[:, 0])):
            distance = np.hypot(x - places[each, 0], y - places[each, 1])
            if np.isfinite(distance).any() and np.nanmin(distance) < 1.5 * CELL:
                names[frame, each] = np.nanargmin(distance)
    there = np.isfinite(truth[..., 0])
    both = there[1:] & there[:-1]
    same = (names[1:] == names[:-1]) & (names[1:] >= 0)
    return int((same & both).sum()), int(both.sum())


def right_events(found, events):
    """Numbers of events that were found, of those that there were, and of those that were found and were not there."""
    left = [
        (str(kind), int(frame), float(x), float(y))
        for kind, frame, x, y in zip(
            found.event_kind.values, found.event_frame.values, found.event_x.values, found.event_y.values, strict=True
        )
    ]
    right = 0
    for kind, frame, x, y, _ in events:
        match = [
            each
            for each in left
            if each[0] == kind and abs(each[1] - frame) <= 1 and np.hypot(each[2] - x, each[3] - y) < 2 * RADIUS
        ]
        if match:
            right += 1
            left.remove(match[0])
    return right, len(events), left
