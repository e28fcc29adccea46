"""Energy terms and effective fields: against OOMMF, closed forms, and the gradient of the energy."""

import jax
import jax.numpy as jnp
import micromagneticmodel as mm
import numpy as np
import pytest
from magnets import magnet

import runs.native as nc
from runs.native.abstract import jit_for_seldom_use
from runs.native.translate import initial_amplitudes, translate


def check_case(system, case, said):
    """Compare field, energy and density with OOMMF's, of all terms and of the one term there is."""
    field, energy, density = said
    tolerance = 1e-6 if "demag" in case else 1e-9
    magnet = system.m.norm.array[..., 0] > 0
    (term,) = system.energy
    for owner in (system.energy, term):
        ours = nc.compute(owner.effective_field, system).array
        assert np.abs(ours - field)[magnet].max() <= tolerance * np.abs(field).max()
        assert np.all(ours[~magnet] == 0)
        assert np.abs(nc.compute(owner.density, system).array - density).max() <= tolerance * np.abs(density).max()
        assert nc.compute(owner.energy, system) == pytest.approx(energy, rel=tolerance, abs=0)


def test_term_is_as_recorded_from_oommf(energy_case, make_energy_system, recorded_energies):
    check_case(make_energy_system(*energy_case), energy_case, recorded_energies["/".join(energy_case)])


@pytest.mark.oommf
@pytest.mark.slow
def test_term_is_oommfs(energy_case, make_energy_system, oommf_says):
    shape, name = energy_case
    check_case(make_energy_system(shape, name), energy_case, oommf_says(shape)[name])


@pytest.mark.oommf
def test_demag_far_away_is_oommfs(tmp_path):
    import oommfc as oc

    m = np.zeros((100, 10, 1, 3))
    m[0, :2] = (3e5, 4e5, 5e5)

    def film(m):
        return magnet((100, 10, 1), m, mm.Demag(), cell=(4e-9, 2e-9, 1e-9), Ms=None)

    system = film(m)
    field = oc.compute(system.energy.effective_field, system, dirname=str(tmp_path), n_threads=1, verbose=0).array
    m[-1, -2:] = m[0, :2]
    # OOMMF gives a field outside the magnet too; ours at the far end is that of the near end on it.
    both, alone = film(m), film(np.where(np.arange(100) < 99, 0, 1)[:, None, None, None] * m)
    ours = nc.compute(both.energy.effective_field, both).array - nc.compute(alone.energy.effective_field, alone).array
    np.testing.assert_allclose(ours[-1, -2:], field[-1, -2:], rtol=1e-6)


@jit_for_seldom_use
def gradient_and_field(model, m, amplitudes):
    return jax.grad(model.energy)(m, amplitudes), model.field(m, amplitudes)


def test_field_is_minus_the_gradient_of_the_energy(energy_case, make_energy_system):
    translation = translate(make_energy_system(*energy_case), dynamics=False)
    with jax.enable_x64(True):
        model, amplitudes = translation.model, initial_amplitudes(translation.waveforms)
        m = jnp.asarray(translation.discretisation.magnetisation)
        gradient, field = map(np.asarray, gradient_and_field(model, m, amplitudes))
        moment = np.asarray(mm.consts.mu0 * model.saturation * model.cell_volume)
    assert np.abs(field).max() > 0
    np.testing.assert_allclose(-gradient, moment * field, atol=1e-12 * np.abs(moment * field).max())


def test_uniform_state_has_zeeman_and_anisotropy_energy_only_which_add_up():
    energy = mm.Exchange(A=1e-11) + mm.UniaxialAnisotropy(K=3e5, u=(0, 0, 1)) + mm.Zeeman(H=(0, 0, 1e5))
    system = magnet((10, 5, 2), (0, 0.6, 0.8), energy)
    volume = 20e-9 * 10e-9 * 4e-9
    exchange, anisotropy, zeeman = (nc.compute(term.energy, system) for term in system.energy)
    assert exchange == pytest.approx(0, abs=1e-30)
    assert anisotropy == pytest.approx(3e5 * 0.36 * volume, rel=1e-12)
    assert zeeman == pytest.approx(-mm.consts.mu0 * 8e5 * 0.8 * 1e5 * volume, rel=1e-9)
    assert nc.compute(system.energy.energy, system) == pytest.approx(exchange + anisotropy + zeeman, rel=1e-12)
    for quantity in ("effective_field", "density"):
        parts = [nc.compute(getattr(term, quantity), system).array for term in system.energy]
        np.testing.assert_allclose(nc.compute(getattr(system.energy, quantity), system).array, sum(parts))


@pytest.mark.slow
def test_compute_names_what_it_cannot_do(make_energy_system):
    system = make_energy_system("film", "exchange")
    with pytest.raises(ValueError, match="effective_field"):
        nc.compute(system.energy.__len__, system)
