"""Train the classifier of gan_helpers.metrics on the full Fashion-MNIST, and write its weights.

It also writes the features of the 10,000 test images, which the metrics compare with. Put the two
checksums that it prints into gan_helpers/metrics.py. Run from the root of the repository:

python tools/train_classifier.py
python tools/train_classifier.py --features-only     (of the weights that are there)
"""

import argparse
import hashlib

from gan_helpers.data import load_dataset
from gan_helpers.metrics import CLASSIFIER_FILE, REAL_FEATURES_FILE, build_classifier, classify
import keras
import numpy as np

EPOCHS = 14
BATCH_SIZE = 128


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--features-only", action="store_true", help="keep the classifier")
    features_only = parser.parse_args().features_only
    keras.utils.set_random_seed(0)
    dataset = load_dataset("fashion_mnist")
    if len(dataset.train_images) < 60_000:
        raise SystemExit("The classifier is trained on the full set: see the sentence above.")
    if not features_only:
        train(dataset)
    features = classify(dataset.test_images)[0].astype(np.float16)  # 3 digits are enough here
    np.savez_compressed(REAL_FEATURES_FILE, features=features)
    for path in (CLASSIFIER_FILE, REAL_FEATURES_FILE):
        md5 = hashlib.md5(path.read_bytes()).hexdigest()
        print(f"{path.name}: {path.stat().st_size:,} bytes, MD5 {md5}")


def train(dataset):
    """Train a new classifier and write its weights."""
    classifier = build_classifier()
    logits_only = keras.Model(classifier.input, classifier.outputs[1])
    steps = EPOCHS * (len(dataset.train_images) // BATCH_SIZE + 1)
    logits_only.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=False,
    )
    train_images = dataset.train_images[..., None].astype(np.float32) / 255
    test_images = dataset.test_images[..., None].astype(np.float32) / 255
    logits_only.fit(
        train_images,
        dataset.train_labels,
        batch_size=BATCH_SIZE,
        epochs=EPOCHS,
        validation_data=(test_images, dataset.test_labels),
        verbose=2,
    )
    classifier.save_weights(CLASSIFIER_FILE)


if __name__ == "__main__":
    main()
