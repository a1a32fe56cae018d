// What is done whenever the choice changes, and once when the page opens.
const apply = () => {
  if (sides) confront();
  if (form) {
    choose();
    filter();
  }
  show();
  carry();
};
addEventListener("hashchange", read);
read();
document.documentElement.dataset.ready = "yes";
