// Small comforts. Every page works without this file.
(function () {
  "use strict";
  // "Leave this page" must not leave this page behind in the list of the back button.
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-leave]");
    if (!link) return;
    event.preventDefault();
    window.location.replace(link.href);
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-copy]");
    if (!button) return;
    var field = document.getElementById(button.getAttribute("data-copy"));
    field.select();
    var done = function () { button.textContent = button.getAttribute("data-copied"); };
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, function () {});
    else if (document.execCommand("copy")) done();
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest && event.target.closest("button[data-print]")) window.print();
  });
  // "Near me": only on a click, and only to about a kilometer.
  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-here]");
    if (!button || !navigator.geolocation) return;
    var field = document.getElementById(button.getAttribute("data-here"));
    navigator.geolocation.getCurrentPosition(function (found) {
      field.value = found.coords.latitude.toFixed(2) + ", " + found.coords.longitude.toFixed(2);
      field.form.submit();
    }, function () { button.textContent = button.getAttribute("data-failed"); }, { maximumAge: 600000, timeout: 15000 });
  });
  document.addEventListener("DOMContentLoaded", function () {
    var errors = document.querySelector(".errors");
    if (errors) errors.focus();
    Array.prototype.forEach.call(document.querySelectorAll("[data-with-script]"), function (part) { part.hidden = false; });
  });
  // What was sent and refused is answered with a whole page that says why: show it, as without scripts.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var detail = event.detail;
    if (detail.xhr.status < 400 || detail.requestConfig.verb === "get") return;
    detail.shouldSwap = true;
    detail.target = document.body;
    detail.swapOverride = "innerHTML show:window:top";
  });
  // The button that was pressed is gone after the answer: put the reader on the sentence that replaced it.
  document.addEventListener("htmx:afterSettle", function (event) {
    var answer = event.target.querySelector && event.target.querySelector("[data-focus]");
    if (answer) answer.focus();
  });
})();
