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

# %% order_sheet | wrong | tiled in the wrong direction | need 6 latents of 2 numbers
("(len(wanted), 1)", "len(wanted)")

# %% order_sheet | wrong | three rows taken for granted | rows of
("(len(wanted), 1)", "(3, 1)")


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

# %% small_generator | wrong | sizes of the example written as numbers | all sizes taken from
("Embedding(classes, embedding_dim)", "Embedding(10, 8)")
("(width, 2 * width)", "(32, 64)")


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

# %% projection_logits | wrong | labels counted from one | those of label - 1
("directions[labels]", "directions[labels - 1]")

# %% projection_logits | wrong | probabilities | these are probabilities
("(realism + agreement)", "(1 / (1 + np.exp(-realism - agreement)))")


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
