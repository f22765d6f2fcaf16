// The numbers in the sidebar of a page that stays open.
"use strict";

const COUNT_AGAIN_MS = 20_000;

async function count() {
  try {
    const answer = await fetch("/admin/counts/", { redirect: "error" });
    if (!answer.ok) return;
    for (const [link, number] of Object.entries(await answer.json())) {
      for (const badge of document.querySelectorAll(`[data-count="${CSS.escape(link)}"]`)) {
        if (badge.textContent !== number) badge.textContent = number;
      }
    }
  } catch {
    // Signed out, or no network: the old numbers stay.
  }
}

document.addEventListener("DOMContentLoaded", () => {
  if (!document.querySelector("[data-count]")) return;
  setInterval(() => document.hidden || count(), COUNT_AGAIN_MS);
  document.addEventListener("visibilitychange", () => document.hidden || count());
});
