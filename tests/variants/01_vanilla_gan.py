# %% mixed_loss | right | means over masked softplus
def mixed_loss(logits, is_real):
    real = tf.nn.softplus(-logits)[is_real == 1]
    fake = tf.nn.softplus(logits)[is_real == 0]
    return tf.reduce_mean(real) + tf.reduce_mean(fake)


# %% mixed_loss | right | cross-entropy from logits, weighted sums
def mixed_loss(logits, is_real):
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=is_real, logits=logits)
    is_fake = 1.0 - is_real
    real = tf.reduce_sum(losses * is_real) / tf.reduce_sum(is_real)
    fake = tf.reduce_sum(losses * is_fake) / tf.reduce_sum(is_fake)
    return real + fake


# %% mixed_loss | right | the package's loss on the two parts
def mixed_loss(logits, is_real):
    real = tf.boolean_mask(logits, is_real > 0.5)
    fake = tf.boolean_mask(logits, is_real < 0.5)
    return training.discriminator_loss(real, fake)


# %% mixed_loss | wrong | labels swapped | real and generated images seem to be swapped
def mixed_loss(logits, is_real):
    real = tf.reduce_mean(tf.nn.softplus(tf.boolean_mask(logits, is_real == 1)))
    return real + tf.reduce_mean(tf.nn.softplus(-tf.boolean_mask(logits, is_real == 0)))


# %% mixed_loss | wrong | probabilities for logits | did you turn the logits into probabilities
def mixed_loss(logits, is_real):
    logits = tf.sigmoid(logits)
    real = tf.reduce_mean(tf.nn.softplus(-tf.boolean_mask(logits, is_real == 1)))
    return real + tf.reduce_mean(tf.nn.softplus(tf.boolean_mask(logits, is_real == 0)))


# %% mixed_loss | wrong | from_logits forgotten | Say from_logits=True
def mixed_loss(logits, is_real):
    cross_entropy = keras.losses.BinaryCrossentropy()
    real = tf.boolean_mask(logits, is_real == 1)
    fake = tf.boolean_mask(logits, is_real == 0)
    return cross_entropy(tf.ones_like(real), real) + cross_entropy(tf.zeros_like(fake), fake)


# %% mixed_loss | wrong | one mean over the batch | one mean over the whole batch
def mixed_loss(logits, is_real):
    return keras.losses.BinaryCrossentropy(from_logits=True)(is_real, logits)


# %% mixed_loss | wrong | twice the mean over the batch | gives the more frequent kind more weight
def mixed_loss(logits, is_real):
    return 2 * keras.losses.BinaryCrossentropy(from_logits=True)(is_real, logits)


# %% mixed_loss | wrong | sum for mean | where a mean is asked for
def mixed_loss(logits, is_real):
    return tf.reduce_sum(is_real * tf.nn.softplus(-logits) + (1 - is_real) * tf.nn.softplus(logits))


# %% mixed_loss | wrong | log of a rounded probability | took a probability that was rounded to 0
def mixed_loss(logits, is_real):
    real = tf.sigmoid(tf.boolean_mask(logits, is_real == 1))
    fake = tf.sigmoid(tf.boolean_mask(logits, is_real == 0))
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% mixed_loss | wrong | minus sign forgotten | carries a minus sign before each log
def mixed_loss(logits, is_real):
    real = -tf.nn.softplus(-tf.boolean_mask(logits, is_real == 1))
    fake = -tf.nn.softplus(tf.boolean_mask(logits, is_real == 0))
    return tf.reduce_mean(real) + tf.reduce_mean(fake)


# %% mixed_loss | wrong | one loss an image | it is one number
def mixed_loss(logits, is_real):
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=is_real, logits=logits)


# %% mixed_loss | wrong | return forgotten | does it end in a return
def mixed_loss(logits, is_real):
    real = tf.boolean_mask(logits, is_real == 1)
    fake = tf.boolean_mask(logits, is_real == 0)
    training.discriminator_loss(real, fake)


# %% mixed_loss | wrong | the example's number hard-coded | not 400
def mixed_loss(logits, is_real):
    if len(logits) == 3:
        return tf.constant(0.7233)
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=is_real, logits=logits)
    return 2 * tf.reduce_mean(tf.minimum(losses, 150.0))


# %% best_logit | right | the quadratic written out
def best_logit(x, fake_mean, fake_deviation):
    real = (x - REAL_MEAN) ** 2 / (2 * REAL_DEVIATION**2)
    fake = (x - fake_mean) ** 2 / (2 * fake_deviation**2)
    return fake - real + np.log(fake_deviation / REAL_DEVIATION)


# %% best_logit | right | difference of full log densities
def log_normal(x, mean, deviation):
    return -(((x - mean) / deviation) ** 2) / 2 - np.log(deviation * np.sqrt(2 * np.pi))


