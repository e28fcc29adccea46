"""What keeps a device from being the same all along x, named."""

from rows import rows

from geometries import SkyrmionTrack, SpinIce, Stripe
from geometries.along_x import changes_along_x

EVEN = {
    "length": "128 nm",
    "width": "32 nm",
    "thickness": "1 nm",
    "cell": ("4 nm", "4 nm", "1 nm"),
    "walls": [{"position": "64 nm"}],
}


def test_a_plain_stripe_is_the_same_all_along_with_parts_and_terminals_that_are():
    lengthwise = {"y": ("0 nm", "16 nm")}
    stripe = EVEN | {
        "parts": [{"name": "half", "Ku": "4e5 J/m3"} | lengthwise],
        "terminals": [{"kind": "heavy_metal", "name": "metal"} | lengthwise],
        "anisotropy_gradient": {"last": 0.9, "along": "y"},
    }
    assert changes_along_x(Stripe.model_validate(EVEN)) == []
    assert changes_along_x(Stripe.model_validate(stripe)) == []


@rows(
    ("fields", "said"),
    [
        ({"notches": [{"position": "30 nm", "depth": "8 nm", "width": "16 nm"}]}, ["the outline (notches)"]),
        (
            {"edge_roughness": {"rms": "3 nm", "correlation_length": "15 nm", "seed": 1}},
            ["the outline (edge_roughness)"],
        ),
        ({"parts": [{"name": "gate", "Ku": "4e5 J/m3", "x": ("0 nm", "40 nm")}]}, ["part 'gate'"]),
        ({"terminals": [{"kind": "in_plane", "name": "tip", "x": ("0 nm", "40 nm")}]}, ["terminal 'tip'"]),
        (
            {"terminals": [{"kind": "strip_line", "name": "line", "centre": 0.0, "width": 1e-7, "height": 1e-7}]},
            ["the field of strip line 'line'"],
        ),
        (
            {
                "terminals": [
                    {"kind": "through_plane", "name": "j", "polariser": (0, 0, 1), "polarisation": 0.5, "oersted": True}
                ]
            },
            ["the field of through plane 'j'"],
        ),
        ({"grains": {"size": "20 nm", "anisotropy_spread": 0.05, "seed": 1}}, ["the anisotropy (grains)"]),
        ({"anisotropy_gradient": {"last": 0.9}}, ["the anisotropy (anisotropy_gradient)"]),
        ({"pinned_ends": {"length": "12 nm", "field": 1e5}}, ["the static field (pinned_ends)"]),
        ({"readout_window": {"x": ("40 nm", "80 nm")}}, ["the window of the read-out"]),
    ],
)
def test_what_differs_is_named(fields, said):
    assert changes_along_x(Stripe.model_validate(EVEN | fields)) == said


def test_bends_and_other_families_are_not_even():
    bend = {"kind": "curved", "lead": "40 nm", "radius": "60 nm", "angle": "90 deg"}
    track = {"path": bend, "width": "32 nm", "thickness": "1 nm", "cell": EVEN["cell"]}
    assert changes_along_x(SkyrmionTrack.model_validate(track)) == [
        "the outline (path 'curved')",
        "the way of the current",
    ]
    assert changes_along_x(SpinIce.example())[0].startswith("the outline")
