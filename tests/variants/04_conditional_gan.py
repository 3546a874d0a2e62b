"""Right and wrong solutions of exercises 04; grading/variants.py says how to read them."""


# %% order_sheet | right | lists
def order_sheet(latents, wanted):
    pairs = [(latent, label) for label in wanted for latent in latents]
    return np.array([latent for latent, _ in pairs]), np.array([label for _, label in pairs])


# %% order_sheet | right | indices of rows and columns
def order_sheet(latents, wanted):
    rows, columns = np.divmod(np.arange(len(wanted) * len(latents)), len(latents))
    return latents[columns], np.asarray(wanted)[rows]


# %% order_sheet | right | broadcasting
def order_sheet(latents, wanted):
    rows, (columns, size) = len(wanted), latents.shape
    grid = np.broadcast_to(latents, (rows, columns, size)).reshape(-1, size)
    labels = np.array(wanted)[:, None] + np.zeros(columns, int)
    return grid, labels.ravel()


# %% order_sheet | wrong | repeat and tile swapped | the class changes within a row
("np.repeat(", "np.tile(")
("np.tile(latents, (len(wanted), 1))", "np.repeat(latents, len(wanted), axis=0)")

# %% order_sheet | wrong | both tiled | the class changes within a row
("np.repeat(", "np.tile(")

# %% order_sheet | wrong | both repeated | which is not a column
("np.tile(latents, (len(wanted), 1))", "np.repeat(latents, len(wanted), axis=0)")

# %% order_sheet | wrong | numbers of the rows for labels | are the numbers of the rows
("np.asarray(wanted, np.int32)", "np.arange(len(wanted))")

# %% order_sheet | wrong | new latents in each row | not the latents that were given
("np.tile(latents, ", "np.random.default_rng(0).permuted(np.tile(latents, ")
(", 1)), labels", ", 1))), labels")

# %% order_sheet | wrong | labels as floats | should be integers
("np.int32", "np.float32")

# %% order_sheet | wrong | labels as a grid | in a flat array
("), labels", "), labels.reshape(len(wanted), -1)")

# %% order_sheet | wrong | tiled in the wrong direction | and not sideways
("(len(wanted), 1)", "len(wanted)")

# %% order_sheet | wrong | three rows taken for granted | all sizes follow from the arguments
("(len(wanted), 1)", "(3, 1)")

# %% order_sheet | wrong | width of a latent for the number of columns | for each number in a latent
("len(latents)", "latents.shape[1]")

# %% order_sheet | wrong | classes sorted, each once | keep the order of `wanted`
("    labels =", "    wanted = np.unique(wanted)\n    labels =")

# %% order_sheet | wrong | each class once, in the given order | even if its class occurs twice
("    labels =", "    wanted = list(dict.fromkeys(wanted))\n    labels =")

# %% order_sheet | wrong | rows from the bottom up | upside down
("np.asarray(wanted, ", "np.asarray(wanted[::-1], ")

# %% order_sheet | wrong | columns from right to left | the first latent, comes first
("np.tile(latents, ", "np.tile(latents[::-1], ")

# %% order_sheet | wrong | labels first | the latents come first
(
    "return np.tile(latents, (len(wanted), 1)), labels",
    "return labels, np.tile(latents, (len(wanted), 1))",
)

# %% order_sheet | wrong | a list asked for a method of arrays | a list has no methods of arrays
("np.repeat(np.asarray(wanted, np.int32), len(latents))", "wanted.repeat(len(latents))")

# %% order_sheet | wrong | lists returned | turns a list into one
("np.tile(latents, (len(wanted), 1)), labels", "latents.tolist() * len(wanted), labels.tolist()")

# %% order_sheet | wrong | multiplied instead of repeated | multiplies and does not repeat
("np.tile(latents, (len(wanted), 1))", "latents * len(wanted)")

# %% order_sheet | wrong | latents rounded to integers | not the latents that were given
("np.tile(latents, ", "np.tile(latents.astype(int), ")

# %% order_sheet | wrong | only the labels | return two arrays
("np.tile(latents, (len(wanted), 1)), labels", "labels")

# %% order_sheet | wrong | one ragged array | NumPy cannot make your arrays
(
    "np.tile(latents, (len(wanted), 1)), labels",
    "np.array([np.tile(latents, (len(wanted), 1)), labels])",
)


