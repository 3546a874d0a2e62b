"""Right and wrong solutions of exercises 02; grading/variants.py says how to read them."""


# %% describe | right | formulas
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    weights = channels_out * (kernel_size * kernel_size * channels_in + 1)
    if kind == "convolution":
        return (size + stride - 1) // stride, weights
    return size * stride, weights


# %% describe | right | Keras asked
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    maker = layers.Conv2D if kind == "convolution" else layers.Conv2DTranspose
    layer = maker(channels_out, kernel_size, strides=stride, padding="same")
    model = keras.Sequential([layers.Input((size, size, channels_in)), layer])
    return model.output_shape[1], model.count_params()


# %% describe | right | rounded up, in floats
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    import math

    new_size = {"convolution": math.ceil(size / stride), "transposed": size * stride}[kind]
    return [new_size, (kernel_size**2 * channels_in + 1) * channels_out]


# %% describe | wrong | rounded to the nearest | is rounded *up*, not to the nearest
("-(-size // stride)", "round(size / stride)")

# %% describe | wrong | one more if the size is odd | Do you add 1 because 9 is odd
("-(-size // stride)", "size // stride + size % 2")

# %% describe | wrong | number of pixels | how many pixels the output has
("return new_size,", "return new_size**2,")

# %% describe | wrong | doubled whatever the stride | do you always double
("size * stride", "size * 2")

# %% describe | wrong | transposed without padding | 7 → 17 is right without padding
("size * stride", "(size - 1) * stride + kernel_size")

# %% describe | wrong | bias of a transposed layer for each input channel | For a transposed
("+ channels_out", '+ (channels_in if kind == "transposed" else channels_out)')

# %% describe | wrong | results in the other order | The size comes first
("return new_size, weights", "return weights, new_size")

# %% describe | wrong | weights as a float | return an int
("return new_size, weights", "return new_size, float(weights)")

# %% describe | wrong | products at every place counted | its size does not count
("channels_in * channels_out", "channels_in * channels_out * new_size**2")

# %% describe | wrong | stride not used | The stride is not used
("-(-size // stride)", "size")

# %% describe | wrong | rounded down | you round 3.5 down
("-(-size // stride)", "size // stride")

# %% describe | wrong | size not whole | return an int
("-(-size // stride)", "np.ceil(size / stride)")

# %% describe | wrong | bias forgotten | each output channel also has a bias
(" + channels_out", "")

# %% describe | wrong | a bias for each input channel | not for each input channel
("+ channels_out", "+ channels_in")

# %% describe | wrong | kernel not squared | not 5
("kernel_size**2", "kernel_size")

# %% describe | wrong | kinds swapped | yours doubles it
("size * stride", "-(-size // stride)")
("-(-size // stride)", "size * stride")

# %% describe | wrong | transposed shrinks as well | a transposed convolution with stride 2 doubles
("size * stride", "-(-size // stride)")

# %% describe | wrong | size without padding | right without padding
("-(-size // stride)", "(size - kernel_size) // stride + 1")

# %% describe | wrong | one kernel for each output channel | each pair of an input and an output
(" * channels_in", "")

# %% describe | wrong | a shape for a size | two numbers
("return new_size,", "return (new_size, new_size, channels_out),")

# %% describe | wrong | stride 2 taken for granted | do you always halve
("size * stride", "2 * size")
("// stride", "// 2")


# %% describe | right | one less, divided, one more
("-(-size // stride)", "(size - 1) // stride + 1")


# %% describe | wrong | transposed: from the first to the last copy | not (size − 1) · stride + 1
("size * stride if", "(size - 1) * stride + 1 if")


# %% describe | wrong | a bias at every pixel | the same at every pixel
(
    "weights = kernel_size**2 * channels_in * channels_out + channels_out",
    "weights = kernel_size**2 * channels_in * channels_out + channels_out * new_size**2",
)


# %% describe | wrong | rounded down after one is taken off | divide by the stride and round up
("-(-size // stride)", "(size - 1) // stride")


# %% transposed_convolution | right | loop over the kernel
def transposed_convolution(signal, kernel, stride):
    output = np.zeros((len(signal) - 1) * stride + len(kernel))
    for place, weight in enumerate(kernel):
        output[place : place + (len(signal) - 1) * stride + 1 : stride] += (
            np.asarray(signal) * weight
        )
    return output


