// The timeline explorer: filters, a list by day of a clock, one event's card, the events chosen.
// Every time comes in words from volens/chronology, so that nothing here knows time zones. What is
// shown, its order and the memo are those of that module; a test compares them.

const ALL = "all";

// ---------------------------------------------------------------- what the filters let through

function empty(content) {
  return {
    schema: content.schema,
    version: content.version,
    case: content.case,
    zone: content.zone,
    actors: ALL,
    categories: ALL,
    source_types: ALL,
    search: "",
    opened: "",
    chosen: [],
  };
}

function typesOf(content, event) {
  return event.sources.map((id) => content.sources[id].type);
}

function hasWords(event, search) {
  const text = [event.id, event.actor, event.what, event.place, event.category, event.note].join(" ").toLowerCase();
  return oneLine(search.toLowerCase()).split(" ").every((word) => text.includes(word));
}

function shown(content, value) {
  const on = (name, keys) => value[name] === ALL || keys.some((key) => value[name].includes(key));
  return content.events.filter(
    (event) =>
      on("actors", event.actors) &&
      on("categories", [event.category]) &&
      on("source_types", typesOf(content, event)) &&
      hasWords(event, value.search),
  );
}

// The events of the chronology: the chosen ones, or those shown where none is chosen.
function listed(content, value) {
  return value.chosen.length ? content.events.filter((event) => value.chosen.includes(event.id)) : shown(content, value);
}

function counted(content, those, how) {
  const count = `${those.length} of ${content.events.length} events ${how}`;
  const vague = those.filter((event) => event.precision !== "minute").length;
  if (!those.length) return `${count}.`;
  if (those.length === 1) return `${count}; it has ${vague ? "no" : "an"} exact time.`;
  if (!vague) return `${count}; all of them have an exact time.`;
  return `${count}; ${vague} of them ${vague === 1 ? "has" : "have"} no exact time.`;
}

// Events by day of a clock: what is certainly earlier stands earlier.
function arranged(content, those, zone) {
  const groups = {};
  for (const event of those) (groups[event.by[zone].group] ??= []).push(event);
  return Object.keys(groups)
    .sort()
    .map((key) => ({ key, title: content.groups[key], events: groups[key] }));
}

function overlap(one, other) {
  return one.id !== other.id && one.from <= other.to && other.from <= one.to;
}

// In words, what each filter lets through; nothing where it leaves nothing out.
function filtersInWords(content, value) {
  const found = content.filters
    .filter((filter) => value[filter.id] !== ALL)
    .map((filter) => {
      const on = filter.options.filter((one) => value[filter.id].includes(one.id)).map((one) => one.name);
      return `${filter.name}: ${on.join("; ") || "none"}.`;
    });
  return oneLine(value.search) ? [...found, `Words searched: "${oneLine(value.search)}".`] : found;
}

// When it happened: the day by the clock that told it, where no more is known.
function inWords(event, zone) {
  const { when, elsewhere } = event.by[zone];
  return elsewhere ? `${event.dated} (${when})` : when;
}

// ---------------------------------------------------------------- the memo

// Numbers shortly: numbers 2 to 4, 7 and 8.
function runs(numbers) {
  const found = [];
  for (const number of numbers) {
    if (found.length && found.at(-1).at(-1) === number - 1) found.at(-1).push(number);
    else found.push([number]);
  }
  const words = list(found.flatMap((run) => (run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run.map(String))));
  return `${numbers.length === 1 ? "number" : "numbers"} ${words}`;
}

// The listed events with their numbers, and with the numbers of those that are not ordered against them.
function numbered(content, those, zone) {
  const all = arranged(content, those, zone).flatMap((day) => day.events);
  return all.map((event, at) => ({
    event,
    number: at + 1,
    others: all.flatMap((other, place) => (overlap(event, other) ? [place + 1] : [])),
  }));
}

