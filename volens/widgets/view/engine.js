// The engine in the browser: answers the rules that volens/widgets/engine.py compiled, as
// volens/reasoning does in Python. A test compares the two, step by step.
// Answers are 0 (not met), 1 (unclear), 2 (met), or null where no finding applies.

const ENGINE_WORDS = ["not met", "unclear", "met"];
const ENGINE_ANSWERS = ["no", "unclear", "yes"];
const ENGINE_DISPUTED = "legal standard disputed";
const ENGINE_ASPECTS = ["stated", "viable", "pursued"];
const ASPECT_WORDS = { stated: "stated", viable: "borne out", pursued: "pursued" };
const OTHER_TITLES = "other-titles";

// The value of an element: it is met or not.
function inWords(value) {
  return value === null ? "does not apply" : ENGINE_WORDS[value];
}

// The answer to a question of fact: yes or no, as volens/reasoning/questions.py says it.
function answerInWords(value) {
  return value === null ? "does not apply" : ENGINE_ANSWERS[value];
}

function inNumbers(word) {
  const number = ENGINE_WORDS.indexOf(word);
  return number < 0 ? null : number;
}

// ---------------------------------------------------------------- what counts as found

// The last day whose knowledge counts; empty for all that is known.
function knowledgeDay(engine, { act, known_on, legal_test }) {
  if (legal_test !== "reasonable belief") return known_on;
  const begins = engine.acts.find((one) => one.id === act).begins;
  return known_on && known_on < begins ? known_on : begins;
}

function stoodThen(one, base, act, day) {
  const known = day ? one.known.find(([until]) => day < until) : undefined;
  return known ? known[1] : (one.byAct[act] ?? base);
}

function ownNote(own, on = "") {
  const evidence = sentence(own.evidence);
  return evidence ? `Your answer${on}: ${evidence}` : `Your answer${on}, still without evidence.`;
}

function aimThen(aim, act, day, own) {
  const stood = stoodThen(aim, aim.stood, act, day);
  const given = ENGINE_ASPECTS.filter((aspect) => own[`aim ${aim.id} ${aspect}`]);
  const mine = (aspect) => own[`aim ${aim.id} ${aspect}`];
  const values = ENGINE_ASPECTS.map((aspect, place) => (mine(aspect) ? inNumbers(mine(aspect).value) : stood[place]));
  if (!given.length) return { values, why: stood[3], note: stood[4] };
  const notes = given.map((aspect) => ownNote(mine(aspect), ` on whether it was ${ASPECT_WORDS[aspect]}`));
  if (given.length < ENGINE_ASPECTS.length) notes.push(`On the record: ${stood[4]}`);
  const why = given.map((aspect) => mine(aspect).why).find(Boolean) ?? stood[3];
  return { values, why, note: notes.join(" ") };
}

// Fact to { value, why, note }, in the order in which the engine looks at them; and the facts
// on which more became known later.
function answersOf(engine, settings, own = {}) {
  const { act } = settings;
  const day = knowledgeDay(engine, settings);
  const answers = {};
  const later = [];
  for (const one of engine.facts) {
    const mine = own[one.id];
    const [value, why, note] = mine
      ? [inNumbers(mine.value), mine.why, ownNote(mine)]
      : stoodThen(one, one.answer, act, day);
    answers[one.id] = { value, why, note };
    const last = one.byAct[act] ?? one.answer;
    if (!mine && (value !== last[0] || why !== last[1] || note !== last[2])) later.push(one.id);
  }
  for (const { id } of engine.leftOut) {
    answers[id] = { value: 1, why: "no evidence", note: "The case has no finding on it." };
  }
  for (const aim of engine.aims) {
    const stood = aimThen(aim, act, day, own);
    const last = aimThen(aim, act, "", own);
    ENGINE_ASPECTS.forEach((aspect, place) => {
      const value = stood.values[place];
      if (value !== last.values[place]) later.push(`aim ${aim.id} ${aspect}`);
      const why = value === 1 ? stood.why || "no evidence" : "";
      answers[`aim ${aim.id} ${aspect}`] = { value, why, note: stood.note };
    });
  }
  return { answers, later };
}

// ---------------------------------------------------------------- rules

const RULE_FACTS = new WeakMap(); // engine to the facts of each rule, found once

function ruleAnswer(engine, number, values, presume) {
  const rule = engine.rules[number];
  if (rule[0] === "fact") {
    const [, fact, negated, required, presumed] = rule;
    const value = fact in values ? values[fact] : 1;
    if (value === null) return required ? 0 : null;
    if (value === 1 && presumed && presume) return 2;
    return negated ? 2 - value : value;
  }
  if (rule[0] === "fixed") return rule[1];
  let found = null;
  for (let place = 1; place < rule.length; place += 1) {
    const value = ruleAnswer(engine, rule[place], values, presume);
    if (value === null) continue;
    if (found === null || (rule[0] === "any" ? value > found : value < found)) found = value;
  }
  return found;
}

