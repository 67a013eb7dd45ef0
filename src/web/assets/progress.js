// While an import waits or runs, its page looks again every two seconds. Without scripts the page's own refresh does that.
const place = document.querySelector("[data-under-way]");
const look = async () => {
  try {
    const answer = await fetch(location.href);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-under-way]");
    if (!next) {
      location.reload();
      return;
    }
    if (next.textContent !== place.textContent) place.replaceChildren(...next.childNodes);
  } catch {
    // The server may just be starting again: look once more.
  }
  setTimeout(look, 2000);
};
if (place) setTimeout(look, 1000);