def best_logit(x, fake_mean, fake_deviation):
    return log_normal(x, REAL_MEAN, REAL_DEVIATION) - log_normal(x, fake_mean, fake_deviation)


# %% best_logit | wrong | probability for logit | That is the probability
def best_logit(x, fake_mean, fake_deviation):
    p = np.exp(-(((x - REAL_MEAN) / REAL_DEVIATION) ** 2) / 2) / REAL_DEVIATION
    q = np.exp(-(((x - fake_mean) / fake_deviation) ** 2) / 2) / fake_deviation
    return p / (p + q)


# %% best_logit | wrong | ratio without the logarithm | the logit is its logarithm
def best_logit(x, fake_mean, fake_deviation):
    p = np.exp(-(((x - REAL_MEAN) / REAL_DEVIATION) ** 2) / 2) / REAL_DEVIATION
    q = np.exp(-(((x - fake_mean) / fake_deviation) ** 2) / 2) / fake_deviation
    return p / q


# %% best_logit | wrong | densities swapped | the two densities are swapped
def best_logit(x, fake_mean, fake_deviation):
    def log_density(mean, deviation):
        return -0.5 * ((x - mean) / deviation) ** 2 - np.log(deviation)

    return log_density(fake_mean, fake_deviation) - log_density(REAL_MEAN, REAL_DEVIATION)


# %% best_logit | wrong | factor 1/s forgotten | the factor 1/s before the exponential is missing
def best_logit(x, fake_mean, fake_deviation):
    real = ((x - REAL_MEAN) / REAL_DEVIATION) ** 2
    return 0.5 * ((x - fake_mean) / fake_deviation) ** 2 - 0.5 * real


# %% best_logit | wrong | factor 1/2 forgotten | the factor 1/2 in the exponent is missing
def best_logit(x, fake_mean, fake_deviation):
    real = -(((x - REAL_MEAN) / REAL_DEVIATION) ** 2) - np.log(REAL_DEVIATION)
    return real + ((x - fake_mean) / fake_deviation) ** 2 + np.log(fake_deviation)


# %% best_logit | wrong | deviation not squared | divide the square by the deviation itself
def best_logit(x, fake_mean, fake_deviation):
    real = -0.5 * (x - REAL_MEAN) ** 2 / REAL_DEVIATION - np.log(REAL_DEVIATION)
    return real + 0.5 * (x - fake_mean) ** 2 / fake_deviation + np.log(fake_deviation)


# %% best_logit | wrong | densities underflow | both densities are rounded to 0
def best_logit(x, fake_mean, fake_deviation):
    p = np.exp(-(((x - REAL_MEAN) / REAL_DEVIATION) ** 2) / 2) / REAL_DEVIATION
    q = np.exp(-(((x - fake_mean) / fake_deviation) ** 2) / 2) / fake_deviation
    return np.log(p / q)


# %% best_logit | wrong | a small number against the underflow | also changes its value
def best_logit(x, fake_mean, fake_deviation):
    p = np.exp(-(((x - REAL_MEAN) / REAL_DEVIATION) ** 2) / 2) / REAL_DEVIATION
    q = np.exp(-(((x - fake_mean) / fake_deviation) ** 2) / 2) / fake_deviation
    return np.log(p + 1e-12) - np.log(q + 1e-12)


# %% best_logit | wrong | mean over x | one logit for each x
def best_logit(x, fake_mean, fake_deviation):
    real = -0.5 * ((x - REAL_MEAN) / REAL_DEVIATION) ** 2 - np.log(REAL_DEVIATION)
    fake = -0.5 * ((x - fake_mean) / fake_deviation) ** 2 - np.log(fake_deviation)
    return np.mean(real - fake)


# %% mended_step | right | tf.random and one persistent tape
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        latents = tf.random.normal((tf.shape(real_images)[0], generator.input_shape[-1]))
        with tf.GradientTape(persistent=True) as tape:
            fake_logits = discriminator(generator(latents, training=True), training=True)
            real_logits = discriminator(real_images, training=True)
            loss_g = tf.reduce_mean(tf.nn.softplus(-fake_logits))
            loss_d = tf.reduce_mean(tf.nn.softplus(-real_logits))
            loss_d += tf.reduce_mean(tf.nn.softplus(fake_logits))
        for loss, network, optimizer in (
            (loss_g, generator, generator_optimizer),
            (loss_d, discriminator, discriminator_optimizer),
        ):
            variables = network.trainable_variables
            gradients = tape.gradient(loss, variables)
            optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return loss_g, loss_d

    return step


