"""The engine against closed forms: walls, edges, resonances, spin waves, a macrospin's hysteresis.

Walls live in a row of cells along x, with hard and easy axes as anisotropies, so that nothing but
the cells' size stands between the engine and the formula. The wall parameter is 10 nm.
"""

import discretisedfield as df
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet
from scipy.optimize import brentq

import runs.native as nc
from runs.native.terms import newell

GAMMA0, MU0 = mm.consts.gamma0, mm.consts.mu0
SATURATION = 6e5
STIFFNESS, EASY = 1e-11, 1e5
WIDTH = np.sqrt(STIFFNESS / EASY)
LENGTH = 400e-9
CELL = 2e-9


def row_of_cells(m, cell=CELL):
    """A system of cubic cells along x with magnetisation m (n, 3)."""
    return magnet((len(m), 1, 1), m[:, None, None, :], cell=cell, Ms=SATURATION)


def wall(*, cell=CELL, start=0.5 * LENGTH, azimuth=0.5 * np.pi, hard=0.0):
    """An up-down wall across the row; `hard` (J/m3) is the anisotropy that keeps it from the x axis."""
    x = ((np.arange(round(LENGTH / cell)) + 0.5) * cell - start) / WIDTH
    m = np.stack([np.cos(azimuth) / np.cosh(x), np.sin(azimuth) / np.cosh(x), -np.tanh(x)], axis=-1)
    system = row_of_cells(m, cell)
    system.energy = mm.Exchange(A=STIFFNESS) + mm.UniaxialAnisotropy(K=EASY, u=(0, 0, 1), name="easy")
    if hard:
        system.energy += mm.UniaxialAnisotropy(K=-hard, u=(1, 0, 0), name="hard")

    return system


def positions(m):
    """Position in m of the up-down wall in every frame."""
    return 0.5 * (m[:, :, 0, 0, 2].mean(axis=1) + 1) * LENGTH


def azimuths(m):
    """Angle in rad from x of the wall's in-plane moment in every frame, without jumps."""
    return np.unwrap(np.arctan2(m[..., 1].sum(axis=(1, 2, 3)), m[..., 0].sum(axis=(1, 2, 3))))


def extrapolated(coarse, fine):
    """The limit of small cells from two sizes, one twice the other: errors go with the square of the cell."""
    return (4 * fine - coarse) / 3


@pytest.mark.slow
def test_bloch_wall_has_its_energy_and_width():
    """Energy 4 sqrt(A K) and width pi sqrt(A / K) (Lilley), to second order in the cell."""
    energies, widths = [], []
    for cell in (4e-9, 2e-9):
        system = wall(cell=cell)
        m, table = nc.minimise(system, stopping_mxHxm=1e-4)
        energies.append(table.E[0] / cell**2)
        z = m[:, 0, 0, 2]
        inner = np.abs(z) < 0.9
        slope = np.polyfit(system.m.mesh.cells.x[inner], np.arctanh(z[inner]), 1)[0]
        widths.append(-np.pi / slope)
    expected = 4 * np.sqrt(STIFFNESS * EASY)
    assert energies[1] == pytest.approx(expected, rel=2e-3)
    assert extrapolated(*energies) == pytest.approx(expected, rel=1e-4)
    assert widths[1] == pytest.approx(np.pi * WIDTH, rel=1e-2)
    assert extrapolated(*widths) == pytest.approx(np.pi * WIDTH, rel=1e-3)


