// The link to the other language leads to the section that is being read: sections have the same
// numbers in both.
document.addEventListener("DOMContentLoaded", () => {
  const link = document.getElementById("other-language");
  const file = (address) => address.pathname.split("/").pop();
  if (!link || file(link) !== file(location)) return;
  link.addEventListener("click", () => {
    const marks = [...document.querySelectorAll("[id^=section-]")];
    const above = marks.filter((mark) => mark.getBoundingClientRect().top < 120);
    if (above.length) link.hash = above.pop().id;
  });
});

// What the theme lacks for the keyboard: a name for what unfolds a part of the navigation, and the
// way back to the button that opened a sidebar.
document.addEventListener("DOMContentLoaded", () => {
  for (const arrow of document.querySelectorAll(".bd-links summary")) {
    arrow.setAttribute("aria-label", arrow.closest("li").querySelector("a").textContent.trim());
  }
  for (const part of ["primary", "secondary"]) {
    const opened = document.getElementById(`pst-${part}-sidebar-modal`);
    opened?.addEventListener("close", () => document.querySelector(`.${part}-toggle`)?.focus());
  }
});
