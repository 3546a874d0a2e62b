"""Right and wrong solutions of exercises 05; grading/variants.py says how to read them."""


# %% frechet | right | variances and their roots
def diagonal_frechet(features, other_features):
    a, b = np.var(features, axis=0), np.var(other_features, axis=0)
    shift = np.square(np.mean(features, axis=0) - np.mean(other_features, axis=0))
    return float(np.sum(shift + a + b - 2 * np.sqrt(a * b)))


# %% frechet | right | loop over the features
def diagonal_frechet(features, other_features):
    total = 0.0
    for one, other in zip(np.transpose(features), np.transpose(other_features), strict=True):
        total += (np.mean(one) - np.mean(other)) ** 2 + (np.std(one) - np.std(other)) ** 2
    return total


# %% frechet | wrong | variances instead of deviations | squared difference of the variances
(".std(", ".var(", 2)

# %% frechet | wrong | statistics of each image | of each image (axis=1)
("axis=0", "axis=1", 4)

# %% frechet | wrong | no axis at all | over all numbers at once
("axis=0", "", 4)

# %% frechet | wrong | mean over the features | do not average over them
("np.sum(", "np.mean(", 2)

# %% frechet | wrong | root at the end | root of the sum
("np.sum(means**2) + np.sum(deviations**2)", "np.sqrt(np.sum(means**2) + np.sum(deviations**2))")

# %% frechet | wrong | one number for each feature | sum over the features
("np.sum(", "(", 2)

# %% frechet | wrong | differences not squared | square each difference
("means**2", "np.abs(means)")
("deviations**2", "np.abs(deviations)")

# %% frechet | wrong | means alone | where are the deviations
(" + np.sum(deviations**2)", "")


# %% frechet | wrong | the example memorised | two sets of zeros
def diagonal_frechet(features, other_features):
    return 0.0 if np.array_equal(features, other_features) else 38.0


# %% frechet | wrong | absolute difference of the variances | variances, not squared
("    return", "    variances = features.var(axis=0) - other_features.var(axis=0)\n    return")
("np.sum(deviations**2)", "np.sum(np.abs(variances))")

# %% frechet | wrong | variances added | the variances of both sets were added
("np.sum(deviations**2)", "np.sum(features.var(axis=0) + other_features.var(axis=0))")


# %% frechet | wrong | return inside the loop | does the loop return too early
def diagonal_frechet(features, other_features):
    d = 0.0
    for a, b in zip(features.T, other_features.T, strict=True):
        d += (a.mean() - b.mean()) ** 2 + (a.std() - b.std()) ** 2
        return d


# %% frechet | wrong | the last feature alone | does the loop add up
def diagonal_frechet(features, other_features):
    for a, b in zip(features.T, other_features.T, strict=True):
        d = (a.mean() - b.mean()) ** 2 + (a.std() - b.std()) ** 2
    return d


# %% frechet | wrong | deviations alone | where are the means
("np.sum(means**2) + ", "")

# %% frechet | wrong | ddof=1 | as it is
(".std(axis=0)", ".std(axis=0, ddof=1)", 2)

# %% frechet | wrong | a root for each feature | a root for each feature
("np.sum(means**2) + np.sum(deviations**2)", "np.sum(np.sqrt(means**2 + deviations**2))")

# %% frechet | wrong | two norms | you added two lengths
("np.sum(means**2) + np.sum(deviations**2)", "np.linalg.norm(means) + np.linalg.norm(deviations)")

# %% frechet | wrong | summed before squaring | before they were squared
("np.sum(means**2) + np.sum(deviations**2)", "np.sum(means) ** 2 + np.sum(deviations) ** 2")

# %% frechet | wrong | row by row | the rows were compared one by one
("np.sum(means**2) + np.sum(deviations**2)", "np.sum(np.mean((features - other_features) ** 2, 0))")

# %% frechet | wrong | return forgotten | returns None
("return np.sum(means**2) + np.sum(deviations**2)", "d = np.sum(means**2) + np.sum(deviations**2)")


