// What unfold answers to a click alone (the person's menu, the filters, the sidebar) is a button for the keyboard too.
"use strict";

const CLICKED = [
  "a:not([href])[x-on\\:click]",
  "div.cursor-pointer[x-on\\:click]",
  "span.cursor-pointer[x-on\\:click]",
  "span.material-symbols-outlined[x-on\\:click]",
].join(",");

function press(event) {
  if (event.target !== event.currentTarget || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  event.currentTarget.click();
}

document.addEventListener("DOMContentLoaded", () => {
  for (const place of document.querySelectorAll(CLICKED)) {
    place.tabIndex = 0;
    place.setAttribute("role", "button");
    if (place.matches(".material-symbols-outlined")) place.setAttribute("aria-label", "Show or hide the sidebar");
    place.addEventListener("keydown", press);
  }
});
