"""Right and wrong solutions of exercises 07; grading/variants.py says how to read them."""


# %% range | right | all pixels in one array
def range_verdict(batches, low, high):
    everything = np.concatenate([batch.ravel() for batch in batches])
    if np.any(everything < low - 1e-3) or np.any(everything > high + 1e-3):
        return "outside"
    ends = np.array([everything.min() - low, high - everything.max()]) / (high - low)
    return "gap" if ends.max() > 0.1 else "fills"


# %% range | right | a loop, with TensorFlow
def range_verdict(batches, low, high):
    smallest, largest = float("inf"), -float("inf")
    for batch in batches:
        smallest = min(smallest, float(tf.reduce_min(batch)))
        largest = max(largest, float(tf.reduce_max(batch)))
    empty = max(smallest - low, high - largest)
    if min(smallest - low, high - largest) < -0.001:
        return "outside"
    if empty > 0.1 * (high - low):
        return "gap"
    return "fills"


# %% range | right | pixels mapped to [0, 1]
def range_verdict(batches, low, high):
    stacked = np.vstack(batches)
    share = (np.array([stacked.min(), stacked.max()], float) - low) / (high - low)
    margin = 0.001 / (high - low)
    if share[0] < -margin or share[1] > 1 + margin:
        return "outside"
    return "fills" if share[0] <= 0.1 and share[1] >= 0.9 else "gap"


# %% range | wrong | no return where all is well | also where the images fill the range
('    return "fills"', "")

# %% range | wrong | yes or no | return one of the words
('return "fills"', "return True")
('return "gap"', "return False")
('return "outside"', "return False")

# %% range | wrong | the old check: is anything below 0? | look at both ends
("smallest > low + tenth or largest < high - tenth", "smallest > low + tenth")

# %% range | wrong | both ends must be empty | leave the lower half of a tanh's range empty
("smallest > low + tenth or largest", "smallest > low + tenth and largest")

# %% range | wrong | the range of a tanh written in | not always that of a tanh
("smallest = min", "low, high = -1, 1\n    smallest = min")

# %% range | wrong | the absolute value | compare the smallest pixel with `low`
("smallest < low - 0.001 or largest", "abs(smallest) > high + 0.001 or largest")

# %% range | wrong | only the upper end is looked at | compare the smallest pixel with `low`
("smallest < low - 0.001 or largest", "largest")

# %% range | wrong | gap before outside | "outside" comes first
(
    "smallest < low - 0.001 or largest > high + 0.001",
    "smallest <= low + (high - low) / 10 and largest > high + 0.001 or smallest < low - 0.001",
)

# %% range | wrong | no tolerance | at most 0.001 beyond the ends
("low - 0.001", "low")
("high + 0.001", "high")

# %% range | wrong | a tenth of 1 | a tenth is 0.2, not 0.1
("(high - low) / 10", "0.1")

# %% range | wrong | one length for both ends | judge each end by itself
("smallest > low + tenth or largest < high - tenth", "largest - smallest < 9 * tenth")

# %% range | wrong | the first batch only | of all batches, not of one
("batch.min() for batch in batches", "batch.min() for batch in batches[:1]")
("batch.max() for batch in batches", "batch.max() for batch in batches[:1]")

# %% range | wrong | the means of the ends | and no mean
("min(batch.min() for batch in batches)", "np.mean([batch.min() for batch in batches])")
("max(batch.max() for batch in batches)", "np.mean([batch.max() for batch in batches])")

# %% range | wrong | percentiles | a single pixel of a single image
("batch.min()", "np.percentile(batch, 1)")
("batch.max()", "np.percentile(batch, 99)")


# %% range | wrong | decided after the first batch | of all batches, not of one or of each
def range_verdict(batches, low, high):
    for batch in batches:
        if batch.min() < low - 0.001 or batch.max() > high + 0.001:
            return "outside"
        tenth = (high - low) / 10
        if batch.min() > low + tenth or batch.max() < high - tenth:
            return "gap"
    return "fills"


# %% range | wrong | batches of one size counted on | a batch of 4 images and one of 3
def range_verdict(batches, low, high):
    pixels = np.array(batches)
    if pixels.min() < low - 0.001 or pixels.max() > high + 0.001:
        return "outside"
    tenth = (high - low) / 10
    return "gap" if pixels.min() > low + tenth or pixels.max() < high - tenth else "fills"