# %% order_sheet | right | TensorFlow
def order_sheet(latents, wanted):
    return tf.tile(latents, [len(wanted), 1]), tf.repeat(tf.constant(wanted), len(latents))


# %% order_sheet | right | keras.ops, small integers
def order_sheet(latents, wanted):
    labels = keras.ops.repeat(np.array(wanted, "uint8"), latents.shape[0])
    return [keras.ops.concatenate([latents] * len(wanted)), labels]


# %% order_sheet | right | stacked row by row
def order_sheet(latents, wanted):
    rows = [(np.asarray(latents), np.full(len(latents), label)) for label in wanted]
    return np.concatenate([a for a, _ in rows]), np.concatenate([b for _, b in rows])


# %% order_sheet | wrong | one-hot labels | 6 labels in a flat array
(
    "    return np.tile",
    "    labels = np.eye(10, dtype=int)[labels]\n    return np.tile",
)


# %% order_sheet | wrong | all ten classes | 6 labels in a flat array
("np.asarray(wanted, np.int32)", "np.arange(10)")
("len(wanted), 1", "10, 1")


# %% order_sheet | wrong | a grid of latents | once for each row
("np.tile(latents, (len(wanted), 1))", "np.stack([latents] * len(wanted))")


# %% small_generator | right | one-hot vectors times a matrix
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    vectors = layers.Dense(embedding_dim, use_bias=False)(keras.ops.one_hot(labels, classes))
    x = layers.Concatenate()([latents, vectors])
    x = layers.Dense(width, activation=lambda x: keras.ops.leaky_relu(x, 0.2))(x)
    x = layers.Dense(2 * width, activation=lambda x: keras.ops.leaky_relu(x, 0.2))(x)
    x = layers.Activation("tanh")(layers.Dense(784)(x))
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | right | the dense part as a Sequential
def small_generator(latent_dim, classes, embedding_dim, width):
    trunk = keras.Sequential(
        [
            layers.Dense(width),
            layers.LeakyReLU(0.2),
            layers.Dense(2 * width),
            layers.LeakyReLU(0.2),
            layers.Dense(28 * 28, activation="tanh"),
            layers.Reshape((28, 28, 1)),
        ]
    )
    latents = keras.Input(shape=(latent_dim,), name="latents")
    labels = keras.Input(shape=(), dtype="int32", name="labels")
    embedded = layers.Embedding(input_dim=classes, output_dim=embedding_dim)(labels)
    joined = keras.ops.concatenate([latents, embedded], axis=-1)
    return keras.Model(inputs=[latents, labels], outputs=trunk(joined))


# %% small_generator | wrong | label as a number | as if class 9 were nine times class 1
("layers.Embedding(classes, embedding_dim)(labels)", 'keras.ops.cast(labels, "float32")[:, None]')

# %% small_generator | wrong | one-hot vector without an embedding | a one-hot vector of 10 numbers
("layers.Embedding(classes, embedding_dim)(labels)", "keras.ops.one_hot(labels, classes)")

# %% small_generator | wrong | arguments of Embedding swapped | arguments of Embedding are swapped
("Embedding(classes, embedding_dim)", "Embedding(embedding_dim, classes)")

# %% small_generator | wrong | label not used | never concatenated with the latents
("layers.Concatenate()([latents, vectors])", "latents")

# %% small_generator | wrong | latents not used | the latents never reach the dense layers
("layers.Concatenate()([latents, vectors])", "vectors")

# %% small_generator | wrong | inputs in the other order | The inputs are swapped
("Model([latents, labels]", "Model([labels, latents]")

# %% small_generator | wrong | labels as a column | and not as a column
("keras.Input(()", "keras.Input((1,)")
("(labels)\n", "(labels)[:, 0]\n")

# %% small_generator | wrong | sigmoid | seems to be a sigmoid
('"tanh"', '"sigmoid"')

# %% small_generator | wrong | no tanh | the last layer needs its tanh
(', activation="tanh"', "")

# %% small_generator | wrong | one hidden layer | of 2·width units, is missing
("(width, 2 * width)", "(width,)")

# %% small_generator | wrong | no LeakyReLU | is linear in the latents
("layers.LeakyReLU(0.2)(layers.Dense(units)(x))", "layers.Dense(units)(x)")

# %% small_generator | wrong | sizes of the example written as numbers | all sizes follow from
("Embedding(classes, embedding_dim)", "Embedding(10, 8)")
("(width, 2 * width)", "(32, 64)")

