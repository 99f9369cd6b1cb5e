// The timeline: only the rows that can be seen exist.
const scroll = $("scroll"), body = $("rows");
let laneW = 1;
function x(t) { return (t - t0) / (t1 - t0) * laneW; }
function step() {
  const raw = (t1 - t0) / Math.max(1, laneW / 95), p = Math.pow(10, Math.floor(Math.log10(raw)));
  return [1, 2, 5, 10].map(k => k * p).find(s => s >= raw);
}
function label(ns, apart) {
  if (apart >= 1e9) return Math.round(ns / 1e9) + "s";
  if (apart >= 1e6) return (ns / 1e9).toFixed(apart >= 1e8 ? 1 : apart >= 1e7 ? 2 : 3) + "s";
  return (ns / 1e6).toFixed(apart >= 1e5 ? 1 : apart >= 1e4 ? 2 : 3) + "ms";
}
function marks() {
  const apart = step(), all = [];
  for (let k = Math.ceil((t0 - data.from) / apart); data.from + k * apart <= t1; k++) all.push(k * apart);
  return [all, apart];
}
function draw() {
  laneW = Math.max(1, $("axis").clientWidth);
  const [grid, apart] = marks();
  const ticks = $("ticks");
  ticks.replaceChildren();
  // No word lies on another: that of a rung goes before that of a mark, the later rung first.
  const taken = [], put = (cls, text, at, room) => {
    const clear = taken.every(([a, b]) => at + room <= a || at >= b), s = el("span", cls, clear ? text : "");
    if (clear) taken.push([at, at + room]);
    s.style.left = at + "px";
    ticks.append(s);
  };
  for (const r of [...data.rungs].reverse()) put("rung", "↯" + r.text, x(r.at), 14 + 8 * r.text.length);
  for (const m of grid) put("", label(m, apart), x(data.from + m), 12 + 8 * label(m, apart).length);
  body.style.height = shown.length * H + "px";
  const a = Math.max(0, Math.floor(scroll.scrollTop / H) - 3), b = Math.min(shown.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / H) + 3);
  const list = [];
  for (let i = a; i < b; i++) list.push(row(shown[i], i, grid));
  body.replaceChildren(...list);
  const w = $("map").clientWidth, span = last - first;
  $("view").style.left = (t0 - first) / span * w + "px";
  $("view").style.width = Math.max(6, (t1 - t0) / span * w) + "px";
}
let waiting = false;
function redraw() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; draw(); });
}
// marked is a name with what is searched for lit in it.
function marked(cls, name) {
  const e = el("span", cls), at = words ? name.toLowerCase().indexOf(words) : -1;
  if (at < 0) { e.textContent = name; return e; }
  e.append(name.slice(0, at), el("mark", "", name.slice(at, at + words.length)), name.slice(at + words.length));
  return e;
}
function row(i, place, grid) {
  const r = rows[i], e = el("div", "row" + (i === chosen ? " on" : "") + (words && !hits.has(i) ? " dim" : ""));
  e.style.top = place * H + "px";
  e.dataset.row = i;
  const who = el("div", "who" + (r.good ? "" : r.spoilt ? " spoilt" : " bad")), depth = Math.min(r.depth, 9), left = 28 + depth * 16;
  who.append(guides(i, left));
  const name = marked("name", r.name);
  name.style.paddingLeft = left + 10 + "px";
  who.append(name);
  if (r.below) {
    const fold = el("div", "fold");
    fold.style.left = left - 10 + "px";
    fold.title = folded.has(i) ? "unfold (Enter)" : "fold (Enter)";
    fold.dataset.fold = i;
    who.append(fold);
    if (folded.has(i)) who.append(el("span", "more", "+" + r.below));
  }
  who.append(el("span", "pid", r.pid || ""));
  const lane = el("div", "lane");
  for (const m of grid) put(lane, "grid", data.from + m);
  if (r.asked >= 0) put(lane, "track" + (r.turns.length ? "" : " unseen"), r.asked, r.until);
  else if (r.state === "exited" || r.state === "failed") put(lane, "track there", Math.max(data.from, r.born), r.until);
  let end = r.until;
  r.turns.forEach((t, k) => { end = Math.max(end, t.to); bar(lane, i, t, k); });
  for (const p of r.path) put(lane, "crit", p.at, p.at + p.for);
  for (const p of r.pauses) put(lane, "pause" + (p.held ? " held" : ""), p.from, p.to);
  let before = -99;
  for (const m of r.marks) if (m.at >= data.from && x(m.at) - before > 5) { put(lane, "bolt", m.at); before = x(m.at); }
  if (r.asked >= 0 || r.state === "exited" || r.state === "failed") ending(lane, r, end);
  e.append(who, lane);
  return e;
}
function guides(i, left) {
  const s = svg("svg", {}), r = rows[i], css = getComputedStyle(root), faint = css.getPropertyValue("--faint");
  if (r.parent >= 0 && r.depth <= 9) {
    s.append(svg("path", {d: "M" + (left - 16) + " 0V" + (r.last ? "7q0 6 6 6" : "13h6") + "H" + (left - 6) + (r.last ? "" : "M" + (left - 16) + " 0V26"), fill: "none", stroke: faint}));
    for (let p = r.parent; p >= 0 && rows[p].parent >= 0; p = rows[p].parent)
      if (!rows[p].last) s.append(svg("path", {d: "M" + (28 + rows[p].depth * 16 - 16) + " 0V26", stroke: faint}));
  }
  if (r.below && !folded.has(i) && r.depth < 9) s.append(svg("path", {d: "M" + left + " 18V26", stroke: faint}));
  if (folded.has(i)) s.append(svg("path", {d: "M" + (left - 3) + " 9l5 4l-5 4z", fill: css.getPropertyValue(r.good || r.spoilt ? "--signal" : "--fail")}));
  else if (r.spoilt) s.append(svg("path", {d: "M" + (left - 3) + " 8v10M" + (left - 3) + " 8.5l6.5 2.6l-6.5 2.6Z", stroke: css.getPropertyValue("--signal"), fill: css.getPropertyValue("--signal"), "stroke-width": 1.3}));
  else if (!r.good) s.append(svg("path", {d: "M" + (left - 3) + " 10l6 6m0-6l-6 6", stroke: css.getPropertyValue("--fail"), "stroke-width": 1.7}));
  else if (r.state === "exited") s.append(svg("circle", {cx: left, cy: 13, r: 3.5, fill: "none", stroke: css.getPropertyValue("--muted"), "stroke-width": 1.3}));
  else s.append(svg("circle", {cx: left, cy: 13, r: 4, fill: css.getPropertyValue("--ok")}));
  return s;
}

