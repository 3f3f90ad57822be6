// The view of the weighing board: draws the cells, edits one at a time, sums up in words.
// It needs no library and no kernel. The texts of answer, memo and summary are those of
// volens/weighing.py; a test compares them.

const QUIET = "data-lm-suppress-shortcuts"; // or JupyterLab takes the arrow keys
const OWN = "own: ";
const SHORT = { supports: "+ supports", tension: "× in tension", depends: "? depends", "not engaged": "○ not engaged" };

// ---------------------------------------------------------------- what the cells say

export function places(content) {
  return content.purposes.flatMap((p) => content.principles.map((q) => `${p.id}|${q.id}`));
}

function named(content, cells) {
  return places(content)
    .filter((place) => cells[place])
    .map((place) => {
      const [purpose, principle] = place.split("|");
      return {
        place,
        purpose: content.purposes.find((p) => p.id === purpose),
        principle: content.principles.find((q) => q.id === principle),
        entry: cells[place],
      };
    });
}

function list(names) {
  return names.length === 1 ? names[0] : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

export function unsupported(content, cells) {
  return named(content, cells).flatMap(({ purpose, principle, entry }) => {
    const words = oneLine(entry.reason) ? oneLine(entry.reason).split(" ").length : 0;
    const reason = words ? `a reason of ${words} words (${content.words} are needed)` : "no reason";
    const lacks = [words < content.words ? reason : "", oneLine(entry.hinge) ? "" : "no hinge"].filter(Boolean);
    return lacks.length ? [`${purpose.name} and ${principle.inline}: ${lacks.join(" and ")}.`] : [];
  });
}

function asSentence(text) {
  const line = oneLine(text);
  return !line || ".!?".includes(line.at(-1)) ? line : `${line}.`;
}

function oneLine(text) {
  return text.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "");
}

export function conflicts(content, cells) {
  const all = named(content, cells);
  const sides = (mine, other) =>
    ["supports", "tension"].map((stance) => mine.filter((c) => c.entry.stance === stance).map((c) => c[other].inline));
  const byPurpose = content.purposes.flatMap((p) => {
    const [supports, tension] = sides(all.filter((c) => c.purpose === p), "principle");
    return supports.length && tension.length
      ? [`${p.name} supports ${list(supports)} and is in tension with ${list(tension)}.`]
      : [];
  });
  const byPrinciple = content.principles.flatMap((q) => {
    const [supports, tension] = sides(all.filter((c) => c.principle === q), "purpose");
    return supports.length && tension.length
      ? [`${q.name} is supported by ${list(supports)} and in tension with ${list(tension)}.`]
      : [];
  });
  return [...byPurpose, ...byPrinciple];
}

function ordered(content, cells) {
  return Object.fromEntries(
    named(content, cells).map(({ place, entry }) => [
      place,
      { stance: entry.stance, reason: entry.reason, hinge: entry.hinge },
    ]),
  );
}

export function literal(content, cells) {
  return `weighing = ${JSON.stringify(ordered(content, cells), null, 4)}\n`;
}

export function saved(content, cells) {
  return JSON.stringify({ case: content.case, cells: ordered(content, cells) }, null, 2);
}

function why(content, entry) {
  const reason = asSentence(entry.reason) || "[reason to be given]";
  const hinge = oneLine(entry.hinge);
  if (!hinge) return `${reason} [hinge to be named]`;
  if (entry.hinge.startsWith(OWN)) return `${reason} It turns on this: ${asSentence(entry.hinge.slice(OWN.length))}`;
  const finding = content.findings.find((f) => f.id === entry.hinge);
  return `${reason} It turns on this: ${finding.question} (On the record: ${finding.value}.)`;
}

export function memo(content, cells) {
  const lines = [`# Weighing the reasons: ${content.caseTitle}`, "", "Consent comes first and is not weighed here."];
  let last = null;
  for (const { purpose, principle, entry } of named(content, cells)) {
    if (purpose !== last) lines.push("", `## ${purpose.name}`, "");
    last = purpose;
    const stance = content.stances.find((s) => s.id === entry.stance);
    lines.push(`- It ${stance.sentence} ${principle.inline}. ${why(content, entry)}`);
  }
  const section = (title, found) => found.length && lines.push("", `## ${title}`, "", ...found.map((line) => `- ${line}`));
  section("Where support and tension meet", conflicts(content, cells));
  section("Still to be given", unsupported(content, cells));
  return `${lines.join("\n")}\n`;
}