# %% small_generator | wrong | label vector first | latents first
("[latents, vectors]", "[vectors, latents]")

# %% small_generator | wrong | ReLU | these are ReLUs
("layers.LeakyReLU(0.2)(layers.Dense(units)(x))", 'layers.Dense(units, activation="relu")(x)')

# %% small_generator | wrong | slope not given | which Keras takes if none is given
("LeakyReLU(0.2)", "LeakyReLU()")

# %% small_generator | wrong | slope of other libraries | the slope is 0.01
("LeakyReLU(0.2)", "LeakyReLU(0.01)")

# %% small_generator | wrong | second LeakyReLU missing | after the second hidden layer is missing
(
    "    for units in (width, 2 * width):\n        x = ",
    "    if True:\n        units = width\n        x = ",
)
("    x = layers.Dense(28", "    x = layers.Dense(2 * width)(x)\n    x = layers.Dense(28")

# %% small_generator | wrong | first LeakyReLU missing | after the first hidden layer is missing
(
    "    for units in (width, 2 * width):",
    "    x = layers.Dense(width)(x)\n    for units in (2 * width,):",
)

# %% small_generator | wrong | LeakyReLU before the tanh | a LeakyReLU in front of the tanh
(
    'x = layers.Dense(28 * 28, activation="tanh")(x)',
    'x = layers.Activation("tanh")(layers.LeakyReLU(0.2)(layers.Dense(28 * 28)(x)))',
)

# %% small_generator | wrong | tanh twice | tanh is there twice
("layers.Reshape((28, 28, 1))(x)", 'layers.Activation("tanh")(layers.Reshape((28, 28, 1))(x))')

# %% small_generator | wrong | ReLU at the end | from -1 to 1
('"tanh"', '"relu"')

# %% small_generator | wrong | hidden layers in the other order | in the wrong order
("(width, 2 * width)", "(2 * width, width)")

# %% small_generator | wrong | both hidden layers wide | should have width units
("(width, 2 * width)", "(2 * width, 2 * width)")

# %% small_generator | wrong | label input left as float | of type int32
('keras.Input((), dtype="int32")', "keras.Input(())")

# %% small_generator | wrong | label input of another type | of type int32
('"int32"', '"uint8"')

# %% small_generator | wrong | label joins before the last layer | joins only before the last layer
("layers.Concatenate()([latents, vectors])", "latents")
("    x = layers.Dense(28", "    x = layers.Concatenate()([x, vectors])\n    x = layers.Dense(28")

# %% small_generator | wrong | a class too many | or 11 rows
("Embedding(classes, ", "Embedding(classes + 1, ")

# %% small_generator | wrong | no biases | have no biases
("layers.Dense(units)", "layers.Dense(units, use_bias=False)")
("layers.Dense(28 * 28, ", "layers.Dense(28 * 28, use_bias=False, ")

# %% small_generator | wrong | batch normalisation | which is not in the list
("layers.Dense(units)(x)", "layers.BatchNormalization()(layers.Dense(units)(x))")

# %% small_generator | wrong | Dropout | such as Dropout
("layers.Dense(units)(x)", "layers.Dropout(0.3)(layers.Dense(units)(x))")

# %% small_generator | wrong | multiplied instead of concatenated | Keras cannot build your model
("layers.Concatenate()", "layers.Multiply()")

# %% small_generator | wrong | label column with an embedding of three dimensions | as a column
("keras.Input((), ", "keras.Input((1,), ")
("(labels)\n", "(labels)[:, 0, :]\n")

# %% small_generator | wrong | output instead of a model | return a keras.Model
("keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))", "layers.Reshape((28, 28, 1))(x)")

# %% small_generator | wrong | flat images | (9, 784)
("layers.Reshape((28, 28, 1))(x)", "x")


# %% small_generator | right | a subclass of keras.Model
class SmallGenerator(keras.Model):
    def __init__(self, classes, embedding_dim, width):
        super().__init__()
        self.embedding = layers.Embedding(classes, embedding_dim)
        self.one, self.two = layers.Dense(width), layers.Dense(2 * width)
        self.leaky, self.last = layers.LeakyReLU(0.2), layers.Dense(784, activation="tanh")
        self.shape_it = layers.Reshape((28, 28, 1))

    def call(self, inputs, training=None):
        latents, labels = inputs
        x = keras.ops.concatenate([latents, self.embedding(labels)], axis=-1)
        return self.shape_it(self.last(self.leaky(self.two(self.leaky(self.one(x))))))


