// A click on a heading sorts by its column, a second one the other way; what is missing stays last.
for (const heading of document.querySelectorAll(".frame thead th")) {
  heading.addEventListener("click", () => {
    const rising = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentNode.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", rising ? "ascending" : "descending");
    const at = heading.cellIndex, text = heading.classList.contains("text");
    const key = (row) => row.cells[at].dataset.value;
    const body = heading.closest("table").tBodies[0];
    const rows = [...body.rows].sort((a, b) => {
      const x = key(a), y = key(b);
      if (x === "" || y === "") return (x === "") - (y === "");
      return (rising ? 1 : -1) * (text ? x.localeCompare(y, "en", {numeric: true}) : x - y);
    });
    body.append(...rows);
  });
}
const all = document.querySelector("#all");
if (all) all.addEventListener("change", () => {
  document.querySelector("table").classList.toggle("few", !all.checked);
});
