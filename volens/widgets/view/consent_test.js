// The consent test: what is asked, how doubt is treated, the walk, and the opinion so far.
// engine.js, before it, judges; the text of the opinion is that of volens/widgets/consent_test.py;
// a test compares them.

const VALUE_SIGNS = { met: "✓", "not met": "✗", unclear: "?", "does not apply": "–" };
const VERDICT_SIGNS = { lawful: "✓", unlawful: "✗", undetermined: "?" };
const RECORD = "record";
const DOUBTS =
  "Doubt about a fact, doubt about the law, and the burden of showing a fact are three things. " +
  "Each has controls of its own, and none stands in for another.";
const CONSEQUENCES = "Each has consequences of its own.";
const YES_AND_MET =
  "A question of fact is answered yes or no; an element of the test is met or not met. " +
  'A "yes" may be a reason against the act.';
const BURDEN_MEANS =
  "Says who bears the risk when a fact stays open. It proves nothing, and never settles a dispute of law. " +
  "By what standard of proof the record finds a fact is not set here. An inviter test may also presume " +
  "something for the government in office, and that holds under every burden.";
const MISTAKE =
  "Whether an honest and reasonable mistake about consent helps the intervener is a question of law that this setting does not answer.";
const AIMS_MEAN = "No work read says how many aims must hold; each rule here is our stipulation.";
const NONE_LEFT_OPEN = 
  "Undetermined is a result: on this view, with these settings, the record does not decide, or the law it needs is disputed.";

// ---------------------------------------------------------------- what the entries say

function settingsOf(value) {
  return { ...value.standard, act: value.act, position: value.position, inviter_test: value.inviter_test };
}

function placeOf(value) {
  return value.act || "shared";
}

function ownOf(value) {
  return value.findings[placeOf(value)] ?? {};
}

// Every fact that can be answered, in the order of the case, with its question.
function factsOf(content) {
  return [
    ...content.facts.map((one) => ({ id: one.id, question: one.question, aim: false })),
    ...content.aims.flatMap((aim) =>
      aim.questions.map((question, place) => ({ id: `aim ${aim.id} ${ENGINE_ASPECTS[place]}`, question, aim: true })),
    ),
  ];
}

function questionOf(content, fact) {
  const all = [...factsOf(content), ...content.leftOut];
  return all.find((one) => one.id === fact).question;
}

function countOf(value) {
  return Object.values(value.findings).reduce((sum, own) => sum + Object.keys(own).length, 0);
}

function ordered(content, findings) {
  const facts = factsOf(content).map((one) => one.id);
  const acts = content.acts.map((one) => one.id || "shared");
  const kept = acts.map((act) => [act, facts.filter((fact) => findings[act]?.[fact]).map((fact) => [fact, findings[act][fact]])]);
  return Object.fromEntries(kept.filter(([, own]) => own.length).map(([act, own]) => [act, Object.fromEntries(own)]));
}

function empty(content) {
  return {
    schema: "volens/consent-test",
    version: 1,
    case: content.case,
    act: content.acts[0].id,
    position: "",
    inviter_test: "",
    standard: { burden: "none", mixed_purposes: "all", known_on: "", legal_test: "objective" },
    findings: {},
  };
}

// What came from a file or from this browser: only what the test knows.
function sound(content, value) {
  const base = empty(content);
  let lost = 0;
  const keep = (found, known, otherwise) => {
    if (found === undefined || known.includes(found)) return found ?? otherwise;
    lost += 1;
    return otherwise;
  };
  const ids = (all) => all.map((one) => one.id);
  const standard = value.standard ?? {};
  const day = standard.known_on ?? "";
  const isDay = typeof day === "string" && (day === "" || (/^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))));
  if (!isDay) lost += 1;
  const facts = factsOf(content);
  const acts = content.acts.map((one) => one.id || "shared");
  const findings = {};
  for (const [act, own] of Object.entries(value.findings ?? {})) {
    for (const [fact, one] of Object.entries(own ?? {})) {
      const known = facts.find((each) => each.id === fact);
      const rightWhy = one?.value === "unclear" ? content.whys.includes(one.why) : !one?.why;
      const rightValue = one?.value in VALUE_SIGNS && !(known?.aim && one.value === "does not apply");
      if (!acts.includes(act) || !known || !rightValue || !rightWhy) {
        lost += 1;
        continue;
      }
      const evidence = typeof one.evidence === "string" ? one.evidence : "";
      (findings[act] ??= {})[fact] = { value: one.value, why: one.why ?? "", evidence };
    }
  }
  const sane = {
    ...base,
    act: keep(value.act, ids(content.acts), base.act),
    position: keep(value.position, ["", ...ids(content.positions)], ""),
    inviter_test: keep(value.inviter_test, ["", ...ids(content.tests)], ""),
    standard: {
      burden: keep(standard.burden, ids(content.burdens), "none"),
      mixed_purposes: keep(standard.mixed_purposes, ids(content.mixed), "all"),
      known_on: isDay ? day : "",
      legal_test: keep(standard.legal_test, ids(content.legalTests), "objective"),
    },
    findings: ordered(content, findings),
  };
  return { value: sane, lost };
}