@pytest.mark.slow
class TestWalkerBreakdown:
    """A field along the easy axis: Schryer and Walker, J. Appl. Phys. 45, 5406 (1974)."""

    alpha, hard = 0.3, 1e4
    breakdown = alpha * hard / (MU0 * SATURATION)
    """Walker field in A/m, alpha Hk / 2 with Hk = 2 K / (mu0 Ms) of the hard axis."""

    def drive(self, share, time, count):
        field = share * self.breakdown
        system = wall(start=100e-9, hard=self.hard)
        system.energy += mm.Zeeman(H=(0, 0, field))
        system.dynamics = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=self.alpha)
        times = np.linspace(0, time, count)
        m, _ = nc.evolve(system, times)
        return field, times, positions(m), azimuths(m)

    def width(self, tilt):
        """The wall parameter in m of a wall that is tilted from the easy plane by `tilt` (rad)."""
        return np.sqrt(STIFFNESS / (EASY + self.hard * np.sin(tilt) ** 2))

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.85])
    def test_below_it_the_wall_moves_evenly(self, share):
        """Walker's exact solution: sin(2 tilt) = H / H_W and v = gamma0 Delta(tilt) H / alpha."""
        field, times, position, azimuth = self.drive(share, 8e-9, 9)
        tilt = 0.5 * np.arcsin(share)
        assert abs(azimuth[-1] - np.pi / 2) == pytest.approx(tilt, abs=4e-3)
        velocity = (position[-1] - position[-2]) / (times[-1] - times[-2])
        assert velocity == pytest.approx(GAMMA0 * self.width(tilt) * field / self.alpha, rel=0.01)

    @pytest.mark.parametrize("share", [1.2, 1.5, 3.0])
    def test_above_it_the_wall_turns_round(self, share):
        """Mean rate gamma0 sqrt(H^2 - H_W^2) / (1 + alpha^2), and the wall is slower than it would be at H_W."""
        field = share * self.breakdown
        rate = GAMMA0 / (1 + self.alpha**2) * np.sqrt(field**2 - self.breakdown**2)
        _, times, position, azimuth = self.drive(share, 1.5 * np.pi / rate, 301)
        turn = azimuth - azimuth[0]
        begin, end = np.interp([0.2 * np.pi, 1.2 * np.pi], turn, times)
        assert np.pi / (end - begin) == pytest.approx(rate, rel=2e-3)
        # dq/dt = Delta (gamma0 H - dphi/dt) / alpha, dphi/dt = gamma0 (H - H_W sin(2 phi)) / (1 + alpha^2)
        tilt = np.linspace(0, np.pi, 1000, endpoint=False)
        turning = GAMMA0 * (field - self.breakdown * np.sin(2 * tilt)) / (1 + self.alpha**2)
        slip = self.width(tilt) * (GAMMA0 * field / turning - 1) / self.alpha
        velocity = np.interp(end, times, position) - np.interp(begin, times, position)
        assert velocity / (end - begin) == pytest.approx(rate * slip.mean(), rel=0.02)
        assert velocity / (end - begin) < GAMMA0 * self.width(np.pi / 4) * self.breakdown / self.alpha


class TestZhangLiWall:
    """Thiaville et al., Europhys. Lett. 69, 990 (2005); Zhang and Li, Phys. Rev. Lett. 93, 127204 (2004)."""

    hard = 1e4
    alpha = 0.3

    def drive(self, u, beta, times, cell=CELL, start=100e-9):
        system = wall(cell=cell, start=start, hard=self.hard)
        system.dynamics = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=self.alpha) + mm.ZhangLi(u=u, beta=beta)
        m, _ = nc.evolve(system, times)
        return positions(m), azimuths(m)

    def threshold(self, beta):
        """|u| in m/s above which the wall turns round."""
        return GAMMA0 * WIDTH * self.hard / (MU0 * SATURATION) * self.alpha / abs(self.alpha - beta)

    @pytest.mark.slow
    @pytest.mark.parametrize("u", [100.0, 1000.0, -300.0])
    def test_with_beta_equal_to_alpha_the_wall_moves_with_u(self, u):
        """The texture is carried along unchanged, at any u: only the cells' gradient is not exact."""
        time = 100e-9 / abs(u)
        velocities = []
        for cell in (4e-9, 2e-9):
            position, azimuth = self.drive(u, self.alpha, np.linspace(0, time, 3), cell, 200e-9)
            velocities.append((position[-1] - position[0]) / time)
            assert azimuth == pytest.approx(np.pi / 2, abs=0.03)
        assert velocities[1] == pytest.approx(u, rel=0.01)
        assert extrapolated(*velocities) == pytest.approx(u, rel=1e-3)

    @pytest.mark.slow
    @pytest.mark.parametrize(("beta", "share"), [(0.15, 0.5), (0.6, -0.5)])
    def test_below_the_threshold_it_moves_at_beta_u_over_alpha(self, beta, share):
        u = share * self.threshold(beta)
        start = 100e-9 if u > 0 else 300e-9
        position, azimuth = self.drive(u, beta, [0, 6e-9, 6.5e-9], start=start)
        assert (position[-1] - position[-2]) / 0.5e-9 == pytest.approx(beta * u / self.alpha, rel=0.01)
        assert abs(azimuth[-1] - np.pi / 2) == pytest.approx(0.5 * np.arcsin(abs(share)), abs=0.01)

    def test_without_beta_it_stops_below_the_threshold(self):
        """Intrinsic pinning: the wall tilts until sin(2 tilt) = u / u_c, moved by Delta tilt / alpha."""
        u = 0.5 * self.threshold(0.0)
        position, azimuth = self.drive(u, 0.0, [0, 8e-9, 8.5e-9])
        tilt = 0.5 * np.arcsin(0.5)
        assert abs(azimuth[-1] - np.pi / 2) == pytest.approx(tilt, abs=0.01)
        assert position[-1] - position[0] == pytest.approx(WIDTH * tilt / self.alpha, rel=0.03)
        assert abs(position[-1] - position[-2]) / 0.5e-9 < 0.01 * u


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.3, 0.7, -0.7, 1.05])
def test_dmi_turns_a_bloch_wall_into_a_neel_wall(share):
    """Thiaville et al., Europhys. Lett. 100, 57002 (2012), with the hard axis as an anisotropy K along x.

    A wall at angle phi from x costs 4 sqrt(A (K_e + K cos^2 phi)) - pi D cos phi: the dmi's
    energy D (m . grad m_z - m_z div m) is -D cos phi dtheta/dx and theta goes from 0 to pi. For
    K << K_e the minimum is at cos phi = pi D / (4 Delta K), up to D_c = 4 Delta K / pi.
    """
    hard = 2e3
    dmi = share * 4 * WIDTH * hard / np.pi
    system = wall(hard=hard, azimuth=np.pi / 2 - 0.3 * np.sign(share))
    system.energy += mm.DMI(D=dmi, crystalclass="Cnv_z")
    m, table = nc.minimise(system, stopping_mxHxm=1e-3)

    def slope(cosine):
        return 4 * hard * cosine * np.sqrt(STIFFNESS / (EASY + hard * cosine**2)) - np.pi * abs(dmi)

    cosine = np.sign(dmi) * (brentq(slope, 0, 1) if slope(1) > 0 else 1.0)
    assert np.cos(azimuths(m[None])[0]) == pytest.approx(cosine, abs=5e-3)
    energy = 4 * np.sqrt(STIFFNESS * (EASY + hard * cosine**2)) - np.pi * dmi * cosine
    assert table.E[0] / CELL**2 == pytest.approx(energy, rel=2.5e-3)


