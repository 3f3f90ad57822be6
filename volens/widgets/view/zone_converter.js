// The zone converter: a place and a local time, in UTC. What it says is what
// volens/widgets/zone_converter.py says; a test compares both.

const MINUTE = 60000; // milliseconds

function two(number) {
  return String(number).padStart(2, "0");
}

// An instant, or a local time taken as if it were UTC, as 2022-01-05 00:00.
function shown(time) {
  const at = new Date(time);
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function counted(number, noun) {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

function apart(minutes) {
  if (!minutes) return "the same as UTC";
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const parts = [...(hours ? [counted(hours, "hour")] : []), ...(rest ? [counted(rest, "minute")] : [])];
  return `${parts.join(" ")} ${minutes > 0 ? "ahead of" : "behind"} UTC`;
}

// What was typed as a time, or what is wrong with it.
function typed(content, text) {
  const words = text.trim();
  const found = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: +|T)(\d{1,2})[:.](\d{2})$/.exec(words);
  if (!words) return { wrong: `Type a date and a time, such as ${content.local}.` };
  if (!found) return { wrong: `“${words}” cannot be read. Type year, month, day, then hour and minute, such as ${content.local}.` };
  const [year, month, day, hour, minute] = found.slice(1).map(Number);
  if (month < 1 || month > 12) return { wrong: `There is no month ${month}. The month comes second, as in ${content.local}.` };
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day < 1 || day > days) return { wrong: `The month ${year}-${two(month)} has ${days} days; there is no day ${day}.` };
  if (hour > 23 || minute > 59) return { wrong: `There is no time ${hour}:${two(minute)}. A day goes from 00:00 to 23:59.` };
  if (year < content.first || year > content.last) return { wrong: `The converter knows the clocks of the years ${content.first} to ${content.last}.` };
  return { time: Date.UTC(year, month - 1, day, hour, minute) };
}

function instant(text) {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

// How many minutes the clocks of a place are ahead of UTC.
function ahead(place, at) {
  return place.changes.findLast(([from]) => instant(from) <= at)?.[1] ?? place.changes[0][1];
}

function converted(place, time) {
  const offsets = [...new Set(place.changes.map(([, minutes]) => minutes))];
  return offsets.map((minutes) => ({ at: time - minutes * MINUTE, minutes }))
    .filter(({ at, minutes }) => ahead(place, at) === minutes)
    .sort((one, other) => one.at - other.at);
}

// The sentences of a conversion; the instant stands apart, since it is copied.
function told(place, time, instants) {
  const [day, hour] = shown(time).split(" ");
  const where = `Clocks in ${place.name}, on ${day}`;
  if (!instants.length) return `${where}, were set forward and never showed ${hour}.`;
  if (instants.length > 1) return `${where}, were set back and showed ${hour} twice: at ${shown(instants[0].at)} UTC and at ${shown(instants.at(-1).at)} UTC.`;
  const [{ at, minutes }] = instants;
  const there = shown(at).slice(0, 10);
  const turn = there < day ? " In UTC it is still the day before." : there > day ? " In UTC it is already the next day." : "";
  return `${shown(at)} UTC. ${where}: ${apart(minutes)}.${turn}`;
}

function render({ model, el }) {
  const content = model.get("content");
  let waiting = 0;

  const place = choice("Place", content.places, refresh);
  place.select.value = content.place;
  const problem = make("p", { id: fresh(), class: "zc-problem", hidden: true });
  const local = make("input", {
    type: "text", id: fresh(), inputmode: "numeric", autocomplete: "off", spellcheck: "false", maxlength: "40", oninput: refresh,
  });
  local.value = content.local;
  const form = make("p", { id: fresh(), class: "zc-form" }, "As year-month-day hour:minute, such as ", content.local);
  local.setAttribute("aria-describedby", `${form.id} ${problem.id}`);
  const utc = make("input", { type: "text", id: fresh(), readonly: true });
  const words = make("p", { class: "zc-words" });
  const status = make("p", { role: "status", class: "v-status" });
  const copy = button("Copy", async () => {
    if (!utc.value) {
      write(status, "There is no time to copy yet.");
      return;
    }
    const done = await copied(utc);
    write(status, done ? `${utc.value} copied. Paste it where UTC is asked for.` : "Select the time in UTC and copy it.");
  });

  function refresh() {
    const found = typed(content, local.value);
    const chosen = content.places.find((one) => one.id === place.select.value);
    const instants = found.wrong ? [] : converted(chosen, found.time);
    const said = found.wrong ?? told(chosen, found.time, instants);
    utc.value = instants.length === 1 ? shown(instants[0].at) : "";
    copy.setAttribute("aria-disabled", String(!utc.value));
    local.setAttribute("aria-invalid", String(Boolean(found.wrong)));
    write(problem, found.wrong ?? "");
    problem.hidden = !found.wrong;
    write(words, found.wrong ? "" : said);
    write(status, "");
    clearTimeout(waiting);
    waiting = setTimeout(() => write(spoken, said), SAY_AFTER);
  }

  // What changes is said once the typing rests; on the screen it stands at once.
  const spoken = make("p", { role: "status", class: "zc-spoken" });
  const root = make("section", { class: "volens volens-zone-converter", "aria-label": content.title },
    make("div", { class: "zc-fields" },
      place.line,
      make("div", { class: "zc-field" }, make("label", { for: local.id }, "Local date and time there"), local, form, problem),
      make("div", { class: "zc-field" }, make("label", { for: utc.id }, "In UTC"), make("div", { class: "zc-utc" }, utc, copy))),
    words, spoken, status);
  el.replaceChildren(root);
  const takeKeysBack = shareKeys(root);
  refresh();
  clearTimeout(waiting); // what stands there from the start is read where it stands
  return () => {
    clearTimeout(waiting);
    takeKeysBack();
  };
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.focus();
    field.select();
    return document.execCommand("copy");
  }
}

export default { render };
