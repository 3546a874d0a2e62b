"""Right and wrong solutions of exercises 10; grading/variants.py says how to read them."""


# %% modulation | right | TensorFlow, einsum
def modulate(x, scales, kernel, convolve, demodulate=True):
    x, kernel = tf.constant(x), tf.constant(kernel)
    y = convolve(tf.einsum("bhwi,bi->bhwi", x, scales), kernel)
    if not demodulate:
        return y
    sums = tf.einsum("bi,hwij->bj", tf.square(scales), tf.square(kernel))
    return y * tf.math.rsqrt(sums + 1e-8)[:, tf.newaxis, tf.newaxis]


# %% modulation | right | sizes of all kernels, keras.ops
def modulate(x, scales, kernel, convolve, demodulate=True):
    y = convolve(ops.multiply(x, scales[:, np.newaxis, np.newaxis]), kernel)
    if demodulate:
        own = kernel[None] * scales[:, None, None, :, None]
        norms = ops.sqrt(ops.sum(own**2, axis=(1, 2, 3), keepdims=True) + 1e-8)
        y = y / ops.squeeze(norms, axis=1)
    return y


# %% modulation | right | image by image but for the convolution
def modulate(x, scales, kernel, convolve, demodulate=True):
    scaled = np.stack([image * s for image, s in zip(x, scales, strict=True)])
    y = np.array(convolve(scaled, kernel))
    for image, s in zip(y, scales, strict=True):
        if demodulate:
            image /= np.sqrt(((kernel * s[:, None]) ** 2).sum((0, 1, 2)) + 1e-8)
    return y


# %% modulation | wrong | no return | it needs a return
("    return y", "    y")

# %% modulation | wrong | a convolution for each image | once is enough
(
    "convolve(x * scales[:, None, None, :], kernel)",
    "np.concatenate([convolve(x[[i]] * scales[i], kernel) for i in range(len(x))])",
)


# %% modulation | wrong | a kernel for each image | once is enough
def modulate(x, scales, kernel, convolve, demodulate=True):
    made = []
    for image, scale in zip(x, scales, strict=True):
        own = kernel * scale[:, None]
        if demodulate:
            own = own / np.sqrt(np.square(own).sum(axis=(0, 1, 2)) + 1e-8)
        made.append(convolve(image[None], own)[0])
    return np.stack(made)


# %% modulation | wrong | the convolution of Keras | was never called
(
    "convolve(x * scales[:, None, None, :], kernel)",
    'ops.conv(x * scales[:, None, None, :], kernel, padding="same")',
)

# %% modulation | wrong | no axes for the pixels | belong to the *input* channels
("x * scales[:, None, None, :]", "x * scales")

# %% modulation | wrong | scales after the convolution | belong to the *input* channels
("convolve(x * scales[:, None, None, :], kernel)", "convolve(x, kernel) * scales[:, None, None, :]")

# %% modulation | wrong | not modulated | the channels of x have to be scaled
("x * scales[:, None, None, :]", "x")

# %% modulation | wrong | divided by the scales | differs from that with a kernel for
("x * scales[:, None", "x / scales[:, None")

# %% modulation | wrong | never demodulated | but not demodulated
("if demodulate:", "if False:")

# %% modulation | wrong | always demodulated | although `demodulate` is False
("if demodulate:", "if True:")

# %% modulation | wrong | no root | the root is missing
("np.sqrt(sums + 1e-8)", "(sums + 1e-8)")

# %% modulation | wrong | the mean of the squares | the mean of the squares
("np.sum(kernel**2, axis=(0, 1))", "np.mean(kernel**2, axis=(0, 1)) / len(scales[0])")

# %% modulation | wrong | the sum squared | square first, and then add up
("np.sum(kernel**2, axis=(0, 1))", "np.sum(kernel, axis=(0, 1))")
("sums = scales**2 @ squares", "sums = (scales @ squares) ** 2")

# %% modulation | wrong | scales not squared | the scales are not squared
("scales**2 @ squares", "np.abs(scales) @ squares")

# %% modulation | wrong | the kernel alone | without the scales
("scales**2 @ squares", "0 * scales @ squares + squares.sum(axis=0)")

