"""Names of version 0.1, which saved notebooks use."""

import importlib

import gan_helpers
from gan_helpers import _moved, callbacks, data, evaluation, losses, sampling
import keras
import numpy as np
import pytest

SHAPE = (12, 28, 28)


@pytest.mark.parametrize("old", sorted(_moved.MOVED))
def test_a_moved_name_warns_and_is_todays(old):
    module, name = old.split(".")
    today, _, attribute = _moved.MOVED[old].partition(".")
    with pytest.warns(FutureWarning, match=f"{old} is {_moved.MOVED[old]} since"):
        found = getattr(importlib.import_module(f"gan_helpers.{module}"), name)
    assert found is getattr(importlib.import_module(f"gan_helpers.{today}"), attribute)


@pytest.mark.parametrize("old", sorted(_moved.CHANGED))
def test_a_changed_name_says_what_to_write_today(old):
    module, name = old.split(".")
    with pytest.warns(FutureWarning, match="since version 0.2"):
        assert callable(getattr(importlib.import_module(f"gan_helpers.{module}"), name))


@pytest.mark.parametrize("module", ["data", "metrics", "models", "plotting", "training"])
def test_other_names_are_missing_as_in_any_module(module):
    module = importlib.import_module(f"gan_helpers.{module}")
    with pytest.raises(AttributeError, match=f"'{module.__name__}' has no attribute 'nothing'"):
        module.nothing  # noqa: B018
    with pytest.raises(ImportError):
        exec(f"from {module.__name__} import nothing")
    with pytest.raises(AttributeError, match="'gan_helpers' has no attribute 'nothing'"):
        gan_helpers.nothing  # noqa: B018


@pytest.mark.filterwarnings("ignore::FutureWarning", "ignore:.*biased upwards")
def test_old_calls_give_what_they_gave(tmp_path):
    from gan_helpers import metrics, tracking, training

    judge = evaluation.load_judge("fashion_mnist")
    images = np.random.default_rng(0).random(SHAPE).astype(np.float32)
    labels = np.arange(12) % 10
    features, probabilities = metrics.classify(images)
    expected = judge.features_and_probabilities(images)
    np.testing.assert_array_equal(features, expected[0])
    np.testing.assert_array_equal(probabilities, expected[1])
    np.testing.assert_array_equal(metrics.real_features(), judge.real_features)
    assert metrics.label_accuracy(images, labels) == judge.label_accuracy(images, labels)
    assert metrics.image_distance(images, images) == pytest.approx(0, abs=1e-3)
    np.testing.assert_allclose(metrics.class_shares(labels).sum(), 1)
    log = training.DistanceLog(count=10)
    assert isinstance(log, callbacks.DistanceLog) and log.judge.name == "fashion_mnist"
    backup = training.BackupAndResume(tmp_path, None)
    assert type(backup) is keras.callbacks.BackupAndRestore
    frame = tracking.history_frame({"generator_loss": [0.5, 0.6]})
    assert list(frame.index) == [1, 2]
    assert tracking.TensorBoardSamples is callbacks.TensorBoardSamples


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", ["image_distance", "evaluate_images"])
def test_what_compared_any_images_with_garments_is_refused(name):
    from gan_helpers import metrics

    with pytest.raises(ValueError, match="evaluation.judge_for"):
        getattr(metrics, name)(np.zeros(SHAPE, np.uint8))


def test_todays_names_do_not_warn(recwarn):
    assert data.Batches and sampling.sample and losses.non_saturating_generator
    assert not [warning for warning in recwarn if warning.category is FutureWarning]
