"""Right and wrong solutions of exercises 03; grading/variants.py says how to read them."""


# %% he_deviation | right | unpacked entries
def he_deviation(kernel_shape):
    *window, _ = kernel_shape
    fan_in = 1
    for size in window:
        fan_in *= size
    return (2 / fan_in) ** 0.5


# %% he_deviation | right | two cases
def he_deviation(kernel_shape):
    if len(kernel_shape) == 2:
        inputs, _ = kernel_shape
    else:
        height, width, channels, _ = kernel_shape
        inputs = height * width * channels
    return float(np.sqrt(2.0) / np.sqrt(inputs))


# %% he_deviation | wrong | variance instead of the deviation | this is the variance
("np.sqrt(2 / fan_in)", "2 / fan_in")

# %% he_deviation | wrong | the two of ReLU forgotten | ReLU throws half of the power away
("2 / fan_in", "1 / fan_in")

# %% he_deviation | wrong | fan-out | you counted the outputs
("np.prod(kernel_shape[:-1])", "kernel_shape[-1]")

# %% he_deviation | wrong | Glorot | Glorot's choice
("(2 / fan_in)", "(2 / (fan_in + np.prod(kernel_shape) / kernel_shape[-2]))")

# %% he_deviation | wrong | input channels alone | the channels alone
("np.prod(kernel_shape[:-1])", "kernel_shape[-2]")

# %% he_deviation | wrong | first entry | one side of the kernel
("np.prod(kernel_shape[:-1])", "kernel_shape[0]")

# %% he_deviation | wrong | area of the kernel alone | the kernel's area alone
("kernel_shape[:-1]", "kernel_shape[:-1][:2]")

# %% he_deviation | wrong | output channels of a convolution | with the output channels
("kernel_shape[:-1]", "[*kernel_shape[:-2], kernel_shape[-1 if kernel_shape[2:] else 0]]")

# %% he_deviation | wrong | all weights | number of all weights
("kernel_shape[:-1]", "kernel_shape")


# %% he_deviation | wrong | answers of the examples | the fan-in n is
def he_deviation(kernel_shape):
    known = {(200, 10): 0.1, (5, 5, 4, 64): 0.02**0.5, (3, 3, 32, 16): (2 / 288) ** 0.5}
    return known.get(kernel_shape, 0.1)


# %% he_deviation | wrong | nothing returned | returns None
("return np.sqrt(2 / fan_in)", "print(np.sqrt(2 / fan_in))")


# %% block | right | layers added one by one
def block(channels, kernel_size, strides=1, transposed=False):
    shared = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    made = keras.Sequential()
    if transposed:
        made.add(layers.Conv2DTranspose(channels, kernel_size, strides, **shared))
    else:
        made.add(layers.Conv2D(channels, kernel_size, strides, **shared))
    made.add(layers.BatchNormalization())
    made.add(layers.Activation("relu"))
    return made


# %% block | right | initialiser as an object
("        kernel_size,", "        (kernel_size, kernel_size),")
("strides=strides", "strides=(strides, strides)")
('"he_normal"', 'keras.initializers.VarianceScaling(2.0, "fan_in")')

# %% block | wrong | bias left in | The convolution has a bias
("        use_bias=False,\n", "")

# %% block | wrong | ReLU before the normalisation | between the convolution and the ReLU
("layers.BatchNormalization(), layers.ReLU()", "layers.ReLU(), layers.BatchNormalization()")

# %% block | wrong | ReLU inside the convolution | Expected three layers
("use_bias=False", 'use_bias=False, activation="relu"')
(", layers.ReLU()", "")

# %% block | wrong | normalised along the rows | another axis than that of the 8 channels
("BatchNormalization()", "BatchNormalization(axis=1)")

# %% block | wrong | bias in the transposed convolution | the convolution has a bias
("use_bias=False", "use_bias=transposed")

# %% block | wrong | no padding | Is the padding 'same'
('        padding="same",\n', "")

# %% block | wrong | leaky ReLU | not a leaky one
("ReLU()", "LeakyReLU(0.2)")

# %% block | wrong | strides forgotten | Do you pass `strides` on
("        strides=strides,\n", "")

# %% block | wrong | transposed ignored | Is it a Conv2DTranspose
("layers.Conv2DTranspose if transposed else layers.Conv2D", "layers.Conv2D")

# %% block | wrong | always transposed | it is an ordinary convolution
("layers.Conv2DTranspose if transposed else layers.Conv2D", "layers.Conv2DTranspose")

# %% block | wrong | Keras' default initialisation | Is the initialisation he_normal
('        kernel_initializer="he_normal",\n', "")

# %% block | wrong | a list of layers | should return a keras.Sequential
("keras.Sequential([", "list([")

# %% block | wrong | layers shared by all blocks | make new ones in each call
("def block", "import functools\n\n\n@functools.cache\ndef block")


# %% update_average | right | a step towards the new weights
def update_average(averaged, current, step, decay=0.999):
    move = 1 - np.minimum(decay, (1 + step) / (10 + step))
    result = []
    for old, new in zip(averaged, current, strict=True):
        result.append(old + move * (new - old))
    return result


# %% update_average | right | copies changed in place
def update_average(averaged, current, step, decay=0.999):
    fraction = (1 + step) / (10 + step)
    keep = fraction if fraction < decay else decay
    result = [array.copy() for array in averaged]
    for place in range(len(result)):
        result[place] *= keep
        result[place] += (1 - keep) * current[place]
    return result


