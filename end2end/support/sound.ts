import type { Frame, Page } from '@playwright/test';

/** A note: its pitch in Hz, and how loud it is, from 0 to 1. */
export type Note = [pitch: number, loudness: number];

/** What this page and its frames play from their next load on is written down instead of being heard. */
export async function listen(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const notes: Note[] = [];
    const createGain = () => {
      let loudest = 0;
      const level = (value: number) => (loudest = Math.max(loudest, value));
      const gain = { setValueAtTime: level, linearRampToValueAtTime: level, exponentialRampToValueAtTime: level };
      return { gain, connect: () => {}, loudest: () => loudest };
    };
    const createOscillator = () => {
      const frequency = { value: 0 };
      let loudness = () => 1;
      return {
        frequency,
        connect: (to: ReturnType<typeof createGain>) => (loudness = to.loudest),
        start: () => notes.push([Math.round(frequency.value), Math.round(loudness() * 1_000) / 1_000]),
        stop: () => {},
      };
    };
    const AudioContext = function () {
      return { currentTime: 0, destination: {}, createGain, createOscillator };
    };
    Object.assign(window, { notes, AudioContext });
  });
}

/** The notes that were played since this was asked last. */
export async function played(face: Page | Frame): Promise<Note[]> {
  return face.evaluate(() => (window as unknown as { notes: Note[] }).notes.splice(0));
}