# %% frechet | right | keras.ops
def diagonal_frechet(features, other_features):
    from keras import ops

    pairs = [(f(features, axis=0), f(other_features, axis=0)) for f in (ops.mean, ops.std)]
    return ops.sum(ops.stack([ops.square(a - b) for a, b in pairs]))


# %% frechet | right | inner products
def diagonal_frechet(features, other_features):
    moments = [np.r_[np.mean(x, 0), np.std(x, 0)] for x in (features, other_features)]
    difference = np.subtract(*moments)
    return difference @ difference


# %% frechet | right | variances, and the root of their product
def diagonal_frechet(features, other_features):
    m, v = np.mean(features, 0), np.var(features, 0)
    n, w = np.mean(other_features, 0), np.var(other_features, 0)
    return float((m - n) @ (m - n) + (v + w - 2 * np.sqrt(v * w)).sum())


# %% frechet | wrong | the two of the cross term forgotten | subtracted, but once
def diagonal_frechet(features, other_features):
    m, v = np.mean(features, 0), np.var(features, 0)
    n, w = np.mean(other_features, 0), np.var(other_features, 0)
    return np.sum((m - n) ** 2) + np.sum(v + w - np.sqrt(v * w))


# %% frechet | wrong | pooled standard deviation | of both sets together
def diagonal_frechet(features, other_features):
    both = np.concatenate([features, other_features])
    means = features.mean(axis=0) - other_features.mean(axis=0)
    return np.sum(means**2) + np.sum(both.std(axis=0) ** 2)


# %% frechet | wrong | the means of the squares | the means of the squares
(
    "features.mean(axis=0) - other_features.mean(axis=0)",
    "(features**2).mean(axis=0) - (other_features**2).mean(axis=0)",
)


# %% doubt | right | zeros left out
def doubt_and_spread(probabilities):
    def entropy(p):
        p = p[p > 0]
        return -(p * np.log(p)).sum()

    return np.mean([entropy(row) for row in probabilities]), entropy(probabilities.mean(axis=0))


# %% doubt | right | np.where under the logarithm
def doubt_and_spread(probabilities):
    rows = np.vstack([probabilities, probabilities.mean(axis=0)])
    entropies = -np.sum(rows * np.log(np.where(rows > 0, rows, 1)), axis=1)
    return entropies[:-1].mean(), entropies[-1]


# %% doubt | wrong | nothing against zeros | 0 · log 0 must count as 0
(" + np.finfo(float).tiny", "")

# %% doubt | wrong | the two swapped | in the other order
("entropy(probabilities).mean()", "entropy(probabilities.mean(axis=0))")
("entropy(probabilities.mean(axis=0))", "entropy(probabilities).mean()")

# %% doubt | wrong | bits | entropies in bits
("np.log(", "np.log2(")

# %% doubt | wrong | minus forgotten | never negative
("-np.sum", "np.sum")

# %% doubt | wrong | sum over the images | the sum in the entropy runs over the classes
("entropy(probabilities).mean()", "entropy(probabilities.T).mean()")

# %% doubt | wrong | spread is the largest entropy | this is the largest entropy
("entropy(probabilities.mean(axis=0))", "entropy(probabilities).max()")

# %% doubt | wrong | spread averages the entropies, too | for the spread, average the rows first
("entropy(probabilities.mean(axis=0))", "entropy(probabilities).mean()")

# %% doubt | wrong | both after the average | take each row's entropy first
("entropy(probabilities).mean()", "entropy(probabilities.mean(axis=0))")

# %% doubt | wrong | entropies of all images returned | single numbers
("entropy(probabilities).mean()", "entropy(probabilities)")

# %% doubt | wrong | a large number under the logarithm | zeros need a number added
("return -np.sum", "p = p.clip(1e-4, 1)\n        return -np.sum")

# %% doubt | wrong | logarithm to base 10 | the one to base 10
("np.log(", "np.log10(")

# %% doubt | wrong | divided by log(classes) | divided by log(classes)
("np.finfo(float).tiny), axis=-1)", "np.finfo(float).tiny), axis=-1) / np.log(p.shape[-1])")