function ruleFacts(engine, number) {
  if (!RULE_FACTS.has(engine)) RULE_FACTS.set(engine, new Map());
  const known = RULE_FACTS.get(engine);
  if (!known.has(number)) {
    const rule = engine.rules[number];
    const parts = rule[0] === "all" || rule[0] === "any" ? rule.slice(1) : [];
    const found = rule[0] === "fact" ? [rule[1]] : parts.flatMap((part) => [...ruleFacts(engine, part)]);
    known.set(number, new Set(found));
  }
  return known.get(number);
}

// The facts that by themselves have the answer that the rule has.
function ruleDeciding(engine, number, values, wanted) {
  const rule = engine.rules[number];
  if (rule[0] === "fixed") return [];
  if (rule[0] === "fact") return ruleAnswer(engine, number, values, false) === wanted ? [rule[1]] : [];
  return [...new Set(rule.slice(1).flatMap((part) => ruleDeciding(engine, part, values, wanted)))];
}

// Why a part of the rule stays open whatever is found; empty where none does.
function ruleOpenForGood(engine, number) {
  const rule = engine.rules[number];
  if (rule[0] === "fact") return "";
  if (rule[0] === "fixed") return rule[1] === 1 ? rule[2] : "";
  for (const part of rule.slice(1)) {
    const why = ruleOpenForGood(engine, part);
    if (why) return why;
  }
  return "";
}

// ---------------------------------------------------------------- the walk

function settleElement(engine, key, number, answers, values, burden) {
  const found = ruleAnswer(engine, number, values, false);
  if (found !== 1) return { value: found, found, settledBy: "", why: "" };
  const forGood = ruleOpenForGood(engine, number);
  const whys = new Set([forGood]);
  for (const fact of ruleFacts(engine, number)) if (values[fact] === 1) whys.add(answers[fact].why);
  const why = [ENGINE_DISPUTED, "conflicting evidence"].find((one) => whys.has(one)) ?? "no evidence";
  if (ruleAnswer(engine, number, values, true) === 2) return { value: 2, found, settledBy: "presumption", why };
  // A burden settles facts: neither the law, nor what the case was never asked.
  if (why === ENGINE_DISPUTED || forGood) return { value: 1, found, settledBy: "", why };
  if (burden === "intervener") return { value: 0, found, settledBy: "burden", why };
  if (burden === "complainant" && key !== OTHER_TITLES) return { value: 2, found, settledBy: "burden", why };
  return { value: 1, found, settledBy: "", why };
}

function reasonOf(engine, reasons, key, { value, found }, notes) {
  const because = notes.length ? notes[0] : "Nothing in the record bears on it.";
  if (key in reasons) {
    const outcome = { 2: "satisfied", 0: "not satisfied" }[value] ?? "open";
    return reasons[key].replaceAll("{outcome}", () => outcome).replaceAll("{because}", () => because);
  }
  if (found === 2 && notes.length) return `${engine.elements.find((one) => one.id === key).means} ${because}`;
  return because;
}

// The lowest confidence among answers of the record; empty where that is high, or there is none.
function sureness(engine, facts, own) {
  const held = engine.facts.filter((one) => facts.includes(one.id) && !own[one.id]).map((one) => one.confidence);
  for (const aim of engine.aims) {
    const asked = ENGINE_ASPECTS.map((aspect) => `aim ${aim.id} ${aspect}`);
    if (asked.some((fact) => facts.includes(fact) && !own[fact])) held.push(aim.confidence);
  }
  return ["low", "medium"].find((one) => held.includes(one)) ?? "";
}

function stepOf(engine, reasons, key, number, { answers, values, order, own }, burden) {
  const settled = settleElement(engine, key, number, answers, values, burden);
  const looksAt = ruleFacts(engine, number);
  const deciding = ruleDeciding(engine, number, values, settled.found);
  return {
    element: key,
    ...settled,
    reason: reasonOf(engine, reasons, key, settled, deciding.map((fact) => answers[fact].note)),
    findings: order.filter((fact) => looksAt.has(fact)),
    deciding,
    confidence: sureness(engine, deciding, own),
  };
}

