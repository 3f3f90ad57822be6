// The claim coder: one claim at a time, then where other coders read it otherwise.
// Memo, differences and counts are those of volens/coding and volens/agreement.py; a test compares
// them. Agreement beyond chance is computed by the kernel.

const NO_CODE = { speaker: "", basis: "", purposes: [], note: "" };

// ---------------------------------------------------------------- what a coding says

const maps = new WeakMap(); // of one content: what is looked up often
function known(content) {
  if (!maps.has(content)) {
    const byId = (rows) => Object.fromEntries(rows.map((one) => [one.id, one]));
    const names = (rows) => Object.fromEntries(rows.map((one) => [one.id, one.name]));
    maps.set(content, {
      claims: byId(content.claims),
      samples: byId(content.samples),
      speaker: names(content.speakers),
      basis: names(content.bases),
      purposes: names(content.purposes),
    });
  }
  return maps.get(content);
}

function empty(content) {
  return { schema: content.schema, version: content.version, case: content.case, sample: "first", codes: {}, first: {}, shown: [] };
}

function whole(code) {
  return Boolean(code && code.speaker && code.basis && code.purposes.length);
}

function blank(code) {
  return !code.speaker && !code.basis && !code.purposes.length && !code.note;
}

function coded({ speaker, basis, purposes }) {
  return { speaker, basis, purposes };
}

// The claims in the order of the table, whatever the order of entering.
function inOrder(content, found) {
  return Object.fromEntries(content.claims.filter((claim) => found[claim.id]).map((claim) => [claim.id, found[claim.id]]));
}

function ordered(content, value) {
  const first = inOrder(content, value.first);
  return { ...value, codes: inOrder(content, value.codes), first, shown: Object.keys(first).filter((claim) => value.shown.includes(claim)) };
}

// Each whole code as it stood before the claim was first compared.
function before(content, value) {
  const now = Object.entries(value.codes).filter(([, code]) => whole(code)).map(([claim, code]) => [claim, coded(code)]);
  return inOrder(content, { ...Object.fromEntries(now), ...value.first });
}

function referenceCodes(content) {
  return Object.fromEntries(content.claims.map((claim) => [claim.id, coded(claim.reference)]));
}

function afterComparing(content, value, other = null) {
  const mine = Object.entries(before(content, value)).filter(([claim]) => !other || other[claim]);
  const shown = other ? value.shown : [...value.shown, ...mine.map(([claim]) => claim)];
  return ordered(content, { ...value, first: { ...value.first, ...Object.fromEntries(mine) }, shown });
}

function inWords(content, field, code) {
  if (!code.length) return "not coded";
  const names = known(content)[field];
  if (field !== "purposes") return names[code];
  return same(code, [content.cannot]) ? names[content.cannot] : list(code.map((one) => `"${names[one]}"`));
}

function differences(content, one, other, among) {
  return Object.keys(one).filter((claim) => other[claim] && among.has(claim)).flatMap((claim) =>
    content.fields.filter(({ id }) => !same(one[claim][id], other[claim][id])).map(({ id }) => ({
      claim,
      field: id,
      one: inWords(content, id, one[claim][id]),
      other: inWords(content, id, other[claim][id]),
    })));
}

function share(one, other, field, among) {
  const both = Object.keys(one).filter((claim) => other[claim] && among.has(claim));
  const agreed = both.filter((claim) => same(one[claim][field], other[claim][field]));
  const touching = both.filter((claim) => same(one[claim][field], other[claim][field])
    || (field === "purposes" && one[claim].purposes.some((code) => other[claim].purposes.includes(code))));
  return { agreed: agreed.length, of: both.length, touching: touching.length };
}

function sameIn(field, { agreed, of, touching }) {
  return field === "purposes"
    ? `the same set in ${agreed} of ${of}, at least one in common in ${touching} of ${of}`
    : `the same in ${agreed} of ${of}`;
}

