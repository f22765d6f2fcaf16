// The page of a job while it runs: the server tells how far it is; what bears `data-live` is fetched anew when something
// happened. Where the stream cannot be had, the page looks again by itself every ten seconds.
"use strict";

const AGAIN_MS = 10_000;
const PAUSE_MS = 1_000;

class Watch {
  constructor(mark) {
    this.mark = mark;
    this.events = Number(mark.dataset.events);
    this.fetching = null;
    this.again = false;
    this.stale = false;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.start()));
    document.addEventListener("focusout", () => this.stale && this.renew());
    this.start();
  }

  start() {
    if (this.finished || this.source) return;
    this.source = new EventSource(this.mark.dataset.url);
    this.source.onopen = () => {
      this.say("live");
      if (this.stale) this.renew();
    };
    this.source.onmessage = (message) => this.hear(JSON.parse(message.data));
    this.source.onerror = () => {
      if (this.source && this.source.readyState === EventSource.CLOSED) this.poll();
      else this.say("connecting again…");
    };
  }

  rest() {
    if (this.source) this.source.close();
    this.source = null;
    clearTimeout(this.timer);
  }

  poll() {
    this.rest();
    if (this.finished) return;
    this.say("looks again every 10 seconds");
    this.timer = setTimeout(() => this.renew().then(() => this.start()), AGAIN_MS);
  }

  say(words) {
    this.mark.textContent = `· ${words}`;
    this.mark.hidden = false;
  }

  hear(stands) {
    document.getElementById("progress").value = stands.progress;
    const told = `${stands.progress}%${stands.message ? ` · ${stands.message}` : ""}`;
    const place = document.getElementById("told");
    if (place.textContent !== told) place.textContent = told;
    if (stands.finished) {
      this.finished = true;
      this.rest();
      this.mark.hidden = true;
    }
    if (stands.events !== this.events) {
      this.events = stands.events;
      this.renew();
    }
  }

  // At most one fetch a second, and one after the last thing that happened.
  renew() {
    this.stale = true;
    if (this.fetching) {
      this.again = true;
      return this.fetching;
    }
    this.again = false;
    this.fetching = this.fetch().finally(() => {
      setTimeout(() => {
        this.fetching = null;
        if (this.again) this.renew();
      }, PAUSE_MS);
    });
    return this.fetching;
  }

  async fetch() {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.redirected) this.say("you are signed out: load the page again");
      else if (answer.ok) this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // No network; once the stream is there again the page looks again too.
    }
  }

  show(fresh) {
    this.stale = false;
    for (const part of document.querySelectorAll("[data-live]")) {
      const other = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (!other || textOf(part) === textOf(other)) continue;
      if (part.contains(document.activeElement) || isTouched(part)) this.stale = true;
      else replace(part, other);
    }
    const mark = fresh.getElementById("live");
    if (mark) this.events = Math.max(this.events, Number(mark.dataset.events));
    else this.finished = true;
  }
}

// Without the tokens of its forms, which differ each time.
function textOf(part) {
  return part.outerHTML.replaceAll(/value="[A-Za-z0-9]{64}"/g, "");
}

function isTouched(part) {
  return [...part.querySelectorAll("input[type=text], textarea")].some((field) => field.value !== field.defaultValue);
}

function replace(part, other) {
  const open = new Set([...part.querySelectorAll("details[open][data-key]")].map((one) => one.dataset.key));
  for (const one of other.querySelectorAll("details[data-key]")) one.open ||= open.has(one.dataset.key);
  part.replaceWith(document.adoptNode(other));
}

document.addEventListener("DOMContentLoaded", () => {
  const mark = document.getElementById("live");
  if (mark) new Watch(mark);
});
