"""The classifier behind a judge: its network, its training, and the images that it takes."""

from gan_helpers._settings import float32, own_random_numbers
from gan_helpers._validation import shape_of
from gan_helpers.data import Batches, check_count, check_image_shape, check_labels
import keras
from keras import layers
import numpy as np
from tqdm.auto import tqdm


def build_classifier(classes=10, image_shape=(28, 28, 1), width=32):
    """A convolutional classifier of images ``(b, h, w, c)`` in [0, 1], small enough to ship.

    It computes in float32 whatever the global dtype policy is. Images of 48 pixels and more are
    reduced by its first convolution.

    Args:
        classes: how many, at least 2.
        image_shape: height, width and channels.
        width: channels of the first convolution; the others have twice and three times as many.

    Returns:
        A ``keras.Model`` with two outputs: the features ``(b, 128)`` of the last hidden layer, and
        the logits ``(b, classes)``.

    Raises:
        ValueError: arguments that are not as described.
    """
    classes, width = check_count("classes", classes, 2), check_count("width", width)
    image_shape = check_image_shape(image_shape)
    step = max(1, round(min(image_shape[:2]) / 32))
    with float32():
        x = images = keras.Input(image_shape)
        for channels in (width, 2 * width, 3 * width):
            x = layers.Conv2D(channels, max(3, 2 * step), step, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization(momentum=0.9)(x)  # its averages are right after 50 steps
            x = layers.ReLU()(x)
            x = layers.MaxPooling2D()(x)
            x = layers.Dropout(0.2)(x)
            step = 1
        features = layers.Dense(128, activation="relu", name="features")(layers.Flatten()(x))
        logits = layers.Dense(classes, name="logits")(layers.Dropout(0.4)(features))
        return keras.Model(images, [features, logits], name="classifier")


def train_classifier(batches, classes, width, epochs, learning_rate, seed, title):
    """Train a new classifier on ``batches``, a labelled ``data.Batches``.

    Returns:
        A ``keras.Model``, as from ``build_classifier``.
    """
    image_shape = shape_of(batches.images)
    with float32(), own_random_numbers(seed):
        classifier = build_classifier(classes, image_shape, width)
        inputs = keras.Input(image_shape)
        model = keras.Model(inputs, classifier(layers.Rescaling(0.5, 0.5)(inputs))[1])
        model.compile(
            optimizer=keras.optimizers.Adam(learning_rate),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            jit_compile=False,
        )
        steps = (batch for _ in range(epochs) for batch in batches)
        for batch in tqdm(steps, title, epochs * len(batches), leave=False, mininterval=0.5):
            model.train_on_batch(*batch)
    return classifier


def run_classifier(classifier, images, batch_size=200):
    """Features and probabilities of checked images, whatever the global settings are."""
    with float32():
        pieces = [  # not predict, which takes ten times as long for a few images
            classifier.predict_on_batch(unit_images(images[start : start + batch_size]))
            for start in range(0, len(images), batch_size)
        ]
        features, logits = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
        return features, keras.ops.convert_to_numpy(keras.ops.softmax(logits))


def measurable_images(images, image_shape=None, least=1, what="images"):
    """Return images as an array, or raise ``ValueError`` if they cannot be measured.

    Args:
        images: ``(n, h, w)`` or ``(n, h, w, 3)``, ``uint8`` or from 0 to 1.
        image_shape: height, width and channels that they must have.
        least: how many there must be.
    """
    try:
        images = np.asarray(images)
    except Exception as error:  # of a tensor, or rows of unequal length
        raise ValueError(f"{what}: expected an array, all images of one size.") from error
    kind, shape = images.dtype.kind, images.shape
    found = shape_of(images)
    if image_shape is not None:
        height, width, channels = image_shape
        expected = f"(n, {height}, {width})" if channels == 1 else f"(n, {height}, {width}, 3)"
    else:
        expected = "(n, height, width) or (n, height, width, 3)"
    if len(shape) not in (3, 4) or shape[3:] not in ((), (3,)) or found != (image_shape or found):
        hint = ""
        if shape[-1:] == (1,):
            hint = " Drop the last axis: images[..., 0]."
        elif shape == tuple(image_shape or ())[: len(shape)]:
            hint = " Give several, or add an axis: images[None]."
        raise ValueError(f"{what}: expected shape {expected}, got {shape}.{hint}")
    if kind not in "biuf":
        raise ValueError(f"{what}: expected numbers, got {images.dtype}.")
    if len(images) < least:
        raise ValueError(f"{what}: expected at least {least}, got {len(images)}.")
    if not (images.min() >= 0 and images.max() <= _white(images)):
        raise ValueError(
            f"{what}: expected values in [0, 1], or uint8; got {images.dtype} from "
            f"{images.min():.3g} to {images.max():.3g}."
        )
    return images


def classification_accuracy_score(images, labels, test_images, test_labels, epochs=5, seed=0):
    """Train a new classifier on generated images only; return its accuracy on real ones.

    Ravuri and Vinyals (2019), section 3. High only if the images are good, varied within each
    class, and of the class they are said to be. Images are rounded to ``uint8`` first.

    Args:
        images, labels: generated images ``(n, h, w)`` or ``(n, h, w, 3)``, ``uint8`` or from 0 to
            1, and integers ``(n,)``.
        test_images, test_labels: real ones, likewise.
        epochs: passes over the generated images, at least 1.
        seed: ``int``, at least 0.

    Returns:
        Share of right answers, 0 to 1.

    Raises:
        ValueError: arguments that are not as described.
    """
    epochs, seed = check_count("epochs", epochs), check_count("seed", seed, 0)
    images = measurable_images(images)
    shape = check_image_shape(shape_of(images))
    test_images = measurable_images(test_images, shape, what="test_images")
    check_labels(labels, len(images))
    check_labels(test_labels, len(test_images), "test_labels")
    classes = max(np.max(labels), np.max(test_labels), 1) + 1
    pixels = np.round(255 * unit_images(images)).astype(np.uint8).reshape(images.shape)
    batches = Batches(pixels, min(64, len(pixels)), seed, labels)
    classifier = train_classifier(batches, classes, 32, epochs, 1e-3, seed, "new classifier")
    predicted = run_classifier(classifier, test_images)[1].argmax(axis=1)
    return float(np.mean(predicted == np.asarray(test_labels)))


def _white(images):
    """The value of a white pixel."""
    return 255 if images.dtype == np.uint8 else 1


def unit_images(images):
    """Checked images as ``float32`` ``(n, h, w, c)`` in [0, 1]."""
    return (images.astype(np.float32) / _white(images)).reshape(*images.shape[:3], -1)
