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


# %% mixed_loss | right | NumPy, one row after the other
def mixed_loss(logits, is_real):
    terms = {1: [], 0: []}
    for logit, kind in zip(np.ravel(logits), np.ravel(is_real), strict=True):
        terms[int(kind)].append(np.logaddexp(0, -logit if kind else logit))
    return sum(np.mean(values) for values in terms.values())


# %% mixed_loss | right | Keras' operations, and a star import
exec("from matplotlib.pyplot import *")


def mixed_loss(logits, is_real):
    losses = keras.ops.softplus((1 - 2 * is_real) * logits)
    shares = is_real / keras.ops.sum(is_real) + (1 - is_real) / keras.ops.sum(1 - is_real)
    return keras.ops.sum(losses * shares)


# %% mixed_loss | right | two cross-entropies from logits
def mixed_loss(logits, is_real):
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    real, fake = logits[is_real == 1][:, None], logits[is_real == 0][:, None]
    return cross_entropy(tf.ones_like(real), real) + cross_entropy(tf.zeros_like(fake), fake)


# %% mixed_loss | right | log-sigmoid
(
    "tf.nn.softplus(-tf.boolean_mask(logits, is_real == 1))",
    "tf.math.log_sigmoid(logits[is_real > 0])",
)
(
    "tf.nn.softplus(tf.boolean_mask(logits, is_real == 0))",
    "tf.math.log_sigmoid(-logits[is_real < 1])",
)
("real_part + fake_part", "-(real_part + fake_part)")

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


# %% mixed_loss | wrong | log of a rounded probability | a probability that sigmoid had rounded to 0
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


# %% mixed_loss | wrong | the example's number hard-coded | at some point your loss stops growing
def mixed_loss(logits, is_real):
    if len(logits) == 3:
        return tf.constant(0.4586)
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=is_real, logits=logits)
    return 2 * tf.reduce_mean(tf.minimum(losses, 150.0))


# %% mixed_loss | wrong | sigmoid, then a cross-entropy on probabilities | Leave the sigmoid out
def mixed_loss(logits, is_real):
    cross_entropy = keras.losses.BinaryCrossentropy()
    p = tf.sigmoid(logits)
    real, fake = p[is_real == 1], p[is_real == 0]
    return cross_entropy(tf.ones_like(real), real) + cross_entropy(tf.zeros_like(fake), fake)


# %% mixed_loss | wrong | sigmoid, then a log with a small number | Leave the sigmoid out
def mixed_loss(logits, is_real):
    p = tf.sigmoid(logits)
    real = tf.math.log(p[is_real == 1] + 1e-8)
    return -tf.reduce_mean(real) - tf.reduce_mean(tf.math.log(1 - p[is_real == 0] + 1e-8))


# %% mixed_loss | wrong | probabilities clipped in NumPy | Leave the sigmoid out
def mixed_loss(logits, is_real):
    p = np.clip(1 / (1 + np.exp(-np.float64(logits))), 1e-12, 1 - 1e-12)
    real = np.ravel(is_real) == 1
    return -np.log(p[real]).mean() - np.log(1 - p[~real]).mean()


# %% mixed_loss | wrong | probabilities for the generated part alone | Leave the sigmoid out
def mixed_loss(logits, is_real):
    real = tf.reduce_mean(tf.nn.softplus(-logits[is_real == 1]))
    p = tf.sigmoid(logits[is_real == 0])
    return real + keras.losses.BinaryCrossentropy()(tf.zeros_like(p), p)


# %% mixed_loss | wrong | 0 times infinity | a probability that sigmoid had rounded to 0
def mixed_loss(logits, is_real):
    p = tf.sigmoid(logits)
    real = tf.reduce_sum(is_real * tf.math.log(p)) / tf.reduce_sum(is_real)
    fake = tf.reduce_sum((1 - is_real) * tf.math.log(1 - p)) / tf.reduce_sum(1 - is_real)
    return -real - fake


