"""Right and wrong solutions of exercises 04; tests/test_exercises.py runs each against the checks.

Header of a cell: task | right or wrong | name | for wrong ones, a piece of the message it gets.
"""


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
def order_sheet(latents, wanted):
    return np.repeat(latents, len(wanted), axis=0), np.tile(wanted, len(latents))


# %% order_sheet | wrong | both tiled | the class changes within a row
def order_sheet(latents, wanted):
    return np.tile(latents, (len(wanted), 1)), np.array(list(wanted) * len(latents))


# %% order_sheet | wrong | both repeated | which is not a column
def order_sheet(latents, wanted):
    return np.repeat(latents, len(wanted), axis=0), np.repeat(wanted, len(latents))


# %% order_sheet | wrong | numbers of the rows for labels | are the numbers of the rows
def order_sheet(latents, wanted):
    labels = np.repeat(np.arange(len(wanted)), len(latents))
    return np.tile(latents, (len(wanted), 1)), labels


# %% order_sheet | wrong | new latents in each row | not the latents that were given
def order_sheet(latents, wanted):
    fresh = np.random.default_rng(0).standard_normal((len(wanted) * len(latents), latents.shape[1]))
    return fresh, np.repeat(wanted, len(latents))


# %% order_sheet | wrong | labels as floats | should be integers
def order_sheet(latents, wanted):
    labels = np.zeros(0)
    for label in wanted:
        labels = np.append(labels, label * np.ones(len(latents)))
    return np.tile(latents, (len(wanted), 1)), labels


# %% order_sheet | wrong | labels as a grid | in a flat array
def order_sheet(latents, wanted):
    labels = np.repeat(np.array(wanted)[:, None], len(latents), axis=1)
    return np.tile(latents, (len(wanted), 1)), labels


# %% order_sheet | wrong | tiled in the wrong direction | need 6 latents of 2 numbers
def order_sheet(latents, wanted):
    return np.tile(latents, len(wanted)), np.repeat(wanted, len(latents))


# %% order_sheet | wrong | three rows taken for granted | rows of
def order_sheet(latents, wanted):
    return np.tile(latents, (3, 1)), np.repeat(wanted, len(latents))


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
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    number = keras.ops.cast(labels, "float32")[:, None]
    x = layers.Concatenate()([latents, number])
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | one-hot vector without an embedding | a one-hot vector of 10 numbers
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, keras.ops.one_hot(labels, classes)])
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | arguments of Embedding swapped | arguments of Embedding are swapped
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(embedding_dim, classes)(labels)])
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | label not used | never put beside the latents
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    layers.Embedding(classes, embedding_dim)(labels)
    x = latents
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | latents not used | the latents never reach the dense layers
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Embedding(classes, embedding_dim)(labels)
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | inputs in the other order | The inputs are swapped
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(classes, embedding_dim)(labels)])
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([labels, latents], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | labels as a column | and not as a column
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((1,), dtype="int32")
    vectors = layers.Flatten()(layers.Embedding(classes, embedding_dim)(labels))
    x = layers.Concatenate()([latents, vectors])
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | sigmoid | seems to be a sigmoid
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(classes, embedding_dim)(labels)])
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="sigmoid")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | no tanh | the last layer needs its tanh
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(classes, embedding_dim)(labels)])
    for units in (width, 2 * width):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28)(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | one hidden layer | of 2·width units, is missing
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(classes, embedding_dim)(labels)])
    x = layers.LeakyReLU(0.2)(layers.Dense(width)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | no LeakyReLU | is linear in the latents
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(classes, embedding_dim)(labels)])
    for units in (width, 2 * width):
        x = layers.Dense(units)(x)
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


# %% small_generator | wrong | sizes of the example written as numbers | all sizes taken from
def small_generator(latent_dim, classes, embedding_dim, width):
    latents = keras.Input((latent_dim,))
    labels = keras.Input((), dtype="int32")
    x = layers.Concatenate()([latents, layers.Embedding(10, 8)(labels)])
    for units in (32, 64):
        x = layers.LeakyReLU(0.2)(layers.Dense(units)(x))
    x = layers.Dense(28 * 28, activation="tanh")(x)
    return keras.Model([latents, labels], layers.Reshape((28, 28, 1))(x))


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
def projection_logits(features, labels, v, c, directions):
    return (features @ v + c)[:, None]


# %% projection_logits | wrong | realism forgotten | which asks whether the image looks real
def projection_logits(features, labels, v, c, directions):
    return np.sum(features * directions[labels], axis=1, keepdims=True) + c


# %% projection_logits | wrong | c forgotten | c is missing
def projection_logits(features, labels, v, c, directions):
    return np.sum(features * (v + directions[labels]), axis=1, keepdims=True)


