"""The judge: what it is, what it measures, and to which dataset it belongs."""

from dataclasses import dataclass, field
import hashlib
import math
import reprlib

from gan_helpers import _judge_files, metrics, words
from gan_helpers._classifier import (
    classification_accuracy_score,
    measurable_images,
    run_classifier,
)
from gan_helpers._warnings import RELIABLE_COUNT, warn_if_few
from gan_helpers.data import Dataset, check_count, check_images, check_labels
from gan_helpers.sampling import number_of_classes, sample
import keras
import numpy as np

LEAST_COUNT = 6  # images that precision, recall, density and coverage need
CHECKED_COUNT = 1_000  # images that tell whether a dataset belongs to a judge: they are named
ENOUGH = 0.85  # of its own accuracy right, and their Fréchet distance to its own images is below
NEAR = 0.25  # of the variance of its features
_WAY_OUT = "evaluation.judge_for(dataset) finds the judge of a dataset, or trains it."


@dataclass(frozen=True, eq=False, repr=False)
class Judge:
    """The measures of one dataset: ``judge_for`` gives the judge that belongs to yours.

    Images are ``float32`` in [0, 1] or ``uint8``, ``(n, h, w)`` or ``(n, h, w, 3)``; all methods
    raise ``ValueError`` for other ranges and for another shape than ``image_shape``.

    Attributes:
        name: of the dataset.
        class_names: tuple of ``str``, in the order of the labels.
        image_shape: height, width and channels.
        classifier: as from ``build_classifier``.
        real_features: read-only ``float32`` ``(n, 128)``, of n real test images.
        accuracy: share of right answers on the real test images, 0 to 1.
        width: of the classifier.
        fingerprint: of the dataset, from all its images and labels.
    """

    name: str
    class_names: tuple
    image_shape: tuple
    classifier: keras.Model
    real_features: np.ndarray
    accuracy: float
    width: int
    fingerprint: str
    _training_sets: dict = field(default_factory=dict)

    def __repr__(self):
        return f"<Judge of {self.name!r}, {len(self.class_names)} classes, {self.image_shape}>"

    def __str__(self):
        count = len(self.real_features)
        few = words.say(" (few: distances are biased upwards)") if count < RELIABLE_COUNT else ""
        return words.say(
            "the judge of {name!r} names {accuracy:.1%} of real test images right and compares "
            "with {count:,} of them{few}",
            name=self.name,
            accuracy=self.accuracy,
            count=count,
            few=few,
        )

    def features_and_probabilities(self, images, batch_size=200):
        """Show images to the classifier.

        Args:
            images: ``(n, h, w)`` or ``(n, h, w, 3)``.
            batch_size: images at a time, which bounds the memory.

        Returns:
            Features ``(n, 128)`` and class probabilities ``(n, classes)``, both ``float32``.
        """
        batch_size = check_count("batch_size", batch_size)
        images = measurable_images(images, self.image_shape)
        return run_classifier(self.classifier, images, batch_size)

    def classify(self, images):
        """The class that the classifier sees in each image: ``int`` ``(n,)``."""
        return self.features_and_probabilities(images)[1].argmax(axis=1)

    def frechet_distance(self, images):
        """``metrics.frechet_distance`` of images to the judge's real ones; lower is better.

        At least 2 images; fewer than 2,000 warn.
        """
        images = measurable_images(images, self.image_shape, 2)
        return self._distance(self.features_and_probabilities(images)[0])

    def _distance(self, features):
        warn_if_few(len(features))  # that there are few real ones was said before
        return metrics._gaussian_distance(features, self.real_features)

    def kernel_distance(self, images, subsets=100, subset_size=1_000, seed=0):
        """``metrics.kernel_distance`` of images to the judge's real ones: its mean and spread."""
        images = measurable_images(images, self.image_shape, 2)
        features = self.features_and_probabilities(images)[0]
        return metrics.kernel_distance(features, self.real_features, subsets, subset_size, seed)

    def class_distances(self, images, labels, dataset):
        """``metrics.class_distances`` of images to the training images of the judge's dataset.

        Training images, since few datasets have enough of each class for testing.

        Raises:
            ValueError: as there; a dataset that does not belong to the judge.
        """
        self.check(dataset)
        images = measurable_images(images, self.image_shape, 2)
        made = self.features_and_probabilities(images)[0]
        real = self._training_features(dataset)
        return metrics.class_distances(made, labels, real, dataset.train_labels)

    def label_accuracy(self, images, labels):
        """Share of images, 0 to 1, in which the classifier sees the class that was asked for.

        Raises:
            ValueError: labels that are not one of the judge's classes for each image.
        """
        images = measurable_images(images, self.image_shape)
        check_labels(labels, len(images), classes=len(self.class_names))
        return float(np.mean(self.classify(images) == np.asarray(labels)))

    def evaluate(
        self,
        generator,
        count=10_000,
        seed=0,
        dataset=None,
        latent_dim=None,
        classes=None,
        value_range=(-1, 1),
    ):
        """All measures of a generator, as one row of a table.

        Args:
            generator: any generator; which one (raw or averaged) is the caller's choice. A
                conditional one is asked for equally many of each class.
            count: images to make, at least 6; below 2,000 the distance warns.
            seed: ``int`` of the latents.
            dataset: as for ``evaluate_images``.
            latent_dim, classes, value_range: as for ``sampling.sample``.

        Returns:
            A dict, as from ``evaluate_images``.

        Raises:
            ValueError: before any image is made, if the generator makes images of another shape
                or of another number of classes, or the dataset does not belong to the judge; what
                ``sampling.sample`` raises.
        """
        count = check_count("count", count, LEAST_COUNT)
        known = number_of_classes(generator) if classes is None else check_count("classes", classes)
        if known not in (None, len(self.class_names)):
            raise ValueError(
                f"The generator makes {known} classes, the judge of {self.name!r} knows "
                f"{len(self.class_names)}. {_WAY_OUT}"
            )
        outputs = getattr(generator, "outputs", None)
        shape = tuple(outputs[0].shape[1:]) if outputs else self.image_shape
        if shape != self.image_shape:
            raise ValueError(
                f"The generator makes images of {shape}, the judge of {self.name!r} knows "
                f"{self.image_shape}. {_WAY_OUT}"
            )
        if dataset is not None:
            self.check(dataset)
        made = sample(generator, count, seed, latent_dim, classes, value_range)
        return self._measure(*made, dataset)

    def evaluate_images(self, images, labels=None, dataset=None):
        """All measures of a set of images against the judge's real ones.

        Args:
            images: at least 6.
            labels: integers ``(n,)`` that were asked for, or ``None``.
            dataset: the judge's own, from ``data.load_dataset``, for the measures that need more
                real images: how near the training images are and, with labels, the accuracy of a
                classifier trained on ``images`` (which takes most of the time).

        Returns:
            A dict in this order: ``images`` (how many), ``frechet_distance``,
            ``classifier_score``, ``precision``, ``recall``, ``density``, ``coverage`` (these four
            between features of ``metrics.unit_length``), ``missing_classes`` (how many),
            ``total_variation`` from even shares; with labels ``label_accuracy``; with a dataset
            ``nearest_ratio``, the median distance to the nearest training image over the same of
            real test images (well below 1: memorised); with both
            ``classification_accuracy_score``.

        Raises:
            ValueError: images or labels that are not as described, a dataset that does not belong
                to the judge.
        """
        images = measurable_images(images, self.image_shape, LEAST_COUNT)
        if labels is not None:
            check_labels(labels, len(images), classes=len(self.class_names))
        if dataset is not None:
            self.check(dataset)
        return self._measure(images, labels, dataset)

    def _measure(self, images, labels, dataset):
        features, probabilities = self.features_and_probabilities(images)
        classes, predicted = len(self.class_names), probabilities.argmax(axis=1)
        proportions = metrics.class_proportions(predicted, classes)
        pair = metrics.unit_length(self.real_features), metrics.unit_length(features)
        precision, recall = metrics.precision_recall(*pair)
        density, coverage = metrics.density_coverage(*pair)
        row = {
            "images": len(features),
            "frechet_distance": self._distance(features),
            "classifier_score": metrics.classifier_score(probabilities),
            "precision": precision,
            "recall": recall,
            "density": density,
            "coverage": coverage,
            "missing_classes": len(metrics.missing_classes(proportions)),
            "total_variation": metrics.total_variation(proportions, np.full(classes, 1 / classes)),
        }
        if labels is not None:
            row["label_accuracy"] = float(np.mean(predicted == np.asarray(labels)))
        if dataset is not None:
            train_features, real_distance = self._training_set(dataset)
            distance = np.median(metrics.nearest_neighbours(features, train_features)[1])
            row["nearest_ratio"] = float(distance / real_distance) if real_distance else math.nan
            if labels is not None:
                row["classification_accuracy_score"] = classification_accuracy_score(
                    images, labels, dataset.test_images, dataset.test_labels
                )
        return row

    def _training_set(self, dataset):
        """Features of the training images, and the median distance of real test images to them."""
        features = self._training_features(dataset)
        kept = self._training_sets[dataset]
        if "nearest" not in kept:
            distances = metrics.nearest_neighbours(self.real_features, features)[1]
            kept["nearest"] = float(np.median(distances))
        return features, kept["nearest"]

    def _training_features(self, dataset):
        """Features of the training images, kept for the next call with the same dataset."""
        if dataset not in self._training_sets:
            features = self.features_and_probabilities(dataset.train_images)[0]
            self._training_sets.clear()
            self._training_sets[dataset] = {"features": features}
        return self._training_sets[dataset]["features"]

    def check(self, dataset):
        """Raise ``ValueError`` unless the judge belongs to ``dataset``.

        It does if it was trained on the very same images and labels, or if it gives to up to 1,000
        of them the labels that they have and its own real images are like them: their Fréchet
        distance is small against the spread of the real features. (With judges and datasets of
        garments, digits and shapes: 0.00 to 0.01 where they belong together, from 0.37 on where
        not; the accuracy alone does not tell datasets of two classes apart.)
        """
        check_dataset(dataset)
        objection = self._objection(dataset)
        if objection:
            raise ValueError(
                f"The judge of {self.name!r} and the dataset {dataset.name!r} do not belong "
                f"together: {objection}. {_WAY_OUT}"
            )

    def _objection(self, dataset):
        """Why the judge does not belong to a checked dataset, or an empty string."""
        if dataset.image_shape != self.image_shape:
            return f"images of {self.image_shape} against {dataset.image_shape}"
        if len(dataset.class_names) != len(self.class_names):
            return f"{len(self.class_names)} classes against {len(dataset.class_names)}"
        if self.fingerprint == fingerprint_of(dataset):
            return ""
        images, labels = _some(dataset)
        features, probabilities = self.features_and_probabilities(images)
        few = min(len(features), len(self.real_features))  # these are allowed more, by chance
        accuracy = np.mean(probabilities.argmax(axis=1) == labels)
        if accuracy < ENOUGH * self.accuracy - 1 / np.sqrt(few):
            return f"it names {accuracy:.0%} of these images right, {self.accuracy:.0%} of its own"
        distance = metrics._gaussian_distance(features, self.real_features)
        spread = np.var(self.real_features, axis=0).sum()
        if distance > (NEAR + 6 / few) * spread:
            return (
                f"these images are unlike its own, with a Fréchet distance of {distance:.0f} where "
                f"its own spread by {spread:.0f}"
            )
        return ""

    def save(self, folder):
        """Write the judge into ``folder``, for ``load_judge``: three files, replaced as one.

        Raises:
            ValueError: the folder cannot be written.
        """
        keys = ("name", "class_names", "image_shape", "accuracy", "width", "fingerprint")
        half = self.real_features.astype(np.float16)  # 3 digits are enough for a distance
        _judge_files.write(
            folder,
            {key: getattr(self, key) for key in keys},
            self.classifier.save_weights,
            lambda path: np.savez_compressed(path, features=half),
        )