// ---------------------------------------------------------------- the opinion in words

function named(one) {
  return `"${one.name}" (${one.ref})`;
}

function subject(content, act) {
  const one = content.acts.find((each) => each.id === act);
  return !act && content.acts.length === 1 ? content.caseTitle : `${content.caseTitle}, ${one.name.replace(/^The /, "the ")}`;
}

function standardInWords(content, { burden, mixed_purposes, known_on, legal_test }, purpose) {
  const day = known_on ? `what was known on ${known_on}` : "all that is known";
  const knowledge = legal_test === "reasonable belief" ? "what was known when the act began" : day;
  const asked = purpose ? `${content.words.burdens[burden]}, ${content.words.mixed[mixed_purposes]}` : content.words.burdens[burden];
  return `${asked}, ${knowledge}`;
}

// What "met" says of an element on the chosen position.
function meansOn({ positions }, element, chosen) {
  return positions.find((one) => one.id === chosen)?.means[element.id] ?? element.means;
}

function signOf(value) {
  return VALUE_SIGNS[inWords(value)];
}

// An answer to a question of fact, and why it is so.
function saidOf({ value, why }) {
  return why ? `${answerInWords(value)}, ${why}` : answerInWords(value);
}

function ownInWords({ value, why }) {
  return saidOf({ value: inNumbers(value), why });
}

function outcomeOf(step) {
  const sure = step.confidence ? `, confidence: ${step.confidence}` : "";
  if (step.settledBy) return `${inWords(step.value)} by a ${step.settledBy}; ${inWords(step.found)} on the record, ${step.why}${sure}`;
  return step.why ? `${inWords(step.value)}, ${step.why}${sure}` : `${inWords(step.value)}${sure}`;
}

function givenLine(content, fact, one, record) {
  const evidence = sentence(one.evidence);
  const rests = evidence ? `It rests on this: ${evidence}` : "Still without evidence.";
  return `${questionOf(content, fact)} Yours: ${ownInWords(one)}. ${rests} On the record: ${saidOf(record[fact])}.`;
}

function sidesOf(content, value) {
  const own = ownOf(value);
  return content.positions.map((position) => {
    const settings = { ...settingsOf(value), position: position.id };
    const now = judge(content, settings, own);
    const record = Object.keys(own).length ? judge(content, settings) : now;
    const test = content.tests.find((one) => one.id === now.inviterTest);
    return { position, test, now: now.verdict, record: record.verdict };
  });
}

// What would change the verdict, with the words for the verdict then.
function flipsOf(content, settings, own, found) {
  return pivotal(content, settings, own).map((one) => ({ ...one, then: throughOther(found, one) ? content.words.ifShown : one.verdict }));
}

function burdenOf(content, { fromBurden }) {
  return fromBurden ? ` ${content.words.fromBurden}` : "";
}

function firstLine(content, value, found) {
  const { position, test } = planOf(content, settingsOf(value));
  const standard = standardInWords(content, value.standard, position.purpose);
  return `${subject(content, value.act)}. On ${named(position)}, with ${named(test)} as inviter test, ${standard}: ${found.verdict}.${burdenOf(content, found)}`;
}

function text(content, value) {
  const settings = settingsOf(value);
  const own = ownOf(value);
  const lines = [];
  const section = (heading, found) => found.length && lines.push("", heading, ...found.map((line) => `- ${line}`));
  const asLine = (step) => `${content.names[step.element]}: ${outcomeOf(step)}. ${step.reason}`;
  if (value.position) {
    const found = judge(content, settings, own);
    lines.push(
      firstLine(content, value, found),
      `${content.words.stipulated} ${content.words.titles[found.title]} ${content.words.titleMeans} ${content.words.metMeans}`,
      "",
      ...found.steps.map(asLine),
    );
    section(`${content.words.beside}\n${content.words.besideMeans}`, found.parallel.map(asLine));
    const flips = flipsOf(content, settings, own, found);
    section(
      "Facts that alone would change the verdict",
      flips.map((one) => `${questionOf(content, one.fact)} If ${answerInWords(one.value)}: ${one.then}.`),
    );
    section("Open, and bearing on the verdict", found.open.map((fact) => questionOf(content, fact)));
    section("What became known later", found.later.map((fact) => questionOf(content, fact)));
  } else lines.push(`${subject(content, value.act)}. ${content.words.notChosen}`);
  const record = answersOf(content, settings).answers;
  section("Answers to look at together", clashes(answersOf(content, settings, own).answers));
  section("Your own answers", Object.entries(own).map(([fact, one]) => givenLine(content, fact, one, record)));
  section(
    "The positions side by side",
    sidesOf(content, value).map(
      (one) => `${named(one.position)}, with ${named(one.test)}: ${one.now}; on the record alone: ${one.record}.`,
    ),
  );
  return `${lines.join("\n")}\n`;
}

