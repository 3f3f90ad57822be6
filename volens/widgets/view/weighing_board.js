// The weighing board: a position first, then cells, one at a time, then what follows.
// weighing.js, before it, says what stands in it.

const SECTIONS = ["locks", "changed", "conflicts", "lacking", "unsourced", "hinges"];
const OF_CELLS = ["locks", "conflicts", "lacking", "unsourced"];
const FOLDED = ["hinges", "compare"]; // and every reading; the short ones always stand open

// ---------------------------------------------------------------- parts of the screen

// Draw what a node holds anew only where what it shows has changed, so that nothing folds or loses focus.
const DRAWN = new WeakMap();
function redraw(node, shows, nodes) {
  const key = JSON.stringify(shows);
  if (DRAWN.get(node) === key) return;
  DRAWN.set(node, key);
  node.replaceChildren(...nodes());
}

function keptUnder(key) {
  try {
    return JSON.parse(store.get(key));
  } catch {
    return null; // what cannot be read is for the widget that wrote it
  }
}

// A list to choose from, with words of one's own as its last choice.
function pickOrWrite({ id, describedBy, label, ownLabel, place, put, chosen }) {
  const kept = {}; // words stay while another choice is tried
  let inWords = false; // "own, in words" was chosen and nothing is written yet
  let shown = "";
  const select = make("select", { id, "aria-describedby": describedBy, onchange: () => picked() });
  const own = make("input", {
    id: `${id}-own`,
    type: "text",
    oninput: () => {
      inWords = true;
      kept[place()] = own.value;
      put(oneLine(own.value) ? OWN + own.value : "");
    },
  });
  const ownLine = make("p", { hidden: true }, make("label", { for: own.id }, ownLabel), own);
  const said = make("p", { class: "v-note" });

  function picked() {
    inWords = select.value === OWN;
    const words = kept[place()] ?? "";
    put(inWords ? (oneLine(words) ? OWN + words : "") : select.value);
    chosen();
    if (inWords) own.focus();
  }

  // Groups are [label, [[id, text], ...]]; the list is built anew only where it differs.
  function show(groups) {
    const text = JSON.stringify(groups);
    if (text === shown) return;
    shown = text;
    const options = (entries) => entries.map(([id, words]) => make("option", { value: id }, words));
    select.replaceChildren(
      ...groups.flatMap(([name, entries]) => (name ? [make("optgroup", { label: name }, ...options(entries))] : options(entries))),
      make("option", { value: OWN }, "own, in words"),
    );
  }

  function set(text, words) {
    const isOwn = text.startsWith(OWN);
    select.value = isOwn || inWords ? OWN : text;
    ownLine.hidden = select.value !== OWN;
    if (document.activeElement !== own) own.value = isOwn ? text.slice(OWN.length) : "";
    write(said, words);
  }

  return {
    lines: [make("p", {}, make("label", { for: select.id }, label), select), said, ownLine],
    show,
    set,
    turn: () => { inWords = false; },
    forget: () => Object.keys(kept).forEach((key) => delete kept[key]),
  };
}

// What follows from the board, section by section; the long ones fold.
function followPart(content, leaveFindings) {
  const following = {};

  function part(id) {
    const name = make("h3", {});
    const items = make("ul", {});
    const none = make("p", {});
    const folds = FOLDED.includes(id) || id.startsWith("reading");
    const node = folds
      ? make("details", { open: id === "hinges" }, make("summary", {}, name), items, none)
      : make("div", {}, name, items, none);
    if (id === "changed") node.append(make("div", { class: "v-buttons" }, button("Judge by the record alone", leaveFindings)));
    node.dataset.section = id;
    following[id] = { node, name, items, none };
    return node;
  }

  function show(value, findings) {
    const found = Object.fromEntries(sections(content, value, findings).map((one) => [one.id, one]));
    for (const [id, { node, name, items, none }] of Object.entries(following)) {
      const one = found[id];
      node.hidden = !one || (OF_CELLS.includes(id) && !Object.keys(value.cells).length);
      if (node.hidden) {
        redraw(items, [], () => []);
        continue;
      }
      const [verdict] = id.startsWith("reading") ? one.points[0].text.split(" (") : [""];
      write(name, verdict ? `${one.title}: ${verdict}` : one.title);
      const points = id === "compare" ? [...one.points, ...ownComparisons(content, value.cells)] : one.points;
      redraw(items, points, () => points.map(({ lead, text }) => make("li", {}, ...(lead ? [make("strong", {}, `${lead}: `), text] : [text]))));
      items.hidden = !one.points.length;
      none.hidden = one.points.length > 0;
      write(none, one.none);
    }
  }

  const ids = [...SECTIONS, ...content.views.map((one) => `reading ${one.id}`), "compare", "caution"];
  return { nodes: ids.map(part), show };
}

