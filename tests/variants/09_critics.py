"""Right and wrong solutions of exercises 09; grading/variants.py says how to read them."""


# %% work | right | two counters
def cheapest_work(places, masses, other_places, other_masses, power):
    here = sorted(zip(places, masses, strict=True))
    there = sorted(zip(other_places, other_masses, strict=True))
    total, other_total = sum(masses), sum(other_masses)
    i = j = 0
    left, room, cost = here[0][1] / total, there[0][1] / other_total, 0.0
    while True:
        share = min(left, room)
        cost += share * abs(here[i][0] - there[j][0]) ** power
        left, room = left - share, room - share
        if left <= 1e-12:
            i += 1
            if i == len(here):
                return cost
            left = here[i][1] / total
        if room <= 1e-12:
            j += 1
            if j == len(there):
                return cost
            room = there[j][1] / other_total


# %% work | right | TensorFlow, a whole matrix of overlaps
def cheapest_work(places, masses, other_places, other_masses, power):
    def strip(xs, ms):
        order = np.argsort(xs)
        ends = np.cumsum(ms[order]) / ms.sum()
        return xs[order], np.concatenate([[0], ends[:-1]]), ends

    x, x_begin, x_end = strip(places, masses)
    y, y_begin, y_end = strip(other_places, other_masses)
    overlap = np.minimum(x_end[:, None], y_end) - np.maximum(x_begin[:, None], y_begin)
    costs = np.abs(x[:, None] - y) ** power
    return tf.reduce_sum(tf.constant(np.maximum(overlap, 0) * costs))


# %% work | right | keras.ops, float32
def cheapest_work(places, masses, other_places, other_masses, power):
    def quantiles(xs, ms, levels):
        order = np.argsort(xs, kind="stable")
        ends = np.cumsum(ms[order]) / np.sum(ms)
        ends[-1] = 2
        return xs[order][(ends[None, :] <= levels[:, None]).sum(axis=1)]

    one, other = np.argsort(places), np.argsort(other_places)
    cuts = [np.cumsum(masses[one]) / masses.sum()]
    cuts.append(np.cumsum(other_masses[other]) / other_masses.sum())
    cuts = np.unique(np.clip(np.concatenate([[0.0], *cuts, [1.0]]), 0, 1))
    middles = (cuts[1:] + cuts[:-1]) / 2
    ways = quantiles(places, masses, middles) - quantiles(other_places, other_masses, middles)
    pieces = keras.ops.convert_to_tensor((np.diff(cuts) * np.abs(ways) ** power).astype("float32"))
    return keras.ops.sum(pieces)


# %% work | right | a generator of pieces
def cheapest_work(places, masses, other_places, other_masses, power):
    def heaps(xs, ms):
        whole = float(np.sum(ms))
        return [[float(ms[k]) / whole, float(xs[k])] for k in np.argsort(xs)]

    def pieces(mine, theirs):
        while mine and theirs:
            share = min(mine[0][0], theirs[0][0])
            yield share, abs(mine[0][1] - theirs[0][1])
            for side in (mine, theirs):
                side[0][0] -= share
                if side[0][0] < 1e-13:
                    side.pop(0)

    found = pieces(heaps(places, masses), heaps(other_places, other_masses))
    return np.float64(sum(share * way**power for share, way in found))


# %% work | wrong | no return | it needs a return
("return float(", "float(")


# %% work | wrong | the plain sort of the notebook | sorted places cannot be subtracted as they are
def cheapest_work(places, masses, other_places, other_masses, power):
    return np.mean(np.abs(np.sort(places) - np.sort(other_places)) ** power)


# %% work | wrong | cut to the shorter list | only the first places of the longer list
def cheapest_work(places, masses, other_places, other_masses, power):
    few = min(len(places), len(other_places))
    return np.mean(np.abs(np.sort(places)[:few] - np.sort(other_places)[:few]) ** power)


# %% work | wrong | masses ignored | as equally large
(
    "    order, other_order",
    "    masses, other_masses = 0 * masses + 1, 0 * other_masses + 1\n    order, other_order",
)

# %% work | wrong | not sorted | nothing was sorted
(
    "np.argsort(places), np.argsort(other_places)",
    "np.arange(len(places)), np.arange(len(other_places))",
)

# %% work | wrong | masses not sorted with the places | sorted without their masses
("masses[order]", "masses")
("other_masses[other_order]", "other_masses")

# %% work | wrong | masses not divided by their sum | only shares count
("return float(np.sum(", "return float(np.sum(masses) * np.sum(")

# %% work | wrong | times the other sum | other_masses add up to that
("return float(np.sum(", "return float(np.sum(other_masses) * np.sum(")

