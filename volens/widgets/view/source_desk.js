// The source desk: accounts beside each other, judged first and compared with the record then.
// Memo and remarks are those of volens/accounts; a test compares them.

const WHOLE = "whole";
const BLANK = { class: "", sort: "", reason: "" };

// ---------------------------------------------------------------- what the entries say

function everything(content) {
  return content.dossiers.flatMap((dossier) => dossier.items.map((item) => ({ dossier, item, place: `${dossier.id}|${item.id}` })));
}

function choicesOf(content, item) {
  return item.id === WHOLE ? content.settled : content.statuses;
}

function nameOf(choices, id) {
  return choices.find((one) => one.id === id).name;
}

function missing(content, entry) {
  return Math.max(0, content.words - wordCount(entry.reason));
}

function sentences(...texts) {
  return texts.map(sentence).filter(Boolean);
}

function look(content, record) {
  if (record.class === "corroborated" && record.says) return content.look.loosely;
  return onlySaid(record) ? "" : content.look[record.class];
}

function onlySaid(record) {
  return record.class === "corroborated" && Boolean(record.reported);
}

function remark(content, item, chosen) {
  const { record } = item;
  // Whatever the confidence, and even where nothing is chosen now: nobody may take it that what
  // was said is thereby true.
  const said = onlySaid(record) ? content.look.said : "";
  if (!chosen) return said;
  return [...beside(content, item, chosen), said].filter(Boolean).join(" ");
}

function beside(content, item, chosen) {
  const { record } = item;
  const choices = choicesOf(content, item);
  const theirs = `"${nameOf(choices, record.class)}"`;
  const mine = `"${nameOf(choices, chosen)}"`;
  if (record.doubt) {
    const opening = `The record has a reading here, but no right answer (${record.doubt}). It reads it as ${theirs}, `;
    if (record.class === chosen) return [`${opening}as you do; that is one reading among possible ones.`];
    return [`${opening}and you as ${mine}: say in your reason what yours rests on.`];
  }
  if (record.class === chosen) return [`You and the record agree: ${theirs}.`, look(content, record)];
  return [`The record says ${theirs}, and you say ${mine}.`, look(content, record)];
}

function plain(entry) {
  return { class: entry.class, sort: entry.sort, reason: entry.reason };
}

function revised(entry) {
  return Boolean(entry.first) && !same(plain(entry), plain(entry.first));
}

function inWords(content, item, entry) {
  const chosen = entry.class ? `"${nameOf(choicesOf(content, item), entry.class)}"` : "[judgement to be given]";
  const sort = entry.sort ? `, a statement of the sort "${nameOf(content.sorts, entry.sort)}"` : "";
  const reason = sentences(entry.reason);
  return [`${chosen}${sort}.`, ...(reason.length ? reason : ["[reason to be given]"])].join(" ");
}

function memoOf(content, item, entry) {
  const lines = [`I judge it ${inWords(content, item, entry)}`];
  if (!entry.first) return lines;
  const { record } = item;
  if (revised(entry)) lines.push(`Before I saw the record I had: ${inWords(content, item, entry.first)}`);
  if (entry.seen) {
    const others = entry.seen === 1 ? "1 other entry" : `${entry.seen} other entries`;
    lines.push(`When I first compared, I had seen the record of ${others} of this dossier.`);
  }
  const doubt = record.doubt ? ` (${record.doubt})` : "";
  const says = `The record: "${nameOf(choicesOf(content, item), record.class)}"${doubt}.`;
  lines.push([says, ...sentences(record.says, record.note)].join(" "));
  for (const [name, ids] of [["Against it", record.against], ["For it", record.supports]]) {
    if (ids.length) lines.push(`${name}: ${ids.map((id) => referenceWords(content.sources[id])).join("; ")}.`);
  }
  const said = remark(content, item, entry.class);
  if (said) lines.push(said);
  return lines;
}

function memo(content, value) {
  const lines = [`# Source criticism: ${content.caseTitle}`];
  if (!Object.keys(value.entries).length) lines.push("", "Nothing is judged yet.");
  let last = null;
  for (const { dossier, item, place } of everything(content)) {
    const entry = value.entries[place];
    if (!entry) continue;
    if (dossier !== last) lines.push("", `## ${dossier.title}`, "", dossier.about);
    last = dossier;
    lines.push("", `### ${whose(item)}`, "", ...memoOf(content, item, entry).map((line) => `- ${line}`));
  }
  return `${lines.join("\n")}\n`;
}