// Two codings side by side. `theirs` is the second coder's; without it, the reference.
function comparison(content, value, theirs = null) {
  const mine = before(content, value);
  const other = theirs ? before(content, theirs) : referenceCodes(content);
  const seen = theirs ? Object.keys(value.first) : value.shown;
  const keys = new Set(seen.filter((claim) => theirs || known(content).claims[claim].key));
  const readings = new Set(seen.filter((claim) => !keys.has(claim)));
  const shares = (among) => content.fields.map(({ id }) => ({ field: id, ...share(mine, other, id, among) }));
  return {
    withReference: !theirs,
    other: theirs ? "the second coder" : "the reference",
    shares: shares(keys),
    readings: shares(readings),
    rows: differences(content, mine, other, new Set(seen)),
  };
}

// The kernel's words, where they belong to these very counts.
function beyond({ shares }, computed) {
  const counts = [...shares.map((one) => one.agreed), shares[0].of];
  return computed && same(computed.counts, counts) ? computed.beyond : null;
}

function otherInWords(content, { withReference }, row) {
  if (!withReference) return row.other;
  const { mark, main } = known(content).claims[row.claim];
  const words = row.field === "basis" ? `${row.other}, taken from the main purpose, "${main}"` : row.other;
  return mark ? `${words} (${mark})` : words;
}

function notCounted(content, { readings, withReference }) {
  if (!withReference || !readings[0].of) return "";
  const parts = readings.map((one) => `${fieldName(content, one.field)}: ${sameIn(one.field, one)}`);
  return `Not counted above, since the confidence of the reference is not high: ${parts.join("; ")}.`;
}

function noneDiffers({ shares, readings }) {
  return [...shares, ...readings].some((one) => one.of) ? "No row disagrees." : "There is no claim that both have coded.";
}

// How the basis of the reference follows, so that it does not stand there as if out of nothing.
function basisWords(content, { main, reference: { basis } }) {
  return `The reference takes the basis from the main purpose: "${main}" is sorted under "${inWords(content, "basis", basis)}".`;
}

function fieldName(content, field) {
  return content.fields.find((one) => one.id === field).name;
}

function who(content, claim) {
  return `${claim} (${known(content).claims[claim].speaker})`;
}

const UNCOMPUTED = "computed in the notebook, not here";
const NOT_HERE = "Agreement beyond chance: this number is computed only in the course's notebook.";

function comparedLines(content, found, computed) {
  const words = beyond(found, computed);
  const lines = ["Each code counts as it stood before it was first compared.", ""];
  for (const one of found.shares) {
    lines.push(`- ${capital(fieldName(content, one.field))}: ${sameIn(one.field, one)}. Beyond chance: ${words ? words[one.field] : UNCOMPUTED}.`);
  }
  const aside = notCounted(content, found);
  if (aside) lines.push(`- ${aside}`);
  lines.push("");
  for (const row of found.rows) {
    lines.push(`- ${who(content, row.claim)}, ${fieldName(content, row.field)}: you: ${row.one}; ${found.other}: ${otherInWords(content, found, row)}.`);
  }
  if (found.withReference && found.rows.length) lines.push(`- ${content.noReason}`);
  if (!found.rows.length) lines.push(noneDiffers(found));
  return lines;
}

function codeLine(content, claim, code, first) {
  const row = known(content).claims[claim];
  const note = oneLine(code.note);
  return [
    `${who(content, claim)}, ${row.date}: ${row.claim}.`,
    ...content.fields.map(({ id, name }) => `${capital(name)}: ${inWords(content, id, code[id])}.`),
    ...changes(content, first ?? code, code),
    ...(note ? [`Note: ${note}`] : []),
  ].join(" ");
}

function changes(content, first, now) {
  return content.fields.filter(({ id }) => !same(first[id], now[id]))
    .map(({ id, name }) => `Before comparing, ${name}: ${inWords(content, id, first[id])}.`);
}

function memo(content, value, second, computed) {
  const lines = [`# Coding of claims: ${content.caseTitle}`, "", "To code is to read: another careful coder may read otherwise."];
  const codes = Object.entries(inOrder(content, value.codes));
  if (codes.length) lines.push("", "## Codes", "", ...codes.map(([claim, code]) => `- ${codeLine(content, claim, code, value.first[claim])}`));
  if (value.shown.length) {
    lines.push("", "## Compared with the reference", "", ...comparedLines(content, comparison(content, value), computed?.reference));
  }
  if (second) {
    lines.push("", "## Compared with a second coder", "", ...comparedLines(content, comparison(content, value, second), computed?.second));
  }
  return `${lines.join("\n")}\n`;
}