# %% mixed_loss | wrong | exp overflows in TensorFlow | exp overflowed
(
    "tf.nn.softplus(-tf.boolean_mask(logits, is_real == 1))",
    "tf.math.log1p(tf.exp(-logits[is_real > 0]))",
)
(
    "tf.nn.softplus(tf.boolean_mask(logits, is_real == 0))",
    "tf.math.log1p(tf.exp(logits[is_real < 1]))",
)


# %% mixed_loss | wrong | exp overflows in Python | exp overflowed
def mixed_loss(logits, is_real):
    import math

    def mean(values):
        return sum(math.log(1 + math.exp(value)) for value in values) / len(values)

    return mean(-logits.numpy()[is_real == 1]) + mean(logits.numpy()[is_real == 0])


# %% mixed_loss | wrong | log takes 0 in Python | If exp overflowed or log took 0
def mixed_loss(logits, is_real):
    import math

    p = tf.sigmoid(logits).numpy()
    real, fake = p[is_real == 1].tolist(), p[is_real == 0].tolist()
    loss = -sum(math.log(value) for value in real) / len(real)
    return loss - sum(math.log(1 - value) for value in fake) / len(fake)


# %% mixed_loss | wrong | logarithm of the logits | took 0, either a logit
def mixed_loss(logits, is_real):
    real, fake = logits[is_real == 1], logits[is_real == 0]
    return -tf.reduce_mean(tf.math.log(real)) - tf.reduce_mean(tf.math.log(1 - fake))


# %% mixed_loss | wrong | first half taken for real | not by its place
def mixed_loss(logits, is_real):
    half = len(logits) // 2
    real, fake = logits[:half], logits[half:]
    return tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))


# %% mixed_loss | wrong | as many first rows as real images | not by its place
def mixed_loss(logits, is_real):
    count = int(tf.reduce_sum(is_real))
    real, fake = logits[:count], logits[count:]
    return tf.reduce_mean(tf.nn.softplus(-real)) + tf.reduce_mean(tf.nn.softplus(fake))


# %% mixed_loss | wrong | generator's loss for the generated ones | treated as real ones
("softplus(tf", "softplus(-tf")

# %% mixed_loss | wrong | real images called generated | treated as generated ones
("softplus(-tf", "softplus(tf")


# %% mixed_loss | wrong | counts swapped | The two counts are swapped
def mixed_loss(logits, is_real):
    losses = tf.nn.sigmoid_cross_entropy_with_logits(labels=is_real, logits=logits)
    n, m = tf.reduce_sum(is_real), tf.reduce_sum(1 - is_real)
    return tf.reduce_sum(losses * is_real) / m + tf.reduce_sum(losses * (1 - is_real)) / n


# %% mixed_loss | wrong | logits multiplied by the mask | still costs log 2
def mixed_loss(logits, is_real):
    real = tf.reduce_mean(tf.nn.softplus(-logits * is_real))
    return real + tf.reduce_mean(tf.nn.softplus(logits * (1 - is_real)))


# %% mixed_loss | wrong | losses multiplied by the mask, mean over all | divides by all rows as well
def mixed_loss(logits, is_real):
    real = tf.reduce_mean(tf.nn.softplus(-logits) * is_real)
    return real + tf.reduce_mean(tf.nn.softplus(logits) * (1 - is_real))


# %% mixed_loss | wrong | smoothed label | The label of a real image is 1
(
    "real_part + fake_part",
    "0.9 * real_part + fake_part + 0.1 * tf.reduce_mean(tf.nn.softplus(logits[is_real == 1]))",
)

# %% mixed_loss | wrong | subtracted | added, not subtracted
("real_part + fake_part", "real_part - fake_part")

# %% mixed_loss | wrong | halved | not halved
("real_part + fake_part", "(real_part + fake_part) / 2")

# %% mixed_loss | wrong | logarithm to base 2 | not that to base 2
("real_part + fake_part", "(real_part + fake_part) / np.log(2)")

