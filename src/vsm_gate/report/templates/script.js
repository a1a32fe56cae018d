"use strict";
// What the page does where there is JavaScript: filters kept in the address, sortable tables, values
// under the pointer. Without it everything can be read. The other scripts follow in the same element.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const make = (tag, className, content) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (content !== undefined) element.textContent = content;
  return element;
};

// Numbers as the page has them: thousands apart, tenths of points, shares cut to a tenth.
const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const plural = (number, noun) => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
const tenth = (tenths) => (tenths / 10).toFixed(1);
const percent = (part, whole) => {
  const tenths = Math.floor((1000 * part) / whole);
  return `${part && !tenths ? "<0.1" : tenth(tenths)}\u00a0%`;
};

// The state of the page is in the fragment, as in #period=before&group=Frontends. A fragment
// without "=" is an anchor and changes nothing.
let state = new URLSearchParams();
const read = () => {
  const fragment = location.hash.slice(1);
  if (!fragment || fragment.includes("=")) state = new URLSearchParams(fragment);
  apply();
};
const write = (fields) => {
  for (const field of fields) {
    if (field.name && field.value) state.set(field.name, field.value);
    else state.delete(field.name);
  }
  const fragment = state.toString();
  history.replaceState(null, "", fragment ? `#${fragment}` : location.pathname + location.search);
  apply();
};

// Filters.
const form = document.getElementById("filters");
const status = document.getElementById("shown");
const choose = () => {
  for (const field of form.elements) {
    if (!field.name) continue;
    const wanted = state.get(field.name) ?? "";
    field.value = wanted;
    // A choice that this page does not offer is no choice.
    if (field.value !== wanted) {
      field.selectedIndex = 0;
      state.delete(field.name);
    }
  }
};
const wants = (row) =>
  ["group", "method"].every((key) => !state.get(key) || row.dataset[key] === state.get(key)) &&
  (row.dataset.team ?? "").toLowerCase().includes((state.get("team") ?? "").toLowerCase());
const filter = () => {
  const rows = all("[data-team]");
  for (const row of rows) row.hidden = !wants(row);
  for (const holder of all("[data-holder]")) {
    holder.hidden = !all("[data-team]", holder).some((row) => !row.hidden);
  }
  const names = (found) => [...new Set(found.map((row) => row.dataset.team))];
  const [shown, total] = [names(rows.filter((row) => !row.hidden)), names(rows).length];
  const marked = shown.length < total && all("[data-covers]").length;
  status.textContent = total > 1
    ? `${shown.length} of ${total} teams shown${marked ? "; what is marked \u201call teams\u201d does not follow this choice" : ""}`
    : "";
  tellChosen(shown, total);
};
const show = () => {
  const wanted = state.get("period") || "now";
  const known = all("[data-period]").some((part) => part.dataset.period === wanted);
  for (const part of all("[data-period]")) {
    part.hidden = part.dataset.period !== (known ? wanted : "now");
  }
};
// Links to other pages take the choice along.
const carry = () => {
  const kept = new URLSearchParams();
  for (const key of ["period", "group", "method", "team"]) if (state.get(key)) kept.set(key, state.get(key));
  for (const link of all("a[href*='.html']")) {
    const [path, fragment] = link.getAttribute("href").split("#");
    if (fragment && !fragment.includes("=")) continue;
    if (fragment && !link.dataset.carries) continue;
    link.dataset.carries = "yes";
    link.setAttribute("href", kept.toString() ? `${path}#${kept}` : path);
  }
};
if (form) {
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => write(form.elements));
  // The fields are empty after the event.
  form.addEventListener("reset", () => setTimeout(() => write(form.elements), 0));
}

