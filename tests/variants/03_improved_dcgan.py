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


# %% he_deviation | right | Keras asked, and a star import
exec("from matplotlib.pyplot import *")


def he_deviation(kernel_shape):
    import math

    return math.sqrt(2.0 / math.prod(kernel_shape[: len(kernel_shape) - 1]))


# %% he_deviation | wrong | whole-number division | is it // instead of /
("2 / fan_in", "2 // fan_in")

# %% he_deviation | wrong | root of the two alone | the root is taken of 2 alone
("np.sqrt(2 / fan_in)", "np.sqrt(2) / fan_in")

# %% he_deviation | wrong | root of n alone | the root is taken of n alone
("np.sqrt(2 / fan_in)", "2 / np.sqrt(fan_in)")

# %% he_deviation | wrong | limit of the uniform one | the limit of he_uniform
("2 / fan_in", "6 / fan_in")

# %% he_deviation | wrong | sum instead of product | The window of 5×5 pixels
("np.prod", "np.sum")

# %% he_deviation | wrong | unpacked for convolutions only | two entries for a dense layer
("fan_in = np.prod(kernel_shape[:-1])", "a, b, c, _ = kernel_shape\n    fan_in = a * b * c")

# %% he_deviation | wrong | one row of the window | n is 20
("kernel_shape[:-1]", "kernel_shape[-3:-1] if kernel_shape[2:] else kernel_shape[:1]")

# %% he_deviation | wrong | a number for each entry | something of shape
("np.prod(kernel_shape[:-1])", "np.array(kernel_shape[:-1])")

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


# %% he_deviation | right | math, and a power of one half
def he_deviation(kernel_shape):
    import math

    return (2.0 / math.prod(kernel_shape[:-1])) ** 0.5


# %% he_deviation | wrong | mean of fan-in and fan-out | n is the mean of inputs and outputs
def he_deviation(kernel_shape):
    area = np.prod(kernel_shape[:-2])
    return np.sqrt(4 / (area * kernel_shape[-2] + area * kernel_shape[-1]))


# %% he_deviation | wrong | the untruncated deviation | cuts off the tails
("np.sqrt(2 / fan_in)", "np.sqrt(2 / fan_in) / 0.87962566")


# %% he_deviation | wrong | all but the first entry | counted the outputs
("kernel_shape[:-1]", "kernel_shape[1:]")


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


# %% block | right | bias and initialiser by name, ReLU by name
def block(channels, kernel_size, strides=1, transposed=False):
    arguments = {
        "filters": channels,
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": "SAME".lower(),
        "use_bias": False,
        "kernel_initializer": keras.initializers.HeNormal(seed=3),
    }
    first = layers.Conv2DTranspose(**arguments) if transposed else layers.Conv2D(**arguments)
    normalise = layers.BatchNormalization(axis=-1, momentum=0.99, epsilon=0.001)
    return keras.Sequential([first, normalise, layers.Activation(keras.activations.relu)])


# %% block | wrong | he_uniform | he_normal was asked for, not he_uniform
('"he_normal"', '"he_uniform"')

# %% block | wrong | initialisation of the transposed one forgotten | With transposed=True, a
('"he_normal"', '"glorot_uniform" if transposed else "he_normal"')

# %% block | wrong | glorot_normal | Is the initialisation he_normal
('"he_normal"', '"glorot_normal"')

# %% block | wrong | the paper's 0.02 | Is the initialisation he_normal
('"he_normal"', "keras.initializers.RandomNormal(stddev=0.02)")

# %% block | wrong | a normal distribution with tails | has a long tail
('"he_normal"', 'keras.initializers.VarianceScaling(2.0, "fan_in", "untruncated_normal")')

# %% block | wrong | other momentum and epsilon | 'momentum': 0.8
("BatchNormalization()", "BatchNormalization(momentum=0.8, epsilon=1e-5)")

# %% block | wrong | no scale | {'scale': False}
("BatchNormalization()", "BatchNormalization(scale=False)")

# %% block | wrong | ReLU cut off at 6 | cuts nothing off (ReLU6
("layers.ReLU()", "layers.ReLU(max_value=6)")

# %% block | wrong | leaky in disguise | not a leaky one
("layers.ReLU()", "layers.ReLU(negative_slope=0.2)")

# %% block | wrong | ReLU6 by name | cuts nothing off (ReLU6
("layers.ReLU()", 'layers.Activation("relu6")')

# %% block | wrong | ReLU twice | has an activation of its own
("use_bias=False", 'use_bias=False, activation="relu"')

# %% block | wrong | an input layer | leave the input layer out
("[convolution", "[layers.Input((None, None, 4)), convolution")

# %% block | wrong | the kinds swapped | With transposed=False the first layer is a
(
    "layers.Conv2DTranspose if transposed else layers.Conv2D",
    "layers.Conv2D if transposed else layers.Conv2DTranspose",
)

# %% block | wrong | dilated | {'dilation_rate'
("strides=strides", "strides=strides, dilation_rate=1 if strides > 1 else 2")

