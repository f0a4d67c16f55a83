/* Asks for a key where the server wants one, and forgets it again. */

const find = (id) => document.getElementById(id);
const SENDABLE = /^[\x21-\x7e]+$/;
const WRONG = "That key is not known here. Look whether it is whole, or ask whoever runs this server.";

export class KeyPanel {
  #api;

  /* `given()` is called when there is a key to try. */
  constructor(api, given) {
    this.#api = api;
    find("key-form").addEventListener("submit", (event) => {
      event.preventDefault();
      api.key = find("key-box").value.trim();
      find("key-box").value = "";
      if (!SENDABLE.test(api.key)) return this.ask();
      find("key").hidden = true;
      find("forget").hidden = false;
      return given();
    });
    find("forget").addEventListener("click", () => {
      api.key = null;
      this.ask();
    });
    find("forget").hidden = !api.key;
  }

  /* Shows the question; a key that was refused is forgotten. */
  ask() {
    if (this.#api.key) {
      find("key-told").textContent = WRONG;
      this.#api.key = null;
    }
    find("forget").hidden = true;
    find("key").hidden = false;
    find("key-box").focus();
  }
}