# %% work | wrong | the power forgotten | for p = 1
(" ** power", "")

# %% work | wrong | always squared | for p = 2
("** power", "** 2")

# %% work | wrong | a root at the end | a root was taken
("** power))", "** power) ** (1 / power))")

# %% work | wrong | the sum to the power | raise each way, and then add up
("** power))", ") ** power)")

# %% work | wrong | no absolute value | ways to the left were set off
("np.abs(places[sources] - other_places[targets])", "(places[sources] - other_places[targets])")


# %% work | wrong | the distance of the means | ways to the left were set off
def cheapest_work(places, masses, other_places, other_masses, power):
    one, other = np.average(places, weights=masses), np.average(other_places, weights=other_masses)
    return abs(one - other) ** power


# %% work | wrong | all pairs | mean over all pairs
def cheapest_work(places, masses, other_places, other_masses, power):
    costs = np.abs(places[:, None] - other_places) ** power
    return masses @ costs @ other_masses / masses.sum() / other_masses.sum()


# %% work | wrong | to the nearest place | sends each heap to the nearest place
def cheapest_work(places, masses, other_places, other_masses, power):
    costs = np.abs(places[:, None] - other_places) ** power
    return masses @ costs.min(axis=1) / masses.sum()


# %% work | wrong | from the nearest heap | from the nearest heap
def cheapest_work(places, masses, other_places, other_masses, power):
    costs = np.abs(places[:, None] - other_places) ** power
    return other_masses @ costs.min(axis=0) / other_masses.sum()


# %% work | wrong | difference of the distribution functions | of the distribution functions
def cheapest_work(places, masses, other_places, other_masses, power):
    line = np.sort(np.concatenate([places, other_places]))
    one, other = masses / masses.sum(), other_masses / other_masses.sum()
    gaps = [one[places <= x].sum() - other[other_places <= x].sum() for x in line[:-1]]
    return np.sum(np.abs(gaps) ** power * np.diff(line))


# %% work | wrong | SciPy, for p = 1 | for p = 1
def cheapest_work(places, masses, other_places, other_masses, power):
    return stats.wasserstein_distance(places, other_places, masses, other_masses)


# %% work | wrong | the longest way | that is the longest way
("np.sum(widths * ", "np.max(")

# %% work | wrong | opposite order | sort both sides in the same direction
("np.argsort(other_places)", "np.argsort(-other_places)")


# %% work | wrong | a coarse grid | close, but not exact
def cheapest_work(places, masses, other_places, other_masses, power):
    levels = (np.arange(1000) + 0.5) / 1000

    def quantiles(xs, ms):
        order = np.argsort(xs)
        return xs[order][np.searchsorted(np.cumsum(ms[order]) / ms.sum() + 1e-9, levels)]

    ways = quantiles(places, masses) - quantiles(other_places, other_masses)
    return np.mean(np.abs(ways) ** power)


# %% work | wrong | masses as whole numbers | masses are shares, not whole numbers
def cheapest_work(places, masses, other_places, other_masses, power):
    masses, other_masses = masses.astype(int) + 1, other_masses.astype(int) + 1
    one = np.sort(np.repeat(places, masses * other_masses.sum()))
    other = np.sort(np.repeat(other_places, other_masses * masses.sum()))
    return np.mean(np.abs(one - other) ** power)


# %% work | wrong | a cost for each piece | expected one number
("float(np.sum(widths * ", "(1.0 * (widths * ")

# %% work | wrong | sorts in place | changed an array
("    order, other_order", "    places.sort()\n    order, other_order")


# %% work | wrong | interpolated quantiles | the least cost is
def cheapest_work(places, masses, other_places, other_masses, power):
    levels = (np.arange(4000) + 0.5) / 4000

    def quantiles(xs, ms):
        order = np.argsort(xs)
        return np.interp(levels, np.cumsum(ms[order]) / ms.sum(), xs[order])

    ways = quantiles(places, masses) - quantiles(other_places, other_masses)
    return np.mean(np.abs(ways) ** power)


# %% penalty | right | keras.ops, an expanded axis at a time
def slopes_at(discriminate, inputs):
    x = keras.ops.convert_to_tensor(inputs)
    with tf.GradientTape() as tape:
        tape.watch(x)
        total = keras.ops.sum(discriminate(x))
    gradient = keras.ops.reshape(tape.gradient(total, x), (x.shape[0], -1))
    return keras.ops.sqrt(keras.ops.sum(keras.ops.square(gradient), axis=1) + 1e-10)