// What came from a file or from this browser: only cells that the board knows.
export function sound(content, cells) {
  const known = new Set(places(content));
  const stances = new Set(content.stances.map((s) => s.id));
  const findings = new Set(content.findings.map((f) => f.id));
  const entries = Object.entries(cells ?? {}).flatMap(([place, cell]) => {
    if (!known.has(place) || !stances.has(cell?.stance)) return [];
    const [reason, hinge] = [cell.reason, cell.hinge].map((text) => (typeof text === "string" ? text : ""));
    const kept = findings.has(hinge) || hinge.startsWith(OWN) ? hinge : "";
    return [[place, { stance: cell.stance, reason, hinge: kept }]];
  });
  return Object.fromEntries(entries);
}

// ---------------------------------------------------------------- small helpers

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null) node.setAttribute(name, value === true ? "" : value);
  }
  if (["button", "input", "select", "textarea", "summary"].includes(tag)) node.setAttribute(QUIET, "true");
  node.append(...children);
  return node;
}

function button(label, onclick) {
  return make("button", { type: "button", onclick }, label);
}

function howMany(cells) {
  const count = Object.keys(cells).length;
  return count === 1 ? "1 cell" : `${count} cells`;
}

function remember(key, cells) {
  try {
    localStorage.setItem(key, JSON.stringify(cells));
    return true;
  } catch {
    return false; // a browser may refuse; the notebook and the file remain
  }
}

function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

async function copy(text, field) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    field.closest("details").open = true;
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

// ---------------------------------------------------------------- the board

