// The practice explorer: filter, group, count, open one incident.
// practice_counting.js, before it, counts and says what is counted.

// ---------------------------------------------------------------- parts of the screen

// Set the lines of a list only where they differ. A line is a text, or a pair of tag and text.
function lines(node, all) {
  const next = all.map((one) => (Array.isArray(one) ? one : ["li", one]));
  const now = [...node.children].map((one) => [one.localName, one.textContent]);
  if (!same(next, now)) node.replaceChildren(...next.map(([tag, text]) => make(tag, {}, text)));
}

function described(content, id, buttons) {
  const incident = incidentOf(content, id);
  const facts = incident.facts.flatMap((text, at) => (text ? [make("dt", {}, content.labels[at]), make("dd", {}, text)] : []));
  const spoken = incident.purposes.map(({ who, said }) =>
    make("div", {}, make("h5", {}, `Stated by: ${content.speakers.find((one) => one.id === who).name}`), ...entries(content, said)));
  const section = (name, ...nodes) => [make("h4", {}, name), ...nodes];
  const sources = (name, places) => (places.length ? section(name, references(places.map((at) => content.sources[at]))) : []);
  return [
    make("div", { class: "pe-head" }, make("h3", { tabindex: "-1" }, `${incident.title} (${id})`), make("div", { class: "v-buttons" }, ...buttons)),
    make("dl", {}, ...facts),
    ...section("Purposes, by speaker", ...(spoken.length ? spoken : [make("p", {}, "None on record. That is not the same as none stated.")])),
    ...section("Documents of the United Nations", ...(incident.documents.length ? entries(content, incident.documents) : [make("p", {}, "None in the table.")])),
    ...sources(`Sources for the row (${incident.sources.length})`, incident.sources),
    ...sources(`Sources that tell against the row (${incident.against.length})`, incident.against),
  ];
}

// Purposes or documents: what, how sure, and the sources of each one key away.
function entries(content, all) {
  return [make("ul", { class: "pe-entries" }, ...all.map((one) => {
    const note = content.texts[one.note];
    const node = make("li", {}, one.text, make("span", { class: "pe-meta" }, ` (${content.texts[one.how]})`), note ? ` ${note}` : "");
    for (const [name, places] of [["Sources", one.sources], ["Against it", one.against]]) {
      if (places.length) node.append(make("details", {}, make("summary", {}, `${name} (${places.length})`), references(places.map((at) => content.sources[at]))));
    }
    return node;
  }))];
}

// ---------------------------------------------------------------- the screen