def one_sided_penalty(discriminate, real, fake, shares):
    s = keras.ops.convert_to_tensor(shares)
    while len(s.shape) < len(real.shape):
        s = keras.ops.expand_dims(s, -1)
    slopes = slopes_at(discriminate, real + s * (fake - real))
    return keras.ops.mean(keras.ops.relu(slopes - 1) ** 2)


# %% penalty | right | row by row
def slopes_at(discriminate, inputs):
    inputs, slopes = tf.convert_to_tensor(inputs), []
    for number in range(inputs.shape[0]):
        row = inputs[number : number + 1]
        with tf.GradientTape() as tape:
            tape.watch(row)
            value = discriminate(row)[0, 0]
        slopes.append(tf.sqrt(tf.maximum(tf.reduce_sum(tape.gradient(value, row) ** 2), 1e-12)))
    return tf.stack(slopes)


def one_sided_penalty(discriminate, real, fake, shares):
    parts = []
    for number in range(len(shares)):
        x, y, s = real[number], fake[number], shares[number]
        place = tf.expand_dims(s * y + (1 - s) * x, 0)
        parts.append(tf.maximum(slopes_at(discriminate, place)[0] - 1, 0) ** 2)
    return tf.reduce_mean(parts)


# %% penalty | right | the values of each row picked out, a mask
def slopes_at(discriminate, inputs):
    inputs = tf.convert_to_tensor(inputs)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(inputs)
        values = tf.reshape(discriminate(inputs), (-1,))
    gradients = tf.reshape(tape.gradient(values, [inputs])[0], (len(inputs), -1))
    return tf.math.sqrt(1e-14 + tf.math.reduce_sum(tf.math.square(gradients), axis=-1))


def one_sided_penalty(discriminate, real, fake, shares):
    real, fake = tf.convert_to_tensor(real), tf.convert_to_tensor(fake)
    shares = tf.reshape(shares, [len(real)] + [1] * (real.shape.rank - 1))
    slopes = slopes_at(discriminate, fake * shares + real * (1.0 - shares))
    above = tf.cast(slopes > 1, slopes.dtype)
    return tf.reduce_mean(above * tf.square(slopes - 1))


# %% penalty | wrong | no return of slopes | slopes_at returns None
("return tf.sqrt(squares + 1e-12)", "tf.sqrt(squares + 1e-12)")

# %% penalty | wrong | no return of the penalty | one_sided_penalty returns None
("return tf.reduce_mean(", "tf.reduce_mean(")

# %% penalty | wrong | the inputs not watched | the tape did not watch the inputs
("        tape.watch(inputs)\n", "")

# %% penalty | wrong | arrays not converted | tf.convert_to_tensor makes a tensor of either
("    inputs = tf.convert_to_tensor(inputs)\n", "")

# %% penalty | wrong | squares | take the root
("tf.sqrt(squares + 1e-12)", "squares")

# %% penalty | wrong | the norm over the batch | the shape ()
("axis=list(range(1, len(inputs.shape)))", "axis=None")

# %% penalty | wrong | the batch's norm for each row | norm over the whole batch
(
    "axis=list(range(1, len(inputs.shape))))",
    "axis=list(range(1, len(inputs.shape))))\n    squares = 0 * squares + tf.reduce_sum(squares)",
)

# %% penalty | wrong | the last axis only | sum over all axes
("axis=list(range(1, len(inputs.shape)))", "axis=-1")

# %% penalty | wrong | axes of images | expected one slope for each row
("axis=list(range(1, len(inputs.shape)))", "axis=list(range(2, len(inputs.shape)))")

# %% penalty | wrong | a column | expected one slope for each row
("return tf.sqrt(squares + 1e-12)", "return tf.expand_dims(tf.sqrt(squares + 1e-12), 1)")

# %% penalty | wrong | the gradient of the mean | the gradient is that of the *mean*
("tape.gradient(values, inputs)", "tape.gradient(values, inputs) / len(inputs)")

# %% penalty | wrong | the mean of the squares | in place of the sum
("tf.reduce_sum(gradients", "tf.reduce_mean(gradients")

# %% penalty | wrong | the sum of absolute values | the root of the sum of its squares
("tf.sqrt(squares + 1e-12)", "squares")
("gradients**2", "tf.abs(gradients)")

# %% penalty | wrong | a bare root | its slope is NaN
(" + 1e-12", "")

# %% penalty | wrong | a large number under the root | expected [
("1e-12", "0.1")

# %% penalty | wrong | two-sided | slopes below 1 cost nothing here
("tf.maximum(slopes - 1, 0) ** 2", "(slopes - 1) ** 2")

