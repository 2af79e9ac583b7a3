import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The texts of a language: from the English one to what the visitor reads. */
export function wordsOf(lang: string): (english: string) => string {
  if (lang === 'en') return (english) => english;
  const file = path.resolve(import.meta.dirname, `../../src/ui/words/${lang}.json`);
  const texts: Record<string, string> = JSON.parse(readFileSync(file, 'utf8'));
  return (english) => {
    const text = texts[english];
    if (!text) throw new Error(`${lang} has no words for "${english}".`);
    return text;
  };
}
