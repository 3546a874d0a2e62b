"""Write images and an ONNX file of a shipped generator, and say how to measure its published FID.

The distances of this series cannot be compared with published ones: those take the features of a
network, Inception, whose weights have to be downloaded. This tool writes what is needed on a
machine with a network, and prints the commands for it. The images are those that Judge.evaluate
measures with the same seed; the real ones are the test images, with which Lucic et al. (2018) and
others compare equally many.

Run from the root of the repository, after pip install tf2onnx onnxruntime:

python tools/export_samples.py improved_dcgan
"""

import argparse
import importlib.util
from pathlib import Path
import shlex
import warnings

from gan_helpers import data, pretrained, sampling
import keras
import numpy as np
from PIL import Image
from tqdm import tqdm

AT_A_TIME = 250  # images
COMPARED = 100  # images of the ONNX file with those of Keras
FULL_RANK = 2_048  # features of Inception: fewer images leave their covariance singular
COMMANDS = """
On a machine with a network, where {folder} is:

python -m pip install pytorch-fid torch-fidelity
python -m pytorch_fid {real} {generated}
fidelity --fid --kid --input1 {generated} --input2 {real}

Both run on the CPU, too; with a GPU add --device cuda:0 to the first and --gpu 0 to the second.
Say with the number that it is from {generated_count:,} generated and {real_count:,} real images."""


def inputs_of(generator, count, seed):
    """Latents as ``sampling.sample`` draws them, and its labels, or ``None``."""
    size, classes = sampling.latent_size(generator), sampling.number_of_classes(generator)
    latents = np.random.default_rng(seed).standard_normal((count, size)).astype(np.float32)
    return latents, None if classes is None else np.arange(count, dtype=np.int32) % classes


def to_uint8(images):
    """Images in [0, 1] as those that a file holds, rounded to the nearest grey level."""
    return np.rint(255 * images).astype(np.uint8)


def write_images(images, folder, start=0):
    """Write ``uint8`` images as ``00000.png``, ``00001.png`` and so on from ``start``."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, image in enumerate(images, start):
        Image.fromarray(image).save(folder / f"{number:05}.png")


def write_generated(generator, folder, count, seed):
    """Make ``count`` images and write them, with a progress bar."""
    latents, labels = inputs_of(generator, count, seed)
    with tqdm(total=count, unit="image", desc=str(folder)) as bar:
        for start in range(0, count, AT_A_TIME):
            rows = slice(start, start + AT_A_TIME)
            some = None if labels is None else labels[rows]
            images = to_uint8(sampling.images_from_latents(generator, latents[rows], some))
            write_images(images, folder, start)
            bar.update(len(images))


def write_onnx(generator, path):
    """Write the generator: from ``latents``, and ``labels`` if it has any, to images in [-1, 1].

    Raises:
        ImportError: tf2onnx is missing.
    """
    latents, labels = inputs_of(generator, 1, 0)
    sampling.images_from_latents(generator, latents, labels)  # Keras exports what was called
    signature = [
        keras.InputSpec(shape=(None, *one.shape[1:]), dtype=one.dtype, name=name)
        for one, name in zip(generator.inputs, ("latents", "labels"), strict=False)
    ]
    with warnings.catch_warnings():  # NumPy, of a line in Keras that tf2onnx needed once
        warnings.simplefilter("ignore", FutureWarning)
        generator.export(
            str(path),
            format="onnx",
            verbose=False,
            input_signature=signature if labels is None else [signature],
        )


def differing_pixels(generator, path):
    """Share of pixels, 0 to 1, that the ONNX file makes otherwise than Keras, in 100 images.

    Raises:
        ImportError: onnxruntime is missing.
        ValueError: one differs by more than a grey level, which no rounding explains.
    """
    import onnxruntime

    latents, labels = inputs_of(generator, COMPARED, 0)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    given = {"latents": latents} if labels is None else {"latents": latents, "labels": labels}
    [images] = session.run(None, given)
    ours = to_uint8(sampling.images_from_latents(generator, latents, labels)).astype(int)
    unit = data.to_unit_range(np.clip(images, -1, 1))  # onnxruntime's tanh ends at -1.0000001
    differences = np.abs(to_uint8(unit).astype(int) - ours)
    if differences.max() > 1:
        raise ValueError(
            f"{path} makes other images than Keras: a pixel differs by {differences.max()} of 255."
        )
    return float(np.mean(differences > 0))


def export(name, folder, count, seed, onnx):
    """Write everything into ``folder``, which is new, and return what to do with it."""
    generator = pretrained.load_pretrained(name)
    real = data.load_dataset(pretrained.cards()[name]["dataset"]).test_images[:count]
    folder.mkdir(parents=True)
    if onnx:
        path = folder / f"{name}.onnx"
        write_onnx(generator, path)
        print(f"{path}: {differing_pixels(generator, path):.4%} of the pixels differ from Keras'")
    write_images(real, folder / "real")
    write_generated(generator, folder / "generated", count, seed)
    if len(real) < count:
        few = " and leave a covariance singular" if len(real) < FULL_RANK else ""
        print(
            f"\nOnly {len(real):,} real images were at hand, which bias a FID{few}. Where the full "
            "dataset can be downloaded, this tool writes 10,000."
        )
    return COMMANDS.format(
        folder=folder,
        real=shlex.quote(str(folder / "real")),
        generated=shlex.quote(str(folder / "generated")),
        real_count=len(real),
        generated_count=count,
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help=f"one of {', '.join(pretrained.cards())}")
    parser.add_argument("--folder", type=Path, help="new; build/samples/NAME by default")
    parser.add_argument("--count", type=int, default=10_000, help="of images")
    parser.add_argument("--seed", type=int, default=0, help="of the latents")
    parser.add_argument("--no-onnx", action="store_true", help="only the images")
    arguments = parser.parse_args()
    folder = arguments.folder or Path("build", "samples", arguments.name)
    missing = [one for one in ("tf2onnx", "onnxruntime") if not importlib.util.find_spec(one)]
    if missing and not arguments.no_onnx:
        parser.exit(
            1, f"The ONNX file needs {' and '.join(missing)}: python -m pip install "
            f"{' '.join(missing)}, or leave it out with --no-onnx.\n"
        )  # fmt: skip
    if folder.exists():
        parser.exit(1, f"{folder} exists already. Delete it, or name a new one with --folder.\n")
    try:
        count = data.check_count("--count", arguments.count, 2)
        seed = data.check_count("--seed", arguments.seed, 0)
        print(export(arguments.name, folder, count, seed, not arguments.no_onnx))
    except (ValueError, OSError) as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
