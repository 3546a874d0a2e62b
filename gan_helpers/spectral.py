"""Spectral normalisation as it was published, which Keras' layer of the same name is not."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable("gan_helpers")
class SpectralNorm(layers.Wrapper):
    """A dense or convolutional layer that uses its kernel divided by its largest singular value.

    The kernel is looked at as a matrix with a column for each output channel. One step of the
    power iteration, in each call in training, follows its largest singular value σ; the wrapped
    layer is called with ``kernel / σ``, and the gradient goes through the division (Miyato et al.
    2018, algorithm 1 and equation 12). The kernel itself is left as the optimizer made it.

    ``keras.layers.SpectralNormalization`` overwrites the kernel with the normalised one in each
    call, and counts σ as a constant: the optimizer then keeps stretching what is cut off again, and
    its steps stay as large as they were, whereas the published kernel grows and so turns more and
    more slowly. Notebook 09 measures what that costs.

    Args:
        layer: with a kernel, such as ``layers.Dense`` and ``layers.Conv2D``.
        **kwargs: of ``keras.layers.Layer``.

    Raises:
        ValueError: the layer has no kernel.
    """

    def build(self, input_shape):
        super().build(input_shape)
        if not hasattr(self.layer, "kernel"):
            kind = type(self.layer).__name__
            raise ValueError(f"layer: {kind} has no kernel that could be normalised.")
        self.direction = self.add_weight(
            shape=(1, self.layer.kernel.shape[-1]),
            initializer="random_normal",
            trainable=False,
            name="direction",
        )

    def call(self, inputs, training=False):
        kernel = ops.convert_to_tensor(self.layer.kernel)
        matrix = ops.reshape(kernel, (-1, kernel.shape[-1]))
        known = ops.stop_gradient(matrix)
        left = _unit(ops.matmul(self.direction, ops.transpose(known)))
        right = _unit(ops.matmul(left, known))
        if training:
            self.direction.assign(right)
        stretch = ops.sum(ops.matmul(left, matrix) * right)
        with keras.StatelessScope(state_mapping=[(self.layer.kernel, kernel / stretch)]):
            return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)


def _unit(rows):
    return rows / (ops.norm(rows) + 1e-12)