# %% block | wrong | one normalisation for all blocks | return the same layers
("transposed=False)", "transposed=False, norms={})")
("layers.BatchNormalization()", "norms.setdefault(channels, layers.BatchNormalization())")

# %% block | wrong | nothing returned | block returns None
("return keras", "made = keras")

# %% block | wrong | bias left in | The convolution has a bias
("        use_bias=False,\n", "")

# %% block | wrong | ReLU before the normalisation | between the convolution and the ReLU
("layers.BatchNormalization(), layers.ReLU()", "layers.ReLU(), layers.BatchNormalization()")

# %% block | wrong | ReLU inside the convolution | Expected three layers
("use_bias=False", 'use_bias=False, activation="relu"')
(", layers.ReLU()", "")

# %% block | wrong | normalised along the rows | another axis than that of the channels
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


# %% block | right | variance scaling by hand
(
    'kernel_initializer="he_normal"',
    'kernel_initializer=keras.initializers.VarianceScaling(2.0, "fan_in", "truncated_normal")',
)


# %% block | wrong | separable | it is an ordinary convolution
("else layers.Conv2D\n", "else layers.SeparableConv2D\n")
(
    '        kernel_initializer="he_normal",\n',
    '        **({"kernel_initializer": "he_normal"} if transposed else '
    '{"depthwise_initializer": "he_normal"}),\n',
)


# %% block | wrong | dropout at the end | expected three layers
("layers.ReLU()]", "layers.ReLU(), layers.Dropout(0.3)]")


# %% block | wrong | layer normalisation | the batch normalisation goes between
("layers.BatchNormalization()", "layers.LayerNormalization()")


# %% block | wrong | a decaying kernel | does not name at Keras' defaults
(
    "        use_bias=False,",
    '        use_bias=False,\n        kernel_regularizer="l2",',
)


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


# %% update_average | right | TensorFlow, then NumPy again
exec("from numpy import *")


def update_average(averaged, current, step, decay=0.999):
    keep = np.clip((1 + step) / (10 + step), 0, decay)
    mixed = (
        keras.ops.convert_to_numpy(keep * tf.constant(a) + (1 - keep) * tf.constant(b))
        for a, b in zip(averaged, current, strict=True)
    )
    return list(mixed)


# %% update_average | wrong | lists made into arrays | make no single array of a list
def update_average(averaged, current, step, decay=0.999):
    keep = min(decay, (1 + step) / (10 + step))
    return list(keep * np.array(averaged) + (1 - keep) * np.array(current))


# %% update_average | wrong | whole-number division | Is it // instead of /
("(1 + step) / (10 + step)", "(1 + step) // (10 + step)")

# %% update_average | wrong | Adam's correction | That is Adam's correction
(
    "keep * old + (1 - keep) * new for",
    "(keep * old + (1 - keep) * new) / (1 - decay ** (step + 1)) for",
)

# %% update_average | wrong | parentheses forgotten | parentheses missing
("(1 + step) / (10 + step)", "(1 + step) / 10 + step")

# %% update_average | wrong | no parentheses at all | or parentheses are missing
("(1 + step) / (10 + step)", "1 + step / 10 + step")

# %% update_average | wrong | one forgotten above | not t/(10 + t)
("(1 + step) /", "step /")

# %% update_average | wrong | t forgotten above | In step 8 α is 1/18
("(1 + step) /", "1 /")

# %% update_average | wrong | new weights in full | the new weights count in full
("(1 - keep) * new", "new")

# %% update_average | wrong | old average in full | the old average counts in full
("keep * old +", "old +")

# %% update_average | wrong | another default | the default of decay is 0.999
("decay=0.999", "decay=0.99")

# %% update_average | wrong | a tuple | not a tuple of 2
("return [keep", "return tuple([keep")
("strict=True)]", "strict=True)])")

# %% update_average | wrong | flattened arrays | has the shape of the weights
("(1 - keep) * new for", "(1 - keep) * new.ravel() for")
("[keep * old", "[keep * old.ravel()")

# %% update_average | wrong | the lists written over | `averaged` was changed in place
("    return [", "    averaged[:] = [")
("strict=True)]", "strict=True)]\n    return averaged")

# %% update_average | wrong | the old arrays returned in the first steps | new arrays
("    return", "    if step > 10**5 and decay < 0.9:\n        return averaged\n    return")

# %% update_average | wrong | nothing returned | returns None
("    return [", "    result = [")

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

# %% update_average | wrong | decay written as a number | decay=0.75 was given
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

# %% update_average | wrong | first array only | so a list of 2 arrays should come out
("strict=True)]", "strict=True)][:1]")


# %% update_average | right | NumPy's weighted mean
def update_average(averaged, current, step, decay=0.999):
    keep = min((1 + step) / (10 + step), decay)
    return [
        np.average([a, b], axis=0, weights=[keep, 1 - keep])
        for a, b in zip(averaged, current, strict=True)
    ]