@pytest.mark.slow
@pytest.mark.parametrize("dmi", [5e-4, -1e-3])
def test_dmi_tilts_m_at_a_free_edge(dmi):
    """Rohart and Thiaville, Phys. Rev. B 88, 184422 (2013): sin(theta) = D / (2 sqrt(A K)) at the edge.

    Stationarity at the edge is 2 A dtheta/dx = D at both ends, the first integral inside A
    (dtheta/dx)^2 = K sin^2(theta); so tan(theta / 2) falls by e over each Delta from the edge.
    """
    tilted = {}
    for cell in (2e-9, 1e-9):
        system = row_of_cells(np.tile((np.sign(dmi) * 0.05, 0.0, 1.0), (round(200e-9 / cell), 1)), cell)
        system.energy = mm.Exchange(A=STIFFNESS) + mm.UniaxialAnisotropy(K=EASY, u=(0, 0, 1))
        system.energy += mm.DMI(D=dmi, crystalclass="Cnv_z")
        m, _ = nc.minimise(system, stopping_mxHxm=1e-4)
        tilted[cell] = m[:, 0, 0]
    edge = np.arcsin(dmi / (2 * np.sqrt(STIFFNESS * EASY)))
    distance = (np.arange(50) + 0.5) * 2e-9
    expected = 2 * np.arctan(np.tan(edge / 2) * np.exp(-distance / WIDTH))
    right, left = tilted[2e-9][:-51:-1], tilted[2e-9][:50]
    np.testing.assert_allclose(right[:, 0], np.sin(expected), atol=1e-3)
    np.testing.assert_allclose(left[:, 0], -np.sin(expected), atol=1e-3)
    np.testing.assert_allclose(right[:, 1], 0, atol=1e-6)
    # A cubic through the last angles reaches the edge itself.
    fine = tilted[1e-9][-5:]
    angles = np.arctan2(fine[:, 0], fine[:, 2])
    at_edge = np.polyval(np.polyfit((np.arange(-5, 0) + 0.5) * 1e-9, angles, 3), 0.0)
    assert np.sin(at_edge) == pytest.approx(np.sin(edge), rel=1e-3)