function memoEntry(content, { event, number, others }, zone) {
  const lines = [`${number}. ${capital(inWords(event, zone))}. ${event.actor}: ${sentence(event.what)} (${event.id})`];
  lines.push(`   - Kind and certainty: ${[event.category, content.precision[event.precision], ...event.marks].join("; ")}.`);
  if (others.length) lines.push(`   - Order not known with ${runs(others)}.`);
  if (event.note) lines.push(`   - Other versions: ${sentence(event.note)}`);
  for (const id of event.named) lines.push(`     ${id} is: ${sentence(content.named[id])}`);
  for (const id of event.conflicts) {
    const { title, settled } = content.conflicts[id];
    lines.push(`   - Told in more than one way: ${title} (record: ${settled}).`);
  }
  for (const id of event.sources) lines.push(`   - Source: ${referenceWords(content.sources[id])}.`);
  return lines;
}

function memo(content, value) {
  const those = listed(content, value);
  const zone = content.zones.find((one) => one.id === value.zone);
  const lines = [
    `# Chronology: ${content.caseTitle}`,
    "",
    `Clock: ${zone.words}.`,
    counted(content, those, value.chosen.length ? "chosen" : "shown"),
    ...(value.chosen.length ? [] : filtersInWords(content, value)),
    "Two events are ordered only where the interval of one ends before that of the other begins.",
  ];
  let last = "";
  for (const entry of numbered(content, those, value.zone)) {
    const { group } = entry.event.by[value.zone];
    if (group !== last) lines.push("", `## ${content.groups[group]}`, "");
    last = group;
    lines.push(...memoEntry(content, entry, value.zone));
  }
  return `${lines.join("\n")}\n`;
}

// ---------------------------------------------------------------- what a file or the browser kept

// Only what this timeline has; the rest is counted.
function sound(content, value) {
  const begin = empty(content);
  let lost = 0;
  const one = (name, known) => {
    if (value[name] === undefined || (typeof value[name] === "string" && known(value[name]))) return value[name] ?? begin[name];
    lost += 1;
    return begin[name];
  };
  const many = (name, known) => {
    if (value[name] === undefined || (value[name] === ALL && name !== "chosen")) return begin[name];
    if (!Array.isArray(value[name])) {
      lost += 1;
      return begin[name];
    }
    const kept = known.filter((id) => value[name].includes(id));
    lost += value[name].filter((id) => !known.includes(id)).length;
    return kept.length === known.length && name !== "chosen" ? ALL : kept;
  };
  const ids = content.events.map((event) => event.id);
  const filters = Object.fromEntries(
    content.filters.map((filter) => [filter.id, many(filter.id, filter.options.map((option) => option.id))]),
  );
  const kept = {
    ...begin,
    zone: one("zone", (id) => content.zones.some((zone) => zone.id === id)),
    ...filters,
    search: one("search", () => true),
    opened: one("opened", (id) => !id || ids.includes(id)),
    chosen: many("chosen", ids),
  };
  return { value: kept, lost };
}

function events(count) {
  return count === 1 ? "1 event" : `${count} events`;
}

function howMuch(content, value) {
  const filters = filtersInWords(content, value).length;
  return `${events(value.chosen.length)} chosen, ${filters === 1 ? "1 filter" : `${filters} filters`} set`;
}

// ---------------------------------------------------------------- parts of the screen

const title = (event) => `${event.actor}: ${event.what}`;

// Hours over a day, or the first and the last day of several.
function scale(content, key, length) {
  const [first, last] = key.split("/");
  const marks = first === last
    ? [["0", 0], ["6", 25], ["12", 50], ["18", 75], ["24 h", 100]]
    : [[content.dayNames[first], 0], [content.dayNames[last], 100 - 100 / length]];
  const place = ([words, left]) => {
    const mark = make("span", { "data-at": left }, words);
    mark.style.left = `${left}%`; // no style attribute: a strict page refuses those
    return mark;
  };
  return make("span", { class: "te-scale", "aria-hidden": "true" }, ...marks.map(place));
}

function lines(items, none) {
  return items.length ? make("ul", {}, ...items.map((item) => make("li", {}, ...[item].flat()))) : make("p", {}, none);
}

function ahead(minutes) {
  const hours = minutes / 60;
  return hours === 0 ? "" : ` (${hours} hours ahead of UTC)`;
}

function names(content, ids) {
  return ids.map((id) => make("p", { class: "te-named" }, `${id} is: ${content.named[id]}`));
}

