// Electrons of a transport plan, one configuration after another: play, pause, a slider, turning.
{
  const curve = JSON.parse(document.querySelector("#curve").textContent);
  const view = document.querySelector("#electrons");
  const place = document.querySelector("#place");
  const play = document.querySelector("#play");
  const known = document.querySelector("#known");
  const table = document.querySelector("#distances tbody");
  const SIZE = 420, HALF = SIZE / 2, EDGE = 0.9 * HALF, TURN = 0.01, PAUSE = 90, LABEL = 12;
  const all = curve.radii.flat();
  const outer = Math.max(...all), inner = (curve.shells[0] ?? outer) / 4;
  // Distances from the nucleus on one logarithmic scale, so that inner electrons can be told apart.
  const scale = (r) => Math.log1p(r / inner) / Math.log1p(outer / inner) * EDGE;
  let azimuth = 0.5, tilt = 0.35, playing = null;

  function turned([x, y, z]) {
    const a = x * Math.cos(azimuth) - y * Math.sin(azimuth);
    const b = x * Math.sin(azimuth) + y * Math.cos(azimuth);
    return [a, b * Math.sin(tilt) - z * Math.cos(tilt), b * Math.cos(tilt) + z * Math.sin(tilt)];
  }
  function drawn(xyz) {
    const r = Math.hypot(...xyz), factor = r > 0 ? scale(r) / r : 0;
    return turned(xyz.map((value) => value * factor));
  }
  function show() {
    const k = Number(place.value), n = curve.radii[k].length;
    const parts = curve.shells.map((a) => `<circle class="shell" r="${scale(a).toFixed(2)}"/>`);
    let last = 0;
    curve.shells.forEach((a, i) => {
      // A label only where there is room for it.
      if (scale(a) - last < LABEL) return;
      last = scale(a);
      parts.push(`<text class="ring" y="${-last.toFixed(2)}">a${i + 1} ${a.toPrecision(3)}</text>`);
    });
    parts.push('<path class="nucleus" d="M-6 0H6M0-6V6"/>');
    const balls = curve.positions[k].map((xyz, i) => [...drawn(xyz), i]);
    for (const [x, y, depth, i] of balls.sort((a, b) => a[2] - b[2])) {
      const size = 8 + 3 * depth / HALF, light = 20 + 65 * i / Math.max(n - 1, 1);
      parts.push(`<line class="spoke" x2="${x.toFixed(2)}" y2="${y.toFixed(2)}"/>` +
        `<circle class="electron" data-shell="${i + 1}" cx="${x.toFixed(2)}" cy="${y.toFixed(2)}" ` +
        `r="${size.toFixed(2)}" fill="hsl(215,45%,${light}%)"/>` +
        `<text class="number" x="${x.toFixed(2)}" y="${y.toFixed(2)}" ` +
        `fill="${light < 55 ? "#fff" : "#000"}">${i + 1}</text>`);
    }
    view.innerHTML = parts.join("");
    let nearest = Infinity;
    const at = curve.positions[k];
    at.forEach((a, i) => at.slice(i + 1).forEach((b) => {
      nearest = Math.min(nearest, Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]));
    }));
    known.textContent = `r\u2081 = ${curve.radii[k][0].toPrecision(4)} bohr, q = ` +
      `${curve.q[k].toPrecision(4)}, repulsion ${curve.energies[k].toPrecision(6)} hartree` +
      (n > 1 ? `, nearest pair ${nearest.toPrecision(4)} bohr` : "");
    table.innerHTML = curve.radii[k].map((r, i) =>
      `<tr><td>${i + 1}</td><td>${r.toPrecision(4)}</td></tr>`).join("");
  }
  function stop() {
    clearInterval(playing);
    playing = null;
    play.textContent = "play";
  }
  play.addEventListener("click", () => {
    if (playing) return stop();
    play.textContent = "pause";
    let step = 1;
    playing = setInterval(() => {
      // At an end the electrons turn round and go back through their shells.
      const next = Number(place.value) + step;
      if (next > Number(place.max) || next < 0) step = -step;
      place.value = Number(place.value) + step;
      show();
    }, PAUSE);
  });
  place.addEventListener("input", () => { stop(); show(); });
  view.addEventListener("pointermove", (event) => {
    if (!event.buttons) return;
    azimuth += TURN * event.movementX;
    tilt = Math.max(-1.5, Math.min(1.5, tilt + TURN * event.movementY));
    show();
  });
  place.max = curve.q.length - 1;
  show();
}
