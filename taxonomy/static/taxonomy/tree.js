// Makes a tree (WAI-ARIA) of the list of categories: keys, dragging, search while typing. Nothing moves here: whatever
// is dropped leads to the page that shows what would move.
"use strict";

const MANY = 60; // With more categories than this only the upper ones are open at first.
const LINGER_MS = 700; // A closed branch opens when something is held over it for so long.
const KEPT = "guildhall-tree-open";

class Tree {
  constructor(list) {
    this.list = list;
    this.told = document.getElementById("tree-told");
    this.bar = document.getElementById("tree-bar");
    this.urls = document.getElementById("tree-urls").dataset;
    this.nodes = [...list.children].map((item) => ({ item, data: item.dataset, level: Number(item.dataset.level) }));
    this.held = null;
    this.words = "";
    this.connect();
    this.open = this.recall();
    this.dress();
    this.listen();
    this.show();
    this.select(this.named(location.hash) || this.nodes[0], location.hash !== "");
  }

  connect() {
    const above = [];
    for (const node of this.nodes) {
      node.children = [];
      node.parent = above[node.level - 1] || null;
      if (node.parent) node.parent.children.push(node);
      above[node.level] = node;
      node.text = `${node.data.path}\n${node.item.textContent}`.toLowerCase();
      node.movable = "movable" in node.data;
    }
  }