function conflict(content, id) {
  const one = content.conflicts[id];
  const doubt = one.confidence === "high" ? "" : ` Confidence that the versions were told so: ${one.confidence}.`;
  const more = [one.note ? make("p", {}, one.note) : "", ...names(content, one.named)].filter(Boolean);
  const told = ({ by, words, date }) => [make("strong", {}, date ? `${by} (${date}): ` : `${by}: `), words];
  return make("li", { class: "te-conflict" },
    make("p", {}, make("strong", {}, one.title)), make("p", {}, one.about),
    lines(one.versions.map(told), "No version is recorded."),
    make("p", {}, `What the record supports (${one.settled}): ${one.record}${doubt}`),
    more.length ? make("details", {}, make("summary", {}, "What to keep in mind"), ...more) : "",
    one.claims.length
      ? make("details", {}, make("summary", {}, one.claims.length === 1 ? "1 claim on this point" : `${one.claims.length} claims on this point`),
          lines(one.claims.map((claim) => `${claim}: ${content.named[claim]}`), ""))
      : "");
}

const differently = (points) => (points === 1 ? "1 point told differently" : `${points} points told differently`);

// Why a heading names two days.
function whyTwo(those, zone, clock) {
  if (those.every((event) => event.by[zone].days !== 2)) return "";
  return those.every((event) => event.by[zone].elsewhere)
    ? `Known to the day, by another clock. That day lies on two days of ${clock}.`
    : `By ${clock}, either day is possible.`;
}

function versionsOf(content, event) {
  if (!event.points) return [make("h5", { class: "te-told", tabindex: "-1" }, "Versions"), make("p", {}, "No other version is recorded.")];
  const own = event.note
    ? [lines([[make("strong", {}, "This timeline: "), event.what], [make("strong", {}, "Other sources: "), event.note]], ""), ...names(content, event.named)]
    : [];
  const points = event.conflicts.length
    ? [make("ul", { class: "te-conflicts" }, ...event.conflicts.map((id) => conflict(content, id)))]
    : [];
  return [make("h5", { class: "te-told", tabindex: "-1" }, capital(differently(event.points))), ...own, ...points];
}

// ---------------------------------------------------------------- the screen

