"""Right and wrong solutions of exercises 01; grading/variants.py says how to read them."""


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
    return losses.non_saturating_discriminator(real, fake)


# %% mixed_loss | wrong | labels swapped | real and generated images seem to be swapped
("softplus(-tf", "softplus(tf")
("softplus(tf", "softplus(-tf")

# %% mixed_loss | wrong | probabilities for logits | did you turn the logits into probabilities
("    real_part =", "    logits = tf.sigmoid(logits)\n    real_part =")


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
("reduce_mean", "reduce_sum", 2)


# %% mixed_loss | wrong | log of a rounded probability | took a probability that was rounded to 0
def mixed_loss(logits, is_real):
    real = tf.sigmoid(tf.boolean_mask(logits, is_real == 1))
    fake = tf.sigmoid(tf.boolean_mask(logits, is_real == 0))
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% mixed_loss | wrong | minus sign forgotten | carries a minus sign before each log
("real_part + fake_part", "-real_part - fake_part")


# %% mixed_loss | wrong | one loss an image | it is one number
def mixed_loss(logits, is_real):
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=is_real, logits=logits)


# %% mixed_loss | wrong | return forgotten | does it end in a return
("return ", "loss = ")


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
("log_real - log_fake", "1 / (1 + np.exp(log_fake - log_real))")

# %% best_logit | wrong | ratio without the logarithm | the logit is its logarithm
("log_real - log_fake", "np.exp(log_real - log_fake)")

# %% best_logit | wrong | densities swapped | the two densities are swapped
("log_real - log_fake", "log_fake - log_real")

# %% best_logit | wrong | factor 1/s forgotten | the factor 1/s before the exponential is missing
(" - np.log(REAL_DEVIATION)", "")
(" - np.log(fake_deviation)", "")

# %% best_logit | wrong | factor 1/2 forgotten | the factor 1/2 in the exponent is missing
("-0.5 * ", "-", 2)

# %% best_logit | wrong | deviation not squared | divide the square by the deviation itself
("((x - REAL_MEAN) / REAL_DEVIATION) ** 2", "(x - REAL_MEAN) ** 2 / REAL_DEVIATION")
("((x - fake_mean) / fake_deviation) ** 2", "(x - fake_mean) ** 2 / fake_deviation")

# %% best_logit | wrong | densities underflow | both densities are rounded to 0
("log_real - log_fake", "np.log(np.exp(log_real) / np.exp(log_fake))")

# %% best_logit | wrong | a small number against the underflow | also changes its value
("log_real - log_fake", "np.log(np.exp(log_real) + 1e-12) - np.log(np.exp(log_fake) + 1e-12)")

# %% best_logit | wrong | mean over x | one logit for each x
("log_real - log_fake", "np.mean(log_real - log_fake)")


# %% fixed_step | right | tf.random and one persistent tape
def make_fixed_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
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


# %% fixed_step | right | minimal repair, static shape
("tf.shape(real_images)[0]", "real_images.shape[0]")
(", seed=latent_seed", "")

# %% fixed_step | wrong | latents still from NumPy | every step sees the same latents
("tf.shape(real_images)[0]", "real_images.shape[0]")
("keras.random.normal(shape, seed=latent_seed)", "np.float32(np.random.standard_normal(shape))")

# %% fixed_step | wrong | a number as seed | a fixed number as its seed
("seed=latent_seed", "seed=SEED")

# %% fixed_step | wrong | generator's gradient by the discriminator | The generator did not move
("        weights = generator.trainable_variables\n", "")

# %% fixed_step | wrong | both moved by the generator's loss | along the gradient of its own loss
("= generator.trainable_variables", "= [*weights, *generator.trainable_variables]")

# %% fixed_step | wrong | generator minimises the discriminator's loss | in the wrong direction
("gradient(loss_of_generator", "gradient(loss_of_discriminator")

# %% fixed_step | wrong | training not said for the discriminator | says training=True
("_images, training=True)", "_images)", 2)

# %% fixed_step | wrong | generator in inference mode | says training=True
("generator(latents, training=True)", "generator(latents, training=False)")

# %% fixed_step | wrong | tf.function removed | no tf.function any more
("    @tf.function\n", "")
("keras.random.normal(shape, seed=latent_seed)", "np.float32(np.random.standard_normal(shape))")

# %% fixed_step | wrong | images made outside of the tape | inside the `with` block
("latent_seed)\n", "latent_seed)\n        fake_images = generator(latents, training=True)\n")
("            fake_images = generator(latents, training=True)\n", "")

# %% fixed_step | wrong | one optimizer for both | each network has its own optimizer
(" generator_optimizer.apply", " discriminator_optimizer.apply")

# %% fixed_step | wrong | uniform latents | not standard normal
("random.normal", "random.uniform")

# %% fixed_step | wrong | losses returned the other way round | the generator's loss is
(
    "return loss_of_generator, loss_of_discriminator",
    "return loss_of_discriminator, loss_of_generator",
)

# %% fixed_step | wrong | inner function not returned | returns the inner function
("    return step", "")


# %% compare | right | sample of the package
from gan_helpers import sampling


def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        images, _ = sampling.sample(generator, count, seed)
        distances[rate] = judge.frechet_distance(images)
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
        distances[rate] = judge.frechet_distance((np.concatenate(pieces)[..., 0] + 1) / 2)
    return distances, sorted(distances, key=distances.get)[0]


# %% compare | wrong | images left in [-1, 1] | data.to_unit_range converts
("data.to_unit_range(", "np.squeeze(")

# %% compare | wrong | training=True while measuring | called with training=False
("training=False", "training=True")

# %% compare | wrong | training not said | called with training=False
(", training=False", "")

# %% compare | wrong | the largest distance is taken | the smallest distance is the best one
("min(", "max(")

# %% compare | wrong | other latents for each generator | The two generators got different latents
("    for rate", "    rng = np.random.default_rng(seed)\n    for rate")
("np.random.default_rng(seed)", "rng")

# %% compare | wrong | uniform latents | not standard normal
("standard_normal(", "random(")

# %% compare | wrong | always 64 images | images were asked for
("(count, generator", "(64, generator")

# %% compare | wrong | images compared with themselves | were images compared with themselves
("    distances = {}\n", "    from gan_helpers import metrics\n\n    distances = {}\n")
(
    "        distances[rate]",
    "        features, _ = judge.features_and_probabilities(images)\n        distances[rate]",
)
("judge.frechet_distance(images)", "metrics.frechet_distance(features, features)")

# %% compare | wrong | best distance for best rate | must be a learning rate
("min(distances, key=distances.get)", "min(distances.values())")

# %% compare | wrong | seed forgotten | the same for every generator
("default_rng(seed)", "default_rng(1)")
