import matplotlib.animation
import numpy as np
import pytest
from PIL import Image

from analysis import artificial, film, walls


@pytest.fixture(scope="module")
def run():
    return artificial.domain_walls(np.linspace(100e-9, 200e-9, 5))


def test_gif_has_every_frame_asked_for(run, tmp_path):
    path = film(run, tmp_path / "wall.gif", walls=walls(run), every=2)
    with Image.open(path) as image:
        assert image.n_frames == 3
        assert [pixels % 2 for pixels in image.size] == [0, 0]


def test_a_late_frame_is_drawn_as_if_it_were_the_first(run, tmp_path):
    late = run.isel(t=slice(-1, None))
    with (
        Image.open(film(run, tmp_path / "all.gif", walls=walls(run))) as whole,
        Image.open(film(late, tmp_path / "one.gif", walls=walls(run).isel(t=slice(-1, None)))) as alone,
    ):
        begin = np.asarray(whole.convert("RGB"), dtype=float)
        whole.seek(4)
        end, expected = (np.asarray(each.convert("RGB"), dtype=float) for each in (whole, alone))
    assert np.abs(end - expected).max() < 16  # palettes of 256 colours
    assert np.abs(end - begin).max() > 100


def test_mp4_without_ffmpeg_says_so(run, tmp_path, monkeypatch):
    monkeypatch.setattr(matplotlib.animation.FFMpegWriter, "isAvailable", lambda: False)
    with pytest.raises(RuntimeError, match=r"needs ffmpeg, .* or write a '.gif'"):
        film(run, tmp_path / "wall.mp4")
    assert not (tmp_path / "wall.mp4").exists()


@pytest.mark.skipif(not matplotlib.animation.FFMpegWriter.isAvailable(), reason="no ffmpeg")
def test_mp4(run, tmp_path):
    assert film(run, tmp_path / "wall.mp4").stat().st_size > 0


def test_bad_input_is_named(run, tmp_path):
    with pytest.raises(ValueError, match=r"a film's name ends in '.gif' or '.mp4'"):
        film(run, tmp_path / "wall.avi")
    with pytest.raises(ValueError, match="every is 0"):
        film(run, tmp_path / "wall.gif", every=0)
