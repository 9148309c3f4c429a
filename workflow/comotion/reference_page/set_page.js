// The page of a reference set: colours, the panel of an entry, and what the keys do. Vega draws.
const set = read("set");
const columns = new Map(set.columns.map((one) => [one.name, one]));
const pairs = new Map(set.pairs.map((one) => [key(one.system, one.level), one]));
const chosen = { column: find("#column"), level: find("#level") };
const WIDE = 30;
let open = null, colouring = 0;

// Which pair of a system is shown: models and users' densities have a level of their own.
function shownOf(system) {
  const first = pairs.get(key(system, set.first[system]));
  const others = ["model", "user"].includes(first?.kind) || !chosen.level.value;
  return others ? first : pairs.get(key(system, chosen.level.value));
}
function cell(pair) {
  const name = chosen.column.value, numbers = pair?.numbers ?? {};
  if (numbers[name]) {
    const [value, error, exact] = numbers[name];
    return { value, error, exact: Number(exact) };
  }
  // An error stands beside its number.
  const [, error, , exact] = numbers[name.replace(/_error$/, "")] ?? [];
  return exact ? { value: error, error: "", exact: Number(exact) } : { exact: NaN };
}
function isWide(values) {
  const sizes = values.map(Math.abs);
  const oneSign = values.every((x) => x > 0) || values.every((x) => x < 0);
  return oneSign && Math.max(...sizes) > WIDE * Math.min(...sizes);
}
// Marks of a logarithmic scale, of negative numbers too: 1, 2 and 5 times powers of ten.
function decades(values) {
  const sizes = values.map(Math.abs), sign = Math.sign(values[0]);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  const few = most < 200 * least ? [1, 2, 5] : [1];
  const powers = Array.from({ length: 60 }, (_, k) => k - 30);
  const all = powers.flatMap((power) => few.map((one) => Number(`${one}e${power}`)))
    .filter((one) => one >= least && one <= most);
  const every = Math.ceil(all.length / 6);
  return all.filter((_, k) => k % every === 0).map((one) => sign * one);
}
function short(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return Number.isInteger(value) || size >= 1e4 ? value.toFixed(0) : value.toPrecision(4);
}

async function colour() {
  // Who has chosen another column meanwhile wants no more of this one.
  const mine = ++colouring;
  const column = columns.get(chosen.column.value);
  find("#meaning").textContent = column.meaning;
  find("#unit").textContent = column.unit === "1" ? "no unit" : column.unit;
  const buttons = [...document.querySelectorAll("button[data-system]")];
  const shown = buttons.map((button) => shownOf(button.dataset.system));
  const values = shown.map((pair) => cell(pair).exact).filter(Number.isFinite);
  const wide = isWide(values);
  const type = wide ? "log" : "linear", marks = decades(values);
  let scale = () => "";
  find("#legend").hidden = !values.length;
  if (values.length) {
    const ends = [Math.min(...values), Math.max(...values)].map((value) => ({ value }));
    const view = await draw("legend", { legend: ends },
      ({ encoding: { color } }) => {
        color.scale.type = type;
        if (wide) color.legend.values = marks;
      }, { actions: false });
    if (mine !== colouring) return;
    scale = view.scale("color");
  }
  find("#scale").textContent = !values.length ? "No system that is shown has this number."
    : `${wide ? "Logarithmic" : "Linear"} scale, ${values.length} systems; hatched: none.`;
  buttons.forEach((button, k) => paint(button, shown[k], scale));
  const rows = set.systems.map(shownOf).filter((pair) => Number.isFinite(cell(pair).exact));
  document.documentElement.dataset.coloured = column.name;
  find("#overview").hidden = !rows.length;
  if (!rows.length) return;
  const view = await draw("overview", {
    overview: rows.map((pair) => ({
      system: pair.system, level: pair.level, n: pair.n, kind: pair.kind,
      value: cell(pair).exact, shown: cell(pair).value, error: cell(pair).error || "\u2013",
    })),
  }, (chart) => {
    const { scale } = chart.encoding.y;
    scale.type = type;
    if (!wide) return;
    delete scale.zero;
    chart.encoding.y.axis.values = marks;
    chart.encoding.y.title = column.name + (column.unit === "1" ? "" : ` (${column.unit})`);
  });
  view.addEventListener("click", (_, item) => {
    if (item?.datum?.system) go(item.datum.system, item.datum.level);
  });
}
function paint(button, pair, scale) {
  const { exact, value } = cell(pair), known = Number.isFinite(exact);
  const fill = known ? scale(exact) : "";
  const [r, g, b] = (fill.match(/[\d.]+/g) ?? [255, 255, 255]).map(Number);
  button.style.background = fill;
  button.style.color = 0.299 * r + 0.587 * g + 0.114 * b < 118 ? "#fff" : "#000";
  button.classList.toggle("unknown", !known);
  const place = button.querySelector(".value");
  if (place) place.textContent = known ? short(exact) : "";
  button.setAttribute("aria-label", `${button.dataset.system}: ${known ? value : "no number"}`);
  button.title = pair ? `${pair.system} ${pair.level}: ${known ? value : "no number"}` : "";
}