// Folding: what is below a process is not shown.
const folded = new Set();
for (let i = rows.length; i-- > 0;) {
  rows[i].below = rows[i].below || 0;
  if (rows[i].parent >= 0) rows[rows[i].parent].below = (rows[rows[i].parent].below || 0) + 1 + rows[i].below;
  rows[i].path = [];
}
for (const p of data.path) rows[p.row].path.push(p);
function refold() {
  shown = [];
  for (let i = 0; i < rows.length; i += folded.has(i) ? 1 + rows[i].below : 1) shown.push(i);
  redraw();
}
function fold(i) {
  if (!rows[i].below) return;
  if (!folded.delete(i)) folded.add(i);
  refold();
}
// unfold shows a row whatever is folded.
function unfold(i) {
  let hidden = false;
  for (let p = rows[i].parent; p >= 0; p = rows[p].parent) hidden = folded.delete(p) || hidden;
  if (hidden) refold();
}
function put(lane, cls, from, to) {
  let a = x(from);
  if (a > laneW + 20 || (to === undefined ? a < -20 : x(to) < -20)) return null;
  const e = el("div", cls);
  if (to !== undefined) {
    const b = Math.min(x(to), laneW + 40);
    a = Math.max(a, -40);
    e.style.width = Math.max(0, b - a) + "px";
  }
  e.style.left = a + "px";
  lane.append(e);
  return e;
}
function bar(lane, i, t, k) {
  const waits = t.waits && !bad(t);
  const e = put(lane, "bar " + hue(t) + (waits ? " wait" : "") + (k % 2 ? " too" : "") + (lit === t ? " lit" : ""), t.from, t.to);
  if (!e) return;
  e.dataset.turn = k;
  const w = parseFloat(e.style.width);
  if (w < 30) return;
  const name = (bad(t) ? "✗ " : "") + (t.injected ? "⚑ " : "") + t.name, s = marked("", waits && w > 260 ? name + " · waits for " + others(t) : name);
  if (x(t.from) < 0) s.style.marginLeft = Math.min(-x(t.from), 40) + (waits ? 14 : 0) + "px";
  e.append(s);
  if (!waits && w > name.length * 7.3 + 70) e.append(el("i", "", t.err || took(t.to - t.from)));
}
function ending(lane, r, end) {
  const living = r.state !== "exited" && r.state !== "failed", fine = r.good && !living;
  const e = put(lane, "end " + (living ? "alive" : r.spoilt ? "spoilt" : !r.good ? "bad" : r.turns.length ? "good" : ""), end);
  if (!e) return;
  const time = r.asked >= 0 && r.until > r.asked ? " " + took(r.until - r.asked) : "";
  e.textContent = fine ? (r.turns.length ? "✓" : r.result) + time : (living ? "" : r.spoilt ? "⚑ " : "✗ ") + r.result + time;
  e.style.maxWidth = Math.max(60, laneW - x(end)) + "px";
}