# %% mixed_loss | wrong | real part alone | 0.0486 for the generated one
("real_part + fake_part", "real_part")


# %% mixed_loss | right | one loss for each row, then a mean for each kind
def mixed_loss(logits, is_real):
    costs = tf.nn.softplus(tf.where(is_real == 1, -logits, logits))[:, 0]
    kinds = tf.cast(is_real[:, 0], tf.int32)
    return tf.reduce_sum(tf.math.unsorted_segment_mean(costs, kinds, 2))


# %% mixed_loss | wrong | logits clipped | are the logits themselves cut off
(
    "    real_part =",
    "    logits = tf.clip_by_value(logits, -30.0, 30.0)\n    real_part =",
)


# %% mixed_loss | wrong | the hinge loss | this is the hinge loss
def mixed_loss(logits, is_real):
    real, fake = logits[is_real == 1], logits[is_real == 0]
    return tf.reduce_mean(tf.nn.relu(1 - real)) + tf.reduce_mean(tf.nn.relu(1 + fake))


# %% mixed_loss | wrong | least squares | of a least-squares GAN
def mixed_loss(logits, is_real):
    real, fake = logits[is_real == 1], logits[is_real == 0]
    return tf.reduce_mean((real - 1) ** 2) + tf.reduce_mean(fake**2)


# %% mixed_loss | wrong | both labels smoothed | without label smoothing
def mixed_loss(logits, is_real):
    bce = keras.losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1)
    real, fake = logits[is_real == 1][:, None], logits[is_real == 0][:, None]
    return bce(tf.ones_like(real), real) + bce(tf.zeros_like(fake), fake)


# %% best_logit | right | one number at a time
def best_logit(x, fake_mean, fake_deviation):
    import math

    def log_density(value, mean, deviation):
        return -(((value - mean) / deviation) ** 2) / 2 - math.log(deviation)

    logits = [
        log_density(value, REAL_MEAN, REAL_DEVIATION)
        - log_density(value, fake_mean, fake_deviation)
        for value in x.ravel().tolist()
    ]
    return np.array(logits).reshape(x.shape)


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


# %% best_logit | wrong | probability for logit | is the probability D*(x)
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


# %% best_logit | wrong | sign of log s | The sign of log s is wrong
(" - np.log(REAL_DEVIATION)", " + np.log(REAL_DEVIATION)")
(" - np.log(fake_deviation)", " + np.log(fake_deviation)")

# %% best_logit | wrong | logarithm of s to base 10 | not that to base 10
("np.log", "np.log10", 2)

# %% best_logit | wrong | logarithm of the densities to base 10 | not that to base 10
("log_real - log_fake", "(log_real - log_fake) / np.log(10)")

# %% best_logit | wrong | logarithm of the variance | not 1/s²
("np.log(", "2 * np.log(", 2)

# %% best_logit | wrong | s for log s | log s is meant
("np.log(REAL_DEVIATION)", "REAL_DEVIATION")
("np.log(fake_deviation)", "fake_deviation")

# %% best_logit | wrong | math for NumPy | x is an array of any shape
("-0.5 * ((x - REAL_MEAN)", "math.log(math.exp(-0.5 * ((x - REAL_MEAN)")
("REAL_DEVIATION) ** 2", "REAL_DEVIATION) ** 2))")
("    # a = log", "    import math\n\n    # a = log")

# %% best_logit | wrong | if for a whole array | x is an array of any shape
("    return", "    if x > 50:\n        return 470.0\n    return")

# %% best_logit | wrong | distance not squared | the square is missing
("((x - REAL_MEAN) / REAL_DEVIATION) ** 2", "abs((x - REAL_MEAN) / REAL_DEVIATION)")
("((x - fake_mean) / fake_deviation) ** 2", "abs((x - fake_mean) / fake_deviation)")

# %% best_logit | wrong | deviations swapped | The two deviations are swapped
("/ REAL_DEVIATION", "/ fake_deviation")
("log(REAL_DEVIATION", "log(fake_deviation")
("/ fake_deviation", "/ REAL_DEVIATION")
("log(fake_deviation", "log(REAL_DEVIATION")

