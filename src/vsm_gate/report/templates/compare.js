// The comparison of any two sides: a team, a peer group or everybody, each in some period.
const sides = document.getElementById("sides");
const known = sides && JSON.parse(document.getElementById("comparison").textContent);
const signed = (tenths) =>
  tenths === 0 ? "0.0" : `${tenths > 0 ? "+" : "\u2212"}${(Math.abs(tenths) / 10).toFixed(1)}`;
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
    return values.length === 1 ? `${middle} (n\u00a0=\u00a0${count(values[0][2])})` : `${middle} (${values[0][1]} to ${values.at(-1)[1]})`;
  };
  const asks = (objective) => {
    const asking = teams.filter((team) => objective in team.asks);
    if (single) return asking.length ? asking[0].asks[objective] : null;
    return asking.length ? `${asking.length} of ${teams.length} teams` : null;
  };
  const name = who === "all" ? "all teams" : who.slice(2);
  const spans = { now: "now", before: "before", whole: "whole period" };
  return { name, label: `${name}, ${spans[period]}`, n, lost, works, asks, teams, part: parts[0] ?? known.teams[0].periods[period] };
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
  document.querySelector("section[aria-labelledby=gap]").hidden = !left.n || !right.n;
  if (!left.n || !right.n) {
    const silent = left.n ? right : left;
    lead.textContent = `No data: no change of \u201c${silent.label}\u201d has a score, so there is no gap to split.`;
  } else {
    const [here, there] = [share(parts, 1), share(parts, 2)];
    const tenths = here.map((points, index) => points - there[index]);
    const gap = sum(tenths);
    const points = (shown, exact) => (exact && !shown ? "<0.1" : tenth(shown));
    const said = `${left.label}: mean score ${tenth(1000 - sum(here))} (n = ${count(left.n)}). ${right.label}: ${tenth(1000 - sum(there))} (n = ${count(right.n)}).`;
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