// Zoom and pan.
function look(a, b) {
  let w = Math.min(Math.max(b - a, least), last - first);
  a = Math.min(Math.max(a, first), last - w);
  t0 = a; t1 = a + w;
  redraw();
}
function zoom(k, at) {
  if (at === undefined) at = (t0 + t1) / 2;
  look(at - (at - t0) * k, at + (t1 - at) * k);
}
function timeAt(clientX) { return t0 + (clientX - $("axis").getBoundingClientRect().left) / laneW * (t1 - t0); }
$("chart").addEventListener("wheel", e => {
  if (e.ctrlKey || e.metaKey) {
    e.preventDefault();
    zoom(Math.exp(Math.max(-60, Math.min(60, e.deltaY)) * 0.008), timeAt(e.clientX));
  } else if (e.shiftKey || Math.abs(e.deltaX) > Math.abs(e.deltaY)) {
    e.preventDefault();
    const d = (e.deltaX || e.deltaY) / laneW * (t1 - t0);
    look(t0 + d, t1 + d);
  }
}, {passive: false});
$("in").onclick = () => zoom(0.6);
$("out").onclick = () => zoom(1 / 0.6);
$("fit").onclick = () => look(first, last);
function drag(target, start, move, stop) {
  target.addEventListener("pointerdown", e => {
    if (e.button !== 0) return;
    const from = start(e);
    if (from === undefined) return;
    const go = m => move(m, from), done = m => {
      removeEventListener("pointermove", go);
      removeEventListener("pointerup", done);
      if (stop) stop(m, from);
    };
    addEventListener("pointermove", go);
    addEventListener("pointerup", done);
  });
}
body.addEventListener("mousedown", e => { // no dblclick: the row is another element since the first click
  const b = e.target.closest(".bar"), line = e.target.closest(".row");
  if (e.detail !== 2 || !line || e.target.closest(".who")) return;
  const r = rows[line.dataset.row], t = b ? r.turns[b.dataset.turn] : {from: r.asked >= 0 ? r.asked : r.until, to: r.until};
  look(t.from - (t.to - t.from) * 0.1 - 1, t.to + (t.to - t.from) * 0.2 + 1);
});
drag(body, e => e.target.closest(".lane") ? {x: e.clientX, a: t0, b: t1} : undefined, (e, f) => {
  const d = (f.x - e.clientX) / laneW * (f.b - f.a);
  if (Math.abs(f.x - e.clientX) > 3) look(f.a + d, f.b + d);
});
drag($("axis"), e => e.clientX, (e, from) => {
  const left = $("axis").getBoundingClientRect().left, r = $("range");
  r.style.display = "block";
  r.style.left = Math.min(from, e.clientX) - left + "px";
  r.style.width = Math.abs(e.clientX - from) + "px";
}, (e, from) => {
  $("range").style.display = "none";
  if (Math.abs(e.clientX - from) > 5) look(Math.min(timeAt(from), timeAt(e.clientX)), Math.max(timeAt(from), timeAt(e.clientX)));
});
$("axis").ondblclick = () => look(first, last);
function toMap(e) {
  const box = $("map").getBoundingClientRect(), at = first + (e.clientX - box.left) / box.width * (last - first), w = t1 - t0;
  look(at - w / 2, at + w / 2);
}
drag($("map"), e => { toMap(e); return e; }, toMap);

// The overview: how many handlers work at each moment.
function overview() {
  const c = $("overview"), w = c.clientWidth, h = c.clientHeight, k = window.devicePixelRatio || 1, g = c.getContext("2d"), css = getComputedStyle(root);
  c.width = w * k; c.height = h * k;
  g.scale(k, k);
  const own = new Float64Array(w + 1), shared = new Float64Array(w + 1), broken = new Float64Array(w + 1), put = new Float64Array(w + 1);
  const at = t => Math.min(w, Math.max(0, Math.round((t - first) / (last - first) * w)));
  for (const r of rows) for (const t of r.turns) {
    if (t.waits && !bad(t)) continue;
    const to = bad(t) ? broken : spoilt(t) ? put : t.origin === "local" ? own : shared;
    for (let i = at(t.from); i <= at(t.to) && i <= w; i++) to[i]++;
  }
  let most = 1;
  for (let i = 0; i <= w; i++) most = Math.max(most, own[i] + shared[i] + broken[i] + put[i]);
  for (let i = 0; i <= w; i++) {
    let y = h;
    for (const [n, name] of [[own[i], "--local"], [shared[i], "--shared"], [broken[i], "--fail"], [put[i], "--signal"]]) {
      g.fillStyle = css.getPropertyValue(name);
      g.globalAlpha = 0.6;
      g.fillRect(i, y - n / most * h, 1, n / most * h);
      y -= n / most * h;
    }
  }
}