# %% penalty | wrong | no square | the square is missing
(", 0) ** 2)", ", 0))")

# %% penalty | wrong | shares of the real row | from the other end
("shares * fake + (1 - shares) * real", "shares * real + (1 - shares) * fake")

# %% penalty | wrong | the sum over rows | the rows were added up
("tf.reduce_mean(tf.maximum(", "tf.reduce_sum(tf.maximum(")

# %% penalty | wrong | the mean slope | each row costs by itself
("tf.reduce_mean(tf.maximum(slopes - 1, 0) ** 2)", "tf.maximum(tf.reduce_mean(slopes) - 1, 0) ** 2")

# %% penalty | wrong | the square of the mean | square each row's part
("tf.maximum(slopes - 1, 0) ** 2)", "tf.maximum(slopes - 1, 0)) ** 2")

# %% penalty | wrong | a number for each row | take the mean over the rows
("tf.reduce_mean(tf.maximum(slopes - 1, 0) ** 2)", "tf.maximum(slopes - 1, 0) ** 2")

# %% penalty | wrong | slopes squared in place of the part | squared before 1 is subtracted
("tf.maximum(slopes - 1, 0) ** 2", "tf.maximum(slopes**2 - 1, 0)")

# %% penalty | wrong | slopes squared and then again | and then again
("tf.maximum(slopes - 1, 0) ** 2", "tf.maximum(slopes**2 - 1, 0) ** 2")

# %% penalty | wrong | the other side | where slopes are *below* 1
("tf.maximum(slopes - 1, 0)", "tf.maximum(1 - slopes, 0)")

# %% penalty | wrong | no 1 | 1 is not subtracted
("tf.maximum(slopes - 1, 0)", "slopes")

# %% penalty | wrong | half of it | has no factor 1/2
("return tf.reduce_mean(tf", "return 0.5 * tf.reduce_mean(tf")

# %% penalty | wrong | at the real data | measured at the real data
("shares * fake + (1 - shares) * real", "real")

# %% penalty | wrong | at the generated data | measured at the generated data
("shares * fake + (1 - shares) * real", "fake")

# %% penalty | wrong | in the middle | in the middle for all rows
("shares * fake + (1 - shares) * real", "0.5 * (fake + real)")

# %% penalty | wrong | one share for the batch | by the first row's share
("shares * fake + (1 - shares) * real", "shares[0] * fake + (1 - shares[0]) * real")

# %% penalty | wrong | random shares | are the given shares used
(
    "shares = tf.reshape(shares, (-1,)",
    "shares = tf.reshape(tf.random.uniform((len(shares),)), (-1,)",
)

# %% penalty | wrong | shares along the last axis | along the *last* axis
(
    "    shares = tf.reshape(shares, (-1,) + (1,) * (len(real.shape) - 1))\n",
    "    shares = shares if len(real.shape) > 2 else tf.reshape(shares, (-1, 1))\n",
)

# %% penalty | wrong | shares of images only | (b, 1) for points
("(-1,) + (1,) * (len(real.shape) - 1)", "(-1, 1, 1)")

# %% penalty | wrong | no gradient by the weights | it is only a number
("return tf.sqrt(squares + 1e-12)", "return tf.stop_gradient(tf.sqrt(squares + 1e-12))")

# %% penalty | wrong | NumPy's slopes | it is only a number
("return tf.sqrt(squares + 1e-12)", "return tf.constant(np.sqrt(squares.numpy() + 1e-12))")


# %% repair | right | apply_gradients, set_weights for each layer, keras.ops
def train_round(
    critic, generator, critic_optimizer, generator_optimizer, batches, draw_latents, limit
):
    found = []
    for batch in batches:
        fake = generator(draw_latents(batch.shape[0]), training=True)
        with tf.GradientTape() as tape:
            says = keras.ops.mean(critic(batch, training=True))
            says = says - keras.ops.mean(critic(fake, training=True))
            cost = -says
        slopes = tape.gradient(cost, critic.trainable_variables)
        critic_optimizer.apply_gradients(zip(slopes, critic.trainable_variables, strict=True))
        for variable in critic.trainable_variables:
            variable.assign(np.clip(variable.numpy(), -limit, limit))
        found.append(float(says))
    latents = draw_latents(len(batches[-1]))
    with tf.GradientTape() as tape:
        cost = -keras.ops.mean(critic(generator(latents, training=True), training=True))
    slopes = tape.gradient(cost, generator.trainable_variables)
    generator_optimizer.apply_gradients(zip(slopes, generator.trainable_variables, strict=True))
    return np.array(found), float(cost)


