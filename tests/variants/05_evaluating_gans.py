"""Right and wrong solutions of exercises 05, one a cell; tests/test_exercises.py runs them."""


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


# %% frechet | wrong | variances in place of deviations | difference of the variances
def diagonal_frechet(features, other_features):
    means = features.mean(axis=0) - other_features.mean(axis=0)
    variances = features.var(axis=0) - other_features.var(axis=0)
    return np.sum(means**2) + np.sum(variances**2)


# %% frechet | wrong | statistics of each image | one entry for each feature
def diagonal_frechet(features, other_features):
    means = features.mean(axis=1) - other_features.mean(axis=1)
    deviations = features.std(axis=1) - other_features.std(axis=1)
    return np.sum(means**2) + np.sum(deviations**2)


# %% frechet | wrong | no axis at all | (axis=0)
def diagonal_frechet(features, other_features):
    means = features.mean() - other_features.mean()
    deviations = features.std() - other_features.std()
    return means**2 + deviations**2


# %% frechet | wrong | mean over the features | do not average over them
def diagonal_frechet(features, other_features):
    means = features.mean(axis=0) - other_features.mean(axis=0)
    deviations = features.std(axis=0) - other_features.std(axis=0)
    return np.mean(means**2 + deviations**2)


# %% frechet | wrong | root at the end | root of the sum
def diagonal_frechet(features, other_features):
    means = features.mean(axis=0) - other_features.mean(axis=0)
    deviations = features.std(axis=0) - other_features.std(axis=0)
    return np.sqrt(np.sum(means**2) + np.sum(deviations**2))


# %% frechet | wrong | one number for each feature | sum over the features
def diagonal_frechet(features, other_features):
    means = features.mean(axis=0) - other_features.mean(axis=0)
    deviations = features.std(axis=0) - other_features.std(axis=0)
    return means**2 + deviations**2


# %% frechet | wrong | differences not squared | square each difference
def diagonal_frechet(features, other_features):
    means = features.mean(axis=0) - other_features.mean(axis=0)
    deviations = features.std(axis=0) - other_features.std(axis=0)
    return np.sum(np.abs(means)) + np.sum(np.abs(deviations))


# %% frechet | wrong | means alone | where are the deviations
def diagonal_frechet(features, other_features):
    return np.sum((features.mean(axis=0) - other_features.mean(axis=0)) ** 2)


# %% frechet | wrong | the example by heart | two sets of zeros
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
def doubt_and_spread(probabilities):
    mean = probabilities.mean(axis=0)
    doubt = -np.sum(probabilities * np.log(probabilities), axis=1).mean()
    return doubt, -np.sum(mean * np.log(mean))


# %% doubt | wrong | the two swapped | in the other order
def doubt_and_spread(probabilities):
    p, mean = probabilities + 1e-12, probabilities.mean(axis=0) + 1e-12
    return -np.sum(mean * np.log(mean)), -np.sum(p * np.log(p), axis=1).mean()


# %% doubt | wrong | bits | entropies in bits
def doubt_and_spread(probabilities):
    p, mean = probabilities + 1e-12, probabilities.mean(axis=0) + 1e-12
    return -np.sum(p * np.log2(p), axis=1).mean(), -np.sum(mean * np.log2(mean))


# %% doubt | wrong | minus forgotten | never negative
def doubt_and_spread(probabilities):
    p, mean = probabilities + 1e-12, probabilities.mean(axis=0) + 1e-12
    return np.sum(p * np.log(p), axis=1).mean(), np.sum(mean * np.log(mean))


# %% doubt | wrong | sum over the images | the sum in the entropy runs over the classes
def doubt_and_spread(probabilities):
    p, mean = probabilities + 1e-12, probabilities.mean(axis=0) + 1e-12
    return -np.sum(p * np.log(p), axis=0).mean(), -np.sum(mean * np.log(mean))


# %% doubt | wrong | spread is the largest entropy | take the mean over the images
def doubt_and_spread(probabilities):
    p = probabilities + 1e-12
    entropies = -np.sum(p * np.log(p), axis=1)
    return entropies.mean(), entropies.max()


