"use strict";
// Draws every chart from the figures in the page and lets a reader filter tables; asks the network for nothing.
const specs = JSON.parse(document.getElementById("specs").textContent);
const options = { actions: false, renderer: "svg", tooltip: { theme: "light" } };
const drawn = [...document.querySelectorAll("[data-chart]")].map((place) =>
  vegaEmbed(place, specs[place.dataset.chart], options).then(
    () => {
      place.firstElementChild.setAttribute("aria-hidden", "true"); // the place itself has the alt text
      return true;
    },
    (error) => {
      console.error(place.dataset.chart, error);
      place.textContent = "This chart could not be drawn; its data are below.";
      return false;
    },
  ),
);
Promise.all(drawn).then((done) => {
  document.documentElement.dataset.drawn = done.filter(Boolean).length;
});

for (const filter of document.querySelectorAll("[data-filter]")) {
  const rows = [...document.querySelectorAll(`[data-filtered="${filter.dataset.filter}"] tbody tr`)];
  const apply = () => {
    const wanted = filter.querySelector("input:checked").value;
    rows.forEach((row) => { row.hidden = wanted !== "" && row.dataset.key !== wanted; });
    filter.querySelector("output").textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} shown`;
  };
  filter.hidden = false;
  filter.addEventListener("change", apply);
  apply();
}
