// The button Check my work: asks the kernel to look the saved file over, and shows what it found.

const STILL = 10000; // milliseconds after which a wait is explained
const OLD = 2; // minutes after which a save may be older than the work

const WAITING = "Still checking. If a cell of the notebook is running, the check waits for it. If nothing runs, the kernel may be gone: choose Restart Kernel in the Kernel menu, run this cell and press the button again.";

function items(entries, draw) {
  return make("ul", {}, ...entries.map((one) => make("li", {}, ...draw(one))));
}

// `code` and *emphasis* of the kernel's sentences, as elements.
function rich(text) {
  return text.split(/(`[^`]+`|\*[^*\s][^*]*\*)/).map((part) => {
    if (/^`.+`$/.test(part)) return make("code", {}, part.slice(1, -1));
    if (/^\*.+\*$/.test(part)) return make("em", {}, part.slice(1, -1));
    return part;
  });
}

function part(heading, entries, draw) {
  return entries.length ? [make("h3", {}, heading), items(entries, draw)] : [];
}

function savedWords(saved) {
  const moment = new Date(saved);
  if (Number.isNaN(moment.getTime())) return "";
  const minutes = Math.floor((Date.now() - moment.getTime()) / 60000);
  const ago = minutes >= OLD && minutes < 600 ? `, ${minutes} minutes ago` : "";
  return `This is about the file as it was saved on ${clock(moment)}${ago}. What you changed since then is not in it.`;
}

function questionWords({ title, complete, state, empty, sentences }) {
  const sign = make("span", { class: "v-badge" }, complete ? "complete" : "to do");
  const said = complete ? "" : ` ${state[0].toUpperCase()}${state.slice(1)}.`;
  const more = empty.length > 4
    ? [make("details", {}, make("summary", {}, "All that is empty"), make("p", {}, empty.join(", "), "."))] : [];
  return [make("strong", {}, title), " ", sign, said, ...sentences.map((one) => make("p", {}, ...rich(one))), ...more];
}

function textWords({ title, words, state }) {
  const [howLong, asked] = state.split("; ");
  const said = asked ? ` ${capital(asked)}.` : "";
  return [make("strong", {}, title), " ", make("span", { class: "v-badge" }, words ? howLong : "to do"), words ? said : ` ${capital(howLong)}.${said}`];
}

function manualWords({ title, state }) {
  return [make("strong", {}, title), ": ", ...rich(state.replace(/\.$/, "")), "."];
}

function drawn(found) {
  if (found.problem) return [make("p", {}, ...rich(found.problem))];
  const harmful = found.problems.filter((one) => one.harms);
  const harmless = found.problems.filter((one) => !one.harms);
  return [
    make("p", {}, savedWords(found.saved)),
    ...part("To mend", harmful, (one) => rich(one.text)),
    ...part("Questions", found.questions, questionWords),
    ...part("Your texts", found.texts, textWords),
    ...part("What else a person reads", found.manual, manualWords),
    ...part("To know", harmless, (one) => rich(one.text)),
    make("p", {}, make("strong", {}, "Next: "), ...rich(found.next)),
  ];
}

function render({ model, el }) {
  const content = model.get("content");
  let waiting = 0;
  let pending = false;

  const status = make("p", { role: "status", class: "cb-status" });
  const result = make("div", { class: "cb-result", hidden: true, role: "group", "aria-label": "What was found" });
  const start = button("Check my work", () => {
    if (pending) return;
    pending = true;
    start.setAttribute("aria-disabled", "true");
    write(status, "Checking…");
    waiting = setTimeout(() => {
      write(status, WAITING);
      pending = false; // a kernel that was started again has lost the first request
      start.removeAttribute("aria-disabled");
    }, STILL);
    model.set("asked", model.get("asked") + 1);
    model.save_changes();
  });

  function refresh() {
    const found = model.get("found");
    if (!("number" in found)) return;
    clearTimeout(waiting);
    pending = false;
    start.removeAttribute("aria-disabled");
    result.replaceChildren(...drawn(found));
    result.hidden = false;
    write(status, found.problem ? "The file could not be checked." : found.summary);
  }

  const root = make("section", { class: "volens volens-check-button", "aria-label": `${content.title}: ${content.heading}` },
    make("p", {}, "First save the notebook: Ctrl + S, on a Mac Cmd + S. The button does not save for you. It reads the saved file and changes nothing in it."),
    make("div", { class: "v-buttons" }, start),
    status, result);
  el.replaceChildren(root);
  const takeKeysBack = shareKeys(root);
  refresh();
  model.on("change:found", refresh);
  return () => {
    clearTimeout(waiting);
    takeKeysBack();
    model.off("change:found", refresh);
  };
}

export default { render };