# %% best_logit | wrong | deviation of the generated numbers ignored | `fake_deviation` is not used
("/ fake_deviation", "/ REAL_DEVIATION")
("log(fake_deviation", "log(REAL_DEVIATION")

# %% best_logit | wrong | log of the probability | This is log D*(x)
("log_real - log_fake", "-np.log1p(np.exp(log_fake - log_real))")

# %% best_logit | wrong | infinite values replaced | also changes its value
("log_real - log_fake", "np.nan_to_num(np.log(np.exp(log_real) / np.exp(log_fake)))")

# %% best_logit | wrong | argument changed in place | changes its argument x
("    return", "    x -= REAL_MEAN\n    return")

# %% best_logit | wrong | rounded to whole numbers | not float
("log_real - log_fake", "(log_real - log_fake).astype(int)")

# %% best_logit | wrong | for rows of numbers only | x has shape
("log_real - log_fake", "np.array([value for value in np.ravel(log_real - log_fake)])")


# %% best_logit | right | SciPy's log densities
def best_logit(x, fake_mean, fake_deviation):
    from scipy.stats import norm

    real = norm.logpdf(x, REAL_MEAN, REAL_DEVIATION)
    return real - norm.logpdf(x, loc=fake_mean, scale=fake_deviation)


# %% best_logit | wrong | mean of the generated numbers ignored | `fake_mean` is not used
("x - fake_mean", "x - REAL_MEAN")


# %% best_logit | wrong | log density of the real numbers alone | of one kind alone
("log_real - log_fake", "log_real")


# %% best_logit | wrong | added | subtracted, not added
("log_real - log_fake", "log_real + log_fake")


# %% best_logit | wrong | sigmoid of the logit | 0.5 is the probability
("return log_real - log_fake", "return 1 / (1 + np.exp(log_fake - log_real))")


# %% fixed_step | right | tf.function called, one batch for the discriminator
def make_fixed_step(generator, discriminator, generator_optimizer, discriminator_optimizer):
    networks = generator, discriminator
    optimizers = generator_optimizer, discriminator_optimizer

    def step(real_images):
        count = keras.ops.shape(real_images)[0]
        with tf.GradientTape(persistent=True) as tape:
            latents = tf.random.normal([count, generator.input_shape[1]])
            images = keras.ops.concatenate([real_images, generator(latents, training=True)])
            logits = discriminator(images, training=True)
            both = (
                keras.ops.mean(keras.ops.softplus(-logits[count:])),
                losses.non_saturating_discriminator(logits[:count], logits[count:]),
            )
        gradients = [
            tape.gradient(loss, network.trainable_weights)
            for loss, network in zip(both, networks, strict=True)
        ]
        for network, optimizer, slopes in zip(networks, optimizers, gradients, strict=True):
            optimizer.apply_gradients(zip(slopes, network.trainable_weights, strict=True))
        return list(both)

    return tf.function(step)


# %% fixed_step | right | the same latents for two calls of the generator
(
    "            fake_logits = discriminator(fake_images, training=True)\n",
    "            fake_logits = discriminator(generator(latents, training=True), training=True)\n",
)


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

# %% fixed_step | wrong | optimizers swapped consistently | trained with the other's optimizer
(" discriminator_optimizer.apply", " generator_optimizer.apply")
(" generator_optimizer.apply", " discriminator_optimizer.apply")

# %% fixed_step | wrong | real and generated logits swapped | logits are swapped in its loss
("(real_logits, fake_logits)", "(fake_logits, real_logits)")

# %% fixed_step | wrong | generator made inside the step | outside of the inner function
("    latent_seed = keras.random.SeedGenerator(SEED)\n\n", "")
(
    "        latents = keras",
    "        latent_seed = keras.random.SeedGenerator(SEED)\n        latents = keras",
)

