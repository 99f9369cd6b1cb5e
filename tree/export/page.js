// What all parts of the page use, and its head. The parts are one script, in one
// function: page, lanes, side.
const data = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const rows = data.rows, H = 26, root = document.documentElement;
const least = 1000; // ns: nothing shorter than a microsecond fills the view
let t0 = data.from, t1 = data.to, chosen = -1, lit = null, words = "", shown = rows.map((_, i) => i), hits = new Set();
const room = Math.max(1e6, (data.to - data.from) * 0.17); // behind the end, for how processes ended
const first = data.from - (data.to - data.from) * 0.015, last = data.to + room;
t0 = first; t1 = last;

// el makes an element; what is told by processes only ever becomes text.
function el(tag, cls, text) {
  const e = document.createElement(tag);
  if (cls) e.className = cls;
  if (text !== undefined) e.textContent = text;
  return e;
}
function svg(tag, attrs) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const k in attrs) e.setAttribute(k, attrs[k]);
  return e;
}
function took(ns) {
  const ms = ns / 1e6;
  if (ms < 1) return Math.round(ms * 1000) + "us";
  if (ms < 10) return ms.toFixed(1) + "ms";
  if (ms < 1000) return Math.floor(ms) + "ms";
  if (ms < 60000) return (ms / 1000).toFixed(2) + "s";
  return Math.floor(ms / 60000) + "m" + String(Math.floor(ms / 1000) % 60).padStart(2, "0") + "s";
}
function offset(ns) { return (ns < data.from ? "-" : "+") + (Math.abs(ns - data.from) / 1e9).toFixed(3) + "s"; }
function bad(t) { return (t.state === "failed" || t.state === "lost") && !spoilt(t); }
// spoilt says that a handler was kept from its work on purpose; one that was delayed did it.
function spoilt(t) { return !!t.injected && !t.injected.startsWith("delay"); }
function hue(t) { return bad(t) ? "bad" : spoilt(t) ? "spoilt" : t.origin === "local" ? "local" : "shared"; }
function others(t) { return t.waits.length === 1 && t.waits[0] >= 0 ? rows[t.waits[0]].name : t.waits.length + " processes"; }

// The head.
$("title").textContent = data.title;
$("title").title = data.command;
$("where").textContent = [data.host, data.start].filter(Boolean).join(" · ");
$("where").title = data.observer;
$("total").textContent = took(data.to - data.from);
if (data.cause) $("facts").append(el("span", "signal", "↯ " + data.cause));
for (const [key, what] of [["processes", "processes"], ["exited", "exited"], ["failed", "failed"], ["alive", "alive"], ["handlers", "handlers"], ["broken", "handlers failed"], ["lost", "lost"], ["skipped", "skipped"], ["injected", "injected"]]) {
  if (!data.counts[key]) continue;
  const s = el("span");
  s.append(el("b", key, data.counts[key]), " " + (data.counts[key] > 1 ? what : what.replace("processes", "process").replace("handlers", "handler")));
  $("facts").append(s);
}
