// A generator and its discriminator, run in the browser. The words are in words.js; each file of
// models/ calls addModel, and runtime/ has ONNX Runtime, which computes what the networks say.
"use strict";

const BATCH = 100; // pictures at a time
const CHOSEN = 10; // classes in the grid at first, at most
const ROWS = 4; // of the grid, where there are no classes
const TEN = 10; // real pictures in the game, and as many generated
const LAP = 3000; // milliseconds of a walk from one end to the other

const $ = (id) => document.getElementById(id);
const range = (count) => Array.from({ length: count }, (_, number) => number);
const state = { language: "en", seed: 1, truncation: 1, chosen: [], row: 0, column: 0, way: 0 };
let model = null; // what addModel got, with its networks
let walking = null; // the walk that plays

// --- random numbers, and ways between latent vectors ---

// Uniform numbers in [0, 1), always the same for one seed (mulberry32).
function uniform(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Standard normal numbers, always the same for one seed (Box and Muller 1958).
function normal(count, seed) {
  const next = uniform(seed);
  const one = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Float32Array.from({ length: count }, one);
}

// The vector at t, from 0 to 1, on the great circle from one vector to another.
function between(start, end, t) {
  const dot = (a, b) => a.reduce((sum, value, place) => sum + value * b[place], 0);
  const cosine = dot(start, end) / Math.sqrt(dot(start, start) * dot(end, end));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  if (angle < 1e-3) return start.map((value, place) => (1 - t) * value + t * end[place]);
  const [a, b] = [Math.sin((1 - t) * angle), Math.sin(t * angle)];
  return start.map((value, place) => (a * value + b * end[place]) / Math.sin(angle));
}

function shuffled(list, next) {
  const keys = list.map(next);
  return range(list.length).sort((a, b) => keys[a] - keys[b]).map((place) => list[place]);
}

// --- networks ---

const added = {};
const addModel = (data) => (added[data.name] = data);

// A script is the one thing that a page may load from a file.
function load(source) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    Object.assign(script, { src: source, onload: resolve });
    script.onerror = () => reject(new Error(source));
    document.head.append(script);
  });
}

// Text to bytes: base64, then gzip.
async function unpack(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let place = 0; place < bytes.length; place++) bytes[place] = characters.charCodeAt(place);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const started = (async () => {
  await Promise.all([load("runtime/ort.wasm.min.js"), load("runtime/wasm.js")]);
  const [wasm, module] = await Promise.all([unpack(RUNTIME.wasm), unpack(RUNTIME.module)]);
  const address = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
  // One thread: more need headers that only a server can send.
  Object.assign(ort.env.wasm, { numThreads: 1, wasmBinary: wasm, wasmPaths: { mjs: address } });
})();

async function network(text) {
  const [bytes] = await Promise.all([unpack(text), started]);
  // The files are optimised already: to look for more would only cost the reader time.
  return ort.InferenceSession.create(bytes, { graphOptimizationLevel: "disabled" });
}

async function openModel(name) {
  if (!added[name]) await load(`models/${name}.js`);
  const opened = added[name];
  opened.session ??= await network(opened.generator);
  return opened;
}

// Run a network on rows: inputs are arrays [name, values, shape of a row].
async function run(session, count, inputs) {
  const pieces = [];
  for (let start = 0; start < count; start += BATCH) {
    const end = Math.min(start + BATCH, count);
    const feeds = {};
    for (const [name, values, shape] of inputs) {
      const size = values.length / count;
      const type = values instanceof Int32Array ? "int32" : "float32";
      const rows = values.subarray(start * size, end * size);
      feeds[name] = new ort.Tensor(type, rows, [end - start, ...shape]);
    }
    const results = await session.run(feeds);
    pieces.push(results[session.outputNames[0]].data);
  }
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  pieces.reduce((place, piece) => (whole.set(piece, place), place + piece.length), 0);
  return whole;
}

// Pictures with values in [0, 1], one after the other: rows, columns, channels.
function makeImages(latents, labels) {
  const inputs = [["latents", latents, [model.latentDim]]];
  if (model.classNames) inputs.push(["labels", Int32Array.from(labels), []]);
  return run(model.session, latents.length / model.latentDim, inputs);
}

// What the discriminator says of pictures: logits.
async function opinions(images, labels) {
  const { discriminator, shape } = model;
  const inputs = [["images", images, shape]];
  if (discriminator.conditional) inputs.push(["labels", Int32Array.from(labels), []]);
  const count = images.length / pictureSize();
  discriminator.session ??= await network(discriminator.network);
  return run(discriminator.session, count, inputs);
}

