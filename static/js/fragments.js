// What a page shows when a fragment cannot be had: the template that `data-when-failed` names, with a way to try again.

function showFailure(event) {
  const place = event.target.closest("[data-when-failed]");
  const template = place && document.getElementById(place.dataset.whenFailed);
  if (!template) return;
  if (place.matches("form")) {
    place.querySelector("[role=alert]")?.remove();
    place.append(template.content.cloneNode(true));
  } else {
    place.replaceChildren(template.content.cloneNode(true));
  }
}

for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, showFailure);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-retry]");
  if (button) htmx.trigger(document.getElementById(button.dataset.retry), "retry");
});

// The control that was pressed is replaced by its successor, which takes over the focus.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.requestConfig?.verb === "post" && event.target.id === "follow") {
    document.getElementById("follow-button")?.focus();
  }
});