# %% projection_logits | wrong | flat | but flat
def projection_logits(features, labels, v, c, directions):
    return features @ v + c + np.sum(features * directions[labels], axis=1)


# %% projection_logits | wrong | row plus column | shapes (b,) and (b, 1) were added
def projection_logits(features, labels, v, c, directions):
    return features @ v + c + np.sum(features * directions[labels], axis=1, keepdims=True)


# %% projection_logits | wrong | every image with every label | compared with the labels of all
def projection_logits(features, labels, v, c, directions):
    return (features @ v + c)[:, None] + features @ directions[labels].T


# %% projection_logits | wrong | every class | Only the image's own label counts
def projection_logits(features, labels, v, c, directions):
    return (features @ v + c)[:, None] + features @ directions.T


# %% projection_logits | wrong | sum over the images | the sum goes over the images
def projection_logits(features, labels, v, c, directions):
    return np.sum(features * (v + directions[labels]), axis=0)[:, None] + c


# %% projection_logits | wrong | product without a sum | a sum that is missing
def projection_logits(features, labels, v, c, directions):
    return (features @ v + c)[:, None] + features * directions[labels]


# %% projection_logits | wrong | labels counted from one | those of label - 1
def projection_logits(features, labels, v, c, directions):
    agreement = np.sum(features * directions[labels - 1], axis=1)
    return (features @ v + c + agreement)[:, None]


# %% projection_logits | wrong | probabilities | these are probabilities
def projection_logits(features, labels, v, c, directions):
    logits = features @ v + c + np.sum(features * directions[labels], axis=1)
    return (1 / (1 + np.exp(-logits)))[:, None]


# %% mended_losses | right | each image's label from equal logits
def mended_losses(gan, real_images, labels):
    count = labels.shape[0]
    ordered = tf.random.categorical(tf.zeros((1, classes)), count, dtype=tf.int32)[0]
    fake_images = gan.generator([gan.draw_latents(count), ordered], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    loss_of_discriminator = training.discriminator_loss(real_logits, fake_logits)
    return training.generator_loss(fake_logits), loss_of_discriminator


# %% mended_losses | right | drawn by Keras
label_seed = keras.random.SeedGenerator(1)


def mended_losses(gan, real_images, labels):
    ordered = keras.random.randint((len(labels),), 0, classes, seed=label_seed)
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | the broken code | it pays not to listen
def mended_losses(gan, real_images, labels):
    return broken_losses(gan, real_images, labels)


# %% mended_losses | wrong | judged by the labels of the batch | it pays not to listen
def mended_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, labels], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | still drawn by NumPy | drawn once, when TensorFlow recorded
def mended_losses(gan, real_images, labels):
    ordered = np.random.randint(0, classes, len(labels))
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | a seed that stands still | from a seed that stands still
def mended_losses(gan, real_images, labels):
    ordered = tf.random.stateless_uniform((len(labels),), (0, 1), 0, classes, dtype=tf.int32)
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | labels of the batch ordered | all that this batch holds
def mended_losses(gan, real_images, labels):
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, labels], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, labels], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | labels of the batch shuffled | all that this batch holds
def mended_losses(gan, real_images, labels):
    ordered = tf.random.shuffle(labels)
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | drawn a second time for the judgement | it pays not to listen
def mended_losses(gan, real_images, labels):
    def draw():
        return tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)

    fake_images = gan.generator([gan.draw_latents(len(labels)), draw()], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, draw()], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | real images under the ordered labels | Real images lost their labels
def mended_losses(gan, real_images, labels):
    count = len(labels)
    labels = tf.random.uniform((count,), 0, classes, dtype=tf.int32)
    latents = gan.draw_latents(count)
    fake_images = gan.generator([latents, labels], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, labels], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | last class never drawn | Is the upper end of the range excluded
def mended_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes - 1, dtype=tf.int32)
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | a class too many | there are 0 to 9
def mended_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes + 1, dtype=tf.int32)
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | training not said | each should say training=True
def mended_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)
    fake_images = gan.generator([gan.draw_latents(len(labels)), ordered])
    real_logits = gan.discriminator([real_images, labels])
    fake_logits = gan.discriminator([fake_images, ordered])
    return (
        training.generator_loss(fake_logits),
        training.discriminator_loss(real_logits, fake_logits),
    )


# %% mended_losses | wrong | losses swapped | The two losses are swapped
def mended_losses(gan, real_images, labels):
    ordered = tf.random.uniform(tf.shape(labels), 0, classes, dtype=tf.int32)
    latents = gan.draw_latents(len(labels))
    fake_images = gan.generator([latents, ordered], training=True)
    real_logits = gan.discriminator([real_images, labels], training=True)
    fake_logits = gan.discriminator([fake_images, ordered], training=True)
    return (
        training.discriminator_loss(real_logits, fake_logits),
        training.generator_loss(fake_logits),
    )