function verdictOf(consent, other) {
  const applied = consent.filter((value) => value !== null);
  const byConsent = applied.length ? Math.min(...applied) : 1;
  if (byConsent === 2) return ["lawful", "consent"];
  if (other === 2) return ["lawful", "other title"];
  if (byConsent === 0 && (other === 0 || other === null)) return ["unlawful", "none"];
  return ["undetermined", "open"];
}

// Whether the findings do not give the verdict without the burden.
function followsFromBurden(verdict, steps) {
  const found = steps.map((step) => (step.settledBy === "burden" ? step.found : step.value));
  return verdict !== "undetermined" && verdictOf(found.slice(0, -1), found.at(-1))[0] !== verdict;
}

// Whether a fact gives a verdict through a title of which the engine does not ask every element.
function throughOther({ steps }, { fact, verdict }) {
  const [consent, other] = [steps.slice(0, -1), steps.at(-1)];
  return verdict === "lawful" && other.findings.includes(fact) && !consent.some((step) => step.findings.includes(fact));
}

// What is asked: the position, the inviter test in force, and the numbers of the rules.
function planOf(engine, settings) {
  const position = engine.positions.find((one) => one.id === settings.position);
  const test = engine.tests.find((one) => one.id === (settings.inviter_test || position.test));
  return { position, test, ...engine.plans[`${position.id}|${test.id}|${settings.mixed_purposes}`] };
}

function groundOf(engine, settings, own) {
  const { answers, later } = answersOf(engine, settings, own);
  const order = Object.keys(answers);
  const values = Object.fromEntries(order.map((fact) => [fact, answers[fact].value]));
  return { answers, later, order, values, own };
}

function judge(engine, settings, own = {}) {
  const ground = groundOf(engine, settings, own);
  const plan = planOf(engine, settings);
  const reasons = { ...plan.position.reasons, ...plan.test.reasons };
  const walk = (key, number) => stepOf(engine, reasons, key, number, ground, settings.burden);
  const consent = plan.consent.map(([key, number]) => walk(key, number));
  const other = walk(OTHER_TITLES, plan.other);
  const [verdict, title] = verdictOf(consent.map((step) => step.value), other.value);
  const asked = new Set(plan.consent.map(([key]) => key));
  // Beside the title, the reasons of a bar to consent have no place, and no burden settles.
  const beside = Object.fromEntries(Object.entries(reasons).filter(([key]) => !asked.has(key)));
  const bears = [...plan.consent.map(([, number]) => number), plan.other].map((number) => ruleFacts(engine, number));
  return {
    verdict,
    title,
    steps: [...consent, other],
    fromBurden: followsFromBurden(verdict, [...consent, other]),
    parallel: plan.parallel.map(([key, number]) => stepOf(engine, beside, key, number, ground, "none")),
    open: ground.order.filter((fact) => ground.values[fact] === 1 && bears.some((facts) => facts.has(fact))),
    later: ground.later,
    inviterTest: plan.test.id,
    answers: ground.answers,
  };
}

// The single changes of fact that would give another verdict.
function pivotal(engine, settings, own = {}) {
  const { answers, order, values } = groundOf(engine, settings, own);
  const plan = planOf(engine, settings);
  const rules = [...plan.consent, [OTHER_TITLES, plan.other]];
  const ask = ([key, number], now) => settleElement(engine, key, number, answers, now, settings.burden).value;
  const base = rules.map((rule) => ask(rule, values));
  const [before] = verdictOf(base.slice(0, -1), base.at(-1));
  const found = [];
  for (const fact of order) {
    if (values[fact] === null) continue;
    const touched = rules.map(([, number]) => ruleFacts(engine, number).has(fact));
    if (!touched.includes(true)) continue;
    for (const value of [0, 2]) {
      if (values[fact] === value) continue;
      const now = { ...values, [fact]: value };
      const changed = rules.map((rule, place) => (touched[place] ? ask(rule, now) : base[place]));
      const [verdict] = verdictOf(changed.slice(0, -1), changed.at(-1));
      if (verdict !== before) found.push({ fact, value, verdict });
    }
  }
  return found;
}

const CLASHES = {
  "consent-withdrawn":
    "No request and no treaty is found here, yet consent was withdrawn. That fits only if consent " +
    "was given in another way, for instance tacitly, which is disputed: say so in your evidence.",
  "request-before-arrival":
    "These answers cannot be true together: no request was made and no treaty covers the case, " +
    "yet a request came before the troops.",
};

// In words, which answers in force do not go together without more.
function clashes(answers) {
  const value = (fact) => answers[fact]?.value;
  if (value("ad-hoc-request") !== 0 || value("treaty-clause-covers") !== 0) return [];
  return Object.keys(CLASHES).filter((fact) => value(fact) === 2).map((fact) => CLASHES[fact]);
}
