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
    const report = document.getElementById(`${link.dataset.sheet}-report`);
    const beside = getComputedStyle(report).position === "sticky" && !link.closest("table");
    if (lit.length) reach(lit[0], beside ? report : null);
    back.hidden = beside;
  };

  // Beside the brief only the report's own column moves, so that the line stays where it is.
  const reach = (piece, column) => {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    if (column) {
      const above = piece.getBoundingClientRect().top - column.getBoundingClientRect().top;
      column.scrollBy({ top: above - column.clientHeight / 3, behavior });
    } else {
      piece.scrollIntoView({ block: "center", behavior });
    }
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