// The row under which lessons cite a statement.
function idOf({ id }) {
  return id === WHOLE ? [] : [make("span", { class: "sd-id" }, `${id} `)];
}

function whose(item) {
  return item.told_by ? `${item.told_by}: ${item.words}` : "The dossier as a whole";
}

function empty(content) {
  return { schema: "volens/source-desk", version: 1, case: content.case, entries: {} };
}

function readEntry(content, item, given) {
  if (given === null || typeof given !== "object" || Array.isArray(given)) return null;
  const known = (choices, id) => (choices.some((one) => one.id === id) ? id : "");
  const entry = {
    class: known(choicesOf(content, item), given.class),
    sort: item.id === WHOLE ? "" : known(content.sorts, given.sort),
    reason: typeof given.reason === "string" ? given.reason : "",
  };
  const first = given.first ? readEntry(content, item, { ...given.first, first: undefined }) : null;
  if (first) Object.assign(entry, { first, seen: Number.isInteger(given.seen) && given.seen > 0 ? given.seen : 0 });
  return entry;
}

// What came from a file or from this browser: only what the desk knows.
function sound(content, value) {
  const given = value.entries !== null && typeof value.entries === "object" ? value.entries : {};
  const entries = {};
  for (const { item, place } of everything(content)) {
    const entry = place in given ? readEntry(content, item, given[place]) : null;
    if (entry) entries[place] = entry;
  }
  return { value: { ...empty(content), entries }, lost: Object.keys(given).length - Object.keys(entries).length };
}

function ordered(content, entries) {
  return Object.fromEntries(everything(content).flatMap(({ place }) => (entries[place] ? [[place, entries[place]]] : [])));
}

// The entry laid beside the record: its first form is kept, and what was seen before it.
function compared(content, value, place) {
  const entry = value.entries[place];
  const { dossier } = everything(content).find((one) => one.place === place);
  const seen = dossier.items.filter((other) => value.entries[`${dossier.id}|${other.id}`]?.first).length;
  return { ...value, entries: { ...value.entries, [place]: { ...plain(entry), first: plain(entry), seen } } };
}

// ---------------------------------------------------------------- parts of the screen

function lacking(content, entry) {
  const short = missing(content, entry);
  const what = [entry.class ? "" : "choose how it stands", short ? `write ${short} more ${short === 1 ? "word" : "words"} of reason` : ""].filter(Boolean);
  return what.length ? `Before you can compare: ${what.join(" and ")}.` : "";
}

function counted(content, entry) {
  const has = wordCount(entry.reason);
  return missing(content, entry) ? `${has} of at least ${content.words} words.` : `${has} words: enough.`;
}

function stateOf(content, entry) {
  if (entry?.first) return revised(entry) ? "compared, then revised" : "compared";
  if (!entry?.class) return "not judged yet";
  return missing(content, entry) ? "judged, reason too short" : "judged, ready to compare";
}

// A text with each word of another language marked as such.
function marked(dossier, text) {
  const nodes = [text];
  for (const [word, lang] of dossier.foreign) {
    const at = nodes.findIndex((node) => typeof node === "string" && node.includes(word));
    if (at < 0) continue;
    const [before, ...after] = nodes[at].split(word);
    nodes.splice(at, 1, before, make("i", { lang }, word), after.join(word));
  }
  return nodes;
}

// So many in a row that the last row is nearly full.
function abreast(many) {
  if (many < 5) return many;
  return Math.ceil(many / 3) * 3 - many <= Math.ceil(many / 4) * 4 - many ? 3 : 4;
}

function cited(content, ids) {
  return references(ids.map((id) => content.sources[id]));
}

// Where an account was read, and of when a single source itself is.
function whereRead(sources) {
  const [{ dated } = {}] = sources;
  if (sources.length > 1) return `Where it was read: ${sources.length} sources`;
  return `Where it was read: ${dated ? `a source of ${dated}` : "a source without a date"}`;
}

function article(content, dossier, account) {
  const id = fresh();
  const rtl = account.language === "ar";
  const original = account.original
    ? [make("p", { class: "sd-original" }, `${account.label}: `, make("span", { lang: account.language || false, dir: rtl ? "rtl" : "ltr" }, account.original))]
    : [];
  const notes = [
    account.from.length ? `Read in ${list(account.from)}; the English is ours.` : "",
    account.confidence && account.confidence !== "high" ? `That this was said: confidence ${account.confidence}.` : "",
  ].filter(Boolean);
  return make("article", { class: "sd-account", "aria-labelledby": id },
    make("h3", { id }, account.told_by),
    make("p", { class: "sd-badges" }, badge(account.when), ...account.kinds.map(badge), badge(`own text read: ${list(account.read)}`)),
    make("p", { class: "sd-words" }, ...marked(dossier, account.words)),
    ...original,
    ...(notes.length ? [make("p", { class: "sd-small" }, notes.join(" "))] : []),
    make("details", { class: "sd-where" }, make("summary", {}, whereRead(account.sources.map((id) => content.sources[id]))),
      cited(content, account.sources)));
}

