// What the practice explorer counts and says, apart from how it is drawn.
// Counts and sentences are those of volens/practice; a test compares them.

const CONTESTED = "contested";
const MOST = 3;
const FOREMOST = 3; // lines above the table
const AXES = ["rows", "columns"];

// ---------------------------------------------------------------- looking things up

function variableOf(content, key) {
  return content.variables.find((one) => one.id === key);
}

// The values that a variable takes in a table: a gap more where the query leaves purposes out.
function optionsOf(content, query, key) {
  const { options } = variableOf(content, key);
  const stated = key === "purpose" || key === "stated_by";
  return stated && query.low === "out" ? [...options, content.leftOut] : options;
}

function optionName(content, key, id) {
  const found = [...variableOf(content, key).options, content.leftOut].find((one) => one.id === id);
  return found.name;
}

function incidentOf(content, id) {
  return content.incidents.find((one) => one.id === id);
}

function valuesOf(content, incident, key, query) {
  const { options } = variableOf(content, key);
  if (key !== "purpose" && key !== "stated_by") {
    const at = content.variables.findIndex((one) => one.id === key);
    return incident.values[at].map((place) => options[place].id);
  }
  const claimed = claimedIn(incident, query);
  const letIn = claimed.filter(([, , confidence]) => query.low === "in" || confidence !== "low");
  if (!letIn.length) return [claimed.length ? content.leftOut.id : content.none];
  const said = new Set(letIn.map(([purpose, who]) => (key === "purpose" ? purpose : who)));
  return options.map((one) => one.id).filter((id) => said.has(id));
}

function claimedIn(incident, query) {
  return incident.stated.filter(([, who]) => !query.speakers.length || query.speakers.includes(who));
}

function only(content, incident, key) {
  return valuesOf(content, incident, key, content.start)[0];
}

// ---------------------------------------------------------------- counting

function ask(content, query) {
  const meets = (incident) =>
    Object.entries(query.filters).every(([key, allowed]) =>
      valuesOf(content, incident, key, query).some((value) => allowed.includes(value)));
  const wanted = content.incidents.filter(meets);
  const unchecked = query.unchecked === "out" ? wanted.filter((one) => only(content, one, "checked") !== "spot-checked") : [];
  const low = query.low === "out" ? wanted.filter((one) => only(content, one, "confidence") === "low") : [];
  const found = wanted.filter((one) => !unchecked.includes(one) && !low.includes(one));
  const cells = new Map([["|", []]]);
  for (const incident of found) {
    const down = ["", ...valuesOf(content, incident, query.rows, query)];
    const across = ["", ...(query.columns === "none" ? [] : valuesOf(content, incident, query.columns, query))];
    for (const row of down) {
      for (const column of across) {
        const place = `${row}|${column}`;
        if (cells.has(place)) cells.get(place).push(incident.id);
        else cells.set(place, [incident.id]);
      }
    }
  }
  const ids = (row = "", column = "") => cells.get(`${row}|${column}`) ?? [];
  const rows = optionsOf(content, query, query.rows);
  const columns = query.columns === "none" ? [] : optionsOf(content, query, query.columns);
  return {
    query,
    total: content.incidents.length,
    incidents: found,
    found: found.map((one) => one.id),
    leftOut: { "not spot-checked": unchecked.length, "low confidence": low.length },
    rows,
    columns,
    ids,
    number: (row, column) => ids(row, column).length,
    along: (axis, id) => (axis === "rows" ? ids(id) : ids("", id)),
    options: (axis) => (axis === "rows" ? rows : columns),
  };
}

function missing(table, axis) {
  const numbers = {};
  for (const option of table.options(axis)) {
    const count = table.along(axis, option.id).length;
    if (option.gap && count) numbers[option.gap] = (numbers[option.gap] ?? 0) + count;
  }
  return numbers;
}

