// One process: what it is, and its handlers.
function choose(i, turn, move) {
  chosen = i;
  lit = turn || null;
  if (i >= 0) unfold(i);
  if (i >= 0 && move !== false) {
    const y = shown.indexOf(i) * H;
    if (y < scroll.scrollTop) scroll.scrollTop = y;
    if (y + H > scroll.scrollTop + scroll.clientHeight) scroll.scrollTop = y + H - scroll.clientHeight;
  }
  if (i >= 0) { about(rows[i]); redraw(); }
}
function about(r) {
  $("who").replaceChildren(r.name, el("small", "", " " + (r.pid || "") + " · " + r.id));
  const lines = [r.argv, r.result + (r.asked >= 0 ? ", " + took(r.until - r.asked) + " after it was asked to end" : "") + (r.orphan ? ", orphaned" : "")];
  if (r.grace) lines.push("grace period " + took(r.grace));
  $("about").replaceChildren(...lines.filter(Boolean).map(l => el("div", "", l)));
  $("stack").replaceChildren(...r.turns.map(t => card(r, t)), ...r.never.map(t => card(r, t, true)));
  if (!r.turns.length && !r.never.length) $("stack").append(el("div", "m0", r.reports ? "no exit handlers" : "tells nothing of exit handlers"));
}
function card(r, t, never) {
  const c = el("div", "card " + hue(t) + (never ? " never" : "") + (lit === t ? " lit" : "")), top = el("div");
  top.append(el("b", "", t.name), el("em", "", never ? t.state : (bad(t) ? "✗ " : t.injected ? "⚑ " : "") + took(t.to - t.from)));
  c.append(top, el("small", "", [t.by ? "shared by " + t.by : t.origin, t.src, t.limit ? "limit " + took(t.limit) : "", t.waits ? "waits for " + others(t) : "", t.injected ? "injected: " + t.injected : ""].filter(Boolean).join(" · ")));
  if (t.err) c.append(el("small", "err", t.err));
  if (!never) c.onclick = () => show(rows.indexOf(r), t.from, t.to, t);
  return c;
}
// show brings a moment of a process into view.
function show(i, from, to, turn) {
  choose(i, turn);
  if (from < t0 || to > t1) look(from - (t1 - t0) * 0.2, from + (t1 - t0) * 0.8);
}

// The tabs: findings, critical path, log.
const tabs = [
  {id: "found", name: "Findings", n: data.findings.length, cls: data.findings.length ? "bad" : ""},
  {id: "path", name: "Critical path", n: data.path.length},
  {id: "log", name: "Log", n: data.log.length + (data.more || 0)},
];
function tab(id) {
  for (const t of tabs) {
    t.button.setAttribute("aria-selected", t.id === id);
    $(t.id).hidden = t.id !== id;
  }
  say();
}
for (const t of tabs) {
  t.button = el("button", t.cls, t.name);
  t.button.append(el("small", "", t.n));
  t.button.setAttribute("role", "tab");
  t.button.setAttribute("aria-controls", t.id);
  t.button.onclick = () => tab(t.id);
  $("tabs").append(t.button);
}

// The log: only the lines that can be seen exist.
const signs = ["·", "↯", "▸", "✓", "○", "✗", "│", "·"], log = $("log"), L = 18;
const events = data.log.slice().sort((a, b) => a.at - b.at);
const inner = el("div");
inner.style.position = "relative";
inner.style.height = events.length * L + "px";
log.append(inner);
function say() {
  if (log.hidden) return;
  const a = Math.max(0, Math.floor(log.scrollTop / L) - 4), b = Math.min(events.length, a + Math.ceil(log.clientHeight / L) + 9), list = [];
  for (let i = a; i < b; i++) {
    const v = events[i], e = el("div", "say b" + v.mood);
    e.style.cssText = "position:absolute;left:0;right:0;height:" + L + "px;top:" + i * L + "px";
    e.append(el("time", "", offset(v.at)), el("span", "m" + v.mood, signs[v.mood]), el("span", "n", v.row >= 0 ? rows[v.row].name : ""), el("span", "t", v.text));
    e.title = v.text;
    e.onclick = () => { if (v.row >= 0) show(v.row, v.at, v.at); };
    list.push(e);
  }
  inner.replaceChildren(...list);
}
log.addEventListener("scroll", () => requestAnimationFrame(say));
if (data.more) log.append(el("div", "none", "and " + data.more + " more lines, left out"));