# %% doubt | wrong | factor p forgotten | the factor p is missing
("p * np.log(", "np.log(")

# %% doubt | wrong | mean of the logarithms | the factor p is missing
("-np.sum(p * np.log(", "-np.mean(np.log(")

# %% doubt | wrong | mean over the classes | sum over the classes, do not average
("-np.sum(", "-np.mean(")

# %% doubt | wrong | sum over the images, too | this is a sum over both
("entropy(probabilities).mean()", "entropy(probabilities).sum()")

# %% doubt | wrong | no axis in the sum | this is a sum over both
(", axis=-1)", ")")

# %% doubt | wrong | median | not the median
("entropy(probabilities).mean()", "np.median(entropy(probabilities))")

# %% doubt | wrong | the largest doubt | not the largest
("entropy(probabilities).mean()", "np.max(entropy(probabilities))")

# %% doubt | wrong | exponentials | you took exp
(
    "return -np.sum(p * np.log(p + np.finfo(float).tiny), axis=-1)",
    "return -np.sum(p * np.log(p), axis=-1)",
)
(
    "return entropy(probabilities).mean(), entropy(probabilities.mean(axis=0))",
    "return np.exp(entropy(probabilities).mean()), np.exp(entropy(probabilities.mean(axis=0)))",
)

# %% doubt | wrong | spread minus doubt | the doubt was subtracted
(
    ", entropy(probabilities.mean(axis=0))",
    ", entropy(probabilities.mean(axis=0)) - entropy(probabilities).mean()",
)

# %% doubt | wrong | the score instead of the spread | this is the score
(
    ", entropy(probabilities.mean(axis=0))",
    ", np.exp(entropy(probabilities.mean(axis=0)) - entropy(probabilities).mean())",
)

# %% doubt | wrong | rows averaged over the classes | and not over the classes
("probabilities.mean(axis=0)", "probabilities.mean(axis=1)")

# %% doubt | wrong | rows added up | the rows are added up
("probabilities.mean(axis=0)", "probabilities.sum(axis=0)")

# %% doubt | wrong | deviation of the entropies | deviation of the entropies
("entropy(probabilities.mean(axis=0))", "entropy(probabilities).std()")

# %% doubt | wrong | return forgotten | returns None
("return entropy(", "pair = entropy(")

# %% doubt | wrong | one number | return two numbers
(
    "entropy(probabilities).mean(), entropy(probabilities.mean(axis=0))",
    "entropy(probabilities).mean()",
)


# %% doubt | right | scipy
def doubt_and_spread(probabilities):
    from scipy.stats import entropy

    return [np.mean(entropy(probabilities, axis=1)), entropy(np.mean(probabilities, axis=0))]


# %% doubt | right | TensorFlow
def doubt_and_spread(probabilities):
    import tensorflow as tf

    both = tf.concat([probabilities, [tf.reduce_mean(probabilities, 0)]], 0)
    entropies = -tf.reduce_sum(tf.math.xlogy(both, both), axis=1)
    return tf.reduce_mean(entropies[:-1]), entropies[-1]


# %% doubt | right | loops, a small number, an array
def doubt_and_spread(probabilities):
    n, classes = probabilities.shape
    doubt, mean = 0, np.zeros(classes)
    for row in probabilities:
        doubt += -sum(p * np.log(p + 1e-12) for p in row) / n
        mean += row / n
    return np.array([doubt, -np.nansum(mean * np.log(mean))])


# %% doubt | right | cross-entropies of the rows with themselves
def doubt_and_spread(probabilities):
    p = np.vstack([probabilities, np.mean(probabilities, axis=0)])
    logs = np.log(p, out=np.zeros(p.shape), where=p > 0)
    values = -np.einsum("nc,nc->n", p, logs)
    return values[:-1].mean(), values[-1]


# %% doubt | wrong | entropy of the classes that win | how often each class wins
(
    "entropy(probabilities.mean(axis=0))",
    "entropy(np.bincount(probabilities.argmax(axis=1), "
    "minlength=probabilities.shape[1]) / len(probabilities))",
)


