// What a weighing board says, apart from how it is drawn: what cells lack, where they conflict,
// which constraints they meet, on what the verdict hinges, how each position reads them.
// The texts are those of volens/weighing; a test compares them. engine.js stands before this.

const OWN = "own: ";
const SHORT = { supports: "+ supports", tension: "× in tension", depends: "? depends", "not engaged": "○ not engaged" };
const ANSWERS = ["no", "unclear", "yes"];
const EMPTY_CELL = { stance: "", reason: "", hinge: "", source: "" };

// ---------------------------------------------------------------- what the cells say

function places(content) {
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

function ownWordsOf(text) {
  return oneLine(text.startsWith(OWN) ? text.slice(OWN.length) : text);
}

function lacks(content, entry) {
  const words = wordCount(entry.reason);
  const reason = words ? `a reason of ${someWords(words)} (${content.words} are needed)` : "no reason";
  return [words < content.words ? reason : "", ownWordsOf(entry.hinge) ? "" : "no hinge"].filter(Boolean);
}

function someWords(count) {
  return count === 1 ? "1 word" : `${count} words`;
}

// How far a reason is from long enough, while it is written.
function reasonSoFar(content, text) {
  const count = wordCount(text);
  const more = content.words - count;
  if (more <= 0) return `${someWords(count)}: enough.`;
  const left = `${more} more ${more === 1 ? "is" : "are"} needed.`;
  return count ? `${someWords(count)}; ${left}` : `No word yet; ${content.words} are needed.`;
}

// The same lacks in as few words as a cell has room for, and the source with them.
function missing(content, entry) {
  const count = wordCount(entry.reason);
  return [
    count ? (count < content.words ? "reason too short" : "") : "no reason yet",
    ownWordsOf(entry.hinge) ? "" : "no hinge",
    ownWordsOf(entry.source) ? "" : "no source",
  ].filter(Boolean);
}

function unsupported(content, cells) {
  return named(content, cells).flatMap(({ purpose, principle, entry }) => {
    const lacking = lacks(content, entry);
    return lacking.length ? [`${purpose.name} and ${principle.inline}: ${lacking.join(" and ")}.`] : [];
  });
}

function unsourced(content, cells) {
  return named(content, cells)
    .filter(({ entry }) => !ownWordsOf(entry.source))
    .map(({ purpose, principle }) => `${purpose.name} and ${principle.inline}: no source.`);
}

function conflicts(content, cells) {
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
      { stance: entry.stance, reason: entry.reason, hinge: entry.hinge, source: entry.source },
    ]),
  );
}

// ---------------------------------------------------------------- the case, judged on a view

function viewOf(content, id) {
  return content.views.find((one) => one.id === id);
}

function answered(number) {
  return number === null ? "it does not arise" : ANSWERS[number];
}

function saidOf({ value, why }) {
  return why ? `${answered(value)}, ${why}` : answered(value);
}

function actName(content, value) {
  return content.engine.acts.find((one) => one.id === value.act).name;
}

// What the engine makes of the case on a view, with the student's own findings for the act in it.
function judgedOn(content, value, position, findings) {
  const { engine } = content;
  const own = findings[value.act || "shared"] ?? {};
  const settings = {
    act: value.act, position, inviter_test: value.inviter_test,
    burden: "none", mixed_purposes: "all", known_on: "", legal_test: "objective",
  };
  return {
    content, value, settings, own,
    view: viewOf(content, position),
    opinion: judge(engine, settings, own),
    record: answersOf(engine, settings).answers,
  };
}

// Fact to what becomes of the verdict if it alone were answered otherwise.
function flipsOf({ content, settings, own }) {
  const flips = {};
  for (const { fact, value, verdict } of pivotal(content.engine, settings, own)) {
    (flips[fact] ??= []).push(`if ${answered(value)}, ${verdict}`);
  }
  return flips;
}

function verdictLine({ content, value, view, opinion, own }) {
  const mine = Object.keys(own).length ? "; with your own findings" : "";
  const test = content.tests.find((one) => one.id === opinion.inviterTest);
  return `${opinion.verdict} (${content.texts.titles[opinion.title]}), on this view as stipulated here; judged: ${actName(content, value)}; who may invite: ${test.called}; ${view.settings}${mine}.`;
}