// What came from a file or from this browser: only claims and codes that the coder knows.
function sound(content, data) {
  const names = known(content);
  let lost = 0;
  const keep = (fits, found, without) => {
    if (fits) return found;
    lost += 1;
    return without;
  };
  const one = (ids, found) => keep(typeof found === "string" && (found === "" || found in ids), found, "");
  const read = (code) => {
    const given = Array.isArray(code.purposes) ? code.purposes : [];
    const some = content.purposes.map(({ id }) => id).filter((id) => given.includes(id));
    const alone = some.includes(content.cannot) ? [content.cannot] : some;
    lost += given.length - alone.length + (Array.isArray(code.purposes ?? []) ? 0 : 1);
    return { speaker: one(names.speaker, code.speaker ?? ""), basis: one(names.basis, code.basis ?? ""), purposes: alone };
  };
  const each = (found, readOne) => Object.fromEntries(Object.entries(plain(found)).flatMap(([claim, code]) => {
    const made = claim in names.claims && code && typeof code === "object" ? readOne(code) : null;
    return keep(made, [[claim, made]], []);
  }));
  const codes = each(data.codes, (code) => ({ ...read(code), note: typeof code.note === "string" ? code.note : "" }));
  const first = each(data.first, (code) => {
    const made = read(code);
    return whole(made) ? made : null;
  });
  const shown = (Array.isArray(data.shown) ? data.shown : []).filter((claim) => keep(claim in first, true, false));
  const sample = keep((data.sample ?? "first") in names.samples, data.sample ?? "first", "first");
  return { value: ordered(content, { ...empty(content), sample, codes, first, shown }), lost };
}

// The second coder's coding, where one was loaded.
function theSecond(model) {
  const found = model.get("second");
  return found?.schema ? found : null;
}

function rowsDisagree(count) {
  if (!count) return "no row disagrees.";
  return count === 1 ? "1 row disagrees." : `${count} rows disagree.`;
}

function plain(found) {
  return found && typeof found === "object" && !Array.isArray(found) ? found : {};
}

function howMany(content, value) {
  const done = Object.keys(before(content, value)).length;
  const begun = Object.values(value.codes).filter((code) => !whole(code)).length;
  const words = done === 1 ? "1 claim coded" : `${done} claims coded`;
  return begun ? `${words}, ${begun} begun` : words;
}

// ---------------------------------------------------------------- parts of the screen

function fact(label, ...words) {
  return [make("dt", {}, label), make("dd", {}, ...words)];
}

function line(labels, texts) {
  return make("tr", { role: "row", class: "cc-row" }, ...texts.map((text, place) => make(place ? "td" : "th", {
    role: place ? "cell" : "rowheader", scope: place ? false : "row", "data-label": labels[place],
  }, text)));
}

// Groups of rows, each under a heading of its own where it has one. Roles are named, since a
// narrow screen shows each row as a card of its own.
function grid(caption, labels, groups, kind) {
  const group = ({ head, rows }) => make("tbody", { role: "rowgroup", class: kind },
    ...(head ? [make("tr", { role: "row", class: "cc-head" }, make("th", { role: "rowheader", scope: "rowgroup", colspan: labels.length }, head))] : []),
    ...rows.map((row) => line(labels, row)));
  return make("table", { role: "table", class: `${kind}-table` },
    make("caption", {}, caption),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...labels.map((label) => make("th", { scope: "col", role: "columnheader" }, label)))),
    ...groups.map(group));
}

// ---------------------------------------------------------------- the screen