// Sortable tables: a button in each head, and the state said in aria-sort.
const plainly = (said) => said.replace(/(?<=\d)\u202f(?=\d)/g, "").replace(/^\u2212/, "-").replace(/\u00a0%$/, "");
const key = (row, column) => {
  const cell = row.cells[column];
  if (!cell) return null;
  const part = cell.querySelector("[data-period]:not([hidden])") ?? cell;
  const keyed = part.dataset.key !== undefined ? part : part.querySelector("[data-key], time");
  const said = keyed ? (keyed.dataset.key ?? keyed.dateTime) : plainly(part.textContent.trim());
  return said === "" ? null : Number.isNaN(Number(said)) ? said.toLowerCase() : Number(said);
};
const compareKeys = (left, right) =>
  typeof left === "number" && typeof right === "number"
    ? left - right
    : String(left).localeCompare(String(right), "en", { numeric: true });
const sort = (table, column, descending) => {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row, place) => ({ row, place, key: key(row, column) }));
  rows.sort((a, b) => {
    // What has no data stands last, whichever way.
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
    return (descending ? -1 : 1) * compareKeys(a.key, b.key) || a.place - b.place;
  });
  body.append(...rows.map(({ row }) => row));
};
for (const table of all("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = make("button", "sort");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      // Numbers are most often wanted largest first.
      const first = head.classList.contains("number") ? "descending" : "ascending";
      const second = first === "descending" ? "ascending" : "descending";
      const order = before === first ? second : first;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order);
      sort(table, column, order === "descending");
    });
  });
}

// Values under the pointer, or the arrow keys, from the table that stands below a drawing.
const point = (figure) => {
  const table = document.getElementById(figure.dataset.table);
  if (!table) return;
  const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  let rows = [];
  const rule = make("div", "rule");
  const tip = make("div", "tip");
  const live = make("p", "unseen");
  live.setAttribute("aria-live", "polite");
  let place = null;
  const hide = () => {
    rule.remove();
    tip.remove();
  };
  // The rows are read when they are told: another choice makes others.
  const reread = () => {
    rows = [...table.tBodies[0].rows].reverse();
    place = Math.min(rows.length - 1, place ?? rows.length - 1);
  };
  const tell = (plot, aloud) => {
    const cells = [...rows[place].cells].map((cell) => cell.textContent);
    const list = make("dl");
    cells.slice(1).forEach((cell, index) => {
      const pair = make("div");
      pair.append(make("dt", "", heads[index + 1]), make("dd", "", cell));
      list.append(pair);
    });
    tip.replaceChildren(make("p", "", `${heads[0]} ${cells[0]}`), list);
    const [left, right] = [Number(plot.dataset.left), Number(plot.dataset.right)];
    const across = left + ((right - left) * place) / Math.max(1, rows.length - 1);
    rule.style.left = `${across * 100}%`;
    tip.style.left = `${across * 100}%`;
    tip.classList.toggle("leftward", across > 0.6);
    plot.append(rule, tip);
    if (aloud) live.textContent = tip.textContent;
  };
  figure.append(live);
  for (const plot of all("[data-left]", figure)) {
    plot.tabIndex = 0;
    plot.addEventListener("pointermove", (event) => {
      reread();
      const box = plot.getBoundingClientRect();
      const [left, right] = [Number(plot.dataset.left), Number(plot.dataset.right)];
      const share = ((event.clientX - box.left) / box.width - left) / (right - left);
      place = Math.round(Math.min(1, Math.max(0, share)) * (rows.length - 1));
      tell(plot, false);
    });
    plot.addEventListener("pointerleave", hide);
    plot.addEventListener("blur", hide);
    plot.addEventListener("keydown", (event) => {
      reread();
      const step = { ArrowLeft: -1, ArrowRight: 1, Home: -rows.length, End: rows.length }[event.key];
      if (event.key === "Escape") hide();
      if (!step) return;
      event.preventDefault();
      place = Math.min(rows.length - 1, Math.max(0, place + step));
      tell(plot, true);
    });
  }
};
for (const figure of all("figure[data-table]")) point(figure);