// What the student has of their own, without the walk.
function own(content, value) {
  const settings = settingsOf(value);
  const given = ownOf(value);
  const record = answersOf(content, settings).answers;
  const lines = value.position ? outcomeLines(content, value) : [`${subject(content, value.act)}. ${content.words.notChosen}`];
  const answers = Object.entries(given).map(([fact, one]) => `- ${givenLine(content, fact, one, record)}`);
  lines.push("", "Your own answers", ...(answers.length ? answers : ["- None yet: every answer is the record's."]));
  return `${lines.join("\n")}\n`;
}

function outcomeLines(content, value) {
  const settings = settingsOf(value);
  const given = ownOf(value);
  const found = judge(content, settings, given);
  const deciding = flipsOf(content, settings, given, found).filter((one) => found.open.includes(one.fact));
  const words = deciding.map((one) => `- ${questionOf(content, one.fact)} If ${answerInWords(one.value)}: ${one.then}.`);
  return [firstLine(content, value, found), "", "Open, and each alone would change the verdict", ...(words.length ? words : ["- No open fact alone would."])];
}

// ---------------------------------------------------------------- parts of the screen

function grouped(flips) {
  const found = {};
  for (const one of flips) (found[one.fact] ??= []).push(one);
  return found;
}

function ifSo({ value, then }) {
  return `If ${signOf(value)} ${answerInWords(value)}: ${then}.`;
}

// A part that is filled when it opens: at once, since a toggle event comes later than the next key.
function folding(summary, body, attributes, fill) {
  const details = make("details", { ...attributes, ontoggle: fill }, summary, body);
  summary.addEventListener("click", (event) => {
    event.preventDefault();
    details.open = !details.open;
    fill();
  });
  return details;
}

function lawOf(content, one) {
  const items = one.authorities.map((key) => {
    const { label, says, read } = content.authorities[key];
    return make("li", {}, make("strong", {}, `${label}: `), `${says} `, make("span", { class: "v-badge" }, `own text read: ${read}`));
  });
  const count = items.length === 1 ? "1 authority" : `${items.length} authorities`;
  return make("details", { class: "ct-law" }, make("summary", {}, `The law: ${count}`), make("ul", {}, ...items));
}

function rests(content, id) {
  const { rows, sources } = content.restsOn[id];
  const count = rows.length + sources.length;
  if (!count) return make("p", { class: "ct-says" }, "No row and no source is linked.");
  const sourceOf = (key) => content.sources[key];
  const body = make("ul", { class: "v-sources" });
  const summary = make("summary", {}, `What the record rests on: ${count === 1 ? "1 place" : `${count} places`}`);
  const details = folding(summary, body, {}, () => fill());
  function fill() {
    if (!details.open || body.children.length) return;
    body.append(
      ...rows.map((place) => make("li", {}, content.rows[place].text, references(content.rows[place].sources.map(sourceOf)))),
      ...sources.map((key) => reference(sourceOf(key))),
    );
  }
  return details;
}

function group(kind, name, says, ...controls) {
  return make(
    "div",
    { class: "ct-group", role: "group", "aria-label": `${kind}: ${name}` },
    make("h2", {}, make("span", { class: "ct-kind", "data-kind": kind }, kind), ` ${name}`),
    make("p", { class: "ct-says" }, says),
    ...controls,
  );
}

function sureOf({ confidence }) {
  return `Confidence of the record: ${confidence}.`;
}

// What is asked: an act, a position, and who may speak for the State.
function askPart(content, put) {
  const act = choice("Act", content.acts.map((one) => ({ id: one.id, name: capital(one.name) })), (id) => put({ act: id }));
  const position = choice(
    "Position",
    [{ id: "", name: "Choose a position" }, ...content.positions.map((one) => ({ id: one.id, name: one.name }))],
    (id) => put({ position: id }),
  );
  const test = choice(
    "Inviter test: who may speak for the State",
    [{ id: "", name: "As the position presupposes" }, ...content.tests.map((one) => ({ id: one.id, name: one.name }))],
    (id) => put({ inviter_test: id }),
  );
  const [actSays, thesis, testThesis] = [make("p", {}), make("p", {}), make("p", {})];
  const ask = make(
    "div",
    { class: "ct-ask" },
    make("div", {}, act.line, actSays),
    make("div", {}, position.line, thesis),
    make("div", {}, test.line, testThesis),
  );

  function show(value) {
    act.select.value = value.act;
    position.select.value = value.position;
    test.select.value = value.inviter_test;
    write(actSays, content.acts.find((one) => one.id === value.act).what);
    const view = content.positions.find((one) => one.id === value.position);
    write(thesis, view ? `As stipulated here: ${view.thesis}` : "");
    const speaks = content.tests.find((one) => one.id === (value.inviter_test || view?.test));
    const presupposed = value.inviter_test ? "" : "This position presupposes: ";
    write(testThesis, speaks ? `${presupposed}${value.inviter_test ? "" : `${speaks.name}. `}${speaks.thesis}` : "");
  }

  return { node: ask, show };
}