# %% transposed_convolution | right | zeros between, then an ordinary convolution
def transposed_convolution(signal, kernel, stride):
    stretched = np.zeros((len(signal) - 1) * stride + 1)
    stretched[::stride] = signal
    return np.convolve(stretched, kernel)


# %% transposed_convolution | right | a matrix with a copy in each column
def transposed_convolution(signal, kernel, stride):
    matrix = np.zeros(((len(signal) - 1) * stride + len(kernel), len(signal)))
    for column in range(len(signal)):
        matrix[column * stride : column * stride + len(kernel), column] = kernel
    return matrix @ signal


# %% transposed_convolution | right | two loops over Python numbers, and a star import
exec("from matplotlib.pyplot import *")


def transposed_convolution(signal, kernel, stride):
    output = [0.0] * ((len(signal) - 1) * stride + len(kernel))
    for i, value in enumerate(signal):
        for j, weight in enumerate(kernel):
            output[i * stride + j] += value * weight
    return np.array(output)


# %% transposed_convolution | right | np.add.at
def transposed_convolution(signal, kernel, stride):
    places = np.arange(len(signal))[:, None] * stride + np.arange(len(kernel))
    output = np.zeros(places.max() + 1)
    np.add.at(output, places, np.outer(signal, kernel))
    return output


# %% transposed_convolution | wrong | numbers repeated | lie zeros, not repetitions
def transposed_convolution(signal, kernel, stride):
    repeated = np.repeat(np.asarray(signal, float), stride)
    return np.convolve(repeated, kernel)[: (len(signal) - 1) * stride + len(kernel)]


# %% transposed_convolution | wrong | kernel multiplied in place | is the kernel changed in the loop
("np.asarray(kernel, float)", "np.array(kernel, float)")
("+= value * kernel", "+= kernel")
("        output[", "        kernel *= value\n        output[")

# %% transposed_convolution | wrong | argument multiplied in place | changes its arguments
("signal, kernel = np.asarray(signal, float), np.asarray(kernel, float)", "")
("        output[", "        kernel *= int(value)\n        output[")

# %% transposed_convolution | wrong | type of the kernel | Fractions were cut off
("signal, kernel = np.asarray(signal, float), np.asarray(kernel, float)", "")
("len(kernel))\n", "len(kernel), kernel.dtype)\n")
("value * kernel", "(value * kernel).astype(kernel.dtype)")

# %% transposed_convolution | wrong | type of the signal | Fractions were cut off
("signal, kernel = np.asarray(signal, float), np.asarray(kernel, float)", "")
("len(kernel))\n", "len(kernel), signal.dtype)\n")
("value * kernel", "(value * kernel).astype(signal.dtype)")

# %% transposed_convolution | wrong | type of the product | array of floats, always
("signal, kernel = np.asarray(signal, float), np.asarray(kernel, float)", "")
("len(kernel))\n", "len(kernel), (signal[:1] * kernel[:1]).dtype)\n")

# %% transposed_convolution | wrong | integers cannot take fractions | make it an array of floats
("len(kernel))\n", "len(kernel), int)\n")

# %% transposed_convolution | wrong | last copy forgotten | copy for the last number is missing
("enumerate(signal)", "enumerate(signal[:-1])")

# %% transposed_convolution | wrong | first copy forgotten | copy for the first number is missing
("enumerate(signal)", "list(enumerate(signal))[1:]")

# %% transposed_convolution | wrong | signal turned round | Your signal is turned round
("enumerate(signal)", "enumerate(signal[::-1])")

# %% transposed_convolution | wrong | no room for the last copy | find room for all its
("(len(signal) - 1) * stride + len(kernel)", "len(signal) * stride")

# %% transposed_convolution | wrong | a row in a matrix | has shape
("return output", "return output[None]")


# %% transposed_convolution | wrong | Keras for NumPy | with NumPy alone
def transposed_convolution(signal, kernel, stride):
    layer = layers.Conv1DTranspose(1, len(kernel), strides=stride, use_bias=False)
    layer.build((None, len(signal), 1))
    layer.set_weights([np.reshape(kernel, (-1, 1, 1))])
    return np.asarray(layer(np.reshape(signal, (1, -1, 1))))[0, :, 0]