# %% modulation | wrong | the actual deviation | looks at no pixel
("        squares = np.sum(kernel**2, axis=(0, 1))\n        sums = scales**2 @ squares\n", "")
("np.sqrt(sums + 1e-8)[:, None, None, :]", "(np.std(y, axis=(1, 2), keepdims=True) + 1e-8)")

# %% modulation | wrong | multiplied | multiplied by the root
("y / np.sqrt", "y * np.sqrt")

# %% modulation | wrong | the first image's scales | as the first one
("    y = convolve", "    scales = 0 * scales + scales[:1]\n    y = convolve")

# %% modulation | wrong | the mean of the scales | by the mean of the scales
("    y = convolve", "    scales = 0 * scales + scales.mean(axis=0)\n    y = convolve")

# %% modulation | wrong | one number for an image | each has its own sum
("scales**2 @ squares", "np.sum(scales**2 @ squares, axis=1, keepdims=True)")

# %% modulation | wrong | over the output channels | belong to the *input* channels
("scales**2 @ squares", "scales**2 @ squares.T")

# %% modulation | wrong | a transposed kernel | one kernel for all
(", None, :], kernel)", ", None, :], kernel.transpose(1, 0, 2, 3)[:, :1])")

# %% modulation | wrong | scaled in place | changed an array
(
    "    y = convolve(x * scales[:, None, None, :], kernel)",
    "    x *= scales[:, None, None, :]\n    y = convolve(x, kernel)",
)


# %% truncation | right | loops
def truncate(styles, centres, psis):
    made = []
    for w in styles:
        nearest = min(centres, key=lambda c: np.sum((w - c) ** 2))
        made.append([psi * w + (1 - psi) * nearest for psi in psis])
    return np.array(made)


# %% truncation | right | TensorFlow, the squares multiplied out
def truncate(styles, centres, psis):
    squares = tf.reduce_sum(centres**2, axis=1) - 2 * styles @ centres.T
    nearest = tf.gather(centres, tf.argmin(squares, axis=1))
    return tf.stack([nearest + psi * (styles - nearest) for psi in psis], axis=1)


# %% truncation | right | broadcasting with einsum
def truncate(styles, centres, psis):
    places = np.square(styles[:, None] - centres[None]).sum(-1).argmin(-1)
    return np.einsum("l,nd->nld", psis, styles) + np.einsum("l,nd->nld", 1 - psis, centres[places])


# %% truncation | wrong | no return | it needs a return
("    return nearest", "    nearest")

# %% truncation | wrong | layers first | expected the shape
(
    "nearest[:, None] + psis[:, None] * (styles - nearest)[:, None]",
    "nearest + psis[:, None, None] * (styles - nearest)",
)

# %% truncation | wrong | the nearest of all numbers | raises an error
("distances.argmin(axis=1)", "distances.argmin()")

# %% truncation | wrong | the nearest style | expected
("distances.argmin(axis=1)", "np.resize(distances.argmin(axis=0), len(styles)) % len(centres)")

# %% truncation | wrong | the mean of all centres | to the mean of all centres
("centres[distances.argmin(axis=1)]", "0 * styles + centres.mean(axis=0)")

# %% truncation | wrong | the first centre | to the first centre
("centres[distances.argmin(axis=1)]", "0 * styles + centres[0]")

# %% truncation | wrong | the farthest | to the *farthest* centre
("argmin", "argmax")

# %% truncation | wrong | the inner product | take the smallest distance
("distances.argmin(axis=1)", "(styles @ centres.T).argmax(axis=1)")

# %% truncation | wrong | the angle | take the smallest distance
(
    "    distances = np.linalg.norm(styles[:, None] - centres, axis=2)\n",
    "    unit = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)\n",
)
("distances.argmin(axis=1)", "(styles @ unit.T).argmax(axis=1)")

# %% truncation | wrong | absolute differences | the euclidean distance squares
(
    "np.linalg.norm(styles[:, None] - centres, axis=2)",
    "np.abs(styles[:, None] - centres).sum(axis=2)",
)

