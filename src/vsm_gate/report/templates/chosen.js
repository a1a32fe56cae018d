
// The chosen teams. Where a filter leaves some out, blocks about all teams give way to what the data
// of the chosen ones says, or are marked as being about all teams. Counts, shares and frequencies
// are those of the chosen teams together. There is no median of medians: of those and of dimensions
// the least and the most stand there.
const VERDICTS = ["pass", "warn", "inconclusive", "fail"];
const choice = document.getElementById("choice") && JSON.parse(document.getElementById("choice").textContent);
const draw = (tag, attributes, content) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (content !== undefined) element.textContent = content;
  return element;
};
const strong = (content) => make("strong", "", content);
// A figure is a rate, of a numerator and a denominator, or a value and what it is in words.
const isRate = (figure) => typeof figure[1] === "number";
const inWords = (figure) => (isRate(figure) ? percent(...figure) : figure[1].replaceAll(" ", "\u00a0"));
const range = (pairs) => {
  const [least, most] = [pairs[0], pairs.at(-1)].map(inWords);
  return least === most ? least : `${least} to ${most}`;
};
const ordered = (pairs) => pairs.sort((a, b) => a[0] - b[0]);

const tellLead = (lead, names, moments, span) => {
  const [changes, ...verdicts] = [0, 1, 2, 3, 4].map((place) => sum(moments.map((each) => each.verdicts[place])));
  if (!changes) {
    lead.replaceChildren(strong(`No change of the chosen teams was judged in ${span}.`), " What follows is \u201cno data\u201d, not zero.");
    return;
  }
  const [passed, warned, inconclusive, failed] = verdicts.map((number) => number && percent(number, changes));
  const others = [
    warned && `, ${warned} with a warning`,
    failed && `, ${failed} failed`,
    inconclusive && `, ${inconclusive} had too little evidence`,
  ].filter(Boolean);
  lead.replaceChildren(
    `${plural(changes, "change")} of ${names.length > 1 ? plural(names.length, "team") : names[0]} judged in ${span}: `,
    strong(`${passed || "0.0\u00a0%"} passed`), `${others.join("")}.`);
  const scores = ordered(moments.map((each) => each.figures["quality.score"]).filter(Boolean));
  if (scores.length === 1) lead.append(" The median gate score is ", strong(inWords(scores[0])), ".");
  if (scores.length > 1) lead.append(" The teams\u2019 median gate scores: ", strong(range(scores)), ".");
};
const together = (metric, moments) => {
  const found = moments.map((each) => each.figures[metric]).filter(Boolean);
  if (found.length < 2) return found.length ? inWords(found[0]) : null;
  if (found.every(isRate)) {
    return percent(sum(found.map(([part]) => part)), sum(found.map(([, whole]) => whole)));
  }
  if (metric === "delivery.deployment_frequency") {
    const whole = sum(found.map(([value]) => value));
    return `${Math.abs(whole - Math.round(whole)) < 1e-6 ? Math.round(whole) : whole.toFixed(2)}\u00a0per\u00a0day`;
  }
  return range(ordered(found));
};
const gauge = (scores) => {
  const svg = draw("svg", { class: "gauge", viewBox: "0 0 120 10", preserveAspectRatio: "none", "aria-hidden": "true" });
  const at = (tenths) => (120 * tenths) / 1000;
  const [least, most] = [scores.length > 1 ? at(scores[0]) : 0, at(scores.at(-1))];
  svg.append(
    draw("rect", { class: "track", x: 0, y: 3, width: 120, height: 4 }),
    draw("rect", { class: "fill", x: least, y: 3, width: Math.max(0.5, most - least), height: 4 }));
  if (scores.length > 1) {
    svg.append(...scores.map((score) => draw("rect", { class: "was", x: Math.min(119, at(score)), y: 0, width: 1, height: 10 })));
  }
  return svg;
};
const tile = (name, metrics, moments) => {
  const item = make("li", "tile");
  const link = make("a", "", name[0].toUpperCase() + name.slice(1));
  link.href = `glossary.html#dimension-${name}`;
  const title = make("h2");
  title.append(link);
  item.append(title);
  const found = moments.map((each) => each.dimensions[name]).filter(Boolean).sort((a, b) => a[0] - b[0]);
  if (!found.length) {
    item.append(make("p", "big none", "no data"));
    return item;
  }
  const scores = found.map(([score]) => score);
  const smallest = Math.min(...found.map(([, n]) => n));
  const told = found.length < moments.length ? `${count(found.length)} of ` : "";
  const teams = moments.length > 1 ? `${told}${plural(moments.length, "team")}, ` : "";
  const made = make("dl", "made");
  for (const [metric, label] of metrics) {
    const said = together(metric, moments);
    if (!said) continue;
    const pair = make("div");
    pair.append(make("dt", "", label), make("dd", "", said));
    made.append(pair);
  }
  item.append(
    make("p", "big", range(scores.map((score) => [score, tenth(score)]))), gauge(scores),
    make("p", "note", `${teams}${teams || metrics.length > 1 ? "smallest " : ""}n = ${count(smallest)}`), made);
  if (scores.length > 1) item.classList.add("spread");
  return item;
};

