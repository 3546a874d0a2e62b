"""Train a new discriminator against a shipped generator, where the one of its training is lost.

python tools/train_discriminator.py improved_dcgan --epochs 2 --r1 0.1

The generator stands still: what comes out has met its finished images only, not those that it made
on its way. The weights and their part of the card are written into the package.
"""

import argparse
import sys

from gan_helpers import data, pretrained, training
import keras

from train_pretrained import DATASETS, is_conditional, positive, write_card, write_part


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=sorted(pretrained.BUILDERS))
    parser.add_argument("--epochs", type=positive, default=2)
    parser.add_argument("--batch-size", type=positive, default=64)
    parser.add_argument("--r1", type=float, default=0.1, help="strength of the penalty")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    name = arguments.name
    dataset = data.load_dataset(DATASETS.get(name, "fashion_mnist"))
    keras.utils.set_random_seed(arguments.seed)
    generator = pretrained.load_pretrained(name)
    card = pretrained.cards()[name]
    built_with = card["generator"]["arguments"]
    discriminator = pretrained.BUILDERS[name][1](**built_with)
    labels = dataset.train_labels if is_conditional(name) else None
    kind = training.GAN if labels is None else training.ConditionalGAN
    gan = kind(generator, discriminator, seed=arguments.seed, r1=arguments.r1)
    gan.compile(learning_rate=2e-3, beta_1=0.0, beta_2=0.99)
    gan.generator_optimizer.learning_rate = 0.0
    batches = data.Batches(dataset.train_images, arguments.batch_size, arguments.seed, labels)
    gan.fit(batches, epochs=arguments.epochs, verbose=2)
    part = write_part(name, "discriminator", discriminator, built_with)
    part["command"] = " ".join(["python tools/train_discriminator.py", *sys.argv[1:]])
    write_card(name, card | {"discriminator": part})


if __name__ == "__main__":
    main()