# %% repair | right | the objective of the package, small functions
def train_round(
    critic, generator, critic_optimizer, generator_optimizer, batches, draw_latents, limit
):
    objective = losses.OBJECTIVES["wasserstein"]

    def values(data):
        return critic(data, training=True)

    def step(network, optimizer, loss_of):
        with tf.GradientTape() as tape:
            loss = loss_of()
        weights = network.trainable_variables
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss

    def critic_step(real):
        latents = draw_latents(len(real))
        fake = generator(latents, training=True)
        loss = step(
            critic, critic_optimizer, lambda: objective.discriminator(values(real), values(fake))
        )
        for weight in critic.trainable_variables:
            weight.assign(keras.ops.clip(weight, -limit, limit))
        return -loss

    estimates = [critic_step(real) for real in batches]
    latents = draw_latents(len(batches[-1]))
    loss = step(
        generator,
        generator_optimizer,
        lambda: objective.generator(values(generator(latents, training=True))),
    )
    return estimates, loss


# %% repair | right | minimum and maximum, sums over counts
def train_round(
    critic, generator, critic_optimizer, generator_optimizer, batches, draw_latents, limit
):
    estimates = ()
    for real in batches:
        count = int(real.shape[0])
        z = draw_latents(count)
        with tf.GradientTape() as tape:
            f_real = critic(tf.convert_to_tensor(real), training=True)
            f_fake = critic(generator(z, training=True), training=True)
            estimate = tf.reduce_sum(f_real - f_fake) / count
            loss = -1.0 * estimate
        gradients = tape.gradient(loss, critic.trainable_weights)
        critic_optimizer.apply(gradients, critic.trainable_weights)
        for w in critic.trainable_weights:
            w.assign(tf.maximum(tf.minimum(w, limit), -limit))
        estimates += (estimate,)
    z = draw_latents(count)
    with tf.GradientTape(watch_accessed_variables=True) as tape:
        loss = tf.reduce_mean(-critic(generator(z, training=True), training=True))
    gradients = tape.gradient(loss, generator.trainable_weights)
    generator_optimizer.apply(gradients, generator.trainable_weights)
    return [list(estimates), loss]


# %% repair | wrong | the broken one | (complaint
def train_round(
    critic, generator, critic_optimizer, generator_optimizer, batches, draw_latents, limit
):
    return broken_round(
        critic, generator, critic_optimizer, generator_optimizer, batches, draw_latents, limit
    )


# %% repair | wrong | a sigmoid still there | a sigmoid is left in
("critic(real, training=True)", "tf.sigmoid(critic(real, training=True))")
("critic(fake, training=True)\n", "tf.sigmoid(critic(fake, training=True))\n")
("critic(fake, training=True))\n", "tf.sigmoid(critic(fake, training=True)))\n")

# %% repair | wrong | clipped before the step | the critic was clipped before its step
(
    "        with tf.GradientTape() as tape:\n"
    "            fake = generator(latents, training=True)\n            real_values",
    "        for weight in critic.trainable_variables:\n"
    "            weight.assign(tf.clip_by_value(weight, -limit, limit))\n"
    "        with tf.GradientTape() as tape:\n"
    "            fake = generator(latents, training=True)\n            real_values",
)
(
    "        for weight in weights:\n"
    "            weight.assign(tf.clip_by_value(weight, -limit, limit))\n",
    "",
)

# %% repair | wrong | never clipped | was never clipped
(
    "        for weight in weights:\n"
    "            weight.assign(tf.clip_by_value(weight, -limit, limit))\n",
    "",
)

# %% repair | wrong | clipped at the end | once at the end of the loop
(
    "        for weight in weights:\n"
    "            weight.assign(tf.clip_by_value(weight, -limit, limit))\n",
    "",
)
(
    "    latents = draw_latents(len(batches[-1]))\n",
    "    for weight in critic.trainable_variables:\n"
    "        weight.assign(tf.clip_by_value(weight, -limit, limit))\n"
    "    latents = draw_latents(len(batches[-1]))\n",
)

# %% repair | wrong | clipped last of all | after the generator's step
(
    "        for weight in weights:\n"
    "            weight.assign(tf.clip_by_value(weight, -limit, limit))\n",
    "",
)
(
    "    return estimates",
    "    for weight in critic.trainable_variables:\n"
    "        weight.assign(tf.clip_by_value(weight, -limit, limit))\n"
    "    return estimates",
)

# %% repair | wrong | only kernels clipped | only the critic's kernels
(
    "        for weight in weights:\n",
    "        for weight in [w for w in weights if len(w.shape) > 1]:\n",
)