function repeated(table, axis) {
  const seen = new Map();
  for (const option of table.options(axis)) {
    for (const id of table.along(axis, option.id)) seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  return [...seen.values()].filter((times) => times > 1).length;
}

function share(content, table, row, column) {
  const whole = {
    filter: table.number(),
    rows: column ? table.number(row) : 0,
    columns: row ? table.number("", column) : 0,
  }[table.query.share] ?? 0;
  if (whole < content.smallest) return { whole, percent: null };
  return { whole, percent: Math.floor((200 * table.number(row, column) + whole) / (2 * whole)) };
}

function statesOf(content, table) {
  const numbers = {};
  for (const id of table.found) {
    const { state } = incidentOf(content, id);
    numbers[state] = (numbers[state] ?? 0) + 1;
  }
  return Object.entries(numbers).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

function result(content, query) {
  const table = ask(content, query);
  const both = (one) => Object.fromEntries(AXES.map((axis) => [axis, one(axis)]));
  return {
    incidents: table.total,
    meeting: table.number(),
    left_out: table.leftOut,
    missing: both((axis) => missing(table, axis)),
    contested: both((axis) => table.along(axis, CONTESTED).length),
    counted_more_than_once: both((axis) => repeated(table, axis)),
    states: statesOf(content, table).length,
    rows: Object.fromEntries(table.rows.map((one) => [one.id, table.number(one.id)])),
    columns: Object.fromEntries(table.columns.map((one) => [one.id, table.number("", one.id)])),
    cells: table.columns.length
      ? Object.fromEntries(table.rows.map((row) => [
          row.id, Object.fromEntries(table.columns.map((column) => [column.id, table.number(row.id, column.id)]))]))
      : {},
  };
}

// ---------------------------------------------------------------- the entries

// The value with its result, its parts in a fixed order.
function whole(content, value) {
  const ordered = content.variables
    .filter((one) => one.filters)
    .map((one) => [one.id, one.options.map((option) => option.id).filter((id) => value.filters[one.id]?.includes(id))])
    .filter(([, values]) => values.length);
  const next = {
    schema: content.start.schema,
    version: content.start.version,
    filters: Object.fromEntries(ordered),
    speakers: content.speakers.map((one) => one.id).filter((id) => value.speakers.includes(id)),
    unchecked: value.unchecked,
    low: value.low,
    rows: value.rows,
    columns: value.columns,
    share: value.share,
    cell: cellOf(content, value),
    opened: value.opened,
  };
  return { ...next, result: result(content, next) };
}

// A cell that the table does not have (any more) stands for no cell.
function cellOf(content, value) {
  const has = (axis, id) =>
    id === "" || (value[axis] !== "none" && optionsOf(content, value, value[axis]).some((one) => one.id === id));
  const { row, column } = value.cell;
  return has("rows", row) && has("columns", column) ? { row, column } : { row: "", column: "" };
}

// What came from a file or a store: only what the explorer knows, and how many parts it did not know.
function sound(content, value) {
  let lost = 0;
  const keep = (given, known, otherwise) => {
    if (given === undefined) return otherwise;
    if (known.includes(given)) return given;
    lost += 1;
    return otherwise;
  };
  const several = (given, known) => {
    const all = Array.isArray(given) ? given : [];
    const kept = all.filter((one) => known.includes(one));
    lost += all.length - kept.length + (given !== undefined && !Array.isArray(given) ? 1 : 0);
    return kept;
  };
  const filters = {};
  const isObject = (one) => one !== null && typeof one === "object" && !Array.isArray(one);
  if (value.filters !== undefined && !isObject(value.filters)) lost += 1;
  for (const [key, values] of Object.entries(isObject(value.filters) ? value.filters : {})) {
    const variable = variableOf(content, key);
    if (variable?.filters) filters[key] = several(values, variable.options.map((one) => one.id));
    else lost += 1;
  }
  const keys = content.variables.map((one) => one.id);
  const kept = {
    filters,
    speakers: several(value.speakers, content.speakers.map((one) => one.id)),
    unchecked: keep(value.unchecked, ["in", "out"], "in"),
    low: keep(value.low, ["in", "out"], "in"),
    rows: keep(value.rows, keys, "purpose"),
    columns: keep(value.columns, ["none", ...keys], "none"),
    share: keep(value.share, content.shares.map((one) => one.id), "none"),
    opened: keep(value.opened, ["", ...content.incidents.map((one) => one.id)], ""),
  };
  const text = (one) => (typeof one === "string" ? one : "");
  const cell = { row: text(value.cell?.row), column: text(value.cell?.column) };
  const next = whole(content, { ...kept, cell });
  if (!same(next.cell, cell)) lost += 1;
  return { value: next, lost };
}

function sameQuery(one, other) {
  return ["filters", "speakers", "unchecked", "low", "rows", "columns", "share"].every((key) => same(one[key], other[key]));
}

// ---------------------------------------------------------------- in words

function quotedName(content, key) {
  return `“${variableOf(content, key).name}”`;
}

function titleOf(content, query) {
  const rows = variableOf(content, query.rows).name;
  if (query.columns === "none") return rows;
  const { name } = variableOf(content, query.columns);
  return `${rows} (rows) by ${name[0].toLowerCase()}${name.slice(1)} (columns)`;
}

function filterWords(content, key, values) {
  return `${variableOf(content, key).name}: ${values.map((id) => optionName(content, key, id)).join(" or ")}`;
}

function filterLine(content, query) {
  const said = Object.entries(query.filters).map(([key, values]) => filterWords(content, key, values));
  if (query.speakers.length) {
    const names = content.speakers.filter((one) => query.speakers.includes(one.id)).map((one) => one.name);
    said.push(`Only purposes stated by: ${names.join(" or ")}`);
  }
  if (query.unchecked === "out") said.push("Only incidents that were spot-checked");
  if (query.low === "out") said.push("Without incidents and stated purposes of low confidence");
  return said.length ? `Filter: ${said.join("; ")}.` : "Filter: none, all incidents are in.";
}

function howMany(number, noun) {
  return number === 1 ? `1 ${noun}` : `${number} ${noun}s`;
}

function total(numbers) {
  return Object.values(numbers).reduce((sum, one) => sum + one, 0);
}

function axesOf(query) {
  return query.columns === "none" ? [["rows", query.rows]] : [["rows", query.rows], ["columns", query.columns]];
}

function denominator(content, table) {
  const none = axesOf(table.query).map(([axis, key], at) =>
    `${total(missing(table, axis))}${at ? "" : " of these have no value"} for ${quotedName(content, key)}`);
  return `${table.number()} of ${table.total} incidents meet your filter; ${none.join(", ")}.`;
}

function gapLines(content, table) {
  return axesOf(table.query).flatMap(([axis, key]) => {
    const why = Object.entries(missing(table, axis)).map(([reason, count]) => `${count} ${reason}`);
    return why.length ? [`No value for ${quotedName(content, key)}: ${why.join(", ")}. They stay in the table and in the count.`] : [];
  });
}

function contestedLines(content, table) {
  const split = axesOf(table.query).filter(([, key]) => variableOf(content, key).options.some((one) => one.id === CONTESTED));
  return split.map(([axis, key]) => {
    const count = table.along(axis, CONTESTED).length;
    return `${count} ${count === 1 ? "is" : "are"} contested on ${quotedName(content, key)}: neither yes nor no, and no gap.`;
  });
}

function repeatedLines(content, table) {
  return axesOf(table.query).filter(([, key]) => variableOf(content, key).multiple).map(([axis, key]) => {
    const line = axis === "rows" ? "row" : "column";
    const count = repeated(table, axis);
    return `${quotedName(content, key)} may have several values: ${howMany(count, "incident")} ${count === 1 ? "stands" : "stand"} in more than one ${line}, so the ${line}s do not add up to ${table.number()}.`;
  });
}

function leftOutLine(table) {
  const out = Object.entries(table.leftOut).filter(([, count]) => count).map(([why, count]) => `${count} ${why}`);
  return out.length ? [`Your settings leave out, of those that meet the filter: ${out.join(", ")}.`] : [];
}

function shareLine(content, { query }) {
  if (query.share === "none") return [];
  const ofWhat = content.shares.find((one) => one.id === query.share).name;
  return [`Percentages are shares ${ofWhat}. Where that is fewer than ${content.smallest}, none is given: one incident would change it by more than ten points.`];
}

function sentences(content, table) {
  return [
    denominator(content, table),
    ...gapLines(content, table),
    ...contestedLines(content, table),
    ...repeatedLines(content, table),
    ...leftOutLine(table),
    ...coreLine(content, table),
    ...confidenceLine(content, table),
    ...purposesLine(table),
    ...statesLine(content, table),
    ...shareLine(content, table),
  ];
}

// What stands above the table, missing data first, and what folds away.
function foremost(content, table) {
  const first = [...gapLines(content, table), ...leftOutLine(table), ...repeatedLines(content, table),
    ...cautions(content, table.query), ...contestedLines(content, table)].slice(0, FOREMOST);
  const all = [...sentences(content, table).slice(1), ...cautions(content, table.query)];
  return { first, rest: all.filter((one) => !first.includes(one)) };
}

// Why the table has fewer percentages than places, in a few words.
function shareNote(content, table) {
  if (table.query.share === "none") return "";
  if (table.query.share === "rows" && !table.columns.length) return "A share of a row needs columns. Choose some.";
  const places = [...table.rows, { id: "" }].flatMap((row) => [...table.columns, { id: "" }].map((column) => [row.id, column.id]));
  const few = places.some(([row, column]) => {
    const { whole: of, percent } = share(content, table, row, column);
    return of && percent === null;
  });
  return few ? `Where the denominator is under ${content.smallest}, no percentage is shown.` : "";
}

function coreLine(content, table) {
  const core = new Set(ask(content, { ...content.start, columns: "none" }).found);
  const others = table.found.filter((id) => !core.has(id)).length;
  return others ? [`${others} of the ${table.number()} are outside the core: of the Cold War, not met, planned, or for contrast. They are for reference.`] : [];
}

function confidenceLine(content, table) {
  const of = table.found.map((id) => only(content, incidentOf(content, id), "confidence"));
  const said = variableOf(content, "confidence").options.map((one) => `${of.filter((id) => id === one.id).length} ${one.name}`);
  return of.length ? [`Confidence in these rows: ${said.join(", ")}.`] : [];
}

function purposesLine(table) {
  const { query } = table;
  const used = [query.rows, query.columns, ...Object.keys(query.filters)];
  if (!used.includes("purpose") && !used.includes("stated_by")) return [];
  const stated = table.incidents
    .flatMap((one) => claimedIn(one, query))
    .filter(([, , confidence]) => query.low === "in" || confidence !== "low");
  const low = stated.filter(([, , confidence]) => confidence === "low").length;
  return [`Behind the table: ${howMany(stated.length, "stated purpose")}, of which ${low} with low confidence.`];
}

function statesLine(content, table) {
  const states = statesOf(content, table);
  const several = states.filter(([, count]) => count > 1);
  if (!states.length) return [];
  const start = `They concern ${howMany(states.length, "State")}`;
  if (!several.length) return [`${start}, one incident each.`];
  const most = several.slice(0, MOST).map(([state, count]) => `${state} ${count}`).join(", ");
  return [`${start}; ${several.length} of these with more than one incident (most: ${most}). Incidents in one State may belong to one conflict and are then not independent. The data do not say which do.`];
}

function ofWhole(content, table, row, column) {
  const { whole: denominator, percent } = share(content, table, row, column);
  if (!denominator) return "";
  return percent === null ? `of ${denominator}` : `${percent}% of ${denominator}`;
}

function shown(content, table, row, column) {
  const of = ofWhole(content, table, row, column);
  return `${table.number(row, column)}${of && ` (${of})`}`;
}

function cellName(content, query, { row, column }) {
  const names = row ? [optionName(content, query.rows, row)] : [];
  if (column) names.push(optionName(content, query.columns, column));
  return names.map((name) => `“${name}”`).join(" and ");
}

function cautions(content, query) {
  const keys = [query.rows, query.columns, ...Object.keys(query.filters)].filter((key) => key !== "none");
  return [...new Set(keys.map((key) => variableOf(content, key).caution).filter(Boolean))];
}

function memo(content, value) {
  const table = ask(content, value);
  const { row, column } = value.cell;
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const heads = [variableOf(content, value.rows).name, ...table.columns.map((one) => one.name), "all incidents"];
  const lines = [
    `# Practice: ${titleOf(content, value)}`, "", filterLine(content, value), "",
    ...sentences(content, table).map((one) => `- ${one}`), "",
    line(heads),
    line(heads.map(() => "---")),
    ...table.rows.map((one) => line([
      one.name, ...table.columns.map((other) => shown(content, table, one.id, other.id)), shown(content, table, one.id, "")])),
    line(["all incidents", ...table.columns.map((other) => shown(content, table, "", other.id)), String(table.number())]),
  ];
  if (row || column) {
    const ids = table.ids(row, column);
    lines.push("", `## ${cellName(content, value, value.cell)}: ${howMany(ids.length, "incident")}`, "",
      ...ids.map((id) => `- ${incidentOf(content, id).title} (${id})`));
  }
  lines.push("", "## What these data cannot show", "",
    ...content.limits.map((one) => `- ${one}`), ...cautions(content, value).map((one) => `- ${one}`));
  return `${lines.join("\n")}\n`;
}