function outcome(content, step) {
  return `${content.engine.names[step.element]}: ${inWords(step.value)}${remarks(step)}`;
}

function gateLine(content, step) {
  const word = inWords(step.value);
  return `${content.texts.signs[word]} ${word}${remarks(step)}: ${content.engine.names[step.element]}`;
}

function remarks(step) {
  const why = step.value === 1 ? `, ${step.why}` : "";
  return step.settledBy === "presumption" ? `${why}, presumed` : why;
}

function ownSaid(own) {
  return `Changed by you in the consent test: ${saidOf({ value: inNumbers(own.value), why: own.why })}.`;
}

function onRecord(judged, fact) {
  const { confidence } = judged.content.engine.facts.find((one) => one.id === fact);
  const sure = confidence === "high" ? "" : `, confidence: ${confidence}`;
  const said = `(On the record: ${saidOf(judged.record[fact])}${sure}.)`;
  return judged.own[fact] ? `${said} ${ownSaid(judged.own[fact])}` : said;
}

function questionOf(content, fact) {
  const { facts, leftOut, aims } = content.engine;
  const found = [...facts, ...leftOut].find((one) => one.id === fact);
  if (found) return found.question;
  const aim = aims.find((one) => fact.startsWith(`aim ${one.id} `));
  return aim.questions[ENGINE_ASPECTS.indexOf(fact.split(" ").at(-1))];
}

// ---------------------------------------------------------------- what follows

function point(lead, text) {
  return { lead, text };
}

function locksMet(content, value) {
  const view = viewOf(content, value.position);
  return content.principles.flatMap((q) => {
    const { reach, why } = view.standings[q.id];
    const strained = named(content, value.cells).filter((c) => c.principle === q && c.entry.stance === "tension");
    if (!content.texts.locked.includes(reach) || !strained.length) return [];
    const names = list(strained.map((c) => c.purpose.inline));
    return [point(q.name, `in tension with ${names}. ${why} ${content.texts.can[reach]}`)];
  });
}

function changedPoints(judged) {
  const { facts, aims } = judged.content.engine;
  const known = [...facts.map((one) => one.id), ...aims.flatMap((one) => ENGINE_ASPECTS.map((aspect) => `aim ${one.id} ${aspect}`))];
  return [
    ...known
      .filter((fact) => judged.own[fact])
      .map((fact) => point("", `${questionOf(judged.content, fact)} (On the record: ${saidOf(judged.record[fact])}.) ${ownSaid(judged.own[fact])}`)),
    ...clashes(judged.opinion.answers).map((one) => point("To be looked at together", one)),
  ];
}

function effectOf({ content, opinion }, flips, fact) {
  const names = (steps) => list(steps.map((step) => `"${content.engine.names[step.element]}"`));
  const asks = (steps) => steps.filter((step) => step.findings.includes(fact));
  if (flips[fact]) return alone(flips[fact]);
  if (asks(opinion.steps).length) return `This view asks it, under ${names(asks(opinion.steps))}. Alone it changes nothing.`;
  if (asks(opinion.parallel).length) return `This view asks it beside the title, under ${names(asks(opinion.parallel))}: it changes no verdict.`;
  return content.texts.inviterFacts.includes(fact) ? content.texts.neither : "This view does not ask it.";
}

function alone(effects) {
  return `Alone it changes the verdict: ${effects.join("; ")}.`;
}

function hingePoints(judged) {
  const { content, value, opinion } = judged;
  const flips = flipsOf(judged);
  const byFinding = new Map();
  const byWords = new Map();
  for (const { purpose, principle, entry } of named(content, value.cells)) {
    const words = ownWordsOf(entry.hinge);
    if (!words) continue;
    const drawer = entry.hinge.startsWith(OWN) ? byWords : byFinding;
    const key = drawer === byWords ? words : entry.hinge;
    drawer.set(key, [...(drawer.get(key) ?? []), `${purpose.inline} and ${principle.inline}`]);
  }
  const points = [point("Verdict", verdictLine(judged))];
  const { undetermined, noCell } = content.texts;
  points.push(point("", opinion.verdict === "undetermined" ? `${undetermined} ${noCell}` : noCell));
  for (const { id, question } of content.engine.facts) {
    if (!byFinding.has(id)) continue;
    points.push(point("Your hinge", `${question} ${onRecord(judged, id)} ${effectOf(judged, flips, id)} Named by: ${list(byFinding.get(id))}.`));
  }
  for (const [words, cells] of byWords) {
    points.push(point("Your hinge", `${sentence(words)} In your own words, so the engine cannot test it. Named by: ${list(cells)}.`));
  }
  for (const [fact, effects] of Object.entries(flips)) {
    if (!byFinding.has(fact)) points.push(point(content.texts.unnamed, `${questionOf(content, fact)} ${alone(effects)}`));
  }
  return points;
}