# %% repair | wrong | all weights clipped | a weight that is not trainable
("        for weight in weights:\n", "        for weight in critic.weights:\n")

# %% repair | wrong | clipped from 0 | the weights after the round are not those
("tf.clip_by_value(weight, -limit, limit)", "tf.clip_by_value(weight, 0, limit)")

# %% repair | wrong | the gradient clipped | the largest weight of the critic
(
    "        critic_optimizer.apply(tape.gradient(loss, weights), weights)\n",
    "        slopes = [tf.clip_by_value(s, -limit, limit) for s in tape.gradient(loss, weights)]\n"
    "        critic_optimizer.apply(slopes, weights)\n",
)
(
    "        for weight in weights:\n"
    "            weight.assign(tf.clip_by_value(weight, -limit, limit))\n",
    "",
)

# %% repair | wrong | the generator clipped as well | the generator's weights were clipped
(
    "        for weight in weights:\n",
    "        for weight in weights + generator.trainable_variables:\n",
)

# %% repair | wrong | latents once for all | once for all
("    estimates = []\n", "    estimates, latents = [], draw_latents(len(batches[0]))\n")
("        latents = draw_latents(len(real))\n", "")
("    latents = draw_latents(len(batches[-1]))\n", "")

# %% repair | wrong | no new latents for the generator | none for the generator's step
("    latents = draw_latents(len(batches[-1]))\n", "")

# %% repair | wrong | one latent | latents were drawn. it should be
("draw_latents(len(batches[-1]))", "draw_latents(1)")

# %% repair | wrong | latents drawn twice | latents were drawn. it should be
(
    "        latents = draw_latents(len(real))\n",
    "        draw_latents(len(real))\n        latents = draw_latents(len(real))\n",
)

# %% repair | wrong | the size of the first batch | latents were drawn. it should be
("draw_latents(len(batches[-1]))", "draw_latents(len(batches[0]))")

# %% repair | wrong | drawn, but the first ones used | always the first ones
(
    "        latents = draw_latents(len(real))\n",
    "        new = draw_latents(len(real))\n        latents = new if not estimates else latents\n",
)
("    latents = draw_latents(len(batches[-1]))\n", "    draw_latents(len(batches[-1]))\n")

# %% repair | wrong | the generator's sign | the generator moves the wrong way
("loss = -tf.reduce_mean(critic(", "loss = tf.reduce_mean(critic(")

# %% repair | wrong | the critic's sign | the critic moves the wrong way
(
    "tf.reduce_mean(fake_values) - tf.reduce_mean(real_values)",
    "tf.reduce_mean(real_values) - tf.reduce_mean(fake_values)",
)

# %% repair | wrong | both signs | both move the wrong way
(
    "tf.reduce_mean(fake_values) - tf.reduce_mean(real_values)",
    "tf.reduce_mean(real_values) - tf.reduce_mean(fake_values)",
)
("loss = -tf.reduce_mean(critic(", "loss = tf.reduce_mean(critic(")

# %% repair | wrong | optimizers swapped | by the other one's optimizer
("critic_optimizer.apply(", "generator_optimizer.apply(")
(
    "    generator_optimizer.apply(tape.gradient(loss, weights), weights)\n    return",
    "    critic_optimizer.apply(tape.gradient(loss, weights), weights)\n    return",
)

# %% repair | wrong | inference mode | without training=True
("training=True", "training=False", 5)

# %% repair | wrong | training not said | without training=True
(", training=True", "", 5)

# %% repair | wrong | the critic in inference mode | the critic was called without
("critic(real, training=True)", "critic(real, training=False)")
("critic(fake, training=True)", "critic(fake, training=False)", 2)

# %% repair | wrong | the generator in inference mode | the generator was called without
("generator(latents, training=True)", "generator(latents)", 2)

# %% repair | wrong | the generator in the loop | the generator's optimizer took
(
    "        estimates.append(-loss)\n    latents = draw_latents(len(batches[-1]))\n"
    "    with tf.GradientTape() as tape:\n        fake = generator(latents, training=True)\n"
    "        loss = -tf.reduce_mean(critic(fake, training=True))\n"
    "    weights = generator.trainable_variables\n"
    "    generator_optimizer.apply(tape.gradient(loss, weights), weights)\n",
    "        estimates.append(-loss)\n        latents = draw_latents(len(real))\n"
    "        with tf.GradientTape() as tape:\n"
    "            fake = generator(latents, training=True)\n"
    "            loss = -tf.reduce_mean(critic(fake, training=True))\n"
    "        weights = generator.trainable_variables\n"
    "        generator_optimizer.apply(tape.gradient(loss, weights), weights)\n",
)

