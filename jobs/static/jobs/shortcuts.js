// Keys on the page of a decision. A key only goes to its button (data-key): Enter decides. `?` lists them.
"use strict";

const OFF = "guildhall-shortcuts-off";

function isTyping(element) {
  return element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
}

function goTo(target) {
  if (target.tagName === "A") {
    target.click();
    return;
  }
  const details = target.tagName === "SUMMARY" ? target.parentElement : null;
  if (details && !details.open) details.open = true;
  const field = details ? details.querySelector("textarea, input[type=text]") : null;
  (field || target).focus();
  (field || target).scrollIntoView({ block: "nearest" });
}

function prepare() {
  const dialog = document.getElementById("shortcuts");
  if (!dialog) return;
  const on = document.getElementById("shortcuts-on");
  on.checked = localStorage.getItem(OFF) === null;
  on.addEventListener("change", () => (on.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "yes")));
  document.getElementById("shortcuts-open").addEventListener("click", () => dialog.showModal());
  document.addEventListener("keydown", (event) => {
    if (!on.checked || dialog.open || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const target = event.key === "?" ? null : document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (event.key === "?") dialog.showModal();
    else if (target) goTo(target);
    else return;
    event.preventDefault();
  });
}

document.addEventListener("DOMContentLoaded", prepare);
