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

# %% describe | wrong | one kernel for each output channel | Each pair of an input and an output
(" * channels_in", "")

# %% describe | wrong | a shape for a size | two numbers
("return new_size,", "return (new_size, new_size, channels_out),")

# %% describe | wrong | stride 2 taken for granted | the output has
("size * stride", "2 * size")
("// stride", "// 2")


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


# %% transposed_convolution | wrong | copies not multiplied | the example gives
("value * kernel", "kernel")

# %% transposed_convolution | wrong | example hard-coded | is right, not
("return output", "return np.array([1, 10, 102, 20, 200])")


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


# %% batch_norm | wrong | axis 0 only | over all axes but the last
("tuple(range(x.ndim - 1))", "0")

# %% batch_norm | wrong | one mean for all channels | mean and deviation in each channel
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