@pytest.mark.parametrize("alpha", [0.0, 0.02])
@pytest.mark.parametrize("mode", [0, 1, 32, 63])
def test_exchange_spin_waves_have_their_frequency(mode, alpha):
    """Standing waves cos(k x) of a row of n cells of edge d, k = mode pi / (n d), turn at

    omega = gamma0 (H + 2 A / (mu0 Ms) 2 (1 - cos k d) / d^2), which is exact for the cells'
    equation; with damping at omega / (1 + alpha^2), falling by alpha omega / (1 + alpha^2).
    """
    count, field, amplitude = 64, 2e5, 1e-4
    k = mode * np.pi / (count * CELL)
    shape = np.cos(k * (np.arange(count) + 0.5) * CELL)
    system = row_of_cells(np.stack([amplitude * shape, 0 * shape, np.ones(count)], axis=-1))
    system.energy = mm.Exchange(A=STIFFNESS) + mm.Zeeman(H=(0, 0, field))
    system.dynamics = mm.Precession(gamma0=GAMMA0) + mm.Damping(alpha=alpha)
    stiffness = 2 * STIFFNESS / (MU0 * SATURATION) * 2 * (1 - np.cos(k * CELL)) / CELL**2
    omega = GAMMA0 * (field + stiffness) / (1 + alpha**2)
    times = np.linspace(0, 8 * np.pi / omega, 41)
    m, _ = nc.evolve(system, times, tolerance=1e-10)
    wave = (m[:, :, 0, 0, 0] + 1j * m[:, :, 0, 0, 1]) @ shape
    np.testing.assert_allclose(np.unwrap(np.angle(wave)), omega * times, atol=1e-4)
    np.testing.assert_allclose(np.log(np.abs(wave / wave[0])), -alpha * omega * times, atol=1e-5)


def kittel(field, factors, saturation):
    """Resonance in Hz of an ellipsoid magnetised along x: Kittel, Phys. Rev. 73, 155 (1948)."""
    y, z = (field + (factor - factors[0]) * saturation for factor in factors[1:])
    return GAMMA0 / (2 * np.pi) * np.sqrt(y * z)


def frequency(times, signal):
    """Frequency in Hz from the first to the last upward zero."""
    up = np.nonzero((signal[:-1] < 0) & (signal[1:] >= 0))[0]
    zeros = times[up] - signal[up] * np.diff(times)[up] / np.diff(signal)[up]
    return (len(zeros) - 1) / (zeros[-1] - zeros[0])


def resonance(system, expected):
    """Frequency in Hz at which m, turned by 1e-3, precesses about its rest along x; with no damping."""
    rest, _ = nc.minimise(system, stopping_mxHxm=1e-3)
    turned = df.Field(system.m.mesh, nvdim=3, value=rest + np.array([0, 1e-3, 0]), norm=system.m.norm)
    system = mm.System(name="turned", energy=system.energy, dynamics=mm.Precession(gamma0=GAMMA0), m=turned)
    times = np.linspace(0, 10.3 / expected, 601)
    m, _ = nc.evolve(system, times, tolerance=1e-8)
    return frequency(times, m[..., 1].mean(axis=(1, 2, 3)) - rest[..., 1].mean())


def test_macrospin_resonates_at_kittels_frequency():
    """Demagnetising factors as anisotropies, K = -mu0 Ms^2 N / 2: a film, a needle across, and between."""
    for factors in ((0, 0, 1), (0, 0.5, 0.5), (0.1, 0.3, 0.6)):
        energy = mm.Exchange(A=1e-11)
        for axis, factor in enumerate(factors):
            value = -0.5 * MU0 * 8e5**2 * factor
            energy += mm.UniaxialAnisotropy(K=value, u=tuple(np.eye(3)[axis]), name=f"shape_{'xyz'[axis]}")
        expected = kittel(1e5, factors, 8e5)
        system = magnet((1, 1, 1), (1, 0, 0), energy + mm.Zeeman(H=(1e5, 0, 0)), cell=5e-9)
        assert resonance(system, expected) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("edge", "below"), [(20e-9, 0.004), (40e-9, 0.008)])
