"""Right and wrong solutions of exercises 06; grading/variants.py says how to read them."""


# %% modes | right | squared distances and a squared radius
def missing_modes(points, centres, radius, least):
    squares = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=-1)
    counts = np.count_nonzero(squares <= radius**2, axis=0)
    return [mode for mode, count in enumerate(counts) if count < least]


# %% modes | right | nearest centre, then the radius
def missing_modes(points, centres, radius, least):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    near = distances.min(axis=1) <= radius
    counts = np.bincount(distances.argmin(axis=1)[near], minlength=len(centres))
    return np.flatnonzero(counts < least)


# %% modes | wrong | nearest centre without a radius | is near enough
("(distances <= radius)", "(distances == distances.min(axis=1, keepdims=True))")

# %% modes | wrong | made instead of missing | return the others
("counts < least", "counts >= least")

# %% modes | wrong | more than least | two are enough
("counts < least", "counts <= least")

# %% modes | wrong | number instead of the list | not how many there are
("np.flatnonzero(counts < least).tolist()", "int(np.sum(counts < least))")

# %% modes | wrong | yes or no for each mode | np.flatnonzero makes indices
("np.flatnonzero(counts < least).tolist()", "counts < least")

# %% modes | wrong | each coordinate by itself | not each coordinate by itself
("axis=2)", "axis=2, ord=np.inf)")

# %% modes | wrong | square without the root | square without the root
("axis=2)", "axis=2) ** 2")

# %% modes | wrong | bincount without minlength | unless it is told minlength
(
    "(distances <= radius).sum(axis=0)",
    "np.bincount(distances.argmin(axis=1)[distances.min(axis=1) <= radius])",
)

# %% modes | wrong | sum over the modes | one answer for each mode
("sum(axis=0)", "sum(axis=1)")

# %% modes | wrong | the rim left out | exactly `radius` counts
("<= radius", "< radius")

# %% modes | wrong | one point is enough | compare each count with `least`
("counts < least", "counts == 0")

# %% modes | wrong | numbered from one | the first centre is mode 0
("np.flatnonzero(counts < least)", "(np.flatnonzero(counts < least) + 1)")

# %% modes | wrong | absolute differences | not the sum of absolute differences
("axis=2)", "axis=2, ord=1)")

# %% modes | wrong | a share of the points | not a share of them
("sum(axis=0)", "mean(axis=0)")


# %% modes | right | a loop, NumPy's own integers
def missing_modes(points, centres, radius, least):
    found = []
    for number, centre in enumerate(centres):
        near = sum(np.hypot.reduce(point - centre) <= radius for point in points)
        if near < least:
            found.append(np.int64(number))
    return found


# %% modes | wrong | equal points only once | count each of them
(
    "distances = ",
    "points = np.unique(points, axis=0)\n    distances = ",
)


# %% modes | wrong | the centres instead of their numbers | modes' indices
("np.flatnonzero(counts < least).tolist()", "centres[counts < least].tolist()")


# %% modes | wrong | distances to the origin | near enough
(
    "np.linalg.norm(points[:, None] - centres, axis=2)",
    "np.abs(np.linalg.norm(points, axis=1)[:, None] - np.linalg.norm(centres, axis=1))",
)


# %% variety | right | scipy
def class_variety_ratio(features, labels, real_features, real_labels):
    from scipy.spatial.distance import pdist

    classes = np.unique(real_labels)
    made = [pdist(features[labels == c]).mean() for c in classes]
    real = [pdist(real_features[real_labels == c]).mean() for c in classes]
    return np.divide(made, real)


# %% variety | right | loops over pairs
def class_variety_ratio(features, labels, real_features, real_labels):
    result = []
    for c in sorted(set(labels.tolist())):
        means = []
        for x, y in ((features, labels), (real_features, real_labels)):
            rows = [row for row, label in zip(x, y, strict=True) if label == c]
            distances = []
            for i in range(len(rows)):
                for j in range(i + 1, len(rows)):
                    distances.append(np.sqrt(np.sum((rows[i] - rows[j]) ** 2)))
            means.append(sum(distances) / len(distances))
        result.append(means[0] / means[1])
    return result


# %% variety | right | one large table and the Gram matrix
def class_variety_ratio(features, labels, real_features, real_labels):
    def varieties(x, y):
        x = x - x.mean(axis=0)
        squares = (x**2).sum(axis=1)
        table = np.sqrt(np.maximum(squares[:, None] + squares - 2 * x @ x.T, 0))
        pairs = (y[:, None] == y) & ~np.eye(len(y), dtype=bool)
        return np.array([table[pairs & (y == c)].mean() for c in range(y.max() + 1)])

    return varieties(features, labels) / varieties(real_features, real_labels)