function inLanguage(words, lang, latin = []) {
  return words.flatMap((word, at) => [at ? ", " : "", make("span", { lang }, word), ...(latin[at] ? [" (", make("i", { lang: "ru-Latn" }, latin[at]), ")"] : [])]);
}

function termNote(term) {
  const latin = term.note.replace(/^Transliterated: |\.$/g, "").split(", ");
  return make("p", { class: "sd-term" }, make("strong", {}, "Translation note. "), `${term.term}: in Russian `,
    ...inLanguage(term.russian, "ru", latin), "; in French ", ...inLanguage(term.french, "fr"), ".");
}

function standing(dossier, label, chosen, kind, text, firm = "") {
  return make("div", {}, make("dt", {}, label), make("dd", {}, make("p", { class: "sd-class" }, chosen),
    ...(kind ? [make("p", { class: "sd-small" }, `Sort: ${kind}`)] : []),
    ...(firm ? [make("p", { class: "sd-small" }, `How firm: ${firm}`)] : []), ...(text ? [make("p", {}, ...marked(dossier, text))] : [])));
}

// ---------------------------------------------------------------- the screen

function draw({ content, shell }) {
  const shown = content.shown.map((id) => content.dossiers.find((one) => one.id === id));
  let dossier = shown[0];
  let item = dossier.items[0];
  let drawnDossier = null;
  let drawnItem = null;
  let drawnResult = "";

  const placeOf = (one, within = dossier) => `${within.id}|${one.id}`;
  const entryOf = (one, within = dossier) => shell.value().entries[placeOf(one, within)];

  // --- which dossier

  const headings = [...new Set(shown.map((one) => one.heading))];
  const options = new Map(shown.map((one) => [one.id, make("option", { value: one.id })]));
  const select = make("select", { id: fresh(), onchange: () => turnTo(shown.find((one) => one.id === select.value)) });
  select.append(...headings.map((heading) =>
    make("optgroup", { label: heading }, ...shown.filter((one) => one.heading === heading).map((one) => options.get(one.id)))));
  const previous = button("Previous dossier", () => step(-1));
  const next = button("Next dossier", () => step(1));
  const progress = make("p", { class: "sd-progress" });
  const title = make("h2", { tabindex: "-1", class: "sd-title" });
  const about = make("p", {});
  const terms = make("div", {});
  const columns = make("div", { class: "sd-accounts" });

  function step(by) {
    const to = shown[shown.indexOf(dossier) + by];
    if (!to) {
      shell.say(by < 0 ? "This is the first dossier." : "This is the last dossier.", true);
      return;
    }
    turnTo(to);
    title.focus();
  }

  function turnTo(to, one = to.items[0]) {
    dossier = to;
    item = one;
    refresh();
  }

  // --- what is judged

  const listing = make("ol", { class: "sd-items" });
  let lines = [];
  const form = make("div", { class: "sd-form" });
  const who = make("h3", { tabindex: "-1" });
  const says = make("p", { class: "sd-says" });
  const through = make("p", { class: "sd-small" });
  const named = (choices) => choices.map((one) => ({ id: one.id, name: `${one.name}: ${one.meaning}` }));
  const status = radios("Your judgement, on what you see here", named(content.statuses), (id) => set({ class: id }));
  const settled = radios("How far is it settled, on what you see here?", named(content.settled), (id) => set({ class: id }));
  const sort = radios("What sort of statement is it? You may leave this open.", named(content.sorts), (id) => set({ sort: id }));
  const reason = make("textarea", { id: fresh(), rows: "4", oninput: () => set({ reason: reason.value }, true) });
  const count = make("p", { id: fresh(), class: "sd-small" });
  reason.setAttribute("aria-describedby", count.id);
  const why = make("p", { id: fresh(), class: "sd-small" });
  const compare = make("button", { type: "button", "aria-describedby": why.id, onclick: lay }, "Compare with the record");
  const result = make("div", { class: "sd-result" });
  const following = () => dossier.items[dossier.items.indexOf(item) + 1];
  const onwards = button("Next statement", () => (following() ? pick(following()) : step(1)));
  form.append(who, says, through, status.node, settled.node, sort.node,
    make("p", { class: "v-choice" }, make("label", { for: reason.id }, "Your reason: which words of which account show it?"), reason),
    count, make("div", { class: "v-buttons" }, compare, onwards), why, shell.status, result);

  function pick(one) {
    item = one;
    refresh();
    who.focus();
  }

  function set(changed, typing = false) {
    const value = shell.value();
    const place = placeOf(item);
    const entry = { ...BLANK, ...value.entries[place], ...changed };
    const entries = { ...value.entries, [place]: entry };
    if (!entry.first && !entry.class && !entry.sort && !entry.reason) delete entries[place];
    shell.change({ ...value, entries: ordered(content, entries) }, typing ? `reason ${place}` : "");
    shell.say(typing ? counted(content, entry) : `${stateOf(content, entry)}.`);
  }

  function lay() {
    const lacks = lacking(content, entryOf(item) ?? BLANK);
    if (lacks) {
      shell.say(lacks, true);
      return;
    }
    shell.change(compared(content, shell.value(), placeOf(item)));
    shell.say("Compared. Your judgement as it stood is kept as your first.", true);
    const heading = result.querySelector("h4");
    heading.focus({ preventScroll: true });
    heading.scrollIntoView({ block: "start" });
  }

  // --- drawing

  function drawDossier() {
    drawnDossier = dossier;
    drawnItem = null;
    write(title, dossier.question);
    write(about, dossier.about);
    terms.replaceChildren(...dossier.terms.map(termNote));
    columns.replaceChildren(...dossier.accounts.map((one) => article(content, dossier, one)));
    columns.style.setProperty("--sd-columns", abreast(dossier.accounts.length));
    lines = dossier.items.map((one) => {
      const state = make("span", { class: "sd-state" });
      const control = make("button", { type: "button", onclick: () => pick(one) },
        make("span", {}, ...idOf(one), make("strong", {}, one.told_by ? `${one.told_by}: ` : ""), ...(one.told_by ? marked(dossier, one.words) : ["The dossier as a whole"])), state);
      return { one, state, control };
    });
    listing.replaceChildren(...lines.map(({ control }) => make("li", {}, control)));
    const at = shown.indexOf(dossier);
    previous.setAttribute("aria-disabled", String(at === 0));
    next.setAttribute("aria-disabled", String(at === shown.length - 1));
    select.value = dossier.id;
  }

  function drawItem() {
    drawnItem = item;
    drawnResult = "";
    const whole = item.id === WHOLE;
    who.replaceChildren(...idOf(item), whole ? "The dossier as a whole" : `${item.told_by} says`);
    says.replaceChildren(...marked(dossier, whole ? dossier.about : item.words));
    write(through, whole ? "" : `Through whose hands: ${item.through}.`);
    through.hidden = whole;
    write(onwards, following() ? "Next statement" : "Next dossier");
    onwards.hidden = !following() && dossier === shown.at(-1);
    status.node.hidden = whole;
    sort.node.hidden = whole;
    settled.node.hidden = !whole;
  }

  function drawResult(entry) {
    const key = entry?.first ? JSON.stringify(entry) : "";
    if (key === drawnResult) return;
    drawnResult = key;
    if (!key) {
      result.replaceChildren();
      return;
    }
    const { record } = item;
    const choices = choicesOf(content, item);
    const sortName = (id) => (id ? nameOf(content.sorts, id) : "");
    const className = (id) => (id ? nameOf(choices, id) : "not judged");
    const reasonNow = entry.reason === entry.first.reason ? "The reason is the same." : entry.reason;
    const mine = (label, one, text) => standing(dossier, label, className(one.class), sortName(one.sort), text);
    const nodes = [
      make("h4", { tabindex: "-1" }, "Beside the record"),
      make("p", { class: "sd-remark" }, [entry.class ? "" : "Choose again how it stands to compare it.", remark(content, item, entry.class)].filter(Boolean).join(" ")),
      make("dl", { class: "sd-trace" }, mine(revised(entry) ? "Your first judgement" : "Your judgement", entry.first, entry.first.reason),
        ...(revised(entry) ? [mine("Your judgement now", entry, reasonNow)] : []),
        standing(dossier, record.doubt ? "The record's reading" : "The record", className(record.class), sortName(record.sort), record.says,
          record.doubt || "confidence: high; pages were read")),
    ];
    if (record.note) nodes.push(make("p", {}, make("strong", {}, "Note. "), ...marked(dossier, sentence(record.note))));
    if (record.sort) nodes.push(make("p", { class: "sd-small" }, "The sort of statement was coded by one person. Take it as a reading."));
    for (const [name, ids] of [["Sources against it", record.against], [item.id === WHOLE ? "Sources of the record" : "Sources for it", record.supports]]) {
      if (ids.length) nodes.push(make("p", {}, make("strong", {}, name)), cited(content, ids));
    }
    const caveat = item.source && content.sources[item.source].caveat;
    if (caveat) nodes.push(make("p", {}, make("strong", {}, "This account as a whole. "), caveat));
    if (item.id === WHOLE) {
      nodes.push(...dossier.terms.map((term) => make("p", {}, make("strong", {}, `${term.term}. `), term.definition)));
      nodes.push(make("p", {}, make("strong", {}, "A task from here. "), dossier.exercise));
    }
    nodes.push(make("p", { class: "v-note" }, "You may revise your judgement and your reason above. Your first judgement stays beside it."));
    result.replaceChildren(...nodes);
  }

  function refresh() {
    if (drawnDossier !== dossier) drawDossier();
    if (drawnItem !== item) drawItem();
    const entry = entryOf(item);
    status.set(entry?.class);
    settled.set(entry?.class);
    sort.set(entry?.sort);
    if (reason.value !== (entry?.reason ?? "")) reason.value = entry?.reason ?? "";
    write(count, counted(content, entry ?? BLANK));
    const lacks = lacking(content, entry ?? BLANK);
    const done = Boolean(entry?.first);
    compare.hidden = done;
    why.hidden = done;
    compare.setAttribute("aria-disabled", String(Boolean(lacks)));
    write(why, lacks || "Ready. Your judgement as it stands now will be kept as your first.");
    drawResult(entry);
    for (const { one, state, control } of lines) {
      write(state, stateOf(content, entryOf(one)));
      control.setAttribute("aria-current", String(one === item));
    }
    write(progress, inAll());
    for (const [at, one] of shown.entries()) write(options.get(one.id), `${at + 1}. ${one.title}${share(one)}`);
  }

  const judgedOf = (one) => one.items.filter((it) => entryOf(it, one)?.class).length;
  const comparedOf = (one) => one.items.filter((it) => entryOf(it, one)?.first).length;

  function share(one) {
    const judged = judgedOf(one);
    return judged ? ` (${judged} of ${one.items.length} judged)` : "";
  }

  function inAll() {
    const begun = shown.filter((one) => judgedOf(one)).length;
    const here = `In this dossier: ${judgedOf(dossier)} of ${dossier.items.length} judged, ${comparedOf(dossier)} compared.`;
    return `Dossier ${shown.indexOf(dossier) + 1} of ${shown.length}. ${here} Dossiers begun: ${begun} of ${shown.length}.`;
  }

  // After Undo the student sees what was undone.
  function place(before, after) {
    const changed = everything(content).find((one) => !same(before.entries[one.place], after.entries[one.place]));
    if (!changed) return "";
    if (shown.includes(changed.dossier)) turnTo(changed.dossier, changed.item);
    return `${changed.dossier.title}, ${changed.item.told_by || "the dossier as a whole"}`;
  }

  const body = [
    make("div", { class: "sd-pick" },
      make("p", { class: "v-choice" }, make("label", { for: select.id }, "Dossier"), select),
      make("div", { class: "v-buttons" }, previous, next)),
    progress,
    title,
    make("p", { class: "sd-small" }, "The record: what this course's tables hold, with their sources."),
    about,
    terms,
    make("p", { class: "sd-small" }, "What stands in double quotation marks is quoted. All other words are ours. The date on an account is the day to which its words belong: its source may be of another day."),
    columns,
    make("h2", {}, "How does it stand?"),
    make("div", { class: "sd-work" }, make("div", {}, make("h3", {}, "The statements"), listing), form),
  ];
  return { body, refresh, place };
}

const WIDGET = {
  variable: "source_desk",
  noun: "desk",
  empty,
  sound,
  touched: (_, value) => Object.keys(value.entries).length > 0,
  howMuch: (content, value) => {
    const count = Object.keys(value.entries).length;
    return count === 1 ? "1 judgement" : `${count} judgements`;
  },
  text: memo,
  draw,
};

export default { render: (context) => show(WIDGET, context) };
export { compared, everything, memo, remark, sound, wordCount };
