"""The campaign of one square of four islands."""

from solitons.campaigns.spin_ice.ice_avalanche.campaign import IceAvalancheCampaign

ONE_SQUARE = {
    "kind": "spin_ice",
    "lattice": {"kind": "square", "columns": 1, "rows": 1, "lattice_constant": "200 nm"},
    "island": {"length": "120 nm", "width": "40 nm"},
    "thickness": "10 nm",
    "cell": ["5 nm", "5 nm", "10 nm"],
    "margin": "20 nm",
    "disorder": {"saturation_magnetisation": 0.05, "seed": 0},
    "initial_spins": {"kind": "saturated", "angle": "45 deg"},
}


def campaign(last="80 kA/m", angle="225 deg", name="square", seeds=(7, 8), **keys):
    steps = [
        {"do": "ramp to", "to": "50 kA/m", "angle": angle, "field_steps": 1},
        {"do": "ramp to", "to": last, "angle": angle, "field_steps": 60},
    ]
    return IceAvalancheCampaign(
        name=name,
        title="Four islands",
        base={"material": "permalloy", "device": ONE_SQUARE, "protocol": {"kind": "field_steps", "steps": steps}},
        seeds=list(seeds),
        fit={
            "angles": ["5 deg", "25 deg", "45 deg", "65 deg", "85 deg"],
            "angle_ramp": {"start": "40 kA/m", "end": "140 kA/m", "field_steps": 400},
            "ramp": {"start": "50 kA/m", "end": "80 kA/m", "field_steps": 200},
            "deviations": [-0.1, 0.1],
            # All pairs are measured, and the mock engine's islands do not see each other.
            "reach": "300 nm",
        },
        **keys,
    )