# %% variety | right | TensorFlow, above the diagonal
def class_variety_ratio(features, labels, real_features, real_labels):
    def variety(rows):
        table = tf.norm(rows[:, None] - rows[None], axis=-1).numpy()
        return table[np.triu_indices(len(rows), k=1)].mean()

    made = [variety(features[labels == c]) for c in np.unique(labels)]
    return tf.stack(made) / [variety(real_features[real_labels == c]) for c in np.unique(labels)]


# %% variety | wrong | the distance to itself counts | divide the sum by k
("distances.sum() / (len(rows) * (len(rows) - 1))", "distances.mean()")

# %% variety | wrong | the diagonal with half of the table | begin above the diagonal
("distances.sum() / (len(rows) * (len(rows) - 1))", "distances[np.triu_indices(len(rows))].mean()")

# %% variety | wrong | upside down | generated over real, not real over generated
("variety(features[labels == label])", "variety(real_features[real_labels == label])")
("variety(real_features[real_labels == label])", "variety(features[labels == label])")

# %% variety | wrong | no real data | divide by those of the real ones
(" / variety(real_features[real_labels == label])", "")

# %% variety | wrong | only distances above 0 | their distance of 0 counts
("distances.sum() / (len(rows) * (len(rows) - 1))", "distances[distances > 0].mean()")

# %% variety | wrong | equal rows only once | their distance of 0 counts
("        distances =", "        rows = np.unique(rows, axis=0)\n        distances =")

# %% variety | wrong | the median | and not the median
(
    "distances.sum() / (len(rows) * (len(rows) - 1))",
    "np.median(distances[np.triu_indices(len(rows), 1)])",
)

# %% variety | wrong | a sum of distances | take the mean: the classes have different numbers
(" / (len(rows) * (len(rows) - 1))", "")

# %% variety | wrong | divided by the number of rows | each row has k − 1 others
("(len(rows) * (len(rows) - 1))", "len(rows)")

# %% variety | wrong | in the order of appearance | class 0 comes first
("range(labels.max() + 1)", "dict.fromkeys(labels.tolist())")

# %% variety | wrong | labels ignored | pick the rows of one class by its label
("features[labels == label]", "features")
("real_features[real_labels == label]", "real_features")

# %% variety | wrong | deviation of all entries | the standard deviation of all entries
("distances.sum() / (len(rows) * (len(rows) - 1))", "rows.std()")

# %% variety | wrong | a class too few | one ratio for each class
("labels.max() + 1", "labels.max()")

# %% variety | wrong | squared distances | take the root of the sum of squares first
("axis=2)", "axis=2) ** 2")

# %% variety | wrong | absolute differences | not the sum of absolute differences
("axis=2)", "axis=2, ord=1)")

# %% variety | wrong | distances to the mean | take distances between two samples
("rows[:, None] - rows, axis=2)", "rows - rows.mean(axis=0), axis=1)")
("distances.sum() / (len(rows) * (len(rows) - 1))", "distances.mean()")

# %% variety | wrong | standard deviation | another measure
("distances.sum() / (len(rows) * (len(rows) - 1))", "rows.std(axis=0).mean()")

# %% variety | wrong | neighbouring rows | not only rows that follow one another
("rows[:, None] - rows, axis=2)", "np.diff(rows, axis=0), axis=1)")
("distances.sum() / (len(rows) * (len(rows) - 1))", "distances.mean()")

# %% variety | wrong | first row with the others | not only those with the first row
("rows[:, None] - rows, axis=2)", "rows[1:] - rows[0], axis=1)")
("distances.sum() / (len(rows) * (len(rows) - 1))", "distances.mean()")

# %% variety | wrong | the largest distance | not the largest
("distances.sum() / (len(rows) * (len(rows) - 1))", "distances.max()")

# %% variety | wrong | the nearest other | not only to the nearest one
(
    "distances.sum() / (len(rows) * (len(rows) - 1))",
    "np.sort(distances, axis=1)[:, 1].mean()",
)

# %% variety | wrong | real classes mixed | in which classes are mixed
("variety(real_features[real_labels == label])", "variety(real_features)")

# %% variety | wrong | the wrong labels for real data | use `real_labels` for them
("real_features[real_labels == label]", "real_features[labels == label]")

# %% variety | wrong | the mean over the classes | nor a table of distances
("np.array(", "np.mean(")


# %% variety | wrong | rows taken to be sorted by class | by its label, not by its place
def class_variety_ratio(features, labels, real_features, real_labels):
    def variety(rows):
        distances = np.linalg.norm(rows[:, None] - rows, axis=2)
        return distances.sum() / (len(rows) * (len(rows) - 1))

    rows = {0: [1, 2, 4], 1: [0, 3]}  # of the example
    return np.array(
        [variety(features[rows[c]]) / variety(real_features[real_labels == c]) for c in (0, 1)]
    )