def test_small_film_resonates_at_kittels_frequency(edge, below):
    """A square film that exchange keeps almost uniform, with its volume-averaged demagnetising factors.

    What is left over lowers the frequency, by the square of the coupling to the next modes: 0.6 %
    for 40 nm, less for 20 nm. Without the film's edges the formula would be off by 5 and 9 %.
    """
    # Volume averages for the whole film as one cell; Aharoni's formula checks them in `test_native_demag`.
    factors = newell.tensor((1, 1, 1), (edge, edge, 2e-9), ("xx", "yy", "zz")).ravel()
    expected = kittel(8e5, factors, 8e5)
    energy = mm.Exchange(A=1.3e-11) + mm.Demag() + mm.Zeeman(H=(8e5, 0, 0))
    film = magnet((10, 10, 1), (1, 0, 0), energy, cell=(edge / 10, edge / 10, 2e-9))
    found = resonance(film, expected)
    assert expected * (1 - below) < found < expected
    assert found < 0.97 * kittel(8e5, (0, 0, 1), 8e5)


@pytest.mark.slow
def test_film_without_edges_resonates_at_kittels_frequency():
    """A film that repeats in its plane: factors 0, 0 and 1."""
    energy = mm.Exchange(A=1.3e-11) + mm.Demag() + mm.Zeeman(H=(1e5, 0, 0))
    system = magnet((8, 8, 1), (1, 0, 0), energy, cell=(5e-9, 5e-9, 2e-9), bc="xy")
    expected = kittel(1e5, (0, 0, 1), 8e5)
    assert resonance(system, expected) == pytest.approx(expected, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("along", ["x", "y"])
def test_dipole_exchange_spin_waves_of_a_film(along):
    """Kalinikos and Slavin, J. Phys. C 19, 7013 (1986), the lowest mode, m along x.

    With h = H + 2 A k^2 / (mu0 Ms) and P = 1 - (1 - exp(-k d)) / (k d), omega^2 / gamma0^2 is
    h (h + Ms (1 - P)) for k along m and (h + Ms P) (h + Ms (1 - P)) for k across. Wavelength 160 nm,
    d = 10 nm, 32 cells a wavelength: they average the field over a cell, which changes it by 0.1 and
    0.2 % (by a quarter of that where cells are half as long).
    """
    count, cell, thickness, field, saturation = 32, 5e-9, 10e-9, 1e5, 8e5
    n = {"x": (count, 1, 1), "y": (1, count, 1)}[along]
    k = 2 * np.pi / (count * cell)
    shape = np.cos(k * (np.arange(count) + 0.5) * cell).reshape(n)
    wave = np.stack([np.ones(n), 1e-3 * shape, np.zeros(n)], axis=-1)
    energy = mm.Exchange(A=1.3e-11) + mm.Demag() + mm.Zeeman(H=(field, 0, 0))
    system = magnet(n, wave, energy, mm.Precession(gamma0=GAMMA0), cell=(cell, cell, thickness), Ms=saturation, bc="xy")
    stiff = field + 2 * 1.3e-11 * 2 * (1 - np.cos(k * cell)) / cell**2 / (MU0 * saturation)
    inside = 1 - (1 - np.exp(-k * thickness)) / (k * thickness)
    in_plane = stiff + (saturation * inside if along == "y" else 0.0)
    expected = GAMMA0 / (2 * np.pi) * np.sqrt(in_plane * (stiff + saturation * (1 - inside)))
    times = np.linspace(0, 10.3 / expected, 601)
    m, _ = nc.evolve(system, times, tolerance=1e-8)
    assert frequency(times, np.sum(m[..., 1] * shape, axis=(1, 2, 3))) == pytest.approx(expected, rel=3e-3)


@pytest.mark.parametrize("degrees", [1, 10, 30, 45, 60, 80, 89])
def test_macrospin_switches_on_the_astroid(degrees):
    """Stoner and Wohlfarth (1948): h = (cos^(2/3) psi + sin^(2/3) psi)^(-3/2), found to 0.1 %."""
    psi = np.radians(degrees)
    along = -np.array([np.cos(psi), np.sin(psi), 0])
    anisotropy = 1e5
    switching = 2 * anisotropy / (MU0 * 8e5) * (np.cos(psi) ** (2 / 3) + np.sin(psi) ** (2 / 3)) ** -1.5
    system = magnet((1, 1, 1), (1, 0, 0), mm.UniaxialAnisotropy(K=anisotropy, u=(1, 0, 0)))
    fields = switching * np.append(np.linspace(0, 0.999, 12), 1.001)[:, None] * along
    states, table = nc.hysteresis(system, fields, stopping_mxHxm=1e-3)
    x = states[:, 0, 0, 0, 0]
    np.testing.assert_allclose(table.mx, x)
    assert np.all(x[:-1] > 0)
    assert x[-1] < 0
