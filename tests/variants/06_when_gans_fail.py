"""Right and wrong solutions of exercises 06, one a cell; tests/test_exercises.py runs them."""


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
def missing_modes(points, centres, radius, least):
    nearest = np.linalg.norm(points[:, None] - centres, axis=2).argmin(axis=1)
    counts = np.bincount(nearest, minlength=len(centres))
    return np.flatnonzero(counts < least).tolist()


# %% modes | wrong | made in place of missing | return the others
def missing_modes(points, centres, radius, least):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return np.flatnonzero((distances <= radius).sum(axis=0) >= least).tolist()


# %% modes | wrong | more than least | two are enough
def missing_modes(points, centres, radius, least):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return np.flatnonzero((distances <= radius).sum(axis=0) <= least).tolist()


# %% modes | wrong | number in place of the list | not how many there are
def missing_modes(points, centres, radius, least):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return int(np.sum((distances <= radius).sum(axis=0) < least))


# %% modes | wrong | yes or no for each mode | np.flatnonzero makes indices
def missing_modes(points, centres, radius, least):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    return (distances <= radius).sum(axis=0) < least


# %% modes | wrong | each coordinate by itself | not each coordinate by itself
def missing_modes(points, centres, radius, least):
    near = (np.abs(points[:, None] - centres) <= radius).all(axis=2)
    return np.flatnonzero(near.sum(axis=0) < least).tolist()


# %% modes | wrong | square without the root | square without the root
def missing_modes(points, centres, radius, least):
    squares = ((points[:, None] - centres) ** 2).sum(axis=2)
    return np.flatnonzero((squares <= radius).sum(axis=0) < least).tolist()


# %% modes | wrong | bincount without minlength | unless it is told minlength
def missing_modes(points, centres, radius, least):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    near = distances.min(axis=1) <= radius
    counts = np.bincount(distances.argmin(axis=1)[near])
    return np.flatnonzero(counts < least).tolist()


# %% modes | wrong | sum over the modes | one answer for each mode
def missing_modes(points, centres, radius, least):
    distances = np.linalg.norm(points[:, None] - centres, axis=2)
    counts = (distances <= radius).sum(axis=1)
    return np.flatnonzero(counts < least).tolist()


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
def group_deviation(features, group):
    deviations = tf.sqrt(tf.math.reduce_variance(features, axis=0) + 1e-8)
    column = tf.zeros_like(features[:, :1]) + tf.reduce_mean(deviations)
    return tf.concat([features, column], axis=1)


# %% deviation | wrong | every second sample a group | neighbours belong together
def group_deviation(features, group):
    groups = tf.reshape(features, (group, -1, features.shape[-1]))
    deviations = tf.sqrt(tf.math.reduce_variance(groups, axis=0) + 1e-8)
    column = tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]
    return tf.concat([features, column], axis=1)


# %% deviation | wrong | variance, no root | take the root
def group_deviation(features, group):
    groups = tf.reshape(features, (-1, group, features.shape[-1]))
    variances = tf.math.reduce_variance(groups, axis=1)
    column = tf.repeat(tf.reduce_mean(variances, axis=1), group)[:, None]
    return tf.concat([features, column], axis=1)


# %% deviation | wrong | tile in place of repeat | not in turns
def group_deviation(features, group):
    groups = tf.reshape(features, (-1, group, features.shape[-1]))
    deviations = tf.sqrt(tf.math.reduce_variance(groups, axis=1) + 1e-8)
    column = tf.tile(tf.reduce_mean(deviations, axis=1), [group])[:, None]
    return tf.concat([features, column], axis=1)


# %% deviation | wrong | over the features | compares the features of one sample
def group_deviation(features, group):
    groups = tf.reshape(features, (-1, group, features.shape[-1]))
    deviations = tf.sqrt(tf.math.reduce_variance(groups, axis=2) + 1e-8)
    column = tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]
    return tf.concat([features, column], axis=1)


# %% deviation | wrong | over samples and features at once | mixes the features with the samples
def group_deviation(features, group):
    groups = tf.reshape(features, (-1, group, features.shape[-1]))
    deviations = tf.sqrt(tf.math.reduce_variance(groups, axis=(1, 2)) + 1e-8)
    return tf.concat([features, tf.repeat(deviations, group)[:, None]], axis=1)


# %% deviation | wrong | nothing under the root | 1e-8 under the root
def group_deviation(features, group):
    groups = tf.reshape(features, (-1, group, features.shape[-1]))
    deviations = tf.math.reduce_std(groups, axis=1)
    column = tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]
    return tf.concat([features, column], axis=1)


# %% deviation | wrong | through NumPy | with TensorFlow, not with NumPy
def group_deviation(features, group):
    groups = features.numpy().reshape(-1, group, features.shape[-1])
    column = np.repeat(groups.std(axis=1).mean(axis=1), group)[:, None]
    return tf.concat([features, column.astype("float32")], axis=1)


# %% deviation | wrong | the column alone | one more column
def group_deviation(features, group):
    groups = tf.reshape(features, (-1, group, features.shape[-1]))
    deviations = tf.sqrt(tf.math.reduce_variance(groups, axis=1) + 1e-8)
    return tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]


# %% deviation | wrong | the column in front | the number comes last
def group_deviation(features, group):
    groups = tf.reshape(features, (-1, group, features.shape[-1]))
    deviations = tf.sqrt(tf.math.reduce_variance(groups, axis=1) + 1e-8)
    column = tf.repeat(tf.reduce_mean(deviations, axis=1), group)[:, None]
    return tf.concat([column, features], axis=1)