function draw({ content, shell }) {
  const byId = Object.fromEntries(content.events.map((event) => [event.id, event]));
  const rows = {};
  let order = []; // the ids shown, from top to bottom
  let current = content.events[0]?.id ?? ""; // the row that Tab reaches
  let drawnCard = ""; // what the open card was drawn for

  const value = () => shell.value();
  const set = (part, edit = "") => shell.change({ ...value(), ...part }, edit);
  const zoneNow = () => content.zones.find((zone) => zone.id === value().zone);
  // --- the filters

  const boxes = {};
  const totals = {};

  function filterGroup(filter) {
    const ids = filter.options.map((option) => option.id);
    const put = (on) => set({ [filter.id]: on.length === ids.length ? ALL : on });
    const isOn = (id) => value()[filter.id] === ALL || value()[filter.id].includes(id);
    boxes[filter.id] = filter.options.map((option) =>
      checkbox(`${option.name} (${option.count})`, (on) => put(ids.filter((id) => (id === option.id ? on : isOn(id))))),
    );
    totals[filter.id] = make("span", {});
    return make(
      "details",
      { class: "te-filter" },
      make("summary", {}, totals[filter.id]),
      make(
        "fieldset",
        {},
        make("legend", {}, `${filter.name}, and how many events of the whole timeline`),
        make("div", { class: "v-buttons" },
          button(`All ${filter.name.toLowerCase()}`, () => set({ [filter.id]: ALL })),
          button(`No ${filter.name.toLowerCase()}`, () => put([]))),
        make("div", { class: "te-boxes" }, ...boxes[filter.id].map((box) => box.line)),
      ),
    );
  }

  function drawFilters(now) {
    for (const filter of content.filters) {
      const on = now[filter.id];
      filter.options.forEach((option, at) => {
        boxes[filter.id][at].input.checked = on === ALL || on.includes(option.id);
      });
      const all = filter.options.length;
      write(totals[filter.id], `${filter.name}: ${on === ALL ? `all ${all}` : `${on.length} of ${all}`}`);
    }
    if (document.activeElement !== search) search.value = now.search;
    clock.set(now.zone);
  }

  const search = make("input", { type: "search", id: `${shell.id}-search`, oninput: () => set({ search: search.value }, "search") });
  const clock = radios("Clock", content.zones, (zone) => set({ zone }));
  const count = make("p", { class: "te-count" });

  function everything() {
    const { actors, categories, source_types, search: words } = empty(content);
    search.value = words;
    set({ actors, categories, source_types, search: words });
  }

  // --- one row

  function row(event) {
    if (rows[event.id]) return rows[event.id];
    const clockText = make("span", {});
    const span = make("span", { class: "te-span", "data-known": event.precision });
    const bar = make("span", { class: "te-bar", "aria-hidden": "true" }, span);
    const open = make("button", { type: "button", class: "te-open", "aria-expanded": "false", onclick: () => toggle(event.id) },
      make("span", { class: "te-clock" }, clockText, make("span", { class: "te-hidden" }, ". ")), bar,
      make("span", { class: "te-what" }, make("strong", {}, `${event.actor}: `), event.what,
        make("span", { class: "te-about" }, make("span", { class: "te-hidden" }, ". "), `${event.category} · ${content.precision[event.precision]}`,
          ...event.marks.flatMap((mark) => [" ", make("span", { class: "v-badge" }, mark)]))));
    const versions = event.points
      ? make("button", { type: "button", class: "te-versions", onclick: () => openVersions(event.id) },
          differently(event.points), make("span", { class: "te-hidden" }, `: ${title(event)}`))
      : "";
    const box = checkbox("in my selection", (on) => choose(event.id, on));
    box.input.setAttribute("aria-describedby", `${shell.id}-${event.id}`);
    open.id = `${shell.id}-${event.id}`;
    const card = make("div", { class: "te-card", role: "group", id: `${open.id}-card`, hidden: true, tabindex: "-1" });
    const node = make("li", { class: "te-event", "data-id": event.id },
      make("div", { class: "te-row" }, open, make("div", { class: "te-side" }, box.line, versions)), card);
    rows[event.id] = { node, open, clockText, bar, span, card, box: box.input, controls: [open, box.input, versions].filter(Boolean) };
    reach(event.id, event.id === current);
    return rows[event.id];
  }

  // Tab reaches the controls of one row; the arrow keys choose the row.
  function reach(id, on) {
    for (const control of rows[id]?.controls ?? []) control.tabIndex = on ? 0 : -1;
  }

  function turnTo(id, focus = true) {
    if (!id) return;
    reach(current, false);
    current = id;
    reach(id, true);
    if (focus) rows[id].open.focus();
  }

  function drawRow(id, zone) {
    const { clockText, bar, span, box } = row(byId[id]);
    const by = byId[id].by[zone];
    write(clockText, capital(by.elsewhere ? byId[id].dated : by.clock));
    bar.dataset.days = by.days > 2 ? "many" : by.days;
    span.style.left = `${by.bar[0]}%`;
    span.style.width = `${by.bar[1] - by.bar[0]}%`;
    box.checked = value().chosen.includes(id);
  }

  // --- the list by day

  const heads = {};
  const days = make("div", { class: "te-days", role: "region", "aria-labelledby": `${shell.id}-days`, [QUIET]: "true", onkeydown: keys });
  const nothing = make("div", { class: "te-none", hidden: true },
    make("p", {}, "No event is left."), make("div", { class: "v-buttons" }, button("Clear search and filters", () => {
      everything();
      visit(content.beginsWith);
    })));

  function head(day) {
    heads[day.key] ??= (() => {
      const node = make("h3", { id: `${shell.id}-${day.key.replace("/", "-")}` });
      const body = make("ul", { class: "te-list" });
      const why = make("p", { class: "te-why" });
      const section = make("section", { class: "te-day", "aria-labelledby": node.id },
        make("div", { class: "te-head" }, node, why, scale(content, day.key, day.events[0].by[value().zone].days)), body);
      return { node, why, body, section };
    })();
    return heads[day.key];
  }

  function drawList(now) {
    const groups = arranged(content, shown(content, now), now.zone);
    const next = groups.flatMap((day) => day.events.map((event) => event.id));
    for (const id of next) drawRow(id, now.zone);
    const focused = days.contains(document.activeElement) ? document.activeElement : null;
    const wanted = groups.map((day) => {
      const { node, why, body, section } = head(day);
      write(node, `${day.title}: ${events(day.events.length)}`);
      write(why, whyTwo(day.events, now.zone, zoneNow().words));
      why.hidden = !why.textContent;
      const nodes = day.events.map((event) => rows[event.id].node);
      if (nodes.length !== body.children.length || nodes.some((one, at) => one !== body.children[at])) body.replaceChildren(...nodes);
      return section;
    });
    if (wanted.length !== days.children.length || wanted.some((one, at) => one !== days.children[at])) days.replaceChildren(...wanted);
    order = next;
    nothing.hidden = order.length > 0;
    days.hidden = !order.length;
    if (order.length && !order.includes(current)) turnTo(order[0], false);
    if (focused && focused !== document.activeElement) (focused.isConnected ? focused : rows[current]?.open)?.focus();
  }

  // --- the stages of the case

  const inPhase = (phase) => order.find((id) => byId[id].phase === phase);
  const goTo = content.phases.map((phase) => ({ phase, node: button(phase, () => visit(phase)) }));
  const stages = make("div", { class: "v-buttons te-stages", role: "group", "aria-labelledby": `${shell.id}-stages` },
    make("span", { id: `${shell.id}-stages` }, "Go to"), ...goTo.map((one) => one.node));

  function visit(phase) {
    const id = inPhase(phase);
    if (!id) {
      shell.say(`No event shown belongs here: ${phase}.`, true);
      return;
    }
    toTop(id);
    rows[id].open.focus({ preventScroll: true });
  }

  // The day of an event at the top of the list; Tab reaches that event.
  function toTop(id) {
    turnTo(id, false);
    const day = rows[id].node.closest(".te-day");
    const first = day.querySelector(".te-event") === rows[id].node;
    days.scrollTop += (first ? day : rows[id].node).getBoundingClientRect().top - days.getBoundingClientRect().top - days.clientTop;
    if (!first) days.scrollTop -= day.querySelector(".te-head").offsetHeight;
  }

  // An untouched list begins where the case does. A list out of sight has no height yet.
  function begin() {
    const id = inPhase(content.beginsWith);
    if (id && same(value(), empty(content))) toTop(id);
  }
  const laidOut = new ResizeObserver(() => {
    if (!days.clientHeight) return;
    laidOut.disconnect();
    begin();
  });
  laidOut.observe(days);

  // --- keys

  // The place of the first event of the next day, or of this day or the one before.
  function dayFrom(at, way) {
    const group = (place) => byId[order[place]]?.by[value().zone].group;
    let place = way < 0 && group(at - 1) === group(at) ? at : at + way;
    if (way > 0) while (place < order.length && group(place) === group(at)) place += 1;
    else while (place > 0 && group(place - 1) === group(place)) place -= 1;
    return place < order.length ? place : at;
  }

  function keys(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const id = event.target.closest(".te-event")?.dataset.id;
    if (!id) return;
    const inCard = event.target.closest(".te-card");
    const at = order.indexOf(id);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: dayFrom(at, 1), PageUp: dayFrom(at, -1), Home: 0, End: order.length - 1 };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const acts = {
      v: () => openVersions(id),
      a: () => choose(id, !value().chosen.includes(id)),
      Escape: () => close(id),
    };
    if (!inCard && event.key in steps) {
      event.preventDefault();
      turnTo(order[Math.max(0, Math.min(order.length - 1, steps[event.key]))]);
    } else if (Object.hasOwn(acts, key)) {
      event.preventDefault();
      acts[key]();
    }
  }

  // --- opening and closing

  function toggle(id) {
    if (value().opened === id) close(id);
    else open(id);
  }

  function open(id, part = "te-title") {
    turnTo(id, false);
    set({ opened: id }, "opened");
    const target = rows[id].card.querySelector(`.${part}`);
    const sight = part === "te-title" ? rows[id].node : target;
    target.focus({ preventScroll: true });
    sight.scrollIntoView({ block: "nearest" });
    keepInSight(sight);
  }

  // The head of what was opened stands at the top of the list, below the day's name.
  function keepInSight(node) {
    const [box, inside] = [days.getBoundingClientRect(), node.getBoundingClientRect()];
    const top = node.closest(".te-day").querySelector(".te-head").offsetHeight;
    if (inside.top < box.top + top || inside.bottom > box.bottom) days.scrollTop += inside.top - box.top - top;
  }

  function openVersions(id) {
    if (byId[id].points) open(id, "te-told");
    else shell.say(`No other version is recorded: ${title(byId[id])}.`, true);
  }

  function close(id) {
    if (value().opened === id) set({ opened: "" }, "opened");
    turnTo(id);
  }

  function choose(id, on) {
    const chosen = content.events.map((event) => event.id).filter((one) => (one === id ? on : value().chosen.includes(one)));
    set({ chosen });
    shell.say(`${on ? "Added to" : "Removed from"} your selection: ${title(byId[id])}. It has ${events(chosen.length)}.`, true);
  }

  // --- the card

  function orderOf(event) {
    const others = order.map((id) => byId[id]).filter((other) => overlap(event, other));
    if (!others.length) return make("p", {}, "Its interval overlaps with that of no other event shown: its place in the order is certain, as the times are recorded here.");
    const many = others.length === 1 ? "1 other event shown" : `${others.length} other events shown`;
    return make("details", {}, make("summary", {}, `Order not known with ${many}: the intervals overlap`),
      lines(others.map((other) => `${capital(other.by[value().zone].when)}. ${title(other)}`), ""));
  }

  function drawCard(now) {
    const key = JSON.stringify([now.opened, now.zone, now.opened ? order : []]);
    const isOpen = (id) => id === now.opened && order.includes(id);
    for (const id of order) {
      rows[id].open.setAttribute("aria-expanded", String(isOpen(id)));
      rows[id].node.classList.toggle("te-is-open", isOpen(id));
      if (rows[id].card.hidden === isOpen(id)) rows[id].card.hidden = !isOpen(id);
      if (!isOpen(id) && rows[id].card.childElementCount) rows[id].card.replaceChildren();
    }
    if (!isOpen(now.opened)) {
      drawnCard = "";
      return;
    }
    const { card } = rows[now.opened];
    if (drawnCard !== key) {
      const inside = card.contains(document.activeElement);
      card.replaceChildren(...cardOf(byId[now.opened], card));
      if (inside) card.querySelector(".te-title").focus();
    }
    drawnCard = key;
    const chosen = now.chosen.includes(now.opened);
    write(card.querySelector(".te-choose"), chosen ? "Remove from my selection" : "Add to my selection");
  }

  function cardOf(event, card) {
    const heading = make("h4", { class: "te-title", tabindex: "-1", id: `${card.id}-title` }, `${title(event)} (${event.id})`);
    card.setAttribute("aria-labelledby", heading.id);
    const clocks = content.zones.map((zone) => {
      const by = event.by[zone.id];
      return make("div", { "aria-current": zone.id === value().zone ? "true" : null },
        make("dt", {}, `${zone.name}${ahead(by.ahead)}`), make("dd", {}, capital(by.when)));
    });
    const about = [event.category, content.precision[event.precision], event.place && `place: ${event.place}`, ...event.marks].filter(Boolean);
    return [
      make("div", { class: "te-top" }, heading, button("Close", () => close(event.id))),
      make("div", { class: "te-columns" }, make("div", {},
      make("dl", { class: "te-clocks" }, ...clocks),
      make("p", {}, event.told),
      make("p", {}, `${capital(about.join("; "))}.`),
      orderOf(event),
      ...versionsOf(content, event)),
      make("div", {}, make("h5", {}, event.sources.length === 1 ? "1 source" : `${event.sources.length} sources`),
      event.sources.length ? references(event.sources.map((id) => content.sources[id])) : make("p", {}, "No source is linked."))),
      make("div", { class: "v-buttons" },
        make("button", { type: "button", class: "te-choose", onclick: () => choose(event.id, !value().chosen.includes(event.id)) }),
        button("Close", () => close(event.id))),
    ];
  }

  // --- what the student chose

  const mineHead = make("h2", { tabindex: "-1" }, "My selection");
  const mine = make("div", {});
  let drawnMine = "";

  function drawMine(now) {
    const key = JSON.stringify([now.chosen, now.zone]);
    if (key === drawnMine) return;
    drawnMine = key;
    const those = content.events.filter((event) => now.chosen.includes(event.id));
    if (!those.length) {
      mine.replaceChildren(make("p", {}, "Nothing chosen yet. Mark “in my selection” at an event. ",
        make("span", { class: "v-keys" }, "Or press the A key on it.")));
      return;
    }
    const items = numbered(content, those, now.zone).map(({ event, others }) =>
      make("li", {},
        make("p", {}, `${capital(event.by[now.zone].elsewhere ? event.dated : event.by[now.zone].when)}. `, make("strong", {}, `${event.actor}: `), event.what),
        others.length ? make("p", { class: "te-unordered" }, `≈ Order not known with ${runs(others)}: the intervals overlap.`) : "",
        make("div", { class: "v-buttons" },
          make("button", { type: "button", onclick: () => reveal(event.id) }, "Show", make("span", { class: "te-hidden" }, `: ${title(event)}`)),
          make("button", { type: "button", onclick: () => {
            choose(event.id, false);
            mineHead.focus();
          } }, "Remove", make("span", { class: "te-hidden" }, `: ${title(event)}`)))));
    mine.replaceChildren(make("p", {}, counted(content, those, "chosen")), make("ol", { class: "te-mine" }, ...items));
  }

  function reveal(id) {
    if (!order.includes(id)) everything();
    open(id);
  }

  // --- all together

  function refresh(now) {
    drawFilters(now);
    drawList(now);
    drawCard(now);
    drawMine(now);
    for (const { phase, node } of goTo) node.setAttribute("aria-disabled", String(!inPhase(phase)));
    const summary = counted(content, shown(content, now), "shown");
    write(count, `${summary} Clock: ${zoneNow().words}.`);
    shell.say(`${summary} Clock: ${zoneNow().words}.`);
  }

  // Undo and redo name what they changed.
  function place(before, after) {
    const words = { zone: "clock", actors: "actors", categories: "kinds of event", source_types: "types of source", search: "words searched", chosen: "my selection", opened: "the open event" };
    return list(Object.keys(words).filter((name) => !same(before[name], after[name])).map((name) => words[name]));
  }

  const sample = (known) => make("span", { class: "te-sample", "aria-hidden": "true" }, make("span", { class: "te-span", "data-known": known }));
  const legend = make("p", { class: "te-legend" },
    make("span", {}, sample("minute"), "to the minute"),
    make("span", {}, sample("about"), "some minute of these hours"),
    make("span", {}, sample("day"), "only the day is known, or less"));
  const body = [
    make("p", {}, content.about),
    make("div", { class: "te-filters" }, ...content.filters.map(filterGroup)),
    make("div", { class: "te-search" }, make("p", {}, make("label", { for: search.id }, "Search words"), search), clock.node),
    make("h2", { id: `${shell.id}-days` }, "Events by day"),
    count,
    make("p", { class: "v-keys" }, "Keys on an event: the arrow keys move. Page Down goes to the next day. Enter opens the event, the V key opens what is told differently, the A key adds the event to your selection. Escape goes back."),
    legend,
    stages,
    days,
    nothing,
    shell.status,
    mineHead,
    mine,
  ];
  // What the count says already is heard only.
  const heard = new MutationObserver(() => shell.status.classList.toggle("te-hidden", shell.status.textContent === count.textContent));
  heard.observe(shell.status, { childList: true });
  const end = () => [laidOut, heard].forEach((one) => one.disconnect());
  const forget = () => requestAnimationFrame(begin);
  return { body, refresh, place, forget, end };
}

const WIDGET = {
  variable: "timeline",
  noun: "timeline",
  empty,
  sound,
  howMuch,
  text: memo,
  draw,
};

export default { render: (context) => show(WIDGET, context) };
export { arranged, counted, filtersInWords, inWords, memo, numbered, shown, sound };