# %% doubt | wrong | spread averages the entropies, too | for the spread, average the rows first
def doubt_and_spread(probabilities):
    entropies = -np.sum(probabilities * np.log(probabilities + 1e-300), axis=1)
    return entropies.mean(), entropies.mean()


# %% doubt | wrong | both after the average | take each row's entropy first
def doubt_and_spread(probabilities):
    mean = probabilities.mean(axis=0) + 1e-300
    spread = -np.sum(mean * np.log(mean))
    return spread, spread


# %% doubt | wrong | entropies of all images returned | single numbers
def doubt_and_spread(probabilities):
    p, mean = probabilities + 1e-12, probabilities.mean(axis=0) + 1e-12
    return -np.sum(p * np.log(p), axis=1), -np.sum(mean * np.log(mean))


# %% doubt | wrong | a large number under the logarithm | zeros need a number under the logarithm
def doubt_and_spread(probabilities):
    p, mean = probabilities.clip(1e-4, 1), probabilities.mean(axis=0).clip(1e-4, 1)
    return -np.sum(p * np.log(p), axis=1).mean(), -np.sum(mean * np.log(mean))


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
def coverage(real, generated, k):
    among_real = np.linalg.norm(real[:, None] - real, axis=2)
    radii = np.sort(among_real, axis=1)[:, k - 1]
    to_generated = np.linalg.norm(real[:, None] - generated, axis=2)
    return np.mean((to_generated <= radii[:, None]).any(axis=1))


# %% coverage | wrong | precision | which is precision
def coverage(real, generated, k):
    radii = np.sort(np.linalg.norm(real[:, None] - real, axis=2), axis=1)[:, k]
    to_generated = np.linalg.norm(real[:, None] - generated, axis=2)
    return np.mean((to_generated <= radii[:, None]).any(axis=0))


# %% coverage | wrong | balls around generated points | are the balls around the real points
def coverage(real, generated, k):
    radii = np.sort(np.linalg.norm(generated[:, None] - generated, axis=2), axis=1)[:, k]
    to_generated = np.linalg.norm(real[:, None] - generated, axis=2)
    return np.mean((to_generated <= radii).any(axis=1))


# %% coverage | wrong | radii to generated points | always holds one
def coverage(real, generated, k):
    to_generated = np.linalg.norm(real[:, None] - generated, axis=2)
    radii = np.sort(to_generated, axis=1)[:, k - 1]
    return np.mean((to_generated <= radii[:, None]).any(axis=1))


# %% coverage | wrong | all in place of any | any, not all
def coverage(real, generated, k):
    radii = np.sort(np.linalg.norm(real[:, None] - real, axis=2), axis=1)[:, k]
    to_generated = np.linalg.norm(real[:, None] - generated, axis=2)
    return np.mean((to_generated <= radii[:, None]).all(axis=1))


# %% coverage | wrong | squared distances, plain radii | radii that are not squared
def coverage(real, generated, k):
    radii = np.sort(np.linalg.norm(real[:, None] - real, axis=2), axis=1)[:, k]
    to_generated = np.sum((real[:, None] - generated) ** 2, axis=2)
    return np.mean((to_generated <= radii[:, None]).any(axis=1))


# %% coverage | wrong | number in place of share | share of all real points
def coverage(real, generated, k):
    radii = np.sort(np.linalg.norm(real[:, None] - real, axis=2), axis=1)[:, k]
    to_generated = np.linalg.norm(real[:, None] - generated, axis=2)
    return np.sum((to_generated <= radii[:, None]).any(axis=1))


# %% coverage | wrong | the package's function | write it with NumPy alone
def coverage(real, generated, k):
    return metrics.density_coverage(real, generated, k)[1]


# %% ranking | right | the package's conversion, cut at the end
def mended_ranking(sets, real_images, distance):
    real_features, _ = metrics.classify(real_images)
    features = {
        name: metrics.classify(data.to_unit_range(images))[0] for name, images in sets.items()
    }
    count = min(map(len, features.values()))
    rows = [(name, distance(rows[:count], real_features)) for name, rows in features.items()]
    return sorted(rows, key=lambda row: row[1])


