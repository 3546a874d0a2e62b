"""Layers that a style-based generator needs and Keras lacks. All are saved and opened with it."""

import keras
from keras import layers, ops

TINY = 1e-8  # in a root of squares, for scales that are all 0


@keras.saving.register_keras_serializable("gan_helpers")
class ModulatedConv2D(layers.Layer):
    """A convolution whose kernel each image scales for itself, as its style says.

    A dense layer turns the style into one scale ``s_i`` for each input channel i, about 1 at the
    start. Karras et al. (2020), "Analyzing and Improving the Image Quality of StyleGAN", section
    2.2, with j for output channels and k for the places of the kernel:

        w'_ijk = s_i w_ijk                             (equation 1, modulation)
        σ_j = √(Σ_ik w'_ijk²)                          (equation 2)
        w''_ijk = w'_ijk / √(Σ_ik w'_ijk² + ε)         (equation 3, demodulation)

    Inputs of variance 1 that do not depend on each other come out with variance 1, whatever the
    scales are. A kernel for each image is slow on a CPU, and not needed: a convolution is linear,
    so the channels are scaled before it and divided by the root after it, with the same result.

    Inputs: ``[x (b, h, w, channels), styles (b, style_dim)]``; output ``(b, h, w, filters)``.

    Args:
        filters: output channels.
        kernel_size: height and width of the kernel.
        upsample: doubles height and width, by a transposed convolution of stride 2. A place of the
            output then sees a quarter of the kernel, and the sums above count a quarter.
        demodulate: whether equation 3 is applied.
    """

    def __init__(self, filters, kernel_size=3, upsample=False, demodulate=True, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.kernel_size = filters, kernel_size
        self.upsample, self.demodulate = upsample, demodulate

    def build(self, input_shape):
        (*_, channels), styles = input_shape
        self.to_scales = layers.Dense(
            channels, bias_initializer="ones", dtype=self.dtype_policy, name="to_scales"
        )
        self.to_scales.build(styles)
        shape = (self.kernel_size, self.kernel_size)
        shape += (self.filters, channels) if self.upsample else (channels, self.filters)
        self.kernel = self.add_weight(shape=shape, initializer="he_normal", name="kernel")
        self.bias = self.add_weight(shape=(self.filters,), initializer="zeros", name="bias")

    def call(self, inputs):
        x, styles = inputs
        scales = self.to_scales(styles)
        x = x * scales[:, None, None, :]
        if self.upsample:
            x = ops.conv_transpose(x, self.kernel, strides=2, padding="same")
        else:
            x = ops.conv(x, self.kernel, padding="same")
        if self.demodulate:
            x = x * self._demodulation(scales)[:, None, None, :]
        return x + self.bias

    def _demodulation(self, scales):
        """``1 / √(Σ_ik (s_i w_ijk)² + ε)``: ``(b, filters)``, in float32 on the way."""
        squares = ops.sum(ops.square(ops.cast(self.kernel, "float32")), axis=(0, 1))
        squares = ops.transpose(squares) / 4 if self.upsample else squares
        sums = ops.matmul(ops.square(ops.cast(scales, "float32")), squares)
        return ops.cast(ops.rsqrt(sums + TINY), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        (batch, height, width, _), _ = input_shape
        times = 2 if self.upsample else 1
        return (batch, times * height, times * width, self.filters)

    def get_config(self):
        return super().get_config() | {
            "filters": self.filters,
            "kernel_size": self.kernel_size,
            "upsample": self.upsample,
            "demodulate": self.demodulate,
        }


@keras.saving.register_keras_serializable("gan_helpers")
class AddNoise(layers.Layer):
    """``x + strength · noise``, where one number is learned; it starts at 0.

    Karras et al. (2019) learn one for each channel (section 2), the code of 2020 one for a layer.

    Inputs: ``[x (b, h, w, channels), noise (b, h, w, 1)]``.
    """

    def build(self, input_shape):
        self.strength = self.add_weight(shape=(), initializer="zeros", name="strength")

    def call(self, inputs):
        x, noise = inputs
        return x + self.strength * noise

    def compute_output_shape(self, input_shape):
        return input_shape[0]


@keras.saving.register_keras_serializable("gan_helpers")
class NoiseMaps(layers.Layer):
    """Maps of standard normal numbers, a list of ``(b, h, w, 1)``, one for each of ``grids``.

    In training, each image gets new ones. In inference, all images get the same ones in each call,
    so that an image follows from its latents alone, in whatever batch it is made.

    Inputs: any tensor ``(b, ...)``; only b counts.

    Args:
        grids: height and width of each map.
        seed: ``int`` of the maps in training; ``None`` takes one from Python's generator.
    """

    def __init__(self, grids, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.grids, self.seed = [list(grid) for grid in grids], seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, inputs, training=False):
        count = ops.shape(inputs)[0]
        maps = []
        for number, grid in enumerate(self.grids):
            shape, dtype = (count if training else 1, *grid, 1), self.compute_dtype
            seed = self.seed_generator if training else number
            drawn = keras.random.normal(shape, dtype=dtype, seed=seed)
            maps.append(ops.broadcast_to(drawn, (count, *grid, 1)))
        return maps

    def compute_output_shape(self, input_shape):
        return [(input_shape[0], *grid, 1) for grid in self.grids]

    def get_config(self):
        return super().get_config() | {"grids": self.grids, "seed": self.seed}


@keras.saving.register_keras_serializable("gan_helpers")
class LearnedConstant(layers.Layer):
    """A learned ``(height, width, channels)``, the same for every row of its input ``(b, ...)``."""

    def __init__(self, shape, **kwargs):
        super().__init__(**kwargs)
        self.shape = tuple(shape)

    def build(self, input_shape):
        self.constant = self.add_weight(
            shape=self.shape,
            initializer=keras.initializers.RandomNormal(stddev=1.0),
            name="constant",
        )

    def call(self, inputs):
        return ops.broadcast_to(self.constant, (ops.shape(inputs)[0], *self.shape))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.shape)

    def get_config(self):
        return super().get_config() | {"shape": self.shape}


@keras.saving.register_keras_serializable("gan_helpers")
class RunningMean(layers.Layer):
    """Hands its input ``(b, d)`` on, and keeps the mean of what it saw in training: ``mean``.

    ``mean (d,)`` moves by ``1 - momentum`` of the way to a batch's mean in each step.
    """

    def __init__(self, momentum=0.995, **kwargs):
        super().__init__(**kwargs)
        self.momentum = momentum

    def build(self, input_shape):
        self.mean = self.add_weight(
            shape=input_shape[-1:], initializer="zeros", trainable=False, autocast=False,
            name="mean",
        )  # fmt: skip

    def call(self, inputs, training=False):
        if training:
            seen = ops.cast(ops.mean(inputs, axis=0), self.mean.dtype)
            self.mean.assign(self.momentum * self.mean + (1 - self.momentum) * seen)
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | {"momentum": self.momentum}
