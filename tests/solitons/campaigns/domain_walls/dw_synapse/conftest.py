"""A small campaign for the made-up engine, to which tests add what they ask for."""

import pytest


@pytest.fixture(scope="session")
def small():
    """Describe four runs of a wall that drifts; keyword arguments add to the description, `device` to the stripe."""

    def make(device=None, protocol=None, **more):
        train = {"do": "current pulses", "amplitude": 1e12, "width": "0.2 ns", "rise": "20 ps", "period": "0.4 ns"}
        amplitudes = ["protocol.steps.1.amplitude", "protocol.steps.2.amplitude"]
        return {
            "name": "small",
            "engine": "mock",
            "base": {
                "device": {
                    "kind": "stripe",
                    "length": "200 nm",
                    "width": "16 nm",
                    "thickness": "1 nm",
                    "cell": ["2 nm", "4 nm", "1 nm"],
                    "walls": [{"position": "60 nm"}],
                    "readout_window": {"x": ["30 nm", "170 nm"]},
                }
                | (device or {}),
                "material": {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6, "beta": 0.1},
                "protocol": {
                    "sampling_interval": "50 ps",
                    "steps": [
                        {"do": "relax"},
                        train | {"count": 3, "polarity": "negative"},
                        train | {"count": 3, "polarity": "positive"},
                    ],
                }
                | (protocol or {}),
            },
            "sweep": [
                {"name": "amplitude", "unit": "A/m^2", "fields": amplitudes, "values": [5e11, 1e12, 1.5e12, 2e12]}
            ],
            "extract": {"resistance_area": "10 ohm*um^2", "tmr": 1.5},
            "fit": {"held_out": 1, "seed": 4, "landscape": "none"},
        } | more

    return make
