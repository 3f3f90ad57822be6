const WIDGET = {
  variable: "note",
  noun: "note",
  empty: () => ({ schema: "volens/note", version: 2, words: "" }),
  sound: (content, value) => {
    const fits = typeof value.words === "string";
    return { value: { ...WIDGET.empty(), words: fits ? value.words : "" }, lost: fits ? 0 : 1 };
  },
  howMuch: (content, value) => `${value.words.split(" ").filter(Boolean).length} words`,
  text: (content, value) => `Noted: ${value.words}`,
  draw: ({ shell }) => {
    const field = make("textarea", { id: shell.id, oninput: () => shell.change({ ...shell.value(), words: field.value }, "words") });
    const refresh = (value) => {
      if (field.value !== value.words) field.value = value.words;
      shell.say(`${value.words.length} letters`);
    };
    return { body: [make("label", { for: shell.id }, "Note"), field], refresh, place: () => "the note" };
  },
};
export default { render: (context) => show(WIDGET, context) };