def small_generator(latent_dim, classes, embedding_dim, width):
    return SmallGenerator(classes, embedding_dim, width)


# %% small_generator | right | activations by name, a tuple of inputs, other initial weights
def small_generator(latent_dim, classes, embedding_dim, width):
    orders = keras.Input((latent_dim,)), keras.Input(shape=[], dtype="int32")
    x = layers.concatenate([orders[0], layers.Embedding(classes, embedding_dim)(orders[1])])
    for units in width, width * 2:
        x = layers.Dense(units, "leaky_relu", kernel_initializer="he_normal")(x)
    x = keras.ops.tanh(layers.Dense(784, name="pixels")(x))
    return keras.Model(orders, keras.ops.reshape(x, (-1, 28, 28, 1)))


# %% small_generator | right | Sequential behind the concatenation, an embedding called on a column
def small_generator(latent_dim, classes, embedding_dim, width):
    z, y = layers.Input(shape=(latent_dim,)), layers.Input(shape=(), dtype="int32")
    vector = layers.Flatten()(layers.Embedding(classes, embedding_dim)(layers.Reshape((1,))(y)))
    x = keras.ops.concatenate([z, vector], axis=1)
    for units in (width, 2 * width):
        x = layers.LeakyReLU(negative_slope=0.2)(layers.Dense(units)(x))
    return keras.Model([z, y], layers.Reshape((28, 28, 1))(layers.Dense(784, "tanh")(x)))


# %% small_generator | wrong | LeakyReLU on the embedding | not those of the six steps
(
    "layers.Embedding(classes, embedding_dim)(labels)",
    "layers.LeakyReLU(0.2)(layers.Embedding(classes, embedding_dim)(labels))",
)


# %% small_generator | wrong | the vector multiplied by its root | not those of the six steps
(
    "layers.Embedding(classes, embedding_dim)(labels)",
    "embedding_dim**0.5 * layers.Embedding(classes, embedding_dim)(labels)",
)


# %% small_generator | wrong | the reshape turned round | and the reshape
("layers.Reshape((28, 28, 1))(x)", "layers.Permute((2, 1, 3))(layers.Reshape((28, 28, 1))(x))")


# %% small_generator | wrong | tanh in every layer | compare your activations
("layers.Dense(units)", 'layers.Dense(units, activation="tanh")')


# %% projection_logits | right | one direction for each image
def projection_logits(features, labels, v, c, directions):
    return np.einsum("bd,bd->b", features, v + directions[labels]).reshape(-1, 1) + c


# %% projection_logits | right | all classes, then the own one
def projection_logits(features, labels, v, c, directions):
    agreements = features @ directions.T
    own = np.take_along_axis(agreements, labels[:, None], axis=1)
    return features @ v[:, None] + c + own


# %% projection_logits | right | one-hot labels times the directions
def projection_logits(features, labels, v, c, directions):
    one_hot = np.eye(len(directions))[labels]
    agreement = np.sum(features * (one_hot @ directions), axis=-1, keepdims=True)
    return (features @ v).reshape(-1, 1) + agreement + c


# %% projection_logits | right | a loop
def projection_logits(features, labels, v, c, directions):
    logits = [[f @ v + c + f @ directions[y]] for f, y in zip(features, labels, strict=True)]
    return np.array(logits)


# %% projection_logits | wrong | label forgotten | the label plays no part
("realism + agreement", "realism")

# %% projection_logits | wrong | realism forgotten | which asks whether the image looks real
("features @ v + c", "c")

# %% projection_logits | wrong | c forgotten | c is missing
("features @ v + c", "features @ v")

# %% projection_logits | wrong | flat | but flat
("(realism + agreement)[:, None]", "realism + agreement")

# %% projection_logits | wrong | row plus column | shapes (b,) and (b, 1) were added
("(realism + agreement)[:, None]", "realism + agreement[:, None]")

# %% projection_logits | wrong | every image with every label | compared with the labels of all
("(realism + agreement)[:, None]", "realism[:, None] + features @ directions[labels].T")

# %% projection_logits | wrong | every class | Only the image's own label counts
("(realism + agreement)[:, None]", "realism[:, None] + features @ directions.T")