function stanceOn(content, view, place, entry) {
  const { label } = content.stances.find((one) => one.id === entry.stance);
  const given = content.defaults[place];
  const elsewhere = given.views.length && !given.views.includes(view.id);
  return elsewhere && entry.stance === given.stance ? `${label}; the course's default, for other views` : label;
}

function hereOf(judged, principle, reach) {
  const { content, opinion } = judged;
  if (reach === "title") return ` Here ${content.texts.titles[opinion.title]}.`;
  if (!content.texts.locked.includes(reach)) return "";
  const wanted = content.texts.here[principle] ?? [];
  const steps = (reach === "beside" ? opinion.parallel : [...opinion.steps, ...opinion.parallel]).filter((step) => wanted.includes(step.element));
  return steps.length ? ` Here: ${steps.map((step) => outcome(content, step)).join("; ")}.` : "";
}

function rowOf(judged, purpose) {
  const { content, view, opinion } = judged;
  if (view.rows[purpose] || !view.asksAims) return view.rows[purpose] ?? "";
  if (!content.engine.aims.some((aim) => aim.id === purpose)) {
    return "The record of this case does not have it among the aims that were stated.";
  }
  const said = ENGINE_ASPECTS.map((aspect, at) => `${content.texts.aimWords[at]}: ${answered(opinion.answers[`aim ${purpose} ${aspect}`].value)}`);
  return `${said.join("; ")}.`;
}

function readingPoints(judged) {
  const { content, value, view } = judged;
  const all = named(content, value.cells);
  const { buckets } = content.texts;
  const points = [point("Verdict", verdictLine(judged))];
  for (const bucket of new Set(Object.values(buckets))) {
    for (const q of content.principles) {
      const { reach, why } = view.standings[q.id];
      const mine = all.filter((c) => c.principle === q);
      if (buckets[reach] !== bucket || !mine.length) continue;
      const cells = list(mine.map((c) => `${c.purpose.inline} (${stanceOn(content, view, c.place, c.entry)})`));
      points.push(point(bucket, `${q.name}, for ${cells}. ${why}${hereOf(judged, q.id, reach)}`));
    }
  }
  points.push(point("Aims", view.aims));
  for (const purpose of new Set(all.map((c) => c.purpose))) {
    const said = rowOf(judged, purpose.id);
    if (said) points.push(point("Aims", `${purpose.name}. ${said}`));
  }
  return points;
}

function compareText(content, cells) {
  const { many } = content.texts;
  const weighed = [...new Set(named(content, cells).map((c) => c.purpose))];
  const others = content.others
    .map((other) => ({ title: other.title, shared: weighed.filter((p) => other.aims.includes(p.id)).map((p) => p.inline) }))
    .sort((one, two) => two.shared.length - one.shared.length);
  const near = others.filter((one) => one.shared.length).slice(0, many);
  const ask = "Would you write the same cells with the States exchanged? Open the board for ";
  if (!near.length) return `${ask}${others.slice(0, many).map((one) => one.title).join("; ")}.`;
  const said = near.map(({ title, shared }) => `${title}, where ${list(shared)} ${shared.length === 1 ? "was" : "were"} stated too`);
  return `${ask}${said.join("; ")}. Where you would differ, the difference needs a reason.`;
}

