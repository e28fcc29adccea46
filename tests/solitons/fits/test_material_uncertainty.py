"""How well a material is known, constant by constant."""

import pytest
from rows import rows

from geometries import Material
from solitons.domain_walls import wall_from_material
from solitons.fits.material_uncertainty import MaterialUncertainty, consider

FILM = Material(name="film", Ms=1e6, A=1.6e-11, Ku=7e5, alpha=0.1, D=5e-4, spin_hall_angle=0.2, gamma0=2.2e5)


def wall(film):
    return wall_from_material(film, polarity=-1, thickness=1e-9, stripe_width=60e-9, torques=("zhang-li", "spin-orbit"))


def test_each_constant_moves_what_is_derived_from_it():
    found = consider(wall, FILM, MaterialUncertainty())
    # P, beta and the field-like torque are 0, exactly.
    assert set(found) == {"Ms", "A", "anisotropy_field", "D", "alpha", "gamma0", "spin_hall_angle"}
    ratios = {
        constant: {
            name: float(getattr(each.upper, name) / getattr(wall(FILM), name)) for name in ("width", "dmi_field")
        }
        for constant, each in found.items()
    }
    assert ratios["A"] == pytest.approx({"width": 1.13**0.5, "dmi_field": 1.13**-0.5})
    assert ratios["D"] == pytest.approx({"width": 1.0, "dmi_field": 1.07})
    assert ratios["anisotropy_field"] == pytest.approx({"width": 1.05**-0.5, "dmi_field": 1.05**0.5})
    # With the anisotropy field as measured K_eff goes with Ms, however small a difference it is.
    assert ratios["Ms"] == pytest.approx({"width": 1.04**-0.5, "dmi_field": 1.04**-0.5})
    assert found["spin_hall_angle"].lower.damping_like_per_current == pytest.approx(
        0.9 * float(wall(FILM).damping_like_per_current)
    )
    assert found["alpha"].apart == 2.0


def test_a_film_that_is_hardly_perpendicular_has_a_wall_on_both_sides():
    # Ku - mu0 Ms^2 / 2 is 1.7 kJ/m3: 4 % more Ms at a fixed Ku would be in the plane.
    near = FILM.model_copy(update={"Ku": 6.3e5})
    assert consider(wall, near, MaterialUncertainty())["Ms"].apart == 2.0


def test_a_film_in_the_plane_keeps_its_anisotropy_if_its_magnetisation_is_another():
    soft = FILM.model_copy(update={"Ku": 0.0})
    more = MaterialUncertainty().moved(soft, "Ms", 1.0)
    assert (more.Ms, more.Ku) == (pytest.approx(1.04e6), 0.0)
    weak = FILM.model_copy(update={"Ku": 1e5})
    assert MaterialUncertainty().moved(weak, "anisotropy_field", -1.0).Ku == pytest.approx(0.95e5)


def test_where_there_is_no_model_a_part_of_the_uncertainty_is_taken():
    def fragile(film):
        if film.D > 1.02 * FILM.D:
            raise ValueError("no wall")
        return film.D

    found = consider(fragile, FILM, MaterialUncertainty(D=0.05))["D"]
    assert found.apart == 0.5
    assert (found.upper - found.lower) / found.apart == pytest.approx(0.05 * FILM.D)
    only_d = MaterialUncertainty.model_validate(0).model_copy(update={"D": 0.05})
    with pytest.raises(ValueError, match=r"material 'film': there is no such model with its D off .* exactly \(0\)"):
        consider(lambda film: fragile(film.model_copy(update={"D": 1.02 * film.D})), FILM, only_d)


def test_one_number_is_that_of_each_and_0_is_exact():
    for two in (0.02, "2 %"):
        assert set(MaterialUncertainty.model_validate(two).model_dump().values()) == {0.02}
    assert consider(wall, FILM, MaterialUncertainty.model_validate(0)) == {}


@rows(("value", "message"), [({"D": 1.5}, "D"), ({"Ku": 0.1}, "Ku"), ({"alpha": -0.1}, "alpha")])
def test_what_is_no_relative_uncertainty_is_refused(value, message):
    with pytest.raises(ValueError, match=message):
        MaterialUncertainty.model_validate(value)
