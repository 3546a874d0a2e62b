// Everything that the page says: in English, and in Russian.
const WORDS = {
  title: ["A generator in your hands", "Генератор в ваших руках"],
  lead: [
    "A generative adversarial network draws these pictures in your browser, while you watch. " +
      "Nothing is installed, and nothing is sent anywhere.",
    "Генеративно-состязательная сеть рисует эти картинки прямо у вас в браузере. " +
      "Ничего не нужно устанавливать, и ничего никуда не отправляется.",
  ],
  language: ["По-русски", "In English"],
  theme: ["Light or dark", "Светлая или тёмная тема"],
  model: ["What to draw", "Что рисовать"],
  loading: ["The network is being loaded …", "Сеть загружается…"],
  failed: [
    "This browser cannot run the network: {reason}",
    "Этот браузер не может запустить сеть: {reason}",
  ],

  grid: [
    "One row for each class, one column for each latent vector",
    "Одна строка на класс, один столбец на латентный вектор",
  ],
  gridPlain: ["One picture for each latent vector", "Одна картинка на латентный вектор"],
  gridAbout: [
    "A latent vector is a list of {count} random numbers. The generator turns it, together with " +
      "a class, into a picture. All pictures of a column come from the same numbers. Choose one " +
      "to see it large; the arrow keys lead from one to the next.",
    "Латентный вектор — это список случайных чисел, здесь их {count}. Генератор превращает его " +
      "вместе с классом в картинку. Все картинки одного столбца получены из одних и тех же " +
      "чисел. Выберите любую, чтобы увидеть её крупно; стрелки на клавиатуре ведут от одной " +
      "к другой.",
  ],
  gridAboutPlain: [
    "A latent vector is a list of {count} random numbers, and the generator turns it into a " +
      "picture. Choose one to see it large; the arrow keys lead from one to the next.",
    "Латентный вектор — это список случайных чисел, здесь их {count}; генератор превращает его в " +
      "картинку. Выберите любую, чтобы увидеть её крупно; стрелки на клавиатуре ведут от одной " +
      "к другой.",
  ],
  draw: ["New latent vectors", "Новые латентные векторы"],
  seed: ["Seed", "Зерно"],
  truncation: ["Truncation ψ", "Усечение ψ"],
  truncationAbout: [
    "All latent vectors are multiplied by ψ. The smaller it is, the more alike the pictures of a " +
      "row are.",
    "Все латентные векторы умножаются на ψ. Чем он меньше, тем больше похожи друг на друга " +
      "картинки одной строки.",
  ],
  classes: ["Classes", "Классы"],
  all: ["all", "все"],
  none: ["none", "ни одного"],
  noClass: ["Choose at least one class.", "Выберите хотя бы один класс."],
  scores: ["Show the discriminator’s scores", "Показать оценки дискриминатора"],
  column: ["column {number}", "столбец {number}"],
  picture: ["picture {number}", "картинка {number}"],
  generatedAlt: ["generated picture: {what}", "сгенерированная картинка: {what}"],

  opinion: ["What does the discriminator say?", "Что говорит дискриминатор?"],
  score: [
    "D(x) = {score}: this is how likely it takes the picture to be real.",
    "D(x) = {score}: с такой вероятностью он считает картинку настоящей.",
  ],
  claims: [
    "And if it were told that the picture shows something else? In training it hardly ever saw " +
      "a wrong label.",
    "А если сказать ему, что на картинке что-то другое? При обучении неверных меток он почти " +
      "не видел.",
  ],

  walk: ["A walk between two latent vectors", "Прогулка между двумя латентными векторами"],
  walkAbout: [
    "From one column of the grid to another, along a great circle. Each step is a new vector, " +
      "and each picture is drawn afresh.",
    "От одного столбца сетки к другому по дуге большого круга. Каждый шаг — новый вектор, " +
      "и каждая картинка рисуется заново.",
  ],
  walkAboutPlain: [
    "From one picture to another, along a great circle. Each step is a new vector, and each " +
      "picture is drawn afresh.",
    "От одной картинки к другой по дуге большого круга. Каждый шаг — новый вектор, " +
      "и каждая картинка рисуется заново.",
  ],
  from: ["From", "Откуда"],
  to: ["To", "Куда"],
  play: ["Play", "Пуск"],
  pause: ["Pause", "Пауза"],
  way: ["How far along the way", "Пройденная часть пути"],

  game: ["Which is real?", "Что здесь настоящее?"],
  gameAbout: [
    "Ten of these pictures are real, ten are generated. Mark the ten that you think are real. " +
      "The discriminator marks ten, too: those with the highest scores.",
    "Десять этих картинок настоящие, десять сгенерированы. Отметьте десять, которые кажутся вам " +
      "настоящими. Дискриминатор тоже отметит десять — с самыми высокими оценками.",
  ],
  gameAboutAlone: [
    "Ten of these pictures are real, ten are generated. Mark the ten that you think are real.",
    "Десять этих картинок настоящие, десять сгенерированы. Отметьте десять, которые кажутся вам " +
      "настоящими.",
  ],
  marked: ["{count} of 10 marked", "отмечено {count} из 10"],
  check: ["Check", "Проверить"],
  again: ["Another twenty", "Ещё двадцать"],
  you: ["you", "вы"],
  network: ["D", "D"],
  real: ["real", "настоящая"],
  made: ["generated", "создана"],
  right: ["right", "верно"],
  wrong: ["wrong", "неверно"],
  result: [
    "Right answers: you {you} of {count}, by chance {chance}.",
    "Верных ответов: у вас {you} из {count}, наугад было бы {chance}.",
  ],
  resultNetwork: [
    "Right answers: you {you} of {count}, the discriminator {network}, by chance {chance}.",
    "Верных ответов: у вас {you} из {count}, у дискриминатора {network}, наугад было бы {chance}.",
  ],
  rounds: ["Rounds: {count}", "Раундов: {count}"],

  about: ["How it works", "Как это устроено"],
  aboutText: [
    "The networks were trained with Keras and saved as ONNX files; ONNX Runtime runs them here, " +
      "on your processor. The seed determines the latent vectors: the same seed gives the same " +
      "pictures on every device.",
    "Сети обучены в Keras и сохранены в формате ONNX; здесь их выполняет ONNX Runtime на вашем " +
      "процессоре. Зерно определяет латентные векторы: одно и то же зерно даёт одни и те же " +
      "картинки на любом устройстве.",
  ],
  modelName: ["The model: {name}.", "Модель: {name}."],
  fashion_mnist: [
    "The real pictures are test images of Fashion-MNIST (Han Xiao, Kashif Rasul, Roland " +
      "Vollgraf; © 2017 Zalando SE, MIT licence).",
    "Настоящие картинки — тестовые изображения Fashion-MNIST (Han Xiao, Kashif Rasul, Roland " +
      "Vollgraf; © 2017 Zalando SE, лицензия MIT).",
  ],
  mnist: [
    "The real pictures are test images of MNIST (Yann LeCun, Corinna Cortes; CC BY-SA 3.0).",
    "Настоящие картинки — тестовые изображения MNIST (Yann LeCun, Corinna Cortes; CC BY-SA 3.0).",
  ],
};