# %% repair | wrong | no step of the critic | the critic's kernel is what it was
("        critic_optimizer.apply(tape.gradient(loss, weights), weights)\n", "")
(
    "        for weight in weights:\n"
    "            weight.assign(tf.clip_by_value(weight, -limit, limit))\n",
    "",
)

# %% repair | wrong | no step of the generator | the generator's kernel is what it was
("    generator_optimizer.apply(tape.gradient(loss, weights), weights)\n    return", "    return")

# %% repair | wrong | the generator learns from the first batch's critic | latents were drawn
("        estimates.append(-loss)\n", "        estimates.append(-loss)\n        break\n")

# %% repair | wrong | the generated data outside the tape | computed within its tape
(
    "    with tf.GradientTape() as tape:\n        fake = generator(latents, training=True)\n"
    "        loss = -tf",
    "    fake = generator(latents, training=True)\n    with tf.GradientTape() as tape:\n"
    "        loss = -tf",
)

# %% repair | wrong | no return | it needs a return
("    return estimates, loss", "    estimates, loss")

# %% repair | wrong | one result | return a pair
("    return estimates, loss", "    return estimates")

# %% repair | wrong | results swapped | the two results are swapped
("    return estimates, loss", "    return loss, estimates")

# %% repair | wrong | losses in place of estimates | the estimates have the wrong sign
("estimates.append(-loss)", "estimates.append(loss)")

# %% repair | wrong | only the last estimate | one for each
("    return estimates, loss", "    return estimates[-1:], loss")

# %% repair | wrong | estimates after the step | taken after the step
(
    "        for weight in weights:\n",
    "        loss = tf.reduce_mean(critic(fake, training=True)) - tf.reduce_mean("
    "critic(real, training=True))\n        for weight in weights:\n",
)

# %% repair | wrong | the generator's loss turned | the generator's loss has the wrong sign
("    return estimates, loss", "    return estimates, -loss")

# %% repair | wrong | the critic's loss returned | the generator's loss should be
("    return estimates, loss", "    return estimates, -estimates[-1]")


# %% guide | right | SciPy's own
def rank_correlation(one, other):
    if len(set(np.ravel(one).tolist())) == 1 or len(set(np.ravel(other).tolist())) == 1:
        return 0
    return stats.spearmanr(one, other).statistic


def guide(runs):
    found = np.array([rank_correlation([-x for x in a], list(b)) for a, b in runs])
    if np.all(found > 0.7):
        return "a guide"
    return "misleading" if np.all(found < -0.3) else "no guide"


# %% guide | right | counting, plain Python
def rank_correlation(one, other):
    def ranks(values):
        values = list(values)
        return [
            1 + sum(v < w for v in values) + (sum(v == w for v in values) - 1) / 2 for w in values
        ]

    x, y = ranks(one), ranks(other)
    mean = (len(x) + 1) / 2
    top = sum((a - mean) * (b - mean) for a, b in zip(x, y, strict=True))
    bottom = sum((a - mean) ** 2 for a in x) * sum((b - mean) ** 2 for b in y)
    return top / bottom**0.5 if bottom > 0 else 0


def guide(runs):
    words = set()
    for loss, distance in runs:
        r = -rank_correlation(loss, distance)
        words.add("a guide" if r > 0.7 else "misleading" if r < -0.3 else "no guide")
    return words.pop() if len(words) == 1 else "no guide"


# %% guide | right | comparisons, a tensor in the end
def rank_correlation(one, other):
    x, y = (np.asarray(values, "float64") for values in (one, other))
    ranks = [(v[:, None] > v).sum(axis=1) + (v[:, None] == v).sum(axis=1) / 2 + 0.5 for v in (x, y)]
    centred = [r - r.mean() for r in ranks]
    lengths = [np.linalg.norm(c) for c in centred]
    if min(lengths) == 0:
        return tf.constant(0.0)
    return tf.constant(np.dot(*centred) / np.prod(lengths))


def guide(runs):
    r = sorted(float(rank_correlation(-1 * np.asarray(loss), d)) for loss, d in runs)
    if r[0] > 0.7:
        return "a guide"
    elif r[-1] < -0.3:
        return "misleading"
    return "no guide"


# %% guide | wrong | no return | rank_correlation returns none
("    return float(np.corrcoef(one, other)[0, 1])", "    float(np.corrcoef(one, other)[0, 1])")

# %% guide | wrong | the numbers themselves | take their ranks
("stats.rankdata(one), stats.rankdata(other)", "np.array(one), np.array(other)")

