"""Measure the network of a published study by this series' judge: a rung on the published scale.

python tools/rung.py            train it, for about an hour and a half of one slow core
python tools/rung.py --seed 1   another seed; rows are added to notebooks/evidence/05.csv

Lucic et al. (2018), "Are GANs created equal?", trained one network with seven objectives and 100
settings each, and measured by the features of Inception. The series measures by those of a
classifier of the dataset. The two scales have no formula in common, but they can have a network in
common: this is theirs, as their public code has it (google/compare_gan), with their budget.

Of the 100 settings it is one: Adam with 2e-4 and beta_1 0.5, one step of the discriminator for one
of the generator, batch normalisation in both. They step the discriminator first, and the generator
against the new one; ``GAN`` takes both gradients before either step. Interrupt it and run it again:
it goes on after the last whole part.
"""

import argparse
import math

from gan_helpers import callbacks, data, evaluation, training
import keras
from keras import layers, ops
import numpy as np
import pandas as pd

from evidence import BUILD, COUNT, FOLDER, FULL, TUTORIALS, OtherMeasures, add
from train_pretrained import read_log

NAME = "Lucic et al. 2018"
STEPS = 15_625  # their 20 epochs of 50,000 images, in batches of 64
PARTS = 25
SMALL = keras.initializers.RandomNormal(stddev=0.02)
CUT_OFF = keras.initializers.TruncatedNormal(stddev=0.02)


@keras.saving.register_keras_serializable("rung")
def uniform(latents):
    """Standard normal latents made uniform in [-1, 1]: ``erf(z / sqrt(2)) = 2 Phi(z) - 1``."""
    return ops.erf(latents / math.sqrt(2))


def normed(x):
    return layers.LeakyReLU(0.2)(layers.BatchNormalization(momentum=0.999)(x))


def generator(latent_dim=64):
    """Dense to 1,024, to 7x7 with 128 channels, two 4x4 transposed convolutions, a sigmoid.

    Theirs is InfoGAN's for MNIST (Chen et al. 2016, appendix C.1). The first layer makes latents
    uniform, the last brings images from [0, 1] to [-1, 1].
    """
    convolution = {"strides": 2, "padding": "same", "kernel_initializer": SMALL}
    latents = keras.Input((latent_dim,))
    x = normed(layers.Dense(1024, kernel_initializer=SMALL)(layers.Activation(uniform)(latents)))
    x = normed(layers.Dense(7 * 7 * 128, kernel_initializer=SMALL)(x))
    x = layers.Reshape((7, 7, 128))(x)
    x = normed(layers.Conv2DTranspose(64, 4, **convolution)(x))
    x = layers.Conv2DTranspose(1, 4, activation="sigmoid", **convolution)(x)
    return keras.Model(latents, layers.Rescaling(2.0, -1.0)(x), name="generator")


def discriminator():
    """4x4 convolutions of stride 2 with 64 and 128 channels, Dense to 1,024, one logit."""
    convolution = {"strides": 2, "padding": "same", "kernel_initializer": CUT_OFF}
    images = keras.Input((28, 28, 1))
    x = layers.Conv2D(64, 4, **convolution)(layers.Rescaling(0.5, 0.5)(images))
    x = normed(layers.Conv2D(128, 4, **convolution)(layers.LeakyReLU(0.2)(x)))
    x = normed(layers.Dense(1024, kernel_initializer=SMALL)(layers.Flatten()(x)))
    logits = layers.Dense(1, kernel_initializer=SMALL)(x)
    return keras.Model(images, logits, name="discriminator")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args(arguments).seed
    path = FOLDER / "05.csv"
    if path.exists() and seed in set(pd.read_csv(path)["seed"]):
        raise SystemExit(f"{path.name} holds seed {seed} already.")
    dataset = data.load_dataset("fashion_mnist")
    if len(dataset.train_images) < FULL:
        raise SystemExit("A rung is measured on the full set: see the sentence above.")
    judge = evaluation.load_judge("fashion_mnist")
    keras.utils.set_random_seed(seed)
    gan = training.GAN(generator(), discriminator(), seed=seed)
    gan.compile(**TUTORIALS, jit_compile=True)  # XLA halves the seconds of this network's step
    folder = BUILD / "rung" / str(seed)
    folder.mkdir(parents=True, exist_ok=True)
    log_file = folder / "log.csv"
    measures = callbacks.DistanceLog(judge, COUNT), OtherMeasures(judge, dataset)
    written = keras.callbacks.CSVLogger(log_file, append=log_file.exists())
    gan.fit(
        data.Batches(dataset.train_images, 64, seed=seed),
        epochs=PARTS,
        steps_per_epoch=STEPS // PARTS,
        verbose=2,
        callbacks=[*measures, written, keras.callbacks.BackupAndRestore(folder / "backup")],
    )
    rows = read_log(log_file).drop(columns="epoch")
    rows["seconds"] = rows["seconds"].cumsum()
    rows.insert(0, "seed", seed)
    rows.insert(1, "step", STEPS // PARTS * np.arange(1, PARTS + 1))
    add(path, NAME, rows)
    print(rows.iloc[-1].to_string())


if __name__ == "__main__":
    main()
