"""Right and wrong solutions of exercises 03; tests/test_exercises.py runs each against the checks.

Header of a cell: task | right or wrong | name | for wrong ones, a piece of the message it gets.
"""


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


# %% he_deviation | wrong | variance in place of the deviation | this is the variance
def he_deviation(kernel_shape):
    return 2 / np.prod(kernel_shape[:-1])


# %% he_deviation | wrong | the two of ReLU forgotten | ReLU throws half of the power away
def he_deviation(kernel_shape):
    return np.sqrt(1 / np.prod(kernel_shape[:-1]))


# %% he_deviation | wrong | fan-out | you counted the outputs
def he_deviation(kernel_shape):
    return np.sqrt(2 / kernel_shape[-1])


# %% he_deviation | wrong | Glorot | Glorot's choice
def he_deviation(kernel_shape):
    window = np.prod(kernel_shape[:-2])
    return np.sqrt(2 / (window * (kernel_shape[-2] + kernel_shape[-1])))


# %% he_deviation | wrong | input channels alone | the channels alone
def he_deviation(kernel_shape):
    return np.sqrt(2 / kernel_shape[-2])


# %% he_deviation | wrong | first entry | one side of the kernel
def he_deviation(kernel_shape):
    return np.sqrt(2 / kernel_shape[0])


# %% he_deviation | wrong | area of the kernel alone | the kernel's area alone
def he_deviation(kernel_shape):
    if len(kernel_shape) == 2:
        return np.sqrt(2 / kernel_shape[0])
    return np.sqrt(2 / np.prod(kernel_shape[:2]))


# %% he_deviation | wrong | output channels of a convolution | with the output channels
def he_deviation(kernel_shape):
    if len(kernel_shape) == 2:
        return np.sqrt(2 / kernel_shape[0])
    height, width, _, channels = kernel_shape
    return np.sqrt(2 / (height * width * channels))


# %% he_deviation | wrong | all weights | number of all weights
def he_deviation(kernel_shape):
    return np.sqrt(2 / np.prod(kernel_shape))


# %% he_deviation | wrong | answers of the examples | the fan-in n is
def he_deviation(kernel_shape):
    known = {(200, 10): 0.1, (5, 5, 4, 64): 0.02**0.5, (3, 3, 32, 16): (2 / 288) ** 0.5}
    return known.get(kernel_shape, 0.1)


# %% he_deviation | wrong | nothing returned | returns None
def he_deviation(kernel_shape):
    print(np.sqrt(2 / np.prod(kernel_shape[:-1])))


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
def block(channels, kernel_size, strides=1, transposed=False):
    arguments = {
        "filters": channels,
        "kernel_size": (kernel_size, kernel_size),
        "strides": (strides, strides),
        "padding": "same",
        "use_bias": False,
        "kernel_initializer": keras.initializers.VarianceScaling(2.0, "fan_in"),
    }
    first = [layers.Conv2D, layers.Conv2DTranspose][transposed](**arguments)
    return keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])


# %% block | wrong | bias left in | The convolution has a bias
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    first = kind(channels, kernel_size, strides, "same", kernel_initializer="he_normal")
    return keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])


# %% block | wrong | ReLU before the normalisation | between the convolution and the ReLU
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    first = kind(
        channels, kernel_size, strides, "same", use_bias=False, kernel_initializer="he_normal"
    )
    return keras.Sequential([first, layers.ReLU(), layers.BatchNormalization()])


# %% block | wrong | ReLU inside the convolution | Expected three layers
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    shared = {"activation": "relu", "use_bias": False, "kernel_initializer": "he_normal"}
    first = kind(channels, kernel_size, strides, "same", **shared)
    return keras.Sequential([first, layers.BatchNormalization()])


# %% block | wrong | normalised along the rows | another axis than that of the 8 channels
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    shared = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    first = kind(channels, kernel_size, strides=strides, **shared)
    return keras.Sequential([first, layers.BatchNormalization(axis=1), layers.ReLU()])


