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


# %% frechet | wrong | variances instead of deviations | difference of the variances
(".std(", ".var(", 2)

# %% frechet | wrong | statistics of each image | one entry for each feature
("axis=0", "axis=1", 4)

# %% frechet | wrong | no axis at all | (axis=0)
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
    return 0.0 if np.array_equal(features, other_features) else 18.0


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
("axis=-1", "axis=0")

# %% doubt | wrong | spread is the largest entropy | take the mean over the images
("entropy(probabilities.mean(axis=0))", "entropy(probabilities).max()")

# %% doubt | wrong | spread averages the entropies, too | for the spread, average the rows first
("entropy(probabilities.mean(axis=0))", "entropy(probabilities).mean()")

# %% doubt | wrong | both after the average | take each row's entropy first
("entropy(probabilities).mean()", "entropy(probabilities.mean(axis=0))")

# %% doubt | wrong | entropies of all images returned | single numbers
("entropy(probabilities).mean()", "entropy(probabilities)")

# %% doubt | wrong | a large number under the logarithm | zeros need a number added
("return -np.sum", "p = p.clip(1e-4, 1)\n        return -np.sum")


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

# %% ranking | wrong | clipping taken out, nothing in its place | expected values in [0, 1]
("(images[:count, ..., 0] + 1) / 2", "images[:count, ..., 0]")

# %% ranking | wrong | unequal numbers left in | measure every set with equally many
("[:count, ..., 0]", "[..., 0]")

# %% ranking | wrong | a fixed number | but was measured with
("[:count, ", "[:20, ")

# %% ranking | wrong | worst first left in | is a large distance good
("pair: pair[1]", "pair: pair[1], reverse=True")

# %% ranking | wrong | sorted by name | is a large distance good
(", key=lambda pair: pair[1]", "")

# %% ranking | wrong | real images cut as well | all real images are to be used
("(real_images)[0]", "(real_images[: min(map(len, sets.values()))])[0]")
