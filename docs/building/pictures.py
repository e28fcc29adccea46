"""Take the gallery's pictures out of reports of stored campaigns.

    python docs/building/pictures.py store more-stores ...

looks for each campaign of `PICTURES` in the stores, takes the figure whose caption begins as given there, and writes
it to docs/gallery, at most 1,000 pixels wide and with 128 colours, so that a picture is some ten kilobytes.
"""

import argparse
import base64
import html
import io
import re
from pathlib import Path

from PIL import Image

GALLERY = Path(__file__).parents[1] / "gallery"

PICTURES = {
    "domain-wall-synapse": ("dw-synapse", "Conductance after every pulse"),
    "domain-wall-neuron": ("dw-neuron", "The neuron's own runs"),
    "notched-wall": ("dw-notched", "Push of the stripe on its wall"),
    "skyrmion-track": ("skyrmion-track", "The skyrmion's way in every run"),
    "stochastic-switching": ("mtj-switching", "Switching probability over"),
    "learning-by-chance": ("stochastic-stdp", "What neurons of one layer have learned"),
    "learning-current": ("stochastic-stdp", "Above: score over the current"),
    "stochastic-resonance": ("stochastic-resonance", "The line at the drive's frequency"),
    "locking": ("stochastic-resonance", "Left: over the frequency"),
    "random-bits": ("random-bits", "Left: bias over the error"),
    "erasing": ("nml-erasure", "Mean work of the applied field"),
    "recognising-ice": ("ice-recogniser", "Three digits"),
}
"""File of the gallery: the campaign, and how the caption of the figure begins."""

_FIGURE = re.compile(r'<img src="data:image/png;base64,([^"]+)".*?<figcaption>(.*?)</figcaption>', re.DOTALL)
_WIDEST = 1000


def figures(report):
    """Captions and pictures of a report."""
    for data, caption in _FIGURE.findall(report.read_text()):
        yield html.unescape(re.sub("<[^>]+>", "", caption)).strip(), Image.open(io.BytesIO(base64.b64decode(data)))


def main():
    """Write every picture that the stores have, and say which they have not."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stores", nargs="+", type=Path)
    stores = parser.parse_args().stores
    for name, (campaign, beginning) in PICTURES.items():
        reports = [path for store in stores for path in (store / "campaigns" / campaign).glob("*/report.html")]
        found = [picture for path in reports for caption, picture in figures(path) if caption.startswith(beginning)]
        if not found:
            print(f"{name}: no figure {beginning!r} of {campaign} in {', '.join(map(str, stores))}")
            continue
        picture = found[0].convert("RGB")
        width = min(_WIDEST, picture.width)
        picture = picture.resize((width, round(picture.height * width / picture.width)), Image.Resampling.LANCZOS)
        picture.quantize(128, dither=Image.Dither.NONE).save(GALLERY / f"{name}.png", optimize=True)
        print(f"{name}: {(GALLERY / f'{name}.png').stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