# %% transposed_convolution | wrong | nothing returned | does it end in a return
("    return output", "")

# %% transposed_convolution | wrong | overwritten, not added | overwritten the first
("+=", "=")

# %% transposed_convolution | wrong | kernel turned round | your kernel is turned round
("value * kernel", "value * kernel[::-1]")

# %% transposed_convolution | wrong | stride not used | begin one place apart
("(len(signal) - 1) * stride", "len(signal) - 1")
("index * stride", "index", 2)

# %% transposed_convolution | wrong | cut to n times stride | so 5 are needed
("return output", "return output[: len(signal) * stride]")

# %% transposed_convolution | wrong | one number too long | neither more nor fewer
("len(kernel))\n", "len(kernel) + 1)\n")

# %% transposed_convolution | wrong | an array of whole numbers | fractions were cut off
("len(kernel))\n", "len(kernel), int)\n")
("value * kernel", "(value * kernel).astype(int)")

# %% transposed_convolution | wrong | stride one too far | so 5 are needed
("    output = ", "    stride = stride + 1\n    output = ")


# %% transposed_convolution | wrong | ordinary convolution | the stride, here 2, is not used
def transposed_convolution(signal, kernel, stride):
    return np.convolve(signal, kernel)


# %% transposed_convolution | wrong | shrinking convolution | so 5 are needed
def transposed_convolution(signal, kernel, stride):
    return np.convolve(signal, kernel, mode="valid")[::stride]


# %% transposed_convolution | wrong | copies not multiplied | are not multiplied
("value * kernel", "kernel")

# %% transposed_convolution | wrong | example hard-coded | your output has shape
("return output", "return np.array([1, 10, 102, 20, 200])")


# %% transposed_convolution | right | padded copies added up
def transposed_convolution(signal, kernel, stride):
    n = len(signal)
    rows = [
        np.pad(value * np.asarray(kernel, float), (i * stride, (n - 1 - i) * stride))
        for i, value in enumerate(signal)
    ]
    return np.sum(rows, axis=0)


# %% transposed_convolution | wrong | copies cut at the stride | end where the next copy begins
(
    "output[index * stride : index * stride + len(kernel)] += value * kernel",
    "output[index * stride : index * stride + stride] += value * kernel[:stride]",
)


# %% transposed_convolution | wrong | mean where copies overlap | their sum, not their mean
(
    "    return output",
    "    counts = np.zeros(len(output))\n"
    "    for index in range(len(signal)):\n"
    "        counts[index * stride : index * stride + len(kernel)] += 1\n"
    "    return output / np.maximum(counts, 1)",
)


# %% transposed_convolution | wrong | the middle kept, as with padding same | neither more nor fewer
("    return output", "    return output[1:-1]")


# %% batch_norm | right | flattened to rows, loop over channels
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    y = np.empty_like(x)
    new_mean, new_variance = np.array(running_mean), np.array(running_variance)
    for channel in range(x.shape[-1]):
        values = x[..., channel]
        if training:
            mean, variance = np.mean(values), np.mean((values - np.mean(values)) ** 2)
            new_mean[channel] += (1 - momentum) * (mean - new_mean[channel])
            new_variance[channel] += (1 - momentum) * (variance - new_variance[channel])
        else:
            mean, variance = running_mean[channel], running_variance[channel]
        normalised = (values - mean) / (variance + epsilon) ** 0.5
        y[..., channel] = gamma[channel] * normalised + beta[channel]
    return y, new_mean, new_variance


# %% batch_norm | right | two returns, keepdims by reshape
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    if not training:
        scale = gamma / np.sqrt(running_variance + epsilon)
        return x * scale + beta - running_mean * scale, running_mean, running_variance
    rows = x.reshape(-1, x.shape[-1])
    mean, variance = np.mean(rows, axis=0), np.var(rows, axis=0)
    new = [
        momentum * old + (1 - momentum) * current
        for old, current in ((running_mean, mean), (running_variance, variance))
    ]
    return (gamma * (rows - mean) / np.sqrt(variance + epsilon) + beta).reshape(x.shape), *new