# %% range | wrong | a large tolerance | more than 0.001 below
("low - 0.001", "low - 0.1")
("high + 0.001", "high + 0.1")

# %% range | wrong | outside only if the last batch is | look at all batches
("low - 0.001 or largest > high", "low - 0.001 or batches[-1].max() > high")


# %% range | right | NumPy's concatenated ends, comparisons the other way
def range_verdict(batches, low, high):
    ends = np.array([[b.min(), b.max()] for b in batches], dtype=float)
    least, most = ends[:, 0].min(), ends[:, 1].max()
    width = high - low
    if not (low - 1e-3 <= least and most <= high + 1e-3):
        return "outside"
    return "gap" if max(least - low, high - most) > 0.1 * width else "fills"


# %% range | wrong | a tenth of the upper end | less than a tenth of the range
("tenth = (high - low) / 10", "tenth = high / 10")


# %% range | wrong | both gaps together | do not add up the two
(
    "if smallest > low + tenth or largest < high - tenth:",
    "if largest - smallest < (high - low) - tenth:",
)


# %% range | wrong | a word of its own | one of the words
('return "fills"', 'return "ok"')


# %% range | wrong | the last batch alone | not of one or of each
("min(batch.min() for batch in batches)", "batches[-1].min()")
("max(batch.max() for batch in batches)", "batches[-1].max()")


# %% first_step | right | copies, and the biases by their length
def first_step_ratio(network, take_step):
    old = [np.copy(v) for v in network.trainable_weights]
    take_step()
    largest = 0.0
    for before, after in zip(old, network.trainable_weights, strict=True):
        length = np.sqrt(np.sum(before**2))
        if length > 0:
            largest = max(largest, np.sqrt(np.sum((after.numpy() - before) ** 2)) / length)
    return largest


# %% first_step | right | kernels by name
def first_step_ratio(network, take_step):
    kernels = [w for w in network.trainable_variables if w.path.endswith("kernel")]
    before = [np.array(kernel) for kernel in kernels]
    take_step()
    changes = [np.linalg.norm(new - old) for new, old in zip(kernels, before, strict=True)]
    return max(c / np.linalg.norm(old) for c, old in zip(changes, before, strict=True))


# %% first_step | right | a copy of the network
def first_step_ratio(network, take_step):
    copy = keras.models.clone_model(network)
    copy.set_weights(network.get_weights())
    take_step()
    pairs = zip(copy.trainable_variables, network.trainable_variables, strict=True)
    ratios = [tf.norm(new - old) / tf.norm(old) for old, new in pairs if tf.norm(old) > 0]
    return tf.reduce_max(ratios)


# %% first_step | right | an array of ratios with holes
def first_step_ratio(network, take_step):
    before = [tf.identity(v) for v in network.trainable_variables]
    take_step()
    with np.errstate(all="ignore"):
        ratios = np.array(
            [
                np.linalg.norm((new - old).numpy()) / np.linalg.norm(old.numpy())
                for new, old in zip(network.trainable_variables, before, strict=True)
            ]
        )
    return ratios[np.isfinite(ratios)].max()


# %% first_step | wrong | no step | the step was never taken
("    take_step()\n", "")

# %% first_step | wrong | two steps | one call, one step
("take_step()", "take_step(), take_step()")

# %% first_step | wrong | all ratios | the largest ratio, not something of shape
("float(max(ratios))", "ratios")

# %% first_step | wrong | biases left in | leave out weights that are 0
("        if np.any(old)\n", "")

# %% first_step | wrong | a small number against the 0 | leave out weights that are 0
("np.linalg.norm(old)", "(np.linalg.norm(old) + 1e-8)")
("        if np.any(old)\n", "")

# %% first_step | wrong | the variables and no copies | note the numbers
("[variable.numpy() for variable in network.trainable_variables]", "network.trainable_variables")
("if np.any(old)", "if np.any(old.numpy())")

# %% first_step | wrong | noted after the step | do it before
(
    "before = [variable.numpy() for variable in network.trainable_variables]\n    take_step()",
    "take_step()\n    before = [variable.numpy() for variable in network.trainable_variables]",
)