# %% update_average | wrong | an iterator | not a map
(
    "[keep * old + (1 - keep) * new for old, new in zip(averaged, current, strict=True)]",
    "map(lambda old, new: keep * old + (1 - keep) * new, averaged, current)",
)


# %% update_average | wrong | the warm-up ends after ten steps | the smaller of decay
("min(decay, (1 + step) / (10 + step))", "(1 + step) / (10 + step) if step < 10 else decay")


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


# %% fixed_keep_best | right | a recursion over nothing, weights in a file
def fixed_keep_best(generator, train_epoch, measure, epochs):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path, smallest = f"{folder}/best.weights.h5", None
        for _ in range(epochs):
            train_epoch()
            distance = measure()
            if distance == distance and (smallest is None or distance < smallest):
                smallest = distance
                generator.save_weights(path)
        if smallest is None:
            raise ValueError("No distance is a number.")
        generator.load_weights(path)
    return smallest


# %% fixed_keep_best | wrong | measured twice in an epoch | Measure once after each epoch
("        distance = measure()\n", "")
("distance < best_distance", "measure() < best_distance")
("= distance\n", "= measure()\n")

# %% fixed_keep_best | wrong | measured for the result again | Measure once after each epoch
("return best_distance", "return measure()")

# %% fixed_keep_best | wrong | measured before training | an epoch is measured after it
(
    "        train_epoch()\n        distance = measure()",
    "        distance = measure()\n        train_epoch()",
)

# %% fixed_keep_best | wrong | never given back | never given back
("    generator.set_weights(best_weights)\n", "")

# %% fixed_keep_best | wrong | an epoch too few | 4 epochs were asked for
("range(epochs)", "range(1, epochs)")

# %% fixed_keep_best | wrong | number of the epoch returned | the number of the best epoch
("for _ in", "for epoch in")
(
    "            best_distance = distance",
    "            best_distance, best_epoch = distance, epoch + 1",
)
("return best_distance", "return best_epoch")

# %% fixed_keep_best | wrong | index of the epoch returned | the index of the best epoch
("for _ in", "for epoch in")
("            best_distance = distance", "            best_distance, best_epoch = distance, epoch")
("return best_distance", "return best_epoch")

# %% fixed_keep_best | wrong | distance and weights returned | It should return one number
("return best_distance", "return best_distance, best_weights")

# %% fixed_keep_best | wrong | start at zero | that any epoch beats
('float("inf")', "0.0")

# %% fixed_keep_best | wrong | another kind of error | Raise a ValueError with a sentence
("raise ValueError", "raise RuntimeError")

# %% fixed_keep_best | wrong | an assertion | Raise a ValueError with a sentence
(
    'raise ValueError("No epoch could be measured: every distance is nan.")',
    'raise AssertionError("nan")',
)

# %% fixed_keep_best | wrong | an error without a sentence | should come with a sentence
('ValueError("No epoch could be measured: every distance is nan.")', "ValueError")

# %% fixed_keep_best | wrong | nothing given back, by accident | every distance was nan
("    if best_weights is None:\n", "    if False:\n")

# %% fixed_keep_best | wrong | stopped by the first nan | a nan is passed over
(
    "        if distance <",
    "        if np.isnan(distance):\n            raise ValueError('nan')\n        if distance <",
)

# %% fixed_keep_best | wrong | comparison turned round | no epoch was ever better
("distance < best_distance", "distance > best_distance")
('raise ValueError("No epoch could be measured: every distance is nan.")', "return best_distance")


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

# %% fixed_keep_best | wrong | first distance nan and kept | also if the nan comes first
('float("inf")', "None")
("if distance <", "if best_distance is None or distance <")
("if best_weights is None", "if np.isnan(best_distance)")

# %% fixed_keep_best | wrong | later of two equal epochs | the earlier one counts
("distance < best_distance", "distance <= best_distance")

# %% fixed_keep_best | wrong | start at a hundred | must be a number that any epoch beats
('float("inf")', "100.0")


# %% fixed_keep_best | right | a table of all epochs
def fixed_keep_best(generator, train_epoch, measure, epochs):
    distances, kept = [], []
    for _ in range(epochs):
        train_epoch()
        distances.append(measure())
        kept.append([np.array(weight) for weight in generator.weights])
    if np.isnan(distances).all():
        raise ValueError("All distances are nan.")
    best = int(np.nanargmin(distances))
    generator.set_weights(kept[best])
    return distances[best]


# %% fixed_keep_best | wrong | nan turned into 0 | every distance was nan
("distance = measure()", "distance = np.nan_to_num(measure())")


# %% fixed_keep_best | wrong | stopped early | epochs were asked for
(
    "            best_weights = generator.get_weights()  # copies of the values, not the variables",
    "            best_weights = generator.get_weights()\n"
    "        elif best_weights is not None:\n"
    "            break",
)


# %% fixed_keep_best | wrong | raised if the last distance is nan | nan is passed over
("if best_weights is None:", "if np.isnan(distance):")