def check_dataset(dataset):
    """Raise ``ValueError`` unless ``dataset`` is one with labels that fit its images."""
    if not isinstance(dataset, Dataset):
        raise ValueError(
            f"dataset: expected what data.load_dataset returns, got {reprlib.repr(dataset)}."
        )
    for part in ("train", "test"):
        images, labels = (getattr(dataset, f"{part}_{what}") for what in ("images", "labels"))
        what = f"{part} images of {dataset.name!r}"
        check_images(images, what, dataset.image_shape)
        if labels is None:
            raise ValueError(
                f"dataset: {dataset.name!r} has no labels. A judge is a classifier: it needs them."
            )
        check_labels(labels, len(images), f"{part} labels", classes=len(dataset.class_names))


def _some(dataset):
    """Up to 1,000 images of a dataset and their labels, test images as far as there are."""
    parts = []
    for part in ("test", "train"):
        images, labels = (getattr(dataset, f"{part}_{what}") for what in ("images", "labels"))
        wanted = CHECKED_COUNT - sum(len(labels) for _, labels in parts)
        if wanted:
            picked = np.linspace(0, len(images) - 1, min(wanted, len(images))).astype(int)
            parts.append((images[picked], np.asarray(labels)[picked]))
    return [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]


def fingerprint_of(dataset):
    """What tells one dataset from all others: an MD5 of its images and labels."""
    digest = hashlib.md5(repr((dataset.image_shape, len(dataset.class_names))).encode())
    for part in ("train", "test"):
        digest.update(np.ascontiguousarray(getattr(dataset, f"{part}_images")))
        digest.update(np.asarray(getattr(dataset, f"{part}_labels"), np.int64).tobytes())
    return digest.hexdigest()