# %% first_step | wrong | the first kernel only | go through all the weights
("max(ratios)", "ratios[0]")

# %% first_step | wrong | the last kernel only | ratio of the last kernel
("max(ratios)", "ratios[-1]")

# %% first_step | wrong | the mean of the ratios | a mean hides the layer that leaps
("max(ratios)", "np.mean(ratios)")

# %% first_step | wrong | over the length after | compare the change with the weights before
("/ np.linalg.norm(old)", "/ np.linalg.norm(variable.numpy())")

# %% first_step | wrong | a difference of lengths | subtract first, then take the length
("np.linalg.norm(variable.numpy() - old)", "abs(np.linalg.norm(variable) - np.linalg.norm(old))")


# %% first_step | wrong | all weights in one array | you join all weights
def first_step_ratio(network, take_step):
    before = np.concatenate([v.numpy().ravel() for v in network.trainable_variables])
    take_step()
    after = np.concatenate([v.numpy().ravel() for v in network.trainable_variables])
    return np.linalg.norm(after - before) / np.linalg.norm(before)


# %% first_step | wrong | largest entries | you compare the largest entries
("np.linalg.norm(variable.numpy() - old)", "np.abs(variable.numpy() - old).max()")
("/ np.linalg.norm(old)", "/ np.abs(old).max()")

# %% first_step | wrong | absolute values | you add up absolute values
("np.linalg.norm(variable.numpy() - old)", "np.abs(variable.numpy() - old).sum()")
("/ np.linalg.norm(old)", "/ np.abs(old).sum()")

# %% first_step | wrong | squares without the root | take the root
("np.linalg.norm(old)", "np.linalg.norm(old) ** 2")
("np.linalg.norm(variable.numpy() - old)", "np.linalg.norm(variable.numpy() - old) ** 2")

# %% first_step | wrong | not relative | is the length of the change itself
(" / np.linalg.norm(old)", "")

# %% first_step | wrong | upside down | the ratio is upside down
(
    "np.linalg.norm(variable.numpy() - old) / np.linalg.norm(old)",
    "np.linalg.norm(old) / np.linalg.norm(variable.numpy() - old)",
)

# %% first_step | wrong | the sum of the ratios | is the sum of the ratios
("max(ratios)", "sum(ratios)")

# %% first_step | wrong | per cent | leave out the factor
("float(max(ratios))", "100 * float(max(ratios))")


# %% first_step | wrong | largest change over largest length | which belongs to other weights
def first_step_ratio(network, take_step):
    before = [variable.numpy() for variable in network.trainable_variables]
    take_step()
    pairs = zip(network.trainable_variables, before, strict=True)
    change = max(np.linalg.norm(variable.numpy() - old) for variable, old in pairs)
    return change / max(np.linalg.norm(old) for old in before)


# %% first_step | wrong | stored statistics as well | which is no trainable weight
("network.trainable_variables", "network.variables", 2)


# %% first_step | right | get_weights by the side of the variables
def first_step_ratio(network, take_step):
    variables = list(network.trainable_variables)
    old = [np.array(v) for v in variables]
    take_step()
    best = 0.0
    for a, v in zip(old, variables, strict=True):
        length = float(np.sqrt((a.astype(float) ** 2).sum()))
        if length > 0:
            best = max(best, float(np.sqrt(((np.array(v) - a) ** 2).sum())) / length)
    return best


# %% first_step | wrong | the mean of the squares, no length of biases | divide sums of squares
(
    "np.linalg.norm(variable.numpy() - old) / np.linalg.norm(old)",
    "np.mean((variable.numpy() - old) ** 2) / np.mean(old**2)",
)


# %% first_step | wrong | the smallest ratio | take the largest ratio
("max(ratios)", "min(ratios)")


# %% first_step | wrong | each entry by itself | in every entry
(
    "np.linalg.norm(variable.numpy() - old) / np.linalg.norm(old)",
    "np.max(np.abs(variable.numpy() - old) / (np.abs(old) + 1e-7))",
)


# %% first_step | wrong | spectral norm of a matrix | compare the largest entries
(
    "np.linalg.norm(variable.numpy() - old) / np.linalg.norm(old)",
    "np.linalg.norm(variable.numpy() - old, 2 if old.ndim == 2 else None) / "
    "np.linalg.norm(old, 2 if old.ndim == 2 else None)",
)


