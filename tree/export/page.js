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
// took is tree.Took.
function took(ns) {
  if (ns < 0) return "-" + took(-ns);
  const half = (n, decimals) => (Math.floor(n * 10 ** decimals + 0.5) / 10 ** decimals).toFixed(decimals);
  const pair = (n, units) => Math.floor(n / 60) + units[0] + String(n % 60).padStart(2, "0") + units[1];
  if (ns < 999.5e3) return half(ns / 1e3, 0) + "µs";
  if (ns < 9.95e6) return half(ns / 1e6, 1) + "ms";
  if (ns < 999.5e6) return half(ns / 1e6, 0) + "ms";
  if (ns < 9.995e9) return half(ns / 1e9, 2) + "s";
  if (ns < 99.95e9) return half(ns / 1e9, 1) + "s";
  if (ns < 3599.5e9) return pair(Math.round(ns / 1e9), "ms");
  return pair(Math.round(ns / 60e9), "hm");
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
$("total").textContent = took(data.total);
if (data.cause) $("facts").append(el("span", "signal", "↯ " + data.cause));
for (const [key, what] of [["processes", "processes"], ["exited", "exited"], ["failed", "failed"], ["alive", "alive"], ["handlers", "handlers"], ["broken", "handlers failed"], ["lost", "lost"], ["skipped", "skipped"], ["injected", "injected"]]) {
  if (!data.counts[key]) continue;
  const s = el("span");
  s.append(el("b", key, data.counts[key]), " " + (data.counts[key] > 1 ? what : what.replace("processes", "process").replace("handlers", "handler")));
  $("facts").append(s);
}