# %% truncation | wrong | number by number | one centre serves a whole style
(
    "    distances = np.linalg.norm(styles[:, None] - centres, axis=2)\n",
    "    places = np.abs(styles[:, None] - centres).argmin(axis=1)\n",
)
("centres[distances.argmin(axis=1)]", "np.take_along_axis(centres, places, axis=0)")

# %% truncation | wrong | swapped | styles and centre are swapped
(
    "nearest[:, None] + psis[:, None] * (styles - nearest)[:, None]",
    "styles[:, None] + psis[:, None] * (nearest - styles)[:, None]",
)

# %% truncation | wrong | the mean ψ | by the mean of psis
("psis[:, None]", "(0 * psis + psis.mean())[:, None]")

# %% truncation | wrong | the first ψ | by the first ψ
("psis[:, None]", "(0 * psis + psis[0])[:, None]")

# %% truncation | wrong | the opposite order | in the opposite order
("psis[:, None]", "psis[::-1][:, None]")

# %% truncation | wrong | the centre not added | the centre is missing
("nearest[:, None] + psis", "psis")

# %% truncation | wrong | towards 0 | not towards 0
(
    "nearest[:, None] + psis[:, None] * (styles - nearest)[:, None]",
    "psis[:, None] * styles[:, None]",
)

# %% truncation | wrong | one after the other | start from w
("psis[:, None]", "np.cumprod(psis)[:, None]")

# %% truncation | wrong | a sign | expected
("(styles - nearest)", "(nearest - styles)")

# %% truncation | wrong | changed in place | changed an array
("    return", "    styles -= nearest\n    return")
("(styles - nearest)", "styles")


# %% handles | right | scikit-learn's regression, standardised measures
def handles(places, measures):
    from sklearn.linear_model import LinearRegression

    scaled = measures / measures.std(axis=0)
    return np.linalg.pinv(LinearRegression().fit(places, scaled).coef_).T


# %% handles | right | a column of ones, and the normal equations
def handles(places, measures):
    ones = np.column_stack([places, np.ones(len(places))])
    b = (np.linalg.solve(ones.T @ ones, ones.T @ measures)[:-1]).T
    return np.diag(measures.std(axis=0)) @ np.linalg.inv(b @ b.T) @ b


# %% handles | right | least squares of least length, one by one
def handles(places, measures):
    x, y = places - places.mean(0), measures - measures.mean(0)
    b = np.linalg.pinv(x) @ y
    wanted = np.diag(y.std(0))
    return np.stack([np.linalg.lstsq(b.T, row, rcond=None)[0] for row in wanted])


# %% handles | wrong | no return | it needs a return
("    return (", "    (")

# %% handles | wrong | not transposed | transpose it
(
    "(np.linalg.pinv(coefficients) * measures.std(axis=0)).T",
    "np.linalg.pinv(coefficients) * measures.std(axis=0)",
)

# %% handles | wrong | the coefficients | those are the coefficients
("(np.linalg.pinv(coefficients) * measures.std(axis=0)).T", "coefficients")

# %% handles | wrong | the coefficients, of length 1 | scaled to length 1
(
    "(np.linalg.pinv(coefficients) * measures.std(axis=0)).T",
    "coefficients / np.linalg.norm(coefficients, axis=1, keepdims=True)",
)

# %% handles | wrong | each measure alone | looked at together
(
    "(np.linalg.pinv(coefficients) * measures.std(axis=0)).T",
    "coefficients * (measures.std(axis=0) / np.sum(coefficients**2, axis=1))[:, None]",
)

# %% handles | wrong | by 1 | by 1, not by its standard deviation
(" * measures.std(axis=0)", "")

# %% handles | wrong | of length 1 | were scaled to length 1
(
    "    return (np.linalg.pinv(coefficients) * measures.std(axis=0)).T",
    "    rows = np.linalg.pinv(coefficients).T\n"
    "    return rows / np.linalg.norm(rows, axis=1, keepdims=True)",
)

# %% handles | wrong | no constant term | the constant term
("places - places.mean(axis=0)", "places")
("measures - measures.mean(axis=0)", "measures")

# %% handles | wrong | measured from the first place | should move measure i by
("centred = places - places.mean(axis=0)", "centred = places - places[0]")
("changes = measures - measures.mean(axis=0)", "changes = measures - measures[0]")

