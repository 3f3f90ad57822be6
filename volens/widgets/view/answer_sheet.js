// The answer sheet: a question's fields, and the whole answer cell to copy from them.
// What can be read is decided as in volens/kinds.py, and the cell is written as in
// volens/widgets/answer_sheet.py; a test compares both. No right answer is known here.

const NAMED = 4; // so many fields are named one by one; the rest are counted
const MOST = { choice: 34, several: 28, number: 9, day: 14, instant: 19, words: 30 }; // letters
const LEAST = 9;
const NARROW = 480; // pixels: a telephone, where every sheet has cards
const COPIED = "Copied. Click into the answer cell below, select all (Ctrl+A, on a Mac Cmd+A), paste (Ctrl+V), then run it with Shift+Enter.";
const EMPTY = "Copied, but no field is filled. Do not paste this over an answer that you have already.";
const REFUSED = "This browser does not let the button copy. The text is selected: copy it (Ctrl+C, on a Mac Cmd+C). Then click into the answer cell below, select all (Ctrl+A), paste (Ctrl+V), and run it with Shift+Enter.";

// ---------------------------------------------------------------- what the entries say

function empty(content) {
  return { schema: content.schema, version: content.version, case: content.answer, entries: {} };
}

function textOf(value, row, column) {
  return value.entries[row.id]?.[column.id] ?? "";
}

// The same entries with one field changed: rows and columns in their order, empty fields left out.
function withText(content, value, row, column, text) {
  const read = (one, other) => (one === row && other === column ? text : textOf(value, one, other));
  return { ...value, entries: inOrder(content, read) };
}

function inOrder(content, read) {
  const rows = content.rows.map((row) => [row.id, Object.fromEntries(
    content.columns.map((column) => [column.id, read(row, column)]).filter(([, text]) => text))]);
  return Object.fromEntries(rows.filter(([, cells]) => Object.keys(cells).length));
}

// A text on one line, as it is copied: whatever might end or split a line of Python is a space.
function flat(text) {
  return text.replace(/[\u0000-\u0020\u007f-\u009f\u2028\u2029]+/g, " ").replace(/[\ud800-\udfff]/gu, "\ufffd").replace(/^ | $/g, "");
}

// A label that says more than the id.
function labelOf({ id, label }) {
  return label === id ? "" : label;
}

function called(content, row, column) {
  return content.single ? row.id : `${row.id}: ${column.id}`;
}

function fields(content) {
  return content.rows.flatMap((row) => content.columns.map((column) => ({ row, column })));
}

function filled(content, value) {
  return fields(content).filter(({ row, column }) => flat(textOf(value, row, column)));
}

// Those filled, but not as the column asks.
function unread(content, value) {
  return filled(content, value).filter(({ row, column }) => !reads(column, flat(textOf(value, row, column))));
}

function howMany(content, value) {
  const [some, all] = [filled(content, value).length, fields(content).length];
  return some === all && all > 1 ? `All ${all} fields filled` : `${some} of ${all} ${all === 1 ? "field" : "fields"} filled`;
}

// How far the sheet is, and which fields to look at again; not one in which somebody types now.
function progress(content, value, typing = "") {
  const wrong = unread(content, value).map(({ row, column }) => called(content, row, column)).filter((name) => name !== typing);
  if (!wrong.length) return `${howMany(content, value)}.`;
  const more = wrong.length - NAMED;
  const named = more > 0 ? `${wrong.slice(0, NAMED).join(", ")} and ${more} more` : list(wrong);
  return `${howMany(content, value)}. To look at again: ${named}.`;
}

// ---------------------------------------------------------------- what can be read

// A word without what typing adds to it.
function plainWord(word) {
  const round = " .,;'\"`\u00ab\u00bb\u2018\u2019\u201a\u201c\u201d\u201e";
  let text = word.replaceAll("\u2019", "'").toLowerCase().replace(/[\s_-]+/g, " ");
  while (text && round.includes(text[0])) text = text.slice(1);
  while (text && round.includes(text.at(-1))) text = text.slice(0, -1);
  return text.replace(/^(an?|the) /, "").replaceAll("ization", "isation");
}

// The words of a list in the list's own writing and order; nothing where one is not on it.
function chosen(column, text) {
  const parts = column.form === "choice" ? [text] : text.split(/[;\n]/).filter((part) => part.trim());
  const given = parts.map(plainWord);
  if (column.none && same(given, [column.none])) return column.none;
  const known = column.words.map(plainWord);
  if (!given.length || !given.every((word) => known.includes(word))) return "";
  return column.words.filter((_, at) => given.includes(known[at])).join("; ");
}

