// The frame of every widget: undo, keeping, loading, copying, and what is said aloud.
// A widget's own file follows this one in the same text and describes itself as WIDGET.
// Nothing here needs a library or a kernel.

const QUIET = "data-lm-suppress-shortcuts"; // or JupyterLab takes the arrow keys
const S_KEY = 83; // as JupyterLab reads it: by the place of the key, whatever script it writes
const CANCELLED = ["insertLineBreak", "historyUndo", "historyRedo"]; // what JupyterLab does to a field in a cell
const CONTROLS = ["button", "input", "select", "textarea", "summary"];
const SEND_AFTER = 250; // milliseconds in which changes are gathered for the kernel
const SAY_AFTER = 600; // what typing changes is said once the typing rests
const ANSWER_WITHIN = 5000; // after that the notebook is said to be silent
const PASTE = { Answer: "Paste it into the answer cell of the notebook.", Memo: "Paste it into a document of your own.", Answers: "Paste them into a document of your own." };

// ---------------------------------------------------------------- small helpers

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value === true ? "" : value);
  }
  if (CONTROLS.includes(tag) || "tabindex" in attributes) node.setAttribute(QUIET, "true");
  node.append(...children);
  return node;
}

function button(label, onclick) {
  return make("button", { type: "button", onclick }, label);
}

let made = 0;
function fresh() {
  made += 1;
  return `v${made}-${Math.random().toString(36).slice(2, 8)}`; // one page may hold several widgets
}

// A select with its label: options are { id, name }.
function choice(label, options, onchange) {
  const select = make("select", { id: fresh(), onchange: () => onchange(select.value) });
  select.append(...options.map((one) => make("option", { value: one.id }, one.name)));
  return { select, line: make("p", { class: "v-choice" }, make("label", { for: select.id }, label), select) };
}

// Radio buttons in a fieldset: options are { id, name }.
function radios(legend, options, onchange) {
  const inputs = {};
  const name = fresh();
  const node = make("fieldset", { class: "v-options" }, make("legend", {}, legend));
  for (const one of options) {
    const input = make("input", { type: "radio", name, id: fresh(), value: one.id, onchange: () => onchange(one.id) });
    inputs[one.id] = input;
    node.append(make("label", { for: input.id }, input, ` ${one.name}`));
  }
  return { node, inputs, set: (id) => Object.entries(inputs).forEach(([key, input]) => { input.checked = key === id; }) };
}

function checkbox(label, onchange) {
  const input = make("input", { type: "checkbox", id: fresh(), onchange: () => onchange(input.checked) });
  return { input, line: make("label", { for: input.id, class: "v-check" }, input, ` ${label}`) };
}

function oneLine(text) {
  return text.replace(/[ \t\r\n]+/g, " ").replace(/^ | $/g, "");
}

// A text as one sentence; nothing where there is none.
function sentence(text) {
  const line = oneLine(text);
  return !line || ".!?".includes(line.at(-1)) ? line : `${line}.`;
}

function wordCount(text) {
  const line = oneLine(text);
  return line ? line.split(" ").length : 0;
}

function capital(text) {
  return text[0].toUpperCase() + text.slice(1);
}

