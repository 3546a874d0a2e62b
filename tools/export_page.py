"""Write a page on which a generator makes images in the browser: of the series, or your own.

Run from the root of the repository, after pip install tf2onnx onnxruntime:

python tools/export_page.py
python tools/export_page.py my_generator.keras --classes circle,square,star

The folder needs no server and no network: open its index.html, put it on a stick or on a web site.
Keras' networks become ONNX files, and ONNX Runtime runs them in the browser; before they are
written, 100 images are compared with those of Keras. With --discriminator the page says what that
network thinks of each image, and with --dataset it has a game, too: which is real?
"""

import argparse
import base64
import functools
import gzip
import importlib.util
import json
from pathlib import Path
import shutil
import sys
import tempfile
import warnings

from gan_helpers import data, evaluation, pretrained, sampling, words
from gan_helpers._checks import last_activation
import keras
import numpy as np

import npm

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "docs" / "page"
RUNTIME = ROOT / "build" / "onnxruntime-web"
PACKAGE = "onnxruntime-web@1.30.0"
SCRIPT = "ort.wasm.min.js"
PARTS = {"module": "ort-wasm-simd-threaded.mjs", "wasm": "ort-wasm-simd-threaded.wasm"}
FILES = [f"dist/{name}" for name in (SCRIPT, *PARTS.values())]
SHA256 = "583cc9755d173c68c7ca4343fd794b225f7094f3998404dda66df444997b9171"
SHIPPED = {  # model of pretrained: name and titles on the page
    "conditional_gan": ("garments", "Garments", "Одежда"),
    "residual_gan": ("digits", "Digits", "Цифры"),
}
CLASS_NAMES = {"fashion_mnist": data.FASHION_CLASSES, "mnist": data.DIGIT_CLASSES}
COMPARED = 100  # images of ONNX Runtime with those of Keras
REAL, TEN = 200, 10  # images for the game, and those that it shows at a time


def check_converters():
    """``SystemExit`` unless the packages that write and run ONNX files are there."""
    missing = [name for name in ("tf2onnx", "onnxruntime") if not importlib.util.find_spec(name)]
    if missing:
        names = " ".join(missing)
        sys.exit(f"The page needs {names.replace(' ', ' and ')}: python -m pip install {names}")


def load(path):
    """A network that Keras has saved; ``ValueError`` if the file holds none."""
    if not path.exists():
        raise ValueError(f"There is no file {path}.")
    try:
        return keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises nearly everything
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ValueError(
            f"{path} cannot be loaded: {reason} Expected what model.save('name.keras') wrote."
        ) from error


def names_of_classes(generator, given):
    """Names of a generator's classes, ``None`` if it knows none.

    Args:
        generator: a ``keras.Model``.
        given: a list of names, or ``None``: then they are called 0, 1, 2 and so on.

    Raises:
        ValueError: it is no generator, or the names are not as many as its classes.
    """
    if not getattr(generator, "inputs", None):
        raise ValueError(
            f"{generator.name!r} does not say what it takes. Save keras.Model(inputs, "
            "generator(inputs)) instead, where inputs = keras.Input((latent_dim,))."
        )
    sampling.latent_size(generator)
    shape = tuple(generator.output_shape)
    if len(shape) != 4 or None in shape[1:] or shape[3] not in (1, 3):
        raise ValueError(
            "expected a generator, whose output is images (b, height, width, 1 or 3); "
            f"{generator.name!r} has {shape}."
        )
    if len(generator.inputs) == 1:
        if given:
            raise ValueError(
                f"--classes: {generator.name!r} takes no labels, so it has no classes. Leave the "
                "names out."
            )
        return None
    try:
        count = sampling.number_of_classes(generator)
    except ValueError as error:
        if not given:
            raise ValueError(f"{error} Here, name them: --classes circle,square,star") from error
        count = len(given)
    if given and len(given) != count:
        raise ValueError(
            f"--classes: {generator.name!r} knows {count} classes, got {len(given)} names: "
            f"{', '.join(given)}."
        )
    if given and len(set(given)) < count:
        raise ValueError(f"--classes: expected a name only once, got {', '.join(given)}.")
    return list(given or map(str, range(count)))


def page_generator(generator, class_names):
    """What the page runs: from ``latents``, and ``labels`` (b,) if any, to images in [0, 1].

    However the generator takes its labels, and whether it ends in tanh or in a sigmoid.
    """
    latents = keras.Input((sampling.latent_size(generator),), name="latents")
    low, high = value_range(generator)
    if class_names is None:
        inputs = given = latents
    else:
        labels = keras.Input((), dtype="int32", name="labels")
        taken = generator.inputs[1]
        if len(taken.shape) == 2 and taken.shape[1] > 1:
            known = keras.ops.one_hot(labels, taken.shape[1])
        else:
            known = keras.ops.reshape(labels, (-1, *taken.shape[1:]))
        inputs, given = [latents, labels], [latents, keras.ops.cast(known, taken.dtype)]
    images = keras.ops.cast(generator(given, training=False), "float32")
    return keras.Model(inputs, keras.ops.clip((images - low) / (high - low), 0, 1))


