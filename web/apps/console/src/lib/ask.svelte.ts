import type { Operation } from "../api";
import type { Field, Values } from "./form";
import { session } from "./session.svelte";
import { t } from "./words.svelte";

export interface Question {
  title: string;
  text?: string;
  fields?: Field[];
  submit: string;
  /** It takes something away. */
  danger?: boolean;
  /** What it comes to: where the server wants a reason for that, the dialog asks for one. */
  operation?: Operation;
  /** Ask for a reason even where the server does not insist. */
  reason?: boolean;
  work: (values: Values, reason: string) => Promise<void>;
}

const REASON_LETTERS_MAX = 500;

class Asking {
  question = $state.raw<Question>();
  #done: (answered: boolean) => void = () => undefined;

  /** Whether it was answered and done. A refusal is shown in the dialog, where what was written can be mended. */
  ask(question: Question): Promise<boolean> {
    this.#done(false);
    this.question = question;
    return new Promise((resolve) => (this.#done = resolve));
  }

  get fields(): Field[] {
    const { fields = [], operation, reason: wanted } = this.question ?? {};
    const reason: Field = { name: "reason", label: t("ask-reason"), kind: "area", required: true, maxLength: REASON_LETTERS_MAX, hint: t("ask-reason-hint") };
    return wanted || (operation && session.api?.asksWhy(operation)) ? [...fields, reason] : fields;
  }

  async answer(values: Values): Promise<void> {
    const { question } = this;
    const { reason = "", ...rest } = values;
    await question?.work(rest, String(reason).trim());
    if (this.question === question) this.#end(true);
  }

  leave(): void {
    this.#end(false);
  }

  #end(answered: boolean): void {
    this.question = undefined;
    this.#done(answered);
    this.#done = () => undefined;
  }
}

export const asking = new Asking();

export const ask = (question: Question): Promise<boolean> => asking.ask(question);