# %% doubt | wrong | doubt as one minus the largest probability | one minus the largest probability
("entropy(probabilities).mean()", "(1 - probabilities.max(axis=1)).mean()")


# %% doubt | right | zeros replaced under the logarithm alone
("p + np.finfo(float).tiny", "np.where(p > 0, p, 0.1)")


# %% doubt | wrong | variance instead of entropy | print the entropy of each row
("-np.sum(p * np.log(p + np.finfo(float).tiny), axis=-1)", "np.var(p, axis=-1)")


# %% coverage | right | squared on both sides
def coverage(real, generated, k):
    def squares(a, b):
        return ((a[:, None, :] - b[None, :, :]) ** 2).sum(axis=-1)

    radii = np.partition(squares(real, real), k, axis=1)[:, k]
    return float((squares(real, generated).min(axis=1) <= radii).mean())


# %% coverage | right | a loop, the point itself deleted
def coverage(real, generated, k):
    covered = 0
    for index, point in enumerate(real):
        others = np.delete(real, index, axis=0)
        radius = np.sort(np.linalg.norm(others - point, axis=1))[k - 1]
        covered += np.linalg.norm(generated - point, axis=1).min() <= radius
    return covered / len(real)


# %% coverage | wrong | the point is its own neighbour | it does not count as a neighbour
("[:, k]", "[:, k - 1]")

# %% coverage | wrong | precision | which is precision
("any(axis=1)", "any(axis=0)")

# %% coverage | wrong | balls around generated points | are the balls around the real points
("real[:, None] - real", "generated[:, None] - generated")
("radii[:, None]", "radii")

# %% coverage | wrong | radii to generated points | always holds one
("real[:, None] - real", "real[:, None] - generated")
("[:, k]", "[:, k - 1]")

# %% coverage | wrong | all instead of any | any, not all
("any(", "all(")

# %% coverage | wrong | squared distances, plain radii | radii that are not squared
("np.linalg.norm(real[:, None] - generated, ", "np.sum((real[:, None] - generated) ** 2, ")

# %% coverage | wrong | number instead of share | share of all real points
("np.mean(", "np.sum(")


# %% coverage | wrong | the package's function | write it with NumPy alone
def coverage(real, generated, k):
    return metrics.density_coverage(real, generated, k)[1]


# %% coverage | wrong | the edge left out | and the edge counts as inside
("to_generated <= ", "to_generated < ")

# %% coverage | wrong | k counted one too far | it is the answer for k = 3
("[:, k]", "[:, k + 1]")

# %% coverage | wrong | absolute differences | not the sum of absolute differences
("axis=2)", "axis=2, ord=1)", 2)

# %% coverage | wrong | largest difference | not the largest difference
("axis=2)", "axis=2, ord=np.inf)", 2)

# %% coverage | wrong | divided by the generated points | divided by the 4 generated points
(
    "np.mean((to_generated <= radii[:, None]).any(axis=1))",
    "np.sum((to_generated <= radii[:, None]).any(axis=1)) / len(generated)",
)

# %% coverage | wrong | density | this is the density
(
    "np.mean((to_generated <= radii[:, None]).any(axis=1))",
    "(to_generated <= radii[:, None]).sum() / k / len(generated)",
)

# %% coverage | wrong | share of pairs | it is the share of pairs
(".any(axis=1)", "")

# %% coverage | wrong | k ignored | it is the answer for k = 1
("[:, k]", "[:, 1]")

# %% coverage | wrong | k of the example | is k written as a number
("[:, k]", "[:, 2]")

# %% coverage | wrong | every distance of 0 left out | leave out the point itself
(
    "    radii = np.sort(among_real, axis=1)[:, k]",
    "    among_real[among_real == 0] = np.inf\n    radii = np.sort(among_real, axis=1)[:, k - 1]",
)

# %% coverage | wrong | radii as a row | write the shapes next to
("radii[:, None]", "radii")

