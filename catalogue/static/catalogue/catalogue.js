// Search while typing, and copy buttons. Everything works without this file too; the server sends escaped HTML.
(function () {
    "use strict";

    const PAUSE = 200;

    function follow(form) {
        const results = document.querySelector("[data-results]");
        const told = document.querySelector("[data-told]");
        const input = form.elements.q;
        let timer = 0;
        let asked = null;

        async function search() {
            const wish = new URLSearchParams(new FormData(form));
            const shown = wish.get("q") ? wish : new URLSearchParams([...wish].filter(([key]) => key !== "q"));
            const address = location.pathname + (shown.size ? "?" + shown : "");
            wish.set("fragment", "1");
            if (asked) asked.abort();
            asked = new AbortController();
            results.setAttribute("aria-busy", "true");
            try {
                const answer = await fetch(location.pathname + "?" + wish, { signal: asked.signal });
                // Signed out meanwhile: the page itself says so.
                if (answer.redirected || !answer.ok) return void location.assign(address);
                results.innerHTML = await answer.text();
                history.replaceState(null, "", address);
                const count = results.querySelector("[data-count]");
                told.textContent = count ? count.dataset.count : "";
            } catch (problem) {
                if (problem.name === "AbortError") return;
                told.textContent = "The search did not answer. Press Enter to try again.";
            }
            results.removeAttribute("aria-busy");
        }

        input.addEventListener("input", function () {
            clearTimeout(timer);
            timer = setTimeout(search, PAUSE);
        });
        document.addEventListener("keydown", function (event) {
            const typing = event.target.closest("input, textarea, select, [contenteditable]");
            if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
            event.preventDefault();
            input.focus();
            input.select();
        });
    }

    function offerCopy(button) {
        const command = button.parentElement.querySelector("code");
        if (!navigator.clipboard) return;
        button.hidden = false;
        button.addEventListener("click", async function () {
            await navigator.clipboard.writeText(command.textContent);
            button.textContent = "Copied";
            setTimeout(function () { button.textContent = "Copy"; }, 2000);
        });
    }

    document.querySelectorAll("[data-search]").forEach(follow);
    document.querySelectorAll("[data-copy]").forEach(offerCopy);
    // On a phone the filters would push the skills out of sight.
    if (matchMedia("(max-width: 48rem)").matches) {
        document.querySelectorAll("details.filters").forEach(function (one) { one.open = false; });
    }
})();
