"use strict";
// What the page does where there is JavaScript: filters kept in the address, sortable tables, values
// under the pointer, and the comparison of any two sides. Without it everything can be read.
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, className, content) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (content !== undefined) element.textContent = content;
    return element;
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
      if (field.value !== wanted) field.selectedIndex = 0;
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
    const names = (found) => new Set(found.map((row) => row.dataset.team)).size;
    const shown = names(rows.filter((row) => !row.hidden));
    status.textContent = rows.length ? `${shown} of ${names(rows)} teams shown` : "";
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
    for (const key of ["period", "group", "method"]) if (state.get(key)) kept.set(key, state.get(key));
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
    const rows = [...table.tBodies[0].rows].reverse();
    const rule = make("div", "rule");
    const tip = make("div", "tip");
    const live = make("p", "unseen");
    live.setAttribute("aria-live", "polite");
    let place = rows.length - 1;
    const hide = () => {
      rule.remove();
      tip.remove();
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
        const box = plot.getBoundingClientRect();
        const [left, right] = [Number(plot.dataset.left), Number(plot.dataset.right)];
        const share = ((event.clientX - box.left) / box.width - left) / (right - left);
        place = Math.round(Math.min(1, Math.max(0, share)) * (rows.length - 1));
        tell(plot, false);
      });
      plot.addEventListener("pointerleave", hide);
      plot.addEventListener("blur", hide);
      plot.addEventListener("keydown", (event) => {
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

  // The comparison of any two sides: a team, a peer group or everybody, each in some period.
  const sides = document.getElementById("sides");
  const known = sides && JSON.parse(document.getElementById("comparison").textContent);
  const tenth = (tenths) => (tenths / 10).toFixed(1);
  const signed = (tenths) =>
    tenths === 0 ? "0.0" : `${tenths > 0 ? "+" : "\u2212"}${(Math.abs(tenths) / 10).toFixed(1)}`;
  const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
  const members = (who, other) =>
    known.teams.filter((team) => {
      if (who.startsWith("t:")) return who === `t:${team.name}`;
      // A team is not among the peers that it is compared with.
      return (who === "all" || who === `g:${team.group}`) && other !== `t:${team.name}`;
    });
  const side = (who, period, other) => {
    const teams = members(who, other);
    const parts = teams.map((team) => team.periods[period]);
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    const lost = {};
    for (const part of parts) {
      if (!part.n) continue;
      for (const [name, points] of Object.entries(part.lost)) {
        lost[name] = (lost[name] ?? 0) + (points * part.n) / n;
      }
    }
    const single = teams.length === 1;
    const works = (metric) => {
      const values = parts.map((part) => part.works[metric]).filter(Boolean);
      values.sort((a, b) => a[0] - b[0]);
      if (!values.length) return null;
      const middle = values[Math.floor((values.length - 1) / 2)][1];
      return values.length === 1 ? middle : `${middle} (${values[0][1]} to ${values.at(-1)[1]})`;
    };
    const asks = (objective) => {
      const asking = teams.filter((team) => objective in team.asks);
      if (single) return asking.length ? asking[0].asks[objective] : null;
      return asking.length ? `${asking.length} of ${teams.length} teams` : null;
    };
    const name = who === "all" ? "all teams" : who.slice(2);
    const spans = { now: "now", before: "before", whole: "whole period" };
    return { name, label: `${name}, ${spans[period]}`, n, lost, works, asks, teams, part: parts[0] };
  };
  const fill = (id, heads, rows, foot) => {
    const table = document.getElementById(id);
    const line = (cells, tag) => {
      const row = make("tr");
      cells.forEach((cell, index) => {
        const kind = tag === "th" || index === 0 ? "th" : "td";
        const one = make(kind, heads[index][1], cell === null ? "" : undefined);
        if (kind === "th") one.scope = tag === "th" ? "col" : "row";
        if (cell === null) one.append(make("span", "none", "no data"));
        else one.textContent = cell;
        row.append(one);
      });
      return row;
    };
    const [head, body] = [make("thead"), make("tbody")];
    head.append(line(heads.map(([title]) => title), "th"));
    body.append(...rows.map((cells) => line(cells, "td")));
    table.replaceChildren(head, body);
    if (foot) {
      const tail = make("tfoot");
      tail.append(line(foot, "td"));
      table.append(tail);
    }
  };
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  // Points lost in tenths, which add up to their sum rounded up: each is rounded down, and what is
  // then lacking goes to the largest remainders. So what is shown adds up, down and across.
  const share = (parts, side) => {
    const exact = parts.map((part) => part[side] * 10);
    const tenths = exact.map((value) => Math.floor(value + 1e-6));
    const lacking = Math.ceil(sum(exact) - 1e-6) - sum(tenths);
    const order = exact.map((value, index) => [tenths[index] - value, parts[index][0], index]);
    order.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    for (const [, , index] of order.slice(0, Math.max(0, lacking))) tenths[index] += 1;
    return tenths;
  };
  const compare = (left, right) => {
    const names = [...new Set([...Object.keys(left.lost), ...Object.keys(right.lost)])].sort();
    const parts = names.map((name) => [name, left.lost[name] ?? 0, right.lost[name] ?? 0]);
    parts.sort((a, b) => Math.abs(b[1] - b[2]) - Math.abs(a[1] - a[2]) || (a[0] < b[0] ? -1 : 1));
    const lead = document.getElementById("compared-lead");
    const heads = [["Objective", ""], [left.label, "number"], [right.label, "number"]];
    if (!left.n || !right.n) {
      const silent = left.n ? right : left;
      lead.textContent = `No data: no change of ${silent.label} has a score, so there is no gap to split.`;
      fill("gap-table", heads, []);
    } else {
      const [here, there] = [share(parts, 1), share(parts, 2)];
      const tenths = here.map((points, index) => points - there[index]);
      const gap = sum(tenths);
      const points = (shown, exact) => (exact && !shown ? "<0.1" : tenth(shown));
      const said = `${left.label}: mean score ${tenth(1000 - sum(here))} (n = ${count(left.n)}). ${right.label}: ${tenth(1000 - sum(there))} (n = ${count(right.n)}).`;
      const most = gap && tenths[0] ? ` The largest part of the gap is in ${parts[0][0]} (${signed(tenths[0])}).` : "";
      lead.textContent = `${said} ${gap ? `A gap of ${signed(gap)} points.` : "No gap."}${most}`;
      fill(
        "gap-table",
        [["Objective", ""], [`Points lost: ${left.label}`, "number"], [`Points lost: ${right.label}`, "number"], ["Adds to the gap", "number strong"]],
        parts.map(([name, a, b], index) => [name, points(here[index], a), points(there[index], b), signed(tenths[index])]),
        ["All together", tenth(sum(here)), tenth(sum(there)), signed(gap)],
      );
    }
    const asked = [...new Set([...left.teams, ...right.teams].flatMap((team) => Object.keys(team.asks)))].sort();
    const plain = [["Objective", ""], [left.name, ""], [right.name, ""]];
    fill("asks-table", plain, asked.map((name) => [name, left.asks(name) ?? "not asked for", right.asks(name) ?? "not asked for"]));
    const metrics = Object.keys(known.practices).filter((metric) => left.works(metric) ?? right.works(metric));
    heads[0] = ["Figure", ""];
    fill("works-table", heads, metrics.map((metric) => [known.practices[metric], left.works(metric), right.works(metric)]));
    const first = left.part.since < right.part.since ? left.part.since : right.part.since;
    const last = left.part.until > right.part.until ? left.part.until : right.part.until;
    const events = [...new Set([...left.teams, ...right.teams])].flatMap((team) =>
      team.happened.filter(([day]) => day >= first && day <= last).map(([day, said, what]) => [day, said, team.name, what]));
    events.sort((a, b) => (a[0] < b[0] ? 1 : -1));
    const items = events.map(([day, said, team, what]) => {
      const item = make("li");
      const when = make("time", "", said);
      when.dateTime = day;
      item.append(when, make("strong", "", team), document.createTextNode(` ${what.replaceAll("`", "")}`));
      return item;
    });
    document.getElementById("happened-list").replaceChildren(
      ...(items.length ? items : [make("li", "none", "Nothing that the records tell of.")]));
  };
  const fields = sides && [...sides.querySelectorAll("select")];
  const defaults = () => {
    const first = known.teams[0];
    const a = state.get("a") ?? (first.group && members(`g:${first.group}`, `t:${first.name}`).length ? `g:${first.group}` : `t:${first.name}`);
    const b = state.get("b") ?? `t:${first.name}`;
    return { a, ap: state.get("ap") ?? (a === b ? "before" : "now"), b, bp: state.get("bp") ?? "now" };
  };
  const confront = () => {
    const wanted = defaults();
    for (const field of fields) {
      field.value = wanted[field.name];
      if (field.selectedIndex < 0) field.selectedIndex = 0;
    }
    const [a, ap, b, bp] = ["a", "ap", "b", "bp"].map((name) => sides.elements[name].value);
    compare(side(a, ap, b), side(b, bp, a));
  };
  if (sides) {
    const option = (value, label) => {
      const one = make("option", "", label);
      one.value = value;
      return one;
    };
    const groups = [...new Set(known.teams.map((team) => team.group).filter(Boolean))].sort();
    for (const name of ["a", "b"]) {
      const teams = make("optgroup");
      teams.label = "Teams";
      teams.append(...known.teams.map((team) => option(`t:${team.name}`, team.name)));
      const peers = make("optgroup");
      peers.label = "Peer groups";
      peers.append(...groups.map((group) => option(`g:${group}`, group)), option("all", "all teams"));
      sides.elements[name].append(teams, peers);
    }
    sides.addEventListener("input", () => write(fields));
    sides.hidden = false;
    document.getElementById("compared").hidden = false;
  }

  const apply = () => {
    if (sides) confront();
    if (form) {
      choose();
      filter();
    }
    show();
    carry();
  };
  addEventListener("hashchange", read);
  read();
  document.documentElement.dataset.ready = "yes";
})();