def value_range(generator):
    """(0, 1) for a generator that ends in a sigmoid, else (-1, 1)."""
    return (0, 1) if last_activation(generator) is keras.activations.sigmoid else (-1, 1)


def page_discriminator(discriminator):
    """What the page runs: from ``images`` in [0, 1], and ``labels`` if any, to logits (b, 1)."""
    images = keras.Input(discriminator.inputs[0].shape[1:], name="images")
    inputs, given = images, 2 * images - 1
    if len(discriminator.inputs) == 2:
        labels = keras.Input((), dtype="int32", name="labels")
        inputs, given = [images, labels], [given, labels]
    return keras.Model(inputs, keras.ops.cast(discriminator(given, training=False), "float32"))


def onnx_of(name, network, inputs, expected, tolerance):
    """The network as the bytes of an ONNX file, which computes what Keras does.

    Args:
        name: of the network, for the errors.
        network: a ``keras.Model`` whose inputs have names.
        inputs: dict from these names to arrays.
        expected: what Keras makes of them.
        tolerance: largest difference.

    Raises:
        ImportError: tf2onnx or onnxruntime is missing.
        ValueError: a layer has no counterpart in ONNX, or a number differs by more.
    """
    import onnxruntime

    signature = [
        keras.InputSpec(shape=(None, *one.shape[1:]), dtype=one.dtype, name=one.name)
        for one in network.inputs
    ]
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # NumPy, of a line in Keras for tf2onnx
        path = Path(folder, "network.onnx")
        try:
            network.export(
                str(path),
                format="onnx",
                verbose=False,
                input_signature=signature if len(signature) == 1 else [signature],
            )
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
            [found] = session.run(None, inputs)
        except Exception as error:  # of TensorFlow, of tf2onnx, or of ONNX Runtime
            raise ValueError(f"the {name} cannot become an ONNX file: {error}") from error
        content = path.read_bytes()
    difference = np.abs(found.reshape(expected.shape) - expected).max()
    if not difference <= tolerance:  # NaN neither
        raise ValueError(
            f"the {name} as an ONNX file differs from Keras by up to {difference:.3g}."
        )
    return content