# %% block | wrong | bias in the transposed convolution | the convolution has a bias
def block(channels, kernel_size, strides=1, transposed=False):
    shared = {"strides": strides, "padding": "same", "kernel_initializer": "he_normal"}
    if transposed:
        first = layers.Conv2DTranspose(channels, kernel_size, **shared)
    else:
        first = layers.Conv2D(channels, kernel_size, use_bias=False, **shared)
    return keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])


# %% block | wrong | no padding | Is the padding 'same'
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    shared = {"use_bias": False, "kernel_initializer": "he_normal"}
    first = kind(channels, kernel_size, strides, **shared)
    return keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])


# %% block | wrong | leaky ReLU | not a leaky one
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    shared = {"use_bias": False, "kernel_initializer": "he_normal"}
    first = kind(channels, kernel_size, strides, "same", **shared)
    return keras.Sequential([first, layers.BatchNormalization(), layers.LeakyReLU(0.2)])


# %% block | wrong | strides forgotten | Do you pass `strides` on
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    shared = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    return keras.Sequential(
        [kind(channels, kernel_size, **shared), layers.BatchNormalization(), layers.ReLU()]
    )


# %% block | wrong | transposed ignored | Is it a Conv2DTranspose
def block(channels, kernel_size, strides=1, transposed=False):
    shared = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    first = layers.Conv2D(channels, kernel_size, strides=strides, **shared)
    return keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])


# %% block | wrong | always transposed | it is an ordinary convolution
def block(channels, kernel_size, strides=1, transposed=False):
    shared = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    first = layers.Conv2DTranspose(channels, kernel_size, strides=strides, **shared)
    return keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])


# %% block | wrong | Keras' default initialisation | Is the initialisation he_normal
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    first = kind(channels, kernel_size, strides, "same", use_bias=False)
    return keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])


# %% block | wrong | a list of layers | should return a keras.Sequential
def block(channels, kernel_size, strides=1, transposed=False):
    kind = layers.Conv2DTranspose if transposed else layers.Conv2D
    shared = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
    first = kind(channels, kernel_size, strides=strides, **shared)
    return [first, layers.BatchNormalization(), layers.ReLU()]


# %% block | wrong | layers shared by all blocks | make new ones in each call
made_before = {}


def block(channels, kernel_size, strides=1, transposed=False):
    key = (channels, kernel_size, strides, transposed)
    if key not in made_before:
        kind = layers.Conv2DTranspose if transposed else layers.Conv2D
        shared = {"padding": "same", "use_bias": False, "kernel_initializer": "he_normal"}
        first = kind(channels, kernel_size, strides=strides, **shared)
        made_before[key] = keras.Sequential([first, layers.BatchNormalization(), layers.ReLU()])
    return made_before[key]


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
def update_average(averaged, current, step, decay=0.999):
    keep = min(decay, (1 + step) / (10 + step))
    return [(1 - keep) * old + keep * new for old, new in zip(averaged, current, strict=True)]


# %% update_average | wrong | no warm-up | There is no warm-up
def update_average(averaged, current, step, decay=0.999):
    return [decay * old + (1 - decay) * new for old, new in zip(averaged, current, strict=True)]


# %% update_average | wrong | max for min | max stands where min should
def update_average(averaged, current, step, decay=0.999):
    keep = max(decay, (1 + step) / (10 + step))
    return [keep * old + (1 - keep) * new for old, new in zip(averaged, current, strict=True)]


# %% update_average | wrong | steps counted from one | The first step has number 0
def update_average(averaged, current, step, decay=0.999):
    step = step + 1
    keep = min(decay, (1 + step) / (10 + step))
    return [keep * old + (1 - keep) * new for old, new in zip(averaged, current, strict=True)]


# %% update_average | wrong | decay ignored | the warm-up is over by then
def update_average(averaged, current, step, decay=0.999):
    keep = (1 + step) / (10 + step)
    return [keep * old + (1 - keep) * new for old, new in zip(averaged, current, strict=True)]