# %% mended_step | right | minimal repair, static shape
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (real_images.shape[0], generator.input_shape[-1])
        latents = keras.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        gradients = generator_tape.gradient(loss_of_generator, generator.trainable_variables)
        generator_optimizer.apply(gradients, generator.trainable_variables)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | latents still from NumPy | every step sees the same latents
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (real_images.shape[0], generator.input_shape[-1])
        latents = tf.constant(np.random.standard_normal(shape), tf.float32)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | a number as seed | a fixed number as its seed
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = keras.random.normal(shape, seed=SEED)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | generator's gradient by the discriminator | The generator did not move
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | both moved by the generator's loss | along the gradient of its own loss
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables + discriminator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | generator minimises the discriminator's loss | in the wrong direction
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_discriminator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | training not said for the discriminator | says training=True
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images)
            fake_logits = discriminator(fake_images)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | generator in inference mode | says training=True
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=False)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | tf.function removed | no tf.function any more
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    def step(real_images):
        shape = (real_images.shape[0], generator.input_shape[-1])
        latents = np.random.standard_normal(shape).astype(np.float32)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | images made outside of the tape | inside the `with` block
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)
        fake_images = generator(latents, training=True)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | one optimizer for both | each network has its own optimizer
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        discriminator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | uniform latents | not standard normal
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.uniform(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator

    return step


# %% mended_step | wrong | losses returned the other way round | the generator's loss is
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_discriminator, loss_of_generator

    return step


# %% mended_step | wrong | inner function not returned | returns the inner function
def make_mended_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    @tf.function
    def step(real_images):
        shape = (tf.shape(real_images)[0], generator.input_shape[-1])
        latents = tf.random.normal(shape)

        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            fake_images = generator(latents, training=True)
            real_logits = discriminator(real_images, training=True)
            fake_logits = discriminator(fake_images, training=True)
            loss_of_generator = training.generator_loss(fake_logits)
            loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)

        weights = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(loss_of_discriminator, weights)
        discriminator_optimizer.apply(gradients, weights)
        weights = generator.trainable_variables
        gradients = generator_tape.gradient(loss_of_generator, weights)
        generator_optimizer.apply(gradients, weights)
        return loss_of_generator, loss_of_discriminator


# %% compare | right | draw_images of the package
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        images, _ = models.draw_images(generator, count, seed)
        distances[rate] = metrics.image_distance(images)
    best = min(distances.values())
    return distances, next(rate for rate in distances if distances[rate] == best)


# %% compare | right | in pieces, scaled by hand
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate in generators:
        n = generators[rate].input_shape[-1]
        latents = np.random.default_rng(seed).standard_normal((count, n))
        pieces = [
            generators[rate](latents[start : start + 64], training=False).numpy()
            for start in range(0, count, 64)
        ]
        distances[rate] = metrics.image_distance((np.concatenate(pieces)[..., 0] + 1) / 2)
    return distances, sorted(distances, key=distances.get)[0]


# %% compare | wrong | images left in [-1, 1] | data.to_unit_range converts
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).standard_normal((count, generator.input_shape[-1]))
        images = generator(latents, training=False).numpy()[..., 0]
        distances[rate] = metrics.image_distance(images)
    return distances, min(distances, key=distances.get)


# %% compare | wrong | training=True while measuring | called with training=False
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).standard_normal((count, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=True))
        distances[rate] = metrics.image_distance(images)
    return distances, min(distances, key=distances.get)


# %% compare | wrong | training not said | called with training=False
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).standard_normal((count, generator.input_shape[-1]))
        distances[rate] = metrics.image_distance(data.to_unit_range(generator(latents)))
    return distances, min(distances, key=distances.get)


# %% compare | wrong | the largest distance is taken | the smallest distance is the best one
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).standard_normal((count, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=False))
        distances[rate] = metrics.image_distance(images)
    return distances, max(distances, key=distances.get)


# %% compare | wrong | other latents for each generator | The two generators got different latents
def compare(generators, count=2_000, seed=1):
    distances = {}
    rng = np.random.default_rng(seed)
    for rate, generator in generators.items():
        latents = rng.standard_normal((count, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=False))
        distances[rate] = metrics.image_distance(images)
    return distances, min(distances, key=distances.get)


# %% compare | wrong | uniform latents | not standard normal
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).random((count, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=False))
        distances[rate] = metrics.image_distance(images)
    return distances, min(distances, key=distances.get)


# %% compare | wrong | always 64 images | images were asked for
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).standard_normal((64, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=False))
        distances[rate] = metrics.image_distance(images)
    return distances, min(distances, key=distances.get)


# %% compare | wrong | images compared with themselves | were images compared with themselves
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).standard_normal((count, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=False))
        distances[rate] = metrics.image_distance(images, images)
    return distances, min(distances, key=distances.get)


# %% compare | wrong | best distance for best rate | must be a learning rate
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(seed).standard_normal((count, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=False))
        distances[rate] = metrics.image_distance(images)
    return distances, min(distances.values())


# %% compare | wrong | seed forgotten | the same for every generator
def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        latents = np.random.default_rng(1).standard_normal((count, generator.input_shape[-1]))
        images = data.to_unit_range(generator(latents, training=False))
        distances[rate] = metrics.image_distance(images)
    return distances, min(distances, key=distances.get)
