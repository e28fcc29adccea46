"""What a report's sections draw, for tests that ask what a reader sees."""

import pytest
from matplotlib.figure import Figure


@pytest.fixture
def drawn(monkeypatch):
    """Figures that a report puts on its page, in order, without the seconds that their pixels take."""
    figures = []
    monkeypatch.setattr(Figure, "savefig", lambda figure, *_, **__: figures.append(figure))
    return figures