// How doubt is treated: what may be known, the law on it, and who bears an open fact.
function doubtPart(content, known, set) {
  const stops = [...content.days, ""];
  const dayText = make("p", { class: "ct-day" });
  const dayNote = make("p", { class: "v-note" });
  const slider = make("input", {
    type: "range",
    id: fresh(),
    min: "0",
    max: String(stops.length - 1),
    oninput: () => set({ known_on: stops[Number(slider.value)] }, "day"),
  });
  const earlier = button("Earlier date", () => move(-1));
  const later = button("Later date", () => move(1));
  const becameKnown = make("ul", {});
  const changed = make("details", {}, make("summary", {}), becameKnown);

  function stopOf(day) {
    if (!day) return stops.length - 1;
    const place = content.days.findLastIndex((one) => one <= day);
    return Math.max(0, place);
  }

  function move(by) {
    const place = stopOf(known()) + by;
    if (place >= 0 && place < stops.length) set({ known_on: stops[place] });
  }

  const burden = radios("Who loses by an open fact?", content.burdens, (id) => set({ burden: id }));
  const mixed = radios(make("span", {}, "If several aims were stated, which must hold? ", make("span", { class: "ct-value" }, AIMS_MEAN)), content.mixed, (id) => set({ mixed_purposes: id }));
  const legalTest = radios("Judged by what?", content.legalTests, (id) => set({ legal_test: id }));
  const mixedNote = make("p", { class: "v-note" });
  const knowledge = content.days.length
    ? [
        make("label", { for: slider.id, class: "ct-label" }, "The last day whose knowledge counts"),
        dayText,
        slider,
        make("div", { class: "v-buttons" }, earlier, later),
        make("p", { class: "ct-says" }, "The buttons and the slider go through the dates on which more became known."),
        changed,
      ]
    : [make("p", {}, "The record of this case does not say what was known when: all that is known counts.")];
  const settingsWords = make("span", {});
  const settings = make(
    "details",
    { class: "ct-settings" },
    make("summary", {}, make("strong", {}, "How doubt is treated: "), settingsWords),
    make("p", {}, DOUBTS),
    make(
      "div",
      { class: "ct-groups" },
      group("Fact", "what may be known", "Leaves out what became known later. Your own answers hold on every day.", ...knowledge, dayNote),
      group("Law", "the moment that counts", "Whether an act is judged by all the evidence or by that of its first day.", legalTest.node, make("p", { class: "v-note" }, MISTAKE)),
      group("Law", "several aims", "Only a position that asks for the purpose reads this.", mixed.node, mixedNote),
      group("Burden", "open facts", BURDEN_MEANS, burden.node),
    ),
  );

  function show(value) {
    const { standard } = value;
    burden.set(standard.burden);
    mixed.set(standard.mixed_purposes);
    legalTest.set(standard.legal_test);
    const view = content.positions.find((one) => one.id === value.position);
    write(mixedNote, !view || view.purpose ? "" : `"${view.name}" does not ask for the purpose: this changes nothing here.`);
    write(settingsWords, standardInWords(content, standard, view?.purpose ?? 1));
    const place = stopOf(standard.known_on);
    const words = standard.known_on ? `What was known on ${standard.known_on}` : "All that is known";
    slider.value = String(place);
    slider.setAttribute("aria-valuetext", standard.known_on || "all that is known");
    write(dayText, words);
    earlier.setAttribute("aria-disabled", String(place === 0));
    later.setAttribute("aria-disabled", String(place === stops.length - 1));
    const day = knowledgeDay(content, settingsOf(value));
    write(dayNote, standard.legal_test === "reasonable belief" ? `By the choice beside this, no later day counts than the first of the act: ${day}.` : "");
    showChanges(standard.known_on);
  }

  function showChanges(day) {
    const facts = [
      ...content.facts.filter((one) => one.known.some(([until]) => until === day)).map((one) => one.question),
      ...content.aims.filter((one) => one.known.some(([until]) => until === day)).map((one) => `What is found of the aim "${one.name}"`),
    ];
    changed.hidden = !facts.length;
    write(changed.firstElementChild, facts.length === 1 ? "1 answer of the record changed on this day" : `${facts.length} answers of the record changed on this day`);
    if (becameKnown.textContent !== facts.join("")) becameKnown.replaceChildren(...facts.map((words) => make("li", {}, words)));
  }

  return { node: settings, show };
}