  recall() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
    const few = this.nodes.length <= MANY;
    return new Set(kept || this.nodes.filter((node) => few || node.level === 0).map((node) => node.data.path));
  }

  dress() {
    this.list.setAttribute("role", "tree");
    for (const { item, data, level, movable } of this.nodes) {
      item.setAttribute("role", "treeitem");
      item.setAttribute("aria-level", level + 1);
      item.setAttribute("aria-posinset", data.position || 1);
      item.setAttribute("aria-setsize", data.siblings || 1);
      item.tabIndex = -1;
      item.draggable = movable;
      for (const link of item.querySelectorAll("a")) link.tabIndex = -1;
    }
    this.bar.hidden = false;
  }

  // --- What is seen ---------------------------------------------------------------------------------------------

  show() {
    const found = new Set();
    const matching = this.words ? this.nodes.filter((node) => node.level && node.text.includes(this.words)) : [];
    for (const match of matching) for (let node = match; node; node = node.parent) found.add(node);
    for (const node of this.nodes) {
      const { item, parent, children } = node;
      const open = this.words ? children.some((child) => found.has(child)) : this.open.has(node.data.path);
      node.seen = this.words ? found.has(node) : !parent || (parent.seen && parent.isOpen);
      node.isOpen = open;
      item.hidden = !node.seen;
      if (children.length) item.setAttribute("aria-expanded", open);
    }
    if (this.words) this.tell(`${matching.length} ${matching.length === 1 ? "category" : "categories"} found`);
  }

  toggle(node, open) {
    if (!node.children.length || node.isOpen === open) return;
    this.open[open ? "add" : "delete"](node.data.path);
    sessionStorage.setItem(KEPT, JSON.stringify([...this.open]));
    this.show();
  }

  select(node, focus) {
    for (let above = node.parent; above; above = above.parent) this.toggle(above, true);
    for (const other of this.nodes) {
      other.item.tabIndex = other === node ? 0 : -1;
      other.item.setAttribute("aria-selected", other === node);
    }
    this.selected = node;
    document.getElementById("tree-selected").textContent = node.data.path || "All categories";
    for (const link of this.bar.querySelectorAll("[data-do]")) {
      link.href = this.address(link.dataset.do, node);
      link.hidden = !this.may(link.dataset.do, node);
    }
    if (focus) {
      node.item.focus();
      node.item.scrollIntoView({ block: "nearest" });
    }
  }

  tell(text) {
    this.told.textContent = text;
  }

  named(hash) {
    return this.nodes.find((node) => node.item.id && `#${node.item.id}` === hash);
  }

  of(element) {
    const item = element.closest(".gh-node");
    return this.nodes.find((node) => node.item === item) || null;
  }

  // --- What can be done -----------------------------------------------------------------------------------------

  may(what, node) {
    if (what === "add") return true;
    if (what === "delete" && !("empty" in node.data)) return false;
    return what === "open" ? node.level > 0 : node.movable;
  }

  address(what, node, query = "") {
    if (what !== "add") {
      const page = this.urls.change.replace("/0/change/", `/${node.data.id}/${what === "open" ? "change" : what}/`);
      return page + query;
    }
    const wish = new URLSearchParams({ parent: node.data.id });
    if ("operator" in this.urls) wish.set("client", document.getElementById("tree-tenant").value);
    return `${this.urls.add}?${wish}`;
  }

  go(what, node, query) {
    const link = this.bar.querySelector(`[data-do="${what}"]`);
    if (link && this.may(what, node)) location.assign(this.address(what, node, query));
  }

  fits(source, target) {
    const inside = `${target.data.path}/`.startsWith(`${source.data.path}/`);
    return source !== target && source.parent !== target && !inside;
  }

  put(source, target) {
    if (this.fits(source, target)) this.go("move", source, `?parent=${target.data.id}`);
    else this.tell(`${source.data.path} is there already, or cannot be below itself.`);
  }

  hold(node) {
    if (this.held) this.held.item.classList.remove("gh-held");
    this.held = node;
    if (!node) return;
    node.item.classList.add("gh-held");
    this.tell(`${node.data.path} taken up. Go to where it shall be and press v; Escape lets it go.`);
  }

  // --- Keys and the pointer -------------------------------------------------------------------------------------

  listen() {
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("click", (event) => this.click(event));
    this.list.addEventListener("focusin", (event) => {
      const node = this.of(event.target);
      if (node && node !== this.selected) this.select(node, false);
    });
    this.listenToDragging();
    const search = document.getElementById("tree-search");
    search.addEventListener("input", () => {
      this.words = search.value.trim().toLowerCase();
      this.tell("");
      this.show();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      search.focus();
    });
    window.addEventListener("hashchange", () => {
      const node = this.named(location.hash);
      if (node) this.select(node, true);
    });
  }

  click(event) {
    const node = this.of(event.target);
    if (!node || event.target.closest("a")) return;
    if (event.target.closest(".gh-twist")) this.toggle(node, !node.isOpen);
    this.select(node, true);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = this.selected;
    const seen = this.nodes.filter((other) => other.seen);
    const at = seen.indexOf(node);
    const goTo = (other) => other && this.select(other, true);
    const keys = {
      ArrowDown: () => goTo(seen[at + 1]),
      ArrowUp: () => goTo(seen[at - 1]),
      Home: () => goTo(seen[0]),
      End: () => goTo(seen[seen.length - 1]),
      ArrowRight: () => (node.isOpen ? goTo(node.children.find((child) => child.seen)) : this.toggle(node, true)),
      ArrowLeft: () => (node.isOpen && node.children.length ? this.toggle(node, false) : goTo(node.parent)),
      "*": () => (node.parent ? node.parent.children : [node]).forEach((other) => this.toggle(other, true)),
      Enter: () => (node.level ? this.go("open", node) : this.toggle(node, !node.isOpen)),
      x: () => (node.movable ? this.hold(node) : this.tell(`${node.data.path || "This"} is not yours to move.`)),
      v: () => this.held && this.put(this.held, node),
      Escape: () => this.held && (this.hold(null), this.tell("Let go.")),
      m: () => this.go("move", node),
      j: () => this.go("merge", node),
      n: () => this.go("add", node),
    };
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }

  listenToDragging() {
    let source = null;
    let over = null;
    let timer = 0;
    const leave = () => {
      clearTimeout(timer);
      if (over) over.item.classList.remove("gh-over");
      over = null;
    };
    this.list.addEventListener("dragstart", (event) => {
      source = this.of(event.target);
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", source.data.path);
      this.select(source, false);
    });
    this.list.addEventListener("dragover", (event) => {
      const target = this.of(event.target);
      if (!source || !target || !this.fits(source, target)) return void leave();
      event.preventDefault();
      event.dataTransfer.dropEffect = "move";
      if (target === over) return;
      leave();
      over = target;
      over.item.classList.add("gh-over");
      timer = setTimeout(() => this.toggle(target, true), LINGER_MS);
    });
    this.list.addEventListener("drop", (event) => {
      const target = over;
      event.preventDefault();
      leave();
      if (source && target) this.put(source, target);
    });
    this.list.addEventListener("dragend", () => {
      leave();
      source = null;
    });
  }
}

document.addEventListener("DOMContentLoaded", () => {
  const list = document.getElementById("tree");
  if (list) new Tree(list);
});
