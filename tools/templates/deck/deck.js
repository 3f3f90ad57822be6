// Arrows, Page Up and Page Down first scroll a long slide, then turn to the next one.
const step = (way) => {
  const slide = Reveal.getCurrentSlide();
  const before = slide.scrollTop;
  slide.scrollBy({ top: way * 0.8 * slide.clientHeight, behavior: "instant" });
  if (Math.abs(slide.scrollTop - before) < 2) way > 0 ? Reveal.next() : Reveal.prev();
};
for (const slide of document.querySelectorAll(".slides > section > section")) {
  slide.tabIndex = 0;
  slide.dataset.preventSwipe = "";
}
Reveal.initialize({
  plugins: [RevealNotes],
  disableLayout: true,
  center: false,
  hash: true,
  navigationMode: "linear",
  scrollActivationWidth: null,
  slideNumber: "c/t",
  transition: "none",
  backgroundTransition: "none",
  keyboard: { 33: () => step(-1), 34: () => step(1), 38: () => step(-1), 40: () => step(1) },
  // What opens and closes on a slide keeps its own keys.
  keyboardCondition: (event) =>
    !(event.target.closest("summary, a, button") && [" ", "Enter"].includes(event.key)),
});
// Slides are texts to read: a screen reader keeps its own keys for them.
Reveal.on("ready", () => document.querySelector(".reveal").removeAttribute("role"));
