// The search box as an ARIA combobox: HTMX fetches the options, this moves among them and follows the chosen one.

const input = document.querySelector("[data-combobox]");
const place = document.getElementById(input.dataset.combobox);
const status = document.getElementById(`${place.id}-status`);

input.setAttribute("role", "combobox");
input.setAttribute("aria-autocomplete", "list");
input.setAttribute("aria-expanded", "false");
input.setAttribute("aria-controls", place.id);

const options = () => [...place.querySelectorAll("[role=option]")];
const chosen = () => place.querySelector("[aria-selected=true]");

function choose(option) {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function close() {
  choose(null);
  place.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  status.textContent = "";
}

function step(by) {
  const all = options();
  // One place before the first and behind the last stands for the box itself.
  const index = (all.indexOf(chosen()) + 1 + by + all.length + 1) % (all.length + 1);
  choose(all[index - 1]);
}

const keys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Escape: close,
};

input.addEventListener("keydown", (event) => {
  if (input.getAttribute("aria-expanded") !== "true") return;
  if (event.key === "Tab") close();
  if (event.key === "Enter" && chosen()) {
    event.preventDefault();
    location.assign(chosen().dataset.address);
  } else if (event.key in keys) {
    event.preventDefault();
    keys[event.key]();
  }
});

// Before the box loses the focus, which would close the list under the pointer.
place.addEventListener("mousedown", (event) => event.preventDefault());
place.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) location.assign(option.dataset.address);
});
input.addEventListener("blur", close);

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== place) return;
  const count = options().length;
  if (document.activeElement !== input) return close();
  input.removeAttribute("aria-activedescendant");
  input.setAttribute("aria-expanded", String(count > 0));
  status.textContent = count ? `${count} suggestion${count > 1 ? "s" : ""}, arrow keys to choose` : "No suggestions";
});

// An answer that comes after the form was sent, or after Escape, belongs to nobody.
input.form.addEventListener("submit", close);