# %% batch_norm | right | keepdims for y, channels for the statistics
exec("from numpy import *")


def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    mean, variance = running_mean, running_variance
    if training:
        axes = (0, 1, 2)[: x.ndim - 1]
        mean = np.mean(x, axis=axes, keepdims=True)
        variance = np.mean(np.square(x - mean), axis=axes, keepdims=True)
        running_mean = running_mean + (1 - momentum) * (np.ravel(mean) - running_mean)
        running_variance = (
            running_variance * momentum + variance.reshape(-1) - momentum * variance.squeeze()
        )
    return [
        beta + gamma * ((x - mean) / (variance + epsilon) ** 0.5),
        running_mean,
        running_variance,
    ]


# %% batch_norm | wrong | PyTorch's defaults | default of epsilon is Keras' 1e-3
("momentum=0.99, epsilon=1e-3", "momentum=0.9, epsilon=1e-5")

# %% batch_norm | wrong | PyTorch's momentum | default of momentum is Keras' 0.99
("momentum=0.99", "momentum=0.9")

# %% batch_norm | wrong | further axes kept | without further axes (keepdims)
("axis=axes)", "axis=axes, keepdims=True)", 2)

# %% batch_norm | wrong | axes of images only | tuple(range(x.ndim - 1))
("tuple(range(x.ndim - 1))", "(0, 1, 2)")

# %% batch_norm | wrong | height and width only | take the mean over all but the last
("tuple(range(x.ndim - 1))", "(1, 2) if x.ndim == 4 else 0")

# %% batch_norm | wrong | the channels of each row | over the channels of a row
(
    "        running_mean = momentum",
    "        m, v = mean, variance\n        running_mean = momentum",
)
(
    "    y = gamma",
    "    if training and x.ndim == 2:\n        mean, variance = "
    "x.mean(1, keepdims=True), x.var(1, keepdims=True)\n    y = gamma",
)

# %% batch_norm | wrong | statistics in the other order | the mean comes second
("return y, running_mean, running_variance", "return y, running_variance, running_mean")

# %% batch_norm | wrong | running variance with n - 1 | not with n − 1
("(1 - momentum) * variance", "(1 - momentum) * x.var(axis=axes, ddof=1)")

# %% batch_norm | wrong | gamma forgotten | gamma is missing
("gamma * (x", "(x")

# %% batch_norm | wrong | beta forgotten | beta is missing
(" + beta", "")

# %% batch_norm | wrong | gamma and beta swapped | gamma and beta are swapped
("gamma * (x", "beta * (x")
(" + beta", " + gamma")

# %% batch_norm | wrong | mean forgotten | the mean is not subtracted
("(x - mean)", "x")

# %% batch_norm | wrong | statistics that have moved | after they have moved
("    y = ", "    mean, variance = running_mean, running_variance\n    y = ")

# %% batch_norm | wrong | statistics of the batch returned | the running mean moves only a little
(
    "        running_mean = momentum * running_mean + (1 - momentum) * mean",
    "        running_mean = mean",
)

# %% batch_norm | wrong | x itself at inference | the layer still normalises
("    y = ", "    if not training:\n        return x, running_mean, running_variance\n    y = ")

# %% batch_norm | wrong | epsilon forgotten at inference | epsilon is missing
("    y = ", "    epsilon = epsilon * training\n    y = ")


# %% batch_norm | wrong | Keras for NumPy | with NumPy alone
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    layer = layers.BatchNormalization(momentum=momentum, epsilon=epsilon)
    layer.build(x.shape)
    layer.set_weights([gamma, beta, running_mean, running_variance])
    y = np.asarray(layer(x, training=training))
    return y, *(np.asarray(weight) for weight in layer.get_weights()[2:])


# %% batch_norm | wrong | axis 0 only | over all axes but the last
("tuple(range(x.ndim - 1))", "0")

# %% batch_norm | wrong | one mean for all channels | you take one for all
("x.mean(axis=axes), x.var(axis=axes)", "x.mean(), x.var()")

# %% batch_norm | wrong | batch statistics at inference | normalise with the statistics of the batch
("    y = ", "    axes = tuple(range(x.ndim - 1))\n    y = ")
("(x - mean) / np.sqrt(variance ", "(x - x.mean(axis=axes)) / np.sqrt(x.var(axis=axes) ")

