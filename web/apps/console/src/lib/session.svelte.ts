/** Who is signed in and what they may do. One object: a browser tab has one session. */

import { Api, type Operation, Refused, type Reply, type Request } from "../api";
import type { Me } from "../operations";

/** Whether this browser had a session when it was last here; the cookie itself no script can see. */
const HAD_ONE = "supergame.console.signed-in";

class Session {
  api = $state.raw<Api>();
  /** Undefined before it is known and after it has ended. */
  me = $state.raw<Me>();
  /** The server cannot be asked. */
  problem = $state.raw<Refused>();
  /** A session ended that was not ended here: by time, or by somebody else. */
  ended = $state(false);

  async open(): Promise<void> {
    try {
      this.problem = undefined;
      const api = await Api.open();
      api.onSignedOut = () => this.#leave();
      this.api = api;
      if (localStorage.getItem(HAD_ONE)) this.me = await api.call("GET /sg/v1/console/session", {});
    } catch (error) {
      const refused = Refused.of(error);
      if (!refused.isSignedOut) this.problem = refused;
    }
  }

  #leave(): void {
    this.ended = this.me !== undefined;
    this.me = undefined;
  }

  enter(me: Me): void {
    this.me = me;
    this.ended = false;
    localStorage.setItem(HAD_ONE, "1");
  }

  async signOut(): Promise<void> {
    await this.call("DELETE /sg/v1/console/session", {});
    this.me = undefined;
    localStorage.removeItem(HAD_ONE);
  }

  /** Something has to be done about the sign-in before anything else. */
  get hasFirstStep(): boolean {
    return this.me !== undefined && (this.me.must_change_password || this.me.must_add_totp);
  }

  may(permission: string): boolean {
    return this.me?.permissions.includes(permission) ?? false;
  }

  has(operation: Operation): boolean {
    return this.api?.has(operation) ?? false;
  }

  /** @throws Refused */
  call<K extends Operation>(operation: K, request: Request<K>, reason = ""): Promise<Reply<K>> {
    if (!this.api) return Promise.reject(new Refused(0, "console.unreachable", ""));
    return this.api.call(operation, request, reason);
  }
}

export const session = new Session();
