/** The time as the screens tell it, a little after it has changed. */
class Minute {
  now = $state(Date.now());

  constructor() {
    setInterval(() => (this.now = Date.now()), 10_000);
  }
}

export const minute = new Minute();
