// Telegram hands a Mini App the signed name of its reader behind the # of the address, which no server sees.
"use strict";
const data = new URLSearchParams(location.hash.slice(1)).get("tgWebAppData");
const form = document.getElementById("telegram");
if (data && form) {
  form.elements.init_data.value = data;
  form.submit();
}