function list(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function badge(text) {
  return make("span", { class: "v-badge" }, text);
}

// Sources as every view lists them: a link, badges for type and reading, and what else to know.
function references(sources) {
  return make("ul", { class: "v-sources" }, ...sources.map(reference));
}

function reference({ name, type, read, remark = "", address = "" }) {
  const title = address ? make("a", { href: address, target: "_blank", rel: "noopener" }, name) : name;
  const [, short, part] = /^(.*?)(?: \((.*)\))?$/.exec(read); // a badge holds few words; the part follows it
  const after = [part && `Read: ${part}.`, remark].filter(Boolean).join(" ");
  return make("li", {}, title, " ", badge(type), " ", badge(`own text read: ${short}`), after && ` ${after}`);
}

// The same in a line of text, as volens/references.py says it.
function referenceWords({ name, type, read }) {
  return `${name}, ${type}, own text read: ${read}`;
}

// A moment by the clock of this computer, as 2022-01-06 09:30.
function clock(moment) {
  const two = (number) => String(number).padStart(2, "0");
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join("-");
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

// Set a text only where it differs, so that nothing is drawn or read out twice.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function same(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

// ---------------------------------------------------------------- keys that JupyterLab takes

// Leave the keys to a widget as a page of its own would, but let the one for saving through.
// What is returned takes it all back.
function shareKeys(root) {
  const mac = /Mac/i.test(navigator.platform);
  const saves = (event) => event.keyCode === S_KEY && !event.shiftKey && !event.altKey
    && (mac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey);
  // JupyterLab listens at the document and asks each element on the way up; the window comes first.
  const letThrough = (event) => {
    if (!saves(event) || !root.contains(event.target)) return;
    const quiet = [];
    for (let node = event.target; node !== root; node = node.parentElement) {
      if (node.hasAttribute(QUIET)) quiet.push(node);
    }
    quiet.forEach((node) => node.removeAttribute(QUIET));
    setTimeout(() => quiet.forEach((node) => node.setAttribute(QUIET, "true")));
  };
  // JupyterLab waits at the field itself for a new line, or a step back, and cancels it.
  const keepInput = (event) => {
    if (CANCELLED.includes(event.inputType)) event.stopPropagation();
  };
  window.addEventListener("keydown", letThrough, true);
  root.addEventListener("beforeinput", keepInput, true);
  return () => {
    window.removeEventListener("keydown", letThrough, true);
    root.removeEventListener("beforeinput", keepInput, true);
  };
}

// ---------------------------------------------------------------- the browser's store

const store = {
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key, text) {
    try {
      if (text === null) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
      return true;
    } catch {
      return false; // a browser may refuse; the notebook and the file remain
    }
  },
};

async function copyText(text, field) {
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

// The line of an answer cell. A value holds texts, numbers, lists and objects only: JSON is Python here.
function literal(variable, value) {
  return `${variable} = ${JSON.stringify(value, null, 4)}\n`;
}

// Entries from a file or a store, or the reason why they cannot be taken.
function taken(WIDGET, content, text) {
  let data = null;
  try {
    data = JSON.parse(text);
  } catch {
    return { why: "it cannot be read" };
  }
  data = WIDGET.upgrade?.(content, data) ?? data;
  const empty = WIDGET.empty(content);
  if (data === null || typeof data !== "object" || data.schema !== empty.schema) return { why: `it is no saved ${WIDGET.noun}` };
  if (data.case !== empty.case) return { why: `it belongs to ${data.case}` };
  if (data.version > empty.version) return { why: "a newer version of the course made it" };
  const { value, lost } = WIDGET.sound(content, data);
  const older = data.version < empty.version ? " It was made by an older version of the course." : "";
  const aside = lost ? ` ${lost} of its entries could not be read and ${lost === 1 ? "was" : "were"} left out.` : "";
  return { value, note: older + aside, whole: !lost };
}

// ---------------------------------------------------------------- the frame

function show(WIDGET, { model, el }) {
  const content = model.get("content");
  const keeps = model.get("keeps");
  const key = `volens ${model.get("name")}`;
  const before = `${key} before`; // a copy from earlier that nobody has taken or dropped yet
  const past = [];
  const future = [];
  let lastEdit = "";
  let sending = 0;
  let silence = 0;
  let waiting = 0;
  let finished = false;

  const value = () => model.get("value");
  const howMuch = (one) => WIDGET.howMuch(content, one);
  const touched = (one) => WIDGET.touched?.(content, one) ?? !same(one, WIDGET.empty(content));

  // --- changing, and the way back

  function change(next, edit = "") {
    if (same(next, value())) return;
    if (!edit || edit !== lastEdit) past.push(value());
    future.length = 0;
    lastEdit = edit;
    put(next);
  }

  function put(next) {
    model.set("value", next); // whoever listens redraws, this view among them
    if (keeps) {
      notKept.hidden = store.set(key, JSON.stringify(next));
      store.set(`${key} time`, clock(new Date()));
    }
    clearTimeout(sending);
    sending = setTimeout(send, SEND_AFTER);
  }

  function send() {
    sending = 0;
    const number = model.get("sent") + 1;
    model.set("sent", number);
    model.save_changes();
    if (model.page) return;
    clearTimeout(silence);
    silence = setTimeout(() => {
      silent.hidden = model.get("keeping").number >= number;
    }, ANSWER_WITHIN);
  }

  function flush() {
    if (sending) {
      clearTimeout(sending);
      send();
    }
  }

  function answered() {
    const { number, note } = model.get("keeping");
    if (number >= model.get("sent")) silent.hidden = true;
    write(kernelNote, note);
    kernelNote.hidden = !note;
  }

  function travel(from, to, word) {
    if (!from.length) return;
    const old = value();
    to.push(old);
    lastEdit = "";
    put(from.pop());
    const place = drawn.place?.(old, value());
    say(place ? `${word}: ${place}.` : `${word}.`, true);
  }

  // --- what is said

  const status = make("p", { role: "status", class: "v-status" });
  const beside = make("p", { class: "v-note", "aria-hidden": "true" });

  function say(text, now = false) {
    clearTimeout(waiting);
    if (now) write(status, text);
    else waiting = setTimeout(() => write(status, text), SAY_AFTER);
  }

  // What the last row of buttons did stands beside them as well: the status line may be out of sight.
  function tell(text) {
    say(text, true);
    write(beside, text);
  }

  // --- notices

  const notKept = make("p", { hidden: true, class: "v-note" }, "This browser keeps nothing here. Use Save before you leave.");
  const silent = make("p", { hidden: true, class: "v-notice", role: "alert" },
    "The notebook does not answer: its kernel is busy or gone. You can go on: what you enter is kept in this browser. To connect again, run the cell that shows this. Press Save for a file of your own.");
  const kernelNote = make("p", { hidden: true, class: "v-note" });
  const offers = make("div", {});
  const olderOffers = make("details", { hidden: true });

  // Offer a copy from earlier. Whatever is pressed, or nothing, no copy is lost unless "Delete" is.
  function offer(text, where, forget) {
    const found = taken(WIDGET, content, text);
    const notice = make("div", { class: "v-notice", role: "group", "aria-label": `From earlier, ${where}` });
    const done = (words) => {
      notice.remove();
      olderOffers.hidden = !olderOffers.querySelector(".v-notice");
      undo.focus();
      say(words, true);
    };
    const buttons = [button("Not now", () => done("Not brought back. It is offered again when this is shown anew."))];
    if (forget) {
      buttons.push(button("Delete this copy", () => {
        forget();
        done("The copy is deleted.");
      }));
    }
    if (found.value) {
      buttons.unshift(button("Bring it back", () => {
        if (found.whole) forget?.(); // a copy that could not be read whole stays where it is
        change(found.value);
        done(`Back again: ${howMuch(found.value)}.`);
      }));
      notice.append(make("p", {}, `From earlier, ${where}: ${howMuch(found.value)}.${found.note}`));
    } else {
      const field = make("textarea", { readonly: true, rows: "4", id: fresh() });
      field.value = text;
      notice.append(
        make("p", {}, `What was kept earlier, ${where}, cannot be used: ${found.why}. It stays as it is.`),
        make("details", {}, make("summary", {}, "What it holds"), make("label", { for: field.id }, "The copy as text"), field),
      );
    }
    notice.append(make("div", { class: "v-buttons" }, ...buttons));
    return notice;
  }

  // What this browser kept moves to a list of its own, where the next entry does not overwrite it.
  function waitingCopies() {
    let copies = [];
    try {
      copies = JSON.parse(store.get(before)) ?? [];
    } catch {
      // the list itself is damaged: begin a new one
    }
    const text = store.get(key);
    if (text !== null && worthOffering(text)) {
      if (!copies.some((one) => one.text === text)) copies.push({ text, time: store.get(`${key} time`) ?? "" });
      if (store.set(before, JSON.stringify(copies))) store.set(key, null);
    }
    return copies.filter((one) => worthOffering(one.text)).reverse();
  }

  function worthOffering(text) {
    const found = taken(WIDGET, content, text);
    return !found.value || (touched(found.value) && !same(found.value, value()));
  }

  function forgetCopy(text) {
    const left = JSON.parse(store.get(before) ?? "[]").filter((one) => one.text !== text);
    store.set(before, left.length ? JSON.stringify(left) : null);
  }

  // The copy in the file, where it is none of those in the browser.
  function filedCopy(copies) {
    const filed = JSON.stringify(model.get("earlier") ?? {});
    if (filed === "{}" || !worthOffering(filed)) return [];
    const { value: entries } = taken(WIDGET, content, filed);
    if (copies.some((one) => same(entries, taken(WIDGET, content, one.text).value))) return [];
    return [offer(filed, `in the file answers/${model.get("name")}.json`, null)];
  }

  // The newest copy stands open; older ones fold away under it.
  function offerAll() {
    const copies = waitingCopies();
    const notices = [
      ...copies.map(({ text, time }) => offer(text, time ? `in this browser, ${time}` : "in this browser", () => forgetCopy(text))),
      ...filedCopy(copies),
    ];
    const [newest, ...others] = notices;
    if (newest) offers.append(newest);
    if (others.length) {
      const count = others.length === 1 ? "1 more copy" : `${others.length} more copies`;
      olderOffers.append(make("summary", {}, `${count} from earlier`), ...others);
      olderOffers.hidden = false;
      offers.append(olderOffers);
    }
  }

  // Another tab with the same widget writes to the same store.
  const other = make("p", { hidden: true, class: "v-notice" }, "This was changed in another tab. ", button("Take what the other tab has", () => {
    other.hidden = true;
    const found = taken(WIDGET, content, store.get(key) ?? "");
    if (found.value) change(found.value);
    undo.focus();
  }));
  const elsewhere = (event) => {
    if (keeps && event.key === key && event.newValue && event.newValue !== JSON.stringify(value())) other.hidden = false;
  };

  // --- the tools

  const undo = button("Undo", () => travel(past, future, "Undone"));
  const redo = button("Redo", () => travel(future, past, "Done again"));
  const restart = button("Start again", () => {
    drawn.forget?.();
    change(WIDGET.empty(content));
    say("As at the beginning. Undo brings back what was here.", true);
  });

  const answer = make("textarea", { id: fresh(), rows: "8", readonly: true, "data-part": "answer" });
  const text = make("textarea", { id: fresh(), rows: "12", readonly: true, "data-part": "text" });
  const file = make("input", { type: "file", id: fresh(), accept: ".json,application/json", onchange: load });
  const asText = (summary, label, field) =>
    make("details", { ontoggle: fillTexts }, make("summary", {}, summary), make("label", { for: field.id }, label), field);
  const answerText = asText("The answer as text", "For the answer cell", answer);
  const memoText = WIDGET.text ? asText("The memo as text", "To start a memo from", text) : "";

  const theAnswer = () => literal(content.answer || WIDGET.variable, value());
  // Only what is open is written out; what is closed holds nothing that could be out of date.
  function fillTexts() {
    answer.value = answerText.open ? theAnswer() : "";
    if (memoText) text.value = memoText.open ? WIDGET.text(content, value(), model) : "";
  }

  async function take(words, field, what) {
    field.value = words;
    tell((await copyText(words, field)) ? `${what} copied. ${PASTE[what]}` : `Select the text of the ${what.toLowerCase()} and copy it.`);
  }

  function save() {
    const name = `${model.get("name")}.json`;
    const content = new Blob([`${JSON.stringify(value(), null, 2)}\n`], { type: "application/json" });
    const link = make("a", { href: URL.createObjectURL(content), download: name });
    link.click();
    URL.revokeObjectURL(link.href);
    tell(`Saved as ${name} among your downloads.`);
  }

  async function load() {
    const { name } = file.files[0];
    const found = taken(WIDGET, content, await file.files[0].text());
    file.value = "";
    if (!found.value) {
      tell(`${name} was not loaded: ${found.why}. Choose a file that Save made here.`);
      return;
    }
    drawn.forget?.();
    change(found.value);
    tell(`${name} loaded: ${howMuch(found.value)}.${found.note} Undo brings back what was here.`);
  }

  const shell = { value, change, say, status, model, id: fresh() };
  const drawn = WIDGET.draw({ content, shell });

  function refresh() {
    if (finished) return;
    drawn.refresh(value());
    undo.setAttribute("aria-disabled", String(past.length === 0));
    redo.setAttribute("aria-disabled", String(future.length === 0));
    fillTexts();
  }

  const copies = [button("Copy answer", () => take(theAnswer(), answer, "Answer"))];
  if (WIDGET.text) {
    copies.push(button("Copy memo", () => take(WIDGET.text(content, value(), model), text, "Memo")));
  }
  if (WIDGET.own) copies.push(button("Copy my answers only", () => take(WIDGET.own(content, value()), text, "Answers")));
  const files = [button("Save", save), make("label", { for: file.id }, `Load a saved ${WIDGET.noun} `, file)];
  // A form for an answer cell copies a cell of its own; files fold away, so that nobody takes them for the way to save.
  const along = WIDGET.form
    ? [beside, notKept, make("details", { class: "v-files" }, make("summary", {}, "Keep a copy as a file (Save, Load)"),
      make("p", {}, "You need this only to take your entries to another computer. It does not save the notebook, and it does not fill the answer cell."),
      make("div", { class: "v-buttons" }, ...files)), kernelNote]
    : [make("div", { class: "v-buttons" }, ...copies, ...files), beside, notKept, kernelNote, answerText, memoText];
  const root = make(
    "section",
    { class: `volens volens-${content.kind}`, "aria-label": content.title },
    make("div", { class: "v-offers" }, offers),
    make("div", { class: "v-notices" }, other, silent),
    make("div", { class: "v-buttons" }, undo, redo, restart, ...(drawn.tools ?? [])),
    ...drawn.body,
  );
  if (!root.contains(status)) root.append(status);
  root.append(make("div", { class: "v-along" }, ...along));
  el.replaceChildren(root);
  const takeKeysBack = shareKeys(root);

  if (keeps) offerAll();
  refresh();
  answered();
  model.on("change:value", refresh);
  model.on("change:keeping", answered);
  window.addEventListener("storage", elsewhere);
  window.addEventListener("pagehide", flush);
  return () => {
    finished = true;
    flush();
    [waiting, silence].forEach(clearTimeout);
    drawn.end?.();
    takeKeysBack();
    model.off("change:value", refresh);
    model.off("change:keeping", answered);
    window.removeEventListener("storage", elsewhere);
    window.removeEventListener("pagehide", flush);
  };
}

// On a page of its own the model is this small object in place of a kernel.
function pageModel(values) {
  const all = { keeps: true, earlier: {}, sent: 0, keeping: { number: 0, note: "" }, ...values };
  const listeners = {};
  return {
    page: true,
    get: (name) => all[name],
    set: (name, value) => {
      all[name] = value;
      (listeners[`change:${name}`] ?? []).forEach((listener) => listener());
    },
    save_changes: () => {},
    on: (name, listener) => (listeners[name] ??= []).push(listener),
    off: (name, listener) => {
      listeners[name] = (listeners[name] ?? []).filter((one) => one !== listener);
    },
  };
}
