// The page of a reference set: colours, the panel of an entry, and what the keys do. Vega draws.
"use strict";
{
  const find = (selector) => document.querySelector(selector);
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const set = read("set"), charts = read("charts");
  const columns = new Map(set.columns.map((one) => [one.name, one]));
  const key = (system, level) => `${system}/${level}`;
  const pairs = new Map(set.pairs.map((one) => [key(one.system, one.level), one]));
  const chosen = { column: find("#column"), level: find("#level") };
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const WIDE = 30, FRAME = 50, STEP = 1, MANY = 20;
  // What is drawn, by the names of the places: for whoever looks at it from outside.
  const drawn = window.drawn = {};
  let turning = null, open = null;

  // Charts: a specification gets its data and is drawn anew.
  async function draw(name, datasets, change = () => {}, options = {}) {
    const specification = structuredClone(charts[name]);
    specification.datasets = datasets;
    change(specification);
    const before = await drawn[name];
    before?.finalize();
    drawn[name] = vegaEmbed(`#${name}`, specification, {
      mode: "vega-lite", renderer: "svg", ...options,
      actions: options.actions ?? { export: true, source: false, compiled: false, editor: false },
    });
    return (await drawn[name]).view;
  }
  function unpacked({ low, high, log, words }) {
    const bytes = Uint8Array.from(atob(words), (one) => one.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Array.from({ length: bytes.length / 2 }, (_, k) => {
      const value = low + (high - low) * view.getUint16(2 * k, true) / 65535;
      return log ? Math.exp(value) : value;
    });
  }

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
    button.style.color = 0.299 * r + 0.587 * g + 0.114 * b < 140 ? "#fff" : "#000";
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
    const [system, level] = location.hash.slice(1).split("/").map(decodeURIComponent);
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
    document.documentElement.dataset.drawn = key(pair.system, pair.level);
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
    find("#bracket-from").textContent =
      `The lower end is from ${bracket.lower_from}, the upper one from ${bracket.upper_from}.` +
      (numbers.lower_proven
        ? ` Proven from a certificate: ${numbers.lower_proven[0]} \u2264 V_SCE.` : "");
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
    find("#files").replaceChildren(...pair.files.map((name) => {
      const line = document.createElement("li");
      const file = set.links + name.split("/").map(encodeURIComponent).join("/");
      line.append(Object.assign(document.createElement("a"),
        { href: file, textContent: name, download: "" }));
      line.append(name.endsWith(".h5") ? ": density, plan and potential, HDF5"
        : ": certificate of the proven bound, JSON");
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

  function data(pair) {
    const id = `pair ${key(pair.system, pair.level)}`;
    const { n, ...packed } = read(id);
    return { n, ...Object.fromEntries(Object.entries(packed).map(
      ([name, one]) => [name, unpacked(one)])) };
  }
  // The shell in which f_i lies when the first electron is in shell s; both count from 0.
  function shellOf(i, s, n) {
    if (i % 2) return s < i + 1 ? i - s : s - i - 1;
    return s + i < n ? s + i : 2 * n - i - s - 1;
  }
  function functions({ n, q, radii }) {
    const every = Math.ceil(q.length * n * n / 8000);
    const kept = [...q.keys()].filter((k) => k % every === 0 || k === q.length - 1);
    const rows = [];
    for (let i = 0; i < n; i++) {
      for (let s = 0; s < n; s++) {
        // Upwards in even shells: the radius of the first electron rises along the curve there.
        for (const k of s % 2 ? [...kept].reverse() : kept) {
          rows.push({ i: i + 1, r: radii[k * n + s], y: radii[k * n + shellOf(i, s, n)] });
        }
        // The line breaks at a shell radius.
        rows.push({ i: i + 1, r: radii[(s % 2 ? kept[0] : kept.at(-1)) * n + s], y: null });
      }
    }
    return rows;
  }
  function electrons({ n, q, radii, directions }, shells) {
    const outer = Math.max(...radii), inner = (shells[0] ?? outer) / 4;
    const scaled = (r) => Math.log1p(r / inner) / Math.log1p(outer / inner);
    const rows = q.flatMap((_, frame) => Array.from({ length: n }, (_, i) => {
      const at = frame * n + i, r = radii[at];
      const [x, y, z] = [0, 1, 2].map((axis) => directions[3 * at + axis] * scaled(r));
      return { frame, i: i + 1, r, x, y, z, middle: 0, light: i > 0.55 * (n - 1) };
    }));
    const decades = [-4, -3, -2, -1, 0, 1, 2].map((power) => 10 ** power)
      .filter((r) => r < outer && scaled(r) > 0.12);
    const rings = [...decades, outer].map((r, k) => ({
      s: scaled(r), label: k < decades.length ? `${r}` : `${Number(r.toPrecision(2))} bohr`,
      first: k === 0, middle: 0,
    }));
    return { electrons: rows, rings };
  }
  async function curves(pair) {
    const known = data(pair), { n, r, density, potential, shells, q, radii, energies } = known;
    const most = Math.max(...potential);
    const curve = r.map((one, k) => ({ curve: "u(r)", r: one, y: potential[k] }));
    const tail = r.map((one) => ({ curve: "(N\u22121)/r", r: one, y: (n - 1) / one }))
      .filter((one) => n > 1 && one.y <= 1.1 * most);
    const about = (what) => (chart) => {
      chart.description = `${what} of ${pair.system} at ${pair.level}`;
    };
    // Who opens another entry meanwhile wants no more of this one.
    const gone = () => open !== pair;
    await draw("density", { density: r.map((one, k) => ({ r: one, y: density[k] })) },
      about("radial density"));
    if (gone()) return;
    await draw("comotion", { comotion: functions(known), shells: shells.map((a) => ({ a })) },
      (chart) => {
        about("co-motion functions")(chart);
        const { legend } = chart.layer[1].encoding.color;
        if (n <= 10) legend.values = Array.from({ length: n }, (_, i) => i + 1);
      }, { renderer: "canvas" });
    if (gone()) return;
    await draw("potential", { potential: [...curve, ...tail] }, about("potential"));
    if (gone()) return;
    const view = await draw("electrons", electrons(known, shells), (chart) => {
      about("electrons in space")(chart);
      const place = chart.params.find((one) => one.name === "place");
      place.bind.max = q.length - 1;
      place.value = Math.floor(q.length / 2);
      if (n <= MANY) return;
      for (const { mark, encoding } of chart.layer) {
        if (mark.type === "circle") encoding.size.scale.range = [50, 130];
        if (mark.type === "text") mark.fontSize = 8;
      }
    }, { renderer: "canvas", bind: "#sliders" });
    const tellPlace = () => {
      const k = view.signal("place");
      find("#known").textContent = `q = ${short(q[k])}, innermost electron at ` +
        `${short(radii[k * n])} bohr, repulsion ${energies[k].toPrecision(6)} hartree`;
    };
    view.addSignalListener("place", tellPlace);
    tellPlace();
    if (gone()) return;
    if (!calm.matches) turn(true, view);
    find("#play").onclick = () => turn(!turning, view);
  }
  function turn(on, view) {
    clearInterval(turning);
    turning = on ? setInterval(() => {
      if (document.hidden) return;
      view.signal("turn", (view.signal("turn") + STEP) % 360).runAsync();
    }, FRAME) : null;
    find("#play").textContent = on ? "pause" : "play";
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
}