function sections(content, value, findings = {}) {
  const { names, bias, critique } = content.texts;
  const section = (id, points) => ({ id, title: names[id][0], points, none: names[id][1] });
  const plain = (lines) => lines.map((line) => point("", line));
  const found = [];
  const own = Object.keys(findings).length > 0;
  const mine = value.position ? judgedOn(content, value, value.position, findings) : null;
  if (mine) found.push(section("locks", locksMet(content, value)));
  if (mine && own) found.push(section("changed", changedPoints(mine)));
  found.push(
    section("conflicts", plain(conflicts(content, value.cells))),
    section("lacking", plain(unsupported(content, value.cells))),
    section("unsourced", plain(unsourced(content, value.cells))),
  );
  if (mine) {
    found.push(section("hinges", hingePoints(mine)));
    for (const view of content.views) {
      const judged = view.id === value.position ? mine : judgedOn(content, value, view.id, findings);
      const yours = view.id === value.position ? ", your position" : "";
      found.push({ id: `reading ${view.id}`, title: `Read on ${view.called}${yours}`, points: readingPoints(judged), none: "" });
    }
  }
  found.push(section("compare", plain([compareText(content, value.cells)])), section("caution", plain([bias, critique])));
  return found;
}

function stand(content, value) {
  return value.position ? viewOf(content, value.position).stand : ["Position: [to be chosen]", content.texts.first];
}

function precondition(content, value, findings = {}) {
  const { consent } = content.texts;
  if (!value.position) return { first: consent, judged: "", gates: [], after: "" };
  const judged = judgedOn(content, value, value.position, findings);
  const gates = judged.opinion.steps.filter((step) => content.gates.includes(step.element));
  const count = (number) => gates.filter((step) => step.value === number).length;
  const said = count(0) ? content.texts.shut : content.texts.ajar;
  const many = count(0) || count(1);
  return {
    first: consent,
    judged: `On ${judged.view.called}, for ${actName(content, value).replace(/^The /, "the ")}:`,
    gates: gates.map((step) => gateLine(content, step)),
    after: many ? said[many > 1 ? 1 : 0] : "",
  };
}

// The cells that another board of the student, for another case, fills otherwise.
function differences(content, cells, title, others) {
  const labelOf = (entry) => content.stances.find((one) => one.id === entry.stance)?.label;
  return named(content, cells)
    .filter(({ place, entry }) => labelOf(others[place] ?? {}) && others[place].stance !== entry.stance)
    .map(({ place, purpose, principle, entry }) => `${purpose.name} and ${principle.inline}: here ${labelOf(entry)}, on your board for ${title} ${labelOf(others[place])}. Which finding makes the difference?`);
}

// ---------------------------------------------------------------- the memo

function whyOf(judged, entry) {
  const reason = sentence(entry.reason) || "[reason to be given]";
  if (!ownWordsOf(entry.hinge)) return `${reason} [hinge to be named]`;
  if (entry.hinge.startsWith(OWN)) return `${reason} It turns on this: ${sentence(entry.hinge.slice(OWN.length))}`;
  return `${reason} It turns on this: ${questionOf(judged.content, entry.hinge)} ${onRecord(judged, entry.hinge)}`;
}

function groundText(content, id) {
  const [label, badge] = content.grounds[id];
  return badge ? `${label} (${badge})` : label;
}

// The same in a list of claims, over which it stands once that they are claims.
function claimText(content, id) {
  const [label, badges] = content.grounds[id];
  const others = badges.split("; ").filter((one) => one !== content.texts.claimed);
  return others.length ? `${label} (${others.join("; ")})` : label;
}

function briefly(content, id) {
  return content.grounds[id][2];
}

function sourceOf(content, entry) {
  if (!ownWordsOf(entry.source)) return "[source to be named]";
  if (entry.source.startsWith(OWN)) return `Source: ${sentence(entry.source.slice(OWN.length))}`;
  return `Source: ${sentence(groundText(content, entry.source))}`;
}