// The chart, drawn to the width that there is: a median line for each team, the middle half where
// there is one team only, and below it the changes of all of them by verdict.
const steps = (top) => {
  const size = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5].find((step) => step * 4 >= top) ?? top;
  return Array.from({ length: Math.floor(top / size) + 1 }, (_, index) => index * size);
};
const runs = (values) => {
  const found = [];
  values.forEach((value, index) => {
    if (value === undefined) return;
    if (index && values[index - 1] !== undefined) found.at(-1).push([index, value]);
    else found.push([[index, value]]);
  });
  return found;
};
const drawWeeks = (plot, teams, weeks) => {
  const width = Math.max(280, plot.clientWidth);
  const [left, right, high, gap, low] = [38, width - 10, 190, 22, 84];
  const svg = draw("svg", { class: "drawn", viewBox: `0 0 ${width} ${high + gap + low + 30}`, width, "aria-hidden": "true" });
  const x = (index) => left + 8 + ((right - left - 16) * index) / Math.max(1, weeks.length - 1);
  const known = teams.flatMap((team) => team.weeks.flatMap((week) => week.slice(5, 6)));
  const floor = Math.max(0, Math.min(80, Math.floor(Math.min(1000, ...known) / 100) * 10));
  const score = (tenths) => 8 + (high - 8) * (1 - (Math.max(tenths / 10, floor) - floor) / (100 - floor));
  const grid = (y, said) => svg.append(
    draw("line", { class: "grid", x1: left, x2: right, y1: y, y2: y }),
    draw("text", { class: "end", x: left - 6, y: y + 4 }, said));
  for (let at = floor; at <= 100; at += floor >= 50 ? 10 : 20) grid(score(at * 10), String(at));
  if (teams.length === 1) {
    const sides = runs(teams[0].weeks.map((week) => (week.length > 5 ? [week[5], week[7]] : undefined)));
    for (const run of sides) {
      const there = run.map(([index, [least]]) => `${x(index)},${score(least)}`);
      const back = run.map(([index, [, most]]) => `${x(index)},${score(most)}`).reverse();
      svg.append(draw("polygon", { class: "band", points: [...there, ...back].join(" ") }));
    }
  }
  for (const team of teams) {
    for (const run of runs(team.weeks.map((week) => week[6]))) {
      const points = run.map(([index, median]) => `${x(index).toFixed(1)},${score(median).toFixed(1)}`);
      svg.append(draw("polyline", { points: (points.length > 1 ? points : [...points, ...points]).join(" ") }));
    }
  }
  const most = Math.max(1, ...weeks.map(([changes]) => changes));
  const ground = high + gap + low;
  const thick = Math.max(1.5, Math.min(16, (0.72 * (right - left - 16)) / Math.max(1, weeks.length - 1)));
  for (const at of steps(most)) grid(ground - (low * at) / most, count(at));
  weeks.forEach(([, ...verdicts], index) => {
    let y = ground;
    verdicts.forEach((number, place) => {
      const tall = (low * number) / most;
      y -= tall;
      if (number) svg.append(draw("rect", { class: VERDICTS[place], x: x(index) - thick / 2, y, width: thick, height: tall }));
    });
  });
  const days = all("#weekly tbody th").map((head) => head.textContent.replace(/ \d{4}$/, "")).reverse();
  const every = Math.ceil((weeks.length * 72) / (right - left));
  for (let index = weeks.length - 1; index >= 0; index -= every) {
    svg.append(draw("text", { class: index === weeks.length - 1 ? "end" : "middle", x: index === weeks.length - 1 ? right : x(index), y: ground + 20 }, days[index]));
  }
  plot.dataset.left = x(0) / width;
  plot.dataset.right = x(weeks.length - 1) / width;
  plot.replaceChildren(svg);
};
const tellWeeks = (names, teams) => {
  const place = document.getElementById("chosen-progress");
  if (!place) return;
  const weeks = teams[0].weeks.map((_, index) =>
    [0, 1, 2, 3, 4].map((verdict) => sum(teams.map((team) => team.weeks[index][verdict]))));
  const one = teams.length === 1;
  place.querySelector("figcaption").textContent = one
    ? `Gate score of ${names[0]} by week: median, and the band that holds the middle half of the changes. Below, its changes by verdict.`
    : `Gate score by week: the median of each of ${plural(teams.length, "team")}, a line each. Below, their changes together by verdict.`;
  place.querySelector(".key.band").parentElement.hidden = !one;
  drawWeeks(place.querySelector("[data-left]"), teams, weeks);
  const heads = all("#weekly tbody th").map((head) => head.textContent).reverse();
  const medians = (index) => ordered(teams.map((team) => team.weeks[index]).filter((week) => week.length > 5)
    .map((week) => [week[6], tenth(week[6])]));
  const rows = weeks.map((verdicts, index) => {
    const row = make("tr");
    const head = make("th", "figures", heads[index]);
    head.scope = "row";
    const found = medians(index);
    const [changes] = verdicts;
    row.append(head, make("td", found.length ? "number" : "number none", found.length ? range(found) : "no data"));
    if (changes) row.append(...verdicts.map((number) => make("td", "number", count(number))));
    else {
      const none = make("td", "number none", "no change judged");
      none.colSpan = 5;
      row.append(none);
    }
    return row;
  });
  place.querySelector("tbody").replaceChildren(...rows.reverse());
};

const tellChosen = (names, total) => {
  const some = names.length < total;
  for (const block of all("[data-covers]")) block.classList.toggle("uncovered", some);
  if (!choice) return;
  for (const block of all("[data-whole]")) block.hidden = some && names.length > 0;
  const chosen = document.getElementById("chosen");
  const teams = names.map((name) => choice.teams[name]).filter(Boolean);
  for (const block of [chosen, document.getElementById("chosen-progress")]) {
    if (block) block.hidden = !some || !teams.length;
  }
  if (!some || !teams.length) return;
  const period = state.get("period") || "now";
  const moments = teams.map((team) => team.periods[period] ?? team.periods.now);
  const field = form.elements.period;
  tellLead(chosen.querySelector(".lead"), names, moments, field.selectedOptions[0].textContent.replace(/^The/, "the"));
  chosen.querySelector(".tiles").replaceChildren(
    ...Object.entries(choice.dimensions).map(([name, metrics]) => tile(name, metrics, moments)));
  chosen.querySelector(".note.how").hidden = teams.length === 1;
  tellWeeks(names, teams);
};
addEventListener("resize", () => {
  if (form && choice) filter();
});