# %% projection_logits | wrong | sum over the images | the sum goes over the images
("np.sum(features * directions[labels], axis=1)", "features * directions[labels]")
("(realism + agreement)[:, None]", "np.sum(features * v + agreement, axis=0)[:, None] + c")

# %% projection_logits | wrong | product without a sum | a sum that is missing
("(realism + agreement)[:, None]", "realism[:, None] + features * directions[labels]")

# %% projection_logits | wrong | labels counted from one | the directions of label − 1
("directions[labels]", "directions[labels - 1]")

# %% projection_logits | wrong | probabilities | these are probabilities
("(realism + agreement)", "(1 / (1 + np.exp(-realism - agreement)))")

# %% projection_logits | wrong | mean over the features | not the mean
("np.sum(", "np.mean(")

# %% projection_logits | wrong | columns of the directions | columns of `directions` were taken
("directions[labels]", "directions[:, labels].T")

# %% projection_logits | wrong | directions transposed | columns of `directions` were taken
("directions[labels]", "directions.T[labels]")

# %% projection_logits | wrong | the label as a factor | used as a factor
("np.sum(features * directions[labels], axis=1)", "labels * (features @ directions[0])")

# %% projection_logits | wrong | labels one too large | labels count from 0
("directions[labels]", "directions[labels + 1]")

# %% projection_logits | wrong | class 0 for all | got the direction of class 0
("directions[labels]", "directions[0]")

# %% projection_logits | wrong | the first label for all | of the first image's class
("directions[labels]", "directions[labels[0]]")

# %% projection_logits | wrong | all classes added | the directions of all classes were added
("directions[labels]", "directions.sum(axis=0)")

# %% projection_logits | wrong | c twice | c was added twice
("(realism + agreement)", "(realism + agreement + c)")

# %% projection_logits | wrong | subtracted | is subtracted, instead of added
("realism + agreement", "realism - agreement")

# %% projection_logits | wrong | a row | the losses want a column
("[:, None]", "[None, :]")

# %% projection_logits | wrong | one number | sum over the features of each image alone
("axis=1)", ")")
("(realism + agreement)[:, None]", "np.sum(realism) + agreement")

# %% projection_logits | wrong | shapes that do not fit | write the shape of each piece
("features @ v + c", "v @ features + c")

# %% projection_logits | wrong | log-probabilities | logarithms of probabilities
("(realism + agreement)", "np.log(1 / (1 + np.exp(-realism - agreement)))")

# %% projection_logits | wrong | three images counted on | sizes taken from the arguments
("(realism + agreement)[:, None]", "(realism + agreement).reshape(3, 1)")

# %% projection_logits | wrong | return forgotten | returns None
("return (realism + agreement)", "logits = (realism + agreement)")


# %% projection_logits | right | keras.ops
def projection_logits(features, labels, v, c, directions):
    own = keras.ops.take(directions, labels, axis=0)
    return keras.ops.sum(features * (v + own), axis=1, keepdims=True) + c


# %% projection_logits | right | TensorFlow
def projection_logits(features, labels, v, c, directions):
    own = tf.gather(directions, labels)
    return (
        tf.reduce_sum(features * own, axis=-1, keepdims=True)
        + tf.linalg.matvec(features, v)[:, None]
        + c
    )


# %% projection_logits | right | einsum and column vectors
def projection_logits(features, labels, v, c, directions):
    own = np.take(directions, labels, axis=0)
    return (np.einsum("bd,bd->b", features, own + np.ravel(v)[None]) + c).reshape(-1, 1)


# %% projection_logits | wrong | the cosine instead of the product | divided by the lengths
def projection_logits(features, labels, v, c, directions):
    own = directions[labels]
    lengths = np.linalg.norm(features, axis=1) * np.linalg.norm(own, axis=1)
    return (features @ v + c + np.sum(features * own, axis=1) / lengths)[:, None]


# %% projection_logits | wrong | agreement with the direction plus v | was added twice
("features * directions[labels]", "features * (directions[labels] + v)")


# %% projection_logits | wrong | the largest agreement | own label says which direction
("np.sum(features * directions[labels], axis=1)", "(features @ directions.T).max(axis=1)")


