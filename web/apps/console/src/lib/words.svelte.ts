/** The texts, by Fluent: `t("ban-done", { name })` in the reader's language. A text that is missing there is told in English. */

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import de from "../words/de.ftl?raw";
import en from "../words/en.ftl?raw";

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT_AS = "supergame.console.language";
const TEXTS: Record<Language, string> = { en, de };

function bundle(language: Language): FluentBundle {
  const made = new FluentBundle(language, { useIsolating: false }); // both languages run from left to right
  const errors = made.addResource(new FluentResource(TEXTS[language]));
  if (errors.length > 0) throw errors[0];
  return made;
}

const BUNDLES: Record<Language, FluentBundle> = { en: bundle("en"), de: bundle("de") };

const isLanguage = (code: string): code is Language => code in LANGUAGES;

/** The one chosen before, or the first that the browser asks for and we have. */
function chosen(): Language {
  const kept = localStorage.getItem(KEPT_AS) ?? "";
  return isLanguage(kept) ? kept : (navigator.languages.map((code) => code.slice(0, 2)).find(isLanguage) ?? "en");
}

class Words {
  language = $state<Language>(chosen());

  choose(language: Language): void {
    this.language = language;
    localStorage.setItem(KEPT_AS, language);
  }

  /** Whether there is a text for this; names that come from the server may have none. */
  has(id: string): boolean {
    return BUNDLES.en.hasMessage(id);
  }

  tell(id: string, values: Record<string, FluentVariable> = {}): string {
    for (const made of [BUNDLES[this.language], BUNDLES.en]) {
      const pattern = made.getMessage(id)?.value;
      if (pattern) return made.formatPattern(pattern, values, []);
    }
    return id;
  }
}

export const words = new Words();

export const t = (id: string, values?: Record<string, FluentVariable>): string => words.tell(id, values);

/** A word of the server's, such as a state: our text for it, or as it came. */
export const term = (prefix: string, name: string): string => {
  const id = `${prefix}-${name.replace(/[._ ]/g, "-")}`;
  return words.has(id) ? t(id) : name;
};