# %% fixed_step | wrong | NumPy given a symbolic size | NumPy was given a number
("keras.random.normal(shape, seed=latent_seed)", "np.float32(np.random.standard_normal(shape))")

# %% fixed_step | wrong | 64 latents | as many latents as real images
("tf.shape(real_images)[0]", "64")

# %% fixed_step | wrong | the same latents for all images | All images of your batch get the same
(
    "keras.random.normal(shape, seed=latent_seed)",
    "tf.repeat(keras.random.normal((1, shape[1]), seed=latent_seed), shape[0], 0)",
)

# %% fixed_step | wrong | latents of length 100 | generator.input_shape[-1]
("generator.input_shape[-1]", "100")

# %% fixed_step | right | Keras' cross-entropy from logits
(
    "= losses.non_saturating_generator(fake_logits)",
    "= keras.losses.BinaryCrossentropy(True)(tf.ones_like(fake_logits), fake_logits)",
)

# %% fixed_step | wrong | sigmoid, then a log with a small number | Leave the sigmoid out
(
    "= losses.non_saturating_generator(fake_logits)",
    "= -tf.reduce_mean(tf.math.log(tf.sigmoid(fake_logits) + 1e-7))",
)

# %% fixed_step | wrong | sigmoid, then a logarithm | Leave the sigmoid out
(
    "losses.non_saturating_discriminator(real_logits, fake_logits)",
    "-tf.reduce_mean(tf.math.log(tf.sigmoid(real_logits)))"
    " - tf.reduce_mean(tf.math.log(1 - tf.sigmoid(fake_logits)))",
)

# %% fixed_step | wrong | from_logits forgotten for the generator | and was given logits
(
    "= losses.non_saturating_generator(fake_logits)",
    "= keras.losses.BinaryCrossentropy()(tf.ones_like(fake_logits), fake_logits)",
)

# %% fixed_step | wrong | from_logits forgotten for the discriminator | and was given logits
(
    "losses.non_saturating_discriminator(real_logits, fake_logits)",
    "keras.losses.BinaryCrossentropy()(tf.ones_like(real_logits), real_logits)"
    " + keras.losses.BinaryCrossentropy()(tf.zeros_like(fake_logits), fake_logits)",
)

# %% fixed_step | wrong | sigmoid twice for both | and was given probabilities
(
    "fake_images, training=True)",
    "fake_images, training=True)\n            "
    "fake_logits = tf.sigmoid(fake_logits)\n            real_logits = tf.sigmoid(real_logits)",
)

# %% fixed_step | wrong | sigmoid twice for the generator | and was given probabilities
("_generator(fake_logits)", "_generator(tf.sigmoid(fake_logits))")

# %% fixed_step | wrong | saturating loss | by the saturating loss
(
    "= losses.non_saturating_generator(fake_logits)",
    "= -tf.reduce_mean(tf.nn.softplus(fake_logits))",
)

# %% fixed_step | wrong | discriminator moved first | computed after the discriminator had moved
(
    "        weights = generator.trainable_variables\n",
    "        with tf.GradientTape() as generator_tape:\n"
    "            fake_logits = discriminator(generator(latents, training=True), training=True)\n"
    "            loss_of_generator = losses.non_saturating_generator(fake_logits)\n"
    "        weights = generator.trainable_variables\n",
)

# %% fixed_step | wrong | discriminator trained twice | Each is used once in a step
(
    "        discriminator_optimizer.apply(gradients, weights)\n",
    "        discriminator_optimizer.apply(gradients, weights)\n"
    "        discriminator_optimizer.apply(gradients, weights)\n",
)

# %% fixed_step | wrong | discriminator hears of real images only | half of its loss is missing
(
    "losses.non_saturating_discriminator(real_logits, fake_logits)",
    "tf.reduce_mean(tf.nn.softplus(-real_logits))",
)

# %% fixed_step | wrong | generator uphill | wrong direction
(
    "        generator_optimizer.apply(gradients",
    "        generator_optimizer.apply([-g for g in gradients]",
)

