import shutil
import zipfile

import pytest
import yaml

from solitons import load_campaign, run_campaign
from solitons.crates.packing import pack_campaign

DESCRIPTION = {
    "kind": "sweep",
    "name": "tiny",
    "title": "A wall under two currents",
    "engine": "mock",
    "observables": ["wall_position"],
    "base": {
        "device": {
            "kind": "stripe",
            "length": "160 nm",
            "width": "16 nm",
            "thickness": "1 nm",
            "cell": ["4 nm", "4 nm", "1 nm"],
            "walls": [{"position": "60 nm"}],
        },
        "material": {"name": "film", "Ms": 6e5, "A": 1.2e-11, "Ku": 5e5, "alpha": 0.1, "P": 0.6},
        "protocol": {"steps": [{"do": "constant current", "amplitude": 0.0, "duration": "1 ns"}]},
    },
    "sweep": [{
        "name": "density", "unit": "A/m^2", "fields": ["protocol.steps.0.amplitude"], "values": [-1e11, -2e11],
    }],
}  # fmt: skip


@pytest.fixture(scope="session")
def computed(tmp_path_factory):
    """The file of a campaign of two runs, and the store with its results."""
    folder = tmp_path_factory.mktemp("computed")
    file = folder / "mine.yaml"
    file.write_text(yaml.safe_dump(DESCRIPTION))
    run_campaign(load_campaign(file), folder / "store")
    return file, folder / "store"


@pytest.fixture(scope="session")
def packed(computed, tmp_path_factory):
    return pack_campaign(*computed, tmp_path_factory.mktemp("packed") / "crate.zip")


@pytest.fixture
def store(computed, tmp_path):
    """A store of its own, that may be damaged."""
    return shutil.copytree(computed[1], tmp_path / "store")


@pytest.fixture
def written(tmp_path):
    """Write files, in order, as a zip."""

    def write(files):
        path = tmp_path / "altered.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return path

    return write