function draw({ content, shell }) {
  const core = content.start.filters;
  const theTable = tablePart();
  const theList = incidentsPart();
  const parts = [filterPart(), groupPart(), theTable, theList];

  function set(changes, edit = "") {
    shell.change(whole(content, { ...shell.value(), ...changes }), edit);
  }

  // --- 1. which incidents

  function filterPart() {
    const boxes = [];
    const groups = [...new Set(content.variables.filter((one) => one.filters).map((one) => one.group))];
    const panels = groups.map((group) => panel(group, boxes));
    const line = make("p", { class: "pe-filter" });
    const whose = speakersPanel();
    const unchecked = checkbox("leave out incidents that were not spot-checked", (on) => set({ unchecked: on ? "out" : "in" }));
    const low = checkbox("leave out incidents and stated purposes of low confidence", (on) => set({ low: on ? "out" : "in" }));
    const nodes = [
      make("h2", {}, "1. Choose incidents"),
      line,
      make("div", { class: "v-buttons" },
        button(`Core incidents (${content.coreCount})`, () => set({ filters: core })),
        button(`All incidents (${content.incidents.length})`, () => set({ filters: {} })),
      ),
      make("p", { class: "pe-small" }, "Within one heading any ticked value is enough; between headings all must hold. A heading without a tick lets everything in. In brackets: how many of all incidents."),
      make("div", { class: "pe-panels" }, ...panels.map((one) => one.node), whose.node),
      make("div", { class: "pe-switches" }, unchecked.line, low.line),
    ];
    return {
      nodes,
      refresh(value) {
        write(line, filterLine(content, value));
        for (const { box, key, id } of boxes) box.checked = Boolean(value.filters[key]?.includes(id));
        for (const one of panels) one.refresh(value);
        whose.refresh(value);
        unchecked.input.checked = value.unchecked === "out";
        low.input.checked = value.low === "out";
      },
    };
  }

  function panel(group, boxes) {
    const variables = content.variables.filter((one) => one.filters && one.group === group);
    const ticked = make("span", {});
    const node = make("details", { class: "pe-panel" }, make("summary", {}, make("strong", {}, group), ticked));
    const fieldsets = make("div", { class: "pe-fieldsets" });
    node.append(fieldsets);
    for (const variable of variables) {
      const counts = everywhere(variable);
      const options = variable.options.map((option) => {
        const { input, line } = checkbox(`${option.name} (${counts[option.id] ?? 0})`, (on) => tick(variable.id, option.id, on));
        boxes.push({ box: input, key: variable.id, id: option.id });
        return line;
      });
      fieldsets.append(make("fieldset", { class: "pe-values" }, make("legend", {}, variable.name), ...options));
    }
    return {
      node,
      refresh(value) {
        const said = variables
          .filter((one) => value.filters[one.id])
          .map((one) => filterWords(content, one.id, value.filters[one.id]));
        write(ticked, said.length ? said.join("; ") : "all");
      },
    };
  }

  function everywhere(variable) {
    const counts = {};
    for (const incident of content.incidents) {
      for (const id of valuesOf(content, incident, variable.id, content.start)) counts[id] = (counts[id] ?? 0) + 1;
    }
    return counts;
  }

  function tick(key, id, on) {
    const { filters } = shell.value();
    const others = (filters[key] ?? []).filter((one) => one !== id);
    set({ filters: { ...filters, [key]: on ? [...others, id] : others } });
  }

  function speakersPanel() {
    const ticked = make("span", {});
    const boxes = content.speakers.map((one) => {
      const { input, line } = checkbox(one.name, (on) => {
        const others = shell.value().speakers.filter((id) => id !== one.id);
        set({ speakers: on ? [...others, one.id] : others });
      });
      return { input, line, id: one.id };
    });
    const node = make("details", { class: "pe-panel" },
      make("summary", {}, make("strong", {}, "Whose purposes count"), ticked),
      make("fieldset", { class: "pe-values" }, make("legend", {}, "Purposes stated by"), ...boxes.map((one) => one.line)),
      make("p", { class: "pe-small" }, "A stated purpose is a claim by a speaker. An incident stays in; where your speakers stated nothing it counts as “none on record”."));
    return {
      node,
      refresh({ speakers }) {
        for (const one of boxes) one.input.checked = speakers.includes(one.id);
        write(ticked, speakers.length ? content.speakers.filter((one) => speakers.includes(one.id)).map((one) => one.name).join("; ") : "everybody's");
      },
    };
  }

  // --- 2. group and count

  function groupPart() {
    const named = content.variables.map(({ id, name }) => ({ id, name }));
    const rows = choice("Rows", named, (id) => set({ rows: id }));
    const columns = choice("Columns", [{ id: "none", name: "none: a simple grouping" }, ...named], (id) => set({ columns: id }));
    const shares = choice("Percentages", content.shares, (id) => set({ share: id }));
    const few = make("span", { class: "pe-few", id: `${shell.id}-few` });
    shares.line.append(few);
    shares.select.setAttribute("aria-describedby", few.id);
    return {
      nodes: [
        make("h2", {}, "2. Group them"),
        make("div", { class: "pe-choices" }, rows.line, columns.line, shares.line),
      ],
      refresh(value, table) {
        write(few, shareNote(content, table));
        // Setting a select anew would end what somebody is typing to find an option.
        for (const [select, now] of [[rows.select, value.rows], [columns.select, value.columns], [shares.select, value.share]]) {
          if (select.value !== now) select.value = now;
        }
      },
    };
  }

  // --- 3. the table

  function tablePart() {
    const first = make("p", { class: "pe-denominator" });
    const rest = make("ul", { class: "pe-small" });
    const others = make("ul", { class: "pe-small" });
    const othersName = make("summary", {});
    const more = make("details", {}, othersName, others);
    const about = make("details", { class: "pe-about" }, make("summary", {}, "How these are coded"));
    const meaning = make("dl", {});
    about.append(meaning);
    const place = make("div", { class: "v-scroll pe-scroll", role: "region", "aria-label": "Table of incidents", tabindex: "0" });
    let buttons = new Map(); // "row|column" to the button of that cell
    let drawn = "";
    let at = "";
    let grid = []; // the same places, line by line, for the arrow keys

    function build(table, value) {
      const columns = [...table.columns, { id: "", name: "all incidents", gap: "" }];
      const rows = [...table.rows, { id: "", name: "all incidents", gap: "" }];
      buttons = new Map();
      grid = rows.map((row) => columns.map((column) => `${row.id}|${column.id}`));
      const corner = make("th", { scope: "col", role: "columnheader" }, variableOf(content, value.rows).name);
      const heads = columns.map((one) => make("th", { scope: "col", role: "columnheader", class: kindOf(one) }, one.name));
      const body = rows.map((row) => make("tr", { class: kindOf(row) },
        make("th", { scope: "row", role: "rowheader", class: kindOf(row) }, row.name),
        ...columns.map((column) => make("td", { role: "gridcell", class: kindOf(column) }, cellButton(row, column)))));
      place.replaceChildren(make("table", { role: "grid" }, caption, make("thead", {}, make("tr", {}, corner, ...heads)), make("tbody", {}, ...body)));
      at = `${value.cell.row}|${value.cell.column}`;
      if (at === "|" || !buttons.has(at)) at = grid[0][0];
      buttons.get(at).tabIndex = 0;
    }

    const captionText = make("span", {});
    const caption = make("caption", {}, make("span", {}, captionText, make("strong", {}, "Choose a number to see its incidents."),
      make("span", { class: "v-keys" }, " The arrow keys move, Enter chooses, Escape goes back to the number.")));

    function cellButton(row, column) {
      const key = `${row.id}|${column.id}`;
      const cell = { row: row.id, column: column.id };
      const count = make("span", { class: "pe-count" });
      const of = make("span", { class: "pe-of" });
      const node = make("button", {
        type: "button",
        tabindex: "-1",
        onclick: () => pick(cell, key),
        onkeydown: (event) => walk(event, key),
        onfocus: () => hold(key),
      }, count, of);
      Object.assign(node, { parts: { count, of }, words: [row, column].filter((one) => one.id).map((one) => one.name).join(", ") });
      buttons.set(key, node);
      return node;
    }

    function hold(key) {
      buttons.get(at)?.setAttribute("tabindex", "-1");
      at = key;
      buttons.get(key).tabIndex = 0;
    }

    function pick(cell, key) {
      hold(key);
      set({ cell }, "cell");
      theList.forward();
    }

    function walk(event, key) {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const line = grid.findIndex((one) => one.includes(key));
      const column = grid[line].indexOf(key);
      const to = {
        ArrowRight: [line, column + 1],
        ArrowLeft: [line, column - 1],
        ArrowDown: [line + 1, column],
        ArrowUp: [line - 1, column],
        Home: [line, 0],
        End: [line, grid[line].length - 1],
      }[event.key];
      if (!to) return;
      event.preventDefault();
      const next = grid[to[0]]?.[to[1]];
      if (next !== undefined) buttons.get(next).focus();
    }

    function refresh(value, table) {
      const shape = JSON.stringify([value.rows, value.columns, value.low]);
      if (shape !== drawn) build(table, value);
      drawn = shape;
      const said = foremost(content, table);
      write(first, denominator(content, table));
      lines(rest, said.first);
      lines(others, said.rest);
      write(othersName, `What else to know before you use these numbers (${said.rest.length})`);
      more.hidden = !said.rest.length;
      write(captionText, `${titleOf(content, value)}: ${table.number()} of ${table.total} incidents. `);
      const chosen = `${value.cell.row}|${value.cell.column}`;
      for (const [key, node] of buttons) fill(node, key, table, key === chosen);
      lines(meaning, [...new Set(axesOf(value).map(([, key]) => key))].flatMap((key) => {
        const one = variableOf(content, key);
        return [["dt", one.name], ["dd", one.about]];
      }));
    }

    function fill(node, key, table, chosen) {
      const [row, column] = key.split("|");
      const count = table.number(row, column);
      const of = row || column ? ofWhole(content, table, row, column) : "";
      write(node.parts.count, String(count));
      write(node.parts.of, of);
      node.classList.toggle("pe-zero", !count);
      node.setAttribute("aria-label", `${count}${of && ` ${of}`}, ${node.words || "all incidents"}`);
      if (chosen) node.setAttribute("aria-current", "true");
      else node.removeAttribute("aria-current");
    }

    return {
      nodes: [make("h2", {}, "3. Read the table"), first, rest, more, about, place],
      refresh,
      back: () => buttons.get(at).focus(),
    };
  }

  function kindOf(option) {
    if (!option.id) return "pe-all";
    return option.gap ? "pe-gap" : "";
  }

  // --- 4. the incidents

  function incidentsPart() {
    const goBack = (event) => event.key === "Escape" && theTable.back();
    const heading = make("h3", { tabindex: "-1" });
    const clear = button("List all that meet the filter", () => {
      set({ cell: { row: "", column: "" } }, "cell");
      heading.focus();
    });
    const back = make("button", { type: "button", onclick: () => theTable.back() }, "Back to the table");
    const listed = make("ul", { class: "pe-list", onkeydown: goBack });
    const card = make("article", { class: "pe-card", onkeydown: (event) => event.key === "Escape" && shell.value().opened && close() });
    let shownIds = "";
    let shownCard = null;
    let items = new Map();

    function open(id) {
      set({ opened: id }, "opened");
      card.querySelector("h3").focus();
    }

    function close() {
      const id = shell.value().opened;
      set({ opened: "" }, "opened");
      (items.get(id) ?? heading).focus();
    }

    function step(by) {
      const ids = [...items.keys()];
      const at = ids.indexOf(shell.value().opened);
      open(ids[at < 0 ? 0 : (at + by + ids.length) % ids.length]);
    }

    function item(id) {
      const incident = incidentOf(content, id);
      const node = make("button", { type: "button", onclick: () => open(id) },
        make("span", { class: "pe-title" }, incident.title),
        make("span", { class: "pe-meta" },
          `from ${incident.start}; confidence in the row: ${only(content, incident, "confidence")}; ${only(content, incident, "checked")}`));
      items.set(id, node);
      return make("li", {}, node);
    }

    function refresh(value, table) {
      const ids = table.ids(value.cell.row, value.cell.column);
      const name = cellName(content, value, value.cell);
      write(heading, `${howMany(ids.length, "incident")}: ${name || "all that meet your filter"}`);
      clear.hidden = !name;
      back.hidden = !name;
      if (JSON.stringify(ids) !== shownIds) {
        shownIds = JSON.stringify(ids);
        items = new Map();
        listed.replaceChildren(...ids.map(item));
      }
      for (const [id, node] of items) {
        if (id === value.opened) node.setAttribute("aria-current", "true");
        else node.removeAttribute("aria-current");
      }
      if (value.opened !== shownCard) {
        shownCard = value.opened;
        card.setAttribute("aria-label", value.opened ? incidentOf(content, value.opened).title : "No incident is open");
        card.replaceChildren(...(value.opened ? described(content, value.opened, [button("Previous", () => items.size && step(-1)), button("Next", () => items.size && step(1)), button("Close", close)]) : [make("p", {}, "Open an incident: its record, purposes by speaker, documents and sources stand here.")]));
        card.scrollTop = 0;
      }
    }

    return {
      nodes: [
        make("h2", {}, "4. Open the incidents"),
        make("div", { class: "v-buttons pe-chosen", onkeydown: goBack }, heading, clear, back),
        shell.status,
        make("div", { class: "pe-incidents" }, listed, card),
      ],
      refresh,
      forward: () => {
        heading.focus({ preventScroll: true });
        heading.scrollIntoView({ block: "start" });
      },
    };
  }

  // --- what always stands there

  function limitsNote() {
    const left = make("ul", { hidden: true, class: "pe-excluded", id: `${shell.id}-excluded` }, ...content.excluded.map((one) =>
      make("li", {}, make("strong", {}, one.text), `. Left out, ${one.why}.${one.bears && ` Could it defeat the claim? ${one.bears}`} (${one.how})`)));
    const toggle = make("button", { type: "button", "aria-expanded": "false", "aria-controls": left.id, onclick: () => {
      left.hidden = !left.hidden;
      toggle.setAttribute("aria-expanded", String(!left.hidden));
      write(toggle, toggleName(left.hidden));
    } });
    const toggleName = (closed) => (closed ? `List the ${content.excluded.length} cases left out` : `Hide the ${content.excluded.length} cases left out`);
    write(toggle, toggleName(true));
    return make("section", { class: "pe-limits", "aria-label": "What these data cannot show" },
      make("p", {}, content.limits.slice(0, 2).join(" ")),
      make("details", {}, make("summary", {}, "What else these data cannot show"),
        make("ul", {}, ...content.limits.slice(2).map((one) => make("li", {}, one))), toggle, left));
  }

  let last = null;
  shell.status.classList.add("pe-unseen"); // the screen shows the same words as text
  return {
    body: [limitsNote(), ...parts.flatMap((one) => one.nodes)],
    refresh(value) {
      const table = ask(content, value);
      for (const one of parts) one.refresh(value, table);
      if (last && !sameQuery(last, value)) shell.say(denominator(content, table));
      last = value;
    },
    place: (before, after) => {
      if (!same(before.filters, after.filters)) return "the filter";
      if (before.rows !== after.rows || before.columns !== after.columns) return "rows and columns";
      if (before.opened !== after.opened) return "the opened incident";
      return "a setting";
    },
  };
}

const WIDGET = {
  variable: "practice",
  noun: "query",
  empty: (content) => content.start,
  sound,
  touched: (content, value) => !sameQuery(value, content.start),
  howMuch: (content, value) => `a query, ${titleOf(content, value)}, ${value.result.meeting} of ${value.result.incidents} incidents`,
  text: memo,
  draw,
};

export default { render: (context) => show(WIDGET, context) };
export { ask, filterLine, foremost, memo, result, sentences, shareNote, sound, whole };