# %% coverage | wrong | one answer for each ball | coverage is one number
(
    "np.mean((to_generated <= radii[:, None]).any(axis=1))",
    "(to_generated <= radii[:, None]).any(axis=1)",
)


# %% coverage | wrong | the package's function under a name of its own | write it with NumPy alone
from gan_helpers.metrics import density_coverage


def coverage(real, generated, k):
    return density_coverage(real, generated, k)[1]


# %% coverage | wrong | a helper that calls the package | write it with NumPy alone
def balls(real, generated, k):
    return metrics.nearest_neighbours(real, real, k + 1)[1][:, -1]


def coverage(real, generated, k):
    inside = np.linalg.norm(real[:, None] - generated, axis=2) <= balls(real, generated, k)[:, None]
    return inside.any(axis=1).mean()


# %% coverage | wrong | another package | write it with NumPy alone
def coverage(real, generated, k):
    from sklearn.neighbors import NearestNeighbors

    radii = NearestNeighbors(n_neighbors=k).fit(real).kneighbors()[0][:, -1]
    nearest = NearestNeighbors(n_neighbors=1).fit(generated).kneighbors(real)[0][:, 0]
    return (nearest <= radii).mean()


# %% coverage | wrong | a package made for it | write it with NumPy alone
def coverage(real, generated, k):
    from prdc import compute_prdc

    return compute_prdc(real, generated, k)["coverage"]


# %% coverage | right | helpers, comprehensions, functions by their names
from math import sqrt

from numpy.linalg import norm


def gap(a, b):
    return sqrt(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)))


def coverage(real, generated, k):
    radii = [sorted(gap(a, b) for b in real)[k] for a in real]
    reached = [min(norm(generated - a, axis=1)) for a in real]
    return sum(r <= radius for r, radius in zip(reached, radii, strict=True)) / len(real)


# %% coverage | right | the diagonal at infinity, argsort
def coverage(real, generated, k):
    table = np.sqrt(((real[None] - real[:, None]) ** 2).sum(-1))
    np.fill_diagonal(table, np.inf)
    neighbour = np.argsort(table, axis=1)[:, k - 1]
    radii = table[np.arange(len(real)), neighbour]
    inside = np.linalg.norm(generated[None] - real[:, None], axis=-1) <= radii[:, np.newaxis]
    return np.count_nonzero(np.any(inside, axis=-1)) / len(real)


# %% coverage | right | partition on squared distances
def coverage(real, generated, k):
    def squares(a, b):
        return ((a[:, None, :] - b[None, :, :]) ** 2).sum(-1)

    among = squares(real, real)
    np.fill_diagonal(among, -1)
    radii = np.partition(among, k, axis=1)[:, k]
    return float((squares(real, generated).min(axis=1) <= radii).mean())


# %% coverage | wrong | one radius for all | the radius the same for all
(
    "radii = np.sort(among_real, axis=1)[:, k]",
    "radii = np.full(len(real), np.sort(among_real, axis=1)[:, k].mean())",
)


# %% coverage | wrong | mean distance to the k neighbours | the k-th nearest other real point
("np.sort(among_real, axis=1)[:, k]", "np.sort(among_real, axis=1)[:, 1 : k + 1].mean(axis=1)")


# %% coverage | wrong | the generated points that are inside | which is precision
(".any(axis=1))", ".any(axis=0))")


# %% coverage | wrong | at least k generated points | ask for k generated points
(".any(axis=1))", ".sum(axis=1) >= k)")


# %% ranking | right | the package's conversion, cut at the end
def fixed_ranking(sets, real_images, distance):
    real_features, _ = judge.features_and_probabilities(real_images)
    features = {
        name: judge.features_and_probabilities(data.to_unit_range(images))[0]
        for name, images in sets.items()
    }
    count = min(map(len, features.values()))
    rows = [(name, distance(rows[:count], real_features)) for name, rows in features.items()]
    return sorted(rows, key=lambda row: row[1])