# %% alone | right | the weights are put back after each step
def generator_learns_alone(make_patient, real, steps):
    patient, losses = make_patient(), []
    weights = patient.discriminator.get_weights()
    for _ in range(steps):
        loss, _ = patient.step(real)
        losses.append(loss)
        patient.discriminator.set_weights(weights)
    first, second = np.split(np.array(losses), 2)
    return second.mean() < first.mean()


# %% alone | right | another optimizer
def generator_learns_alone(make_patient, real, steps):
    patient = make_patient()
    patient.optimizers[1] = keras.optimizers.SGD(0.0)
    halves = []
    for _ in range(2):
        halves.append(np.mean([patient.step(real)[0].numpy() for _ in range(steps // 2)]))
    return halves[1] < halves[0]


# %% alone | right | assign, and TensorFlow to the end
def generator_learns_alone(make_patient, real, steps):
    patient = make_patient()
    patient.optimizers[1].learning_rate.assign(0)
    losses = tf.stack([patient.step(real)[0] for _ in range(steps)])
    means = tf.reduce_mean(tf.reshape(losses, (2, -1)), axis=1)
    return means[1] < means[0]


# %% alone | right | frozen
("patient.optimizers[1].learning_rate = 0.0", "patient.discriminator.trainable = False")

# %% alone | wrong | both learn | the discriminator does not stand still
("    patient.optimizers[1].learning_rate = 0.0\n", "")

# %% alone | wrong | the generator held still | hold still only the discriminator
("patient.optimizers[1]", "patient.optimizers[0]")

# %% alone | wrong | both held still | hold still only the discriminator
(
    "patient.optimizers[1].learning_rate = 0.0",
    "for optimizer in patient.optimizers:\n        optimizer.learning_rate = 0.0",
)

# %% alone | wrong | held still after a step | hold it still before the first step
(
    "    patient.optimizers[1].learning_rate = 0.0\n    losses = [",
    "    losses = [float(patient.step(real)[0])]\n"
    "    patient.optimizers[1].learning_rate = 0.0\n    losses += [",
)
("range(steps)", "range(steps - 1)")

# %% alone | wrong | the attribute of Keras 2 | is not the learning rate
("patient.optimizers[1].learning_rate", "patient.optimizers[1].lr")

# %% alone | wrong | an optimizer that nobody uses | the discriminator does not stand still
("patient.optimizers[1].learning_rate = 0.0", "optimizer = keras.optimizers.SGD(0.0)")

# %% alone | wrong | lower in every step | not two single losses
(
    "np.mean(losses[half:]) < np.mean(losses[:half])",
    "all(after < before for before, after in zip(losses, losses[1:]))",
)

# %% alone | wrong | a fresh patient in every step | forgets what it has learned
("float(patient.step(real)[0])", "float(make_patient().step(real)[0])")

# %% alone | wrong | one step too many | the step was called
("range(steps)", "range(steps + 1)")

# %% alone | wrong | a part of the batch | repeat the same whole batch
("step(real)", "step(real[:1])")

# %% alone | wrong | the discriminator's loss | it is the first of the two numbers
("step(real)[0]", "step(real)[1]")

# %% alone | wrong | turned round | the second half is below the first
("np.mean(losses[half:]) <", "np.mean(losses[half:]) >")

# %% alone | wrong | last and first loss | not two single losses
("np.mean(losses[half:]) < np.mean(losses[:half])", "losses[-1] < losses[0]")

# %% alone | wrong | did it ever fall? | not single losses or the smallest one
(
    "np.mean(losses[half:]) < np.mean(losses[:half])",
    "np.mean(losses[half:]) < np.mean(losses[:half]) or min(losses) < losses[0]",
)

# %% alone | wrong | standing still is enough | that is not below
("np.mean(losses[half:]) <", "np.mean(losses[half:]) <=")

# %% alone | wrong | the losses themselves | return True or False
("bool(np.mean(losses[half:]) < np.mean(losses[:half]))", "losses")

# %% alone | wrong | no return | it needs a return
("return bool", "learns = bool")

# %% alone | wrong | the median | compare the mean of the second half
("np.mean(", "np.median(", 2)

# %% alone | wrong | without the sign | with their signs
("float(patient.step(real)[0])", "abs(float(patient.step(real)[0]))")


# %% alone | right | second half against all
(
    "return bool(np.mean(losses[half:]) < np.mean(losses[:half]))",
    "return bool(np.mean(losses[half:]) < np.mean(losses))",
)


# %% alone | wrong | halves by even and odd steps | compare the means of the halves
("np.mean(losses[half:]) < np.mean(losses[:half])", "np.mean(losses[1::2]) < np.mean(losses[::2])")


# %% alone | wrong | the smallest losses of the halves | compare the means of the halves
("np.mean(losses[half:]) < np.mean(losses[:half])", "min(losses[half:]) < min(losses[:half])")


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
def fixed_step(generator, discriminator, optimizers, real, gamma):
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

# %% step | wrong | the discriminator's loss first | the generator's loss comes first
(
    "return loss_of_generator, loss_of_discriminator,",
    "return loss_of_discriminator, loss_of_generator,",
)

# %% step | wrong | the saturating loss | minus the discriminator's loss at generated points
(
    "loss_of_generator = tf.reduce_mean(tf.nn.softplus(-fake_logits))",
    "loss_of_generator = -tf.reduce_mean(tf.nn.softplus(fake_logits))",
)

# %% step | wrong | sigmoid, then a cross-entropy | keep softplus of the logits
(
    "tf.reduce_mean(tf.nn.softplus(-fake_logits))",
    "keras.losses.BinaryCrossentropy()(tf.ones_like(fake_logits), tf.sigmoid(fake_logits))",
)

# %% step | wrong | a sigmoid for the discriminator's loss alone | keep softplus of the logits
(
    "loss_of_discriminator += tf.reduce_mean(tf.nn.softplus(fake_logits))",
    "loss_of_discriminator -= tf.reduce_mean(tf.math.log(1 - tf.sigmoid(fake_logits) + 1e-7))",
)

# %% step | wrong | logarithm of a probability | keep softplus of the logits
(
    "tf.reduce_mean(tf.nn.softplus(-fake_logits))",
    "-tf.reduce_mean(tf.math.log(tf.sigmoid(fake_logits) + 1e-8))",
)

# %% step | wrong | optimizers in the other order | the weights of the other network
("optimizers[1].apply", "optimizers[0].apply")
("optimizers[0].apply", "optimizers[1].apply")

# %% step | wrong | sums instead of means | the mean of softplus(-logits)
("loss_of_generator = tf.reduce_mean(", "loss_of_generator = tf.reduce_sum(")

# %% step | wrong | the penalty at generated points | at the real points
("slope_tape.watch(real)", "slope_tape.watch(fake)\n            again = discriminator(fake)")
("slope_tape.gradient(real_logits, real)", "slope_tape.gradient(again, fake)")


# %% step | right | squared norms
(
    "penalty = gamma / 2 * tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))",
    "penalty = 0.5 * gamma * tf.reduce_mean(tf.norm(slopes, axis=1) ** 2)",
)


# %% step | wrong | gamma not halved | it is γ/2 times
("penalty = gamma / 2 * ", "penalty = gamma * ")


# %% step | wrong | the penalty of a WGAN | of the squared length
(
    "tf.reduce_mean(tf.reduce_sum(slopes**2, axis=1))",
    "tf.reduce_mean((tf.norm(slopes, axis=1) - 1) ** 2)",
)


# %% step | wrong | slope of the loss | slope of the logits (not
("slope_tape.gradient(real_logits, real)", "slope_tape.gradient(real_loss, real)")
(
    "            real_logits = discriminator(real, training=True)\n",
    "            real_logits = discriminator(real, training=True)\n"
    "            real_loss = tf.nn.softplus(-real_logits)\n",
)


# %% step | wrong | uniform latents | latents should be standard normal
(
    "tf.random.normal((real.shape[0], generator.input_shape[-1]))",
    "tf.random.uniform((real.shape[0], generator.input_shape[-1]), -1, 1)",
)


# %% step | wrong | the same latent for all points | drawn for each of the points
(
    "tf.random.normal((real.shape[0], generator.input_shape[-1]))",
    "tf.repeat(tf.random.normal((1, generator.input_shape[-1])), real.shape[0], axis=0)",
)