# %% variety | wrong | the package's function | write it without
def class_variety_ratio(features, labels, real_features, real_labels):
    made = metrics.class_variety(features, labels)
    return made / metrics.class_variety(real_features, real_labels)


# %% variety | wrong | the package's function under a name of its own | write it without
from gan_helpers.metrics import class_variety as spread


def class_variety_ratio(features, labels, real_features, real_labels):
    return spread(features, labels) / spread(real_features, real_labels)


# %% variety | right | scikit-learn
def class_variety_ratio(features, labels, real_features, real_labels):
    from sklearn.metrics import pairwise_distances

    def mean(rows):
        table = pairwise_distances(np.asarray(rows, float))
        return table[~np.eye(len(rows), dtype=bool)].mean()

    pairs = (features, labels), (real_features, real_labels)
    made, real = ([mean(f[y == c]) for c in np.unique(labels)] for f, y in pairs)
    return np.divide(made, real)


# %% variety | wrong | rows of length one | brought to length 1
(
    "distances = ",
    "rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)\n"
    "        distances = ",
)


# %% variety | wrong | a dict | expected an array
("    return np.array(\n", "    return dict(enumerate(\n")
(
    "        ]\n    )",
    "        ]\n    ))",
)


# %% variety | wrong | generated to real | from generated samples to real ones
(
    "variety(features[labels == label]) / variety(",
    "np.linalg.norm(features[labels == label][:, None] - real_features[real_labels "
    "== label], axis=2).mean() / variety(",
)


# %% deviation | right | moments of each group
def group_deviation(features, group):
    width = features.shape[1]
    _, variances = tf.nn.moments(tf.reshape(features, [-1, group, width]), axes=[1])
    numbers = tf.reduce_mean((variances + 1e-8) ** 0.5, axis=-1, keepdims=True)
    return tf.concat([features, tf.repeat(numbers, group, axis=0)], axis=-1)


# %% deviation | right | a loop over the groups, with Keras
def group_deviation(features, group):
    pieces = []
    for start in range(0, features.shape[0], group):
        piece = features[start : start + group]
        centred = piece - keras.ops.mean(piece, axis=0)
        deviation = keras.ops.sqrt(keras.ops.mean(centred**2, axis=0) + 1e-8)
        column = keras.ops.zeros((group, 1)) + keras.ops.mean(deviation)
        pieces.append(keras.ops.concatenate([piece, column], axis=1))
    return keras.ops.concatenate(pieces, axis=0)


# %% deviation | wrong | the whole batch | measure each group of two by itself
("    groups", "    group = features.shape[0]\n    groups")

# %% deviation | wrong | every second sample a group | neighbours belong together
("(-1, group, ", "(group, -1, ")
("(groups, axis=1)", "(groups, axis=0)")

# %% deviation | wrong | variance, no root | take the root
("tf.sqrt(", "(")

# %% deviation | wrong | tile instead of repeat | not in turns
("tf.repeat(", "tf.tile(")
(", group)[", ", [group])[")

# %% deviation | wrong | over the features | compares the features of one sample
("(groups, axis=1)", "(groups, axis=2)")

# %% deviation | wrong | over samples and features at once | mixes the features with the samples
("(groups, axis=1)", "(groups, axis=(1, 2), keepdims=True)[:, 0]")

# %% deviation | wrong | nothing under the root | 1e-8 under the root
(" + 1e-8", "")


# %% deviation | wrong | through NumPy | with TensorFlow, not with NumPy
def group_deviation(features, group):
    groups = features.numpy().reshape(-1, group, features.shape[-1])
    column = np.repeat(groups.std(axis=1).mean(axis=1), group)[:, None]
    return tf.concat([features, column.astype("float32")], axis=1)


# %% deviation | wrong | the column alone | one more column
("tf.concat([features, column], axis=1)", "column")

# %% deviation | wrong | the column in front | the number comes last
("[features, column]", "[column, features]")

# %% deviation | wrong | divided by n - 1 | divide by the number of samples
(
    "tf.math.reduce_variance(groups, axis=1)",
    "tf.math.reduce_variance(groups, axis=1) * group / max(group - 1, 1)",
)

# %% deviation | wrong | so many groups | not the number of groups
("(-1, group, ", "(group, -1, ")
("axis=1), group)", "axis=1), features.shape[0] // group)")