def packed(content):
    """Bytes as text for a script: gzip, then base64. From a file, a page may load only scripts."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()


def describe(name, titles, generator, class_names, discriminator=None, dataset=None):
    """All that the page knows of one generator: a dict for ``addModel`` in docs/page/app.js.

    Args:
        name: of its file on the page.
        titles: dict from ``"en"`` and ``"ru"`` to what it is called.
        generator: a ``keras.Model`` from latents, and labels if it is conditional, to images.
        class_names: list of ``str``, or ``None``.
        discriminator: a ``keras.Model`` from images, and labels if it is conditional, to logits.
        dataset: a ``Dataset`` whose test images are the real ones.

    Raises:
        ValueError: what does not fit together, or cannot be written.
    """
    rng = np.random.default_rng(0)
    shape = tuple(generator.output_shape[1:])
    latents = rng.standard_normal((COMPARED, sampling.latent_size(generator)), np.float32)
    labels, feed = None, {"latents": latents}
    if class_names is not None:
        labels = np.arange(COMPARED, dtype=np.int32) % len(class_names)
        feed["labels"] = labels
    made = sampling.images_from_latents(
        generator, latents, labels, value_range=value_range(generator)
    )
    network = page_generator(generator, class_names)
    content = onnx_of("generator", network, feed, made.reshape(COMPARED, *shape), 1 / 255)
    judge = real = names = None
    if class_names is not None:
        russian = [words.RUSSIAN_NAMES.get(name, name) for name in class_names]
        names = {"en": class_names, "ru": russian}
    if discriminator is not None:
        judge = opinions(discriminator, made, labels, shape)
    if dataset is not None:
        real = real_images(dataset, shape, class_names)
    return {
        "name": name,
        "titles": titles,
        "latentDim": latents.shape[1],
        "shape": shape,
        "classNames": names,
        "generator": packed(content),
        "discriminator": judge,
        "real": real,
    }


def opinions(discriminator, images, labels, shape):
    """The discriminator as the page takes it; ``ValueError`` if it cannot be asked there.

    Args:
        discriminator: a ``keras.Model`` to logits.
        images, labels: what the generator made, and of which classes, or ``None``.
        shape: of one image, with its channels.
    """
    conditional = len(getattr(discriminator, "inputs", None) or ()) == 2
    if conditional and labels is None:
        raise ValueError("--discriminator: it takes labels, and the generator does not.")
    labels = labels if conditional else None
    logits = evaluation.discriminator_logits(discriminator, images, labels)
    first = None if labels is None else labels[:1]
    alone = evaluation.discriminator_logits(discriminator, images[:1], first)
    if not np.allclose(alone, logits[:1], 1e-3, 1e-3):
        raise ValueError(
            "--discriminator: what it says of an image depends on the images beside it (as with "
            "MinibatchDeviation), and the page asks about one at a time."
        )
    feed = {"images": images.reshape(-1, *shape)} | ({"labels": labels} if conditional else {})
    tolerance = 1e-3 * max(1, np.abs(logits).max())
    network = page_discriminator(discriminator)
    content = onnx_of("discriminator", network, feed, logits, tolerance)
    return {"network": packed(content), "conditional": conditional}


def real_images(dataset, shape, class_names):
    """Test images for the game, as many of each class; ``ValueError`` if they do not fit."""
    if dataset.image_shape != shape:
        raise ValueError(
            f"--dataset: the generator makes images {shape}, {dataset.name!r} has "
            f"{dataset.image_shape}."
        )
    count = len(dataset.class_names)
    if class_names is not None and count != len(class_names):
        raise ValueError(
            f"--dataset: the generator knows {len(class_names)} classes, {dataset.name!r} has "
            f"{count}."
        )
    if len(dataset.test_images) < TEN:
        raise ValueError(
            f"--dataset: the game needs {TEN} test images, {dataset.name!r} has "
            f"{len(dataset.test_images)}."
        )
    order = np.random.default_rng(0).permutation(len(dataset.test_images))
    labels = np.asarray(dataset.test_labels)[order]
    each = max(1, REAL // count)
    rows = np.concatenate([order[labels == label][:each] for label in range(count)])
    return {
        "images": packed(dataset.test_images[rows].tobytes()),
        "labels": [int(label) for label in dataset.test_labels[rows]],
        "source": dataset.name.removesuffix("_sample"),
    }


def shipped():
    """The models of the series that the page shows."""
    for model, (name, english, russian) in SHIPPED.items():
        dataset = pretrained.cards()[model]["dataset"]
        real = data.load_dataset(data.SAMPLE_FOLDER.parent / f"{dataset}_sample")
        networks = pretrained.load_pretrained(model, "both")
        titles = {"en": english, "ru": russian}
        yield describe(name, titles, networks[0], list(CLASS_NAMES[dataset]), networks[1], real)


def own(path, class_names, discriminator, dataset):
    """A reader's own generator; ``ValueError`` with the file's name if it cannot be shown."""
    generator = load(path)
    dataset = None if dataset is None else data.load_dataset(dataset)
    if class_names is None and dataset and len(getattr(generator, "inputs", [])) == 2:
        class_names = list(dataset.class_names)
    try:
        class_names = names_of_classes(generator, class_names)
        discriminator = None if discriminator is None else load(discriminator)
        titles = dict.fromkeys(("en", "ru"), path.stem)
        return describe("own", titles, generator, class_names, discriminator, dataset)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def write(folder, models):
    """Write the page for what ``describe`` has returned."""
    npm.fetch(PACKAGE, FILES, SHA256, RUNTIME)
    shutil.copytree(SOURCES, folder)
    for part in ("models", "runtime"):
        (folder / part).mkdir()
    listed = []
    for model in models:
        listed.append({key: model[key] for key in ("name", "titles")})
        text = f"addModel({json.dumps(model, ensure_ascii=False)});\n"
        (folder / "models" / f"{model['name']}.js").write_text(text, encoding="utf-8")
    text = f"const MODELS = {json.dumps(listed, ensure_ascii=False)};\n"
    (folder / "models" / "list.js").write_text(text, encoding="utf-8")
    shutil.copy(RUNTIME / SCRIPT, folder / "runtime")
    (folder / "runtime" / "wasm.js").write_text(runtime(), encoding="utf-8")


@functools.cache
def runtime():
    """The script with ONNX Runtime's parts, which takes seconds to pack."""
    parts = {name: packed((RUNTIME / file).read_bytes()) for name, file in PARTS.items()}
    return f"const RUNTIME = {json.dumps(parts)};\n"


def size(folder):
    """Bytes of all files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "generator", nargs="?", type=Path, help="a .keras file; without one, the series' own models"
    )
    parser.add_argument("--classes", help="names of its classes: circle,square,star")
    parser.add_argument("--discriminator", type=Path, help="a .keras file")
    parser.add_argument("--dataset", help="real images for the game: a folder, or a known name")
    parser.add_argument("--folder", type=Path, help="new; build/page or build/page-NAME by default")
    arguments = parser.parse_args()
    path, names = arguments.generator, arguments.classes
    folder = arguments.folder or ROOT / "build" / (f"page-{path.stem}" if path else "page")
    if path is None and (names or arguments.discriminator or arguments.dataset):
        parser.error("--classes, --discriminator and --dataset belong to a generator's file.")
    check_converters()
    if folder.exists():
        parser.exit(1, f"{folder} exists already. Delete it, or name a new one with --folder.\n")
    try:
        if path is None:
            models = list(shipped())
        else:
            names = None if names is None else [name.strip() for name in names.split(",")]
            models = [own(path, names, arguments.discriminator, arguments.dataset)]
        write(folder, models)
    except (ValueError, OSError) as error:
        parser.exit(1, f"{error}\n")
    print(f"Open {folder / 'index.html'} in a browser. The folder has {size(folder) / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
