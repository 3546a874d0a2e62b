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


# %% step | right | norms, and the filter left in
("tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))", "tf.reduce_sum(slopes**2) / real.shape[0]")
(
    "optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)",
    "gradients = generator_tape.gradient(loss_of_generator, weights)\n"
    "    pairs = [(g, w) for g, w in zip(gradients, weights, strict=True) if g is not None]\n"
    "    if pairs:\n"
    "        optimizers[0].apply_gradients(pairs)",
)


# %% step | right | one network after the other
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = keras.random.normal((len(real), generator.input_shape[-1]))
    points = generator(latents, training=True)
    with tf.GradientTape() as tape:
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
            summed = tf.reduce_sum(real_logits)
        lengths = tf.norm(slope_tape.gradient(summed, real), axis=1)
        penalty = 0.5 * gamma * tf.reduce_mean(lengths**2)
        judged = discriminator(tf.stop_gradient(points), training=True)
        loss = tf.reduce_mean(tf.nn.softplus(-real_logits) + tf.nn.softplus(judged))
        cost = loss + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    with tf.GradientTape() as tape:
        fake_logits = discriminator(generator(latents, training=True), training=True)
        generator_loss = tf.reduce_mean(tf.nn.softplus(-fake_logits))
    optimizers[0].apply(tape.gradient(generator_loss, weights), weights)
    return generator_loss, loss, penalty


# %% step | wrong | path still cut | no gradient reaches its weights
("generator(latents, training=True)", "tf.stop_gradient(generator(latents, training=True))")
(
    "optimizers[0].apply(",
    "if generator_tape.gradient(loss_of_generator, weights[0]) is not None:\n"
    "        optimizers[0].apply(",
)

# %% step | wrong | latents still the same | the latents are the same in each step
("tf.random.normal((real", "tf.random.stateless_normal(seed=(1, 2), shape=(real")

# %% step | wrong | latents of NumPy | inside a tf.function the latents are the same
("tf.random.normal((real", "tf.constant(np.random.normal(size=(real")
("[-1]))", "[-1])), tf.float32)")

# %% step | wrong | mean over the coordinates left in | half of what it should be
("tf.reduce_sum(slopes**2, axis=1)", "slopes**2")

# %% step | wrong | sum over the samples too | grows with the number of samples
("tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))", "tf.reduce_sum(slopes**2)")

# %% step | wrong | length, not squared | the square of the length
("tf.reduce_sum(slopes**2, axis=1)", "tf.norm(slopes, axis=1)")

# %% step | wrong | slope of the probability | slope of the logits (not of probabilities
(
    "training=True)\n        slopes",
    "training=True)\n            scores = tf.sigmoid(real_logits)\n        slopes",
)
("gradient(real_logits, real)", "gradient(scores, real)")

# %% step | wrong | cost instead of the loss | loss without the penalty
("return loss_of_generator, loss_of_discriminator,", "return loss_of_generator, cost,")

# %% step | wrong | penalty not in the cost | part of what it descends
("loss_of_discriminator + penalty", "loss_of_discriminator")

# %% step | wrong | the generator helps the discriminator | does not descend its own loss
("gradient(loss_of_generator, ", "gradient(cost, ")

# %% step | wrong | real and generated swapped | real and generated logits in their places
("softplus(-real_logits)", "softplus(real_logits)")
("softplus(fake_logits)", "softplus(-fake_logits)")


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