// The findings, and the pieces of the critical path.
const most = 500; // more nobody reads one after another
for (const f of data.findings.slice(0, most)) {
  const e = el("div", "finding" + (f.spoilt ? " spoilt" : "")), rule = el("p", "rule", f.rule || "");
  e.append(el("p", "", f.text));
  if (f.advice) e.append(el("p", "do", f.advice));
  const at = f.at || (f.row >= 0 ? rows[f.row].asked : -1);
  if (at >= 0) rule.append(el("span", "", offset(at)));
  e.append(rule);
  e.onclick = () => {
    if (f.row >= 0) show(f.row, at, at, rows[f.row].turns.find(t => t.name === f.handler));
  };
  $("found").append(e);
}
if (data.findings.length > most) $("found").append(el("div", "none", "and " + (data.findings.length - most) + " more, see multiexit analyze"));
if (!data.findings.length) $("found").append(el("div", "none", "It went as it should."));
for (const p of data.path) {
  const e = el("div", "step"), share = el("i");
  share.style.width = Math.min(100, p.for / (data.to - data.from) * 100) + "%";
  e.append(el("time", "", offset(p.at)), el("b", "", took(p.for)), el("span", "n", rows[p.row].name), el("span", "t", p.text), share);
  if (p.injected) e.insertBefore(el("span", "put", "⚑ injected: " + p.injected), share);
  e.title = rows[p.row].name + ": " + p.text + (p.injected ? " (injected: " + p.injected + ")" : "");
  e.onclick = () => show(p.row, p.at, p.at + p.for, rows[p.row].turns.find(t => t.from < p.at + p.for && t.to > p.at));
  $("path").append(e);
}
if (!data.path.length) $("path").append(el("div", "none", "Nothing was shut down."));

// Search.
function search(text) {
  words = text.trim().toLowerCase();
  hits = new Set();
  let turns = 0;
  if (words) rows.forEach((r, i) => {
    const n = r.turns.filter(t => (t.name + " " + (t.err || "")).toLowerCase().includes(words)).length;
    turns += n;
    if (n || (r.name + " " + r.pid + " " + r.id + " " + r.argv).toLowerCase().includes(words)) hits.add(i);
  });
  $("hits").textContent = words ? hits.size + " of " + rows.length : "";
  redraw();
}
function next(by) {
  const list = words ? rows.map((_, i) => i).filter(i => hits.has(i)) : shown;
  if (!list.length) return;
  const at = list.indexOf(chosen);
  choose(at < 0 ? (words && by > 0 ? list.find(i => i > chosen) ?? list[0] : list[0]) : list[Math.min(Math.max(at + by, 0), list.length - 1)]);
}
$("search").oninput = e => search(e.target.value);
$("search").onkeydown = e => {
  if (e.key === "Escape") { e.target.value = ""; search(""); e.target.blur(); }
  if (e.key === "Enter") next(e.shiftKey ? -1 : 1);
  e.stopPropagation();
};

