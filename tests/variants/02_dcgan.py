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
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else size // stride
    weights = kernel_size**2 * channels_in * channels_out + channels_out
    return new_size, weights


# %% describe | wrong | size not whole | return an int
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else np.ceil(size / stride)
    weights = kernel_size**2 * channels_in * channels_out + channels_out
    return new_size, weights


# %% describe | wrong | bias forgotten | each output channel also has a bias
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else -(-size // stride)
    weights = kernel_size**2 * channels_in * channels_out
    return new_size, weights


# %% describe | wrong | a bias for each input channel | not for each input channel
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else -(-size // stride)
    weights = kernel_size**2 * channels_in * channels_out + channels_in
    return new_size, weights


# %% describe | wrong | kernel not squared | not 5
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else -(-size // stride)
    weights = kernel_size * channels_in * channels_out + channels_out
    return new_size, weights


# %% describe | wrong | kinds swapped | yours doubles it
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = -(-size // stride) if kind == "transposed" else size * stride
    weights = kernel_size**2 * channels_in * channels_out + channels_out
    return new_size, weights


# %% describe | wrong | transposed shrinks as well | a transposed convolution with stride 2 doubles
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = -(-size // stride) if kind == "transposed" else -(-size // stride)
    weights = kernel_size**2 * channels_in * channels_out + channels_out
    return new_size, weights


# %% describe | wrong | size without padding | right without padding
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else (size - kernel_size) // stride + 1
    weights = kernel_size**2 * channels_in * channels_out + channels_out
    return new_size, weights


# %% describe | wrong | one kernel for each output channel | Each pair of an input and an output
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else -(-size // stride)
    weights = kernel_size**2 * channels_out + channels_out
    return new_size, weights


# %% describe | wrong | a shape for a size | two numbers
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = size * stride if kind == "transposed" else -(-size // stride)
    weights = kernel_size**2 * channels_in * channels_out + channels_out
    return (new_size, new_size, channels_out), weights


# %% describe | wrong | stride 2 taken for granted | the output has
def describe(kind, size, channels_in, channels_out, kernel_size, stride):
    new_size = 2 * size if kind == "transposed" else -(-size // 2)
    weights = kernel_size**2 * channels_in * channels_out + channels_out
    return new_size, weights


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
def transposed_convolution(signal, kernel, stride):
    output = np.zeros((len(signal) - 1) * stride + len(kernel))
    for index, value in enumerate(signal):
        output[index * stride : index * stride + len(kernel)] = value * np.asarray(kernel)
    return output


# %% transposed_convolution | wrong | kernel turned round | your kernel is turned round
def transposed_convolution(signal, kernel, stride):
    output = np.zeros((len(signal) - 1) * stride + len(kernel))
    for index, value in enumerate(signal):
        output[index * stride : index * stride + len(kernel)] += value * np.asarray(kernel)[::-1]
    return output


# %% transposed_convolution | wrong | stride not used | begin one place apart
def transposed_convolution(signal, kernel, stride):
    output = np.zeros(len(signal) - 1 + len(kernel))
    for index, value in enumerate(signal):
        output[index : index + len(kernel)] += value * np.asarray(kernel)
    return output


# %% transposed_convolution | wrong | cut to n times stride | so 5 are needed
def transposed_convolution(signal, kernel, stride):
    output = np.zeros((len(signal) - 1) * stride + len(kernel))
    for index, value in enumerate(signal):
        output[index * stride : index * stride + len(kernel)] += value * np.asarray(kernel)
    return output[: len(signal) * stride]


# %% transposed_convolution | wrong | one number too long | neither more nor fewer
def transposed_convolution(signal, kernel, stride):
    output = np.zeros((len(signal) - 1) * stride + len(kernel) + 1)
    for index, value in enumerate(signal):
        output[index * stride : index * stride + len(kernel)] += value * np.asarray(kernel)
    return output


# %% transposed_convolution | wrong | an array of whole numbers | fractions were cut off
def transposed_convolution(signal, kernel, stride):
    output = np.zeros((len(signal) - 1) * stride + len(kernel), int)
    for index, value in enumerate(signal):
        for place, weight in enumerate(kernel):
            output[index * stride + place] += value * weight
    return output


# %% transposed_convolution | wrong | stride one too far | so 5 are needed
def transposed_convolution(signal, kernel, stride):
    stride = stride + 1
    output = np.zeros((len(signal) - 1) * stride + len(kernel))
    for index, value in enumerate(signal):
        output[index * stride : index * stride + len(kernel)] += value * np.asarray(kernel)
    return output


# %% transposed_convolution | wrong | ordinary convolution | the stride, here 2, is not used
def transposed_convolution(signal, kernel, stride):
    return np.convolve(signal, kernel)


# %% transposed_convolution | wrong | shrinking convolution | so 5 are needed
def transposed_convolution(signal, kernel, stride):
    return np.convolve(signal, kernel, mode="valid")[::stride]


# %% transposed_convolution | wrong | copies not multiplied | the example gives
def transposed_convolution(signal, kernel, stride):
    output = np.zeros((len(signal) - 1) * stride + len(kernel))
    for index in range(len(signal)):
        output[index * stride : index * stride + len(kernel)] += np.asarray(kernel)
    return output


# %% transposed_convolution | wrong | example hard-coded | is right, not
def transposed_convolution(signal, kernel, stride):
    return np.array([1, 10, 102, 20, 200])


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
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = 0
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | one mean for all channels | mean and deviation in each channel
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(), x.var()
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | batch statistics at inference | normalise with the statistics of the batch
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = x.mean(axis=axes), x.var(axis=axes)
    if training:
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | running statistics in training | you normalise with the running statistics
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    mean, variance = running_mean, running_variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | old running statistics in training | take those of the batch
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        batch_mean, batch_variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * batch_mean
        running_variance = momentum * running_variance + (1 - momentum) * batch_variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | momentum the other way round | is the weight of the old running mean
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = (1 - momentum) * running_mean + momentum * mean
        running_variance = (1 - momentum) * running_variance + momentum * variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | divided by the variance | divide by its square root
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / (variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | variance with n - 1 | divides by n − 1
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes, ddof=1)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | shifted before scaled | gamma scales the normalised values
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * ((x - mean) / np.sqrt(variance + epsilon) + beta)
    return y, running_mean, running_variance


# %% batch_norm | wrong | epsilon outside of the root | and not to the deviation
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / (np.sqrt(variance) + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | epsilon forgotten | epsilon is missing
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / np.sqrt(variance) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | running statistics move at inference | they move only while training
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
    running_mean = momentum * running_mean + (1 - momentum) * x.mean(axis=axes)
    running_variance = momentum * running_variance + (1 - momentum) * x.var(axis=axes)
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | running statistics never move | the running mean did not move
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | changed in place | changed in place
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean *= momentum
        running_mean += (1 - momentum) * mean
        running_variance *= momentum
        running_variance += (1 - momentum) * variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | running deviation for variance | towards the batch's variance
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * np.sqrt(variance)
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y, running_mean, running_variance


# %% batch_norm | wrong | y alone | batch_norm returns three things
def batch_norm(
    x, gamma, beta, running_mean, running_variance, training, momentum=0.99, epsilon=1e-3
):
    axes = tuple(range(x.ndim - 1))
    mean, variance = running_mean, running_variance
    if training:
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_variance = momentum * running_variance + (1 - momentum) * variance
    y = gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    return y


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
            layers.Conv2DTranspose(1, kernel_size, **up, activation="sigmoid"),
        ]
    )


# %% build_generator | wrong | no activation at the end | with activation="tanh"
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
            layers.Conv2DTranspose(1, kernel_size, **up),
        ]
    )


# %% build_generator | wrong | kernel size fixed | follow the argument
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
            layers.Conv2DTranspose(width, 4, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, 4, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | kernel size of the first as well | the first is 4
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(98 * width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((7, 7, 2 * width)),
            layers.Conv2DTranspose(2 * width, kernel_size, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | padding same everywhere | look at strides and padding
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(2 * width, 4, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | stride forgotten | look at strides and padding
def build_generator(latent_dim, width, kernel_size):
    up = {"padding": "same"}
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


# %% build_generator | wrong | convolutions for transposed ones | it cannot enlarge it
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2D(2 * width, 4, padding="valid"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(width, kernel_size, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2D(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | no batch normalisation | batch normalisations, not 3
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.ReLU(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(2 * width, 4, padding="valid"),
            layers.ReLU(),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.ReLU(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | ReLU before batch normalisation | the batch normalisation comes first
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.ReLU(),
            layers.BatchNormalization(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(2 * width, 4, padding="valid"),
            layers.ReLU(),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.ReLU(),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | ReLU inside the layers | as a layer of its own
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width, activation="relu"),
            layers.BatchNormalization(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(2 * width, 4, padding="valid", activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(width, kernel_size, **up, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | batch normalisation at the output | behind the output
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
            layers.BatchNormalization(),
        ]
    )


# %% build_generator | wrong | no ReLU | ReLU layers, not 3
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.BatchNormalization(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(2 * width, 4, padding="valid"),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.BatchNormalization(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | LeakyReLU | the discriminator's
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(2 * width, 4, padding="valid"),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.BatchNormalization(),
            layers.LeakyReLU(0.2),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | half the channels | channels of the transposed convolutions are
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((latent_dim,)),
            layers.Dense(32 * width),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Reshape((4, 4, 2 * width)),
            layers.Conv2DTranspose(width, 4, padding="valid"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(width, kernel_size, **up),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv2DTranspose(1, kernel_size, **up, activation="tanh"),
        ]
    )


# %% build_generator | wrong | biases left out | leave all settings
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same", "use_bias": False}
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


# %% build_generator | wrong | latent length fixed | it takes latents
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    return keras.Sequential(
        [
            layers.Input((100,)),
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


# %% build_generator | wrong | return forgotten | does it end in a return
def build_generator(latent_dim, width, kernel_size):
    up = {"strides": 2, "padding": "same"}
    model = keras.Sequential(
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
    model.summary(print_fn=len)