# %% fixed_losses | right | each image's label from equal logits
def fixed_losses(gan, real_images, labels):
    count = labels.shape[0]
    ordered = tf.random.categorical(tf.zeros((1, classes)), count, dtype=tf.int32)[0]
    fake_images = gan.generator([gan.draw_latents(count), ordered], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    loss_of_discriminator = losses.non_saturating_discriminator(real_logits, fake_logits)
    return losses.non_saturating_generator(fake_logits), loss_of_discriminator


# %% fixed_losses | right | drawn by Keras
("def fixed_losses", "label_seed = keras.random.SeedGenerator(1)\n\n\ndef fixed_losses")
("tf.random.uniform(tf.shape(labels), ", "keras.random.randint((len(labels),), ")
("dtype=tf.int32", "seed=label_seed")


# %% fixed_losses | wrong | the broken code | it pays not to listen
def fixed_losses(gan, real_images, labels):
    return broken_losses(gan, real_images, labels)


# %% fixed_losses | wrong | judged by the labels of the batch | it pays not to listen
("[fake_images, ordered]", "[fake_images, labels]")

# %% fixed_losses | wrong | still drawn by NumPy | drawn once, when TensorFlow recorded
("tf.random.uniform(tf.shape(labels), ", "np.random.randint(")
("dtype=tf.int32", "len(labels)")

# %% fixed_losses | wrong | a seed that stands still | from a seed that stands still
("tf.random.uniform(tf.shape(labels), ", "tf.random.stateless_uniform(tf.shape(labels), (0, 1), ")

# %% fixed_losses | wrong | labels of the batch ordered | all that this batch holds
("tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)", "labels")

# %% fixed_losses | wrong | labels of the batch shuffled | all that this batch holds
("tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)", "tf.random.shuffle(labels)")

# %% fixed_losses | wrong | drawn a second time for the judgement | it pays not to listen
("images, ordered]", "images, tf.random.uniform(ordered.shape, 0, classes, dtype=tf.int32)]")

# %% fixed_losses | wrong | real images under the ordered labels | Real images lost their labels
("[real_images, labels]", "[real_images, ordered]")

# %% fixed_losses | wrong | last class never drawn | Is the upper end of the range excluded
("0, classes,", "0, classes - 1,")

# %% fixed_losses | wrong | a class too many | there are 0 to 9
("0, classes,", "0, classes + 1,")

# %% fixed_losses | wrong | training not said | each should say training=True
(", training=True", "", 3)

# %% fixed_losses | wrong | losses swapped | The two losses are swapped
("non_saturating_generator(fake_logits)", "non_saturating_discriminator(real_logits, fake_logits)")
("non_saturating_discriminator(real_logits, fake_logits)", "non_saturating_generator(fake_logits)")

# %% fixed_losses | wrong | generator called twice | the generator was called 2 times
(
    "    return (\n        losses.non_saturating_generator(fake_logits)",
    "    again = gan.generator([latents, ordered], training=True)\n"
    "    logits = gan.discriminator([again, ordered], training=True)\n"
    "    return (\n        losses.non_saturating_generator(logits)",
)

# %% fixed_losses | wrong | generated images judged twice | the discriminator was called 3 times
(
    "    return (\n        losses.non_saturating_generator(fake_logits)",
    "    logits = gan.discriminator([tf.stop_gradient(fake_images), ordered], training=True)\n"
    "    return (\n        losses.non_saturating_generator(logits)",
)

# %% fixed_losses | wrong | one label for the whole batch | with one and the same label
(
    "tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "tf.fill(tf.shape(labels), tf.random.uniform((), 0, classes, tf.int32))",
)

# %% fixed_losses | wrong | arguments of the discriminator's swapped | two arguments are swapped
("(real_logits, fake_logits)", "(fake_logits, real_logits)")

# %% fixed_losses | wrong | generator judged by the real images | taken from the real images
("non_saturating_generator(fake_logits)", "non_saturating_generator(real_logits)")

# %% fixed_losses | wrong | sigmoid before the losses | there is a sigmoid in your losses
(
    "real_logits = gan.discriminator([real_images, labels], training=True)",
    "real_logits = tf.sigmoid(gan.discriminator([real_images, labels], training=True))",
)
(
    "fake_logits = gan.discriminator([fake_images, ordered], training=True)",
    "fake_logits = tf.sigmoid(gan.discriminator([fake_images, ordered], training=True))",
)


# %% fixed_losses | wrong | sigmoid, then a cross-entropy | there is a sigmoid in your losses
def fixed_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)
    fake_images = gan.generator([gan.draw_latents(len(labels)), ordered], training=True)
    real = tf.sigmoid(gan.discriminator([real_images, labels], training=True))
    fake = tf.sigmoid(gan.discriminator([fake_images, ordered], training=True))
    entropy = keras.losses.BinaryCrossentropy()
    ones, zeros = tf.ones_like(real), tf.zeros_like(fake)
    return entropy(ones, fake), entropy(ones, real) + entropy(zeros, fake)