// The panel of an entry.
function go(system, level) {
  const hash = `#${encodeURIComponent(system)}/${encodeURIComponent(level)}`;
  if (location.hash === hash) show();
  else location.hash = hash;
}
function asked() {
  let words = [location.hash.slice(1)];
  try {
    words = words[0].split("/").map(decodeURIComponent);
  } catch {
    // An address that is none is told as it stands.
  }
  const [system, level] = words;
  return system ? { system, level: level ?? set.first[system] } : null;
}
async function show() {
  const wanted = asked();
  const pair = wanted && pairs.get(key(wanted.system, wanted.level));
  find("#missing").textContent = wanted && !pair
    ? `The set has no ${wanted.system}${wanted.level ? ` at ${wanted.level}` : ""}.` : "";
  find("#entry").hidden = !pair;
  turn(false);
  open = pair;
  for (const button of document.querySelectorAll("button[data-system]")) {
    const { system, family, place } = button.dataset;
    const here = pair && (system === pair.system || (place && family === pair.family));
    here ? button.setAttribute("aria-current", "true") : button.removeAttribute("aria-current");
  }
  if (!pair) return;
  tell(pair);
  find("#entry-title").focus({ preventScroll: true });
  find("#entry").scrollIntoView({ behavior: calm.matches ? "auto" : "smooth" });
  await curves(pair);
  if (open === pair) document.documentElement.dataset.drawn = key(pair.system, pair.level);
}
function tell(pair) {
  const { system, level, n, bracket, numbers } = pair;
  find("#entry-title").innerHTML = set.names[system];
  find("#entry-what").textContent = `${n} electron${n > 1 ? "s" : ""}, ${level}`;
  choices("#levels", set.pairs.filter((one) => one.system === system), (one) => one.level, pair);
  choices("#family", set.systems.map((one) => pairs.get(key(one, set.first[one])))
    .filter((one) => one.family === pair.family), (one) => one.system, pair);
  find("#bracket").innerHTML =
    `<b>${bracket.lower || "?"} \u2264 <i>V</i><sub>SCE</sub> \u2264 ${bracket.upper} hartree</b>`;
  find("#bracket-from").textContent = bracket.said;
  const rows = Object.entries(numbers).map(([name, [value, error, exact]]) => {
    const { symbol, unit, meaning } = columns.get(name);
    const row = document.createElement("tr");
    row.dataset.name = name;
    row.innerHTML = `<th scope="row">${symbol}</th>`;
    for (const text of [value, error && `\u00b1 ${error}`, unit === "1" ? "" : unit]) {
      row.insertCell().textContent = text;
    }
    row.cells[1].dataset.cell = exact;
    row.cells[1].title = `in energies.csv: ${exact}`;
    const said = row.insertCell();
    said.className = "said";
    said.textContent = `${meaning} `;
    said.append(Object.assign(document.createElement("code"), { textContent: name }));
    return row;
  });
  find("#numbers tbody").replaceChildren(...rows);
  find("#python").textContent = "import comotion\n" +
    `pair = comotion.reference("${system}", "${level}")\n` +
    `pair.values["${numbers[chosen.column.value] ? chosen.column.value : "v_comotion"}"], ` +
    "pair.bounds, pair.density, pair.potential";
  find("#files").replaceChildren(...pair.files.map(([name, what]) => {
    const line = document.createElement("li");
    const file = set.links + name.split("/").map(encodeURIComponent).join("/");
    line.append(Object.assign(document.createElement("a"),
      { href: file, textContent: name, download: "" }));
    line.append(`: ${what}`);
    return line;
  }));
}
function choices(place, found, label, pair) {
  const name = label(pair);
  find(place).hidden = found.length < 2;
  find(`${place} span`).replaceChildren(...found.map((one) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label(one);
    button.setAttribute("aria-pressed", String(label(one) === name));
    button.addEventListener("click", () => go(one.system, one.level));
    return button;
  }));
}

// The keys: arrows go from element to element, Escape leaves the panel.
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
find("#elements").addEventListener("keydown", (event) => {
  const step = ARROWS[event.key];
  if (!step || !event.target.dataset.place) return;
  let [row, column] = event.target.dataset.place.split(",").map(Number);
  event.preventDefault();
  while (row > 0 && row < 11 && column > 0 && column < 19) {
    row += step[0];
    column += step[1];
    const next = find(`button[data-place="${row},${column}"]`);
    if (next) return next.focus();
  }
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && open) close();
});
function close() {
  const { system, family } = open;
  history.pushState(null, "", location.pathname + location.search);
  show();
  (find(`button[data-system="${system}"]`) ?? find(`button[data-family="${family}"]`))?.focus();
}
find("#close").addEventListener("click", close);
for (const button of document.querySelectorAll("button[data-system]")) {
  button.addEventListener("click", () => {
    const { system } = button.dataset;
    go(system, (shownOf(system) ?? pairs.get(key(system, set.first[system]))).level);
  });
}
chosen.column.addEventListener("change", () => { colour(); if (open) tell(open); });
chosen.level.addEventListener("change", colour);
addEventListener("hashchange", show);
// What is seen first needs no library; it is painted before they are asked.
requestAnimationFrame(() => setTimeout(async () => { await colour(); await show(); }));
