"""Right and wrong solutions of exercises 08; grading/variants.py says how to read them."""


# %% block | right | keras.ops, a dense layer over the channels, no biases
def residual_block(x, width):
    y = x
    for start in ("he_normal", "zeros"):
        y = keras.ops.relu(layers.BatchNormalization()(y))
        y = layers.Conv2D(width, (3, 3), padding="same", use_bias=False, kernel_initializer=start)(
            y
        )
    if x.shape[-1] != width:
        x = layers.Dense(width, use_bias=False)(x)
    return x + y


# %% block | right | a sequential branch
def residual_block(x, width):
    branch = keras.Sequential(
        [
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Conv2D(width, 3, padding="same"),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Conv2D(width, 3, padding="same", kernel_initializer=keras.initializers.Zeros()),
        ]
    )
    if x.shape[-1] == width:
        return layers.add([branch(x), x])
    return layers.add([layers.Conv2D(width, (1, 1), use_bias=False)(x), branch(x)])


# %% block | right | a layer of its own
class WidthBlock(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width

    def build(self, shape):
        self.norms = [layers.BatchNormalization(), layers.BatchNormalization()]
        self.first = layers.Conv2D(self.width, 3, padding="same")
        self.last = layers.Conv2D(self.width, 3, padding="same", kernel_initializer="zeros")
        self.side = None if shape[-1] == self.width else layers.Conv2D(self.width, 1)
        grid = *shape[:-1], self.width
        self.norms[0].build(shape)
        self.norms[1].build(grid)
        self.first.build(shape)
        self.last.build(grid)
        if self.side is not None:
            self.side.build(shape)
        self.built = True

    def call(self, x, training=None):
        y = self.first(keras.ops.relu(self.norms[0](x, training=training)))
        y = self.last(keras.ops.relu(self.norms[1](y, training=training)))
        return y + (x if self.side is None else self.side(x))

    def compute_output_shape(self, shape):
        return *shape[:-1], self.width


def residual_block(x, width):
    return WidthBlock(width)(x)


# %% block | right | the last kernel made first, a small function
def residual_block(x, width):
    last = layers.Conv2D(width, 3, 1, "same", kernel_initializer="zeros")
    first = layers.Conv2D(width, 3, 1, "same")

    def prepared(y):
        return layers.ReLU()(layers.BatchNormalization()(y))

    side = layers.Identity()(x)
    if int(x.shape[3]) != width:
        side = layers.Conv2D(width, kernel_size=1, padding="same")(x)
    return layers.Add()([last(prepared(first(prepared(x)))), side])


# %% block | wrong | no return | it needs a return
("return layers.Add()([around, y])", "layers.Add()([around, y])")

# %% block | wrong | valid padding | both convolutions keep rows and columns
('padding="same", ', "", 2)

# %% block | wrong | x itself even where it does not fit | needs a 1x1 convolution
("x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)", "x")

# %% block | wrong | a 1x1 convolution in all cases | it goes around as it is
("x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)", "layers.Conv2D(width, 1)(x)")

# %% block | wrong | a 3x3 convolution on the path around | a 1x1 convolution at most
("layers.Conv2D(width, 1)(x)", 'layers.Conv2D(width, 3, padding="same")(x)')

# %% block | wrong | no path around | lacks the path around
("return layers.Add()([around, y])", "return y")

# %% block | wrong | the last convolution starts at random | does not start at zero
(', kernel_initializer="zeros"', "")

# %% block | wrong | both start at zero | both 3x3 convolutions start at zero
('"he_normal"', '"zeros"')

# %% block | wrong | the first starts at zero | in place of the *last* one
('kernel_initializer="he_normal"', 'kernel_initializer="zeros"')
(', kernel_initializer="zeros"', "")

# %% block | wrong | ReLU after the sum | a ReLU stands after the sum
("return layers.Add()([around, y])", "return layers.ReLU()(layers.Add()([around, y]))")

# %% block | wrong | the path around begins behind the normalisation | x should go around as it came
(
    "    around = x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)\n",
    "    x = layers.BatchNormalization()(x)\n"
    "    around = x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)\n",
)
("layers.ReLU()(layers.BatchNormalization()(x))", "layers.ReLU()(x)")

# %% block | wrong | around behind normalisation and ReLU | and ReLU; x should go around as it came
("layers.Conv2D(width, 1)(x)", "layers.Conv2D(width, 1)(y)")
("    around = x if", "    y = layers.ReLU()(layers.BatchNormalization()(x))\n    around = x if")
(
    "    y = layers.ReLU()(layers.BatchNormalization()(x))\n"
    '    y = layers.Conv2D(width, 3, padding="same", kernel_initializer="he_normal")(y)\n',
    '    y = layers.Conv2D(width, 3, padding="same", kernel_initializer="he_normal")(y)\n',
)

# %% block | wrong | a ReLU before the 1x1 convolution | before the 1x1 convolution
("layers.Conv2D(width, 1)(x)", "layers.Conv2D(width, 1)(layers.ReLU()(x))")

# %% block | wrong | batch normalisation on the path around | after the sum or on the path around
(
    "layers.Conv2D(width, 1)(x)",
    "layers.BatchNormalization()(layers.Conv2D(width, 1)(x))",
)

# %% block | wrong | the 1x1 convolution starts at zero | path around starts at zero
("layers.Conv2D(width, 1)", 'layers.Conv2D(width, 1, kernel_initializer="zeros")')

# %% block | wrong | ReLU before the normalisation | ReLU, then batch normalisation before the first
("layers.ReLU()(layers.BatchNormalization()(x))", "layers.BatchNormalization()(layers.ReLU()(x))")
("layers.ReLU()(layers.BatchNormalization()(y))", "layers.BatchNormalization()(layers.ReLU()(y))")


# %% block | wrong | the order of the first paper | with nothing before the first convolution
def residual_block(x, width):
    around = x if x.shape[-1] == width else layers.Conv2D(width, 1)(x)
    y = layers.Conv2D(width, 3, padding="same")(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.Conv2D(width, 3, padding="same", kernel_initializer="zeros")(y)
    y = layers.BatchNormalization()(y)
    return layers.Add()([around, y])


# %% block | wrong | no batch normalisation | with ReLU before the first convolution
("layers.BatchNormalization()(x)", "x")
("layers.BatchNormalization()(y)", "y")

# %% block | wrong | no ReLU between the convolutions | batch normalisation before the second
("layers.ReLU()(layers.BatchNormalization()(y))", "layers.BatchNormalization()(y)")

# %% block | wrong | LeakyReLU | then LeakyReLU before the first convolution
("layers.ReLU()", "layers.LeakyReLU()", 2)

# %% block | wrong | dropout between the convolutions | anything else in it
(
    "    y = layers.ReLU()(layers.BatchNormalization()(y))\n",
    "    y = layers.Dropout(0.5)(layers.ReLU()(layers.BatchNormalization()(y)))\n",
)

# %% block | wrong | one convolution | has 1 convolution of 3x3 pixels
('    y = layers.Conv2D(width, 3, padding="same", kernel_initializer="he_normal")(y)\n', "")
("    y = layers.ReLU()(layers.BatchNormalization()(y))\n", "")

# %% block | wrong | the width changes only in the second convolution | to 6 already
(
    'layers.Conv2D(width, 3, padding="same", kernel_initializer="he_normal")',
    'layers.Conv2D(x.shape[-1], 3, padding="same")',
)

# %% block | wrong | the gradient cut on the path around | the gradient does not
("    return layers.Add()([around, y])", "    return keras.ops.stop_gradient(around) + y")

# %% block | wrong | the ways multiplied | lacks the path around
("layers.Add()", "layers.Multiply()")

# %% block | wrong | TensorFlow's ReLU | use layers, keras.ops or +
("layers.ReLU()(layers.BatchNormalization()(x))", "tf.nn.relu(layers.BatchNormalization()(x))")

# %% block | wrong | a layer that is not applied | return the symbolic tensor
("return layers.Add()([around, y])", "return layers.Add()")

# %% block | wrong | one normalisation used twice | Keras cannot build it
("    around = x if", "    norm = layers.BatchNormalization()\n    around = x if")
("layers.BatchNormalization()(x)", "norm(x)")
("layers.BatchNormalization()(y)", "norm(y)")

# %% block | wrong | a frozen convolution | is frozen
(
    'padding="same", kernel_initializer="he_normal")',
    'padding="same", kernel_initializer="he_normal", trainable=False)',
)


# %% block | right | a model of its own, zeros put in afterwards
def residual_block(x, width):
    inputs = keras.Input(x.shape[1:])
    y = keras.activations.relu(layers.BatchNormalization()(inputs))
    y = layers.Convolution2D(width, 3, padding="same", bias_initializer="zeros")(y)
    y = keras.activations.relu(layers.BatchNormalization()(y))
    last = layers.Conv2D(width, 3, padding="same", use_bias=False)
    y = last(y)
    last.kernel.assign(keras.ops.zeros_like(last.kernel))
    same = inputs.shape[-1] == width
    side = inputs if same else layers.Conv2D(width, 1, kernel_initializer="he_normal")(inputs)
    return keras.Model(inputs, y + side)(x)


# %% block | wrong | a ReLU that ends at 6 | a ReLU that ends at 6 before the first
("layers.ReLU()", "layers.ReLU(max_value=6)", 2)

# %% block | wrong | layer normalisation | with layer normalisation, then ReLU before the first
("layers.BatchNormalization()", "layers.LayerNormalization()", 2)

# %% block | wrong | a bias that starts at one | starts at zero with its bias
('kernel_initializer="zeros"', 'kernel_initializer="zeros", bias_initializer="ones"')

# %% block | wrong | a ReLU within the 1x1 convolution | on the path around
("layers.Conv2D(width, 1)", 'layers.Conv2D(width, 1, activation="relu")')

# %% block | wrong | ReLU within the first convolution | then batch normalisation before the second
('kernel_initializer="he_normal"', 'activation="relu"')
("layers.ReLU()(layers.BatchNormalization()(y))", "layers.BatchNormalization()(y)")

# %% block | wrong | dilated | returns other numbers
('kernel_initializer="he_normal"', "dilation_rate=2")


# %% round | right | a list of batches first, unpacked
def play_round(k, next_batch, draw_latents, update_discriminator, update_generator):
    batches = [next_batch() for _ in range(k)]
    losses = [update_discriminator(real, draw_latents(real.shape[0])) for real in batches]
    return losses, update_generator(draw_latents(batches[-1].shape[0]))


# %% round | right | arrays, and names of the arguments
def play_round(k, next_batch, draw_latents, update_discriminator, update_generator):
    losses = np.zeros(k)
    for number in range(k):
        real = tf.convert_to_tensor(next_batch())
        count = int(tf.shape(real)[0])
        latents = draw_latents(count=count)
        losses[number] = update_discriminator(real=real, latents=latents)
    return losses, float(update_generator(latents=draw_latents(count)))


# %% round | right | latents drawn at once and shared out
def play_round(k, next_batch, draw_latents, update_discriminator, update_generator):
    batches = []
    while len(batches) < k:
        batches.append(next_batch())
    counts = [len(real) for real in batches]
    parts = np.split(draw_latents(sum(counts) + counts[-1]), np.cumsum(counts))
    losses = tf.stack(
        [update_discriminator(a, b) for a, b in zip(batches, parts[:-1], strict=True)]
    )
    return [losses, update_generator(parts[-1])]


# %% round | wrong | the batch drawn before the loop | got the same real images
(
    "    for _ in range(k):\n        real = next_batch()\n",
    "    real = next_batch()\n    for _ in range(k):\n",
)

# %% round | wrong | the latents drawn before the loop | the same latents in two updates
("    losses = []\n", "    losses, latents = [], None\n")
(
    "        latents = draw_latents(len(real))\n        losses",
    "        latents = draw_latents(len(real)) if latents is None else latents\n        losses",
)

# %% round | wrong | the generator in the loop | after the loop and not in it
(
    "        losses.append(update_discriminator(real, latents))\n"
    "    latents = draw_latents(len(real))\n    return losses, update_generator(latents)",
    "        losses.append(update_discriminator(real, latents))\n"
    "        loss = update_generator(draw_latents(len(real)))\n    return losses, loss",
)

# %% round | wrong | the generator first | the discriminator's k updates come first
("    losses = []\n", "    losses, loss = [], None\n")
(
    "        latents = draw_latents(len(real))\n        losses",
    "        loss = update_generator(draw_latents(len(real))) if loss is None else loss\n"
    "        latents = draw_latents(len(real))\n        losses",
)
(
    "    latents = draw_latents(len(real))\n    return losses, update_generator(latents)",
    "    return losses, loss",
)

# %% round | wrong | the discriminator's latents again | that the discriminator has just seen
("    latents = draw_latents(len(real))\n    return", "    return")

# %% round | wrong | no update of the generator | was never updated
("update_generator(latents)", "None")

# %% round | wrong | one update too few | should get 3 of them
("range(k)", "range(k - 1)")

# %% round | wrong | a batch for the generator, too | the generator's none
(
    "    latents = draw_latents(len(real))\n    return",
    "    latents = draw_latents(len(next_batch()))\n    return",
)

# %% round | wrong | the batch size of the notebook | as many latents as images
("draw_latents(len(real))", "draw_latents(batch_size)", 2)

# %% round | wrong | latents thrown away | only 16 of them used
("    losses = []\n", "    losses = []\n    draw_latents(5)\n")

# %% round | wrong | as many latents as the first batch has images | whatever the size of the batch
("    losses = []\n", "    losses, count = [], None\n")
(
    "        latents = draw_latents(len(real))\n        losses",
    "        count = count or len(real)\n        latents = draw_latents(count)\n        losses",
)

# %% round | wrong | one latent for the generator | the generator got 1 latents
("    latents = draw_latents(len(real))\n    return", "    latents = draw_latents(1)\n    return")

# %% round | wrong | k latents | as many latents as images
("        latents = draw_latents(len(real))\n", "        latents = draw_latents(k)\n")

# %% round | wrong | arguments of the update swapped | takes the real images first
("update_discriminator(real, latents)", "update_discriminator(latents, real)")

# %% round | wrong | the generator gets images | it got the shape
("update_generator(latents)", "update_generator(real)")

# %% round | wrong | only the last loss | not only the last one
("return losses, ", "return losses[-1], ")

# %% round | wrong | the mean of the losses | their sum or their mean
("return losses, ", "return np.mean(losses), ")

# %% round | wrong | results swapped | the two results are swapped
("return losses, update_generator(latents)", "return update_generator(latents), losses")

# %% round | wrong | the last loss first | in this order
(
    "losses.append(update_discriminator(real, latents))",
    "losses.insert(0, update_discriminator(real, latents))",
)

# %% round | wrong | one list of all losses | return a pair
("return losses, update_generator(latents)", "return [*losses, update_generator(latents)]")

# %% round | wrong | no return | it needs a return
("return losses, update_generator(latents)", "losses, update_generator(latents)")

# %% round | wrong | the loss of the generator forgotten | the loss that update_generator returned
("return losses, update_generator(latents)", "update_generator(latents)\n    return losses, None")

# %% round | wrong | half a batch | was cut
("        real = next_batch()\n", "        real = next_batch()[::2]\n")


# %% order | right | a dictionary of digits, one image after another
def to_order(text, generator, seed):
    digit = {str(number): number for number in range(10)}
    wrong = [character for character in text if character not in digit]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is no digit")
    rng = np.random.default_rng(seed)
    images = []
    for character in text:
        latent = rng.normal(size=(1, generator.input_shape[0][-1])).astype("float32")
        labels = np.array([digit[character]])
        images.append(np.asarray(generator([latent, labels], training=False))[0])
    return np.stack(images)


# %% order | right | predict, and Keras' random numbers
def to_order(text, generator, seed):
    labels = []
    for c in text:
        if not (c.isascii() and c.isdigit()):
            raise ValueError("cannot write the character " + c)
        labels.append(ord(c) - ord("0"))
    latents = keras.random.normal((len(labels), generator.input_shape[0][1]), seed=seed)
    return generator.predict([np.array(latents), np.array(labels)], verbose=0)


# %% order | right | stateless TensorFlow, codes of characters
def to_order(text, generator, seed):
    codes = np.array([ord(character) - 48 for character in text])
    bad = np.flatnonzero((codes < 0) | (codes > 9))
    if bad.size:
        raise ValueError(f"position {bad[0]}: {text[bad[0]]!r}")
    latent_dim = generator.input_shape[0][-1]
    latents = tf.random.stateless_normal((len(text), latent_dim), seed=(seed, 0))
    return generator([latents, tf.constant(codes, tf.int32)], training=False)


# %% order | right | a seed for each position, try and index
def to_order(text, generator, seed):
    labels = np.empty(len(text), "int64")
    for place, character in enumerate(text):
        try:
            labels[place] = list("0123456789").index(character)
        except ValueError:
            raise ValueError(f"no digit: {character}") from None
    width = generator.input_shape[0][-1]
    latents = [np.random.default_rng([seed, i]).standard_normal(width) for i in range(len(text))]
    return generator([np.array(latents, "float32"), labels]).numpy()


# %% order | right | a regular expression
def to_order(text, generator, seed):
    import re

    found = re.search("[^0-9]", text)
    if found:
        raise ValueError(f"Only digits can be written, not {found.group()!r}.")
    random = np.random.RandomState(seed)
    latents = random.randn(len(text), generator.input_shape[0][-1])
    return np.array(generator([latents, np.fromiter(map(int, text), "int32")], training=False))


# %% order | wrong | the broken one | the generator was called with training=True
def to_order(text, generator, seed):
    return broken_order(text, generator, seed)


# %% order | wrong | zeros still lost | the zeros are lost
("for character in text], np.int32)", "for character in str(int(text))], np.int32)")
("standard_normal((len(text), latent_dim))", "standard_normal((len(labels), latent_dim))")

# %% order | wrong | still skipped | raises no ValueError
(
    '            raise ValueError(f"text: expected digits only, got {character!r}.")\n',
    "            continue\n",
)
(
    "int(character) for character in text]",
    'int(character) for character in text if character in "0123456789"]',
)
("(len(text), latent_dim)", "(len(labels), latent_dim)")

# %% order | wrong | still one latent | made of the same latents
(
    "standard_normal((len(text), latent_dim))",
    "standard_normal((1, latent_dim)).repeat(len(text), axis=0)",
)

# %% order | wrong | still in training | called with training=True
("training=False", "training=True")

# %% order | wrong | latents without the seed | draw them from the seed
("np.random.default_rng(seed)", "np.random.default_rng()")

# %% order | wrong | always the same seed | the seeds 5 and 6 give the same images
("np.random.default_rng(seed)", "np.random.default_rng(0)")

# %% order | wrong | global random numbers without a seed | draw them from the seed
("np.random.default_rng(seed).standard_normal(", "np.random.standard_normal(")

# %% order | wrong | the message of int | should name the character
(
    '        if character not in "0123456789":\n'
    '            raise ValueError(f"text: expected digits only, got {character!r}.")\n',
    "        int(text)\n",
)

# %% order | wrong | the message does not say which | should name the character
('f"text: expected digits only, got {character!r}."', '"The text must consist of digits."')

# %% order | wrong | the whole text in the message | not only the whole text
("got {character!r}", "got {text!r}")

# %% order | wrong | the last offending character | name the first
("    for character in text:\n", "    for character in reversed(text):\n")

# %% order | wrong | isdigit | str.isdigit, isdecimal and int
('character not in "0123456789"', "not character.isdigit()")

# %% order | wrong | isdecimal | str.isdigit, isdecimal and int
('character not in "0123456789"', "not character.isdecimal()")

# %% order | wrong | another error | should raise a ValueError
("raise ValueError(", "raise TypeError(")

# %% order | wrong | an assertion | should raise a ValueError
(
    '        if character not in "0123456789":\n'
    '            raise ValueError(f"text: expected digits only, got {character!r}.")\n',
    '        assert character in "0123456789", character\n',
)

# %% order | wrong | spaces taken away | raises no ValueError
("    for character in text:\n", '    text = text.replace(" ", "")\n    for character in text:\n')

# %% order | wrong | codes of characters | a character's code is not its digit
("int(character) for", "ord(character) for")

# %% order | wrong | in reverse | the digits come in reverse
("int(character) for character in text]", "int(character) for character in text[::-1]]")

# %% order | wrong | sorted | the digits were sorted
("int(character) for character in text]", "int(character) for character in sorted(text)]")

# %% order | wrong | equal digits are the same picture | not each kind of digit
(
    "np.random.default_rng(seed).standard_normal((len(text), latent_dim))",
    "np.random.default_rng(seed).standard_normal((10, latent_dim))[labels]",
)

# %% order | wrong | a new generator of the same seed in each position | made of the same latents
(
    "np.random.default_rng(seed).standard_normal((len(text), latent_dim))",
    "np.stack([np.random.default_rng(seed).standard_normal(latent_dim) for _ in text])",
)

# %% order | wrong | uniform latents | standard normal
("standard_normal((len(text), latent_dim))", "uniform(-1, 1, (len(text), latent_dim))")

# %% order | wrong | latents between 0 and 1 | standard normal
("standard_normal(", "random(")

# %% order | wrong | no channels | expected an array
("training=False))", "training=False))[..., 0]")

# %% order | wrong | a list of images | return one array
("return np.array(generator(", "return list(generator(")

# %% order | wrong | scaled to [0, 1] | neither scaled nor cut
(
    "return np.array(generator([latents, labels], training=False))",
    "return (np.array(generator([latents, labels], training=False)) + 1) / 2",
)

# %% order | wrong | no return | it needs a return
("return np.array(", "np.array(")

# %% order | wrong | the first digit only | yours makes 1 image
("training=False))", "training=False))[:1]")

# %% order | wrong | a shift of one latent | by a factor or a shift only
(
    "np.random.default_rng(seed).standard_normal((len(text), latent_dim))",
    "np.random.default_rng(seed).standard_normal((1, latent_dim))"
    " + 1e-3 * np.arange(len(text))[:, None]",
)


# %% gap | right | by hand, in batches
def score_gap(discriminator, seen, held_out):
    means = []
    for images in (seen, held_out):
        inputs = images.astype("float32")[..., None] / 127.5 - 1
        scores = []
        for start in range(0, len(inputs), 16):
            logits = discriminator(inputs[start : start + 16], training=False)
            scores.extend(1 / (1 + np.exp(-np.array(logits, "float64").ravel())))
        means.append(sum(scores) / len(scores))
    return means[0] - means[1]


def verdict(without, cured):
    if all(b < a for a in without for b in cured):
        return "smaller"
    if all(b > a for a in without for b in cured):
        return "larger"
    return "cannot tell"


# %% gap | right | predict, TensorFlow, NumPy's ends
def score_gap(discriminator, seen, held_out):
    def mean_score(images):
        inputs = 2 * np.float32(images).reshape(*images.shape, 1) / 255 - 1
        return tf.reduce_mean(tf.sigmoid(discriminator.predict(inputs, verbose=0)))

    return mean_score(seen) - mean_score(held_out)


def verdict(without, cured):
    low, high = np.min(without), np.max(without)
    word = "cannot tell"
    if np.max(cured) < low:
        word = "smaller"
    elif np.min(cured) > high:
        word = "larger"
    return word


# %% gap | right | keras.ops, sorted lists
def score_gap(discriminator, seen, held_out):
    sides = [
        keras.ops.mean(
            keras.ops.sigmoid(
                discriminator(
                    keras.ops.expand_dims(keras.ops.cast(images, "float32") / 255 * 2 - 1, -1)
                )
            )
        )
        for images in (seen, held_out)
    ]
    return keras.ops.subtract(*sides)


def verdict(without, cured):
    without, cured = sorted(without), sorted(cured)
    if without[0] > cured[-1]:
        return "smaller"
    return "larger" if without[-1] < cured[0] else "cannot tell"


# %% gap | wrong | held-out minus seen | the sign is turned round
(
    "np.mean(seen_scores) - np.mean(held_out_scores)",
    "np.mean(held_out_scores) - np.mean(seen_scores)",
)

# %% gap | wrong | without its sign | the sign is turned round
(
    "float(np.mean(seen_scores) - np.mean(held_out_scores))",
    "abs(float(np.mean(seen_scores) - np.mean(held_out_scores)))",
)

# %% gap | wrong | medians | take the means
("np.mean(", "np.median(", 2)

# %% gap | wrong | sums | add up the scores
("np.mean(", "np.sum(", 2)

# %% gap | wrong | seen alone | of the training images alone
(" - np.mean(held_out_scores)", "")

# %% gap | wrong | no return | score_gap returns None
("return float(np.mean", "float(np.mean")

# %% gap | wrong | a score for each image | should return one number
("float(np.mean(seen_scores) - np.mean(held_out_scores))", "seen_scores - np.mean(held_out_scores)")

# %% gap | wrong | the share of right answers | with a score above one half
(
    "np.mean(seen_scores) - np.mean(held_out_scores)",
    "np.mean(seen_scores > 0.5) - np.mean(held_out_scores > 0.5)",
)

# %% gap | wrong | a sigmoid of scores | which are sigmoids already
(
    "np.mean(seen_scores) - np.mean(held_out_scores)",
    "np.mean(tf.sigmoid(seen_scores)) - np.mean(tf.sigmoid(held_out_scores))",
)

# %% gap | wrong | logits | differences of logits
(
    "evaluation.discriminator_scores(discriminator, seen)",
    "discriminator(seen[..., None] / 127.5 - 1, training=False)",
)
(
    "evaluation.discriminator_scores(discriminator, held_out)",
    "discriminator(held_out[..., None] / 127.5 - 1, training=False)",
)

# %% gap | wrong | training mode | called with training=True
(
    "evaluation.discriminator_scores(discriminator, seen)",
    "tf.sigmoid(discriminator(seen[..., None] / 127.5 - 1, training=True))",
)
(
    "evaluation.discriminator_scores(discriminator, held_out)",
    "tf.sigmoid(discriminator(held_out[..., None] / 127.5 - 1, training=True))",
)

# %% gap | wrong | pixels as they are | as 0 to 255
(
    "evaluation.discriminator_scores(discriminator, seen)",
    "tf.sigmoid(discriminator(seen[..., None], training=False))",
)
(
    "evaluation.discriminator_scores(discriminator, held_out)",
    "tf.sigmoid(discriminator(held_out[..., None], training=False))",
)

# %% gap | wrong | pixels from 0 to 1 | as 0 to 1
(
    "evaluation.discriminator_scores(discriminator, seen)",
    "tf.sigmoid(discriminator(seen[..., None] / 255, training=False))",
)
(
    "evaluation.discriminator_scores(discriminator, held_out)",
    "tf.sigmoid(discriminator(held_out[..., None] / 255, training=False))",
)

# %% gap | wrong | pixels from -0.5 to 0.5 | as -0.5 to 0.5
(
    "evaluation.discriminator_scores(discriminator, seen)",
    "tf.sigmoid(discriminator(seen[..., None] / 255 - 0.5, training=False))",
)
(
    "evaluation.discriminator_scores(discriminator, held_out)",
    "tf.sigmoid(discriminator(held_out[..., None] / 255 - 0.5, training=False))",
)

# %% gap | wrong | the sigmoid of the mean logits | taken of the mean logits
(
    "evaluation.discriminator_scores(discriminator, seen)",
    "discriminator(seen[..., None] / 127.5 - 1, training=False)",
)
(
    "evaluation.discriminator_scores(discriminator, held_out)",
    "discriminator(held_out[..., None] / 127.5 - 1, training=False)",
)
(
    "float(np.mean(seen_scores) - np.mean(held_out_scores))",
    "float(tf.sigmoid(np.mean(seen_scores)) - tf.sigmoid(np.mean(held_out_scores)))",
)

# %% gap | wrong | both sets in one array | joined though they may have different sizes
("    seen_scores = ", "    seen, held_out = np.array([seen, held_out])\n    seen_scores = ")

# %% gap | wrong | pairs of images | with all images of both
(
    "np.mean(seen_scores) - np.mean(held_out_scores)",
    "np.mean([a - b for a, b in zip(seen_scores, held_out_scores)])",
)

# %% gap | wrong | means decide | neither the means
("max(cured) < min(without)", "np.mean(cured) < np.mean(without)")
("min(cured) > max(without)", "np.mean(cured) > np.mean(without)")

# %% gap | wrong | pairs decide | nor pairs of runs
("max(cured) < min(without)", "all(b < a for a, b in zip(without, cured))")
("min(cured) > max(without)", "all(b > a for a, b in zip(without, cured))")

# %% gap | wrong | the best run decides | nor the best run
("max(cured) < min(without)", "min(cured) < min(without)")

# %% gap | wrong | smaller or equal | it is not below itself
("max(cured) < min(without)", "max(cured) <= min(without)")

# %% gap | wrong | larger or equal | compare the ends of the two lists
("min(cured) > max(without)", "min(cured) >= max(without)")

# %% gap | wrong | arguments taken the other way | without the cure are the first argument
("max(cured) < min(without)", "max(without) < min(cured)")
("min(cured) > max(without)", "min(without) > max(cured)")

# %% gap | wrong | a word of its own | return one of the words
('return "smaller"', 'return "helps"')

# %% gap | wrong | no word in doubt | returns None
('    return "cannot tell"', "")

# %% gap | wrong | never larger | it is 'larger'
('        return "larger"', '        return "cannot tell"')

# %% gap | wrong | sizes of the gaps | compare the ends of the two lists
("max(cured) < min(without)", "max(map(abs, cured)) < min(map(abs, without))")