# %% fixed_losses | wrong | a sigmoid by hand, then logarithms | a cross-entropy on probabilities
def fixed_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)
    fake_images = gan.generator([gan.draw_latents(len(labels)), ordered], training=True)
    real = 1 / (1 + tf.exp(-gan.discriminator([real_images, labels], training=True)))
    fake = 1 / (1 + tf.exp(-gan.discriminator([fake_images, ordered], training=True)))
    on_fakes = tf.reduce_mean(tf.math.log(1 - fake + 1e-8))
    loss_d = -tf.reduce_mean(tf.math.log(real + 1e-8)) - on_fakes
    return -tf.reduce_mean(tf.math.log(fake + 1e-8)), loss_d


# %% fixed_losses | wrong | cross-entropy takes logits for probabilities | it needs from_logits=True
def fixed_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)
    fake_images = gan.generator([gan.draw_latents(len(labels)), ordered], training=True)
    real = gan.discriminator([real_images, labels], training=True)
    fake = gan.discriminator([fake_images, ordered], training=True)
    entropy = keras.losses.BinaryCrossentropy()
    ones, zeros = tf.ones_like(real), tf.zeros_like(fake)
    return entropy(ones, fake), entropy(ones, real) + entropy(zeros, fake)


# %% fixed_losses | wrong | discriminator's loss halved | the discriminator's loss is halved
("losses.non_saturating_discriminator(", "0.5 * losses.non_saturating_discriminator(")

# %% fixed_losses | wrong | saturating loss | is the saturating one
("losses.non_saturating_generator(", "-losses.non_saturating_generator(-")

# %% fixed_losses | wrong | labels drawn as floats | class numbers are integers
(", dtype=tf.int32", "")

# %% fixed_losses | wrong | class 0 never drawn | classes are counted from 0
(", 0, classes,", ", 1, classes,")

# %% fixed_losses | wrong | rounded to whole numbers | half as likely
(
    "tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "tf.cast(tf.round(tf.random.uniform(tf.shape(labels), 0, classes - 1)), tf.int32)",
)

# %% fixed_losses | wrong | labels as a column | one label for each image
("tf.shape(labels), 0", "(len(labels), 1), 0")

# %% fixed_losses | wrong | inputs swapped | labels second
("gan.generator([latents, ordered]", "gan.generator([ordered, latents]")

# %% fixed_losses | wrong | inputs not in a list | takes a list of two inputs
("gan.generator([latents, ordered], training=True)", "gan.generator(latents, training=True)")

# %% fixed_losses | wrong | both kinds in one call | real and generated images are not mixed
(
    "    return (",
    "    both = tf.concat([real_images, fake_images], 0), tf.concat([labels, ordered], 0)\n"
    "    gan.discriminator(both, training=True)\n    return (",
)

# %% fixed_losses | wrong | generator made in the function | make it once, outside
(
    "tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "keras.random.randint((len(labels),), 0, classes, seed=keras.random.SeedGenerator(1))",
)

# %% fixed_losses | wrong | labels permuted by NumPy | all that this batch holds
("tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)", "np.random.permutation(labels)")

# %% fixed_losses | wrong | logits taken to NumPy | has no values yet
("non_saturating_generator(fake_logits)", "non_saturating_generator(fake_logits.numpy())")

# %% fixed_losses | wrong | drawn by Python's random | drawn once, when TensorFlow recorded
(
    "    ordered = tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "    import random\n\n"
    "    ordered = tf.constant([random.randrange(classes) for _ in range(len(labels))])",
)

# %% fixed_losses | wrong | the seed a number | from a seed that stands still
(
    "tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "keras.random.randint((len(labels),), 0, classes, seed=1)",
)

# %% fixed_losses | wrong | latents of its own | should come from gan.draw_latents
("gan.draw_latents(len(labels))", "tf.random.normal((len(labels), latent_dim))")

# %% fixed_losses | wrong | as many latents as a latent has numbers | has a latent vector and
("gan.draw_latents(len(labels))", "gan.draw_latents(latent_dim)")