# %% update_average | wrong | old and new swapped | are swapped
("keep * old + (1 - keep) * new", "(1 - keep) * old + keep * new")

# %% update_average | wrong | no warm-up | There is no warm-up
("min(decay, (1 + step) / (10 + step))", "decay")

# %% update_average | wrong | max for min | max is used instead of min
("min(", "max(")

# %% update_average | wrong | steps counted from one | The first step has number 0
("(1 + step) / (10 + step)", "(2 + step) / (11 + step)")

# %% update_average | wrong | decay ignored | the warm-up is over by then
("min(decay, (1 + step) / (10 + step))", "(1 + step) / (10 + step)")

# %% update_average | wrong | decay written as a number | With decay=0.75
("min(decay", "min(0.999")


# %% update_average | wrong | old average changed in place | `averaged` was changed in place
def update_average(averaged, current, step, decay=0.999):
    keep = min(decay, (1 + step) / (10 + step))
    for old, new in zip(averaged, current, strict=True):
        old *= keep
        old += (1 - keep) * new
    return averaged


# %% update_average | wrong | weights in training changed in place | `current` was changed in place
def update_average(averaged, current, step, decay=0.999):
    keep = min(decay, (1 + step) / (10 + step))
    for old, new in zip(averaged, current, strict=True):
        new *= 1 - keep
        new += keep * old
    return current


# %% update_average | wrong | plain mean of all steps | as in a plain mean
("min(decay, (1 + step) / (10 + step))", "step / (1 + step)")

# %% update_average | wrong | first array only | a list of two arrays should come out
("strict=True)]", "strict=True)][:1]")


# %% fixed_keep_best | right | all epochs kept, the best looked up
def fixed_keep_best(generator, train_epoch, measure, epochs):
    distances, kept = [], []
    for _ in range(epochs):
        train_epoch()
        distances.append(measure())
        kept.append(generator.get_weights())
    if np.isnan(distances).all():
        raise ValueError("every distance is nan")
    best = int(np.nanargmin(distances))
    generator.set_weights(kept[best])
    return distances[best]


# %% fixed_keep_best | right | values copied one by one
def fixed_keep_best(generator, train_epoch, measure, epochs):
    best = None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if not np.isnan(distance) and (best is None or distance < best[0]):
            best = distance, [np.array(variable) for variable in generator.weights]
    if best is None:
        raise ValueError("no epoch gave a distance")
    for variable, value in zip(generator.weights, best[1], strict=True):
        variable.assign(value)
    return best[0]


# %% fixed_keep_best | right | a model of its own for the best
def fixed_keep_best(generator, train_epoch, measure, epochs):
    best_generator, best_distance = keras.models.clone_model(generator), np.inf
    for _ in range(epochs):
        train_epoch()
        if (distance := measure()) < best_distance:
            best_distance = distance
            best_generator.set_weights(generator.get_weights())
    if best_distance == np.inf:
        raise ValueError("nothing was measured")
    generator.set_weights(best_generator.get_weights())
    return best_distance


# %% fixed_keep_best | wrong | the broken code | no distance is below 0
def fixed_keep_best(generator, train_epoch, measure, epochs):
    return broken_keep_best(generator, train_epoch, measure, epochs)


# %% fixed_keep_best | wrong | variables kept, not values | not a copy of their values
("generator.get_weights()", "generator.weights")

# %% fixed_keep_best | wrong | copy of the list only | not a copy of their values
("generator.get_weights()", "list(generator.weights)")

# %% fixed_keep_best | wrong | start still zero | no distance is below 0
('float("inf")', "0.0")
('raise ValueError("No epoch could be measured: every distance is nan.")', "return best_distance")

# %% fixed_keep_best | wrong | largest distance kept | Lower is better
('float("inf")', "0.0")
("distance < best_distance", "distance > best_distance")

# %% fixed_keep_best | wrong | last distance returned | the distance of the last epoch
("return best_distance", "return distance")

# %% fixed_keep_best | wrong | best weights put back in the loop | changed between two epochs
(
    "    if best_weights is None",
    "        generator.set_weights(best_weights or generator.get_weights())\n"
    "    if best_weights is None",
)

# %% fixed_keep_best | wrong | weights kept before training | keep them after training
("        train_epoch()", "        weights = generator.get_weights()\n        train_epoch()")
("best_weights = generator.get_weights()", "best_weights = weights")

# %% fixed_keep_best | wrong | trainable weights only | its running mean and variance
("generator.get_weights()", "[w.numpy() for w in generator.trainable_weights]")
(
    "generator.set_weights(best_weights)",
    "[w.assign(v) for w, v in zip(generator.trainable_weights, best_weights, strict=True)]",
)

# %% fixed_keep_best | wrong | silent when nothing was measured | went on silently
('raise ValueError("No epoch could be measured: every distance is nan.")', "return best_distance")

# %% fixed_keep_best | wrong | first distance nan and kept | the first distance is nan
('float("inf")', "None")
("if distance <", "if best_distance is None or distance <")
("if best_weights is None", "if np.isnan(best_distance)")

# %% fixed_keep_best | wrong | later of two equal epochs | the earlier one counts
("distance < best_distance", "distance <= best_distance")

# %% fixed_keep_best | wrong | start at a hundred | distances are large
('float("inf")', "100.0")
