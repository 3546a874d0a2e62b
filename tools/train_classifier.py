"""Train the classifier of gan_helpers.metrics on the full Fashion-MNIST, and write its weights.

Run from the root of the repository: python tools/train_classifier.py
"""

import hashlib

from gan_helpers.data import load_dataset
from gan_helpers.metrics import CLASSIFIER_FILE, build_classifier
import keras
import numpy as np

EPOCHS = 14
BATCH_SIZE = 128


def main():
    keras.utils.set_random_seed(0)
    dataset = load_dataset("fashion_mnist")
    if len(dataset.train_images) < 60_000:
        raise SystemExit("The classifier is trained on the full set: see the sentence above.")
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
    md5 = hashlib.md5(CLASSIFIER_FILE.read_bytes()).hexdigest()
    print(f"{CLASSIFIER_FILE.name}: {CLASSIFIER_FILE.stat().st_size:,} bytes, MD5 {md5}")


if __name__ == "__main__":
    main()