function isDay(year, month, day) {
  const found = new Date(Date.UTC(2000, Number(month) - 1, Number(day)));
  found.setUTCFullYear(Number(year), Number(month) - 1, Number(day)); // years below 100 too
  return Number(year) > 0 && found.getUTCMonth() === Number(month) - 1 && found.getUTCDate() === Number(day);
}

const READS = {
  choice: (column, text) => Boolean(chosen(column, text)),
  several: (column, text) => Boolean(chosen(column, text)),
  words: (column, text) => wordCount(text) >= column.atLeast,
  number: (_, text) => {
    const tidy = text.trim().replace(/\.+$/, "").replaceAll("\u2212", "-");
    return /^-?\d+(\.\d+)?$/.test(tidy.replace(/(?<=\d)[,\s](?=\d{3}(?!\w))/g, "").replaceAll(",", "."));
  },
  day: (_, text) => {
    const found = /^(\d{4})(-?)(\d\d)\2(\d\d)\.*$/.exec(text.trim());
    return Boolean(found) && isDay(found[1], found[3], found[4]);
  },
  instant: (_, text) => {
    const tidy = text.trim().replace(/\s*\b(UTC|GMT)\b\.?/g, "").replace(/\.+$/, "");
    const found = /^(\d{4})-(\d\d)-(\d\d)[T ]+([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?:Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/i.exec(tidy);
    return Boolean(found) && isDay(found[1], found[2], found[3]);
  },
};

function reads(column, text) {
  return READS[column.form](column, text);
}

// What came from a file or from this browser: only rows, columns and choices of this sheet.
function sound(content, data) {
  let lost = 0;
  const object = (found) => (found && typeof found === "object" && !Array.isArray(found) ? found : {});
  const given = object(data.entries);
  const entries = inOrder(content, (row, column) => {
    const text = object(given[row.id])[column.id];
    if (typeof text !== "string") return "";
    return text && column.words.length ? chosen(column, text) : text;
  });
  for (const [row, cells] of Object.entries(given)) {
    const there = Object.keys(entries[row] ?? {});
    lost += cells === object(cells) ? 0 : 1;
    lost += Object.entries(object(cells)).filter(([column, text]) => text !== "" && !there.includes(column)).length;
  }
  return { value: { ...empty(content), entries }, lost };
}

// ---------------------------------------------------------------- the cell

// The whole answer cell. JSON quotes a text as Python does.
function answerCell(content, value) {
  const quoted = (row, column) => JSON.stringify(flat(textOf(value, row, column)));
  const lines = content.rows.flatMap((row) => {
    const comment = labelOf(row) ? `  # ${labelOf(row)}` : "";
    const id = JSON.stringify(row.id);
    if (content.single) return [`    ${id}: ${quoted(row, content.columns[0])},${comment}`];
    return [`    ${id}: {${comment}`, ...content.columns.map((column) => `        ${JSON.stringify(column.id)}: ${quoted(row, column)},`), "    },"];
  });
  return [`${content.answer} = {`, ...lines, "}"].join("\n");
}

// ---------------------------------------------------------------- the fields

// Each kind of field: what it is made of, how an entry is shown in it, and what is said below it.

function choiceField({ column, said, enter }) {
  const control = make("select", { id: fresh(), "aria-label": said, onchange: () => enter(control.value) },
    make("option", { value: "" }, "Choose\u2026"), ...column.words.map((word) => make("option", { value: word }, word)));
  return { node: control, control, set: (text) => { control.value = text; } };
}

function severalField({ column, said, label, enter }) {
  const boxes = new Map();
  const box = (word, text) => {
    const { input, line } = checkbox(text, (ticked) => {
      const others = column.words.filter((one) => one !== word && boxes.get(one).checked);
      const now = ticked && word !== column.none ? [...others, word] : word === column.none ? [] : others;
      const inList = column.words.filter((one) => now.includes(one)).join("; ");
      enter(inList || (ticked ? column.none : ""));
    });
    boxes.set(word, input);
    return line;
  };
  const lines = [...column.words.map((word) => box(word, word)), box(column.none, "none of these")];
  const node = make("fieldset", { "aria-label": said, class: "as-several" }, label, ...lines);
  const set = (text) => {
    const ticked = text.split("; ");
    for (const [word, input] of boxes) input.checked = ticked.includes(word);
  };
  return { node, control: boxes.get(column.words[0]), set };
}

function lineField({ column, said, enter }) {
  const control = make("input", {
    type: "text", id: fresh(), "aria-label": said, autocomplete: "off", spellcheck: "false",
    inputmode: column.form === "number" ? "decimal" : false, oninput: () => enter(control.value, true),
  });
  return { node: control, control, set: (text) => setText(control, text) };
}

function wordsField({ said, enter }) {
  const control = make("textarea", { id: fresh(), rows: "2", "aria-label": said, oninput: () => enter(control.value, true) });
  return { node: control, control, set: (text) => setText(control, text) };
}

// Setting a text moves the cursor to its end, so only what differs is set.
function setText(control, text) {
  if (control.value !== text) control.value = text;
}

const FIELDS = { choice: choiceField, several: severalField, number: lineField, day: lineField, instant: lineField, words: wordsField };

// What stands below a field of words: how many there are.
function counted(text) {
  const count = wordCount(flat(text));
  return count === 1 ? "1 word" : `${count} words`;
}

// What a column asks for, where its field does not show it; a date is not broken at its hyphens.
function hintOf(column) {
  return column.words.length || column.atLeast === 1 ? "" : column.asks;
}

function unbroken(text) {
  return text.split(/(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?)/).map((part, at) => (at % 2 ? make("span", { class: "as-whole" }, part) : part));
}

// How wide a column of the table should be, in letters.
function letters(column) {
  const longest = Math.max(LEAST, ...column.words.map((word) => word.length + 7));
  return column.words.length ? Math.min(longest, MOST[column.form]) : MOST[column.form];
}

// ---------------------------------------------------------------- the screen

function draw({ content, shell }) {
  const value = () => shell.value();
  const made = [];

  // --- the table

  const widths = content.columns.map(letters);
  const about = Math.min(Math.max(...content.rows.map(({ id, label }) => Math.max(id.length, label.length / 2)), LEAST), 24);
  const needed = [about, ...widths].reduce((sum, one) => sum + one + 2, 0);
  const share = (width) => make("col", { style: `width: ${(100 * (width + 2) / needed).toFixed(2)}%` });
  const heads = content.columns.map((column) => ({ hint: fresh(), column }));
  const table = make("table", { role: "table", class: "as-table", style: content.columns.some(({ form }) => form === "words") ? false : `max-width: ${needed * 0.85}em` },
    make("caption", {}, "Answers for ", make("code", {}, content.answer)),
    make("colgroup", {}, share(about), ...widths.map(share)),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" },
      make("th", { scope: "col", role: "columnheader" }, "Item"),
      ...heads.map(({ hint, column }) => make("th", { scope: "col", role: "columnheader" },
        make("span", {}, headName(column)),
        make("span", { id: hint, class: "as-hint", hidden: !hintOf(column) }, ...unbroken(hintOf(column))))))),
    make("tbody", { role: "rowgroup" }, ...content.rows.map(tableRow)));
  const sheet = make("div", { class: "as-sheet", onfocusin: uncover }, table);

  // A browser that reveals a field of words for typing may leave it below the heads of the columns.
  function uncover({ target }) {
    requestAnimationFrame(() => {
      const covered = table.tHead.rows[0].cells[0].getBoundingClientRect().bottom;
      if (!sheet.classList.contains("as-cards") && target.getBoundingClientRect().top < covered) target.scrollIntoView({ block: "nearest" });
    });
  }

  function rowName(row) {
    return [row.id, labelOf(row)].filter(Boolean).join(" ");
  }

  function headName(column) {
    return content.single ? "Your answer" : column.id;
  }

  function tableRow(row) {
    const label = labelOf(row);
    return make("tr", { role: "row" },
      make("th", { scope: "row", role: "rowheader" },
        make("span", { class: "as-id" }, row.id), ...(label ? [" ", make("span", { class: "as-about" }, label)] : [])),
      ...heads.map((head) => make("td", { role: "cell", class: `as-${head.column.form}` }, ...field(row, head))));
  }

  function field(row, { hint, column }) {
    const trouble = make("p", { id: fresh(), class: "as-trouble", hidden: true });
    const count = make("p", { id: fresh(), class: "as-count" });
    const name = called(content, row, column);
    const enter = (text, typed = false) => {
      shell.change(withText(content, value(), row, column, text), typed ? name : "");
      if (!typed) shell.say(progress(content, value()));
    };
    // On a narrow screen there are no heads of columns: each field has its name above it.
    const words = [content.single ? "" : `${column.id} `, make("span", { class: "as-hint" }, ...unbroken(hintOf(column)))];
    const label = make(column.form === "several" ? "p" : "label", { class: "as-label", "aria-hidden": "true", hidden: Boolean(content.single) && !hintOf(column) }, ...words);
    const one = FIELDS[column.form]({ column, said: `${rowName(row)}: ${headName(column)}`, label, enter });
    const described = [hintOf(column) && hint, column.form === "words" && count.id, trouble.id].filter(Boolean).join(" ");
    if (column.form !== "several") {
      label.setAttribute("for", one.control.id);
      one.control.setAttribute("aria-describedby", described);
      one.control.addEventListener("change", () => {
        look(true);
        write(far, progress(content, value()));
        shell.say(far.textContent);
      });
    }
    // A field is found fault with only once it is left, not while somebody types.
    const look = (left) => {
      const text = flat(textOf(value(), row, column));
      const wrong = Boolean(text) && !reads(column, text);
      if (wrong && !left && trouble.hidden) return;
      if (wrong && trouble.hidden) trouble.replaceChildren(...unbroken(`${column.form === "words" ? "Too short" : "This cannot be read"}. Write ${column.asks}.`));
      trouble.hidden = !wrong;
      if (column.form === "several") return;
      if (wrong) one.control.setAttribute("aria-invalid", "true");
      else one.control.removeAttribute("aria-invalid");
    };
    made.push({
      row, column,
      typing: () => document.activeElement === one.control && trouble.hidden && name,
      refresh: () => {
        const text = textOf(value(), row, column);
        one.set(text);
        write(count, counted(text));
        look(document.activeElement !== one.control);
      },
    });
    const parts = column.form === "words" ? [one.node, count, trouble] : [one.node, trouble];
    return column.form === "several" ? parts : [label, ...parts];
  }

  // Where the table does not fit, each row is a card.
  const observer = new ResizeObserver(() => {
    const letter = parseFloat(getComputedStyle(sheet).fontSize) * 0.52;
    sheet.classList.toggle("as-cards", sheet.clientWidth < Math.max(needed * letter, NARROW));
  });
  observer.observe(sheet);

  // --- copying

  const copied = make("textarea", { id: fresh(), rows: "8", readonly: true, "data-part": "answer", spellcheck: "false" });
  const asText = make("details", { ontoggle: fillText }, make("summary", {}, "The answer as text"),
    make("label", { for: copied.id }, "For the answer cell"), copied);
  const copy = button("Copy my answers", async () => {
    copied.value = answerCell(content, value());
    const done = filled(content, value()).length ? COPIED : EMPTY;
    shell.say((await copyText(copied.value, copied)) ? done : REFUSED, true);
  });
  copy.classList.add("as-copy");

  function fillText() {
    copied.value = asText.open ? answerCell(content, value()) : "";
  }

  // --- all of it

  const far = make("p", { class: "as-progress" });

  function refresh() {
    made.forEach((one) => one.refresh());
    write(far, progress(content, value(), made.map((one) => one.typing()).find(Boolean)));
    fillText();
  }

  // Undo and redo name the field that they changed.
  function place(old, now) {
    const changed = made.filter(({ row, column }) => textOf(old, row, column) !== textOf(now, row, column));
    return changed.length === 1 ? called(content, changed[0].row, changed[0].column) : `${changed.length} fields`;
  }

  const resumed = shell.model.get("resumed"); // when the entries were kept with which the sheet began
  const body = [
    make("p", { class: "v-note", hidden: !resumed }, resumed ? `Your entries of ${clock(new Date(resumed))} were brought back.` : ""),
    sheet,
    far,
    make("div", { class: "v-buttons" }, copy),
    shell.status,
    asText,
  ];
  return { body, refresh, place, end: () => observer.disconnect() };
}

const WIDGET = {
  form: true,
  noun: "answer sheet",
  empty,
  sound,
  touched: (content, value) => filled(content, value).length > 0,
  howMuch: (content, value) => { const words = howMany(content, value); return words[0].toLowerCase() + words.slice(1); },
  draw,
};

export default { render: (context) => show(WIDGET, context) };
export { answerCell, flat, reads, sound };