# %% fixed_losses | wrong | a batch of 64 counted on | one label for each image
("tf.shape(labels), 0", "(batch_size,), 0")

# %% fixed_losses | wrong | a list instead of a tuple | as a tuple
("return (\n", "return [\n")
("fake_logits),\n    )", "fake_logits),\n    ]")

# %% fixed_losses | wrong | training false for the real images | each should say training=True
("[real_images, labels], training=True", "[real_images, labels], training=False")

# %% fixed_losses | wrong | one loss | return two losses
("        losses.non_saturating_discriminator(real_logits, fake_logits),\n", "")

# %% fixed_losses | wrong | a loss for each image | the mean over the batch
("losses.non_saturating_generator(fake_logits)", "tf.nn.softplus(-fake_logits)")


# %% fixed_losses | right | keras.random.randint without a seed
(
    "tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "keras.random.randint((len(labels),), 0, classes)",
)


# %% fixed_losses | right | keras.random.categorical, the generated images judged first
def fixed_losses(gan, real_images, labels):
    n = labels.shape[0]
    wanted = keras.ops.reshape(keras.random.categorical(keras.ops.zeros((1, classes)), n), (n,))
    wanted = keras.ops.cast(wanted, "int32")
    made = gan.generator([gan.draw_latents(n), wanted], training=True)
    fake = gan.discriminator([made, wanted], training=True)
    real = gan.discriminator((real_images, labels), training=True)
    on_real = losses.non_saturating_discriminator(real_logits=real, fake_logits=fake)
    return losses.non_saturating_generator(fake), on_real


# %% fixed_losses | right | floats cut to integers, losses by hand, positional training
def fixed_losses(gan, real_images, labels):
    wanted = tf.cast(tf.floor(classes * tf.random.uniform((real_images.shape[0],))), tf.int64)
    made = tf.identity(gan.generator([gan.draw_latents(tf.shape(labels)[0]), wanted], True))
    real = gan.discriminator([real_images, labels], True)
    fake = gan.discriminator([made, wanted], True)
    entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    loss_d = entropy(tf.ones_like(real), real) + entropy(tf.zeros_like(fake), fake)
    return entropy(tf.ones_like(fake), fake), loss_d


# %% fixed_losses | right | a generator of TensorFlow's, made outside
dice = tf.random.Generator.from_seed(5)


def fixed_losses(gan, real_images, labels):
    ordered = dice.uniform((len(labels),), maxval=classes, dtype=tf.int32)
    fake_images = gan.generator([gan.draw_latents(len(labels)), ordered], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    loss_of_generator = losses.non_saturating_generator(fake_logits)
    return loss_of_generator, losses.non_saturating_discriminator(real_logits, fake_logits)


# %% fixed_losses | right | NumPy called in every step
def fixed_losses(gan, real_images, labels):
    def draw():
        return np.random.randint(0, classes, len(labels))

    ordered = tf.numpy_function(draw, [], tf.int64)
    fake_images = gan.generator([gan.draw_latents(len(labels)), ordered], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    loss_of_generator = losses.non_saturating_generator(fake_logits)
    return loss_of_generator, losses.non_saturating_discriminator(real_logits, fake_logits)


# %% fixed_losses | right | labels from sorted random numbers
(
    "tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "tf.random.categorical(tf.zeros((len(labels), classes)), 1, dtype=tf.int32)[:, 0]",
)


# %% fixed_losses | wrong | labels reshuffled in TensorFlow | all that this batch holds
("tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)", "tf.random.shuffle(labels)")


# %% fixed_losses | wrong | normally distributed labels | ordered equally often
(
    "tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)",
    "tf.cast(tf.clip_by_value(tf.round(tf.random.normal(tf.shape(labels), 4.5, "
    "2.5)), 0.0, 9.0), tf.int32)",
)


# %% fixed_losses | wrong | hinge losses | these are the hinge losses
(
    "        losses.non_saturating_generator(fake_logits),\n"
    "        losses.non_saturating_discriminator(real_logits, fake_logits),",
    "        -tf.reduce_mean(fake_logits),\n"
    "        tf.reduce_mean(tf.nn.relu(1 - real_logits)) + "
    "tf.reduce_mean(tf.nn.relu(1 + fake_logits)),",
)


# %% fixed_losses | wrong | real images judged twice | never shown the images of the generator
(
    "gan.discriminator([fake_images, ordered], training=True)",
    "gan.discriminator([real_images, ordered], training=True)",
)