function draw({ content, shell }) {
  const { model } = shell;
  const names = known(content);
  let current = "";
  let drawnFor = {}; // what each part was last drawn from

  const value = () => shell.value();
  const codeOf = (claim) => value().codes[claim] ?? NO_CODE;
  const second = () => theSecond(model);
  const inSample = () => names.samples[value().sample].claims;

  // --- which claims

  const options = content.samples.map(({ id, name, claims }) => ({ id, name: id === "first" ? name : `${name} (${claims.length})` }));
  const sample = choice("Which claims", options, (chosen) => {
    shell.change({ ...value(), sample: chosen });
    turnTo(inSample().find((claim) => !whole(codeOf(claim))) ?? inSample()[0]);
    shell.say(`${progressWords()} Now: ${who(content, current)}.`, true);
  });
  const progress = make("p", { class: "cc-progress" });

  function progressWords() {
    const claims = inSample();
    const done = claims.filter((claim) => whole(codeOf(claim))).length;
    const outside = Object.keys(value().codes).filter((claim) => !claims.includes(claim)).length;
    return `${done} of ${claims.length} coded.${outside ? ` ${outside} more outside this choice.` : ""}`;
  }

  // --- the claim

  const heading = make("h2", { id: fresh(), class: "cc-claim", tabindex: "-1" });
  const card = make("div", { class: "cc-card" });
  const compared = make("div", { class: "cc-known" });
  // The same words in short: on a narrow screen they stay in sight while the student ticks.
  const sight = make("div", { class: "cc-sight", role: "group", "aria-label": "The claim that you code", tabindex: "0" });

  function drawCard() {
    const claim = names.claims[current];
    const words = [];
    if (claim.quotation) words.push(make("blockquote", {}, make("p", { lang: "en" }, `“${claim.quotation}”`), ...(claim.original ? [make("p", { lang: claim.language || false, dir: "auto" }, `«${claim.original}»`)] : [])));
    write(heading, `${claim.id}: ${claim.speaker}`);
    write(sight, `${claim.id}: ${claim.claim}.${claim.quotation ? ` “${claim.quotation}”` : ""}`);
    sight.scrollTop = 0;
    card.replaceChildren(
      make("p", { class: "cc-said" }, make("span", { class: "cc-label" }, "In our words: "), claim.claim),
      ...words,
      make("dl", {},
        ...fact("Said on", claim.date),
        ...fact("To", claim.addressee),
        ...fact("Wording", claim.wording),
        ...fact("First said in", claim.spoken),
        ...fact("That it was said", `confidence: ${claim.sure}`)),
      make("h3", {}, claim.sources.length === 1 ? "Source" : "Sources"),
      claim.sources.length ? references(claim.sources.map((id) => content.sources[id])) : make("p", {}, "No source is linked."),
    );
  }

  // --- the codes

  const speaker = radios("Who speaks?", content.speakers, (id) => set({ speaker: id }));
  const basis = radios("On what does the claim mainly rest?", content.bases, (id) => set({ basis: id }));
  const boxes = {};
  const groups = content.groups.map(({ legend, codes }) => make("div", { role: "group", "aria-label": legend, class: "cc-group" },
    make("p", { class: "cc-label", "aria-hidden": "true" }, legend),
    make("div", { class: "cc-columns" }, ...codes.map(({ id, name }) => box(id, name)))));
  const purposes = make("fieldset", { class: "cc-purposes" },
    make("legend", {}, "Which purposes or criticisms do the words invoke? Tick all."),
    ...groups, box(content.cannot, names.purposes[content.cannot]));
  const note = make("textarea", { id: fresh(), rows: "2", oninput: () => set({ note: note.value }, "note") });

  function box(id, name) {
    const made = checkbox(name, (ticked) => tick(id, ticked));
    boxes[id] = made.input;
    return made.line;
  }

  function tick(id, ticked) {
    const alone = id === content.cannot;
    const given = codeOf(current).purposes.filter((one) => one !== id && !alone && one !== content.cannot);
    const chosen = ticked ? [...given, id] : given;
    set({ purposes: content.purposes.map((one) => one.id).filter((one) => chosen.includes(one)) });
  }

  function set(part, edit = "") {
    const next = { ...codeOf(current), ...part };
    const { [current]: _, ...rest } = value().codes;
    const codes = blank(next) ? rest : { ...rest, [current]: next };
    const was = whole(codeOf(current));
    shell.change(ordered(content, { ...value(), codes }), edit ? `${current} ${edit}` : "");
    if (whole(next) && !was) shell.say(`${who(content, current)} is coded. ${progressWords()}`);
  }

  function fill() {
    const code = codeOf(current);
    speaker.set(code.speaker);
    basis.set(code.basis);
    for (const [id, input] of Object.entries(boxes)) input.checked = code.purposes.includes(id);
    if (note.value !== code.note) note.value = code.note;
    const lacks = content.fields.filter(({ id }) => !code[id].length).map(({ name }) => name);
    write(still, lacks.length === content.fields.length ? "Not coded yet." : lacks.length ? `Still to be coded: ${list(lacks)}.` : "✓ Coded.");
    drawKnown(code);
  }

  const still = make("p", { class: "v-note" });

  // What others say of this claim, once it was compared.
  function drawKnown(code) {
    const first = value().first[current];
    const shown = value().shown.includes(current);
    const drawn = JSON.stringify([current, first, shown, shown && coded(code)]);
    if (drawnFor.known === drawn) return;
    drawnFor.known = drawn;
    compared.hidden = !shown;
    if (!shown) return;
    const { reference: codes, mark } = names.claims[current];
    const since = changes(content, first, code);
    const differs = content.fields.map(({ id }) => id).filter((id) => !same(first[id], codes[id]));
    compared.replaceChildren(
      make("h3", {}, mark ? capital(mark) : "The reference"),
      make("dl", {}, ...content.fields.flatMap(({ id, name }) => fact(capital(name), inWords(content, id, codes[id])))),
      ...(differs.length ? [make("p", {}, content.noReason)] : []),
      ...(differs.includes("basis") ? [make("p", {}, basisWords(content, names.claims[current]))] : []),
      ...since.map((line) => make("p", { class: "v-note" }, line)),
      ...(since.length ? [make("p", { class: "v-note" }, "In every comparison this claim counts as first coded.")] : []),
    );
  }

  // --- moving

  const at = make("p", { class: "cc-at" });
  const earlier = button("Previous claim", () => step(-1));
  const later = button("Next claim", () => step(1));

  function step(by) {
    const claims = inSample();
    read(claims[(Math.max(claims.indexOf(current), 0) + by + claims.length) % claims.length]);
  }

  function read(claim) {
    if (!inSample().includes(claim)) shell.change({ ...value(), sample: "all" });
    turnTo(claim);
    // On a wide screen the heading stays in sight by itself, and the form would stay at its end.
    heading.focus({ preventScroll: true });
    desk.scrollIntoView({ block: "start" });
  }

  function turnTo(claim) {
    current = claim;
    write(at, `Claim ${inSample().indexOf(claim) + 1} of ${inSample().length}`);
    drawCard();
    fill();
    drawList();
  }

  const clear = button("Clear this claim", () => {
    const { [current]: gone, ...codes } = value().codes;
    if (gone) shell.change({ ...value(), codes });
    shell.say(gone ? `Cleared: ${who(content, current)}. Undo brings it back.` : "Nothing is coded here.", true);
  });

  // --- what is coded

  const listing = make("ul", { class: "cc-list" });
  const none = make("p", {}, "None yet.");
  function drawList() {
    const claims = inSample().filter((claim) => value().codes[claim]);
    const drawn = JSON.stringify([current, claims.map((claim) => [claim, whole(codeOf(claim))])]);
    if (drawnFor.list === drawn) return;
    drawnFor.list = drawn;
    const held = listing.contains(document.activeElement) ? document.activeElement.dataset.claim : "";
    const buttons = claims.map((claim) => make("button", {
      type: "button", "data-claim": claim, "aria-current": claim === current ? "true" : false, onclick: () => read(claim),
    }, `${whole(codeOf(claim)) ? "✓" : "…"} ${claim}: ${names.claims[claim].speaker}${whole(codeOf(claim)) ? "" : " (begun)"}`));
    listing.replaceChildren(...buttons.map((one) => make("li", {}, one)));
    none.hidden = claims.length > 0;
    buttons.find((one) => one.dataset.claim === held)?.focus();
  }

  // --- comparing

  const withReference = button("Compare with the reference", () => {
    const mine = before(content, value());
    if (!Object.keys(mine).length) return refuse("Code one claim whole first: who speaks, what it rests on, and purposes.");
    shell.change(afterComparing(content, value()));
    done(referenceFound);
  });
  const paste = make("textarea", { id: fresh(), rows: "3", spellcheck: "false", class: "cc-paste" });
  const file = make("input", { type: "file", id: fresh(), accept: ".json,.txt,application/json", onchange: async () => {
    const [chosen] = file.files;
    const text = await chosen.text();
    file.value = "";
    compareWith(text, chosen.name);
  } });
  const withSecond = button("Compare with a second coder", () => {
    if (paste.value.trim()) return compareWith(paste.value, "What you pasted");
    if (second()) return compareWith(JSON.stringify(second()), "The second coder's coding");
    return refuse("Load the second coder's saved file, or paste the copied answer, and press this again.");
  });
  const trouble = make("p", { class: "cc-trouble v-notice", hidden: true });
  const referenceFound = make("div", { class: "cc-found" });
  const secondFound = make("div", { class: "cc-found" });

  function refuse(words) {
    trouble.hidden = false;
    write(trouble, words);
    shell.say(words, true);
  }

  function compareWith(text, where) {
    const begin = text.indexOf("{");
    const found = taken(WIDGET, content, begin < 0 ? text : text.slice(begin, text.lastIndexOf("}") + 1));
    if (!found.value) return refuse(`${where} was not taken: ${found.why}. Ask the second coder for a file that Save made, or for what Copy answer gave, for this same case.`);
    const [mine, theirs] = [before(content, value()), before(content, found.value)];
    const both = Object.keys(mine).filter((claim) => theirs[claim]);
    if (!both.length) return refuse(noCommon(mine, theirs));
    model.set("second", found.value);
    model.save_changes();
    shell.change(afterComparing(content, value(), theirs));
    drawCompared();
    paste.value = "";
    return done(secondFound, found.note);
  }

  function noCommon(mine, theirs) {
    const some = (codes) => {
      const ids = Object.keys(codes);
      return ids.length ? `${ids.slice(0, 5).join(", ")}${ids.length > 5 ? " and more" : ""}` : "none";
    };
    return `There is no claim that both have coded. Claims coded by you: ${some(mine)}. By the second coder: ${some(theirs)}. Choose the same claims, and code them first without each other.`;
  }

  function done(place, note = "") {
    trouble.hidden = true;
    const words = place.querySelector("h3");
    words?.focus({ preventScroll: true });
    words?.scrollIntoView({ block: "start" });
    shell.say(`${words?.textContent ?? ""}: ${rowsDisagree(place.querySelectorAll(".cc-rows .cc-row").length)}${note}`, true);
  }

  function drawFound(place, title, found, computed) {
    if (!found) return place.replaceChildren();
    const words = beyond(found, computed);
    const chance = (field) => (words ? words[field] : "not computed yet: the notebook's kernel does it");
    const columns = ["Field", "The same", ...(words || !model.page ? ["Beyond chance"] : [])];
    const numbers = found.shares.map((one) =>
      [capital(fieldName(content, one.field)), sameIn(one.field, one), chance(one.field)].slice(0, columns.length));
    // The rows of a claim stand under its name, which leads back to it.
    const groups = [...new Set(found.rows.map(({ claim }) => claim))].map((claim) => ({
      head: make("button", { type: "button", class: "cc-go", onclick: () => read(claim) }, `${claim}: ${names.claims[claim].speaker}`),
      rows: found.rows.filter((row) => row.claim === claim)
        .map((row) => [capital(fieldName(content, row.field)), row.one, otherInWords(content, found, row)]),
    }));
    const aside = notCounted(content, found);
    const heads = ["Field", "Your code", found.withReference ? "The reference" : "The second coder"];
    return place.replaceChildren(
      make("h3", { tabindex: "-1" }, title),
      grid("How often the codes agree", columns, [{ rows: numbers }], "cc-numbers"),
      ...(columns.length < 3 ? [make("p", { class: "v-note" }, NOT_HERE)] : []),
      ...(aside ? [make("p", {}, aside)] : []),
      groups.length ? grid("Rows that disagree", heads, groups, "cc-rows") : make("p", {}, noneDiffers(found)),
      ...(groups.length && found.withReference ? [make("p", {}, content.noReason)] : []),
    );
  }

  const about = make("details", { hidden: true, class: "cc-about" },
    make("summary", {}, "What these numbers mean, and what to bear in mind"),
    make("p", {}, content.meaning),
    make("ul", {}, ...[...content.cautions, content.ofReference].map((words) => make("li", {}, words))));

  function drawCompared() {
    const now = value();
    const computed = model.get("computed") ?? {};
    const drawn = JSON.stringify([now.first, now.shown, second(), computed]);
    if (drawnFor.compared === drawn) return;
    drawnFor.compared = drawn;
    const held = document.activeElement;
    const inside = [referenceFound, secondFound].find((place) => place.contains(held));
    drawFound(referenceFound, "You and the reference", now.shown.length ? comparison(content, now) : null, computed.reference);
    drawFound(secondFound, "You and the second coder", second() ? comparison(content, now, second()) : null, computed.second);
    about.hidden = !now.shown.length && !second();
    inside?.querySelector("h3")?.focus();
  }

  // --- all of it

  function refresh() {
    sample.select.value = value().sample;
    if (!inSample().includes(current)) turnTo(inSample()[0]);
    write(progress, progressWords());
    fill();
    drawList();
    drawCompared();
  }

  // Undo and redo go to the claim that they changed, and name it.
  function place(old, now) {
    if (old.sample !== now.sample) return `which claims: ${names.samples[now.sample].name}`;
    const changed = content.claims.find(({ id }) => !same(old.codes[id], now.codes[id]));
    if (!changed) return "the comparison";
    if (inSample().includes(changed.id)) turnTo(changed.id);
    return who(content, changed.id);
  }

  const bookEntries = content.codeBook.flatMap(([term, text]) => fact(term, text));
  const desk = make("div", { class: "cc-desk" },
    make("section", { class: "cc-left", "aria-labelledby": heading.id }, at, heading, card, compared),
    make("form", { class: "cc-right", "aria-labelledby": heading.id, onsubmit: (event) => event.preventDefault() },
      make("details", { class: "cc-book" }, make("summary", {}, "The code book: how to choose"), make("dl", {}, ...bookEntries)),
      sight,
      speaker.node, basis.node, purposes,
      make("p", {}, make("label", { for: note.id }, "Note: why, in your words"), note),
      still,
      make("div", { class: "v-buttons" }, earlier, later, clear)));
  const body = [
    make("p", { class: "cc-what" }, "To code is to sort a statement into categories. You do not need to program. A coder is whoever sorts."),
    make("div", { class: "cc-top" }, sample.line, progress),
    desk,
    shell.status,
    make("h2", {}, "Claims you have coded"),
    none, listing,
    make("h2", {}, "Compare"),
    make("p", {}, "Code first, then compare. Once you compare, a claim counts as you have coded it by then: you may change it, and the change is shown beside it, but it is no longer a reading of your own."),
    make("div", { class: "v-buttons" }, withReference),
    make("details", { class: "cc-second" }, make("summary", {}, "A second coder"),
      make("p", {}, make("label", { for: file.id }, "The second coder's saved file"), " ", file),
      make("p", {}, make("label", { for: paste.id }, "Or the second coder's copied answer, pasted here"), paste),
      make("div", { class: "v-buttons" }, withSecond)),
    trouble,
    referenceFound,
    secondFound,
    about,
  ];
  turnTo(inSample()[0]);
  model.on("change:computed", drawCompared);
  model.on("change:second", drawCompared);
  const end = () => {
    model.off("change:computed", drawCompared);
    model.off("change:second", drawCompared);
  };
  return { body, refresh, place, end };
}

const WIDGET = {
  variable: "coding",
  noun: "coding",
  empty,
  sound,
  touched: (_, value) => Object.keys({ ...value.codes, ...value.first }).length > 0,
  howMuch: howMany,
  text: (content, value, model) => memo(content, value, theSecond(model), model.get("computed")),
  draw,
};

export default { render: (context) => show(WIDGET, context) };
export { afterComparing, comparison, memo, sound };