# %% batch_norm | wrong | running statistics in training | you normalise with the running statistics
("(x - mean) / np.sqrt(variance ", "(x - running_mean) / np.sqrt(running_variance ")

# %% batch_norm | wrong | old running statistics in training | take those of the batch
("    if training:", "    old = running_mean, running_variance\n    if training:")
("(x - mean) / np.sqrt(variance ", "(x - old[0]) / np.sqrt(old[1] ")

# %% batch_norm | wrong | momentum the other way round | is the weight of the old running mean
("momentum * running_mean + (1 - momentum)", "(1 - momentum) * running_mean + momentum")
("momentum * running_variance + (1 - momentum)", "(1 - momentum) * running_variance + momentum")

# %% batch_norm | wrong | divided by the variance | divide by its square root
("np.sqrt(variance + epsilon)", "(variance + epsilon)")

# %% batch_norm | wrong | variance with n - 1 | divides by n − 1
("x.var(axis=axes)", "x.var(axis=axes, ddof=1)")

# %% batch_norm | wrong | shifted before scaled | gamma scales the normalised values
("gamma * (", "gamma * ((")
("+ beta", "+ beta)")

# %% batch_norm | wrong | epsilon outside of the root | and not to the deviation
("np.sqrt(variance + epsilon)", "(np.sqrt(variance) + epsilon)")

# %% batch_norm | wrong | epsilon forgotten | epsilon is missing
("variance + epsilon", "variance")

# %% batch_norm | wrong | running statistics move at inference | they move only while training
("    else:\n        mean, variance = running_mean, running_variance\n", "")
("    if training:", "    old = running_mean, running_variance\n    if True:")
("    y = ", "    if not training:\n        mean, variance = old\n    y = ")

# %% batch_norm | wrong | running statistics never move | the running mean did not move
("        running_mean = ", "        new_mean = ")
("        running_variance = ", "        new_variance = ")

# %% batch_norm | wrong | changed in place | changed in place
("running_mean = momentum * running_mean + ", "running_mean *= momentum\n        running_mean += ")
(
    "running_variance = momentum * running_variance + ",
    "running_variance *= momentum\n        running_variance += ",
)

# %% batch_norm | wrong | running deviation for variance | towards the batch's variance
("(1 - momentum) * variance", "(1 - momentum) * np.sqrt(variance)")

# %% batch_norm | wrong | y alone | batch_norm returns three things
("return y, running_mean, running_variance", "return y")


# %% batch_norm | right | channels first for a moment
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    rows = np.moveaxis(x, -1, 0).reshape(x.shape[-1], -1)
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = np.mean(rows, 1), np.mean(rows**2, 1) - np.mean(rows, 1) ** 2
        running_mean = running_mean + (1 - momentum) * (mean - running_mean)
        running_variance = running_variance + (1 - momentum) * (variance - running_variance)
    scale = gamma / (variance + epsilon) ** 0.5
    return x * scale + (beta - mean * scale), running_mean, running_variance


# %% batch_norm | wrong | variance around the running mean | not around the running one
("x.var(axis=axes)", "((x - running_mean) ** 2).mean(axis=axes)")


# %% batch_norm | wrong | mean not subtracted at inference | the running mean is not subtracted
(
    "mean, variance = running_mean, running_variance",
    "mean, variance = 0 * running_mean, running_variance",
)


# %% batch_norm | wrong | gamma inside the root | gamma does not belong under the root
(
    "gamma * (x - mean) / np.sqrt(variance + epsilon)",
    "(x - mean) / np.sqrt(gamma * variance + epsilon)",
)


# %% batch_norm | wrong | y normalised by the batch, whatever training says | take the running ones
(
    "    y = gamma",
    "    mean, variance = x.mean(axis=tuple(range(x.ndim - 1))), "
    "x.var(axis=tuple(range(x.ndim - 1)))\n"
    "    y = gamma",
)


