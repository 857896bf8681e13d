"use strict";
// Draws every chart from the figures in the page and lets a reader explore them; asks the network for nothing.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const data = read("rows"), specs = read("specs"), views = {};

const held = (spec) => [spec, ...(spec.layer ?? [])].filter((part) => part.data?.values);

function specification(name) {
  const spec = structuredClone(specs[name]), { columns, rows } = data[name];
  const row = (number) => Object.fromEntries(columns.map((column, i) => [column, rows[number][i]]));
  for (const part of held(spec)) part.data.values = part.data.values.map((one) => (typeof one === "number" ? row(one) : one));
  return spec;
}

const uprights = (spec) => (spec.layer ?? [spec]).flatMap((part) => [part.encoding?.y ?? [], part.encoding?.y2 ?? []].flat());

// A logarithmic axis needs figures above zero, and a share of a whole has its own ends.
function fitsLogarithm(spec) {
  const parts = uprights(spec), fields = new Set(parts.map((part) => part.field));
  return parts.every((part) => (part.type ?? "quantitative") === "quantitative" && !part.axis?.format?.endsWith("%")) &&
    held(spec).flatMap((part) => part.data.values).every((row) => [...fields].every((field) => !(row[field] <= 0 && row[field] !== null)));
}

// The specification with what the reader has chosen.
function standing(name) {
  const spec = specification(name), box = document.querySelector(`#${name} .logarithm`);
  const changed = box && box.checked !== box.defaultChecked;
  if (changed) for (const part of uprights(spec)) if (part.type === "quantitative") part.scale = box.checked ? { type: "log" } : { zero: true };
  for (const param of spec.params ?? []) if (views[name] && param.bind?.input) param.value = views[name].signal(param.name);
  return spec;
}

// Log level 1 is errors only: a choice may leave a part of a chart without rows, which is worth no warning.
const options = { actions: false, ast: true, logLevel: 1, renderer: "svg", tooltip: { theme: "custom" } };

async function draw(place) {
  const name = place.dataset.chart, spec = standing(name), choices = place.parentElement.querySelector(".choices");
  spec.config.legend.columns = place.clientWidth < 440 ? 1 : 2;
  views[name]?.finalize();
  choices.replaceChildren();
  views[name] = (await vegaEmbed(place, spec, { ...options, bind: choices })).view;
  place.querySelector("svg").setAttribute("aria-hidden", "true"); // the place itself has the alt text
}

const drawn = [...document.querySelectorAll("[data-chart]")].map(async (place) => {
  const spec = specification(place.dataset.chart), controls = place.parentElement.querySelector(".controls");
  controls.innerHTML = '<span class="choices"></span>';
  if (fitsLogarithm(spec)) {
    controls.insertAdjacentHTML("beforeend", '<label><input type="checkbox" class="logarithm"> logarithmic</label>');
    const box = controls.querySelector("input");
    box.checked = box.defaultChecked = uprights(spec).some((part) => part.scale?.type === "log");
    box.addEventListener("change", () => draw(place));
  }
  try {
    await draw(place);
    return true;
  } catch (error) {
    console.error(place.dataset.chart, error);
    place.textContent = "This chart could not be drawn; its data are below.";
    return false;
  }
});
Promise.all(drawn).then((done) => {
  document.documentElement.dataset.drawn = done.filter(Boolean).length;
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
});

function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function csv(name) {
  // No cell of text is a formula to a spreadsheet.
  const inert = (text) => text.replace(/^(?=[=+\-@\t\r])/, "'").replaceAll('"', '""');
  const quoted = (value) => (typeof value === "string" ? `"${inert(value)}"` : String(value ?? ""));
  const lines = [data[name].columns, ...data[name].rows].map((row) => row.map(quoted).join(","));
  save(`${name}.csv`, new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
}

// The chart with the reader's choices as a slide: title, unit, what was chosen and what it rests on stand in the picture.
async function png(name) {
  const figure = document.getElementById(name), text = (part) => figure.querySelector(part).textContent.trim();
  const chosen = [...figure.querySelectorAll(".choices label")].map((label) => `${label.firstChild.textContent.trim()} ${label.querySelector("select").selectedOptions[0].text}`);
  const subtitle = [text(".unit"), chosen.join("; "), text(".meta")];
  const lines = (words, most) => words.match(new RegExp(`.{1,${most}}(\\s|$)`, "g")) ?? [];
  const title = { text: lines(figure.querySelector("h3").firstChild.textContent, 90), subtitle: subtitle.flatMap((line) => lines(line, 110)), offset: 18 };
  const spec = standing(name), slide = { ...spec, title, width: 860, height: spec.height.step ? spec.height : 400, autosize: { type: "pad" }, padding: 24 };
  const { view } = await vegaEmbed(document.createElement("div"), slide, { ...options, bind: document.createElement("div") });
  (await view.toCanvas(1.5)).toBlob((blob) => save(`${name}.png`, blob));
  view.finalize();
}

document.querySelectorAll(".tools, .theme, .filters").forEach((part) => { part.hidden = false; });
document.querySelectorAll("[data-csv]").forEach((button) => button.addEventListener("click", () => csv(button.dataset.csv)));
document.querySelectorAll("[data-png]").forEach((button) => button.addEventListener("click", () => png(button.dataset.png)));

for (const filters of document.querySelectorAll(".filters")) {
  const rows = [...filters.parentElement.querySelectorAll("tbody tr")];
  const apply = () => {
    const wanted = filters.querySelector("input:checked")?.value ?? "", text = filters.querySelector("[type=search]")?.value.toLowerCase() ?? "";
    for (const row of rows) row.hidden = (wanted !== "" && row.dataset.key !== wanted) || !row.textContent.toLowerCase().includes(text);
    const shown = rows.filter((row) => !row.hidden).length;
    filters.querySelector("output").textContent = shown < rows.length ? `${shown} of ${rows.length} shown` : "";
  };
  filters.addEventListener("input", apply);
  apply();
}

for (const head of document.querySelectorAll("thead th")) {
  const button = document.createElement("button"), body = head.closest("table").tBodies[0];
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending", place = head.cellIndex;
    const key = (row) => { const cell = row.cells[place]; return [cell.querySelector("data")?.value, cell.textContent.trim()]; };
    const order = ([a, text], [b, other]) => (a && b ? a - b : text.localeCompare(other, "en", { numeric: true }));
    // What has no figure stands last, whichever way.
    const sorted = [...body.rows].map((row) => [key(row), row]).sort(([a], [b]) => (a[1] === "–") - (b[1] === "–") || (down ? -order(a, b) : order(a, b)));
    body.append(...sorted.map(([, row]) => row));
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
  });
}

const theme = document.getElementById("theme");
const colour = () => { document.documentElement.style.colorScheme = theme.value || "light dark"; };
// Where a browser lets no file remember, the switch lasts as long as the page is open.
try { theme.value = localStorage.getItem("theme") ?? ""; } catch { /* as the system */ }
colour();
theme.addEventListener("change", () => {
  colour();
  try { localStorage.setItem("theme", theme.value); } catch { /* not remembered */ }
});