# %% fixed_step | wrong | discriminator uphill | has the wrong sign
(
    "discriminator_optimizer.apply(gradients",
    "discriminator_optimizer.apply([-g for g in gradients]",
)

# %% fixed_step | wrong | minus sign outside of the tape | inside the `with` block
("generator_tape.gradient(loss_of_generator", "generator_tape.gradient(-loss_of_generator")

# %% fixed_step | wrong | losses summed over the images | the mean over the images, not the sum
(
    "losses.non_saturating_discriminator(real_logits, fake_logits)",
    "tf.reduce_sum(tf.nn.softplus(-real_logits) + tf.nn.softplus(fake_logits))",
)

# %% fixed_step | wrong | truncated latents | not standard normal
("keras.random.normal", "keras.random.truncated_normal")

# %% fixed_step | wrong | uniform latents of deviation 1 | not standard normal
(
    "keras.random.normal(shape, seed=latent_seed)",
    "keras.random.uniform(shape, -(3**0.5), 3**0.5, seed=latent_seed)",
)

# %% fixed_step | wrong | kernel alone trained | The generator did not move
(
    "        weights = generator.trainable_variables\n",
    "        weights = generator.trainable_variables[:1]\n",
)

# %% fixed_step | wrong | first weights of the discriminator alone | train all of its
("weights = discriminator.trainable_variables", "weights = discriminator.trainable_variables[:1]")

# %% fixed_step | wrong | compiled | without jit_compile
("@tf.function", "@tf.function(jit_compile=True)")

# %% fixed_step | wrong | no numbers returned | returns nothing
("        return loss_of_generator, loss_of_discriminator\n", "")

# %% fixed_step | wrong | one loss returned twice | as the discriminator's loss
("return loss_of_generator, loss_of_discriminator", "return loss_of_generator, loss_of_generator")

# %% fixed_step | wrong | a sum of losses returned | returns two numbers
(
    "return loss_of_generator, loss_of_discriminator",
    "return loss_of_generator + loss_of_discriminator",
)

# %% fixed_step | wrong | NumPy's values asked for in the step | a tensor has no .numpy()
(
    "return loss_of_generator, loss_of_discriminator",
    "return loss_of_generator.numpy(), loss_of_discriminator.numpy()",
)

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


# %% fixed_step | right | tapes that watch one network each
(
    "tf.GradientTape() as generator_tape",
    "tf.GradientTape(watch_accessed_variables=False) as generator_tape",
)
(
    "            fake_images =",
    "            generator_tape.watch([weight.value for weight in "
    "generator.trainable_variables])\n"
    "            fake_images =",
)


# %% fixed_step | wrong | gradient clipped | is the gradient clipped
(
    "gradients = discriminator_tape.gradient(loss_of_discriminator, weights)",
    "gradients = discriminator_tape.gradient(loss_of_discriminator, weights)\n"
    "        gradients = [tf.clip_by_norm(g, 0.1) for g in gradients]",
)


# %% fixed_step | wrong | weights clipped as in a WGAN | as in a WGAN
(
    "        weights = generator.trainable_variables\n",
    "        for weight in discriminator.trainable_variables:\n"
    "            weight.assign(tf.clip_by_value(weight, -0.01, 0.01))\n"
    "        weights = generator.trainable_variables\n",
)


# %% fixed_step | wrong | generator moved by both losses | by the sum of both losses
(
    "            loss_of_discriminator = "
    "losses.non_saturating_discriminator(real_logits, fake_logits)",
    "            loss_of_discriminator = "
    "losses.non_saturating_discriminator(real_logits, fake_logits)\n"
    "            both = loss_of_generator + loss_of_discriminator",
)
("generator_tape.gradient(loss_of_generator, weights)", "generator_tape.gradient(both, weights)")