# %% build_generator | right | one list
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(2 * width, 4, padding="valid"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | right | functional
def build_generator(latent_dim, width, kernel_size):
    latents = keras.Input((latent_dim,))
    x = layers.Dense(4 * 4 * 2 * width)(latents)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Reshape((4, 4, 2 * width))(x)
    for channels, kernel, stride, padding in (
        (2 * width, 4, 1, "valid"),
        (width, kernel_size, 2, "same"),
    ):
        x = layers.Conv2DTranspose(channels, kernel, strides=stride, padding=padding)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    last = layers.Conv2DTranspose(1, kernel_size, strides=2, padding="same", activation="tanh")
    return keras.Model(latents, last(x))


# %% build_generator | right | defaults written out
("Conv2DTranspose(2 * width, 4)", 'Conv2DTranspose(2 * width, (4, 4), (1, 1), "valid")')
("layers.BatchNormalization()", "layers.BatchNormalization(momentum=0.99, epsilon=1e-3)", 3)
("layers.Dense(4 * 4 * 2 * width)", 'layers.Dense(width * 32, kernel_initializer="glorot_uniform")')
("layers.Input((latent_dim,))", "keras.Input(shape=(latent_dim,))")

# %% build_generator | wrong | other momentum | {'momentum': 0.8}
("BatchNormalization()", "BatchNormalization(momentum=0.8)", 3)

# %% build_generator | wrong | other epsilon in one place | {'epsilon': 1e-05}
(
    "== (None, 7, 7, 2 * width)\n    model.add(layers.BatchNormalization(",
    "== (None, 7, 7, 2 * width)\n    model.add(layers.BatchNormalization(epsilon=1e-5",
)

# %% build_generator | wrong | no scale | {'scale': False}
("BatchNormalization()", "BatchNormalization(scale=False)", 3)

# %% build_generator | wrong | leaky ReLU in disguise | 'negative_slope': 0.2
("ReLU()", "ReLU(negative_slope=0.2)", 3)

# %% build_generator | wrong | ReLU cut off at 6 | {'max_value': 6
("ReLU()", "ReLU(6.0)", 3)

# %% build_generator | wrong | initialised by hand | A Conv2DTranspose has the settings
("kernel_size, strides", 'kernel_size, kernel_initializer="he_normal", strides', 2)

# %% build_generator | wrong | dropout | contains ['Dropout']
(
    "    model.add(layers.Reshape((4, 4, 2 * width)))\n",
    "    model.add(layers.Dropout(0.4))\n    model.add(layers.Reshape((4, 4, 2 * width)))\n",
)

# %% build_generator | wrong | normalised after the reshape | comes before the reshape
(
    "    model.add(layers.BatchNormalization())\n    model.add(layers.ReLU())\n"
    "    model.add(layers.Reshape((4, 4, 2 * width)))\n",
    "    model.add(layers.Reshape((4, 4, 2 * width)))\n"
    "    model.add(layers.BatchNormalization())\n    model.add(layers.ReLU())\n",
)

# %% build_generator | wrong | no input | begin with layers.Input
("keras.Sequential([layers.Input((latent_dim,))])", "keras.Sequential()")
("assert model.output_shape == ", "", 3)

# %% build_generator | wrong | no input, shapes checked | begin with layers.Input
("keras.Sequential([layers.Input((latent_dim,))])", "keras.Sequential()")

# %% build_generator | wrong | Activation for ReLU | not as layers.Activation
("layers.ReLU()", 'layers.Activation("relu")', 3)

# %% build_generator | wrong | tanh as a layer of its own | it must be the last layer
(', activation="tanh"))', '))\n    model.add(layers.Activation("tanh"))')

# %% build_generator | wrong | own check fails | Your own check failed: assert model.output_shape
("2 * width, 4)", '2 * width, 4, padding="same")')

# %% build_generator | wrong | units do not fit the reshape | The dense layer needs as many units
("Dense(4 * 4 * 2 * width)", "Dense(7 * 7 * width)")

# %% build_generator | wrong | a dense layer too many | Step 1 is dense
(
    "    model.add(layers.Reshape",
    "    model.add(layers.Dense(32 * width))\n    model.add(layers.Reshape",
)

# %% build_generator | wrong | ends in sigmoid | end it in tanh
('activation="tanh"', 'activation="sigmoid"')

# %% build_generator | wrong | no activation at the end | with activation="tanh"
(', activation="tanh"', "")

# %% build_generator | wrong | kernel size fixed | follow the argument
("kernel_size, strides", "4, strides", 2)

# %% build_generator | wrong | kernel size of the first as well | the first is 4
("4 * 4 * 2", "7 * 7 * 2")
("Reshape((4, 4,", "Reshape((7, 7,")
("2 * width, 4)", '2 * width, kernel_size, padding="same")')

# %% build_generator | wrong | padding same everywhere | look at strides and padding
("2 * width, 4)", '2 * width, 4, padding="same")')
("assert model.output_shape == ", "", 3)

# %% build_generator | wrong | stride forgotten | look at strides and padding
("strides=2, ", "", 2)
("assert model.output_shape == ", "", 3)

# %% build_generator | wrong | convolutions for transposed ones | it cannot enlarge it
("Conv2DTranspose", "Conv2D", 3)
("assert model.output_shape == ", "", 3)

# %% build_generator | wrong | no batch normalisation | batch normalisations, not 3
("    model.add(layers.BatchNormalization())\n", "", 3)

# %% build_generator | wrong | ReLU before batch normalisation | the batch normalisation comes first
("BatchNormalization()", "ReLU()", 3)
("ReLU()", "BatchNormalization()", 3)

# %% build_generator | wrong | ReLU inside the layers | as a layer of its own
("    model.add(layers.ReLU())\n", "", 3)
("Dense(4 * 4 * 2 * width)", 'Dense(4 * 4 * 2 * width, activation="relu")')
("2 * width, 4)", '2 * width, 4, activation="relu")')
("(width, kernel_size, ", '(width, kernel_size, activation="relu", ')

# %% build_generator | wrong | batch normalisation at the output | after the output
("return model", "model.add(layers.BatchNormalization())\n    return model")

# %% build_generator | wrong | no ReLU | ReLU layers, not 3
("    model.add(layers.ReLU())\n", "", 3)

# %% build_generator | wrong | LeakyReLU | the discriminator's
("ReLU()", "LeakyReLU(0.2)", 3)

# %% build_generator | wrong | half the channels | channels of the transposed convolutions are
("Conv2DTranspose(2 * width", "Conv2DTranspose(width")
("assert model.output_shape == ", "", 3)

# %% build_generator | wrong | biases left out | leave all settings
('padding="same"', 'padding="same", use_bias=False', 2)

# %% build_generator | wrong | latent length fixed | it should take latents
("Input((latent_dim,))", "Input((100,))")

# %% build_generator | wrong | return forgotten | does it end in a return
("    return model", "")


# %% build_generator | right | names, tuples and capitals
def build_generator(latent_dim, width, kernel_size):
    x = latents = layers.Input(shape=(latent_dim,), name="latents")
    x = layers.ReLU()(layers.BatchNormalization()(layers.Dense(32 * width, name="first")(x)))
    x = layers.Reshape((4, 4, -1))(x)
    for channels, size, stride, padding in (
        (2 * width, 4, 1, "VALID"),
        (width, kernel_size, 2, "SAME"),
    ):
        x = layers.Conv2DTranspose(channels, (size, size), (stride, stride), padding)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2DTranspose(1, kernel_size, 2, "same", activation=keras.ops.tanh)(x)
    return keras.Model(latents, x)


# %% build_generator | wrong | three channels at the end | images have the shape (None, 28, 28, 3)
("layers.Conv2DTranspose(1, ", "layers.Conv2DTranspose(3, ")
("(None, 28, 28, 1)", "(None, 28, 28, 3)")


# %% build_generator | wrong | enlarged by UpSampling2D | it cannot enlarge it
('layers.Conv2DTranspose(width, kernel_size, strides=2, padding="same")', "layers.UpSampling2D()")
(
    "    assert model.output_shape == (None, 14, 14, width)\n",
    '    model.add(layers.Conv2D(width, kernel_size, padding="same"))\n',
)


# %% build_generator | wrong | flattened latents first | names no such layer
(
    "model.add(layers.Dense(4 * 4 * 2 * width))",
    "model.add(layers.Flatten())\n    model.add(layers.Dense(4 * 4 * 2 * width))",
)