function render({ model, el }) {
  const content = model.get("content");
  const id = `volens-board-${Math.random().toString(36).slice(2, 10)}`; // one page may hold several
  const keeps = model.get("restore"); // a board that was given its cells leaves the browser's copy alone
  const key = `volens-board-${content.case}`;
  const all = places(content);
  const drafts = {}; // a reason typed before a stance was chosen
  const ownWords = {}; // kept while another hinge is tried
  const past = [];
  const future = [];
  let current = all[0];
  let lastEdit = "";
  let inWords = false; // "own, in words" was chosen and nothing is written yet

  const cells = () => model.get("cells");

  function commit(next, edit = "") {
    if (!edit || edit !== lastEdit) past.push(cells());
    future.length = 0;
    lastEdit = edit;
    put(next);
  }

  function put(next) {
    model.set("cells", next);
    model.save_changes();
    if (keeps && !remember(key, next)) notKept.hidden = false;
    refresh();
  }

  function travel(from, to, word) {
    if (!from.length) return;
    const before = cells();
    to.push(before);
    const next = from.pop();
    lastEdit = "";
    put(next);
    const place = all.find((one) => JSON.stringify(before[one]) !== JSON.stringify(next[one]));
    if (place) show(place);
    say(place ? `${word}: ${title(place)}.` : word, true);
  }

  function change(part, value) {
    const before = cells()[current] ?? { stance: "", reason: "", hinge: "", ...drafts[current] };
    const entry = { ...before, [part]: value };
    if (!entry.stance) {
      drafts[current] = { reason: entry.reason, hinge: entry.hinge };
      draft.hidden = !entry.reason && !entry.hinge;
      return;
    }
    delete drafts[current];
    commit({ ...cells(), [current]: entry }, part === "stance" ? "" : `${current} ${part}`);
  }

  function clear() {
    const { [current]: gone, ...rest } = cells();
    delete drafts[current];
    if (gone) commit(rest);
    show(current);
    say(`Cleared: ${title(current)}.`, true);
  }

  function title(place) {
    const [purpose, principle] = place.split("|");
    const p = content.purposes.find((one) => one.id === purpose);
    const q = content.principles.find((one) => one.id === principle);
    return `${p.name} and ${q.inline}`;
  }

  // --- the grid

  const buttons = {};

  function grid() {
    const head = make(
      "tr",
      {},
      make("td", { role: "gridcell" }),
      ...content.principles.map((q) => make("th", { scope: "col", role: "columnheader", title: q.protects }, q.name)),
    );
    const rows = content.purposes.map((p) =>
      make(
        "tr",
        {},
        make("th", { scope: "row", role: "rowheader", title: p.definition }, p.name),
        ...content.principles.map((q) => {
          const place = `${p.id}|${q.id}`;
          const cell = make("button", {
            type: "button",
            tabindex: place === current ? "0" : "-1",
            onclick: () => open(place),
            onkeydown: (event) => walk(event, place),
          });
          buttons[place] = cell;
          return make("td", { role: "gridcell" }, cell);
        }),
      ),
    );
    const caption = make("caption", {}, "Purposes (rows) and principles (columns). Arrow keys move, Enter opens a cell.");
    return make("div", { class: "vb-grid" }, make("table", { role: "grid" }, caption, make("thead", {}, head), make("tbody", {}, ...rows)));
  }

  function open(place) {
    show(place);
    (stances[cells()[place]?.stance] ?? stances[content.stances[0].id]).focus();
  }

  function read(place) {
    show(place);
    heading.focus();
  }

  function walk(event, place) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const width = content.principles.length;
    const at = all.indexOf(place);
    const column = at % width;
    const step = {
      ArrowRight: column < width - 1 ? 1 : 0,
      ArrowLeft: column > 0 ? -1 : 0,
      ArrowDown: at + width < all.length ? width : 0,
      ArrowUp: at - width >= 0 ? -width : 0,
      Home: -column,
      End: width - 1 - column,
    }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      show(all[at + step]);
      buttons[all[at + step]].focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(place);
    }
  }

  // --- the editor

  const stances = {};
  const heading = make("h2", { id: `${id}-cell`, class: "vb-cell", tabindex: "-1" });
  const about = make("div", { class: "vb-about" });
  const standard = make("p", { class: "vb-default" });
  const purposePicker = picker("Purpose", content.purposes, () => go());
  const principlePicker = picker("Principle", content.principles, () => go());
  const reason = make("textarea", {
    id: `${id}-reason`,
    rows: "3",
    "aria-describedby": heading.id,
    oninput: () => change("reason", reason.value),
  });
  const draft = make("p", { hidden: true, class: "vb-note" }, "Not kept yet: choose a stance above.");
  const chosen = make("p", { class: "vb-note" });
  const hinge = make(
    "select",
    { id: `${id}-hinge`, "aria-describedby": heading.id, onchange: () => hingeChosen() },
    make("option", { value: "" }, "choose a finding"),
    ...content.findings.map((f) => make("option", { value: f.id }, `${f.question} (${f.value})`)),
    make("option", { value: OWN }, "own, in words"),
  );
  const own = make("input", {
    id: `${id}-own`,
    type: "text",
    oninput: () => {
      inWords = true;
      ownWords[current] = own.value;
      change("hinge", oneLine(own.value) ? OWN + own.value : "");
    },
  });
  const ownLine = make("p", { hidden: true }, make("label", { for: `${id}-own` }, "Your hinge, in words"), own);

  function picker(label, options, onchange) {
    const select = make(
      "select",
      { id: `${id}-${label.toLowerCase()}`, onchange },
      ...options.map((one) => make("option", { value: one.id }, one.name)),
    );
    return { select, line: make("p", {}, make("label", { for: select.id }, label), select) };
  }

  function go() {
    show(`${purposePicker.select.value}|${principlePicker.select.value}`);
  }

  function hingeChosen() {
    inWords = hinge.value === OWN;
    const before = ownWords[current] ?? "";
    change("hinge", inWords ? (oneLine(before) ? OWN + before : "") : hinge.value);
    fill();
    if (inWords) own.focus();
  }

  function editor() {
    const choice = make("fieldset", {}, make("legend", {}, "How does the purpose stand to the principle?"));
    for (const stance of content.stances) {
      const radio = make("input", {
        type: "radio",
        name: `${id}-stance`,
        id: `${id}-${stance.id.replace(" ", "-")}`,
        value: stance.id,
        onchange: () => change("stance", stance.id),
      });
      stances[stance.id] = radio;
      choice.append(make("label", { for: radio.id }, radio, ` ${stance.label}`));
    }
    const step = (by) => () => read(all[(all.indexOf(current) + by + all.length) % all.length]);
    return make(
      "form",
      {
        class: "vb-editor",
        "aria-labelledby": heading.id,
        onsubmit: (event) => event.preventDefault(),
        onkeydown: (event) => event.key === "Escape" && !event.isComposing && buttons[current].focus(),
      },
      heading,
      make("div", { class: "vb-pick" }, purposePicker.line, principlePicker.line),
      about,
      standard,
      choice,
      make("p", {}, make("label", { for: reason.id }, "Reason: why, in your words"), reason),
      draft,
      make("p", {}, make("label", { for: hinge.id }, "Hinge: the finding that would move this cell"), hinge),
      chosen,
      make("p", { class: "vb-note" }, "In brackets: what the record says today. Choose the finding whose other answer would change your stance. Is it not there? Choose “own, in words”."),
      ownLine,
      make(
        "div",
        { class: "vb-buttons" },
        button("Previous cell", step(-1)),
        button("Next cell", step(1)),
        button("Clear this cell", clear),
      ),
    );
  }

  function show(place) {
    buttons[current].tabIndex = -1;
    buttons[current].removeAttribute("aria-current");
    current = place;
    lastEdit = "";
    inWords = false;
    buttons[place].tabIndex = 0;
    buttons[place].setAttribute("aria-current", "true");
    const [purpose, principle] = place.split("|");
    const p = content.purposes.find((one) => one.id === purpose);
    const q = content.principles.find((one) => one.id === principle);
    heading.textContent = title(place);
    purposePicker.select.value = purpose;
    principlePicker.select.value = principle;
    const claims = p.claims.map((claim) => make("li", {}, claim));
    const said = claims.length === 1 ? "1 claim in this case" : `${claims.length} claims in this case`;
    about.replaceChildren(
      make("p", {}, make("strong", {}, `${p.name}: `), p.definition),
      make("p", {}, make("strong", {}, `${q.name}: `), q.protects, q.constraint ? ` ${q.constraint}` : ""),
      claims.length ? make("details", {}, make("summary", {}, said), make("ul", {}, ...claims)) : make("p", {}, "No claim in this case rests on this purpose."),
    );
    fill();
  }

  function fill() {
    const entry = cells()[current] ?? { stance: "", reason: "", hinge: "", ...drafts[current] };
    for (const [name, radio] of Object.entries(stances)) radio.checked = name === entry.stance;
    if (document.activeElement !== reason) reason.value = entry.reason;
    const isOwn = entry.hinge.startsWith(OWN);
    hinge.value = isOwn || inWords ? OWN : entry.hinge;
    ownLine.hidden = hinge.value !== OWN;
    if (document.activeElement !== own) own.value = isOwn ? entry.hinge.slice(OWN.length) : "";
    draft.hidden = Boolean(entry.stance) || (!entry.reason && !entry.hinge);
    chosen.textContent = content.findings.find((f) => f.id === entry.hinge)?.question ?? "";
    const given = content.defaults[current];
    standard.hidden = !defaults.checked;
    const label = content.stances.find((s) => s.id === given.stance).label;
    standard.textContent = `The course's default: ${label}. ${given.note} It turns on: ${given.hinge}`;
  }

  // --- what the board sees

  const filled = make("ul", { class: "vb-filled" });
  const found = make("div", {});
  const status = make("p", { role: "status", class: "vb-status" });

  let waiting = 0;

  // What typing changes is said once the typing rests; what a button did, at once and beside it.
  function say(text, now = false) {
    clearTimeout(waiting);
    const write = () => {
      if (status.textContent !== text) status.textContent = text;
    };
    if (now) write();
    else waiting = setTimeout(write, 600);
    if (now) beside.textContent = text;
  }

  function section(name, lines, none) {
    return [
      make("h2", {}, name),
      lines.length ? make("ul", {}, ...lines.map((line) => make("li", {}, line))) : make("p", {}, none),
    ];
  }

  function refresh() {
    const now = cells();
    for (const place of all) draw(place, now[place]);
    filled.replaceChildren(
      ...named(content, now).map(({ place, entry }) =>
        make(
          "li",
          {},
          make("button", { type: "button", onclick: () => read(place) },
            `${title(place)}: ${SHORT[entry.stance].slice(2)}`),
        ),
      ),
    );
    const [lacking, meeting] = [unsupported(content, now), conflicts(content, now)];
    found.replaceChildren(
      ...section("Where support and tension meet", meeting, "Nowhere yet."),
      ...section("Still to be given", lacking, "Nothing."),
    );
    answer.value = literal(content, now);
    text.value = memo(content, now);
    undo.setAttribute("aria-disabled", String(past.length === 0));
    redo.setAttribute("aria-disabled", String(future.length === 0));
    const meet = meeting.length === 1 ? "in 1 place" : meeting.length ? `in ${meeting.length} places` : "nowhere yet";
    const lack = lacking.length ? `something still to be given for ${lacking.length}` : "nothing still to be given";
    say(`${howMany(now)} filled, ${lack}. Support and tension meet ${meet}.`);
    fill();
  }

  function draw(place, entry) {
    const cell = buttons[place];
    const given = content.defaults[place].stance;
    const shown = entry ? SHORT[entry.stance] : defaults.checked ? `(${SHORT[given]})` : "–";
    if (cell.textContent !== shown) cell.textContent = shown;
    cell.dataset.stance = entry ? entry.stance : "";
    const said = entry ? SHORT[entry.stance].slice(2) : defaults.checked ? `not filled; default ${SHORT[given].slice(2)}` : "not filled";
    cell.setAttribute("aria-label", `${title(place)}: ${said}`);
  }

  // --- taking it along

  const defaults = make("input", { type: "checkbox", id: `${id}-defaults`, onchange: () => refresh() });
  const undo = button("Undo", () => travel(past, future, "Undone"));
  const redo = button("Redo", () => travel(future, past, "Done again"));
  const restart = button("Empty the board", () => {
    forget();
    commit({});
    show(current);
    say("All cells are empty. Undo brings them back.", true);
  });
  const beside = make("p", { class: "vb-note", "aria-hidden": "true" });
  const notKept = make("p", { hidden: true, class: "vb-note" }, "This browser keeps nothing here. Use Save before you leave.");
  const wide = make("input", { type: "checkbox", id: `${id}-wide`, onchange: () => root.classList.toggle("vb-table", wide.checked) });

  function forget() {
    for (const store of [drafts, ownWords]) for (const place of Object.keys(store)) delete store[place];
  }
  const answer = make("textarea", { id: `${id}-answer`, rows: "8", readonly: true });
  const text = make("textarea", { id: `${id}-memo`, rows: "12", readonly: true });
  const file = make("input", { type: "file", id: `${id}-file`, accept: ".json,application/json", onchange: load });

  async function take(value, field, what) {
    say((await copy(value, field)) ? `${what} copied.` : `Select the text of the ${what.toLowerCase()} and copy it.`, true);
  }

  function save() {
    const link = make("a", {
      href: URL.createObjectURL(new Blob([saved(content, cells())], { type: "application/json" })),
      download: `weighing-${content.case}.json`,
    });
    link.click();
    URL.revokeObjectURL(link.href);
    say(`Saved as weighing-${content.case}.json among your downloads.`, true);
  }

  async function load() {
    const name = file.files[0].name;
    const text = await file.files[0].text();
    file.value = "";
    let found = null;
    try {
      found = JSON.parse(text);
    } catch {
      // not even JSON: the same words serve
    }
    if (found?.case !== content.case || typeof found.cells !== "object" || found.cells === null) {
      const why = typeof found?.case === "string" ? `it belongs to ${found.case}` : "it is no saved board";
      say(`${name} was not loaded: ${why}. Choose a file that Save made here.`, true);
      return;
    }
    const known = sound(content, found.cells);
    const lost = Object.keys(found.cells).length - Object.keys(known).length;
    forget();
    commit(known);
    show(current);
    const aside = lost ? ` ${lost} could not be read and were left out.` : "";
    say(`${name} loaded: ${howMany(known)}.${aside} Undo brings the old board back.`, true);
  }

  // Another tab with the same board writes to the same store.
  const other = make("p", { hidden: true, class: "vb-note" }, "This board was changed in another tab. ", button("Take what the other tab has", () => {
    other.hidden = true;
    commit(sound(content, recall(key)));
    show(current);
  }));
  const elsewhere = (event) => {
    if (keeps && event.key === key) other.hidden = false;
  };
  window.addEventListener("storage", elsewhere);

  const top = make(
    "div",
    { class: "vb-buttons" },
    undo,
    redo,
    restart,
    make("label", { for: defaults.id }, defaults, " show the course's defaults"),
    make("label", { for: wide.id, class: "vb-wide" }, wide, " show the whole table"),
  );
  const along = make(
    "div",
    { class: "vb-along" },
    make(
      "div",
      { class: "vb-buttons" },
      button("Copy answer", () => take(answer.value, answer, "Answer")),
      button("Copy memo", () => take(text.value, text, "Memo")),
      button("Save", save),
      make("label", { for: file.id }, "Load a saved board ", file),
    ),
    beside,
    notKept,
    make("details", {}, make("summary", {}, "The answer as text"), make("label", { for: answer.id }, "For the answer cell"), answer),
    make("details", {}, make("summary", {}, "The memo as text"), make("label", { for: text.id }, "To start a memo from"), text),
  );

  const root = make(
    "section",
    { class: "volens-board", "aria-label": content.title },
    make("p", { class: "vb-precondition" }, content.precondition),
    top,
    other,
    grid(),
    editor(),
    status,
    make("h2", {}, "Your cells"),
    filled,
    found,
    along,
  );
  el.replaceChildren(root);

  const kept = keeps ? sound(content, recall(key)) : {};
  const restored = !Object.keys(cells()).length && Object.keys(kept).length;
  if (restored) {
    model.set("cells", kept);
    model.save_changes();
  }
  show(current);
  refresh();
  if (restored) say(`From this browser: ${howMany(kept)} kept and back again.`, true);
  model.on("change:cells", refresh);
  return () => {
    model.off("change:cells", refresh);
    window.removeEventListener("storage", elsewhere);
  };
}

export default { render };