# %% ranking | right | halves and a half, lambda turned round
def mended_ranking(sets, real_images, distance):
    smallest = sorted(len(images) for images in sets.values())[0]
    reference = metrics.classify(real_images)[0]
    pairs = []
    for name in sets:
        pixels = np.squeeze(sets[name][:smallest], -1) * 0.5 + 0.5
        pairs.append((name, distance(metrics.classify(pixels.clip(0, 1))[0], reference)))
    return sorted(pairs, key=lambda pair: -pair[1], reverse=True)


# %% ranking | wrong | real first, generated second | generated first, real second
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    count = min(len(images) for images in sets.values())
    distances = {}
    for name, images in sets.items():
        features = metrics.classify((images[:count, ..., 0] + 1) / 2)[0]
        distances[name] = distance(real_features, features)
    return sorted(distances.items(), key=lambda pair: pair[1])


# %% ranking | wrong | clipping left in | must be mapped to [0, 1]
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    count = min(len(images) for images in sets.values())
    distances = {}
    for name, images in sets.items():
        pixels = np.clip(images[:count, ..., 0], 0, 1)
        distances[name] = distance(metrics.classify(pixels)[0], real_features)
    return sorted(distances.items(), key=lambda pair: pair[1])


# %% ranking | wrong | absolute values | folding back what is negative
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    count = min(len(images) for images in sets.values())
    distances = {}
    for name, images in sets.items():
        pixels = np.abs(images[:count, ..., 0])
        distances[name] = distance(metrics.classify(pixels)[0], real_features)
    return sorted(distances.items(), key=lambda pair: pair[1])


# %% ranking | wrong | clipping taken out, nothing in its place | expected values in [0, 1]
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    count = min(len(images) for images in sets.values())
    distances = {}
    for name, images in sets.items():
        distances[name] = distance(metrics.classify(images[:count, ..., 0])[0], real_features)
    return sorted(distances.items(), key=lambda pair: pair[1])


# %% ranking | wrong | unequal numbers left in | measure every set with equally many
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    distances = {}
    for name, images in sets.items():
        pixels = (images[..., 0] + 1) / 2
        distances[name] = distance(metrics.classify(pixels)[0], real_features)
    return sorted(distances.items(), key=lambda pair: pair[1])


# %% ranking | wrong | a fixed number | but was measured with
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    distances = {}
    for name, images in sets.items():
        pixels = (images[:20, ..., 0] + 1) / 2
        distances[name] = distance(metrics.classify(pixels)[0], real_features)
    return sorted(distances.items(), key=lambda pair: pair[1])


# %% ranking | wrong | worst first left in | is a large distance good
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    count = min(len(images) for images in sets.values())
    distances = {}
    for name, images in sets.items():
        pixels = (images[:count, ..., 0] + 1) / 2
        distances[name] = distance(metrics.classify(pixels)[0], real_features)
    return sorted(distances.items(), key=lambda pair: pair[1], reverse=True)


# %% ranking | wrong | sorted by name | is a large distance good
def mended_ranking(sets, real_images, distance):
    real_features = metrics.classify(real_images)[0]
    count = min(len(images) for images in sets.values())
    distances = {}
    for name, images in sets.items():
        pixels = (images[:count, ..., 0] + 1) / 2
        distances[name] = distance(metrics.classify(pixels)[0], real_features)
    return sorted(distances.items())


# %% ranking | wrong | real images cut as well | all real images are to be used
def mended_ranking(sets, real_images, distance):
    count = min(len(images) for images in sets.values())
    real_features = metrics.classify(real_images[:count])[0]
    distances = {}
    for name, images in sets.items():
        pixels = (images[:count, ..., 0] + 1) / 2
        distances[name] = distance(metrics.classify(pixels)[0], real_features)
    return sorted(distances.items(), key=lambda pair: pair[1])
