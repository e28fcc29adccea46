"""Take the gallery's pictures out of reports of stored campaigns, and out of notebooks.

    python docs/building/pictures.py store more-stores ...

looks for each campaign of `PICTURES` in the stores, takes the figure whose caption begins as given there, and writes
it to docs/gallery, at most 1,000 pixels wide and with 128 colours, so that a picture is some ten kilobytes.

    python docs/building/pictures.py --notebooks

runs the notebooks of `OF_NOTEBOOKS`, which takes a minute or two, and takes their figures.

    python docs/building/pictures.py

alone cuts the cards of the gallery's first page out of its pictures: of several panels one, as wide as a card.
"""

import argparse
import base64
import html
import io
import re
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "docs" / "gallery"

PICTURES = {
    "domain-wall-synapse": ("dw-synapse", "Conductance after every pulse"),
    "domain-wall-inplane": ("dw-inplane", "Magnetisation along the stripe"),
    "domain-wall-neuron": ("dw-neuron", "The neuron's own runs"),
    "neuron-reset": ("dw-reset", "The neuron's own runs"),
    "skyrmion-track": ("skyrmion-track", "The skyrmion's way in every run"),
    "magnetic-bubble": ("magnetic-bubble", "Diameter of a circle"),
    "spin-wave-coupler": ("spin-wave-coupler", "Squared amplitude of the steady wave"),
    "grain-memristor": ("grain-memristor", "Mean of m_z"),
    "stochastic-switching": ("mtj-switching", "Switching probability over"),
    "learning-by-chance": ("stochastic-stdp", "What neurons of one layer have learned"),
    "learning-current": ("stochastic-stdp", "Above: score over the current"),
    "stochastic-resonance": ("stochastic-resonance", "The line at the drive's frequency"),
    "locking": ("stochastic-resonance", "Left: over the frequency"),
    "oscillator": ("oscillator", "Left: frequency at the end"),
    "arnold-tongues": ("oscillator-locking", "Arnold tongues"),
    "vortex-orbits": ("vortex-oscillator", "Orbit at the end of each run"),
    "phase-memory": ("oscillator-memory", "Share of the corrupted patterns"),
    "random-bits": ("random-bits", "Left: bias over the error"),
    "erasing": ("nml-erasure", "Mean work of the applied field"),
    "majority-gate": ("nml-majority", "The end of the clock at 0 K"),
    "majority-errors": ("nml-majority", "Share of wrong and undecided outputs"),
    "nanomagnet-vision": ("nanomagnet-vision", "12 segments"),
    "crossbars": ("crossbar-limits", "Accuracy over what is varied"),
    "attractors": ("associative-memory", "Recalls by written weights"),
    "wall-timing": ("wall-timing", "Above: the current of two pairs"),
    "register": ("racetrack-register", "Error a bit and a shift"),
    "reservoir": ("reservoir-benchmark", "Errors over the number of weights"),
    "chaos": ("reservoir-wall", "What is read once in each period"),
    "spin-wave-logic": ("spin-wave-logic", "Outputs of the rows"),
    "spin-wave-recogniser": ("spin-wave-recogniser", "The wave of the middle antenna"),
    "learning-on-devices": ("learning-on-devices", "Accuracy with all faults"),
    "spin-ice": ("ice-avalanche", "Islands that turn in one step"),
    "ice-reservoir": ("ice-recogniser", "Three digits"),
    "design-wells": ("design", "The energy along the way"),
    "design-adder": ("design-adder", "Each free field"),
}
"""File of the gallery: the campaign, and how the caption of the figure begins."""

OF_NOTEBOOKS = {
    "populations": ("stochastic_junctions", "sine: learned"),
    "p-bits": ("stochastic_junctions", "junctions"),
    "spin-orbit-clock": ("nanomagnet_logic", "a current clocks"),
}
"""File of the gallery: the notebook, and how the title of one of the figure's axes begins."""

