"""What the layers of a GAN compute in, set after they were made: arguments of ``GAN.compile``."""

import keras

POLICIES = "float32", "mixed_bfloat16", "mixed_float16"


def check(jit_compile, dtype_policy, synchronized):
    """Raise ``ValueError`` for arguments of ``compile`` that are not as its docstring says."""
    if not (isinstance(jit_compile, bool) or _is_one_of(jit_compile, ("auto",))):
        raise ValueError(f"jit_compile: expected True or False, got {jit_compile!r}.")
    if not (dtype_policy is None or _is_one_of(dtype_policy, POLICIES)):
        raise ValueError(
            f"dtype_policy: expected one of {', '.join(POLICIES)}, got {dtype_policy!r}. For "
            "another one, build the networks under keras.config.set_dtype_policy."
        )
    if not (synchronized is None or isinstance(synchronized, bool)):
        raise ValueError(f"synchronized: expected True, False or None, got {synchronized!r}.")


def _is_one_of(value, names):
    return isinstance(value, str) and value in names


def set_up(networks, dtype_policy, synchronized):
    """Set what is not ``None`` in all layers of some networks."""
    for network in networks:
        for layer in network._flatten_layers():
            if dtype_policy is not None:
                layer.dtype_policy = dtype_policy
            if synchronized is not None and isinstance(layer, keras.layers.BatchNormalization):
                layer.synchronized = synchronized


def scaled(optimizer, variables):
    """An optimizer that scales the losses, without which float16 loses small gradients."""
    if isinstance(optimizer, keras.optimizers.LossScaleOptimizer):
        return optimizer
    optimizer = keras.optimizers.LossScaleOptimizer(optimizer)
    optimizer.build(variables)
    return optimizer