// Pointer and keys.
function hover(e) {
  const tip = $("tip"), lane = e.target.closest && e.target.closest(".lane, #axis"), line = e.target.closest && e.target.closest(".row");
  const cursor = $("cursor");
  cursor.style.display = lane ? "block" : "none";
  if (lane) {
    cursor.style.left = e.clientX - $("chart").getBoundingClientRect().left + "px";
    $("when").textContent = offset(timeAt(e.clientX));
  }
  if (!line) { tip.style.display = "none"; return; }
  const r = rows[line.dataset.row], b = e.target.closest(".bar");
  tip.replaceChildren();
  if (b) {
    const t = r.turns[b.dataset.turn];
    tip.append(el("b", "", t.name), el("p", "", r.name + " " + (r.pid || "")), el("p", "", t.state + " · " + offset(t.from) + " · " + took(t.to - t.from) + (t.limit ? " of " + took(t.limit) : "")),
      el("p", "", (t.by ? "shared by " + t.by : t.origin) + (t.src ? " · " + t.src : "")));
    if (t.waits) tip.append(el("p", "", "waits for " + t.waits.map(i => i >= 0 ? rows[i].name : "?").slice(0, 12).join(", ")));
    if (t.err) tip.append(el("p", "err", t.err));
    if (t.injected) tip.append(el("p", "put", "injected: " + t.injected));
  } else {
    tip.append(el("b", "", r.name + " " + (r.pid || "")), el("p", r.good ? "" : r.spoilt ? "put" : "err", r.result));
    for (const m of r.marks.slice(0, 6)) tip.append(el("p", "", "↯ " + m.text + " " + offset(m.at) + (m.by ? " by " + m.by : "")));
  }
  tip.style.display = "block";
  const w = tip.offsetWidth, h = tip.offsetHeight;
  tip.style.left = Math.max(4, Math.min(e.clientX + 16, innerWidth - w - 8)) + "px";
  tip.style.top = (e.clientY + 20 + h > innerHeight ? e.clientY - h - 12 : e.clientY + 20) + "px";
}
addEventListener("pointermove", hover);
document.addEventListener("pointerleave", () => { $("tip").style.display = $("cursor").style.display = "none"; });
body.addEventListener("click", e => {
  if (e.target.dataset.fold) return fold(+e.target.dataset.fold);
  const line = e.target.closest(".row"), b = e.target.closest(".bar");
  if (line) choose(+line.dataset.row, b ? rows[line.dataset.row].turns[b.dataset.turn] : null, false);
});
addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const w = t1 - t0;
  switch (e.key) {
    case "/": $("search").focus(); break;
    case "+": case "=": case "w": zoom(0.6); break;
    case "-": case "s": zoom(1 / 0.6); break;
    case "0": look(first, last); break;
    case "ArrowLeft": case "a": look(t0 - w / 8, t1 - w / 8); break;
    case "ArrowRight": case "d": look(t0 + w / 8, t1 + w / 8); break;
    case "Enter": case " ":
      if (e.target.tagName === "BUTTON") return;
      if (chosen >= 0) fold(chosen);
      break;
    case "?": keys(); break;
    case "Escape": keys(false); if (words) { $("search").value = ""; search(""); } break;
    case "1": case "2": case "3": tab(tabs[e.key - 1].id); break;
    case "PageDown": next(Math.max(1, Math.floor(scroll.clientHeight / H) - 1)); break;
    case "PageUp": next(-Math.max(1, Math.floor(scroll.clientHeight / H) - 1)); break;
    case "Home": case "g": next(-rows.length); break;
    case "End": case "G": next(rows.length); break;
    case "ArrowDown": case "j": next(1); break;
    case "ArrowUp": case "k": next(-1); break;
    default: return;
  }
  e.preventDefault();
});
for (const [key, what] of [["up down, j k", "process"], ["left right, a d", "pan"], ["+ -, w s", "zoom"], ["0", "all of it"], ["Enter", "fold, unfold"], ["/, Enter", "search, next hit"], ["1 2 3", "findings, path, log"], ["Esc", "end of search"],
  ["drag", "pan; on the axis: a range"], ["double click", "zoom to it"], ["ctrl + wheel", "zoom"]]) {
  const line = el("div");
  line.append(el("b", "", key), el("span", "", what));
  $("keys").append(line);
}
function keys(open) { $("keys").style.display = (open === undefined ? $("keys").style.display !== "block" : open) ? "block" : "none"; }
$("help").onclick = () => keys();
for (const b of document.querySelectorAll("button")) b.addEventListener("click", e => { if (e.detail) b.blur(); }); // keys are for the page again
function paint(light) {
  root.classList.toggle("light", light);
  overview();
  draw();
}
$("theme").onclick = () => paint(!root.classList.contains("light"));
scroll.addEventListener("scroll", redraw);
addEventListener("resize", () => { overview(); redraw(); say(); });
paint(matchMedia("(prefers-color-scheme: light)").matches);
if (rows.length) { // what failed by itself comes before what was made to
  const failed = rows.findIndex(r => !r.good && !r.spoilt);
  choose(Math.max(0, failed >= 0 ? failed : rows.findIndex(r => !r.good)));
}
tab(data.findings.length ? "found" : data.path.length ? "path" : "log");