// Boards for other cases that this browser keeps: where they differ, that needs a reason.
function ownComparisons(content, cells) {
  return content.others.flatMap(({ id, title }) => {
    const kept = keptUnder(`volens weighing-board-${id}`)?.cells;
    return kept && typeof kept === "object" ? differences(content, cells, title, kept).map((text) => point("", text)) : [];
  });
}

// ---------------------------------------------------------------- the screen

function draw({ content, shell }) {
  const { texts } = content;
  const all = places(content);
  const drafts = {}; // what was entered before a stance was chosen
  // Begin where this case has something to weigh.
  const begun = content.purposes.find((one) => one.claims.length) ?? content.purposes[0];
  let current = `${begun.id}|${content.principles[0].id}`;
  let before = ""; // the stance for which the reason was written, after another is chosen

  const value = () => shell.value();
  const cells = () => value().cells;
  const view = () => viewOf(content, value().position);
  const findings = () => shell.model.get("findings") ?? {};
  const put = (next, edit) => shell.change({ ...value(), cells: ordered(content, next) }, edit);
  const entryOf = (place) => cells()[place] ?? { ...EMPTY_CELL, ...drafts[place] };

  function change(part, words) {
    const entry = { ...entryOf(current), [part]: words };
    if (!entry.stance) {
      drafts[current] = { reason: entry.reason, hinge: entry.hinge, source: entry.source };
      draft.hidden = !entry.reason && !entry.hinge && !entry.source;
      return;
    }
    delete drafts[current];
    put({ ...cells(), [current]: entry }, part === "stance" ? "" : `${current} ${part}`);
  }

  // A reason was written for a stance. Where the stance moves, ask whether the reason moves with it.
  function stanceChosen(stance) {
    const had = cells()[current];
    if (had && oneLine(had.reason) && !before) before = had.stance;
    change("stance", stance);
  }

  function clear() {
    const { [current]: gone, ...rest } = cells();
    delete drafts[current];
    if (gone) put(rest);
    turnTo(current);
    shell.say(`Cleared: ${title(current)}.`, true);
  }

  function partsOf(place) {
    const [purpose, principle] = place.split("|");
    return [content.purposes.find((one) => one.id === purpose), content.principles.find((one) => one.id === principle)];
  }

  function title(place) {
    const [p, q] = partsOf(place);
    return `${p.name} and ${q.inline}`;
  }

  // --- the position

  // What a choice of position says stands below the list, so that the list stays where it is.
  const consent = make("p", { class: "wb-precondition" }, texts.consent);
  const gates = make("div", { class: "wb-precondition" });
  const positionPicker = choice("Your position", [{ id: "", name: "choose a position" }, ...content.views.map((one) => ({ id: one.id, name: one.called }))], choosePosition);
  const actPicker = choice("What is judged", content.engine.acts.map((one) => ({ id: one.id, name: one.name })), (act) => shell.change({ ...value(), act }));
  const usual = make("option", { value: "" });
  const testPicker = choice("Who may speak for the State", content.tests.map((one) => ({ id: one.id, name: one.called })), (test) => shell.change({ ...value(), inviter_test: test }));
  testPicker.select.prepend(usual);
  const testThesis = make("p", { class: "v-note" });
  const judgedHow = make("p", { class: "v-note" });
  const aboutPosition = make("div", { class: "wb-position" });
  const elsewhere = make("div", { class: "v-notice", hidden: true });

  function choosePosition(position) {
    shell.change({ ...value(), position });
    const chosen = view();
    if (!chosen) {
      shell.say("No position is chosen.", true);
      return;
    }
    const fixed = content.principles.filter((q) => texts.locked.includes(chosen.standings[q.id].reach)).map((q) => q.inline);
    const aside = content.principles.filter((q) => chosen.standings[q.id].reach === "aside").map((q) => q.inline);
    const rest = aside.length ? ` Left aside: ${list(aside)}.` : "";
    const { verdict } = judgedOn(content, value(), position, findings()).opinion;
    shell.say(`On ${chosen.called} these cannot be outweighed: ${list(fixed)}.${rest} The verdict on this view: ${verdict}.`, true);
  }

  function positionBox() {
    return [
      make("h2", {}, "First, your position"),
      positionPicker.line,
      aboutPosition,
      gates,
      make("details", {}, make("summary", {}, "What is judged, and who may invite"), actPicker.line, testPicker.line, testThesis, judgedHow),
      elsewhere,
    ];
  }

  function fillPosition() {
    const chosen = view();
    positionPicker.select.value = value().position;
    actPicker.select.value = value().act;
    testPicker.select.value = value().inviter_test;
    const presupposed = chosen && content.engine.positions.find((one) => one.id === chosen.id).test;
    write(usual, presupposed ? `as the position presupposes: ${content.tests.find((one) => one.id === presupposed).called}` : "as the position presupposes");
    const test = content.tests.find((one) => one.id === (value().inviter_test || presupposed));
    write(testThesis, test ? test.thesis : "");
    write(judgedHow, `Judged with ${(chosen ?? content.views[0]).settings}. The consent test lets you change that, and the findings.`);
    redraw(aboutPosition, [value().position], () => {
      const stipulated = (first) => (first ? texts.stipulatedFirst : texts.stipulated);
      const theses = (views) => make("ul", {}, ...views.map((one, at) => make("li", {}, make("strong", {}, one.called), `, ${stipulated(!chosen && at === 0)}: ${one.thesis}`)));
      if (!chosen) return [make("p", {}, texts.first), theses(content.views)];
      return [
        make("p", {}, make("strong", {}, `${capital(texts.stipulatedFirst)}: `), chosen.thesis),
        make("p", {}, make("strong", {}, "The best objection: "), chosen.objection),
        make("p", {}, make("strong", {}, "The rows of this board: "), chosen.aims),
        make("details", {}, make("summary", {}, "The other positions"), theses(content.views.filter((one) => one !== chosen))),
      ];
    });
    const said = precondition(content, value(), findings());
    gates.hidden = !chosen;
    redraw(gates, said, () => [
      make("p", {}, make("strong", {}, "Consent. "), said.judged),
      make("ul", { class: "wb-gates" }, ...said.gates.map((gate) => make("li", {}, gate))),
      make("p", {}, said.after),
    ]);
    fillElsewhere();
  }

  // What was changed in the consent test for another act does nothing here, until that act is judged.
  function fillElsewhere() {
    const others = Object.keys(findings()).map((act) => (act === "shared" ? "" : act)).filter((act) => act !== value().act);
    const none = !others.length || findings()[value().act || "shared"];
    elsewhere.hidden = Boolean(none);
    redraw(elsewhere, [none ? [] : others, value().act], () => {
      const nameOf = (act) => content.engine.acts.find((one) => one.id === act).name;
      return [
        make("p", {}, `In the consent test you changed findings for: ${list(others.map(nameOf))}. This board judges: ${actName(content, value())}.`),
        make("div", { class: "v-buttons" }, ...others.map((act) => button(`Judge here: ${nameOf(act)}`, () => {
          shell.change({ ...value(), act });
          shell.say(`The board now judges: ${nameOf(act)}.`, true);
          actPicker.select.closest("details").open = true;
          actPicker.select.focus();
        }))),
      ];
    });
  }

  // --- the grid

  const buttons = {};
  const marks = {};

  function grid() {
    const head = make(
      "tr",
      {},
      make("td", { role: "gridcell" }),
      ...content.principles.map((q) => {
        marks[q.id] = make("span", { class: "wb-mark" });
        return make("th", { scope: "col", role: "columnheader", title: q.protects }, q.name, " ", marks[q.id]);
      }),
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
    const keys = make("span", { class: "v-keys" }, " Arrow keys move, Enter opens a cell, Escape comes back to it.");
    const caption = make("caption", {}, "Purposes (rows) and principles (columns).", keys);
    return make("div", { class: "wb-grid" }, make("table", { role: "grid" }, caption, make("thead", {}, head), make("tbody", {}, ...rows)));
  }

  function legend() {
    const line = (words, meaning) => make("li", {}, make("strong", {}, `${words}: `), meaning);
    return make("details", { class: "wb-legend" }, make("summary", {}, "What the column words mean"), make(
      "ul",
      {},
      line("Constraint", "on your view nothing outweighs this principle."),
      line("Beside the title", "nothing outweighs it either, but it does not decide whether there is a title (a legal ground for the act). It is judged apart from that."),
      line("Argument", "one reason among others. Another reason may answer it."),
      line("Left aside", "on your view a cell here sets no limit of its own."),
      line("Double line under a principle", "a constraint, or beside the title: support elsewhere does not outweigh tension here."),
      line("In brackets, when the course's defaults are shown", "what the course would enter. It is not your entry."),
      line("In brackets in a plain cell", "the course is fairly sure of its default (confidence: high)."),
      line("In brackets in a dashed cell", "the course is less sure of its default (confidence: medium or low)."),
    ));
  }

  function open(place) {
    turnTo(place);
    if (value().position) (stances[cells()[place]?.stance] ?? stances[content.stances[0].id]).focus();
    else {
      toPosition.focus();
      shell.say(`${title(place)}. Choose a position first.`, true);
    }
  }

  function read(place) {
    turnTo(place);
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
      turnTo(all[at + step]);
      buttons[all[at + step]].focus();
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(place);
    }
  }

  // --- the editor

  const stanceChoice = radios(
    "How does the purpose stand to the principle?",
    content.stances.map((one) => ({ id: one.id, name: one.label })),
    stanceChosen,
  );
  const stances = stanceChoice.inputs;
  const heading = make("h2", { id: `${shell.id}-cell`, class: "wb-cell", tabindex: "-1" });
  const about = make("div", {});
  const lock = make("p", { class: "wb-lock" });
  const standard = make("div", { class: "wb-default" });
  const purposePicker = choice("Purpose", content.purposes, () => go());
  const principlePicker = choice("Principle", content.principles, () => go());
  const reason = make("textarea", {
    id: `${shell.id}-reason`,
    rows: "3",
    "aria-describedby": `${heading.id} ${shell.id}-count`,
    oninput: () => {
      before = "";
      write(count, reasonSoFar(content, reason.value));
      change("reason", reason.value);
    },
  });
  const count = make("p", { id: `${shell.id}-count`, class: "v-note" });
  const moved = make("p", { hidden: true, class: "v-note" });
  const draft = make("p", { hidden: true, class: "v-note" }, "Not kept yet: choose a stance above.");
  const picker = (part, label, ownLabel) => pickOrWrite({
    id: `${shell.id}-${part}`,
    describedBy: heading.id,
    label,
    ownLabel,
    place: () => current,
    put: (words) => change(part, words),
    chosen: () => fill(),
  });
  const hinge = picker("hinge", "Hinge: the finding that would move this cell", "Your hinge, in words");
  const source = picker("source", "Source: what your reason rests on", "Your source, in words");
  const toPosition = button("Choose a position", () => positionPicker.select.focus());
  const ask = make("div", { class: "v-notice" }, make("p", {}, "A stance is taken from a position. Choose yours first; you can change it at any time."), make("div", { class: "v-buttons" }, toPosition));

  function go() {
    turnTo(`${purposePicker.select.value}|${principlePicker.select.value}`);
  }

  const weigh = make(
    "div",
    {},
    stanceChoice.node,
    make("p", {}, make("label", { for: reason.id }, "Reason: why, in your words"), reason),
    count,
    moved,
    draft,
    ...hinge.lines,
    make("p", { class: "v-note" }, "In brackets: what the record says today. Choose the finding whose other answer would change your stance. Is it not there? Choose “own, in words”."),
    ...source.lines,
  );

  function editor() {
    const step = (by) => () => read(all[(all.indexOf(current) + by + all.length) % all.length]);
    return make(
      "form",
      {
        class: "wb-editor",
        "aria-labelledby": heading.id,
        onsubmit: (event) => event.preventDefault(),
        onkeydown: (event) => event.key === "Escape" && !event.isComposing && buttons[current].focus(),
      },
      heading,
      make("div", { class: "wb-pick" }, purposePicker.line, principlePicker.line),
      about,
      lock,
      standard,
      ask,
      weigh,
      make(
        "div",
        { class: "v-buttons" },
        button("Previous cell", step(-1)),
        button("Next cell", step(1)),
        button("Clear this cell", clear),
      ),
    );
  }

  function turnTo(place) {
    buttons[current].tabIndex = -1;
    buttons[current].removeAttribute("aria-current");
    current = place;
    before = "";
    hinge.turn();
    source.turn();
    buttons[place].tabIndex = 0;
    buttons[place].setAttribute("aria-current", "true");
    const [p, q] = partsOf(place);
    write(heading, title(place));
    purposePicker.select.value = p.id;
    principlePicker.select.value = q.id;
    const claims = p.claims.map((id) => make("li", {}, claimText(content, id)));
    const said = `${claims.length === 1 ? "1 claim" : `${claims.length} claims`}: somebody said it. That alone does not establish it.`;
    about.replaceChildren(
      make("p", {}, make("strong", {}, `${p.name}: `), p.definition),
      make("p", {}, make("strong", {}, `${q.name}: `), q.protects, q.constraint ? ` ${q.constraint}` : ""),
      claims.length ? make("details", {}, make("summary", {}, said), make("ul", {}, ...claims)) : make("p", {}, "No claim in this case rests on this purpose."),
    );
    fill();
  }

  function fill() {
    const entry = entryOf(current);
    const chosen = view();
    ask.hidden = Boolean(chosen);
    weigh.hidden = !chosen;
    lock.hidden = !chosen;
    if (chosen) fillLock(chosen);
    stanceChoice.set(entry.stance);
    if (document.activeElement !== reason) reason.value = entry.reason;
    write(count, reasonSoFar(content, reason.value));
    const words = (id) => content.stances.find((one) => one.id === id).label;
    moved.hidden = !before || before === entry.stance;
    if (!moved.hidden) write(moved, `You wrote this reason for “${words(before)}”. Change it, or leave it if it still holds.`);
    draft.hidden = Boolean(entry.stance) || (!entry.reason && !entry.hinge && !entry.source);
    fillHinge(entry);
    fillSource(entry);
    fillDefault();
  }

  function fillLock(chosen) {
    const [p, q] = partsOf(current);
    const { reach, why } = chosen.standings[q.id];
    const bucket = texts.buckets[reach];
    const purpose = chosen.rows[p.id] ? ` ${p.name}: ${chosen.rows[p.id]}` : "";
    redraw(lock, [chosen.id, current], () => [make("strong", {}, `${bucket}, on ${chosen.called}: `), `${why} ${texts.can[reach]}${purpose}`]);
  }

  function fillHinge(entry) {
    const own = findings()[value().act || "shared"] ?? {};
    const { answers } = answersOf(content.engine, { act: value().act, known_on: "", legal_test: "objective" });
    const answer = (id) => {
      const record = answered(answers[id].value);
      return own[id] ? `${record}; by you in the consent test: ${answered(inNumbers(own[id].value))}` : record;
    };
    const does = whatFindingsDo();
    const group = (name, which) => [name, content.engine.facts.filter(({ id }) => which(id)).map(({ id, question }) => [id, `${question} (${answer(id)})`])];
    const groups = [
      group("Would change the verdict on your view", (id) => does[id] === "changes"),
      group("Asked on your view", (id) => does[id] === "asked"),
      group("Not asked on your view", (id) => !does[id]),
    ];
    hinge.show([["", [["", "choose a finding"]]], ...groups.filter(([, entries]) => entries.length)]);
    const fact = content.engine.facts.find((one) => one.id === entry.hinge);
    const judged = fact && { content, record: answers, own };
    hinge.set(entry.hinge, fact ? `${fact.question} ${onRecord(judged, fact.id)}` : "");
  }

  // What each finding does on the chosen view. It is judged anew only where the view, the act,
  // the test or a finding is another.
  let weighedFor = "";
  let doing = {};
  function whatFindingsDo() {
    const { position, act, inviter_test } = value();
    const key = JSON.stringify([position, act, inviter_test, findings()]);
    if (key === weighedFor || !position) return position ? doing : {};
    weighedFor = key;
    const judged = judgedOn(content, value(), position, findings());
    const { steps, parallel } = judged.opinion;
    doing = Object.fromEntries([
      ...[...steps, ...parallel].flatMap((step) => step.findings.map((id) => [id, "asked"])),
      ...Object.keys(flipsOf(judged)).map((id) => [id, "changes"]),
    ]);
    return doing;
  }

  function fillSource(entry) {
    const [p, q] = partsOf(current);
    const labelled = (ids) => [...new Set(ids)].map((id) => [id, briefly(content, id)]);
    const groups = [
      ["Behind your hinge", labelled(content.rowsBehind[entry.hinge] ?? [])],
      ["Claims that rest on this purpose", labelled(p.claims)],
      [`Law and works on ${q.inline}`, labelled(q.law)],
    ];
    const offered = new Set(groups.flatMap(([, entries]) => entries.map(([id]) => id)));
    if (entry.source in content.grounds && !offered.has(entry.source)) groups.unshift(["Chosen before", labelled([entry.source])]);
    source.show([["", [["", "choose a source"]]], ...groups.filter(([, entries]) => entries.length)]);
    source.set(entry.source, entry.source in content.grounds ? groundText(content, entry.source) : "");
  }

  function fillDefault() {
    standard.hidden = !defaults.input.checked;
    if (standard.hidden) return;
    const given = content.defaults[current];
    redraw(standard, [current, value().position], () => {
      const { label } = content.stances.find((one) => one.id === given.stance);
      const hinged = given.hinge ? ` It turns on: ${given.hinge}` : "";
      const on = given.views.map((id) => viewOf(content, id).called);
      const yours = value().position && on.length && !given.views.includes(value().position) ? ", and not to yours" : "";
      const lines = [make("p", {}, make("strong", {}, `The course's default: ${label}, confidence: ${given.confidence}. `), `${given.note}${hinged}`)];
      if (on.length) lines.push(make("p", {}, `This stance is tied to ${list(on)}${yours}.`));
      return lines;
    });
  }

  // --- what follows

  const follow = followPart(content, leaveFindings);
  const filled = make("ul", { class: "wb-filled" });
  const noCells = make("p", {}, "None yet. Choose a purpose and a principle.");
  function refresh() {
    const now = cells();
    const chosen = view();
    fillPosition();
    for (const q of content.principles) write(marks[q.id], chosen ? texts.buckets[chosen.standings[q.id].reach].toLowerCase() : "");
    for (const q of content.principles) marks[q.id].closest("th").dataset.reach = chosen?.standings[q.id].reach ?? "";
    for (const place of all) drawCell(place, now[place]);
    redraw(filled, Object.entries(now).map(([place, entry]) => [place, entry.stance, missing(content, entry)]), () =>
      named(content, now).map(({ place, entry }) => make("li", {}, button(`${title(place)}: ${inShort(entry)}`, () => read(place)))),
    );
    noCells.hidden = Object.keys(now).length > 0;
    follow.show(value(), findings());
    shell.say(howFar(now));
    fill();
  }

  function howFar(now) {
    const entries = Object.values(now);
    if (!entries.length) return "No cell filled yet.";
    const lacking = entries.filter((entry) => lacks(content, entry).length).length;
    const sourceless = unsourced(content, now).length;
    const meeting = conflicts(content, now).length;
    const meet = meeting === 1 ? "in 1 place" : meeting ? `in ${meeting} places` : "nowhere yet";
    const lack = lacking ? `something still to be given for ${lacking}` : "nothing still to be given";
    const unnamed = sourceless ? `; no source yet for ${sourceless}` : "";
    return `${howMany(now)} filled, ${lack}${unnamed}. Support and tension meet ${meet}.`;
  }

  // A cell in a few words: its stance, and what it lacks.
  function inShort(entry) {
    const lacking = missing(content, entry);
    return `${SHORT[entry.stance].slice(2)}${lacking.length ? ` (${lacking.join(", ")})` : ""}`;
  }

  function drawCell(place, entry) {
    const cell = buttons[place];
    const given = content.defaults[place];
    const showsDefault = !entry && defaults.input.checked;
    const lean = (entry && missing(content, entry)[0]) ?? ""; // one at a time: a cell is narrow
    redraw(cell, [entry?.stance ?? "", lean, showsDefault], () => {
      if (!entry) return [showsDefault ? `(${SHORT[given.stance]})` : "–"];
      return lean ? [SHORT[entry.stance], make("span", { class: "wb-lean" }, lean)] : [SHORT[entry.stance]];
    });
    cell.dataset.stance = entry ? entry.stance : "";
    cell.dataset.confidence = showsDefault ? given.confidence : "";
    const shown = showsDefault ? `not filled; default ${SHORT[given.stance].slice(2)}, confidence ${given.confidence}` : "not filled";
    const said = entry ? inShort(entry) : shown;
    if (cell.getAttribute("aria-label") !== `${title(place)}: ${said}`) cell.setAttribute("aria-label", `${title(place)}: ${said}`);
  }

  const defaults = checkbox("show the course's defaults", () => refresh());
  const wide = checkbox("show the whole table", (whole) => {
    board.classList.toggle("wb-whole", whole);
    if (whole) wide.line.scrollIntoView({ block: "start" });
  });
  wide.line.classList.add("wb-wide");

  function forget() {
    for (const place of Object.keys(drafts)) delete drafts[place];
    hinge.forget();
    source.forget();
  }

  // Undo and redo go to what they changed, and name it.
  function place(then, now) {
    if (then.position !== now.position) return "your position";
    if (then.act !== now.act || then.inviter_test !== now.inviter_test) return "what is judged";
    const changed = all.find((one) => !same(then.cells[one], now.cells[one]));
    if (!changed) return "";
    turnTo(changed);
    return title(changed);
  }

  // --- the consent test on the same page, or kept in this browser

  const testKey = `volens consent-test-${content.case}`;

  function takeFindings(given) {
    const kept = soundFindings(content, given);
    if (same(kept, findings())) return;
    shell.model.set("findings", kept);
    if (!shell.model.page) shell.model.save_changes();
    refresh();
  }

  function leaveFindings() {
    takeFindings({});
    shell.say("The board judges by the record alone, until a finding is changed in the consent test.", true);
    positionPicker.select.focus();
  }

  const fromStore = () => keptUnder(testKey)?.findings;

  // Before anything listens: a model may answer a change at once.
  if (shell.model.get("keeps") && !Object.keys(findings()).length) {
    const kept = soundFindings(content, fromStore());
    if (Object.keys(kept).length) shell.model.set("findings", kept);
  }

  const onFindings = ({ detail }) => detail?.case === content.case && takeFindings(detail.findings);
  const onStorage = (event) => event.key === testKey && takeFindings(fromStore());
  const onModel = () => refresh();
  window.addEventListener("volens-findings", onFindings);
  window.addEventListener("storage", onStorage);
  shell.model.on("change:findings", onModel);
  function end() {
    window.removeEventListener("volens-findings", onFindings);
    window.removeEventListener("storage", onStorage);
    shell.model.off("change:findings", onModel);
  }
  const board = make("div", { class: "wb-table" }, grid(), legend());
  const body = [
    consent,
    ...positionBox(),
    make("h2", {}, "Then, weigh"),
    make("div", { class: "v-buttons" }, defaults.line, wide.line),
    board,
    editor(),
    shell.status,
    make("h2", {}, "Your cells"),
    noCells,
    filled,
    make("h2", {}, "What follows"),
    ...follow.nodes,
  ];
  turnTo(current);
  return { body, refresh, forget, place, end };
}

const WIDGET = {
  variable: "weighing",
  noun: "board",
  empty,
  upgrade,
  sound,
  howMuch,
  touched: (_, value) => Object.keys(value.cells).length > 0, // a position alone is soon chosen again
  text: (content, value, model) => memo(content, value, model.get("findings") ?? {}),
  draw,
};

export default { render: (context) => show(WIDGET, context) };
export { conflicts, differences, memo, precondition, sections, sound, soundFindings, stand, unsourced, unsupported };