# %% handles | wrong | downwards | lowers the measures
("return (np", "return -(np")

# %% handles | wrong | the other way round | the other way round
(
    "np.linalg.lstsq(centred, changes, rcond=None)[0].T  # (k, d)",
    "np.linalg.lstsq(changes, centred, rcond=None)[0]",
)
(
    "(np.linalg.pinv(coefficients) * measures.std(axis=0)).T",
    "coefficients * measures.std(axis=0)[:, None]",
)

# %% handles | wrong | the variance | by its *variance*
("measures.std(axis=0)", "measures.var(axis=0)")

# %% handles | wrong | divided by the deviation | in place of multiplied
(" * measures.std(axis=0)", " / measures.std(axis=0)")

# %% handles | wrong | covariances | those are the covariances
("    coefficients = np.linalg.lstsq(centred, changes, rcond=None)[0].T  # (k, d)\n", "")
("(np.linalg.pinv(coefficients) * measures.std(axis=0)).T", "(centred.T @ changes / len(places)).T")

# %% handles | wrong | deviations of the wrong axis | raises an error
("measures.std(axis=0)", "measures.std(axis=1)")

# %% handles | wrong | one deviation for all | should move measure i by
("measures.std(axis=0)", "measures.std()")

# %% handles | wrong | the deviation from the places | raises an error
("measures.std(axis=0)", "places.std(axis=0)[: 2 * len(places[0])]")

# %% handles | wrong | made orthogonal one after the other | should move measure i by
(
    "    return (np.linalg.pinv(coefficients) * measures.std(axis=0)).T",
    "    rows = np.linalg.qr(coefficients.T)[0].T\n"
    "    sizes = np.sum(rows * coefficients, axis=1)\n"
    "    return rows * (measures.std(axis=0) / sizes)[:, None]",
)

# %% handles | wrong | not the shortest | not the smallest
(
    "    return (np.linalg.pinv(coefficients) * measures.std(axis=0)).T",
    "    aside = np.linalg.svd(coefficients)[2][len(coefficients) :].sum(axis=0)\n"
    "    return (np.linalg.pinv(coefficients) * measures.std(axis=0)).T + aside",
)

# %% handles | wrong | changed in place | changed an array
(
    "    centred = places - places.mean(axis=0)\n",
    "    places -= places.mean(axis=0)\n    centred = places\n",
)


# %% repair | right | no optimizer, a list of everything
def invert(generator, images, start, steps, rate):
    w, way, costs = tf.convert_to_tensor(start), [], []
    for _ in range(steps + 1):
        with tf.GradientTape() as tape:
            tape.watch(w)
            difference = 0.5 * generator(w, training=False) + 0.5 - images
            cost = tf.reduce_mean(tf.reshape(difference, (len(images), -1)) ** 2, axis=1)
        way.append(w.numpy())
        costs.append(cost.numpy())
        w = w - rate * tape.gradient(cost, w)
    best = np.argmin(costs, axis=0)
    rows = np.arange(len(images))
    return np.array(way)[best, rows], np.array(costs)[best, rows]


# %% repair | right | image by image
def invert(generator, images, start, steps, rate):
    found = []
    for image, w in zip(images, np.array(start), strict=True):
        best = (np.inf, None)
        w = tf.Variable(w[None])
        for _ in range(steps + 1):
            with tf.GradientTape() as tape:
                cost = tf.reduce_mean(((generator(w, training=False) + 1) / 2 - image) ** 2)
            best = min(best, (float(cost), w.numpy()[0]), key=lambda pair: pair[0])
            w.assign_sub(rate * tape.gradient(cost, w))
        found.append(best)
    return np.stack([w for _, w in found]), np.array([cost for cost, _ in found])


# %% repair | right | the targets in the generator's range
def invert(generator, images, start, steps, rate):
    targets, w = 2 * images - 1, tf.Variable(np.asarray(start))

    def costs():
        squares = keras.ops.square(generator(w, training=False) - targets)
        return keras.ops.mean(keras.ops.reshape(squares, (len(targets), -1)), axis=1) / 4

    best, least = w.numpy(), costs().numpy()
    for _ in range(steps):
        with tf.GradientTape() as tape:
            total = tf.reduce_sum(costs())
        w.assign_sub(rate * tape.gradient(total, w))
        now = costs().numpy()
        best[now < least] = w.numpy()[now < least]
        least = np.minimum(now, least)
    return best, least