# %% step | right | norms, and the filter left in
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_sum(slopes**2) / real.shape[0]
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    gradients = generator_tape.gradient(loss_of_generator, weights)
    pairs = [(g, w) for g, w in zip(gradients, weights, strict=True) if g is not None]
    if pairs:
        optimizers[0].apply_gradients(pairs)
    return loss_of_generator, loss_of_discriminator, penalty


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
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = tf.stop_gradient(generator(latents, training=True))
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    gradients = generator_tape.gradient(loss_of_generator, weights)
    pairs = [(g, w) for g, w in zip(gradients, weights, strict=True) if g is not None]
    if pairs:
        optimizers[0].apply_gradients(pairs)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | latents still the same | the latents are the same in each step
def mended_step(generator, discriminator, optimizers, real, gamma):
    latent_dim = generator.input_shape[-1]
    latents = tf.random.stateless_normal((real.shape[0], latent_dim), seed=(1, 2))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | latents of NumPy | inside a tf.function the latents are the same
def mended_step(generator, discriminator, optimizers, real, gamma):
    latent_dim = generator.input_shape[-1]
    latents = tf.constant(np.random.normal(size=(real.shape[0], latent_dim)), tf.float32)
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | mean over the coordinates left in | half of what it should be
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(slopes**2)
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | sum over the samples too | grows with the number of samples
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        penalty = gamma / 2 * tf.reduce_sum(slope_tape.gradient(real_logits, real) ** 2)
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | length, not squared | the square of the length
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.norm(slopes, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | slope of the probability | slope of the logits (not of probabilities
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
            scores = tf.sigmoid(real_logits)
        slopes = slope_tape.gradient(scores, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | cost in place of the loss | loss without the penalty
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, cost, penalty


# %% step | wrong | penalty not in the cost | part of what it descends
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(loss_of_discriminator, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | the generator helps the discriminator | does not descend its own loss
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(-real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(cost, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


# %% step | wrong | real and generated swapped | real and generated logits in their places
def mended_step(generator, discriminator, optimizers, real, gamma):
    latents = tf.random.normal((real.shape[0], generator.input_shape[-1]))
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fake = generator(latents, training=True)
        fake_logits = discriminator(fake, training=True)
        with tf.GradientTape() as slope_tape:
            slope_tape.watch(real)
            real_logits = discriminator(real, training=True)
        slopes = slope_tape.gradient(real_logits, real)
        penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))
        loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))
        loss_of_discriminator = tf.reduce_mean(tf.nn.softplus(real_logits))
        loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(-fake_logits))
        cost = loss_of_discriminator + penalty
    weights = discriminator.trainable_variables
    optimizers[1].apply(discriminator_tape.gradient(cost, weights), weights)
    weights = generator.trainable_variables
    optimizers[0].apply(generator_tape.gradient(loss_of_generator, weights), weights)
    return loss_of_generator, loss_of_discriminator, penalty


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
def gains(train, seeds):
    return [train(1, seed)["modes"] - train(2, seed)["modes"] for seed in seeds]


def decide(differences):
    if all(difference > 0 for difference in differences):
        return "helps"
    return "harms" if all(difference < 0 for difference in differences) else "cannot tell"


# %% decision | wrong | another seed for the cure | share their seed
def gains(train, seeds):
    return [train(2, seed + 1)["modes"] - train(1, seed)["modes"] for seed in seeds]


def decide(differences):
    if all(difference > 0 for difference in differences):
        return "helps"
    return "harms" if all(difference < 0 for difference in differences) else "cannot tell"


# %% decision | wrong | one seed without the cure | both need all
def gains(train, seeds):
    baseline = train(1, seeds[0])["modes"]
    return [train(2, seed)["modes"] - baseline for seed in seeds]


def decide(differences):
    if all(difference > 0 for difference in differences):
        return "helps"
    return "harms" if all(difference < 0 for difference in differences) else "cannot tell"


# %% decision | wrong | arguments in the wrong order | a run was asked for
def gains(train, seeds):
    return [train(seed, 2)["modes"] - train(seed, 1)["modes"] for seed in seeds]


def decide(differences):
    if all(difference > 0 for difference in differences):
        return "helps"
    return "harms" if all(difference < 0 for difference in differences) else "cannot tell"


# %% decision | wrong | the mean of the gains | a mean hides
def gains(train, seeds):
    return np.mean([train(2, seed)["modes"] - train(1, seed)["modes"] for seed in seeds])


def decide(differences):
    if all(difference > 0 for difference in differences):
        return "helps"
    return "harms" if all(difference < 0 for difference in differences) else "cannot tell"


# %% decision | wrong | the mean decides | neither the mean nor a single good seed
def gains(train, seeds):
    return [train(2, seed)["modes"] - train(1, seed)["modes"] for seed in seeds]


def decide(differences):
    if min(differences) == 0:
        return "cannot tell"
    mean = np.mean(differences)
    return "helps" if mean > 0 else "harms" if mean < 0 else "cannot tell"


# %% decision | wrong | no gain counts as a gain | 0 is not above 0
def gains(train, seeds):
    return [train(2, seed)["modes"] - train(1, seed)["modes"] for seed in seeds]


def decide(differences):
    if all(difference >= 0 for difference in differences):
        return "helps"
    return "harms" if all(difference < 0 for difference in differences) else "cannot tell"


# %% decision | wrong | one good seed is enough | one seed gained nothing
def gains(train, seeds):
    return [train(2, seed)["modes"] - train(1, seed)["modes"] for seed in seeds]


def decide(differences):
    if any(difference > 0 for difference in differences):
        return "helps"
    return "harms" if all(difference < 0 for difference in differences) else "cannot tell"


# %% decision | wrong | two answers only | seeds that disagree tell nothing yet
def gains(train, seeds):
    return [train(2, seed)["modes"] - train(1, seed)["modes"] for seed in seeds]


def decide(differences):
    return "helps" if all(difference > 0 for difference in differences) else "harms"