// The opinion so far: the verdict, what would change it, and the student's own answers.
function opinionPart(content, questions, { reveal, toRecord }) {
  const verdictLine = make("p", { class: "ct-verdict" });
  const onWhat = make("p", {});
  const titleLine = make("p", {});
  const clash = make("div", {});
  const pivots = make("ul", { class: "ct-list" });
  const pivotsHead = make("p", {});
  const open = make("details", {}, make("summary", {}), make("ul", { class: "ct-list" }));
  const laterKnown = make("details", {}, make("summary", {}), make("ul", { class: "ct-list" }));
  const yours = make("ul", { class: "ct-list" });
  const yoursHead = make("h3", {});
  const back = button("Return all to the record", () => {
    toRecord();
    heading.focus();
  });
  const heading = make("h2", { tabindex: "-1" }, "The opinion so far");
  const opinion = make(
    "div",
    { class: "ct-opinion" },
    heading,
    verdictLine,
    onWhat,
    titleLine,
    clash,
    make("h3", {}, "What would decide it"),
    pivotsHead,
    pivots,
    open,
    laterKnown,
    yoursHead,
    yours,
    back,
  );
  const bar = make("p", { class: "ct-bar", "aria-hidden": "true" });

  function showVerdict(found, plan) {
    write(verdictLine, `${VERDICT_SIGNS[found.verdict]} ${found.verdict}`);
    verdictLine.dataset.verdict = found.verdict;
    write(bar, `${VERDICT_SIGNS[found.verdict]} ${found.verdict} on "${plan.position.name}"`);
    bar.dataset.verdict = found.verdict;
    write(onWhat, `On the position ${named(plan.position)}, with ${named(plan.test)} as inviter test, as stipulated here, on these findings.`);
    const note = found.verdict === "undetermined" ? ` ${NONE_LEFT_OPEN}` : "";
    const burden = burdenOf(content, found).trimStart();
    write(titleLine, `${burden && `${burden} `}${content.words.titles[found.title]} ${content.words.titleMeans}${note}`);
  }

  function showLists(value, found, flips, record) {
    const byFact = grouped(flips);
    const facts = Object.keys(byFact);
    const count = facts.length === 1 ? "One fact alone would change the verdict:" : `${facts.length} facts, each alone, would change the verdict:`;
    write(pivotsHead, facts.length ? count : "No single fact would change the verdict.");
    lines(pivots, facts.map((fact) => ({ fact, words: `▲ ${questions[fact]} ${byFact[fact].map(ifSo).join(" ")}` })));
    fold(open, found.open, (n) => `Open, and bearing on the verdict: ${n}`);
    fold(laterKnown, found.later, (n) => `Became known later, and left out: ${n}`);
    const own = Object.entries(ownOf(value));
    write(yoursHead, own.length === 1 ? "Your answer" : "Your answers");
    yoursHead.hidden = !own.length;
    back.hidden = !own.length;
    lines(yours, own.map(([fact, one]) => ({
      fact,
      words: `${questions[fact]} Yours: ${VALUE_SIGNS[one.value]} ${ownInWords(one)}${oneLine(one.evidence) ? "" : ", still without evidence"}. On the record: ${signOf(record[fact].value)} ${saidOf(record[fact])}.`,
    })));
    const wrong = clashes(found.answers);
    if (clash.textContent !== wrong.join("")) clash.replaceChildren(...wrong.map((words) => make("p", { class: "v-notice" }, words)));
  }

  // Lines with a way to the finding; drawn anew only where they differ.
  function lines(node, items) {
    const words = JSON.stringify(items);
    if (node.dataset.words === words) return;
    const held = node.contains(document.activeElement) ? document.activeElement.dataset.fact : null;
    node.dataset.words = words;
    node.replaceChildren(...items.map(({ fact, words: said }) => {
      const go = button("Show", () => reveal(fact));
      go.dataset.fact = fact;
      go.setAttribute("aria-label", `Show: ${questions[fact]}`);
      return make("li", {}, said, " ", go);
    }));
    if (held) (node.querySelector(`[data-fact="${held}"]`) ?? heading).focus();
  }

  function fold(node, facts, summary) {
    node.hidden = !facts.length;
    write(node.firstElementChild, summary(facts.length));
    lines(node.lastElementChild, facts.map((fact) => ({ fact, words: questions[fact] })));
  }

  return { node: opinion, bar, showVerdict, showLists };
}

// The same findings and settings on every position.
function sidesPart(content) {
  const rows = content.positions.map(() => {
    const [now, record] = [make("span", {}), make("span", {})];
    const [name, test] = [make("span", {}), make("span", { class: "ct-value" })];
    const head = make("th", { scope: "row", role: "rowheader" }, name, test);
    const cell = (label, words) => make("td", { role: "cell" }, make("span", { class: "ct-narrow", "aria-hidden": "true" }, `${label}: `), words);
    return { name, test, now, record, node: make("tr", { role: "row" }, head, cell("Verdict now", now), cell("On the record alone", record)) };
  });
  const columns = ["Position and inviter test", "Verdict now", "On the record alone"].map((name) =>
    make("th", { scope: "col", role: "columnheader" }, name),
  );
  const sides = make(
    "table",
    { class: "ct-sides", role: "table" }, // said in words too: on a narrow screen its rows become blocks
    make("caption", {}, "The same findings and settings on every position, each as stipulated here. No position outweighs another."),
    make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ...columns)),
    make("tbody", { role: "rowgroup" }, ...rows.map((row) => row.node)),
  );

  function show(value) {
    sidesOf(content, value).forEach((side, place) => {
      const row = rows[place];
      const chosen = side.position.id === value.position ? " (chosen)" : "";
      write(row.name, `${side.position.name}${chosen}`);
      write(row.test, `, inviter test: ${side.test.name}`);
      write(row.now, `${VERDICT_SIGNS[side.now]} ${side.now}${side.now === side.record ? "" : " (changed by your answers)"}`);
      write(row.record, `${VERDICT_SIGNS[side.record]} ${side.record}`);
    });
  }

  return { node: sides, show };
}

