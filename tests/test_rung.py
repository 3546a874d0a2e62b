"""The network of Lucic et al. (2018), and its training run."""

from gan_helpers import data, sampling
from gan_helpers.training import GAN
import keras
import numpy as np
import pandas as pd
import pytest
from scipy import stats

import rung


@pytest.fixture(scope="module")
def sample():
    return data.load_dataset(data.SAMPLE_FOLDER)


def test_normal_latents_become_uniform():
    values = np.asarray(rung.uniform(np.random.default_rng(0).standard_normal(5_000)))
    assert stats.kstest(values, "uniform", args=(-1, 2)).pvalue > 0.01
    np.testing.assert_allclose(rung.uniform(np.array([-9.0, 0.0, 9.0])), [-1, 0, 1], atol=1e-6)


def test_the_networks_are_those_of_the_paper():
    generator, discriminator = rung.generator(), rung.discriminator()
    kernels = [
        [layer.kernel.shape for layer in network.layers if hasattr(layer, "kernel")]
        for network in (generator, discriminator)
    ]
    assert kernels[0] == [(64, 1024), (1024, 6272), (4, 4, 64, 128), (4, 4, 1, 64)]
    assert kernels[1] == [(4, 4, 1, 64), (4, 4, 64, 128), (6272, 1024), (1024, 1)]
    counts = [
        sum(isinstance(layer, keras.layers.BatchNormalization) for layer in network.layers)
        for network in (generator, discriminator)
    ]
    assert counts == [3, 2]
    deviations = [np.std(layer.kernel) for layer in generator.layers if hasattr(layer, "kernel")]
    np.testing.assert_allclose(deviations, 0.02, rtol=0.1)
    images, _ = sampling.sample(generator, 3, 0)
    assert images.shape == (3, 28, 28) and 0 <= images.min() < images.max() <= 1


@pytest.mark.filterwarnings("ignore:.*(few|2,000)")
def test_a_run_goes_on_where_it_was_and_is_recorded(monkeypatch, tmp_path, sample):
    small = keras.Sequential([keras.Input((4,)), keras.layers.Dense(784, "tanh")])
    small.add(keras.layers.Reshape((28, 28, 1)))
    critic = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Flatten()])
    critic.add(keras.layers.Dense(1))
    values = {"generator": lambda: small, "discriminator": lambda: critic, "FULL": 10}
    values |= {"BUILD": tmp_path / "build", "FOLDER": tmp_path, "COUNT": 60}
    values |= {"STEPS": 4, "PARTS": 2, "OtherMeasures": lambda *_: keras.callbacks.Callback()}
    for name, value in values.items():
        monkeypatch.setattr(rung, name, value)
    monkeypatch.setattr(data, "load_dataset", lambda name: sample)
    fit = GAN.fit

    def interrupted(gan, *args, callbacks, **kwargs):
        end = keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: 1 / (1 - epoch))
        return fit(gan, *args, callbacks=[*callbacks, end], **kwargs)

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(GAN, "fit", interrupted)
        rung.main(["--seed", "3"])
    assert not (tmp_path / "05.csv").exists()
    rung.main(["--seed", "3"])
    table = pd.read_csv(tmp_path / "05.csv")
    assert list(table["step"]) == [2, 4] and set(table["seed"]) == {3}
    assert set(table["experiment"]) == {"Lucic et al. 2018"}
    assert table["frechet_distance"].gt(0).all() and table["seconds"].is_monotonic_increasing
    with pytest.raises(SystemExit, match="05.csv holds seed 3 already"):
        rung.main(["--seed", "3"])


def test_a_rung_wants_the_full_set(monkeypatch, sample, tmp_path):
    monkeypatch.setattr(rung, "FOLDER", tmp_path)  # where no seed is recorded
    monkeypatch.setattr(data, "load_dataset", lambda name: sample)
    with pytest.raises(SystemExit, match="full set"):
        rung.main([])
