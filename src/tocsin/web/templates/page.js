"use strict";
(() => {
  const back = document.querySelector(".back");
  let origin = null;

  const pieces = (sheet, from, to) => {
    const found = [];
    let piece = document.getElementById(`${sheet}-${from}`);
    while (piece && Number(piece.id.slice(sheet.length + 1)) < to) {
      found.push(piece);
      piece = piece.nextElementSibling;
    }
    return found;
  };

  const clear = () => {
    document.querySelectorAll(".lit, .from").forEach((element) => element.classList.remove("lit", "from"));
  };

  const show = (link) => {
    clear();
    const spans = link.dataset.spans.split(" ").map((span) => span.split("-").map(Number));
    const lit = spans.flatMap(([from, to]) => pieces(link.dataset.sheet, from, to));
    lit.forEach((piece) => piece.classList.add("lit"));
    const line = link.closest("li, tr");
    if (line) line.classList.add("from");
    origin = link;
    if (lit.length) {
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      lit[0].scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    }
    back.hidden = getComputedStyle(document.querySelector(".report")).position === "sticky" && !link.closest("table");
  };

  const home = () => {
    if (!origin) return;
    origin.scrollIntoView({ block: "center" });
    origin.focus({ preventScroll: true });
    back.hidden = true;
    clear();
    origin = null;
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.n");
    if (!link) return;
    event.preventDefault();
    show(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") home();
  });
  back.addEventListener("click", home);
})();