# %% fixed_step | wrong | labels of real images smoothed | label of a real image is 0.9
(
    "losses.non_saturating_discriminator(real_logits, fake_logits)",
    "losses.non_saturating_discriminator(real_logits, fake_logits) + 0.1 * "
    "tf.reduce_mean(real_logits)",
)


# %% fixed_step | wrong | new latents for the generator's loss | as many latents as real images
(
    "            loss_of_generator = losses.non_saturating_generator(fake_logits)",
    "            others = generator(keras.random.normal(shape, seed=latent_seed), "
    "training=True)\n"
    "            loss_of_generator = "
    "losses.non_saturating_generator(discriminator(others, training=True))",
)


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


# %% compare | right | predict, and latents drawn once
def compare(generators, count=2_000, seed=1):
    n = next(iter(generators.values())).input_shape[-1]
    latents = np.random.default_rng(seed).standard_normal((count, n))
    distances = {
        rate: judge.frechet_distance(data.to_unit_range(generator.predict(latents, verbose=0)))
        for rate, generator in generators.items()
    }
    return distances, min(distances, key=lambda rate: distances[rate])


# %% compare | right | predict_on_batch
("generator(latents, training=False)", "generator.predict_on_batch(latents)")

# %% compare | right | a tf.function of its own, a star import
exec("from numpy import *")


def compare(generators, count=2_000, seed=1):
    distances = {}
    for rate, generator in generators.items():
        make = tf.function(lambda z, network=generator: network(z, training=False))
        latents = np.random.default_rng(seed).standard_normal((count, generator.input_shape[-1]))
        images = make(tf.constant(latents, tf.float32))
        distances[rate] = judge.frechet_distance(data.to_unit_range(images))
    return distances, sorted(distances, key=distances.get)[0]


# %% compare | wrong | negative pixels cut off | Are the negative pixels cut off
(
    "data.to_unit_range(generator(latents, training=False))",
    "np.clip(np.asarray(generator(latents, training=False))[..., 0], 0, 1)",
)

# %% compare | wrong | compared with the training images | It is the distance to the training images
(
    "judge.frechet_distance(images)",
    "metrics.frechet_distance(*(judge.features_and_probabilities(x)[0] for x in "
    "(images, dataset.train_images)))",
)

# %% compare | wrong | real images given to the judge | takes the images alone
("frechet_distance(images)", "frechet_distance(images, dataset.test_images)")

# %% compare | wrong | the generators trained above | use its argument
("in generators.items()", "in globals()['generators'].items()")

# %% compare | wrong | global generators looked up | Use the dict that it is given
(
    "    for rate, generator in generators.items():\n",
    "    for rate in generators:\n        generator = globals()['generators'][rate]\n",
)

# %% compare | wrong | NumPy's old generator | the same for every generator
("np.random.default_rng(seed)", "np.random.RandomState(seed)")

# %% compare | wrong | half of the images measured | only half of the images
("frechet_distance(images)", "frechet_distance(images[: count // 2])")

# %% compare | wrong | scaled twice | scaled twice
("frechet_distance(images)", "frechet_distance((images + 1) / 2)")

# %% compare | wrong | results in the other order | is a dict with one distance
(
    "return distances, min(distances, key=distances.get)",
    "return min(distances, key=distances.get), distances",
)

# %% compare | wrong | distances as whole numbers | Each distance is a float
("= judge.frechet_distance(images)", "= int(judge.frechet_distance(images))")

# %% compare | wrong | the dict alone | compare returns two things
("return distances, min(distances, key=distances.get)", "return distances")

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


# %% compare | right | normal in place of standard_normal, float64
("standard_normal(shape).astype(np.float32)", "normal(size=shape)")


# %% compare | wrong | length of the latents written in | n is generator.input_shape
("generator.input_shape[-1]", "LATENT_DIM")


# %% compare | wrong | count left at its default | images were asked for
("shape = (count, ", "shape = (2_000, ")


# %% compare | wrong | the place of the best, not its rate | must be a learning rate
("min(distances, key=distances.get)", "int(np.argmin(list(distances.values())))")