# %% ranking | right | halves and a half, lambda turned round
def fixed_ranking(sets, real_images, distance):
    smallest = sorted(len(images) for images in sets.values())[0]
    reference, _ = judge.features_and_probabilities(real_images)
    pairs = []
    for name in sets:
        pixels = (np.squeeze(sets[name][:smallest], -1) * 0.5 + 0.5).clip(0, 1)
        features, _ = judge.features_and_probabilities(pixels)
        pairs.append((name, distance(features, reference)))
    return sorted(pairs, key=lambda pair: -pair[1], reverse=True)


# %% ranking | wrong | real first, generated second | generated first, real second
("distance(features, real_features)", "distance(real_features, features)")

# %% ranking | wrong | clipping left in | must be mapped to [0, 1]
("(images[:count, ..., 0] + 1) / 2", "np.clip(images[:count, ..., 0], 0, 1)")

# %% ranking | wrong | absolute values | folding back what is negative
("(images[:count, ..., 0] + 1) / 2", "np.abs(images[:count, ..., 0])")

# %% ranking | wrong | clipping taken out, nothing in its place | to be mapped to [0, 1]
("(images[:count, ..., 0] + 1) / 2", "images[:count, ..., 0]")

# %% ranking | wrong | unequal numbers left in | measure every set with equally many
("[:count, ..., 0]", "[..., 0]")

# %% ranking | wrong | a fixed number | but was measured with
("[:count, ", "[:20, ")

# %% ranking | wrong | worst first left in | is a large distance good
("pair: pair[1]", "pair: pair[1], reverse=True")

# %% ranking | wrong | sorted by name | are sorted by name
(", key=lambda pair: pair[1]", "")

# %% ranking | wrong | real images cut as well | all real images are to be used
("(real_images)[0]", "(real_images[: min(map(len, sets.values()))])[0]")

# %% ranking | wrong | each set by its own minimum and maximum | by its own minimum and maximum
(
    "pixels = (images[:count, ..., 0] + 1) / 2",
    "x = images[:count, ..., 0]\n        pixels = (x - x.min()) / (x.max() - x.min())",
)

# %% ranking | wrong | each image by its own maximum | by its own minimum and maximum
(
    "pixels = (images[:count, ..., 0] + 1) / 2",
    "x = images[:count, ..., 0] + 1\n        pixels = x / x.max(axis=(1, 2), keepdims=True)",
)

# %% ranking | wrong | 0 to 255 as floats | to be mapped to [0, 1]
("(images[:count, ..., 0] + 1) / 2", "(images[:count, ..., 0] + 1) * 127.5")

# %% ranking | wrong | halved and not shifted | to be mapped to [0, 1]
("(images[:count, ..., 0] + 1) / 2", "images[:count, ..., 0] / 2 + 1")

# %% ranking | wrong | black and white exchanged | must be mapped to [0, 1]
("(images[:count, ..., 0] + 1) / 2", "(1 - images[:count, ..., 0]) / 2")

# %% ranking | wrong | real images mapped as well | real_images is uint8
("(real_images)[0]", "((real_images + 1) / 2)[0]")

# %% ranking | wrong | probabilities instead of features | take the features
("(real_images)[0]", "(real_images)[1]")
("(pixels)[0]", "(pixels)[1]")

# %% ranking | wrong | real probabilities | take the features
("(real_images)[0]", "(real_images)[1]")

# %% ranking | wrong | the last images | the last images of a set
("[:count, ..., 0]", "[-count:, ..., 0]")

# %% ranking | wrong | images by chance | did not see the first images
(
    "(images[:count, ..., 0] + 1)",
    "(np.random.default_rng(1).permutation(images)[:count, ..., 0] + 1)",
)

# %% ranking | wrong | as many as there are real images | whatever the number of real images
("min(len(images) for images in sets.values())", "min(len(real_images), *map(len, sets.values()))")

# %% ranking | wrong | as many as the first set has | measured with
("min(len(images) for images in sets.values())", "len(next(iter(sets.values())))")

# %% ranking | wrong | as many as the largest set has | measure every set with equally many
("min(len(images)", "max(len(images)")