// ---------------------------------------------------------------- the screen

function draw({ content, shell }) {
  const questions = Object.fromEntries([...factsOf(content), ...content.leftOut].map((one) => [one.id, one.question]));
  const now = () => shell.value();
  let last = null; // what the last drawing showed

  // Set a part of the entries, and say what becomes of the verdict.
  function put(next, edit = "", quiet = false) {
    const before = last?.verdict;
    shell.change({ ...now(), ...next }, edit);
    if (quiet || !last?.verdict) return;
    const after = last.verdict;
    shell.say(before && before !== after ? `The verdict is now: ${after}. Before: ${before}.` : `The verdict: ${after}.`, true);
  }

  const setStandard = (part, edit) => put({ standard: { ...now().standard, ...part } }, edit);

  function setOwn(fact, part, edit = "", quiet = false) {
    const own = { ...ownOf(now()) };
    if (part === null) delete own[fact];
    else {
      const one = { value: "", why: "", evidence: "", ...own[fact], ...part };
      one.why = one.value === "unclear" ? one.why || content.whys[0] : "";
      own[fact] = one;
    }
    const findings = ordered(content, { ...now().findings, [placeOf(now())]: own });
    put({ findings }, edit, quiet);
  }

  function toRecord() {
    const { [placeOf(now())]: gone, ...rest } = now().findings;
    put({ findings: rest });
  }

  const asks = askPart(content, put);
  const doubt = doubtPart(content, () => now().standard.known_on, setStandard);
  const opinion = opinionPart(content, questions, { reveal, toRecord });
  const sides = sidesPart(content);

  // --- the walk

  const steps = {};
  for (const one of content.elements) steps[one.id] = stepBlock(one);
  const walk = make("ol", { class: "ct-steps" });
  const beside = make("ol", { class: "ct-steps" });
  const notAsked = make("details", {}, make("summary", {}, "Not asked on this position"), make("ul", {}));
  const legend = make("p", { class: "v-note" }, `Signs: ✓ met or yes, ✗ not met or no, ? unclear, – does not apply, ▲ would change the verdict. ${YES_AND_MET} ${content.words.metMeans}`);

  function stepBlock(one) {
    const sign = make("span", { class: "ct-sign", "aria-hidden": "true" });
    const value = make("span", { class: "ct-value" });
    const reason = make("p", {});
    const rest = make("span", {}); // a screen reader hears the element with it; the eye sees it above
    const summary = make("summary", {}, rest, make("span", { class: "ct-hidden" }, `: ${one.name}`));
    const body = make("div", { class: "ct-body" });
    const means = make("p", { class: "ct-says" });
    const here = make("p", { class: "ct-here" }); // the verdict, where the answer is given
    const details = folding(summary, body, {}, () => toggle());
    const node = make("li", {}, make("h3", {}, sign, make("span", {}, ` ${one.name}: `), value), reason, details);
    const parts = new Map();
    let shown = "";

    // Only an open step has its findings on the page.
    function build(step) {
      if (!details.open) {
        if (shown) body.replaceChildren();
        shown = "";
        parts.clear();
        return;
      }
      const wanted = step.findings.join();
      if (shown === `${one.id} ${wanted}`) return;
      shown = `${one.id} ${wanted}`;
      parts.clear();
      const cards = cardsOf(step.findings, parts);
      body.replaceChildren(
        make("p", {}, one.question),
        means,
        ...(cards.length ? cards : [make("p", {}, "No finding of this case bears on it.")]),
        here,
        lawOf(content, one),
      );
    }

    function toggle() {
      if (!last?.found) return;
      const step = last.byElement[one.id];
      if (step) update(step, last);
    }

    function update(step, state) {
      const word = inWords(step.value);
      write(sign, VALUE_SIGNS[word]);
      sign.dataset.value = word;
      write(value, outcomeOf(step));
      write(reason, step.reason);
      const mine = step.findings.filter((fact) => state.own[fact]).length;
      const turning = step.findings.filter((fact) => state.flips[fact]).length;
      const extra = [mine && `${mine} yours`, turning && `▲ ${turning} would change the verdict`].filter(Boolean);
      const count = step.findings.length === 1 ? "1 finding" : `${step.findings.length} findings`;
      write(rest, `Law and ${count}${extra.length ? ` (${extra.join("; ")})` : ""}`);
      write(means, `Met means: ${meansOn(content, one, now().position)}`);
      write(here, `The opinion so far: ${VERDICT_SIGNS[state.verdict]} ${state.verdict}.`);
      build(step);
      parts.forEach((part) => part.update(state));
    }

    return { node, update, details, parts };
  }

  // A card for each finding, and one for each aim with all that is asked of it.
  function cardsOf(facts, parts) {
    const cards = [];
    for (const one of content.facts.filter((each) => facts.includes(each.id))) {
      const part = factPart(one.id, false, `${sureOf(one)}${one.contested ? ` Contested by: ${one.contested.replace(/\.+$/, "")}.` : ""}`);
      parts.set(one.id, part);
      cards.push(make("div", { class: "ct-card" }, make("h4", {}, one.question), ...part.nodes, rests(content, one.id)));
    }
    for (const one of content.leftOut.filter((each) => facts.includes(each.id))) {
      const says = make("p", {}, "On the record: ? unclear, no evidence. The case has no finding on it.");
      cards.push(make("div", { class: "ct-card" }, make("h4", {}, one.question), says));
    }
    for (const aim of content.aims) {
      const asked = ENGINE_ASPECTS.map((aspect) => `aim ${aim.id} ${aspect}`).filter((fact) => facts.includes(fact));
      if (asked.length) cards.push(aimCard(aim, asked, parts));
    }
    return cards;
  }

  // An aim opens by itself: three questions for each of seven aims would bury the step.
  function aimCard(aim, asked, parts) {
    const said = make("span", {});
    const note = make("p", {});
    const body = make("div", {});
    const summary = make("summary", {}, make("strong", {}, `The aim "${aim.name}": `), said);
    const node = folding(summary, body, { class: "ct-card" }, build);

    function build() {
      if (!node.open || body.children.length) return;
      const mine = asked.map((fact) => factPart(fact, true));
      asked.forEach((fact, place) => parts.set(fact, mine[place]));
      body.append(note, make("p", { class: "ct-says" }, sureOf(aim)), rests(content, aim.id), ...mine.flatMap((part) => part.nodes));
      mine.forEach((part) => part.update(last));
    }

    function update({ own, record, flips, found }) {
      const count = (all, words) => (all.length ? [`${all.length} ${words}`] : []);
      const values = asked.map((fact) => {
        const { value } = found.answers[fact];
        return `${ASPECT_WORDS[fact.split(" ").at(-1)]}: ${signOf(value)} ${answerInWords(value)}`;
      });
      const marks = [...count(asked.filter((fact) => own[fact]), "yours"), ...asked.some((fact) => flips[fact]) ? ["▲ would change the verdict"] : []];
      write(said, [values.join(", "), ...marks].join("; "));
      write(note, `On the record: ${record[asked[0]].note}`);
    }

    const open = () => {
      node.open = true;
      build();
    };
    parts.set(`aim ${aim.id}`, { update });
    asked.forEach((fact) => parts.set(fact, { update: () => {}, open }));
    return node;
  }

  // One question: what the record says, what would change, and the student's own answer.
  function factPart(fact, isAspect, sure = "") {
    const badge = make("span", { class: "v-badge ct-yours", hidden: true }, "yours");
    const says = make("p", {});
    const mark = make("p", { class: "ct-pivot", hidden: true });
    const options = ["met", "not met", "unclear", ...(isAspect ? [] : ["does not apply"])];
    const legend = isAspect
      ? make("span", {}, questions[fact], " ", badge)
      : make("span", {}, "Your answer", make("span", { class: "ct-hidden" }, `: ${questions[fact]}`), " ", badge);
    const answers = radios(
      legend,
      [{ id: RECORD, name: "the record's answer" }, ...options.map((word) => ({ id: word, name: `${VALUE_SIGNS[word]} ${answerInWords(inNumbers(word))}` }))],
      (word) => setOwn(fact, word === RECORD ? null : { value: word }),
    );
    const why = choice("Why is it unclear?", content.whys.map((one) => ({ id: one, name: one })), (word) => setOwn(fact, { why: word }));
    const evidence = make("textarea", {
      id: `${why.select.id}-e`,
      rows: "2",
      oninput: () => setOwn(fact, { evidence: evidence.value }, `evidence ${placeOf(now())} ${fact}`, true),
    });
    const grounds = make("p", {}, make("label", { for: evidence.id, class: "ct-label" }, "What your answer rests on"), evidence);
    const own = make("div", { class: "ct-own", hidden: true }, why.line, grounds);
    answers.node.append(own);

    function update({ own: given, record, flips }) {
      const mine = given[fact];
      const said = record[fact];
      const note = isAspect ? "" : ` ${said.note}`;
      write(says, `On the record: ${signOf(said.value)} ${saidOf(said)}.${note}`);
      badge.hidden = !mine;
      own.hidden = !mine;
      answers.set(mine?.value ?? RECORD);
      why.line.hidden = mine?.value !== "unclear";
      if (mine) {
        why.select.value = mine.why || content.whys[0];
        if (evidence.value !== mine.evidence) evidence.value = mine.evidence;
      }
      mark.hidden = !flips[fact];
      if (flips[fact]) write(mark, `▲ Would change the verdict. ${flips[fact].map(ifSo).join(" ")}`);
    }

    const nodes = isAspect ? [answers.node] : [says, make("p", { class: "ct-says" }, sure), mark, answers.node];
    if (isAspect) answers.node.querySelector("legend").after(says, mark);
    return { nodes, update, focus: () => Object.values(answers.inputs).find((input) => input.checked).focus() };
  }

  // Open the step in which a finding counts, and go to it.
  function reveal(fact) {
    const found = [...last.found.steps, ...last.found.parallel].find((step) => step.findings.includes(fact));
    if (!found) {
      shell.say("No step on this position looks at it.", true);
      return;
    }
    const step = steps[found.element];
    step.details.open = true;
    step.update(found, last);
    step.parts.get(fact)?.open?.();
    const part = step.parts.get(fact);
    if (part) part.focus();
    else step.details.firstElementChild.focus();
    step.node.scrollIntoView?.({ block: "nearest" });
  }

  // --- all together

  const first = make(
    "div",
    { class: "v-notice" },
    make("p", {}, "Choose a position first. A verdict holds on one position; there is none that holds on all. The positions as stipulated here, that is, as this course defines them:"),
    make("ul", {}, ...content.positions.map((one) => make("li", {}, make("strong", {}, `${one.name} (${one.ref}): `), one.thesis))),
  );
  const main = make(
    "div",
    { class: "ct-main", hidden: true },
    opinion.node,
    opinion.bar,
    make(
      "div",
      { class: "ct-walk" },
      ...[make("h2", {}, "The walk"), legend, walk, notAsked],
      ...[make("h2", {}, content.words.beside), make("p", {}, `${content.words.besideMeans} ${CONSEQUENCES}`), beside],
    ),
  );
  const compared = make("div", { hidden: true }, make("h2", {}, "The positions side by side"), sides.node);

  function arrange(found, plan) {
    const order = JSON.stringify([found.steps, found.parallel].map((part) => part.map((step) => step.element)));
    if (walk.dataset.order === order + plan.position.id) return;
    walk.dataset.order = order + plan.position.id;
    walk.replaceChildren(...found.steps.map((step) => steps[step.element].node));
    beside.replaceChildren(...found.parallel.map((step) => steps[step.element].node));
    const asked = new Set([...found.steps, ...found.parallel].map((step) => step.element));
    const why = Object.entries(plan.position.reasons).filter(([key, words]) => !asked.has(key) && !words.includes("{"));
    notAsked.hidden = !why.length;
    notAsked.lastElementChild.replaceChildren(...why.map(([key, words]) => make("li", {}, make("strong", {}, `${content.names[key]}: `), words)));
  }

  function refresh(value) {
    asks.show(value);
    doubt.show(value);
    const chosen = value.position !== "";
    first.hidden = chosen;
    doubt.node.hidden = main.hidden = compared.hidden = !chosen;
    if (chosen) {
      const asked = settingsOf(value);
      const own = ownOf(value);
      const found = judge(content, asked, own);
      const plan = planOf(content, asked);
      const flips = flipsOf(content, asked, own, found);
      const record = answersOf(content, asked).answers;
      const all = [...found.steps, ...found.parallel];
      last = { verdict: found.verdict, found, own, record, flips: grouped(flips), byElement: Object.fromEntries(all.map((step) => [step.element, step])) };
      opinion.showVerdict(found, plan);
      opinion.showLists(value, found, flips, record);
      arrange(found, plan);
      all.forEach((step) => steps[step.element].update(step, last));
      sides.show(value);
    } else last = null;
    window.dispatchEvent(new CustomEvent("volens-findings", { detail: { case: content.case, findings: value.findings } }));
  }

  // What a step back or forth changed, in words.
  function place(before, after) {
    for (const [key, name] of [["act", "act"], ["position", "position"], ["inviter_test", "inviter test"]]) {
      if (before[key] !== after[key]) return name;
    }
    if (!same(before.standard, after.standard)) return "how doubt is treated";
    const fact = factsOf(content).find((one) =>
      content.acts.some(({ id }) => !same(before.findings[id || "shared"]?.[one.id] ?? 0, after.findings[id || "shared"]?.[one.id] ?? 0)),
    );
    return fact ? fact.question.replace(/[?.]$/, "") : "";
  }

  return { body: [asks.node, first, shell.status, doubt.node, main, compared], refresh, place };
}

const WIDGET = {
  variable: "consent_test",
  noun: "consent test",
  empty,
  sound,
  howMuch: (content, value) => {
    const number = countOf(value);
    const view = content.positions.find((one) => one.id === value.position);
    return `${view ? `position "${view.name}"` : "no position"}, ${number === 1 ? "1 answer of yours" : `${number} answers of yours`}`;
  },
  text,
  own,
  draw,
};

export default { render: (context) => show(WIDGET, context) };
export { empty, own, sound, text };