# %% repair | wrong | the broken one | complaint 1
def invert(generator, images, start, steps, rate):
    return broken_inversion(generator, images, start, steps, rate)


# %% repair | wrong | no return | it needs a return
("    return best, least", "    best, least")

# %% repair | wrong | styles only | return a pair
("    return best, least", "    return best")

# %% repair | wrong | results swapped | the two results are swapped
("    return best, least", "    return least, best")

# %% repair | wrong | one error for all | one error for each image
("    return best, least", "    return best, np.mean(least)")

# %% repair | wrong | the generator learns, too | complaint 1
(
    "tape.gradient(loss, [styles]), [styles])",
    "tape.gradient(loss, [styles, *generator.trainable_variables]), "
    "[styles, *generator.trainable_variables])",
)

# %% repair | wrong | the range forgotten | complaint 2
("(generator(styles, training=False) + 1) / 2", "generator(styles, training=False)")

# %% repair | wrong | the range of the images turned round | expected
("    optimizer =", "    images = (images + 1) / 2\n    optimizer =")

# %% repair | wrong | the mean of the batch | complaint 3
("loss = tf.reduce_sum(errors)", "loss = tf.reduce_mean(errors)")

# %% repair | wrong | dropout on | complaint 4
("training=False", "training=True")

# %% repair | wrong | the start itself | complaint 5
(
    "tf.Variable(tf.identity(start))",
    "start if isinstance(start, tf.Variable) else tf.Variable(start)",
)

# %% repair | wrong | the last step | complaint 6
("    return best, least", "    return styles.numpy(), errors.numpy()")

# %% repair | wrong | the last step, with the error before it | complaint 6
("range(steps + 1)", "range(steps)")
("    return best, least", "    return styles.numpy(), errors.numpy()")

# %% repair | wrong | the last step not looked at | the last step was not looked at
("range(steps + 1)", "range(steps)")

# %% repair | wrong | the start not looked at | the start was not looked at
("better = errors.numpy() < least", "better = (errors.numpy() < least) & (step > 0)")

# %% repair | wrong | the best step of all images together | each image has its own
(
    "        better = errors.numpy() < least\n",
    "        now = errors.numpy().mean() < least.mean()\n"
    "        better = np.repeat(now, len(images))\n",
)

# %% repair | wrong | uphill | uphill
("SGD(rate)", "SGD(-rate)")

# %% repair | wrong | pixels added up | the squares of all pixels were added up
("errors = tf.reduce_mean(squares", "errors = tf.reduce_sum(squares")

# %% repair | wrong | the style after the step | complaint 6
("        best = np.where(better[:, None], styles.numpy(), best)\n", "")
(
    "        if step < steps:\n"
    "            optimizer.apply(tape.gradient(loss, [styles]), [styles])\n",
    "        optimizer.apply(tape.gradient(loss, [styles]), [styles])\n"
    "        best = np.where(better[:, None], styles.numpy(), best)\n",
)
("range(steps + 1)", "range(steps)")

# %% repair | wrong | the last errors | the errors those of the last step
("    return best, least", "    return best, errors.numpy()")

# %% repair | wrong | errors in [-1, 1] | four times as large
("    return best, least", "    return best, 4 * least")

# %% repair | wrong | Adam | expected
("keras.optimizers.SGD(rate)", "keras.optimizers.Adam(rate)")

# %% repair | wrong | absolute differences | expected
("tf.square(made - images)", "tf.abs(made - images)")

# %% repair | wrong | one error for the batch | gradient of its own error
("axis=list(range(1, len(images.shape)))", "axis=None")

# %% repair | wrong | only for images with channels | raises an error
("axis=list(range(1, len(images.shape)))", "axis=(1, 2, 3)")

# %% repair | wrong | a NumPy array is not watched | raises an error
("[styles]), [styles])", "[start]), [styles])")

# %% repair | wrong | the images changed | changed the images
("    optimizer =", "    images *= 1.0001\n    optimizer =")