# %% update_average | wrong | decay written as a number | With decay=0.75
def update_average(averaged, current, step, decay=0.999):
    keep = min(0.999, (1 + step) / (10 + step))
    return [keep * old + (1 - keep) * new for old, new in zip(averaged, current, strict=True)]


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
def update_average(averaged, current, step, decay=0.999):
    keep = step / (1 + step)
    return [keep * old + (1 - keep) * new for old, new in zip(averaged, current, strict=True)]


# %% update_average | wrong | first array only | a list of two arrays should come out
def update_average(averaged, current, step, decay=0.999):
    keep = min(decay, (1 + step) / (10 + step))
    for old, new in zip(averaged, current, strict=True):
        return [keep * old + (1 - keep) * new]


# %% mended_keep_best | right | all epochs kept, the best looked up
def mended_keep_best(generator, train_epoch, measure, epochs):
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


# %% mended_keep_best | right | values copied one by one
def mended_keep_best(generator, train_epoch, measure, epochs):
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


# %% mended_keep_best | right | a model of its own for the best
def mended_keep_best(generator, train_epoch, measure, epochs):
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


# %% mended_keep_best | wrong | the broken code | no distance is below 0
def mended_keep_best(generator, train_epoch, measure, epochs):
    return broken_keep_best(generator, train_epoch, measure, epochs)


# %% mended_keep_best | wrong | variables kept, not values | not a copy of their values
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = np.inf, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, generator.weights
    if best_weights is None:
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | copy of the list only | not a copy of their values
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = np.inf, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, list(generator.weights)
    if best_weights is None:
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | start still zero | no distance is below 0
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = 0.0, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, generator.get_weights()
    if best_weights is not None:
        generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | largest distance kept | Less is better
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = 0.0, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance > best_distance:
            best_distance, best_weights = distance, generator.get_weights()
    if best_weights is None:
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | last distance returned | the distance of the last epoch
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = np.inf, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, generator.get_weights()
    if best_weights is None:
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return distance


# %% mended_keep_best | wrong | best weights put back in the loop | changed between two epochs
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = np.inf, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, generator.get_weights()
        if best_weights is not None:
            generator.set_weights(best_weights)
    if best_weights is None:
        raise ValueError("every distance is nan")
    return best_distance


# %% mended_keep_best | wrong | weights kept before training | keep them after training
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = np.inf, None
    for _ in range(epochs):
        weights = generator.get_weights()
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, weights
    if best_weights is None:
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | trainable weights only | its running mean and variance
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_values = np.inf, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance = distance
            best_values = [variable.numpy() for variable in generator.trainable_variables]
    if best_values is None:
        raise ValueError("every distance is nan")
    for variable, value in zip(generator.trainable_variables, best_values, strict=True):
        variable.assign(value)
    return best_distance


# %% mended_keep_best | wrong | silent when nothing was measured | went on silently
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = np.inf, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, generator.get_weights()
    if best_weights is not None:
        generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | first distance nan and kept | the first distance is nan
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = None, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if best_distance is None or distance < best_distance:
            best_distance, best_weights = distance, generator.get_weights()
    if np.isnan(best_distance):
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | later of two equal epochs | the earlier one counts
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = np.inf, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance <= best_distance:
            best_distance, best_weights = distance, generator.get_weights()
    if best_weights is None:
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return best_distance


# %% mended_keep_best | wrong | start at a hundred | distances are large
def mended_keep_best(generator, train_epoch, measure, epochs):
    best_distance, best_weights = 100.0, None
    for _ in range(epochs):
        train_epoch()
        distance = measure()
        if distance < best_distance:
            best_distance, best_weights = distance, generator.get_weights()
    if best_weights is None:
        raise ValueError("every distance is nan")
    generator.set_weights(best_weights)
    return best_distance