const score = (logit) => 1 / (1 + Math.exp(-logit));
const pictureSize = () => model.shape.reduce((product, size) => product * size);
const pictureOf = (images, number) =>
  images.subarray(number * pictureSize(), (number + 1) * pictureSize());

function paint(canvas, image) {
  const [height, width, channels] = model.shape;
  Object.assign(canvas, { width, height });
  const pixels = new ImageData(width, height);
  for (let place = 0; place < width * height; place++) {
    for (let colour = 0; colour < 3; colour++) {
      const value = image[place * channels + (channels === 3 ? colour : 0)];
      pixels.data[4 * place + colour] = Math.round(255 * value);
    }
    pixels.data[4 * place + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

// --- words ---

function say(key, values = {}) {
  const words = WORDS[key][state.language === "ru" ? 1 : 0];
  return words.replace(/{(\w+)}/g, (_, name) => values[name]);
}

const decimal = (value) =>
  value.toLocaleString(state.language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const className = (label) => model.classNames[state.language][label];

// What a picture of the grid is called.
function nameOf(row, column) {
  if (!model.classNames) return say("picture", { number: row * columns() + column + 1 });
  return `${className(state.chosen[row])}, ${say("column", { number: column + 1 })}`;
}

function make(tag, properties = {}, ...children) {
  const { role, label, style, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  if (role) element.setAttribute("role", role);
  if (label) element.setAttribute("aria-label", label);
  for (const [name, value] of Object.entries(style ?? {})) element.style.setProperty(name, value);
  element.append(...children);
  return element;
}

// An action of which one call runs at a time; of those that come meanwhile, the last one counts.
function latest(action) {
  let running = false;
  let again = false;
  return async () => {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) {
        again = false;
        await action();
      }
    } catch (error) {
      fail(error);
    } finally {
      running = false;
    }
  };
}

function fail(error) {
  $("status").textContent = say("failed", { reason: error.message });
  $("status").hidden = false;
  throw error;
}

// --- the grid ---

const narrow = matchMedia("(max-width: 600px)");
const columns = () => (narrow.matches ? 5 : 8);
const rows = () => (model.classNames ? state.chosen.length : ROWS);
const vectors = () => (model.classNames ? columns() : ROWS * columns());
const cells = () => [...$("grid").querySelectorAll("button")];

// Latent vector by number, not yet truncated.
function vector(number) {
  const all = normal(vectors() * model.latentDim, state.seed);
  return all.subarray(number * model.latentDim, (number + 1) * model.latentDim);
}

function buildGrid() {
  const grid = $("grid");
  const longest = Math.max(0, ...(model.classNames?.[state.language] ?? []).map((x) => x.length));
  document.body.style.setProperty("--columns", columns());
  document.body.style.setProperty("--names", longest ? `min(${longest + 1}ch, 7rem)` : "0px");
  const head = range(columns()).map((column) =>
    make("span", { role: "columnheader" }, model.classNames ? String(column + 1) : ""),
  );
  const lines = range(rows()).map((row) => {
    const name = model.classNames ? className(state.chosen[row]) : "";
    const pictures = range(columns()).map((column) => {
      const label = say("generatedAlt", { what: nameOf(row, column) });
      const button = make("button", { role: "gridcell", label }, make("canvas"), make("span"));
      button.onclick = () => pick(row, column);
      button.onfocus = () => pick(row, column);
      return button;
    });
    return make("div", { role: "row" }, make("span", { role: "rowheader" }, name), ...pictures);
  });
  const header = make("div", { role: "row" }, make("span", { role: "columnheader" }), ...head);
  header.hidden = !model.classNames;
  grid.replaceChildren(header, ...lines);
  if (!rows()) grid.append(make("p", {}, say("noClass")));
  state.images = null; // not drawn yet
  state.row = Math.max(0, Math.min(state.row, rows() - 1));
  state.column = Math.min(state.column, columns() - 1);
}

const drawGrid = latest(async () => {
  const count = rows() * columns();
  const built = cells();
  if (!count) return showPick();
  const base = normal(vectors() * model.latentDim, state.seed).map((x) => state.truncation * x);
  const latents = new Float32Array(count * model.latentDim);
  for (let row = 0; row < rows(); row++) {
    const part = model.classNames ? base : base.subarray(row * columns() * model.latentDim);
    latents.set(part.subarray(0, columns() * model.latentDim), row * columns() * model.latentDim);
  }
  const labels = range(count).map((number) => state.chosen[Math.floor(number / columns())]);
  // At the very first, one row at once, then the rest.
  let images;
  for (const shown of state.images ? [count] : [columns(), count]) {
    images = await makeImages(latents.subarray(0, shown * model.latentDim), labels.slice(0, shown));
    if (built[0] !== cells()[0]) return; // built anew meanwhile, and drawn again
    built.slice(0, shown).forEach((cell, number) => {
      paint(cell.firstChild, pictureOf(images, number));
    });
    if (!performance.getEntriesByName("first picture").length) {
      await new Promise(requestAnimationFrame);
      performance.mark("first picture");
    }
  }
  const judged = model.discriminator && $("scores").checked;
  const logits = judged ? await opinions(images, labels) : null;
  if (built[0] !== cells()[0]) return;
  built.forEach((cell, number) => {
    cell.lastChild.textContent = logits ? decimal(score(logits[number])) : "";
  });
  state.images = images;
  await showPick();
});

function pick(row, column) {
  if (state.row === row && state.column === column) return;
  Object.assign(state, { row, column });
  showPick().catch(fail);
}

// The chosen picture, large, and what the discriminator says of it.
async function showPick() {
  const chosen = state.row * columns() + state.column;
  cells().forEach((cell, number) => {
    cell.tabIndex = number === chosen ? 0 : -1;
    cell.setAttribute("aria-selected", number === chosen);
  });
  document.querySelector("aside").hidden = !rows();
  if (!rows() || !state.images) return;
  const shown = model;
  const image = pictureOf(state.images, chosen);
  const name = nameOf(state.row, state.column);
  paint($("picture"), image);
  $("picture").setAttribute("aria-label", say("generatedAlt", { what: name }));
  $("picture-name").textContent = name;
  if (!model.discriminator) return;
  const conditional = model.discriminator.conditional;
  const asked = conditional ? model.classNames.en.length : 1;
  const copies = new Float32Array(asked * image.length);
  for (let copy = 0; copy < asked; copy++) copies.set(image, copy * image.length);
  const logits = await opinions(copies, range(asked));
  const still = state.row * columns() + state.column;
  if (chosen !== still || shown !== model) return; // another is chosen meanwhile
  const label = conditional ? state.chosen[state.row] : 0;
  $("score").textContent = say("score", { score: decimal(score(logits[label])) });
  $("claims-about").hidden = $("claims").hidden = !conditional;
  if (!conditional) return;
  const bars = [...logits].map((logit, claim) => {
    const share = { "--share": `${100 * score(logit)}%` };
    const bar = make("span", { className: "bar", style: share });
    const words = [className(claim), decimal(score(logit))].map((text) => make("span", {}, text));
    return make("li", { className: claim === label ? "asked" : "" }, words[0], bar, words[1]);
  });
  $("claims").replaceChildren(...bars);
}

$("grid").onkeydown = (event) => {
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() };
  const place = cells().indexOf(document.activeElement);
  if (place < 0 || !(event.key in steps)) return;
  event.preventDefault();
  cells()[place + steps[event.key]]?.focus();
};

function buildClasses() {
  if (!model.classNames) return $("classes").replaceChildren();
  const all = range(model.classNames.en.length);
  const chips = all.map((label) => {
    const box = make("input", { type: "checkbox", checked: state.chosen.includes(label) });
    box.onchange = () => {
      choose(all.filter((one) => (one === label ? box.checked : state.chosen.includes(one))));
    };
    return make("label", {}, box, className(label));
  });
  const both = [["all", all], ["none", []]].map(([key, labels]) => {
    const button = make("button", { type: "button" }, say(key));
    button.onclick = () => {
      choose(labels);
      chips.forEach((chip, label) => (chip.firstChild.checked = labels.includes(label)));
    };
    return button;
  });
  $("classes").replaceChildren(...chips, ...both);
}

function choose(labels) {
  state.chosen = labels;
  buildGrid();
  buildWalk();
  drawGrid();
  drawWalk();
}

function setSeed(seed) {
  state.seed = $("seed").value = Math.min(2 ** 32 - 1, Math.max(0, Math.floor(seed) || 0));
  drawGrid();
  drawWalk();
}

$("draw").onclick = () => setSeed(state.seed + 1);
$("seed").onchange = () => setSeed(Number($("seed").value));
$("scores").onchange = drawGrid;
$("truncation").oninput = () => {
  state.truncation = Number($("truncation").value);
  $("truncation-value").textContent = decimal(state.truncation);
  drawGrid();
  drawWalk();
};

// --- the walk ---

function buildWalk() {
  const key = model.classNames ? "column" : "picture";
  ["from", "to"].forEach((id, end) => {
    const known = Number($(id).value || end);
    const options = range(vectors()).map((number) =>
      make("option", { value: number }, say(key, { number: number + 1 })),
    );
    $(id).replaceChildren(...options);
    $(id).value = Math.min(known, vectors() - 1);
  });
  const labels = model.classNames ? state.chosen : [null];
  const figures = labels.map((label) => {
    const name = label === null ? "" : className(label);
    const canvas = make("canvas", { role: "img", label: say("generatedAlt", { what: name }) });
    return make("figure", {}, canvas, make("figcaption", {}, name));
  });
  $("walk").replaceChildren(...figures);
}

const drawWalk = latest(async () => {
  const canvases = [...$("walk").querySelectorAll("canvas")];
  if (!canvases.length) return;
  const [start, end] = ["from", "to"].map((id) => vector(Number($(id).value)));
  const here = between(start, end, Number($("way").value)).map((x) => state.truncation * x);
  const latents = new Float32Array(canvases.length * here.length);
  for (let copy = 0; copy < canvases.length; copy++) latents.set(here, copy * here.length);
  const images = await makeImages(latents, state.chosen);
  canvases.forEach((canvas, number) => paint(canvas, pictureOf(images, number)));
});

const namePlay = () => ($("play").textContent = say(walking ? "pause" : "play"));

// There and back, until it is paused.
async function step(walk, now, before) {
  if (walk !== walking) return;
  state.way = (state.way + (now - before) / LAP) % 2;
  $("way").value = state.way < 1 ? state.way : 2 - state.way;
  await drawWalk();
  requestAnimationFrame((next) => step(walk, next, now));
}

$("play").onclick = () => {
  walking = walking ? null : {};
  namePlay();
  if (walking) requestAnimationFrame((now) => step(walking, now, now));
};
$("from").onchange = $("to").onchange = drawWalk;
$("way").oninput = () => {
  state.way = Number($("way").value);
  drawWalk();
};

// --- the game ---

async function deal() {
  const dealt = model;
  const next = uniform(Math.floor(2 ** 32 * Math.random()));
  const pixels = await unpack(model.real.images);
  let order = shuffled(range(model.real.labels.length), next);
  let labels = order.slice(0, TEN).map((number) => model.real.labels[number]);
  if (model.classNames) {
    const classes = shuffled(range(model.classNames.en.length), next);
    labels = range(TEN).map((number) => classes[number % classes.length]);
  }
  const real = labels.map((label) => {
    const found = order.find((number) => model.real.labels[number] === label) ?? order[0];
    order = order.filter((number) => number !== found);
    return Float32Array.from(pictureOf(pixels, found), (value) => value / 255);
  });
  const latents = normal(TEN * model.latentDim, Math.floor(2 ** 32 * next()));
  const images = await makeImages(latents, labels);
  const made = labels.map((_, number) => pictureOf(images, number));
  const tiles = [...real, ...made].map((image, number) => ({
    image, label: labels[number % TEN], real: number < TEN, marked: false,
  }));
  if (model.discriminator) {
    const all = new Float32Array(2 * TEN * pictureSize());
    tiles.forEach((tile, number) => all.set(tile.image, number * pictureSize()));
    const logits = await opinions(all, tiles.map((tile) => tile.label));
    tiles.forEach((tile, number) => (tile.logit = logits[number]));
    const best = [...tiles].sort((a, b) => b.logit - a.logit).slice(0, TEN);
    tiles.forEach((tile) => (tile.guess = best.includes(tile)));
  }
  if (dealt !== model) return;
  state.game = { tiles: shuffled(tiles, next), checked: false };
  buildGame();
}

function buildGame() {
  const { tiles, checked } = state.game;
  const buttons = tiles.map((tile, number) => {
    const canvas = make("canvas");
    paint(canvas, tile.image);
    const label = say("picture", { number: number + 1 });
    const button = make("button", { label, disabled: checked }, canvas);
    button.setAttribute("aria-pressed", tile.marked);
    button.onclick = () => {
      tile.marked = !tile.marked;
      button.setAttribute("aria-pressed", tile.marked);
      count();
    };
    if (checked) {
      button.classList.add("checked", tile.real ? "real" : "made");
      const guesses = [["you", tile.marked]];
      if (model.discriminator) guesses.push(["network", tile.guess]);
      const answer = say(tile.real ? "real" : "made");
      const told = guesses.map(([who, guess]) => [say(who), guess === tile.real]);
      const words = told.map(([who, right]) => `${who}: ${say(right ? "right" : "wrong")}`);
      button.setAttribute("aria-label", [label, answer, ...words].join(", "));
      const verdict = make("span", { className: "verdict" }, answer);
      button.append(verdict, told.map(([who, right]) => `${who} ${right ? "✓" : "✗"}`).join(" "));
    }
    return button;
  });
  $("game").replaceChildren(...buttons);
  count();
}

function count() {
  const { tiles, checked } = state.game;
  const marked = tiles.filter((tile) => tile.marked).length;
  $("check").disabled = checked || marked !== TEN;
  $("result").textContent = checked ? resultOf() : say("marked", { count: marked });
}

function resultOf() {
  const key = model.discriminator ? "resultNetwork" : "result";
  const total = 2 * TEN * state.rounds;
  const values = { you: state.you, network: state.network, count: total, chance: total / 2 };
  return `${say(key, values)} ${state.rounds > 1 ? say("rounds", { count: state.rounds }) : ""}`;
}

$("check").onclick = () => {
  const { tiles } = state.game;
  state.game.checked = true;
  state.rounds += 1;
  state.you += tiles.filter((tile) => tile.marked === tile.real).length;
  state.network += tiles.filter((tile) => tile.guess === tile.real).length;
  buildGame();
  $("again").focus();
};
$("again").onclick = () => deal().catch(fail);

// --- the page ---

function translate() {
  document.documentElement.lang = state.language;
  document.title = say("title");
  for (const element of document.querySelectorAll("[data-say]")) {
    element.textContent = say(element.dataset.say);
  }
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  $("other-language").lang = state.language === "ru" ? "en" : "ru";
  $("truncation-value").textContent = decimal(state.truncation);
  namePlay();
  buildModels();
  if (model) build();
}

function buildModels() {
  const buttons = MODELS.map(({ name, titles }) => {
    const button = make("button", {}, titles[state.language]);
    button.setAttribute("aria-pressed", name === state.name);
    button.onclick = () => show(name).catch(fail);
    return button;
  });
  $("models").replaceChildren(...buttons);
}

// All that depends on the model and on the language.
function build() {
  const plain = model.classNames ? "" : "Plain";
  $("grid-title").textContent = say(`grid${plain}`);
  $("grid-about").textContent = say(`gridAbout${plain}`, { count: model.latentDim });
  $("walk-about").textContent = say(`walkAbout${plain}`);
  $("game-about").textContent = say(model.discriminator ? "gameAbout" : "gameAboutAlone");
  $("model-name").textContent = say("modelName", { name: model.titles[state.language] });
  $("source").textContent = model.real?.source in WORDS ? say(model.real.source) : "";
  for (const part of document.querySelectorAll(".judged")) part.hidden = !model.discriminator;
  buildClasses();
  buildGrid();
  buildWalk();
  drawGrid();
  drawWalk();
  if (state.game) buildGame();
}

async function show(name) {
  state.name = name;
  buildModels();
  const opened = await openModel(name);
  if (state.name !== name) return; // another was chosen meanwhile
  model = opened;
  const chosen = model.classNames ? range(model.classNames.en.length).slice(0, CHOSEN) : [];
  Object.assign(state, { chosen, row: 0, column: 0, game: null, rounds: 0, you: 0, network: 0 });
  $("status").hidden = true;
  for (const section of document.querySelectorAll("main section")) section.hidden = false;
  $("game-section").hidden = !model.real;
  build();
  if (model.real) await deal();
}

$("other-language").onclick = () => {
  state.language = state.language === "ru" ? "en" : "ru";
  history.replaceState(null, "", `#${state.language}`);
  translate();
};
$("theme").onclick = () => {
  const chosen = document.documentElement.style.colorScheme;
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.style.colorScheme = dark ? "light" : "dark";
};
narrow.onchange = () => model && build();

const asked = location.hash.slice(1) || navigator.language.slice(0, 2);
state.language = asked === "ru" ? "ru" : "en";
for (const section of document.querySelectorAll("main section")) section.hidden = true;
$("models").hidden = MODELS.length < 2;
translate();
show(MODELS[0].name).catch(fail);
