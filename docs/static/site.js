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