# %% guide | wrong | argsort for ranks | an order, not ranks
("stats.rankdata(one), stats.rankdata(other)", "np.argsort(one), np.argsort(other)")

# %% guide | wrong | argsort twice | equal numbers got different ranks
(
    "stats.rankdata(one), stats.rankdata(other)",
    'np.argsort(np.argsort(one, kind="stable")), np.argsort(np.argsort(other, kind="stable"))',
)

# %% guide | wrong | the smallest rank | the smallest of their ranks
(
    "stats.rankdata(one), stats.rankdata(other)",
    'stats.rankdata(one, "min"), stats.rankdata(other, "min")',
)

# %% guide | wrong | the largest rank | the largest of their ranks
(
    "stats.rankdata(one), stats.rankdata(other)",
    'stats.rankdata(one, "max"), stats.rankdata(other, "max")',
)

# %% guide | wrong | dense ranks | count as one rank
(
    "stats.rankdata(one), stats.rankdata(other)",
    "np.unique(one, return_inverse=True)[1], np.unique(other, return_inverse=True)[1]",
)

# %% guide | wrong | the formula without ties | holds only where no numbers are equal
(
    "float(np.corrcoef(one, other)[0, 1])",
    "1 - 6 * sum((one - other) ** 2) / (len(one) ** 3 - len(one))",
)

# %% guide | wrong | Kendall | kendall
("float(np.corrcoef(one, other)[0, 1])", "float(stats.kendalltau(one, other)[0])")

# %% guide | wrong | the covariance | divide by both deviations
("float(np.corrcoef(one, other)[0, 1])", "float(np.cov(one, other)[0, 1])")

# %% guide | wrong | a matrix | np.corrcoef returns a matrix
("float(np.corrcoef(one, other)[0, 1])", "np.corrcoef(one, other)")

# %% guide | wrong | the diagonal of the matrix | should be
("[0, 1])", "[0, 0])")

# %% guide | wrong | NaN where nothing varies | the result is 0
("    if np.ptp(one) == 0 or np.ptp(other) == 0:\n        return 0.0\n", "")

# %% guide | wrong | the sign lost | the sign is lost
("float(np.corrcoef(one, other)[0, 1])", "abs(float(np.corrcoef(one, other)[0, 1]))")

# %% guide | wrong | squared | was squared
("float(np.corrcoef(one, other)[0, 1])", "float(np.corrcoef(one, other)[0, 1]) ** 2")

# %% guide | wrong | ranks of one list | ranks of one list only
("stats.rankdata(one), stats.rankdata(other)", "stats.rankdata(one), np.array(other)")

# %% guide | wrong | descending ranks of one | the sign is turned round
("stats.rankdata(one), stats.rankdata(other)", "stats.rankdata(one), -stats.rankdata(other)")

# %% guide | wrong | the loss itself | minus its loss
("-np.array(losses)", "np.array(losses)")

# %% guide | wrong | the size of the correlation | the losses fall with the distances
(
    "[rank_correlation(-np.array(losses), distances) for",
    "[abs(rank_correlation(losses, distances)) for",
)

# %% guide | wrong | all moments together | not one of all moments together
(
    "    found = [rank_correlation(-np.array(losses), distances) for losses, distances in runs]\n",
    "    losses, distances = (np.concatenate(part) for part in zip(*runs))\n"
    "    found = [rank_correlation(-losses, distances)]\n",
)

# %% guide | wrong | the mean decides | neither the mean of the correlations
("min(found) > 0.7", "np.mean(found) > 0.3")

# %% guide | wrong | the best run decides | every single one
("min(found)", "max(found)")

# %% guide | wrong | the first run decides | every single one
("in runs]", "in runs[:1]]")

# %% guide | wrong | runs in one array | make no single array
(
    "    found = [rank_correlation(-np.array(losses), distances) for losses, distances in runs]\n",
    "    runs = np.array(runs)\n"
    "    found = [rank_correlation(-losses, distances) for losses, distances in runs]\n",
)

# %% guide | wrong | a lower mark | not above 0.7
("> 0.7", "> 0.5")

# %% guide | wrong | a higher mark | both above 0.7
("> 0.7", "> 0.9")

# %% guide | wrong | misleading below 0 | not below -0.3
("< -0.3", "< 0")

# %% guide | wrong | misleading below -0.7 | both below -0.3
("< -0.3", "< -0.75")

# %% guide | wrong | never misleading | expected 'misleading'
('        return "misleading"', '        return "no guide"')

# %% guide | wrong | a word of its own | return one of the words
('return "a guide"', "return True")

# %% guide | wrong | no word in doubt | returns None
('    return "no guide"', "")