CARDS = {
    "attractors": (0, 0.245, 1, 0.735),
    "crossbars": (0, 0.08, 0.37, 0.525),
    "domain-wall-inplane": (0, 0, 1, 1),
    "domain-wall-neuron": (0, 0, 0.58, 1),
    "domain-wall-synapse": (0, 0.55, 0.315, 1),
    "learning-by-chance": (0, 0, 0.53, 1),
    "learning-on-devices": (0, 0, 1, 1),
    "locking": (0, 0, 0.45, 0.9),
    "one-stack": (0, 0, 1, 1),
    "spin-ice": (0, 0, 0.485, 1),
}
"""Part of a picture that its card shows: left, top, right and bottom, as shares of its size."""

_FIGURE = re.compile(r'<img src="data:image/png;base64,([^"]+)".*?<figcaption>(.*?)</figcaption>', re.DOTALL)
_WIDEST = 1000
_CARD = 480


def figures(report):
    """Captions and pictures of a report."""
    for data, caption in _FIGURE.findall(report.read_text()):
        yield html.unescape(re.sub("<[^>]+>", "", caption)).strip(), Image.open(io.BytesIO(base64.b64decode(data)))


def write(name, picture):
    """Write a picture of the gallery, small."""
    picture = picture.convert("RGB")
    width = min(_WIDEST, picture.width)
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
    picture.quantize(128, dither=Image.Dither.NONE).save(GALLERY / f"{name}.png", optimize=True)
    print(f"{name}: {(GALLERY / f'{name}.png').stat().st_size // 1000} kB")


def write_cards():
    """Cut the cards out of the pictures."""
    (GALLERY / "cards").mkdir(exist_ok=True)
    for name, (left, top, right, bottom) in CARDS.items():
        picture = Image.open(GALLERY / f"{name}.png").convert("RGB")
        width, height = picture.size
        part = picture.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))
        part = part.resize((_CARD, round(part.height * _CARD / part.width)), Image.Resampling.LANCZOS)
        part.quantize(64, dither=Image.Dither.NONE).save(GALLERY / "cards" / f"{name}.png", optimize=True)


def write_of_notebooks():
    """Run the notebooks and write their pictures."""
    # It sets a style for the whole process: that of some pictures, and not of others.
    import discretisedfield  # noqa: F401
    import matplotlib
    import matplotlib.pyplot as plt

    plt.rcdefaults()
    matplotlib.use("Agg")
    for notebook in sorted({notebook for notebook, _ in OF_NOTEBOOKS.values()}):
        plt.close("all")
        path = ROOT / "examples" / "notebooks" / f"{notebook}.py"
        exec(compile(path.read_text(), path, "exec"), {"__name__": notebook})
        titles = {axes.get_title(): figure for figure in map(plt.figure, plt.get_fignums()) for axes in figure.axes}
        for name, (where, beginning) in OF_NOTEBOOKS.items():
            if where == notebook:
                buffer = io.BytesIO()
                next(titles[title] for title in titles if title.startswith(beginning)).savefig(buffer, dpi=130)
                write(name, Image.open(buffer))


def main():
    """Write every picture that the stores have, and say which they have not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stores", nargs="*", type=Path)
    parser.add_argument("--notebooks", action="store_true", help="take the figures of notebooks")
    asked = parser.parse_args()
    if asked.notebooks:
        write_of_notebooks()
    if asked.stores:
        write_of_reports(asked.stores)
    write_cards()


def write_of_reports(stores):
    """Write the pictures of reports."""
    for name, (campaign, beginning) in PICTURES.items():
        reports = [path for store in stores for path in (store / "campaigns" / campaign).glob("*/report.html")]
        found = [picture for path in reports for caption, picture in figures(path) if caption.startswith(beginning)]
        if not found:
            print(f"{name}: no figure {beginning!r} of {campaign} in {', '.join(map(str, stores))}")
            continue
        write(name, found[0])


if __name__ == "__main__":
    main()