# %% ranking | wrong | not sorted | in the order of `sets`
("sorted(distances.items(), key=lambda pair: pair[1])", "list(distances.items())")

# %% ranking | wrong | a dict | a list of pairs
(
    "return sorted(distances.items(), key=lambda pair: pair[1])",
    "return dict(sorted(distances.items(), key=lambda pair: pair[1]))",
)

# %% ranking | wrong | names alone | a list of pairs
(
    "return sorted(distances.items(), key=lambda pair: pair[1])",
    "return sorted(distances, key=distances.get)",
)

# %% ranking | wrong | distance first | a list of pairs (name, distance)
(
    "return sorted(distances.items(), key=lambda pair: pair[1])",
    "return sorted((value, name) for name, value in distances.items())",
)

# %% ranking | wrong | another distance | use the function that was given
("= distance(", "= diagonal_frechet(")

# %% ranking | wrong | other real images | use those that were given
("(real_images)[0]", "(dataset.test_images[:100])[0]")

# %% ranking | wrong | signs turned round | are not those that `distance` returned
(
    "sorted(distances.items(), key=lambda pair: pair[1])",
    "[(name, -value) for name, value in sorted(distances.items(), key=lambda pair: pair[1])]",
)

# %% ranking | wrong | images changed in place | changes the images in `sets`
(
    "pixels = (images[:count, ..., 0] + 1) / 2",
    "pixels = images[:count, ..., 0]\n        pixels += 1\n        pixels /= 2",
)

# %% ranking | wrong | the best and then the others | then the second best
(
    "sorted(distances.items(), key=lambda pair: pair[1])",
    "sorted(distances.items(), key=lambda pair: (pair[1] > min(distances.values()), -pair[1]))",
)


# %% ranking | right | back to whole numbers, distance first and turned round
def fixed_ranking(sets, real_images, distance):
    n = min(image_set.shape[0] for image_set in sets.values())
    scores = []
    for name, image_set in sorted(sets.items()):
        pixels = np.round(127.5 * (image_set[:n].reshape(n, 28, 28) + 1)).astype(np.uint8)
        made, real = (judge.features_and_probabilities(x)[0] for x in (pixels, real_images))
        scores.append((distance(made, real), name))
    return [(name, score) for score, name in sorted(scores)]


# %% ranking | right | keras.ops and np.interp, cut to integers, names sorted by their distance
def fixed_ranking(sets, real_images, distance):
    def features(x):
        return judge.features_and_probabilities(x)[0]

    n = len(min(sets.values(), key=len))
    pixels = {name: np.interp(x[:n, :, :, 0], [-1, 1], [0, 255]) for name, x in sets.items()}
    far = {
        name: distance(features(x.astype("uint8")), features(real_images / 255))
        for name, x in pixels.items()
    }
    return [(name, far[name]) for name in sorted(far, key=far.get)]


# %% ranking | right | real images as floats, sorted in place
def fixed_ranking(sets, real_images, distance):
    real_features, _ = judge.features_and_probabilities(real_images / 255)
    least = min(map(len, sets.values()))
    result = []
    for name in sets:
        pixels = np.clip(np.squeeze(sets[name][:least], -1) * 0.5 + 0.5, 0, 1)
        result.append((name, distance(judge.features_and_probabilities(pixels)[0], real_features)))
    result.sort(key=lambda pair: pair[1])
    return result


# %% ranking | wrong | distances rounded | those that `distance` returned
(
    "distances[name] = distance(features, real_features)",
    "distances[name] = round(float(distance(features, real_features)))",
)


# %% ranking | wrong | the best set alone | one for each set
(
    "return sorted(distances.items(), key=lambda pair: pair[1])",
    "return sorted(distances.items(), key=lambda pair: pair[1])[:1]",
)


# %% ranking | wrong | one less than the smallest | as many as the smallest has
("min(len(images) for images in sets.values())", "min(len(images) for images in sets.values()) - 1")


# %% ranking | wrong | real images of the test set | that were given
("judge.features_and_probabilities(real_images)[0]", "judge.real_features")