function memo(content, value, findings = {}) {
  const lines = [`# Weighing the reasons: ${content.caseTitle}`];
  const { first, judged: on, gates, after } = precondition(content, value, findings);
  const consent = [first, on, gates.map((gate) => `- ${gate}`).join("\n"), after].filter(Boolean);
  for (const line of [...stand(content, value), ...consent]) lines.push("", line);
  const seen = value.position ? findings : {};
  const judged = judgedOn(content, value, value.position || content.views[0].id, seen);
  let last = null;
  for (const { purpose, principle, entry } of named(content, value.cells)) {
    if (purpose !== last) lines.push("", `## ${purpose.name}`, "");
    last = purpose;
    const stance = content.stances.find((one) => one.id === entry.stance);
    lines.push(`- It ${stance.sentence} ${principle.inline}. ${whyOf(judged, entry)} ${sourceOf(content, entry)}`);
  }
  const { notInMemo, bias } = content.texts;
  for (const { id, title, points } of sections(content, value, findings)) {
    if (points.length && !notInMemo.includes(id)) lines.push("", `## ${title}`, "", ...points.map(({ lead, text }) => (lead ? `- ${lead}: ${text}` : `- ${text}`)));
  }
  lines.push("", `Note: ${bias[0].toLowerCase()}${bias.slice(1)}`);
  return `${lines.join("\n")}\n`;
}

// ---------------------------------------------------------------- what comes from elsewhere

function empty(content) {
  return { schema: "volens/weighing-board", version: 2, case: content.case, position: "", inviter_test: "", act: "", cells: {} };
}

// The first version kept the cells alone, or beside the case.
function upgrade(content, data) {
  if (data === null || typeof data !== "object" || Array.isArray(data) || "schema" in data) return data;
  const cells = "cells" in data ? data.cells : data;
  const known = new Set(places(content));
  const looksRight = cells !== null && typeof cells === "object" && Object.keys(cells).some((place) => known.has(place));
  if (!looksRight) return data;
  return { ...empty(content), version: 1, case: data.case ?? content.case, cells };
}

// What came from a file or from this browser: only what the board knows; each thing left out is counted.
function sound(content, value) {
  const known = new Set(places(content));
  const stances = new Set(content.stances.map((one) => one.id));
  const facts = new Set(content.engine.facts.map((one) => one.id));
  let lost = 0;
  const among = (ids, found) => {
    if (found === undefined || found === "") return "";
    if (ids.includes(found)) return found;
    lost += 1;
    return "";
  };
  const text = (found, fits) => {
    if (found === undefined) return "";
    if (typeof found === "string" && fits(found)) return found;
    lost += 1;
    return "";
  };
  const cells = {};
  const given = value.cells !== null && typeof value.cells === "object" ? value.cells : {};
  for (const [place, cell] of Object.entries(given)) {
    if (!known.has(place) || !stances.has(cell?.stance)) {
      lost += 1;
      continue;
    }
    cells[place] = {
      stance: cell.stance,
      reason: text(cell.reason, () => true),
      hinge: text(cell.hinge, (id) => !id || facts.has(id) || id.startsWith(OWN)),
      source: text(cell.source, (id) => !id || id in content.grounds || id.startsWith(OWN)),
    };
  }
  return {
    value: {
      ...empty(content),
      position: among(content.views.map((one) => one.id), value.position),
      inviter_test: among(content.tests.map((one) => one.id), value.inviter_test),
      act: among(content.engine.acts.map((one) => one.id), value.act),
      cells: ordered(content, cells),
    },
    lost,
  };
}

// The student's own findings, as the consent test holds them: only what the case knows.
function soundFindings(content, findings) {
  const { acts, facts, aims } = content.engine;
  const known = new Set([...facts.map((one) => one.id), ...aims.flatMap((one) => ENGINE_ASPECTS.map((aspect) => `aim ${one.id} ${aspect}`))]);
  const kept = {};
  for (const [act, own] of Object.entries(findings ?? {})) {
    if (act !== "shared" && !acts.some((one) => one.id === act && act)) continue;
    const entries = Object.entries(own ?? {}).filter(
      ([fact, one]) => known.has(fact) && [...ENGINE_WORDS, "does not apply"].includes(one?.value) && [one.why, one.evidence].every((part) => typeof part === "string"),
    );
    if (entries.length) kept[act] = Object.fromEntries(entries);
  }
  return kept;
}

function howMany(cells) {
  const count = Object.keys(cells).length;
  return count === 1 ? "1 cell" : `${count} cells`;
}

function howMuch(content, value) {
  if (!value.position) return howMany(value.cells);
  return `${viewOf(content, value.position).called} as position, ${howMany(value.cells)}`;
}
