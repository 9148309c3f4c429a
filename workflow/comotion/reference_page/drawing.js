// What the page draws of a pair: its curves, and its electrons as they turn. Vega draws; here its
// data are unpacked and made into rows.
const find = (selector) => document.querySelector(selector);
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const key = (system, level) => `${system}/${level}`;
const charts = read("charts");
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const FRAME = 50, STEP = 1, MANY = 20;
// What is drawn, by the names of the places: for whoever looks at it from outside.
const drawn = window.drawn = {};
let turning = null;

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

function packedOf(pair) {
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
  const known = packedOf(pair), { n, r, density, potential, shells, q, radii, energies } = known;
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

