"""Lets ``keras.models.load_model`` find a saved GAN before ``training`` is imported.

Keras finds classes by the names that are registered. Those of ``training`` are, once it is
imported, and with it TensorFlow; until then these stand in for them.
"""

import keras


def _stand_in(name):
    class Later:
        @classmethod
        def from_config(cls, config):
            from gan_helpers import training

            return getattr(training, name).from_config(config)

    return Later


for name in ("GAN", "ConditionalGAN"):
    keras.saving.get_custom_objects().setdefault(f"gan_helpers>{name}", _stand_in(name))