# %% deviation | right | a map over the groups
def group_deviation(features, group):
    def number(rows):
        return tf.reduce_mean(tf.sqrt(tf.math.reduce_variance(rows, axis=0) + 1e-8))

    groups = tf.stack(tf.split(features, features.shape[0] // group))
    numbers = tf.map_fn(number, groups)
    return tf.concat([features, tf.repeat(numbers[:, None], group, axis=0)], 1)


# %% deviation | wrong | deviation of the means | deviation of the samples' means
(
    "tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]",
    "tf.repeat(tf.sqrt(tf.math.reduce_variance(tf.reduce_mean(groups, axis=2), "
    "axis=1) + 1e-8), group)[:, None]",
)


# %% deviation | wrong | a column for each feature | one more column
(
    "tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]",
    "tf.repeat(deviations, group, axis=0)",
)


# %% deviation | wrong | the last group alone | the number of its own group
(
    "tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]",
    "tf.fill((features.shape[0], 1), tf.reduce_mean(deviations[-1]))",
)


# %% deviation | wrong | the small number outside of the root | add 1e-8 under the root
(
    "tf.sqrt(tf.math.reduce_variance(groups, axis=1) + 1e-8)",
    "tf.sqrt(tf.math.reduce_variance(groups, axis=1)) + 1e-8",
)


# %% decision | right | loops, minimum and maximum
def gains(train, seeds):
    differences = []
    for seed in seeds:
        without, cured = (train(pack, seed)["modes"] for pack in (1, 2))
        differences.append(cured - without)
    return differences


def decide(differences):
    if min(differences) > 0:
        return "helps"
    return "harms" if max(differences) < 0 else "cannot tell"


# %% decision | right | arrays and signs
def gains(train, seeds):
    modes = np.array([[train(pack, seed)["modes"] for seed in seeds] for pack in (1, 2)])
    return (modes[1] - modes[0]).tolist()


def decide(differences):
    signs = set(np.sign(differences).tolist())
    return {1: "helps", -1: "harms", 0: "cannot tell"}[signs.pop() if len(signs) == 1 else 0]


# %% decision | wrong | sign turned round | the sign is turned round
("train(2, ", "train(1, ")
("train(1, ", "train(2, ")

# %% decision | wrong | another seed for the cure | share their seed
("train(2, seed)", "train(2, seed + 1)")

# %% decision | wrong | one seed without the cure | both need all
("train(1, seed)", "train(1, seeds[0])")

# %% decision | wrong | arguments in the wrong order | a run was asked for
("train(2, seed)", "train(seed, 2)")
("train(1, seed)", "train(seed, 1)")

# %% decision | wrong | the mean of the gains | a mean hides
("[train(2, ", "np.mean([train(2, ")
("in seeds]", "in seeds])")

# %% decision | wrong | the mean decides | neither the mean nor a single good seed
(
    "    if all(difference > 0",
    "    if 0 not in differences:\n"
    "        differences = [np.mean(differences)]\n"
    "    if all(difference > 0",
)

# %% decision | wrong | no gain counts as a gain | 0 is not above 0
("difference > 0", "difference >= 0")

# %% decision | wrong | one good seed is enough | one seed gained nothing
("all(difference > 0", "any(difference > 0")

# %% decision | wrong | two answers only | seeds that disagree tell nothing yet
('return "cannot tell"', 'return "harms"')

# %% decision | wrong | the ready function instead of the given one | use `train`, not `train_ring`
("train(2", "train_ring(2")
("train(1", "train_ring(1")

# %% decision | wrong | without the sign | keep the sign
("[train(2, ", "[abs(train(2, ")
('["modes"] for', '["modes"]) for')

# %% decision | wrong | four seeds counted on | there may be any number of them
(" for seed in seeds]", " for seed in [seeds[i] for i in range(4)]]")

# %% decision | wrong | three gains counted on | go through all
("all(difference > 0 for difference in differences)", "min(differences[i] for i in range(3)) > 0")
("all(difference < 0 for difference in differences)", "max(differences[i] for i in range(3)) < 0")

# %% decision | wrong | zero counts as harm | neither
("difference < 0", "difference <= 0")


# %% decision | right | NumPy's signs
def gains(train, seeds):
    modes = np.array([[train(pack, seed)["modes"] for pack in (1, 2)] for seed in seeds])
    return [int(x) for x in np.diff(modes, axis=1)[:, 0]]


def decide(differences):
    signs = {int(np.sign(x)) for x in differences}
    return {(1,): "helps", (-1,): "harms"}.get(tuple(signs), "cannot tell")


# %% decision | wrong | a ratio | these are ratios
(
    'train(2, seed)["modes"] - train(1, seed)["modes"]',
    'train(2, seed)["modes"] / max(train(1, seed)["modes"], 1)',
)


# %% decision | wrong | the majority decides | every gain must be, not most
(
    "if all(difference > 0 for difference in differences):",
    "if sum(difference > 0 for difference in differences) > len(differences) / 2:",
)


# %% decision | wrong | a dict of gains | should return a list
(
    '[train(2, seed)["modes"] - train(1, seed)["modes"] for seed in seeds]',
    '{seed: train(2, seed)["modes"] - train(1, seed)["modes"] for seed in seeds}',
)


# %% decision | wrong | another word | is 'cannot tell'
('return "cannot tell"', 'return "unclear"')
